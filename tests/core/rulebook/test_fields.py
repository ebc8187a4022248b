"""Arguments of rules: read as typed, frozen for a button, and the same again after that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import BadInput, NexusError, NotAllowed
from core.operations import Context
from core.rulebook.arguments import ACTIONS, KINDS, PEOPLE, SENTENCE
from core.rulebook.fields import PickedField, SeveralField, Wanted
from core.rulebook.sentence import Several
from core.store import Unit
from tests.world import World


def resolved(world: World, field: Any, raw: object) -> Any:
    """What a field makes of something typed. Raises what it raised."""

    def unit(unit: Unit) -> Any:
        context: Context = world.context(unit, "Ana")
        try:
            return field.resolve(field.read(raw), context)
        except NexusError as error:
            return error

    world.person("Ana")
    found = world.read(unit)
    if isinstance(found, NexusError):
        raise found
    return found


SAID = (
    "members may see needs, the public only counts",
    "guests may not see everything until 3 Dec 2026, locked, here only",
    "nobody may export facts",
    "the public only counts",
    "for two days linked nexuses may see offers in Night Market",
)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("text", SAID)
def test_a_frozen_sentence_is_the_same_sentence(world: World, text: str) -> None:
    first: Wanted = resolved(world, SENTENCE, text)
    again: Wanted = resolved(world, SENTENCE, json.loads(json.dumps(SENTENCE.freeze(first))))
    assert (again.said.parts, again.said.scope, again.said.locked) == (
        first.said.parts,
        first.said.scope,
        first.said.locked,
    )
    assert (again.not_after, again.said.place) == (first.not_after, first.said.place)
    assert SENTENCE.show(again) == SENTENCE.show(first)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_something_else_than_what_was_frozen_is_refused(world: World) -> None:
    sound = SENTENCE.freeze(resolved(world, SENTENCE, "members may see needs"))
    wrong: list[dict[str, Any]] = [
        {},
        sound | {"parts": []},
        sound | {"parts": 5},
        sound | {"parts": [["thought", "member", 1, "permit"]]},
        sound | {"parts": [["need", "author", 1, "permit"]]},
        sound | {"parts": [["need", "member", 0, "permit"]]},
        sound | {"parts": [["need", "member", 1 << 9, "permit"]]},
        sound | {"parts": [["need", "member", "1", "permit"]]},
        sound | {"parts": [["need", "member", 1, "maybe"]]},
        sound | {"parts": [["need", "member", 1]]},
        sound | {"scope": "world"},
        sound | {"not_after": "soon"},
    ]
    for raw in wrong:
        with pytest.raises(BadInput, match="could not read"):
            SENTENCE.read(raw)
    SENTENCE.read(sound)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_cannot_be_a_rule_is_said_when_it_is_used(world: World) -> None:
    with pytest.raises(BadInput, match="“tuesdays”"):
        resolved(world, SENTENCE, "members may see needs on tuesdays")
    with pytest.raises(BadInput, match="as an end"):
        resolved(world, SENTENCE, "members may see needs until doomsday")
    with pytest.raises(BadInput, match="in the past"):
        resolved(world, SENTENCE, "members may see needs until 2020-01-01")
    with pytest.raises(NotAllowed, match="author's alone"):
        resolved(world, KINDS, "thoughts")
    with pytest.raises(BadInput, match="too long"):
        SENTENCE.read("members may see needs " * 40)


@pytest.mark.parametrize(
    ("field", "typed", "names", "only", "shown"),
    [
        (KINDS, "needs and offers", ("need", "offer"), False, "needs and offers"),
        (KINDS, "Profiles", ("fact",), False, "facts about people"),
        (KINDS, "all data", ("*",), False, "everything"),
        (PEOPLE, "everyone", ("public",), False, "anybody"),
        (PEOPLE, "only members below", ("sub-member",), True, "only members of the Nexuses inside"),
        (ACTIONS, "see, repeat & count", ("see", "quote", "aggregate"), False, "see, repeat in channels and count"),
        (ACTIONS, "only numbers", ("aggregate",), True, "only count"),
    ],
)
def test_several_words(field: SeveralField, typed: str, names: tuple[str, ...], only: bool, shown: str) -> None:
    found = field.read(typed)
    assert found == Several(names, only)
    assert field.read(field.freeze(found)) == found
    assert field.show(found) == shown


def test_every_word_that_is_offered_is_understood() -> None:
    for field in (KINDS, PEOPLE, ACTIONS):
        with pytest.raises(BadInput) as refusal:
            field.read("rubbish")
        options = refusal.value.data["options"].split(", ")
        assert len({field.read(option).names for option in options}) == len(options)
        assert "thoughts" not in options


def test_a_picked_word_is_one_of_its_list() -> None:
    field = PickedField("whether", ("allow", "deny"), also={"forbid": "deny"})
    assert [field.read(word) for word in ("allow", "Forbid")] == ["allow", "deny"]
    with pytest.raises(BadInput):
        field.read("perhaps")
