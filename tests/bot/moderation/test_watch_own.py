"""A Nexus's own rules at work on what is written."""

from __future__ import annotations

import pytest

from core.moderation.guards import modes
from core.moderation.own.kept import keep, own_rules, remove
from core.moderation.own.sentence import read_rule
from core.moderation.signals.own import Own
from tests.bot.moderation.watching import Watched, newcomer
from tests.core.moderation.cases.acting import cases, queued, told, words
from tests.world import World


@pytest.fixture
def here(world: World) -> Watched:
    """The watched group; nothing is watched yet."""
    return Watched(world)


def made(here: Watched, text: str, mode: str, name: str = "ours", nexus: str = "Parser") -> None:
    """A steward made a rule, and lets it do that."""
    said, nexus_id = read_rule(text), here.world.nexuses[nexus].id
    assert said.problem is None
    own = Own(said.groups, said.action, said.seconds, 1, said.times, said.within)
    here.world.write(lambda unit: keep(unit, nexus_id, name, own, here.world.id_of("Sue")))
    here.let(mode, name, nexus)


async def test_in_shadow_it_counts_and_keeps_no_word(here: Watched) -> None:
    made(here, "delete messages with 'free nitro'", "shadow")
    assert await here.look(here.said("get FREE n1tro here"), here.said("no nitro, not for free")) == [False, False]
    assert here.hits() == [("ours", "shadow", 1)]
    assert [name for name in here.tables_with("free nitro") if name != "guard_own"] == []


async def test_in_act_it_does_what_it_says(here: Watched) -> None:
    made(here, "time out for 2h for messages with a link from people who joined less than a day ago", "act")
    now = here.world.clock.now()
    new, old = newcomer("777001", now, days=0.5), newcomer("777002", now, days=2)
    link = "look at https://example.org/page"
    assert await here.look(here.said(link, account=old), here.said("hello", account=new)) == [False, False]
    assert await here.look(here.said(link, account=new)) == [True]
    assert [power for power, _, _ in queued(here.world)] == ["delete", "timeout"]
    (case,) = cases(here.world)
    assert (case["rule"], case["until"] - now) == ("ours", 2 * 3_600_000)
    assert case["reason"] == "a message with a link from people who joined less than 1 day ago"


async def test_in_ask_the_card_says_what_was_found(here: Watched) -> None:
    made(here, "warn for messages in capitals, 2 times or more in 10 minutes", "ask")
    loud = "THIS IS WRITTEN IN CAPITAL LETTERS"
    assert await here.look(here.said(loud)) == [False]
    assert cases(here.world) == []
    assert await here.look(here.said(loud)) == [False]
    (said,) = told(here.world, "Mo")
    assert "What Ben wrote in Parser meets the rule “ours”" in words(said)
    assert "a message in capitals, 2 times or more in 10 minutes" in words(said)
    assert "Shall I warn them?" in words(said)


async def test_it_holds_below_and_ends_when_it_is_taken_back(here: Watched) -> None:
    made(here, "delete messages with 'free nitro'", "act", nexus="Home")
    assert await here.look(here.said("free nitro")) == [True]
    home = here.world.nexuses["Home"].id
    here.world.write(lambda unit: remove(unit, own_rules(unit, home)["ours"]))
    assert await here.look(here.said("free nitro")) == [False]


async def test_a_mode_without_a_rule_does_nothing(here: Watched) -> None:
    """As after a rule was taken back in a Nexus of which this process has not heard yet."""
    nexus_id = here.world.nexuses["Parser"].id
    here.world.write(lambda unit: modes.set_mode(unit, nexus_id, "gone", "act", None))
    here.let("act")
    assert await here.look(here.said("release the kraken")) == [True]
