"""What the engine says is what the words of the rules say: whatever the world, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import select

from core.access import matches
from core.access.records import access_record, open_records, open_records_by, search_records, suggest_records
from core.errors import NexusError
from core.nexuses import founding
from core.operations import Actor, Context, Origin, Where
from core.operations.context import Audience, AudienceKind
from core.records.records import add_record, close_record
from core.records.tables import record
from core.rules import consents, lists, masks, resolver, rules
from core.rules.kinds import SHARED
from core.rules.tables import rule_mask
from core.rules.words import ALL, AUDIENCES, BITS, Action, audiences_of
from core.store import Store, Unit
from tests.core.rules.built import build, look, put_members
from tests.core.rules.checks import check, decisions, everything, moves, rows, stored_masks
from tests.core.rules.doings import Undone
from tests.core.rules.reference import Membership, Picture, Record
from tests.core.rules.test_decide import RANDOMS
from tests.core.rules.worlds import DEEP, KINDS, PEOPLE, WORDS, few, make, random_word
from tests.world import PUBLIC

Answers = dict[tuple[Audience, int, Action], bool]
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"])  # nothing in it speaks to the engine underneath otherwise


def in_a_unit(store: Store, unit: Callable[[Unit], Any]) -> Any:
    """Run a unit that leaves nothing behind, so that one store serves every example."""
    value: Any = None

    def undone(inner: Unit) -> None:
        nonlocal value
        value = unit(inner)
        raise Undone

    with pytest.raises(Undone):
        store.write(undone).result()
    return value


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages, probes and walks so short that a small world needs all the ways of reading a list."""
    for name, value in {"PROBES": 2, "MANY": 3, "SLOTS": (1, 2), "WALK": 2, "FIRST": 1, "LARGEST": 2}.items():
        monkeypatch.setattr(lists, name, value)
    for name, value in {"PLACES": 2, "PAGE": 2}.items():
        monkeypatch.setattr(matches, name, value)


def answers(unit: Unit, seen: Picture) -> Answers:
    """What the engine says to everybody about everything."""
    stored = rows(unit)
    return {
        (audience, one.id, action): resolver.may(unit, audience, stored[one.id], action)
        for audience in seen.everybody()
        for one in seen.records
        for action in Action
    }


@settings(max_examples=few(10))
@given(random=RANDOMS)
def test_compiled_lists_search_and_reasons_are_the_reference(home: Store, random: Random) -> None:
    """Seen by the very unit that wrote it all."""

    def unit(unit: Unit) -> None:
        build(unit, make(random))
        assert check(unit) == []

    in_a_unit(home, unit)


@pytest.mark.usefixtures("narrow")
@settings(max_examples=few(10))
@given(random=RANDOMS)
def test_lists_and_search_are_the_same_by_whatever_way_they_are_read(home: Store, random: Random) -> None:
    def unit(unit: Unit) -> None:
        build(unit, make(random, records=20))
        assert check(unit) == []

    in_a_unit(home, unit)


@ON_SQLITE
@settings(max_examples=few(20))
@given(random=RANDOMS)
def test_consent_only_narrows(home: Store, random: Random) -> None:
    def unit(unit: Unit) -> None:
        world = make(random)
        build(unit, world)
        seen = look(unit)
        before = answers(unit, seen)
        one = random.choice(seen.records)
        key = random.choice([("*", 0), (one.kind, 0), (one.kind, one.id)])
        said = [c for c in consents.consents_of(unit, one.author_id) if (c.kind, c.record_id) == key]
        word = random_word(random) & (said[0].word if said else ALL)
        consents.set_consent(unit, one.author_id, kind=key[0], record_id=key[1], word=word)
        after = answers(unit, seen)
        assert [key for key in after if after[key] and not before[key]] == []
        mine = Audience(AudienceKind.PERSON, one.author_id)
        assert all(after[mine, r.id, action] for r in seen.records if r.author_id == one.author_id for action in Action)

    in_a_unit(home, unit)


@ON_SQLITE
@settings(max_examples=few(20))
@given(random=RANDOMS)
def test_belonging_to_more_never_hides_anything(home: Store, random: Random) -> None:
    def unit(unit: Unit) -> None:
        world = make(random)
        ids = build(unit, world)
        seen = look(unit)
        before = answers(unit, seen)
        held = {(m.person_id, m.nexus_id, m.role) for m in seen.memberships}
        free = [
            Membership(who, where, role)
            for who in PEOPLE
            for where in ids.values()
            for role in ("owner", "steward", "treasurer", "moderator", "member", "guest")
            if (who, where, role) not in held
        ]
        put_members(unit, [random.choice(free)])
        after = answers(unit, seen)
        assert [key for key in before if before[key] and not after[key]] == []

    in_a_unit(home, unit)


