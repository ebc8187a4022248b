"""Events in, by webhook."""

import asyncio
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.trouble import Trouble
from adapters.telegram.webhook import Webhook
from tests.adapters.store import Store
from tests.adapters.telegram.conftest import MENU, new_adapter
from tests.fakes.telegram import Chat, FakeTelegram, User, faults
from tests.fakes.wire import free_port

SECRET = "a-secret_1"


@pytest.fixture
def url() -> str:
    return f"http://127.0.0.1:{free_port()}/telegram/updates"


@pytest.fixture
async def hooked(tg: FakeTelegram, store: Store, url: str) -> AsyncIterator[TelegramAdapter]:
    bind = url.split("/")[2]
    adapter = new_adapter(tg, webhook_url=url, webhook_secret=SECRET, webhook_bind=bind)
    await adapter.start(store, MENU)
    yield adapter
    await adapter.stop()


def webhook(adapter: TelegramAdapter) -> Webhook:
    assert isinstance(adapter._listener, Webhook)
    return adapter._listener


async def idle(tg: FakeTelegram) -> None:
    async with asyncio.timeout(5):
        await tg.bot.mailbox.emptied.wait()


async def test_updates_arrive_and_are_acknowledged(
    tg: FakeTelegram, hooked: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    direct.say(ana, "one")
    direct.say(ana, "two")
    assert [event.text for event in await store.wait_for(2)] == ["one", "two"]
    await idle(tg)
    assert tg.counts["getUpdates"] == 0
    (call,) = tg.calls("setWebhook")
    assert "chat_member" in call.params["allowed_updates"]


async def test_200_is_said_only_after_storing(
    tg: FakeTelegram, hooked: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    store.failures = 2
    update = direct.say(ana, "again")
    await store.wait_for(1)
    await idle(tg)
    assert tg.bot.courier is not None
    assert tg.bot.courier.attempts == [(update, 500), (update, 500), (update, 200)]


async def test_a_wrong_secret_is_turned_away(
    tg: FakeTelegram, hooked: TelegramAdapter, store: Store, direct: Chat, ana: User, url: str
) -> None:
    update = direct.say(ana, "true")
    await store.wait_for(1)
    assert await tg.deliver(update, secret="forged") == 403
    assert await tg.deliver(update, secret="") == 403
    assert len(store.batches) == 1
    async with aiohttp.ClientSession() as session:
        header = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with session.post(url, data=b"{no json", headers=header) as answer:
            assert answer.status == 400
        async with session.get(url) as answer:
            assert answer.status == 405


async def test_an_update_nobody_can_read_is_acknowledged(
    tg: FakeTelegram, hooked: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    tg.send_unparseable()
    direct.say(ana, "after")
    assert (await store.wait_for(1))[0].text == "after"
    await idle(tg)


async def test_a_webhook_without_a_secret_of_ours_gets_a_drawn_one(tg: FakeTelegram, store: Store, url: str) -> None:
    adapter = new_adapter(tg, webhook_url=url, webhook_bind=url.split("/")[2])
    await adapter.start(store, MENU)
    await adapter.stop()
    assert tg.bot.courier is not None
    assert len(tg.bot.courier.secret) > 20


async def test_trouble_with_the_webhook_is_seen(tg: FakeTelegram, hooked: TelegramAdapter, store: Store) -> None:
    assert hooked.health().alive
    await webhook(hooked).look()
    assert hooked.health().detail == Trouble.NONE
    tg.fail("getWebhookInfo", faults.drop())
    await webhook(hooked).look()
    assert hooked.health().detail == Trouble.UNREACHABLE
    courier, tg.bot.courier = tg.bot.courier, None
    await webhook(hooked).look()
    assert hooked.health().detail == Trouble.WEBHOOK_TAKEN
    assert any("changed or removed the webhook" in line for line in hooked.explain())
    tg.bot.courier = courier
    tg.revoke_token()
    await webhook(hooked).look()
    assert not hooked.health().alive


async def test_failed_deliveries_are_seen(
    tg: FakeTelegram, hooked: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    store.failures = 1_000
    direct.say(ana, "x")
    await store.refused.wait()
    assert tg.bot.courier is not None
    async with asyncio.timeout(5):
        while not tg.bot.courier.attempts:  # noqa: ASYNC110 - until the answer has travelled
            await asyncio.sleep(0)
    await webhook(hooked).look()
    assert hooked.health().detail == Trouble.UNDELIVERED
    store.failures = 0
    await store.wait_for(1)
    await idle(tg)
    await webhook(hooked).look()
    assert hooked.health().detail == Trouble.NONE


async def test_polling_takes_over_from_a_webhook_and_loses_nothing(
    tg: FakeTelegram, hooked: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    await hooked.stop()
    direct.say(ana, "while nobody listened")
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    assert (await store.wait_for(1))[0].text == "while nobody listened"
    await adapter.stop()


async def test_no_words_and_no_secrets_in_any_log(
    tg: FakeTelegram,
    hooked: TelegramAdapter,
    store: Store,
    direct: Chat,
    ana: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    store.failures = 1
    direct.say(ana, "xyzzy")
    await store.wait_for(1)
    await idle(tg)
    for secret in ("xyzzy", SECRET, tg.token):
        assert secret not in caplog.text
