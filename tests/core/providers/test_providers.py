"""Who lets what they say go to the model's provider: the nearest decision counts, and a person's own no."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, NotAllowed
from core.nexuses.tree import ROOT_ID
from core.operations.run import Ask
from core.people.linking import merge
from core.providers import consents
from core.providers.consents import Decision
from core.providers.operations import Stand
from core.providers.provider import NO_PROVIDER, Provider, configure, provider_of
from core.store import Unit
from tests.world import World

HERE = Provider("api.example.com")
EACH = Provider("api.example.com", each=True)
ELSEWHERE = Provider("api.other.example", each=True)


@pytest.fixture
def world(world: World) -> World:
    """Home › Studio › Parser, each with an owner; Ana is a member of Parser."""
    configure(world.store, HERE)
    world.nexus("Studio", owner="Stella")
    world.nexus("Parser", owner="Otto", parent="Studio")
    world.join("Ana", "Parser")
    return world


def decision(world: World, nexus: str) -> Decision:
    return world.read(lambda unit: consents.decision_for(unit, world.nexuses[nexus].id))  # type: ignore[no-any-return]


def allowed(world: World) -> dict[str, bool]:
    return {nexus: decision(world, nexus).allowed for nexus in ("Home", "Studio", "Parser")}


# -- the decision ----------------------------------------------------------------------------------------------------


def test_without_a_word_the_operators_setting_decides(world: World) -> None:
    assert allowed(world) == {"Home": True, "Studio": True, "Parser": True}
    configure(world.store, EACH)
    assert allowed(world) == {"Home": False, "Studio": False, "Parser": False}


def test_the_nearest_one_that_said_something_decides(world: World) -> None:
    world.do("Stella", "model.refuse", nexus="Studio", whose="nexus")
    assert allowed(world) == {"Home": True, "Studio": False, "Parser": False}
    world.do("Otto", "model.allow", nexus="Parser", whose="nexus")
    assert allowed(world) == {"Home": True, "Studio": False, "Parser": True}
    world.do("Stella", "model.allow", nexus="Studio", whose="nexus")
    world.do("Otto", "model.refuse", nexus="Parser", whose="nexus")
    assert allowed(world) == {"Home": True, "Studio": True, "Parser": False}


def test_a_yes_is_for_one_provider_and_a_no_for_all(world: World) -> None:
    configure(world.store, EACH)
    world.do("Stella", "model.allow", nexus="Studio", whose="nexus")
    assert allowed(world) == {"Home": False, "Studio": True, "Parser": True}
    configure(world.store, ELSEWHERE)
    assert allowed(world) == {"Home": False, "Studio": False, "Parser": False}
    world.do("Otto", "model.refuse", nexus="Parser", whose="nexus")
    configure(world.store, HERE)
    assert allowed(world) == {"Home": True, "Studio": True, "Parser": False}


class _Undo(Exception):
    """Ends a unit without a trace."""


words = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["yes", "no", "yes to another"])), max_size=6)


@pytest.mark.parametrize("engine", ["sqlite"])
@given(said=words, each=st.booleans())
def test_it_is_as_a_walk_up_the_tree_finds_it(world: World, said: list[tuple[int, str]], each: bool) -> None:
    ids = [world.nexuses[name].id for name in ("Parser", "Studio", "Home")]  # from the bottom to the top
    now = Provider("api.example.com", each=each)

    def unit(unit: Unit) -> None:
        last: dict[int, str] = {}
        for which, word in said:
            unit.pictures["provider"] = ELSEWHERE if word == "yes to another" else now
            consents.decide(unit, ids[which], allowed=word != "no", by=1)
            last[which] = word
        unit.pictures["provider"] = now
        for start in range(3):
            spoken = [last[n] for n in range(start, 3) if last.get(n) in ("yes", "no")]
            expected = spoken[0] == "yes" if spoken else not each
            assert consents.decision_for(unit, ids[start]).allowed == expected
        raise _Undo

    with pytest.raises(_Undo):
        world.write(unit)


# -- saying it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["model.allow", "model.refuse"])
def test_the_card_names_the_provider_and_what_is_meant(world: World, operation: str) -> None:
    asked = world.call("Stella", operation, nexus="Studio", whose="nexus")
    assert isinstance(asked, Ask)
    assert "api.example.com" in asked.arguments["question"]
    assert "Studio" in asked.arguments["question"]
    assert decision(world, "Studio") == Decision(True, 0)


@pytest.mark.parametrize("operation", ["model.allow", "model.refuse"])
def test_only_a_steward_speaks_for_a_nexus(world: World, operation: str) -> None:
    with pytest.raises(NotAllowed, match="keep what I write from the model"):
        world.call("Ana", operation, nexus="Parser", whose="nexus")
    assert decision(world, "Parser") == Decision(True, 0)


def test_without_saying_whose_a_steward_means_the_nexus_and_anybody_else_themself(world: World) -> None:
    stand: Stand = world.do("Ana", "model.refuse")
    assert (stand.allowed, stand.mine) == (True, False)
    stand = world.do("Otto", "model.refuse")
    assert (stand.allowed, stand.mine) == (False, True)
    stand = world.do("Otto", "model.refuse", whose="me")
    assert (stand.allowed, stand.mine) == (False, False)
    assert world.do("Ana", "model.allow").mine


def test_what_holds_already_is_not_asked_again(world: World) -> None:
    with pytest.raises(Conflict, match="not said no"):
        world.call("Ana", "model.allow")
    world.do("Ana", "model.refuse")
    world.do("Otto", "model.refuse")
    for name, match in (("Ana", "goes to no model already"), ("Otto", "goes to no model already")):
        with pytest.raises(Conflict, match=match):
            world.call(name, "model.refuse")
    world.do("Otto", "model.allow")
    with pytest.raises(Conflict, match="allows that already"):
        world.call("Otto", "model.allow")


def test_without_a_model_there_is_nothing_to_allow_and_yet_something_to_refuse(world: World) -> None:
    configure(world.store, NO_PROVIDER)
    assert world.do("Ana", "model.show").host == ""
    with pytest.raises(Conflict, match="There is no model here"):
        world.call("Otto", "model.allow", whose="nexus")
    asked = world.call("Ana", "model.refuse")
    assert isinstance(asked, Ask)
    assert "any model" in asked.arguments["question"]
    assert not world.do("Ana", "model.refuse").mine


def test_who_decided_is_named_to_those_who_know_it(world: World) -> None:
    world.do("Stella", "model.refuse", nexus="Studio", whose="nexus")
    assert world.do("Ana", "model.show").decided == "Studio"
    assert world.do("Stella", "model.show", nexus="Studio").decided == ""
    assert world.do("Ana", "model.show").allowed is False


def test_a_no_goes_with_whoever_said_it(world: World) -> None:
    world.do("Ana", "model.refuse")
    ana, other = world.id_of("Ana"), world.id_of("Ana T")
    world.write(lambda unit: merge(unit, old=ana, new=other))
    assert world.read(lambda unit: consents.person_refuses(unit, other))
    assert world.read(lambda unit: consents.refusing(unit, {other, ROOT_ID})) == {other}
    third: Any = world.id_of("Ana S")
    world.write(lambda unit: merge(unit, old=third, new=other))
    assert world.read(lambda unit: consents.person_refuses(unit, other))


def test_every_process_knows_its_own_provider(world: World) -> None:
    assert world.read(provider_of) == HERE
    assert world.read(lambda unit: consents.refusing(unit, set())) == set()
