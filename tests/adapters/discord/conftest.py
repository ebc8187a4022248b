"""A fake Discord with a server and two people, and the adapter talking to it through the real discord.py."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import (
    Adapter,
    Address,
    Event,
    Least,
    MenuEntry,
    MenuOption,
    OptionKind,
    PlaceKind,
    Shortcut,
    Target,
)
from adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord.store import DiscordStore
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User


def no_digits(typed: str) -> str:
    """A check as the bot's fields have them."""
    return "Please write it without digits." if any(char.isdigit() for char in typed) else ""


MENU = (
    MenuEntry("help", "What you can do here", private=True),
    MenuEntry(
        "need.post",
        "Say what you need",
        options=(
            MenuOption(
                "text", "what you need", OptionKind.LONG, required=True, minimum=3, maximum=900, check=no_digits
            ),
            MenuOption("kind", "of which kind", OptionKind.CHOICE, choices=("skill", "money")),
        ),
    ),
    MenuEntry(
        "need.close",
        "Close a need of yours",
        options=(MenuOption("need", "which one", OptionKind.REFERENCE, required=True, completes=True),),
    ),
    MenuEntry(
        "member.role",
        "Give somebody a role",
        options=(
            MenuOption("days", "for how many days", OptionKind.WHOLE, minimum=1, maximum=30),
            MenuOption("person", "whom", OptionKind.PERSON, required=True),
            MenuOption("quietly", "without a word", OptionKind.YESNO),
        ),
        least=Least.STEWARD,
        shortcut=Shortcut("Give a role", Target.PERSON, "person"),
    ),
    MenuEntry(
        "report",
        "Report a message",
        options=(MenuOption("text", "what was said", OptionKind.LONG, required=True),),
        private=True,
        shortcut=Shortcut("Report message", Target.MESSAGE, "text"),
    ),
    MenuEntry("me.show", "What I know about you", direct_only=True),
)


def new_adapter(fake: FakeDiscord, **more: Any) -> DiscordAdapter:
    """An adapter for the fake's first bot, at the fake's time."""
    return DiscordAdapter(
        more.pop("token", fake.token),
        api_base=fake.api_base,
        gateway_url=fake.gateway_url,
        clock=lambda: round(fake.clock.now() * 1000),
        identify_pause=0.0,
        **more,
    )


def to(channel: Channel, *, account: User | None = None, private: bool = False, reply_to: int = 0) -> Address:
    """The address of a channel, or of one person in it."""
    return Address(
        "discord",
        str(channel.id),
        workspace=str(channel.guild.id) if channel.guild else "",
        account_id=str(account.id) if account else "",
        private=private,
        reply_to=str(reply_to) if reply_to else "",
    )


def answer_to(event: Event, *, private: bool = False) -> Address:
    """The address that the bot makes for an event."""
    direct = event.place.kind is PlaceKind.DIRECT
    return Address(
        event.platform,
        event.place.id,
        event.place.thread,
        event.workspace,
        event.account.id,
        private=private and not direct,
        reply_to="" if direct else event.message_id,
        respond=str(event.respond),
    )


def later(to: Address) -> Address:
    """The same without the interaction."""
    return replace(to, respond="")


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
def store() -> Store:
    return DiscordStore()


@pytest.fixture
def ana(fake: FakeDiscord) -> User:
    return fake.user("Ana")


@pytest.fixture
def ben(fake: FakeDiscord) -> User:
    return fake.user("Ben")


@pytest.fixture
def guild(fake: FakeDiscord, ana: User, ben: User) -> Guild:
    return fake.guild("Makers", members=[ana, ben], roles=["Builders"])


@pytest.fixture
def general(guild: Guild) -> Channel:
    return guild.channel("general")


@pytest.fixture
async def adapter(fake: FakeDiscord, store: Store, guild: Guild) -> AsyncIterator[DiscordAdapter]:
    adapter = new_adapter(fake)
    contract: Adapter = adapter
    await contract.start(store, MENU)
    yield adapter
    await adapter.stop()
