"""What is hidden changes nothing of what is seen: neither the set, nor the order, nor any refusal."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.records import Record, open_records, search_records
from core.errors import NexusError
from core.operations import Audience, AudienceKind
from core.records.records import add_record
from core.store import Unit
from tests.world import PUBLIC, World

WORDS = ("logo", "design", "violin", "desk", "lamp", "teach", "python", "chairs")
PEOPLE = ("Ana", "Ben", "Zoe", "Gus")
NEXUSES = ("Parser", "Other")
_BODY = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
_RECORD = st.tuples(
    st.sampled_from(("thought", "need", "offer")), st.sampled_from(NEXUSES), st.sampled_from(PEOPLE), _BODY
)


@pytest.fixture
def world(world: World) -> World:
    """Ana in both, Ben in Parser, Zoe in Other, Gus a guest of Parser."""
    world.nexus("Parser", owner="Ana")
    world.nexus("Other", owner="Zoe")
    world.join("Ana", "Other")
    world.join("Ben", "Parser")
    world.join("Gus", "Parser", "guest")
    return world


REACH = {"Ana": set(NEXUSES), "Ben": {"Parser"}, "Zoe": {"Other"}, "Gus": set()}


class _Undo(Exception):
    """Ends a unit without a trace."""


def in_a_unit(world: World, unit: Any) -> Any:
    """Run a unit that leaves nothing behind, so that one store serves every example."""
    value: Any = None

    def undone(inner: Unit) -> None:
        nonlocal value
        value = unit(inner)
        raise _Undo

    with pytest.raises(_Undo):
        world.write(undone)
    return value


def audiences(world: World) -> dict[str, Audience]:
    people = {who: Audience(AudienceKind.PERSON, world.id_of(who)) for who in PEOPLE}
    rooms = {name: Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses[name].id) for name in NEXUSES}
    return people | rooms | {"public": PUBLIC}


def may_see(audience: str, kind: str, nexus: str, author: str) -> bool:
    """The rule in its own words: the reference."""
    if audience == "public":
        return False
    if audience in NEXUSES:
        return kind != "thought" and nexus == audience
    return author == audience or (kind != "thought" and nexus in REACH[audience])


@settings(max_examples=25)
@given(records=st.lists(_RECORD, max_size=12), query=_BODY)
def test_each_audience_finds_what_the_rule_says_and_nothing_else(world: World, records: list[Any], query: str) -> None:
    seen_by = audiences(world)

    def unit(unit: Unit) -> None:
        made = {}
        for kind, nexus, author, body in records:
            made_id, _ = add_record(
                unit, kind, nexus_id=world.nexuses[nexus].id, author_id=world.id_of(author), body=body
            )
            made[made_id] = (kind, nexus, author, body)
        for name, audience in seen_by.items():
            visible = {i for i, (kind, nexus, author, _) in made.items() if may_see(name, kind, nexus, author)}
            found = [r.id for r in search_records(unit, audience, query, most=100)]
            assert len(found) == len(set(found))
            assert set(found) == {i for i in visible if set(query.split()) & set(made[i][3].split())}
            for nexus in NEXUSES:
                for kind in ("thought", "need", "offer"):
                    listed = {r.id for r in open_records(unit, audience, kind, nexus_id=world.nexuses[nexus].id)}
                    assert listed == {i for i in visible if made[i][:2] == (kind, nexus)}

    in_a_unit(world, unit)


@settings(max_examples=25)
@given(
    records=st.lists(_RECORD, max_size=10), hidden=st.lists(_RECORD, max_size=10), query=_BODY, seed=st.integers(0, 99)
)
def test_hidden_records_change_neither_the_set_nor_the_order(
    world: World, records: list[Any], hidden: list[Any], query: str, seed: int
) -> None:
    for name, audience in audiences(world).items():
        unseen = [r for r in hidden if not may_see(name, r[0], r[1], r[2])]
        seen = [r for r in records if may_see(name, r[0], r[1], r[2])]
        mixed = [(r, True) for r in seen] + [(r, False) for r in unseen]
        order = sorted(range(len(mixed)), key=lambda i, n=name: random.Random(f"{seed}{n}{i}").random())  # type: ignore[misc]
        order = [i for i in order if not mixed[i][1]] if not seen else order

        def answers(unit: Unit, chosen: list[Any], audience: Audience = audience) -> list[str]:
            for kind, nexus, author, body in chosen:
                add_record(unit, kind, nexus_id=world.nexuses[nexus].id, author_id=world.id_of(author), body=body)
            found: list[Record] = search_records(unit, audience, query, most=100)
            return [f"{r.kind} {r.author} {r.nexus} {r.body}" for r in found]

        with_hidden = [mixed[i][0] for i in order]
        without = [mixed[i][0] for i in order if mixed[i][1]]
        found = [in_a_unit(world, lambda unit, c=chosen: answers(unit, c)) for chosen in (with_hidden, without)]
        assert found[0] == found[1]


def test_a_crowd_of_hidden_matches_does_not_crowd_out_the_visible_one(world: World) -> None:
    other, parser = world.nexuses["Other"].id, world.nexuses["Parser"].id

    def fill(unit: Unit) -> None:
        add_record(unit, "offer", nexus_id=parser, author_id=world.id_of("Ana"), body="violin lessons")
        for _ in range(400):
            add_record(unit, "offer", nexus_id=other, author_id=world.id_of("Zoe"), body="violin violin")

    world.write(fill)
    assert [e.text for e in world.do("Ben", "record.search", query="violin").items] == ["violin lessons"]


def test_refusals_do_not_tell_whether_there_was_something(world: World) -> None:
    """The same words are refused in the same words, whether somebody else has such a record or not."""
    for kind in ("thought", "need", "offer"):
        asked = f"{kind}.remove" if kind == "thought" else f"{kind}.close"
        messages = set()
        for words in ("violin", "#k0000"):
            for _ in range(2):
                with pytest.raises(NexusError) as refusal:
                    world.do("Ben", asked, at=None, **{kind: words})
                messages.add((refusal.value.code, refusal.value.message.replace(words, "X")))
                world.write(
                    lambda unit, k=kind: add_record(
                        unit, k, nexus_id=world.nexuses["Other"].id, author_id=world.id_of("Zoe"), body="violin"
                    )
                )
        assert len(messages) == 1
