"""Rules of a Nexus's own: made in a sentence, in shadow first, inherited, changed and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from core.clock import DAY
from core.errors import BadInput, Missing, NexusError, NotAllowed
from core.moderation.guards import counts
from core.moderation.own.kept import MOST, MOST_PATTERNS, as_spec, from_spec, own_rules
from core.moderation.signals.own import Own
from core.operations import Origin
from core.operations.run import Ask, Done
from core.places.places import Place
from tests.core.moderation.cases.acting import cases, told, words
from tests.core.moderation.guards.watching import buttons, find, hits, let, mode_of
from tests.core.moderation.own.drawn import rules
from tests.world import World

HERE = {"here": "Parser"}
NITRO = "delete messages with 'free nitro' from newcomers"


def draft(world: World, text: str = NITRO, nexus: str = "Parser", **more: Any) -> Any:
    """A steward makes a rule."""
    return world.do("Sue" if nexus != "Home" else "Ana", "guard.draft", at={"here": nexus}, text=text, **more)


def names(world: World, nexus: str = "Parser") -> list[str]:
    """The own rules that hold in a Nexus."""
    return sorted(world.read(lambda unit: own_rules(unit, world.nexuses[nexus].id)))


def line(world: World, rule: str, nexus: str = "Parser", who: str = "Mo") -> Any:
    """What moderators are shown of a rule."""
    return next(one for one in world.do(who, "guard.show", at={"here": nexus}).items if one.rule == rule)


def test_a_rule_is_said_back_and_begins_in_shadow(world: World, lobby: Place) -> None:
    asked = world.call("Sue", "guard.draft", at=HERE | {"origin": Origin.COMMAND}, text=f"{NITRO}, call it nitro")
    assert isinstance(asked, Ask)
    question = asked.arguments["question"]
    assert "I understood: delete messages with “free nitro” from newcomers." in question
    assert "who came today" in question  # what newcomers are
    assert "as “nitro”? It begins in shadow" in question
    assert names(world) == []
    pressed = world.press("Sue", asked.buttons[0].token, at=HERE)
    assert isinstance(pressed, Done)
    done = pressed.result
    assert (done.name, done.changed) == ("nitro", False)
    assert (names(world), mode_of(world, "nitro")) == (["nitro"], "shadow")
    shown = line(world, "nitro")
    assert (shown.mode, shown.own, shown.whose) == ("shadow", "delete messages with “free nitro” from newcomers", "")
    assert shown.proposes == "delete it"


@pytest.mark.parametrize("who", ["Mo", "Ben", "Gus", "Eve"])
def test_only_stewards_make_and_take_back_rules(world: World, lobby: Place, who: str) -> None:
    draft(world, name="nitro")
    for name, named in (("guard.draft", {"text": NITRO}), ("guard.remove", {"rule": "nitro"})):
        with pytest.raises(NotAllowed):
            world.call(who, name, at=HERE, **named)
    assert names(world) == ["nitro"]


def test_what_is_missing_is_asked_for(world: World, lobby: Place) -> None:
    for named, missing in (({}, ["text"]), ({"text": "links from newcomers"}, ["action"])):
        with pytest.raises(Missing) as asked:
            world.call("Sue", "guard.draft", at=HERE, **named)
        assert asked.value.data["names"] == missing
    with pytest.raises(BadInput, match="zitherfish"):
        world.call("Sue", "guard.draft", at=HERE, text="delete zitherfish")
    done = draft(world, "links from newcomers", action="ban for 7 days, 2 points")
    assert done.says == "ban for 7 days for messages with a link from newcomers, 2 points"
    assert done.name == "links"


def test_a_name_is_found_where_none_is_given(world: World, lobby: Place) -> None:
    assert [draft(world, f"delete messages with '{word}'").name for word in ("kraken", "squid")] == ["words", "words 2"]
    assert draft(world, "warn for capitals and call it Loud").name == "loud"


@pytest.mark.parametrize("name", ["spam", "mention bomb", "all", "rules", "a;b", "x" * 31])
def test_a_name_that_is_taken_or_none_is_refused(world: World, lobby: Place, name: str) -> None:
    with pytest.raises(NexusError):
        draft(world, name=name)
    assert names(world) == []


def test_a_changed_rule_begins_anew(world: World, lobby: Place) -> None:
    """What was found by the rule as it was says nothing of it as it is, and what it might do does not go on."""
    world.nexus("Inner", parent="Parser")
    draft(world, name="nitro")
    let(world, "nitro", "act")
    let(world, "nitro", "act", "Inner")
    find(world, lobby, "nitro", "act")
    assert line(world, "nitro").found == 1
    world.clock.advance(1000)
    with pytest.raises(BadInput, match="already"):
        draft(world, name="nitro")
    done = draft(world, "change nitro: warn for messages with 'free nitro'")
    assert done.changed
    assert (mode_of(world, "nitro"), mode_of(world, "nitro", "Inner")) == ("shadow", "shadow")
    assert (names(world), line(world, "nitro").found) == (["nitro"], 0)


def test_rules_hold_below_where_they_can_only_be_stricter(world: World, lobby: Place) -> None:
    world.nexus("Inner", parent="Parser")
    draft(world, name="nitro")
    let(world, "nitro", "ask")
    assert names(world, "Inner") == ["nitro"]
    assert (mode_of(world, "nitro", "Inner"), line(world, "nitro", "Inner").whose) == ("ask", "Parser")
    with pytest.raises(NotAllowed, match="at least"):
        world.call("Sue", "guard.set", at={"here": "Inner"}, rule="nitro", mode="shadow")
    world.do("Sue", "guard.set", at={"here": "Inner"}, rule="nitro", mode="act")
    with pytest.raises(NotAllowed, match="only its stewards"):
        world.call("Sue", "guard.remove", at={"here": "Inner"}, rule="nitro")
    with pytest.raises(BadInput, match="Parser has a rule called"):
        draft(world, nexus="Inner", name="nitro")
    draft(world, "warn for capitals", nexus="Inner", name="loud")
    assert (names(world), names(world, "Inner")) == (["nitro"], ["loud", "nitro"])
    with pytest.raises(BadInput, match="Inner has a rule called"):
        draft(world, name="loud")
    world.nexus("Sister", parent="Parser")
    draft(world, "warn for capitals", nexus="Sister", name="loud")


def test_all_of_them_means_ones_own_as_well(world: World, lobby: Place) -> None:
    draft(world, name="nitro")
    world.do("Sue", "guard.set", at=HERE, rule="all", mode="ask")
    assert mode_of(world, "nitro") == "ask"


def test_a_rule_taken_back_finds_nothing_more(world: World, lobby: Place) -> None:
    draft(world, name="nitro")
    let(world, "nitro", "ask")
    made = find(world, lobby, "nitro", "ask")
    assert made is not None
    for who in ("Mo", "Sue"):
        told(world, who)
    world.do("Sue", "guard.remove", at=HERE, rule="the nitro rule")
    assert (names(world), mode_of(world, "nitro")) == ([], "off")
    assert find(world, lobby, "nitro", "ask", message="78") is None
    with pytest.raises(NexusError, match="not there any more"):
        world.press("Mo", buttons(world, "Mo", "Delete it")[0], at=HERE)
    world.do("Mo", "dismiss", at=HERE, case=str(made.number))
    assert [case["state"] for case in cases(world)] == ["closed"]
    with pytest.raises(BadInput, match="I know no rule called “nitro”"):
        world.call("Sue", "guard.set", at=HERE, rule="nitro", mode="ask")
    with pytest.raises(BadInput, match="Every Nexus has the rule"):
        world.call("Sue", "guard.remove", at=HERE, rule="spam")


def test_a_find_is_asked_done_judged_and_budgeted_like_any_other(world: World, lobby: Place) -> None:
    draft(world, "time out for 2h for messages with 'free nitro', 3 points", name="nitro")
    let(world, "nitro", "ask")
    find(world, lobby, "nitro", "ask")
    assert words(told(world, "Mo")[-1]).startswith("What Ben wrote in Parser meets the rule “nitro”")
    pressed = world.press("Mo", buttons(world, "Mo", "Time out")[0], at=HERE)
    assert isinstance(pressed, Done)
    done = pressed.result
    case = cases(world)[-1]
    assert (done.kind, case["points"], case["until"] - case["made_at"]) == ("timeout", 3, 2 * 3_600_000)
    assert case["reason"] == "a message with words that are not wanted here"
    let(world, "nitro", "act")
    for number in (1, 2):
        world.person(f"P{number}", platform="telegram", external_id=str(200_000 + number))
        find(world, lobby, "nitro", "act", who=f"P{number}")
        world.do("Mo", "undo", at=HERE, case=str(cases(world)[-1]["number"]))
    assert mode_of(world, "nitro") == "ask"
    assert [hit["state"] for hit in hits(world)] == ["right", "wrong", "wrong"]
    month = world.do("Ben", "guard.report", at=HERE)
    assert [(one.rule, one.found, one.wrong) for one in month.figures.rules] == [("nitro", 3, 2)]


def test_there_is_room_for_so_many(world: World, lobby: Place) -> None:
    for number in range(MOST_PATTERNS):
        draft(world, f"delete messages matching /kra{number}ken/")
    with pytest.raises(BadInput, match="rules with an expression"):
        draft(world, "delete messages matching /more/")
    for number in range(MOST - MOST_PATTERNS):
        draft(world, f"delete messages with 'kraken {number}'")
    with pytest.raises(BadInput, match="room for"):
        draft(world)
    draft(world, "delete messages with 'kraken'", name="words")  # to change one is always possible


def test_old_finds_of_the_same_name_do_not_count(world: World, lobby: Place) -> None:
    draft(world, name="nitro")
    find(world, lobby, "nitro", "shadow")
    world.do("Sue", "guard.remove", at=HERE, rule="nitro")
    world.clock.advance(DAY)
    draft(world, name="nitro")
    counted = world.read(lambda unit: counts.count(unit, world.nexuses["Parser"].id, 0))
    assert "nitro" not in counted


def test_a_confirmed_rule_is_the_one_that_was_shown(world: World, lobby: Place) -> None:
    """What the button carries is what was said back, not the words, and is looked at like anything from outside."""
    asked = world.call("Sue", "guard.draft", at=HERE | {"origin": Origin.TALK}, text=NITRO, action="warn", name="nitro")
    assert isinstance(asked, Ask)
    pressed = world.press("Sue", asked.buttons[0].token, at=HERE)
    assert isinstance(pressed, Done)
    done = pressed.result
    assert done.says == "warn for messages with “free nitro” from newcomers"


@pytest.mark.parametrize(
    "change",
    [
        {"groups": []},
        {"groups": [[]]},
        {"groups": [[{"what": "nonsense", "least": 0, "seconds": 0, "words": [], "every": False}]]},
        {"groups": [[{"what": "pattern", "least": 0, "seconds": 0, "words": ["(a+)+"], "every": False}]]},
        {"groups": [[{"what": "words", "least": 0, "seconds": 0, "words": [], "every": False}]]},
        {"groups": [[{"what": "mentions", "least": 10**9, "seconds": 0, "words": [], "every": False}]]},
        {"groups": [[{"what": "link"}]]},
        {"action": "undo"},
        {"points": 99},
        {"points": "1"},
        {"times": 5, "within": 0},
        {"seconds": 1, "action": "timeout"},
        {"name": 1},
    ],
)
def test_what_a_button_cannot_carry_is_refused(world: World, lobby: Place, change: dict[str, Any]) -> None:
    good = {
        "groups": [[{"what": "link", "least": 0, "seconds": 0, "words": [], "every": False}]],
        "action": "delete",
        "seconds": None,
        "points": 1,
        "times": 1,
        "within": 0,
        "name": "",
    }
    with pytest.raises(BadInput):
        world.call("Sue", "guard.draft", at=HERE, text=good | change)
    assert isinstance(world.call("Sue", "guard.draft", at=HERE, text=good), Ask)


@settings(max_examples=30)
@given(rules())
def test_what_is_kept_is_the_rule(own: Own) -> None:
    assert from_spec(as_spec(own)) == own
