"""Who wants to know whom rules would have met, and what they are told."""

from __future__ import annotations

import pytest

from core.clock import DAY, HOUR, show_day
from core.moderation.lookback import asked
from core.moderation.lookback.asked import Account, Look, Outcome
from core.moderation.own.sentence import read_rule
from core.moderation.signals.domains import Domains
from core.moderation.signals.own import Own
from core.operations import Origin
from core.operations.run import Ask
from core.places.places import Place, bind
from tests.core.moderation.cases.acting import NUMBERS, group, server, told, words
from tests.core.moderation.guards.watching import let
from tests.world import World

HERE = {"here": "Parser"}
SEA = Own(read_rule("delete messages with 'kraken'").groups, "delete", points=1)


def ask(world: World, rule: str = "sea", who: str = "Sue", nexus: str = "Parser", own: Own | None = SEA) -> bool:
    """Somebody wants to know."""
    nexus_id, asker = world.nexuses[nexus].id, world.id_of(who)
    found: bool = world.write(lambda unit: asked.ask(unit, nexus_id, asker, rule, own))
    return found


def due(world: World, *platforms: str) -> list[Look]:
    """What is to be looked at."""
    found: list[Look] = world.read(lambda unit: asked.due(unit, platforms or ("telegram", "discord"), Domains()))
    return found


def account(who: str) -> Account:
    """Somebody's account on Telegram, known or not."""
    return Account("telegram", "", NUMBERS.get(who, who), who)


def tell(world: World, outcome: Outcome | None, who: str = "Sue") -> list[str]:
    """The look that is due is over: what who asked is told of it."""
    look = due(world)[0]
    world.write(lambda unit: asked.tell(unit, look, outcome))
    return [words(one) for one in told(world, who)]


def met(outcome: dict[str, dict[str, int]], **more: int | bool) -> Outcome:
    """An outcome in names."""
    given = {"read": 1240, "oldest": 0, "whole": True} | more
    return Outcome({rule: {account(who): n for who, n in people.items()} for rule, people in outcome.items()}, **given)  # type: ignore[arg-type]


def test_each_platform_is_looked_at(world: World, lobby: Place) -> None:
    server(world, "Yard")
    group(world, "Cellar")
    assert ask(world)
    looks = due(world)
    assert [(one.platform, one.places) for one in looks] == [
        ("discord", (("guild", "-Yard"),)),
        ("telegram", (("", "-Lobby"), ("", "-Cellar"))),
    ]
    assert {one.since for one in looks} == {world.clock.now() - 7 * DAY}
    assert [set(one.rules) for one in looks] == [{"sea"}] * 2
    assert due(world, "slack") == []


def test_what_holds_below_is_looked_at_below(world: World, lobby: Place) -> None:
    world.nexus("Inner", parent="Parser")
    world.nexus("Other")
    group(world, "Nook", "Inner")
    group(world, "Away", "Other")
    ask(world)
    (look,) = due(world)
    assert look.places == (("", "-Lobby"), ("", "-Nook"))
    assert look.within == {world.nexuses[name].id for name in ("Parser", "Inner")}


def test_where_a_nexus_is_nowhere_nothing_is_looked_at(world: World, lobby: Place) -> None:
    world.nexus("Nowhere")
    assert not ask(world, nexus="Nowhere")
    world.write(lambda unit: bind(unit, lobby.id, None, "members", by=None))
    assert not ask(world)


def test_asked_again_it_is_looked_once(world: World, lobby: Place) -> None:
    for _ in range(3):
        ask(world)
    ask(world, "all", own=None)
    assert [one.rule for one in due(world)] == ["sea", "all"]
    for number in range(30):
        ask(world, f"rule {number}")
    assert len(world.dump()["guard_look"]) == asked.WAITING


def test_all_rules_are_all_there_are(world: World, lobby: Place) -> None:
    world.do("Sue", "guard.draft", at=HERE, text="delete messages with 'squid'", name="squid")
    ask(world, "all", own=None)
    (look,) = [one for one in due(world) if one.rule == "all"]
    assert {"squid", "spam", "raid"} <= set(look.rules)
    assert set(look.settings.own) == {"squid"}


def test_who_would_have_been_met_the_most_first(world: World, lobby: Place) -> None:
    ask(world)
    assert tell(world, met({"sea": {"Ben": 3, "lure_bot": 12}})) == [
        "In the last seven days on Telegram, “sea” would have met lure_bot (12), Ben (3). I read 1240 messages."
    ]
    assert due(world) == []


def test_rule_by_rule_where_it_was_about_all(world: World, lobby: Place) -> None:
    ask(world, "all", own=None)
    (said,) = tell(world, met({"spam": {"Ben": 1}, "invite": {"Tim": 2, "Mo": 5}, "flood": {"Mo": 1}}, unread=1))
    assert said == (
        "In the last seven days on Telegram, the rules would have met invite: Tim (2); spam: Ben (1). "
        "I read 1240 messages. Of one place I may not read what was written before."
    )


