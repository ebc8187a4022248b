"""A fake Bot API server, a person, and the adapter talking to it through the real library."""

from collections.abc import AsyncIterator

import pytest

from adapters.contract import Adapter, Address, MenuEntry
from adapters.telegram.adapter import TelegramAdapter
from tests.adapters.store import Store
from tests.adapters.telegram.moderated import Group, new_group
from tests.fakes.telegram import Chat, FakeTelegram, User

MENU = (
    MenuEntry("need.post", "Say what you need"),
    MenuEntry("me.show", "What I know about you", direct_only=True),
)


def new_adapter(tg: FakeTelegram, **more: str) -> TelegramAdapter:
    """An adapter for the fake's first bot."""
    return TelegramAdapter(tg.token, base_url=tg.base_url, file_base_url=tg.file_base_url, **more)  # type: ignore[arg-type]


def to(chat: Chat, *, reply_to: int = 0, thread: int = 0) -> Address:
    """The address of a chat."""
    return Address(
        "telegram", str(chat.id), thread=str(thread) if thread else "", reply_to=str(reply_to) if reply_to else ""
    )


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def adapter(tg: FakeTelegram, store: Store) -> AsyncIterator[TelegramAdapter]:
    adapter = new_adapter(tg)
    contract: Adapter = adapter
    await contract.start(store, MENU)
    yield adapter
    await adapter.stop()


@pytest.fixture
def ana(tg: FakeTelegram) -> User:
    return tg.user("Ana", username="ana")


@pytest.fixture
def direct(tg: FakeTelegram, ana: User) -> Chat:
    """Ana's open direct chat with the bot."""
    return tg.private(ana, opened=True)


@pytest.fixture
async def moderator(tg: FakeTelegram, store: Store) -> AsyncIterator[TelegramAdapter]:
    """An adapter whose clock is the fake's, so that time can go by."""
    adapter = TelegramAdapter(
        tg.token, base_url=tg.base_url, file_base_url=tg.file_base_url, clock=lambda: int(tg.now() * 1000)
    )
    await adapter.start(store, MENU)
    yield adapter
    await adapter.stop()


@pytest.fixture
def group(tg: FakeTelegram, moderator: TelegramAdapter) -> Group:
    """A supergroup in which the bot may moderate."""
    return new_group(tg, moderator)
