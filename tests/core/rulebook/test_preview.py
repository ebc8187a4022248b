"""What is told before a change of rules is what the change then does."""

from __future__ import annotations

import random
from typing import Any

import pytest

from core.access.records import open_records
from core.errors import Conflict
from core.nexuses.tree import nexus_of
from core.operations import Audience, AudienceKind, Context
from core.rulebook.planning import plan_setting
from core.rulebook.preview import Comparison, Shift
from core.rulebook.telling import number_of, reach_in_words, shift_in_words
from core.rules import links
from core.rules.consents import set_consent
from core.rules.kinds import SHARED
from core.rules.resolver import may_kind
from core.rules.rules import Change, set_rule
from core.rules.words import ALL, AUDIENCES, BITS, Action, pack_actions, spread
from core.store import Unit
from tests.world import World

PEOPLE = ("Otto", "Ana", "Ben", "Gus", "Lea", "Lou", "Sue", "Zoe", "Eve")
HOUSES = ("Home", "Parser", "Lab", "Attic", "Square")


@pytest.fixture
def house(world: World) -> World:
    """Home › Parser › Lab, Attic; Home › Square, linked with Parser."""
    world.nexus("Parser", owner="Otto")
    world.nexus("Lab", owner="Lea", parent="Parser")
    world.nexus("Attic", parent="Parser")
    world.nexus("Square", owner="Sue", door="open")
    for who, where, role in (
        ("Ana", "Parser", "member"),
        ("Ben", "Parser", "moderator"),
        ("Gus", "Parser", "guest"),
        ("Lou", "Lab", "member"),
        ("Zoe", "Home", "steward"),
    ):
        world.join(who, where, role)
    world.person("Eve")

    def link(unit: Unit) -> None:
        link_id = links.propose(unit, world.nexuses["Parser"].id, world.nexuses["Square"].id, by=0)
        links.accept(unit, link_id, by=0)

    world.write(link)
    for number in range(6):
        world.do("Ana", "need.post", text=f"need {number}")
    world.do("Ben", "offer.post", text="an offer")
    world.do("Lou", "need.post", text="a bench")
    return world


def change(kind: str, audience: str, what: str, effect: str = "permit", **more: Any) -> Change:
    actions = pack_actions(Action[name.upper()] for name in what.split())
    return Change(kind, audience, actions, effect, **more)


def compared(world: World, *changes: Change, where: str = "Parser", by: str = "Otto") -> Comparison:
    """What would change."""

    def unit(unit: Unit) -> Comparison:
        context: Context = world.context(unit, by)
        plan = plan_setting(context, nexus_of(unit, world.nexuses[where].id), changes)
        return plan.comparison(context)

    found: Comparison = world.read(unit)
    return found


def carry_out(world: World, *changes: Change, where: str = "Parser") -> None:
    def unit(unit: Unit) -> None:
        for one in changes:
            set_rule(
                unit,
                world.nexuses[where].id,
                kind=one.kind,
                audience=one.audience,
                actions=one.actions,
                effect=one.effect,
                scope=one.scope,
                locked=one.locked,
                not_after=one.not_after,
                by=0,
            )

    world.write(unit)


def sights(world: World) -> set[tuple[str, str, str, Action]]:
    """Who may do what with which kind, where."""

    def unit(unit: Unit) -> set[tuple[str, str, str, Action]]:
        return {
            (who, house, kind, action)
            for who in PEOPLE
            for house in HOUSES
            for kind in SHARED
            for action in Action
            if may_kind(unit, Audience(AudienceKind.PERSON, world.id_of(who)), world.nexuses[house].id, kind, action)
        }

    found: set[tuple[str, str, str, Action]] = world.read(unit)
    return found


def test_numbers_of_people_and_of_things(house: World) -> None:
    found = compared(house, change("need", "sub-member", "see aggregate"))
    assert found.shifts == (Shift(True, "sub-member", (Action.SEE, Action.AGGREGATE), (("need", 6),), people=2),)
    assert found.opened == {house.nexuses[name].id: {"need": count} for name, count in OPENED.items()}
    assert found.inside == 2
    assert found.changed == ("need",)


OPENED = {"Parser": 6, "Lab": 1, "Attic": 0}


def test_what_anybody_gains_is_told_once(house: World) -> None:
    found = compared(house, change("*", "public", "see"), change("*", "guest", "see"))
    assert [(s.gained, s.audience, s.people, s.counts) for s in found.shifts] == [
        (True, "public", None, (("need", 7), ("offer", 1), ("fact", 0), ("grant", 0), ("fund", 0)))
    ]
    assert shift_in_words(found.shifts[0]) == (
        "Anybody could then see 7 needs, a few offers, facts about people (none yet), grants (none yet) "
        "and funds (none yet)."
    )


def test_what_is_hidden_is_told(house: World) -> None:
    found = compared(house, change("need", "member", "see", "deny"))
    (lost,) = found.shifts
    # Without seeing there is no repeating either. Those who sit in Lab lose what is there.
    assert (lost.gained, lost.audience, lost.actions, lost.people) == (False, "member", (Action.SEE, Action.QUOTE), 5)
    assert lost.counts == (("need", 7),)
    assert found.opened == {}