@ON_SQLITE
@settings(max_examples=few(20))
@given(random=RANDOMS)
def test_a_channel_hears_nothing_that_one_of_its_readers_may_not_see(home: Store, random: Random) -> None:
    def unit(unit: Unit) -> None:
        build(unit, make(random))
        seen = look(unit)
        said = answers(unit, seen)
        everyone = [*PEOPLE, 0]
        for audience in seen.everybody():
            readers = {
                AudienceKind.PERSON: [audience.person_id],
                AudienceKind.PUBLIC: everyone,
                AudienceKind.MEMBERS: [who for who in PEOPLE if seen_as_member(seen, who, audience.nexus_id)],
                AudienceKind.PEOPLE: audience.people or everyone,
            }[audience.kind]
            told = {stub.id for stub in lists.newest(unit, audience, KINDS, 50)}
            told |= {one.id for one in search_records(unit, audience, " ".join(WORDS), most=50)}
            for who in readers:
                person = Audience(AudienceKind.PERSON, who)
                assert [i for i in told if not said[person, i, Action.SEE]] == [], (audience, who)

    in_a_unit(home, unit)


def seen_as_member(seen: Picture, who: int, nexus_id: int) -> bool:
    return any(
        m.person_id == who and m.nexus_id == nexus_id and m.state == "active" and m.role != "guest"
        for m in seen.memberships
    )


@ON_SQLITE
@settings(max_examples=few(15))
@given(random=RANDOMS)
def test_the_order_in_which_things_were_said_says_nothing(home: Store, random: Random) -> None:
    world = make(random)
    shuffled = world.but(
        rules=tuple(random.sample(world.rules, len(world.rules))),
        memberships=tuple(random.sample(world.memberships, len(world.memberships))),
        consents=tuple(random.sample(world.consents, len(world.consents))),
        links=tuple(replace(one, nexus_id=one.other_id, other_id=one.nexus_id) for one in reversed(world.links)),
    )
    assert told_of(home, world) == told_of(home, shuffled)


def told_of(store: Store, world: Picture) -> dict[str, Any]:
    def unit(unit: Unit) -> dict[str, Any]:
        build(unit, world)
        return everything(unit)

    said: dict[str, Any] = in_a_unit(store, unit)
    return said


@settings(max_examples=few(15))
@given(random=RANDOMS)
def test_moving_a_subtree_is_making_everything_anew(home: Store, random: Random) -> None:
    def unit(unit: Unit) -> None:
        build(unit, make(random))
        assert moves(unit, random) == []
        before = kept(unit)
        masks.rebuild(unit)
        # A row of its own for a kind that is not named there any more says what that of every kind says.
        general = {nexus_id: word for (nexus_id, kind), word in before.items() if kind == "*"}
        anew = kept(unit)
        assert {key: anew.get(key, general[key[0]]) for key in before} == before
        assert anew.keys() <= before.keys()

    in_a_unit(home, unit)


def kept(unit: Unit) -> dict[tuple[int, str], tuple[int, int | None]]:
    return {(row["nexus_id"], row["kind"]): (row["word"], row["until"]) for row in unit.rows(select(rule_mask))}


@pytest.mark.parametrize("engine", ["postgres"])
@settings(max_examples=few(15))
@given(random=RANDOMS)
def test_both_engines_say_the_same(home: Store, new_store: Callable[[str], Store], random: Random) -> None:
    other = new_store("sqlite")
    other.write(founding.found).result()
    world = make(random)
    said = told_of(other, world)
    other.close()
    assert told_of(home, world) == said


@ON_SQLITE
@settings(max_examples=few(15))
@given(random=RANDOMS)
def test_a_preset_is_what_it_says_whatever_is_above_but_for_locks(home: Store, random: Random) -> None:
    def unit(unit: Unit) -> None:
        ids = list(build(unit, make(random)).values())
        where, preset = random.choice(ids), random.choice(sorted(rules.PRESETS))
        rules.apply_preset(unit, where, preset, by=1)
        seen = look(unit)
        for kind in SHARED:
            for action in Action:
                for audience in AUDIENCES:
                    locked = any(
                        rule.locked for level in seen.speaking(where, kind, action, audience)[1:] for rule in level
                    )
                    wanted = bool(audiences_of(rules.PRESETS[preset], action) & BITS[audience])
                    assert seen.allowed(where, kind, action, audience) == (wanted and not locked)
        assert stored_masks(unit) + decisions(unit, actions=(Action.SEE,)) == []

    in_a_unit(home, unit)


