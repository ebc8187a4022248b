"""Counting people: who may, who is counted, and that the answer gives nobody away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from bot.cards import reply_for
from bot.cards.plain import as_text
from bot.words import Words
from core.catalogue import REGISTRY
from core.clock import DAY, HOUR, ManualClock
from core.counts.counts import SMALLEST
from core.errors import NotAllowed, NotFound
from core.nexuses.members import join
from core.operations import Audience, AudienceKind
from core.operations.run import Done, run
from core.people.people import new_person
from core.records.records import add_record, close_record
from core.rules.consents import set_consent
from core.rules.rules import apply_preset, set_rule
from core.rules.words import ALL, EVERYBODY, Action, pack_actions, spread
from core.store import Unit
from tests.conftest import StoreFactory
from tests.world import PUBLIC, World

UNCOUNTED = ALL & ~spread(EVERYBODY, (Action.AGGREGATE,))


@pytest.fixture
def world(world: World) -> World:
    return settle(world)


def settle(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.nexus("Inner", parent="Parser")
    world.join("Ben", "Parser")
    world.person("Eve")
    return world


def people(world: World, number: int, body: str, *, kind: str = "need", nexus: str = "Parser") -> list[int]:
    """So many people, each with something open."""

    def unit(unit: Unit) -> list[int]:
        made = []
        for one in range(number):
            person_id = new_person(unit, f"Person {one}")
            join(unit, person_id, world.nexuses[nexus].id, "member", granted_by=person_id)
            add_record(unit, kind, nexus_id=world.nexuses[nexus].id, author_id=person_id, body=body)
            made.append(person_id)
        return made

    found: list[int] = world.write(unit)
    return found


def count(world: World, who: str = "Ben", *, at: dict[str, Any] | None = None, **arguments: Any) -> int:
    arguments.setdefault("kind", "need")
    return int(world.do(who, "people.count", at={"here": "Parser"} | (at or {}), **arguments).number)


def allow(world: World, nexus: str, audience: str, effect: str = "permit") -> None:
    world.write(
        lambda unit: set_rule(
            unit,
            world.nexuses[nexus].id,
            kind="*",
            audience=audience,
            actions=pack_actions((Action.AGGREGATE,)),
            effect=effect,
            by=world.id_of("Ana"),
        )
    )


def said(world: World, who: str = "Ben", **arguments: Any) -> str:
    outcome = world.call(who, "people.count", at={"here": "Parser"}, **arguments)
    assert isinstance(outcome, Done)
    return as_text(reply_for(outcome, Words()))


def test_people_are_counted_once_and_by_what_they_need(world: World) -> None:
    made = people(world, 6, "somebody for design")
    people(world, 7, "a desk")
    world.write(
        lambda unit: add_record(unit, "need", nexus_id=world.nexuses["Parser"].id, author_id=made[0], body="designs!")
    )
    assert count(world, about="design help") == 6
    assert count(world, about="a wooden desk") == 0
    assert count(world) == 13
    assert count(world, kind="offer") == 0


def test_it_is_said_in_a_plain_sentence(world: World) -> None:
    people(world, 12, "design help")
    people(world, 5, "hosting", kind="offer")
    assert said(world, kind="need", about="design help", since="this month") == (
        "12 people need design help in Parser this month."
    )
    assert said(world, kind="offer", about="hosting", since="30 days") == (
        "5 people offer hosting in Parser in the last 30 days."
    )
    assert said(world, kind="fact", about="bees") == (
        "Fewer than 5 people say of themselves “bees” in Parser, as far as I may say."
    )


@pytest.mark.parametrize("repeated", [False, True])
def test_too_few_sound_and_cost_the_same_however_few(new_store: StoreFactory, engine: str, repeated: bool) -> None:
    went = set()
    for number in range(SMALLEST):
        clock = ManualClock()
        store = new_store(engine)
        store.clock = clock
        world = settle(World(store, clock))
        people(world, number, "a harp")
        people(world, 6, "a desk", kind="offer")
        count(world, about="harp") if repeated else count(world, kind="offer")
        went.add((statements(world), said(world, kind="need", about="harp")))
    assert len(went) == 1
    ((ran, sentence),) = went
    assert sentence == "Fewer than 5 people need harp in Parser, as far as I may say."
    assert ran > 3


def statements(world: World) -> int:
    """How many statements a question about a harp takes now, as the driver sees them."""
    ran: list[str] = []

    def unit(unit: Unit) -> None:
        context = world.context(unit, "Ben", here="Parser")
        if unit.postgres:
            event.listen(unit.connection, "before_cursor_execute", lambda *given: ran.append(given[2]))
        else:
            unit.connection.connection.dbapi_connection.set_trace_callback(ran.append)  # type: ignore[union-attr]
        try:
            run(REGISTRY, context, "people.count", {"kind": "need", "about": "harp"})
        finally:
            if not unit.postgres:
                unit.connection.connection.dbapi_connection.set_trace_callback(None)  # type: ignore[union-attr]

    world.write(unit)
    return sum(not one.startswith("--") for one in ran)  # so SQLite notes what it does inside a statement


def test_who_does_not_want_to_be_counted_is_not(world: World) -> None:
    made = people(world, 6, "a desk")
    world.write(lambda unit: set_consent(unit, made[0], word=UNCOUNTED))
    world.write(lambda unit: set_consent(unit, made[1], kind="need", word=UNCOUNTED))
    assert count(world) == 0
    world.clock.advance(91 * DAY)
    world.write(lambda unit: set_consent(unit, made[0], word=ALL))
    assert count(world) == 5


def test_one_is_counted_for_oneself_as_for_everybody(world: World) -> None:
    people(world, 5, "a desk")
    world.do("Ben", "need.post", text="a desk", at={"here": "Parser"})
    world.do("Ben", "consent.set", use="count")
    assert count(world) == 5
    assert count(world, "Ana") == 5


def test_the_rules_decide_who_may_count(world: World) -> None:
    people(world, 6, "a desk")
    with pytest.raises(NotAllowed, match="The rules of Parser let nobody here count needs"):
        count(world, "Eve")
    world.join("Eve", "Parser", "guest")
    with pytest.raises(NotAllowed):
        count(world, "Eve")
    assert count(world) == 6
    world.write(lambda unit: apply_preset(unit, world.nexuses["Parser"].id, "private", world.id_of("Ana")))
    for who in ("Ben", "Ana"):
        with pytest.raises(NotAllowed):
            count(world, who)
    allow(world, "Parser", "steward")
    world.join("Ben", "Parser", "steward", here=False)
    assert count(world) == 6


def test_a_channel_hears_what_its_readers_may_count(world: World) -> None:
    people(world, 6, "a desk")
    members = Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses["Parser"].id)
    assert count(world, at={"audience": members}) == 6
    with pytest.raises(NotAllowed):
        count(world, at={"audience": PUBLIC})
    somebody = Audience(AudienceKind.PEOPLE, people=(0, world.id_of("Ben")))
    with pytest.raises(NotAllowed):
        count(world, at={"audience": somebody})
    both = Audience(AudienceKind.PEOPLE, people=tuple(sorted((world.id_of("Ana"), world.id_of("Ben")))))
    assert count(world, at={"audience": both}) == 6


def test_stewards_count_what_is_inside_where_its_rules_allow(world: World) -> None:
    people(world, 6, "a desk")
    people(world, 7, "a desk", nexus="Inner")
    assert count(world, "Ana") == 6
    allow(world, "Inner", "ancestor-member")
    assert count(world, "Ana") == 13
    outcome = world.call("Ana", "people.count", at={"here": "Parser"}, kind="need")
    assert isinstance(outcome, Done)
    assert as_text(reply_for(outcome, Words())) == "13 people need something in Parser and what is inside it."
    assert count(world, "Ben") == 6  # no steward: of Parser alone
    allow(world, "Inner", "ancestor-member", "deny")
    assert count(world, "Ana") == 6


def test_a_nexus_that_one_does_not_know_is_none(world: World) -> None:
    world.nexus("Vault", door="private", owner="Zoe")
    with pytest.raises(NotFound):
        count(world, nexus="Vault")


def test_a_span_counts_what_was_posted_in_it_open_or_closed(world: World) -> None:
    made = people(world, 6, "a desk")
    world.clock.advance(20 * DAY)
    people(world, 5, "a lamp")
    assert count(world, since="7 days") == 5
    assert count(world, since="30 days") == 11
    assert count(world, since="30 days", about="desk") == 6
    assert count(world, about="desk") == 6

    def close(unit: Unit, state: str) -> None:
        for record_id, version in rows(unit, made):
            close_record(unit, record_id, version, state=state)

    world.write(lambda unit: close(unit, "closed"))
    assert count(world, about="desk") == 0
    assert count(world, since="30 days", about="desks") == 6


def rows(unit: Unit, authors: list[int]) -> list[tuple[int, int]]:
    wanted = ", ".join(str(one) for one in authors)
    found = unit.rows(text(f"SELECT id, version FROM record WHERE author_id IN ({wanted})"))
    return [(row["id"], row["version"]) for row in found]


def test_what_was_removed_counts_no_more(world: World) -> None:
    made = people(world, 6, "a desk")

    def remove(unit: Unit) -> None:
        for record_id, version in rows(unit, made):
            close_record(unit, record_id, version, state="removed")

    world.write(remove)
    assert count(world, since="30 days") == 0


def test_one_persons_change_is_not_seen(world: World) -> None:
    made = people(world, 9, "a desk")
    assert count(world, about="desk") == 9
    ((record_id, version),) = world.read(lambda unit: rows(unit, made[:1]))
    world.write(lambda unit: close_record(unit, record_id, version))
    assert count(world, about="desk") == 9
    assert count(world, "Ana") == 9
    assert count(world, "Ana", about="a wooden desk or desk") == 0
    assert count(world, about="desk", since="30 days") == 9


def test_asking_in_a_channel_and_in_private_shows_nobodys_own_consent(world: World) -> None:
    """What may be counted for members and not for somebody else differs by one person: it is not seen either."""
    made = people(world, 9, "a desk")
    allow(world, "Parser", "sub-member")
    world.write(lambda unit: set_consent(unit, made[0], word=spread(1 << 1, tuple(Action))))  # members alone
    world.join("Ina", "Inner")
    assert count(world, "Ben") == 9
    assert count(world, "Ina") == 9


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("ask"), st.sampled_from(("desk", "lamp", "", "wooden desk")), st.sampled_from(("Ben", "Ana"))
        ),
        st.tuples(st.just("close"), st.integers(0, 11), st.none()),
        st.tuples(st.just("hide"), st.integers(0, 11), st.none()),
        st.tuples(st.just("post"), st.integers(0, 11), st.sampled_from(("desk", "lamp", "wooden desk"))),
    ),
    min_size=4,
    max_size=25,
)


@given(STEPS)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_an_attacker_sees_no_difference_that_is_owed_to_few(new_store: StoreFactory, steps: list[Any]) -> None:
    """Whoever knows of every single change, and asks what they like in between, from two accounts."""
    clock = ManualClock()
    store = new_store("sqlite")
    store.clock = clock
    world = settle(World(store, clock))
    made = people(world, 8, "a desk")
    made += people(world, 4, "a lamp")
    parser = world.nexuses["Parser"].id
    told: list[tuple[frozenset[int], int]] = []
    for what, which, more in steps:
        clock.advance(HOUR)
        if what == "ask":
            counted = world.read(lambda unit, which=which: brute(unit, world, which))
            number = count(world, more, about=which)
            for other, before in told:
                near = len(counted ^ other) < SMALLEST
                # The truth may only be told anew where a whole group has changed.
                fresh = number == len(counted) and before == len(other) and number != before
                assert not (near and fresh), (counted, other)
            told.append((counted, number))
        elif what == "close":
            for record_id, version in world.read(lambda unit, which=which: still_open(unit, made[which])):
                world.write(lambda unit, r=record_id, v=version: close_record(unit, r, v))
        elif what == "hide":
            world.write(lambda unit, which=which: set_consent(unit, made[which], word=UNCOUNTED))
        else:
            world.write(
                lambda unit, which=which, more=more: add_record(
                    unit, "need", nexus_id=parser, author_id=made[which], body=more
                )
            )


def still_open(unit: Unit, author: int) -> list[tuple[int, int]]:
    found = unit.rows(text("SELECT id, version FROM record WHERE state = 'open' AND author_id = :a"), a=author)
    return [(row["id"], row["version"]) for row in found]


def brute(unit: Unit, world: World, about: str) -> frozenset[int]:
    """Who is counted, worked out by hand: nobody here has rules or memberships that matter."""
    found = unit.rows(text("SELECT author_id, body, ceiling FROM record WHERE state = 'open' AND kind = 'need'"))
    member = 1 << 1
    return frozenset(
        row["author_id"]
        for row in found
        if all(word in row["body"].split() for word in about.split()) and row["ceiling"] >> 24 & member
    )
