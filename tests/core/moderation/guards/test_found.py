"""What follows from a find: nothing but a number, a card for moderators, or the deed itself."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete

from core.clock import DAY, HOUR, MINUTE
from core.errors import BadInput, LimitReached, NotAllowed, NotFound
from core.moderation.cases.tables import mod_evidence
from core.moderation.guards.found import ONE_FIND
from core.moderation.signals.defaults import DEFAULT_RULES
from core.places.places import Place
from tests.core.moderation.cases.acting import Chats, case, cases, queued, told, words
from tests.core.moderation.guards.watching import WORDS, buttons, everywhere, find, hits
from tests.world import World


def test_in_shadow_it_only_counts(world: World, lobby: Place) -> None:
    before = world.dump("guard_hit")
    assert find(world, lobby, mode="shadow") is None
    assert world.dump("guard_hit") == before
    (hit,) = hits(world)
    assert (hit["rule"], hit["mode"], hit["person_id"], hit["times"], hit["state"], hit["case_id"]) == (
        "spam", "shadow", world.id_of("Ben"), 1, "found", None
    )  # fmt: skip
    assert hit["noticed"] == [["spam", 0.97, "it reads like spam (97%)"], ["link", 1.0, "a link"]]
    assert everywhere(world, WORDS) == []


def test_in_ask_moderators_get_a_card_and_the_person_hears_nothing(world: World, lobby: Place) -> None:
    made = find(world, lobby, mode="ask")
    assert made is not None
    assert (made.kind, made.state, made.rule, made.points, made.by_id) == ("report", "open", "spam", 0, None)
    for who in ("Mo", "Max", "Sue", "Ana"):
        (notice,) = told(world, who)
        said = words(notice)
        assert said == (
            "What Ben wrote in Parser meets the rule “spam”: it reads like spam (97%); a link. "
            "Shall I keep them from writing?"
        )
        assert [one[0] for one in notice["buttons"]] == ["Time out", "Dismiss"]
        assert notice["card"] == ["case", {"case": f"={made.id}"}]
    assert told(world, "Ben") == []
    assert queued(world) == []


def test_in_act_it_is_done_and_everybody_is_told(world: World, lobby: Place, chats: Chats) -> None:
    made = find(world, lobby)
    assert made is not None
    assert (made.kind, made.state, made.points, made.why) == ("timeout", "standing", 2, "rule")
    assert made.until == world.clock.now() + DAY
    assert queued(world) == [("delete", "100005", "-Lobby"), ("timeout", "100005", "-Lobby")]
    assert told(world, "Ben") == told(world, "Mo") == []
    chats.carry()
    (notice,) = told(world, "Ben")
    assert words(notice) == (
        "What you wrote in Parser meets its rule “spam”: you can read, not write, for a while. "
        "If that is wrong, tell me why: a moderator will look at it. It is case 1."
    )
    assert [one[0] for one in notice["buttons"]] == ["Appeal"]
    for who in ("Mo", "Sue"):
        (notice,) = told(world, who)
        assert words(notice) == "The rule “spam” acted on Ben in Parser. It is case 1."
        assert [one[0] for one in notice["buttons"]] == ["Undo"]
    assert everywhere(world, WORDS) == ["mod_evidence"]


@pytest.mark.parametrize("rule", sorted(DEFAULT_RULES))
def test_each_rule_does_what_it_proposes(world: World, lobby: Place, rule: str) -> None:
    made = find(world, lobby, rule)
    assert made is not None
    action, length = DEFAULT_RULES[rule]["action"], DEFAULT_RULES[rule]["seconds"]
    assert made.kind == {"timeout": "timeout", "quarantine": "timeout", "delete": "purge", "warn": "warn"}[action]
    assert made.until == (world.clock.now() + 1000 * length if length else None)
    assert made.points == DEFAULT_RULES[rule]["points"]
    powers = {"timeout": ["delete", "timeout"], "purge": ["delete"], "warn": []}[made.kind]
    assert [power for power, _, _ in queued(world)] == powers


@pytest.mark.parametrize("who", ["Mo", "Sue", "Ana"])
@pytest.mark.parametrize("mode", ["shadow", "ask", "act"])
def test_moderators_and_those_above_are_never_found(world: World, lobby: Place, who: str, mode: str) -> None:
    before = world.dump()
    assert find(world, lobby, mode=mode, who=who) is None
    assert world.dump() == before


def test_whoever_moderates_above_is_not_found_below(world: World, lobby: Place) -> None:
    world.nexus("Inner", parent="Parser")
    assert find(world, lobby, who="Mo", nexus="Inner") is None
    assert find(world, lobby, who="Ben", nexus="Inner") is not None


@pytest.mark.parametrize("mode", ["shadow", "ask", "act"])
def test_the_same_within_ten_minutes_is_one_find(world: World, lobby: Place, chats: Chats, mode: str) -> None:
    first = find(world, lobby, mode=mode)
    for minute in range(1, 4):
        world.clock.advance(MINUTE)
        find(world, lobby, mode=mode, message=str(77 + minute))
    assert [hit["times"] for hit in hits(world)] == [4]
    assert len(cases(world)) == (first is not None)
    deleted = [power for power, _, _ in queued(world) if power == "delete"]
    assert len(deleted) == (4 if mode == "act" else 0)
    chats.carry()
    assert len(told(world, "Mo")) == (first is not None)
    world.clock.advance(ONE_FIND)
    find(world, lobby, mode=mode)
    assert [hit["times"] for hit in hits(world)] == [4, 1]


def test_others_and_other_rules_are_finds_of_their_own(world: World, lobby: Place) -> None:
    for who, rule in (("Ben", "spam"), ("Tim", "spam"), ("Ben", "flood"), ("Ben", "spam")):
        find(world, lobby, rule, who=who)
    assert [(hit["person_id"], hit["rule"], hit["times"]) for hit in hits(world)] == [
        (world.id_of("Ben"), "spam", 2),
        (world.id_of("Tim"), "spam", 1),
        (world.id_of("Ben"), "flood", 1),
    ]


def test_another_mode_is_another_find(world: World, lobby: Place) -> None:
    for mode in ("shadow", "ask", "act"):
        find(world, lobby, mode=mode)
    assert [(hit["mode"], hit["times"]) for hit in hits(world)] == [("shadow", 1), ("ask", 1), ("act", 1)]


def test_a_warning_takes_no_message_away_also_not_the_second(world: World, lobby: Place) -> None:
    find(world, lobby, "abuse")
    find(world, lobby, "abuse", message="78")
    assert queued(world) == []


def test_what_was_undone_takes_nothing_away_any_more(world: World, lobby: Place) -> None:
    find(world, lobby, "invite")
    world.do("Mo", "undo", case="1")
    assert find(world, lobby, "invite", message="78") is None
    assert [power for power, _, _ in queued(world) if power == "delete"] == []


# -- what is answered to a proposal ---------------------------------------------------------------------------------


def test_an_accepted_proposal_is_done_by_who_accepted_it(world: World, lobby: Place, chats: Chats) -> None:
    find(world, lobby, mode="ask")
    (token, *_) = buttons(world, "Mo", "Time out")
    world.press("Mo", token)
    made = case(world, 2)
    assert (made.kind, made.state, made.by_id, made.rule, made.points) == (
        "timeout", "standing", world.id_of("Mo"), "spam", 2
    )  # fmt: skip
    assert made.why.startswith("moderator of")
    assert case(world, 1).state == "closed"
    assert queued(world) == [("delete", "100005", "-Lobby"), ("timeout", "100005", "-Lobby")]
    (hit,) = hits(world)
    assert (hit["state"], hit["case_id"]) == ("right", made.id)
    told(world, "Mo")
    chats.carry()
    assert "case 2" in words(told(world, "Ben")[0])
    assert told(world, "Mo") == [], "they decided it"
    (evidence,) = world.dump()["mod_evidence"][:1]
    assert WORDS in evidence


def test_what_was_accepted_covers_the_next_message(world: World, lobby: Place) -> None:
    find(world, lobby, "invite", mode="ask")
    find(world, lobby, "invite", mode="ask", message="78")
    assert queued(world) == []
    world.press("Mo", buttons(world, "Mo", "Delete it")[0])
    find(world, lobby, "invite", mode="ask", message="79")
    assert [power for power, _, _ in queued(world)] == ["delete", "delete"]


def test_a_proposal_is_answered_once(world: World, lobby: Place) -> None:
    find(world, lobby, mode="ask")
    mine, hers = buttons(world, "Mo", "Time out")[0], buttons(world, "Sue", "Time out")[0]
    world.press("Mo", mine)
    with pytest.raises(BadInput):
        world.press("Sue", hers)
    with pytest.raises(BadInput):
        world.press("Sue", buttons(world, "Sue", "Dismiss")[-1])
    assert [one["kind"] for one in cases(world)] == ["report", "timeout"]


def test_nobody_accepts_what_is_about_somebody_who_has_risen(world: World, lobby: Place) -> None:
    find(world, lobby, mode="ask")
    world.join("Ben", "Parser", "moderator")
    with pytest.raises(NotAllowed):
        world.press("Mo", buttons(world, "Mo", "Time out")[0])
    assert queued(world) == []
    assert case(world, 1).state == "open"


def test_who_moderates_no_more_accepts_nothing(world: World, lobby: Place) -> None:
    find(world, lobby, mode="ask")
    token = buttons(world, "Mo", "Time out")[0]
    world.do("Ana", "role.revoke", at={"here": "Parser"}, person="Mo", role="moderator")
    with pytest.raises(NotFound):
        world.press("Mo", token)
    assert case(world, 1).state == "open"


def test_a_stolen_account_cannot_accept_without_end(world: World, lobby: Place) -> None:
    for number in range(25):
        world.person(f"P{number}", platform="telegram", external_id=str(200_000 + number))
        find(world, lobby, mode="ask", who=f"P{number}")
    tokens = buttons(world, "Mo", "Time out")
    for token in tokens[:20]:
        world.press("Mo", token)
    for token in tokens[20:]:
        with pytest.raises(LimitReached):
            world.press("Mo", token)
    assert len(cases(world)) == 25 + 20
    world.clock.advance(HOUR)
    world.press("Mo", tokens[20])


def test_a_dismissed_proposal_was_wrong(world: World, lobby: Place) -> None:
    find(world, lobby, mode="ask")
    world.press("Mo", buttons(world, "Mo", "Dismiss")[0])
    assert [hit["state"] for hit in hits(world)] == ["wrong"]
    assert told(world, "Ben") == []
    assert [one["state"] for one in cases(world)] == ["closed"]


def test_a_proposal_whose_message_is_too_old_is_still_carried_out(world: World, lobby: Place) -> None:
    find(world, lobby, mode="ask")
    token = buttons(world, "Mo", "Time out")[0]
    world.write(lambda unit: unit.changed(delete(mod_evidence)))
    world.press("Mo", token)
    assert queued(world) == [("timeout", "100005", "-Lobby")]


def test_nothing_but_the_evidence_holds_the_words(world: World, lobby: Place) -> None:
    for mode in ("shadow", "ask", "act"):
        find(world, lobby, mode=mode)
    world.press("Mo", buttons(world, "Mo", "Time out")[0])
    assert everywhere(world, WORDS) == ["mod_evidence"]
    assert WORDS not in json.dumps([hit["noticed"] for hit in hits(world)])