@ON_SQLITE
def test_worlds_are_dense(home: Store) -> None:
    """Every audience, state, effect and depth is in some of them, and both answers are common; nothing gets lost."""
    found: set[str] = set()
    yes = all_of = 0
    for seed in range(40):
        world = make(Random(seed))

        def unit(unit: Unit, world: Picture = world) -> Picture:
            build(unit, world)
            return look(unit)

        seen: Picture = in_a_unit(home, unit)
        assert len(seen.nexuses) == len(world.nexuses)
        assert sorted(m.state for m in seen.memberships) == sorted(m.state for m in world.memberships)
        assert [replace(r, nexus_id=0) for r in seen.rules] == [replace(r, nexus_id=0) for r in world.rules]
        assert sorted(one.state for one in seen.links) == sorted(one.state for one in world.links)
        assert len(seen.records) == len(world.records)
        assert {c.word for c in seen.consents} == {c.word for c in world.consents if c.word != ALL}
        found |= {f"depth {len(seen.chain(n.id)) - 1}" for n in seen.nexuses}
        found |= {"archived" for n in seen.nexuses if n.archived}
        found |= {f"{m.role} {m.state}" for m in seen.memberships}
        found |= {f"{one.state} link" for one in seen.links}
        found |= {f"{r.effect} {r.scope}{' locked' * r.locked}" for r in seen.rules}
        found |= {f"over {r.not_after <= seen.now}" for r in seen.rules if r.not_after is not None}
        for one in seen.records:
            for who in seen.people:
                if who != one.author_id:
                    found |= seen.audiences(seen.person(who), one.nexus_id)
                    all_of += 1
                    yes += seen.may(Audience(AudienceKind.PERSON, who), one, Action.SEE)
    wanted = {f"depth {depth}" for depth in range(DEEP + 1)} | {
        "archived",
        "active link",
        "proposed link",
        "ended link",
    }
    wanted |= {f"{role} active" for role in ("owner", "steward", "treasurer", "moderator", "member", "guest")}
    wanted |= {"member suspended", "member left", "permit self", "permit subtree", "deny self", "deny subtree"}
    wanted |= {"deny self locked", "deny subtree locked", "over True", "over False"}
    wanted |= {"public", "member", "sub-member", "ancestor-member", "linked-member", "owner", "moderator", "guest"}
    assert wanted - found == set()
    assert 0.15 < yes / all_of < 0.85


def heard_in(unit: Unit, audience: Audience, actor: int, nexus_ids: list[int]) -> list[str]:
    """All that can be read, chosen and refused in a place, letter by letter."""
    context = Context(
        unit, Actor(actor, "Somebody", 0), nexus_ids[0], audience, Where("terminal", direct=False), Origin.COMMAND
    )
    said: list[object] = []
    for kind in KINDS:
        said += [open_records(unit, audience, kind, nexus_id=one, most=2) for one in nexus_ids]
        said += [open_records_by(unit, audience, kind, one, most=2) for one in PEOPLE]
        said += [suggest_records(context, kind, part, 5) for part in ("", WORDS[0])]
        for words in (*WORDS, "#k0000", "last", "=7"):
            try:
                said.append(access_record(context, kind, words))
            except NexusError as refusal:
                said.append((refusal.code, refusal.message))
    for query in (*WORDS, " ".join(WORDS)):
        said += [search_records(unit, audience, query, kind, most=3) for kind in (None, "need")]
    return [repr(one) for one in said] + [repr(sorted(unit.shown))]


@settings(max_examples=few(8))
@given(random=RANDOMS)
def test_what_is_hidden_changes_no_letter_of_what_a_channel_hears(home: Store, random: Random) -> None:
    """Hidden things appear, change and go; every channel, and everybody in private, hears the same as before."""

    def unit(unit: Unit) -> None:
        ids = [*build(unit, make(random)).values()]
        audiences = random.sample(list(look(unit).everybody()), 4)
        for audience in [*audiences, PUBLIC]:
            seen = look(unit)
            actor = random.choice(PEOPLE) if audience.kind is not AudienceKind.PERSON else audience.person_id
            unit.shown.clear()
            before = heard_in(unit, audience, actor, ids)
            for _ in range(6):
                kind, where, who = random.choice(KINDS), random.choice(ids), random.choice(PEOPLE)
                body = " ".join(random.choice(WORDS) for _ in range(3))
                if not seen.may_hear(audience, Record(-1, kind, where, who)):
                    add_record(unit, kind, nexus_id=where, author_id=who, body=body)
            for one in look(unit).records:
                if one.state == "open" and not seen.may_hear(audience, one) and random.random() < 0.3:
                    version = unit.value(select(record.c.version).where(record.c.id == one.id))
                    close_record(unit, one.id, version, state=random.choice(("closed", "removed")))
            unit.shown.clear()
            assert heard_in(unit, audience, actor, ids) == before, audience

    in_a_unit(home, unit)