def test_here_only_reaches_nothing_inside(house: World) -> None:
    found = compared(house, change("need", "public", "see", scope="self"))
    assert found.opened == {house.nexuses["Parser"].id: {"need": 6}}


def test_a_nexus_inside_with_a_rule_of_its_own_keeps_it(house: World) -> None:
    carry_out(house, change("*", "public", "see", "deny"), where="Lab")
    found = compared(house, change("need", "public", "see"))
    assert found.keeping == (house.nexuses["Lab"].id,)
    assert house.nexuses["Lab"].id not in found.opened
    names = {house.nexuses["Lab"].id: "Lab"}
    assert reach_in_words(found, names, here_only=False, nexus="Parser") == (
        "It counts for the 2 Nexuses inside Parser as well. Lab has rules of its own about this and keeps them."
    )
    assert "One of them has rules" in reach_in_words(found, {}, here_only=False, nexus="Parser")
    other = compared(house, change("need", "guest", "see"))
    assert other.keeping == ()


def test_what_is_fixed_for_everything_inside_is_kept_by_nobody(house: World) -> None:
    carry_out(house, change("need", "public", "see"), where="Lab")
    found = compared(house, change("need", "public", "see", "deny", locked=True))
    assert found.keeping == ()
    assert [(s.gained, s.audience, s.counts) for s in found.shifts] == [(False, "public", (("need", 1),))]
    assert found.changed == ()  # in Parser itself it was so before


def test_consent_is_counted(house: World) -> None:
    members_only = spread(BITS["member"], Action)
    house.write(lambda unit: set_consent(unit, house.id_of("Ana"), kind="need", word=members_only))
    found = compared(house, change("need", "public", "see"))
    assert [s.counts for s in found.shifts] == [(("need", 1),)]
    house.write(lambda unit: set_consent(unit, house.id_of("Ana"), kind="need", word=ALL))
    assert [s.counts for s in compared(house, change("need", "public", "see")).shifts] == [(("need", 7),)]


def test_looking_changes_nothing(house: World) -> None:
    before = house.dump()
    compared(house, change("*", "public", "see"), change("need", "member", "see", "deny"))
    assert house.dump() == before


def test_whom_it_reaches_is_counted_as_it_is_decided(house: World) -> None:
    """The people that a preview counts are those for whom the decision itself turns out another one."""
    random_source = random.Random(11)
    for _ in range(12):
        audience = random_source.choice([name for name in AUDIENCES if name not in ("public", "bridge")])
        one = change(
            random_source.choice(("need", "offer", "*")),
            audience,
            random_source.choice(("see", "see aggregate", "aggregate")),
            random_source.choice(("permit", "permit", "deny")),
            scope=random_source.choice(("self", "subtree")),
        )
        try:
            found = compared(house, one)
        except Conflict:
            continue  # it would have no effect
        before = sights(house)
        carry_out(house, one)
        after = sights(house)
        for gained, turned in ((True, after - before), (False, before - after)):
            told = {s.actions: s.people for s in found.shifts if s.gained is gained}
            for action in Action:
                people = {who for who, _, _, which in turned if which is action}
                counts = [number for actions, number in told.items() if action in actions]
                assert sum(1 for number in counts if number) == bool(people), (one, action, told, people)
                assert max((number or 0 for number in counts), default=0) == len(people), (one, action, told, people)


def test_what_is_counted_is_what_they_then_see(house: World) -> None:
    for audience, who in (("sub-member", "Lou"), ("linked-member", "Sue"), ("guest", "Gus"), ("public", "Eve")):
        one = change("need", audience, "see", scope="self")
        (shift,) = compared(house, one).shifts
        carry_out(house, one)

        def seen(unit: Unit, who: str = who) -> int:
            me = Audience(AudienceKind.PERSON, house.id_of(who))
            return len(open_records(unit, me, "need", nexus_id=house.nexuses["Parser"].id))

        assert dict(shift.counts)["need"] == house.read(seen), audience
        carry_out(house, change("need", audience, "see", "deny", scope="self"))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_many_people_are_more_than_were_looked_at(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.rulebook.preview.MOST_ROLES", 4)
    (shift,) = compared(house, change("need", "member", "see", "deny")).shifts
    assert shift.more
    assert shift.people is not None
    assert shift.people < 5


@pytest.mark.parametrize(
    ("count", "said"), [(0, "needs (none yet)"), (1, "a few needs"), (4, "a few needs"), (5, "5 needs")]
)
def test_small_numbers_are_a_few(count: int, said: str) -> None:
    assert number_of("need", count) == said


@pytest.mark.parametrize(
    ("people", "more", "said"),
    [
        (0, False, "Guests (nobody at the moment) could no longer see 5 needs or count them."),
        (3, False, "Guests (a few people) could no longer see 5 needs or count them."),
        (31, False, "Guests (31 people) could no longer see 5 needs or count them."),
        (31, True, "Guests (more than 31 people) could no longer see 5 needs or count them."),
    ],
)
def test_people_in_words(people: int, more: bool, said: str) -> None:
    assert shift_in_words(Shift(False, "guest", (Action.SEE, Action.AGGREGATE), (("need", 5),), people, more)) == said
