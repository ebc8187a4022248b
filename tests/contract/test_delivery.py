"""Events come twice, late, changed; the platform refuses, breaks off, does the work and says it did not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.contract import Command, Event, EventKind
from bot.inbox import inbox as inbox_rows
from tests.contract.conftest import Move
from tests.contract.house import House, Scene, Stub, request, until
from tests.contract.surfaces import PATIENCE, Surface
from tests.contract.surfaces.phone import Phone
from tests.fakes.telegram import FakeTelegram, faults


@pytest.fixture
async def phone(surface: Surface) -> Phone:
    """Telegram, for what only a network can do."""
    assert isinstance(surface, Phone)
    return surface


telegram_only = pytest.mark.parametrize("surface", ["telegram"], indirect=True)


def said(surface: Surface, text: str, number: str, *, who: str = "Ana") -> Event:
    """A command as an adapter tells it."""
    name, _, rest = text.removeprefix("/").partition(" ")
    stands = surface.stands(who)
    return Event(
        surface.name,
        number,
        EventKind.COMMAND,
        stands.account,
        stands.place,
        workspace=stands.workspace,
        text=text,
        message_id="0",
        addressed=True,
        command=Command(name, rest),
    )


async def test_a_redelivered_event_has_no_second_effect(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    event = said(surface, "/need post a desk", "again-1")
    await surface.house.deliver(event)
    assert "a desk" in await surface.news("Ana")
    before = surface.house.dump()
    await surface.house.deliver(event)
    await surface.house.deliver(event, event)
    assert surface.house.dump() == before
    assert await surface.news("Ana") == ""


async def test_a_repeat_within_one_batch_is_one_event(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    event = said(surface, "/need post a desk", "again-2")
    await surface.house.deliver(event, event)
    assert surface.house.count("record") == 1


async def test_events_are_worked_in_the_order_of_recording(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    names = [f"thing {n}" for n in range(8)]
    await surface.house.deliver(*(said(surface, f"/need post {n}", f"order-{n}") for n in names))
    shown = await surface.news("Ana")
    assert sorted(names, key=shown.index) == names


async def test_reordered_events_have_each_one_effect(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    events = [said(surface, f"/need post thing {n}", f"mixed-{n}") for n in range(5)]
    await surface.house.deliver(*reversed(events))
    await surface.house.deliver(*events)
    assert surface.house.count("record") == 5


async def test_an_edit_never_runs_a_command(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    event = said(surface, "/need post a desk", "edit-1")
    await surface.house.deliver(event)
    before = surface.house.dump()
    await surface.news("Ana")
    await surface.house.deliver(replace(event, event_id="edit-2", kind=EventKind.EDIT, text="/need post a boat"))
    assert surface.house.dump() == before
    assert await surface.news("Ana") == ""


async def test_bots_are_not_people(surface: Surface) -> None:
    event = said(surface, "/thought add I am a bot", "bot-1")
    before = surface.house.dump()
    await surface.house.deliver(replace(event, account=replace(event.account, is_bot=True)))
    assert surface.house.dump() == before


async def test_what_was_said_is_wiped_when_the_turn_is_over(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    await surface.say("Ana", "a secret about the lighthouse")
    rows = surface.house.dump("inbox", "outbox")
    assert "lighthouse" not in repr(rows)


async def test_a_turn_that_fails_is_answered_and_the_next_one_works(
    surface: Surface, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.claimed()

    class Broken(Stub):
        def understand(self, sentence: str, **more: object) -> object:  # type: ignore[override]
            raise RuntimeError(sentence)

    with monkeypatch.context() as patched:
        patched.setattr(surface.house.app.turns, "_offline", Broken())
        assert "Something went wrong on my side" in await surface.say("Ana", "hello")
    assert "What are you working on" in await surface.say("Ana", "hello")


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_a_restart_works_what_was_only_recorded(
    engine: str, move: Move, tg: FakeTelegram, scene_of: Callable[[House], Scene]
) -> None:
    async with move(engine, terminal=False, telegram=tg) as house:
        assert house.phone is not None
        await scene_of(house).claimed()
        event = said(house.phone, "/need post a boat", "left-over")
        house.app.turns.pause()
        await house.app.turns.record([event])
        store = house.store
    assert house.count("record") == 0
    async with move(store=store, terminal=False, telegram=tg) as again:
        await again.settle()
        assert again.count("record") == 1
        await again.deliver(event)
        assert again.count("record") == 1
        assert [m.text for m in tg.private(next(iter(house.phone.users.values()))).bot_messages][-1].startswith(
            "Posted"
        )
        assert store.read(lambda unit: inbox_rows.waiting(unit, ["telegram"])).result() == []


# -- what only a network can do ------------------------------------------------------------------------------------


@telegram_only
async def test_an_update_that_comes_again_over_the_wire_is_nothing(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    update = phone.chat("Ana").say(phone.user("Ana"), "/need post a desk")
    await phone.house.settle()
    before, calls = phone.house.dump(), phone.tg.counts["sendMessage"]
    phone.tg.redeliver(update)
    await phone.house.settle()
    assert phone.house.dump() == before
    assert phone.tg.counts["sendMessage"] == calls


@telegram_only
async def test_a_press_that_comes_again_over_the_wire_is_nothing(phone: Phone, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    stub.knows["I need a desk"] = request("need.post", text="a desk")
    await phone.say("Ana", "I need a desk")
    token, message = phone.token("Ana", "Yes")
    update = phone.chat("Ana").callback(phone.user("Ana"), int(message), token)
    await phone.house.settle()
    before, shown = phone.house.dump(), [m.view() for m in phone.chat("Ana").messages]
    phone.tg.redeliver(update)
    await phone.house.settle()
    assert phone.house.dump() == before
    assert [m.view() for m in phone.chat("Ana").messages] == shown


@telegram_only
async def test_updates_out_of_order_have_each_one_effect(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    held = phone.tg.fail("getUpdates", faults.hold())
    phone.chat("Ana").say(phone.user("Ana"), "/needs")
    await asyncio.wait_for(held.reached.wait(), PATIENCE)
    phone.tg.reorder()
    for number in range(4):
        phone.chat("Ana").say(phone.user("Ana"), f"/need post thing {number}")
    held.release()
    await phone.house.settle()
    assert phone.house.count("record") == 4


@telegram_only
async def test_an_edited_message_is_not_a_new_command(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    chat, ana = phone.chat("Ana"), phone.user("Ana")
    chat.say(ana, "/need post a desk")
    await phone.house.settle()
    mine = next(m for m in reversed(chat.messages) if not m.from_bot)
    before, calls = phone.house.dump(), phone.tg.counts["sendMessage"]
    chat.edit(ana, mine, "/need post a boat")
    await phone.house.settle()
    assert phone.house.dump() == before
    assert phone.tg.counts["sendMessage"] == calls


@telegram_only
async def test_a_lost_connection_is_taken_up_again(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    phone.tg.fail("getUpdates", faults.drop())
    assert "a desk" in await phone.say("Ana", "/need post a desk")


@telegram_only
async def test_an_outage_loses_nothing(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    await phone.tg.stop()
    phone.chat("Ana").say(phone.user("Ana"), "/need post a desk")
    await phone.tg.start()
    await phone.house.settle()
    assert phone.house.count("record") == 1
    assert "a desk" in phone.chat("Ana").bot_messages[-1].text


@telegram_only
async def test_a_429_delays_and_loses_nothing(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    phone.tg.fail("sendMessage", faults.flood(1))
    assert "a desk" in await phone.say("Ana", "/need post a desk")
    assert len([m for m in phone.chat("Ana").bot_messages if "Posted" in m.text]) == 1


@telegram_only
async def test_a_5xx_before_the_work_is_tried_again(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    phone.tg.fail("sendMessage", faults.server_error(502))
    assert "a desk" in await phone.say("Ana", "/need post a desk")
    assert len([m for m in phone.chat("Ana").bot_messages if "Posted" in m.text]) == 1


@telegram_only
@pytest.mark.parametrize("fault", [faults.server_error(500, after=True), faults.drop(after=True)])
async def test_trouble_after_the_work_repeats_the_words_at_most_and_never_the_deed(
    phone: Phone, scene: Scene, fault: faults.Fault
) -> None:
    await scene.claimed()
    phone.tg.fail("sendMessage", fault)
    assert "a desk" in await phone.say("Ana", "/need post a desk")
    assert phone.house.count("record") == 1
    assert len([m for m in phone.chat("Ana").bot_messages if "Posted" in m.text]) in (1, 2)


@telegram_only
async def test_a_dropped_connection_is_tried_again(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    phone.tg.fail("sendMessage", faults.drop())
    assert "a desk" in await phone.say("Ana", "/need post a desk")


@telegram_only
async def test_a_revoked_token_is_noticed_and_said(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    assert phone.adapter.health().alive
    phone.tg.revoke_token()
    await until(lambda: not phone.adapter.health().alive)
    assert "token" in phone.adapter.health().detail
    assert any("token" in sentence for sentence in phone.adapter.explain())


@telegram_only
async def test_news_for_somebody_who_blocked_the_bot_waits_until_they_come_back(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    await scene.invited("Ana", "Ben")
    phone.chat("Ben").block()
    await phone.house.settle()
    said = await phone.say("Ana", "/role grant Ben steward")
    assert "Make Ben steward of Home?" in said
    await phone.press("Ana", "Yes")
    assert "Ben is steward of Home now." in phone.chat("Ana").bot_messages[-1].text
    assert "made you steward" not in await phone.news("Ben")
    phone.chat("Ben").unblock()
    said = await phone.say("Ben", "/nexus list")
    assert "Your Nexuses:" in said
    assert "Ana made you steward of Home." in said


@telegram_only
async def test_a_missing_permission_in_a_group_is_reported_by_name(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    group = phone.tg.group("Harbour", [phone.user("Ana")])
    phone.tg.fail(
        "sendMessage", faults.refused(400, "Bad Request: not enough rights to send text messages to the chat")
    )
    group.say(phone.user("Ana"), "/needs@nexus_test_bot")
    await phone.house.settle()
    assert any("can_send_messages" in sentence for sentence in phone.adapter.explain())
    group.say(phone.user("Ana"), "/needs@nexus_test_bot")
    await phone.house.settle()
    assert "no open needs" in group.bot_messages[-1].text


@telegram_only
async def test_an_update_that_cannot_be_read_holds_nothing_up(phone: Phone, scene: Scene) -> None:
    await scene.claimed()
    phone.tg.send_unparseable()
    phone.tg.send_unknown()
    phone.tg.send_raw({})
    assert "a desk" in await phone.say("Ana", "/need post a desk")


@telegram_only
async def test_a_press_too_old_for_telegram_is_answered_by_a_message(phone: Phone, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    stub.knows["I need a desk"] = request("need.post", text="a desk")
    await phone.say("Ana", "I need a desk")
    token, message = phone.token("Ana", "Yes")
    phone.tg.fail("answerCallbackQuery", faults.refused(400, "Bad Request: query is too old"))
    phone.chat("Ana").callback(phone.user("Ana"), int(message), token)
    await phone.house.settle()
    assert "Posted" in phone.chat("Ana").message(int(message)).text  # type: ignore[union-attr]