@pytest.mark.parametrize("who", ["Mo", "Sue", "Ana"])
def test_moderators_are_never_met(world: World, lobby: Place, who: str) -> None:
    ask(world)
    assert tell(world, met({"sea": {who: 4}}, unread=2)) == [
        "In the last seven days on Telegram, “sea” would have met nobody. I read 1240 messages. "
        "Of 2 places I may not read what was written before."
    ]


def test_the_names_are_seven_at_most(world: World, lobby: Place) -> None:
    ask(world)
    people = {f"p{number}": 20 - number for number in range(9)}
    (said,) = tell(world, met({"sea": people}))
    assert "p0 (20)" in said
    assert "p6 (14) and 2 more." in said


def test_two_accounts_of_one_person_are_one(world: World, lobby: Place) -> None:
    world.person("Benny", platform="telegram", external_id="555")
    second = world.person("Benny").account_id
    ben = world.id_of("Ben")
    world.write(lambda unit: unit.connection.exec_driver_sql(f"UPDATE account SET person_id={ben} WHERE id={second}"))
    ask(world)
    look = due(world)[0]
    both = Outcome({"sea": {account("Ben"): 1, Account("telegram", "", "555", "Benny"): 2}}, 3, 0, True)
    world.write(lambda unit: asked.tell(unit, look, both))
    assert "would have met Ben (3)." in words(told(world, "Sue")[0])


def test_how_far_back_is_said_where_that_is_not_all(world: World, lobby: Place) -> None:
    ask(world)
    oldest = world.clock.now() - DAY
    (said,) = tell(world, met({}, read=2000, oldest=oldest, whole=False))
    assert said.endswith(f"would have met nobody. I read the newest 2000 messages, back to {show_day(oldest)}.")


def test_what_cannot_be_read_is_said(world: World, lobby: Place) -> None:
    ask(world)
    (said,) = tell(world, None)
    assert said.startswith("I could not read what was written on Telegram lately")
    ask(world)
    look = due(world)[0]
    world.write(lambda unit: asked.no_history(unit, look))
    assert words(told(world, "Sue")[0]).startswith("Telegram shows me nothing that was written before I watched")


def test_it_is_tried_again_and_given_up_at_last(world: World, lobby: Place) -> None:
    ask(world)
    for _ in range(asked.MOST_TRIES - 1):
        look = due(world)[0]
        world.write(lambda unit, look=look: asked.later(unit, look, HOUR))
        assert due(world) == []
        assert world.read(lambda unit: asked.next_due(unit, ["telegram"])) == world.clock.now() + HOUR
        assert told(world, "Sue") == []
        world.clock.advance(HOUR)
    look = due(world)[0]
    world.write(lambda unit: asked.later(unit, look, HOUR))
    assert [words(one)[:16] for one in told(world, "Sue")] == ["I could not read"]
    assert world.dump()["guard_look"] == []


def test_it_is_told_once_and_to_nobody_who_may_not_know_any_more(world: World, lobby: Place) -> None:
    ask(world)
    look = due(world)[0]
    for _ in range(2):
        world.write(lambda unit: asked.tell(unit, look, None))
    assert len(told(world, "Sue")) == 1
    ask(world)
    world.suspend("Sue", "Parser")
    assert tell(world, met({"sea": {"Ben": 1}})) == []
    assert world.dump()["guard_look"] == []


def test_who_has_themselves_forgotten_waits_for_nothing(world: World, lobby: Place) -> None:
    ask(world)
    assert world.do("Sue", "my.export").document["tables"]["guard_look"][0]["rule"] == "sea"
    world.do("Sue", "my.forget")
    assert world.dump()["guard_look"] == []


@pytest.mark.parametrize(
    ("before", "mode", "looked"),
    [("off", "shadow", True), ("off", "act", True), ("off", "off", False), ("shadow", "act", False)],
)
def test_it_is_looked_where_a_rule_begins(world: World, lobby: Place, before: str, mode: str, looked: bool) -> None:
    """Of one that counts already it is known whom it met."""
    let(world, "spam", before)
    question = world.call("Sue", "guard.set", at=HERE | {"origin": Origin.COMMAND}, rule="spam", mode=mode)
    assert isinstance(question, Ask)
    assert ("I am looking at the last seven days" in question.arguments["question"]) is looked
    assert bool(due(world)) is looked


def test_a_draft_is_looked_at_as_it_would_be(world: World, lobby: Place) -> None:
    world.call(
        "Sue", "guard.draft", at=HERE | {"origin": Origin.TALK}, text="delete messages with 'kraken'", name="sea"
    )
    (look,) = due(world)
    assert (look.rule, look.rules["sea"]["action"]) == ("sea", "delete")
    assert look.settings.own["sea"].own == SEA
    assert world.dump()["guard_own"] == []
