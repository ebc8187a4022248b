"""What rules keep about people: numbers and closed words, theirs to see, and gone with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.moderation.signals.defaults import DEFAULT_RULES
from core.places.places import Place
from tests.core.moderation.guards.watching import WORDS, everywhere, find, hits, let
from tests.world import World


def exported(world: World, who: str) -> dict[str, Any]:
    """Somebody's own export, table by table."""
    made: dict[str, Any] = json.loads(json.dumps(world.do(who, "my.export").document))
    tables: dict[str, Any] = made["tables"]
    return tables


def test_whoever_was_found_can_see_what_was_noticed(world: World, lobby: Place) -> None:
    find(world, lobby, mode="shadow")
    find(world, lobby, "flood", mode="shadow", who="Tim")
    mine = exported(world, "Ben")["guard_hit"]
    assert [(one["rule"], one["mode"], one["times"], one["state"]) for one in mine] == [("spam", "shadow", 1, "found")]
    assert [one["rule"] for one in exported(world, "Tim")["guard_hit"]] == ["flood"]
    assert not exported(world, "Mo").get("guard_hit")


@pytest.mark.parametrize("mode", ["shadow", "ask", "act"])
def test_it_goes_with_them(world: World, lobby: Place, mode: str) -> None:
    find(world, lobby, mode=mode)
    find(world, lobby, mode=mode, who="Tim")
    world.do("Ben", "my.forget")
    assert [hit["person_id"] for hit in hits(world)] == [world.id_of("Tim")]
    assert len([row for row in world.dump()["mod_evidence"] if WORDS in repr(row)]) == (mode != "shadow")
    shown = world.do("Mo", "guard.show", at={"here": "Parser"})
    assert [line.people for line in shown.items if line.found] == [("Tim",)]


def test_who_set_a_rule_and_is_forgotten_leaves_the_rule(world: World, lobby: Place) -> None:
    let(world, "spam", "act", by="Sue")
    world.do("Sue", "guard.words", at={"here": "Parser"}, add="kraken")
    world.do("Sue", "my.forget")
    line = next(one for one in world.do("Mo", "guard.show", at={"here": "Parser"}).items if one.rule == "spam")
    assert (line.mode, line.fell_back) == ("act", False)


def test_a_shadow_find_keeps_no_words_under_any_rule(world: World, lobby: Place) -> None:
    for rule in DEFAULT_RULES:
        find(world, lobby, rule, mode="shadow")
    assert everywhere(world, WORDS) == []
    assert everywhere(world, "zitherfish") == []
