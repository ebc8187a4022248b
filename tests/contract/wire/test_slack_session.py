"""Slack tells things twice, late, over lines that break: each is worked once, in order, and nothing is missed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any

import pytest

from adapters.contract import Event
from adapters.slack.adapter import SlackAdapter
from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from bot.inbox import inbox
from core.clock import ManualClock
from core.store import Unit
from tests.contract.house import Stub, request, until
from tests.contract.surfaces import PATIENCE
from tests.contract.wire.conftest import Open, model_of
from tests.contract.wire.hall import Hall, watchful
from tests.fakes import openai as ai
from tests.fakes.openai import FakeOpenAI, Gate
from tests.fakes.slack import Delivery, FakeSlack, Hook, Message, Team
from tests.fakes.wire import free_port

BREAKS: dict[str, Callable[[FakeSlack], None]] = {
    "warning": lambda slack: slack.disconnect("warning"),
    "refresh requested": lambda slack: slack.disconnect("refresh_requested"),
    "abort": lambda slack: slack.abort_connections(),
}


def burst(hall: Hall, *words: str) -> list[Message]:
    """Each word is posted by Ana in the channel and by Ben in his direct messages."""
    said = []
    for word in words:
        said.append(hall.channel.say(hall.user("Ana"), f"<@BOT> /need post {word}-here"))
        said.append(hall.dm("Ben").say(hall.user("Ben"), f"/need post {word}-there"))
    return said


async def told(hall: Hall, messages: Sequence[Message]) -> None:
    """Until the app has recorded all of them."""
    for one in messages:
        await hall.house.until_heard("slack", f"{one.channel.id}:{one.ts}")


def check(hall: Hall, *words: str) -> None:
    """Each was done once, answered once, and in the order in which it was said."""
    for place, channel in (("here", hall.channel), ("there", hall.dm("Ben"))):
        for word in words:
            assert hall.records(f"{word}-{place}") == 1
            assert len(hall.answers(f"{word}-{place}", channel)) == 1
        shown = " ".join(hall.answers(f"-{place}", channel))
        assert sorted(words, key=lambda word: shown.index(f"{word}-{place}")) == list(words)


@pytest.mark.parametrize("how", BREAKS)
async def test_a_line_that_breaks_loses_and_doubles_nothing(how: str, open_hall: Open, endpoint: FakeOpenAI) -> None:
    async with open_hall(brain=model_of(endpoint), slack_made=watchful) as clever:
        await broken(clever, endpoint, BREAKS[how])


async def broken(clever: Hall, endpoint: FakeOpenAI, disturb: Callable[[FakeSlack], None]) -> None:
    """People talk before, while and after a line breaks; a turn with the model runs all the while."""
    slack, gate = clever.slack, Gate()
    endpoint.queue(ai.pause("Thought about it.", gate))
    thinking = clever.channel.say(clever.user("Ben"), "<@BOT> think hard")
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)
    opened = len(slack.calls("apps.connections.open"))

    first = burst(clever, "one", "two")
    await slack.wait_until_acknowledged(PATIENCE)
    disturb(slack)
    meanwhile = burst(clever, "three", "four")
    await slack.wait_for(lambda: len(slack.calls("apps.connections.open")) > opened, PATIENCE)
    await slack.wait_connected(timeout=PATIENCE)
    await told(clever, [thinking, *first, *meanwhile])
    last = burst(clever, "five")
    for one in (first[0], meanwhile[-1]):
        slack.redeliver(one.deliveries[0])
    await told(clever, last)
    gate.release()
    await clever.house.settle()
    check(clever, "one", "two", "three", "four", "five")
    assert clever.answers("Thought") == ["Thought about it."]


async def test_an_outage_of_everything_loses_nothing(open_hall: Open) -> None:
    async with open_hall(slack_made=watchful) as hall:
        await outage(hall)


async def outage(hall: Hall) -> None:
    """Slack is away while people write, and gives up to tell of it."""
    first = burst(hall, "one")
    await told(hall, first)
    await hall.house.settle()
    await hall.slack.stop()
    away = burst(hall, "two", "three")
    hall.slack.dispatch.forget()  # what Slack has given up to tell is left to the history
    await hall.slack.start()
    await told(hall, away)
    await hall.house.settle()
    check(hall, "one", "two", "three")


async def test_a_mention_that_comes_as_two_events_counts_once(hall: Hall) -> None:
    said = hall.channel.say(hall.user("Ana"), "<@BOT> /need post a desk")
    assert [one.event_type for one in said.deliveries] == ["message", "app_mention"]
    await hall.house.settle()
    assert hall.records("a desk") == 1
    assert len(hall.answers("a desk")) == 1


async def test_what_comes_again_is_nothing(hall: Hall, stub: Stub) -> None:
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    said = hall.channel.say(hall.user("Ana"), "<@BOT> I need a sail")
    await hall.house.settle()
    command = hall.team.slash(hall.user("Ana"), hall.channel, "/nexus", "need post a mast")
    await hall.house.settle()
    pressed = await hall.press("Ana", "Yes")
    before, shown = hall.house.dump(), [m.shown for m in hall.seen("Ana")]
    for _ in range(2):
        for one in (*said.deliveries, command, pressed):
            hall.slack.redeliver(one)
    await hall.house.settle()
    assert hall.house.dump() == before
    assert [m.shown for m in hall.seen("Ana")] == shown


async def test_an_event_that_the_store_did_not_take_comes_again_and_is_worked_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, failures = inbox.record, iter((True, True))

    def failing(unit: Unit, events: Sequence[Event]) -> Any:
        found = record(unit, events)
        if next(failures, False):
            raise OSError("the disk is full")
        return found

    monkeypatch.setattr(inbox, "record", failing)
    said = hall.dm("Ana").say(hall.user("Ana"), "/need post a desk")
    (sent,) = said.deliveries
    for attempt in (1, 2):
        await hall.slack.wait_for(partial(_attempted, sent, attempt))
        await until(lambda: "cannot be stored" in hall.office.adapter.health().detail)
        assert not sent.is_acked
        assert hall.records("a desk") == 0
        hall.slack.redeliver(sent)
    await hall.house.settle()
    assert sent.is_acked
    assert hall.records("a desk") == 1
    assert len(hall.answers("a desk", hall.dm("Ana"))) == 1
    assert hall.office.adapter.health().detail == ""


def _attempted(sent: Delivery, times: int) -> bool:
    return sent.attempts == times


async def test_an_edit_runs_no_command_and_a_deletion_undoes_none(hall: Hall) -> None:
    ana = hall.user("Ana")
    said = hall.channel.say(ana, "<@BOT> /need post a desk")
    among = hall.channel.say(ana, "Ben, a boat?")
    await hall.house.settle()
    before, shown = hall.house.dump(), hall.public()
    hall.channel.edit(ana, said, "<@BOT> /need post a boat")
    hall.channel.edit(ana, among, "<@BOT> /need post a boat")
    hall.channel.unfurl(said)
    hall.channel.delete(ana, said)
    await hall.house.settle()
    assert hall.house.dump() == before
    assert hall.public() == shown


async def test_other_apps_are_not_people_and_no_loop_begins(hall: Hall) -> None:
    robot = hall.team.other_bot("Robot")
    hall.channel.join(robot)
    await hall.house.settle()
    before, shown = hall.house.dump(), hall.public()
    hall.channel.say(robot, f"{hall.team.bot.mention} /need post a desk")
    hall.channel.webhook("Hook", f"{hall.team.bot.mention} /need post a desk")
    await hall.house.settle()
    assert hall.house.dump() == before
    assert hall.public() == shown
    for _ in range(3):
        words = await hall.mention("Ana", "/needs")
        count = len(hall.public())
        hall.channel.say(robot, f"{hall.team.bot.mention} {words}")
        await hall.house.settle()
        assert len(hall.public()) == count


async def test_the_library_leaves_the_bots_own_log_alone(hall: Hall) -> None:
    assert "no open needs" in await hall.mention("Ana", "/needs")
    assert logging.getLogger("nexus").level <= logging.INFO


# -- by signed HTTP ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def web(open_hall: Open) -> AsyncIterator[tuple[Hall, Hook]]:
    """A hall whose app gets its events by HTTP."""
    port = free_port()

    def listening(slack: FakeSlack, team: Team, clock: ManualClock) -> SlackAdapter:
        return SlackAdapter(
            bot_token=team.bot_token,
            signing_secret=slack.signing_secret,
            api_base_url=slack.api_base_url,
            bind=f"127.0.0.1:{port}",
            clock=clock.now,
        )

    async with FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES) as slack:
        hook = slack.use_http(f"http://127.0.0.1:{port}/slack/events")
        async with open_hall(slack=slack, slack_made=listening) as hall:
            yield hall, hook


async def test_by_http_all_works_as_by_socket(web: tuple[Hall, Hook], stub: Stub) -> None:
    hall, _ = web
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    await hall.mention("Ana", "I need a sail")
    await hall.press("Ana", "Yes")
    assert hall.records("a sail") == 1
    assert "no thoughts kept" in await hall.command("Ben", "thoughts")
    check_burst = burst(hall, "one", "two")
    await told(hall, check_burst)
    await hall.house.settle()
    check(hall, "one", "two")


async def test_forged_and_old_requests_have_no_effect(web: tuple[Hall, Hook]) -> None:
    hall, hook = web
    said = hall.dm("Ana").say(hall.user("Ana"), "/needs")
    await hall.house.settle()
    before, shown = hall.house.dump("record", "audit", "inbox"), hall.public(hall.dm("Ana"))
    (sent,) = said.deliveries
    sent.payload["event"]["text"] = "/need post a forged desk"
    sent.payload["event"]["ts"] = sent.payload["event"]["event_ts"] = f"{time.time():.6f}"
    for forged in (
        await hook.post(sent, signature="v0=" + "0" * 64),
        await hook.post(sent, timestamp=int(time.time()) - 6 * 60),
        await hook.post(sent, signature=""),
    ):
        assert forged.status == 401
    await hall.house.settle()
    assert hall.house.dump("record", "audit", "inbox") == before
    assert hall.public(hall.dm("Ana")) == shown
    assert (await hook.post(sent)).status == 200  # well signed, it is worked
    await hall.house.settle()
    assert hall.records("forged desk") == 1


async def test_by_http_what_the_store_did_not_take_comes_again(
    web: tuple[Hall, Hook], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, _ = web
    record, failures = inbox.record, iter((True, True))

    def failing(unit: Unit, events: Sequence[Event]) -> Any:
        if next(failures, False):
            raise OSError("the disk is full")
        return record(unit, events)

    monkeypatch.setattr(inbox, "record", failing)
    (sent,) = hall.dm("Ana").say(hall.user("Ana"), "/need post a desk").deliveries
    await hall.house.settle()
    assert sent.statuses == [500, 500, 200]
    assert hall.records("a desk") == 1
