"""The look at everything that is written: what it costs, what it keeps, and what is taken away."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.contract import Account, Attachment, Command, EventKind, Place, PlaceKind
from core.clock import DAY, MINUTE
from core.moderation.guards import modes
from core.moderation.signals.defaults import DEFAULT_RULES
from core.nexuses.members import keep_out
from core.places.places import bind
from tests.bot.moderation.watching import BAD, Watched, newcomer
from tests.core.moderation.cases.acting import cases, queued, told
from tests.world import World

SCAM = "Claim your FREE crypto bonus now!!! Guaranteed profit, double your bitcoin: http://win-crypto.example/claim"
INVITATION = "I asked about that bug in https://discord.gg/abcdef yesterday, they said the driver is broken"


@pytest.fixture
def here(world: World) -> Watched:
    """The watched group; nothing is watched yet."""
    return Watched(world)


# -- what it costs ----------------------------------------------------------------------------------------------------


async def test_where_nothing_is_watched_the_store_is_not_asked(here: Watched) -> None:
    await here.look(here.said())
    here.store.asked = 0
    for _ in range(50):
        assert await here.look(here.said()) == [False]
    assert here.store.asked == 0
    assert here.hits() == []


async def test_ordinary_talk_costs_no_store_access(here: Watched) -> None:
    """Once somebody was heard: whose account it is, is asked once in ten minutes."""
    here.let("act")
    await here.look(here.said("hello"))
    await here.look(here.said("hello", "Tim"))
    here.store.asked = 0
    for number in range(50):
        assert await here.look(here.said(f"line {number} about the weather", "Tim")) == [False]
    assert here.store.asked == 0


async def test_direct_talk_and_bots_are_not_looked_at(here: Watched) -> None:
    here.let("act")
    direct = here.said(place=Place("100005", PlaceKind.DIRECT))
    bot = here.said(account=Account("999999", "Feed", is_bot=True))
    here.store.asked = 0
    assert await here.look(direct, bot) == [False, False]
    assert here.store.asked == 0
    assert here.hits() == []


async def test_places_of_other_nexuses_are_left_alone(here: Watched) -> None:
    here.let("act")
    here.world.nexus("Other")
    elsewhere = here.world.place("Elsewhere", external_id="-Elsewhere")
    other = here.world.nexuses["Other"].id
    here.world.write(lambda unit: bind(unit, elsewhere.id, other, "members", by=None))
    away = [here.said(place=Place("-Elsewhere", PlaceKind.GROUP)), here.said(place=Place("-New", PlaceKind.GROUP))]
    assert await here.look(*away) == [False, False]
    assert await here.look(here.said()) == [True]


# -- shadow, ask, act -------------------------------------------------------------------------------------------------


async def test_in_shadow_no_word_is_stored_anywhere(here: Watched) -> None:
    for rule in DEFAULT_RULES:
        here.let("shadow", rule)
    assert await here.look(here.said(), here.said(SCAM, account=newcomer("777001", here.world.clock.now()))) == [
        False,
        False,
    ]
    assert ("unwanted words", "shadow", 1) in here.hits()
    assert ("spam", "shadow", 1) in here.hits()
    for word in ("kraken", "crypto", "win-crypto"):
        assert here.tables_with(word) == []
    assert told(here.world, "Ben") == []
    assert cases(here.world) == []


async def test_in_ask_moderators_are_asked_and_the_message_stands(here: Watched) -> None:
    here.let("ask")
    assert await here.look(here.said()) == [False]
    assert here.tables_with("kraken") == ["mod_evidence"]
    assert len(told(here.world, "Mo")) == 1
    assert queued(here.world) == []


async def test_in_act_the_message_goes_and_the_person_is_silenced(here: Watched) -> None:
    here.let("act", "spam")
    event = here.said(SCAM, account=newcomer("777001", here.world.clock.now()))
    assert await here.look(event, here.said("hello")) == [True, False]
    assert queued(here.world) == [("delete", "777001", "-Lobby"), ("timeout", "777001", "-Lobby")]
    (case,) = cases(here.world)
    assert (case["rule"], case["until"]) == ("spam", here.world.clock.now() + DAY)


async def test_a_warning_leaves_the_message_where_it_is(here: Watched) -> None:
    here.let("act", "abuse")
    event = here.said("you are a worthless piece of shit, go kill yourself you stupid bitch")
    assert await here.look(event) == [False]
    assert [case["kind"] for case in cases(here.world)] == ["warn"]
    assert queued(here.world) == []


async def test_of_several_rules_the_strictest_decides(here: Watched) -> None:
    here.let("shadow")
    here.let("act", "spam")
    here.let("ask", "invite")
    event = here.said(f"{SCAM} kraken", account=newcomer("777001", here.world.clock.now()))
    assert await here.look(event) == [True]
    assert here.hits() == [("spam", "act", 1), ("unwanted words", "shadow", 1)]
    assert len(cases(here.world)) == 1


@pytest.mark.parametrize("who", ["Mo", "Sue", "Ana"])
async def test_moderators_write_what_they_like(here: Watched, who: str) -> None:
    here.let("act")
    assert await here.look(here.said(who=who)) == [False]
    assert here.hits() == []


async def test_who_manages_the_platform_is_never_looked_at(here: Watched) -> None:
    here.let("act")
    await here.look(here.said("hello"))
    here.store.asked = 0
    assert await here.look(here.said(account=Account("888888", "Ada", manages=True))) == [False]
    assert here.store.asked == 0


async def test_who_is_kept_out_is_still_found(here: Watched) -> None:
    here.let("act")
    here.world.write(lambda unit: keep_out(unit, here.world.id_of("Tim"), here.world.nexuses["Parser"].id))
    assert await here.look(here.said(who="Tim")) == [True]


# -- what is looked at ------------------------------------------------------------------------------------------------


async def test_edits_are_looked_at_and_count_as_no_second_message(here: Watched) -> None:
    here.let("act")
    here.let("act", "flood")
    here.let("act", "repeat")
    assert await here.look(here.said("hello there, how is everybody doing today?")) == [False]
    for _ in range(30):
        again = here.said("hello there, how is everybody doing today?", kind=EventKind.EDIT)
        assert await here.look(again) == [False]
    assert await here.look(here.said(kind=EventKind.EDIT)) == [True]


async def test_a_typed_command_is_looked_at_and_counts_as_no_talk(here: Watched) -> None:
    here.let("act")
    here.let("act", "repeat")
    here.let("act", "flood")
    assert await here.look(here.ordered("frobnicate", BAD)) == [True]
    for _ in range(30):
        assert await here.look(here.ordered("needs", "")) == [False]


@pytest.mark.parametrize("name", ["report", "appeal"])
async def test_what_is_told_to_moderators_may_quote(here: Watched, name: str) -> None:
    here.let("act")
    assert await here.look(here.ordered(name, f"he said {BAD}")) == [False]


async def test_what_nobody_reads_is_not_looked_at(here: Watched) -> None:
    """A command of the platform's own menu, and a shortcut that brings somebody else's words along."""
    here.let("act")
    menu = here.said("", kind=EventKind.COMMAND, command=Command("report", arguments={"message": BAD}), respond="x")
    typed = here.said(BAD, kind=EventKind.COMMAND, command=Command("need", BAD), message_id="", respond="x")
    assert await here.look(menu, typed) == [False, False]
    assert here.hits() == []


async def test_an_event_that_comes_twice_counts_once(here: Watched) -> None:
    here.let("shadow")
    event = here.said()
    for _ in range(3):
        assert await here.look(event) == [False]
    assert here.hits() == [("unwanted words", "shadow", 1)]
    here.let("act")
    bad = here.said()
    assert await here.look(bad) == [True]
    assert await here.look(bad) == [True]  # it is gone, and is still not answered
    assert [power for power, _, _ in queued(here.world)] == ["delete"]


async def test_one_text_told_many_times_is_no_repeat(here: Watched) -> None:
    here.let("act", "repeat")
    event = here.said("has anybody seen my keys? I think I left them in the kitchen", "Tim")
    for _ in range(10):
        assert await here.look(event) == [False]


async def test_a_picture_without_words_is_no_find(here: Watched) -> None:
    here.let("act")
    assert await here.look(here.said("", attachments=(Attachment("f", "a.png"),))) == [False]


# -- newcomers, restarts, changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [None, 7.0, 400.0])
async def test_a_restart_makes_nobody_a_newcomer(here: Watched, days: float | None) -> None:
    """An invitation elsewhere is a matter for moderators from somebody new alone."""
    here.let("act", "invite")
    now = here.world.clock.now()
    account = Account("777001", "Otto") if days is None else newcomer("777001", now, days=days)
    for _ in range(2):
        event = here.said(INVITATION, account=account)
        assert await here.look(event) == [False]
        here.watch = here.another()


async def test_who_came_just_now_is_new(here: Watched) -> None:
    here.let("act", "invite")
    assert await here.look(here.joined("Nia", external_id="777002")) == [False]
    event = here.said(INVITATION, "Nia")
    assert await here.look(event) == [True]


async def test_a_mode_that_is_changed_holds_at_once(here: Watched) -> None:
    for mode, gone in (("off", False), ("act", True), ("shadow", False), ("act", True), ("off", False)):
        here.world.do("Sue", "guard.set", at={"here": "Parser"}, rule="unwanted words", mode=mode)
        await asyncio.sleep(0)
        assert await here.look(here.said()) == [gone], mode


async def test_a_word_that_is_taken_off_the_list_is_free_at_once(here: Watched) -> None:
    here.let("act")
    assert await here.look(here.said()) == [True]
    here.world.do("Sue", "guard.words", at={"here": "Parser"}, remove="kraken")
    assert await here.look(here.said()) == [False]


async def test_a_change_while_it_is_read_is_read_again(here: Watched) -> None:
    """The rule is let act while the watch reads that it only counts: the message that came is taken away."""
    here.let("shadow")

    class Slow(type(here.store)):  # type: ignore[misc]
        async def read(self, unit: Any) -> Any:
            found = await super().read(unit)
            if not changed:
                changed.append(True)
                here.let("act")
            return found

    changed: list[bool] = []
    here.store = Slow(here.world.store)
    here.watch = here.another()
    assert await here.look(here.said()) == [True]


async def test_what_moved_elsewhere_is_noticed_within_a_minute(here: Watched) -> None:
    """Binding a place, or moving a Nexus, tells no watch."""
    here.let("act")
    assert await here.look(here.said()) == [True]
    lobby = here.world.place("Lobby", external_id="-Lobby")
    here.world.nexus("Free")
    free = here.world.nexuses["Free"].id
    here.world.write(lambda unit: bind(unit, lobby.id, free, "members", by=None))
    here.world.clock.advance(MINUTE + 1)
    assert await here.look(here.said()) == [False]
    here.world.write(lambda unit: modes.set_words(unit, free, ["kraken"], 1))
    home = here.world.nexuses["Home"].id
    here.world.write(lambda unit: modes.set_mode(unit, home, "unwanted words", "act", None))
    assert await here.look(here.said()) == [True]


async def test_a_nexus_inside_inherits(here: Watched) -> None:
    here.let("act", nexus="Home")
    assert await here.look(here.said()) == [True]


async def test_a_rule_that_fails_lets_the_message_through(
    here: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    here.let("act")

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr("bot.moderation.watch.notice", broken)
        event = here.said()
        assert await here.look(event) == [False]
        assert "a message could not be looked at" in caplog.text
        assert "kraken" not in caplog.text
    assert await here.look(event) == [True]  # told once more, it is looked at


async def test_a_thread_is_part_of_its_place(here: Watched) -> None:
    here.let("act")
    event = here.said(place=Place("-Lobby", PlaceKind.GROUP, "Lobby", thread="12"))
    assert await here.look(event) == [True]
    (row,) = here.world.dump()["mod_act"]
    assert "12" in row


async def test_many_at_once_are_looked_at_in_order(here: Watched) -> None:
    here.let("act")
    events = [here.said(text, who) for text, who in (("hi", "Ben"), (BAD, "Ben"), ("hi", "Tim"), (BAD, "Tim"))]
    assert await here.look(*events) == [False, True, False, True]
    looked = await asyncio.gather(*(here.look(here.said()) for _ in range(5)))
    assert looked == [[True]] * 5
    assert here.hits() == [("unwanted words", "act", 6), ("unwanted words", "act", 1)]
