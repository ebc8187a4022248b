"""Memory keeps to the rules: nothing comes back before people who may not hear it, or to a provider that may not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.talk import memory
from bot.talk.heard import MOST, Mark, listeners, reaches
from bot.talk.memory import Recalled
from bot.talk.tables import talk_line
from core.access.again import those_heard, those_sendable
from core.operations import Audience, AudienceKind
from core.privacy.fates import delete_records
from core.providers import consents
from core.providers.provider import Provider, configure
from core.records.records import add_record, close_record
from core.records.tables import record
from core.rules.consents import set_consent
from core.rules.rules import set_rule
from core.rules.words import NOTHING, Action, Effect, pack_actions
from core.store import Unit
from tests.world import World

PUBLIC = Audience(AudienceKind.PUBLIC)
KEY = "telegram::harbour::ana"


def people(*ids: int) -> Audience:
    return Audience(AudienceKind.PEOPLE, people=ids)


def members(nexus_id: int) -> Audience:
    return Audience(AudienceKind.MEMBERS, nexus_id=nexus_id)


# -- who heard it then, and who listens now --------------------------------------------------------------------------

audiences = st.one_of(
    st.builds(lambda n: Audience(AudienceKind.PERSON, n), st.integers(1, 3)),
    st.builds(members, st.integers(1, 3)),
    st.builds(lambda ids: people(*ids), st.lists(st.integers(0, 30), max_size=30)),
    st.just(PUBLIC),
)


def ears(audience: Audience) -> frozenset[str]:
    """Who can hear, written out: somebody unknown may be anybody."""
    everybody = frozenset(f"p{n}" for n in range(1, 31)) | {f"member of {n}" for n in range(1, 4)} | {"alone", "x"}
    match audience.kind:
        case AudienceKind.PERSON:
            return frozenset({"alone"})  # a direct chat has a lane of its own, with the same one person in it
        case AudienceKind.MEMBERS:
            return frozenset({f"member of {audience.nexus_id}"})
        case AudienceKind.PEOPLE if audience.people and 0 not in audience.people:
            return frozenset(f"p{n}" for n in audience.people)
    return everybody


@given(audiences, audiences)
def test_nobody_hears_again_what_they_could_not_hear_before(then: Audience, now: Audience) -> None:
    if reaches(listeners(then), listeners(now)):
        assert ears(now) <= ears(then)


@given(audiences)
def test_whoever_heard_it_is_reminded(audience: Audience) -> None:
    assert reaches(listeners(audience), listeners(audience))
    assert reaches(listeners(PUBLIC), listeners(audience))


def test_a_roster_that_shrank_is_reminded_and_one_that_grew_is_not() -> None:
    assert reaches(listeners(people(1, 2, 3)), listeners(people(1, 3)))
    assert not reaches(listeners(people(1, 3)), listeners(people(1, 2, 3)))


# -- recalling -------------------------------------------------------------------------------------------------------


class Lane:
    """A lane of talk in which a line was said, and its world: Parser and Other, needs of Ana and Ben in them."""

    def __init__(self, world: World) -> None:
        self.world = world
        configure(world.store, Provider("api.example.com"))
        for nexus in ("Parser", "Other"):
            world.nexus(nexus, owner="Otto")
            for name in ("Ana", "Ben"):
                world.join(name, nexus)
        self.parser, self.other = (world.nexuses[name].id for name in ("Parser", "Other"))
        self.ana = Audience(AudienceKind.PERSON, world.id_of("Ana"))
        self.need = self.record("Ben", self.parser)
        self.mark = Mark(listeners(self.ana), frozenset({self.need}), frozenset({self.parser}))

    def record(self, author: str, nexus_id: int) -> int:
        made = self.world.write(
            lambda unit: add_record(unit, "need", nexus_id=nexus_id, author_id=self.world.id_of(author), body="a desk")
        )
        return int(made[0])

    def say(self, mark: Mark, text: str = "Ben needs a desk", number: int = 1) -> None:
        self.world.write(lambda unit: memory.remember(unit, KEY, 1, number, "assistant", text, mark))

    def recall(self, audience: Audience | None = None) -> Recalled:
        found: Recalled = self.world.read(lambda unit: memory.recall(unit, KEY, audience or self.ana))
        return found

    def texts(self, audience: Audience | None = None) -> list[str]:
        return [line.said.text for line in self.recall(audience).lines]


@pytest.fixture
def lane(world: World) -> Lane:
    return Lane(world)


def test_a_line_is_recalled_with_what_it_speaks_of(lane: Lane) -> None:
    lane.say(lane.mark)
    found = lane.recall()
    assert [line.said.text for line in found.lines] == ["Ben needs a desk"]
    assert found.mark == lane.mark


def _leave(lane: Lane, unit: Unit) -> None:
    from core.nexuses.members import leave

    leave(unit, lane.world.id_of("Ana"), lane.world.nexuses["Parser"])


CHANGES: dict[str, Any] = {
    "it was removed": lambda lane, unit: close_record(unit, lane.need, 1, state="removed"),
    "it is gone": lambda lane, unit: delete_records(unit, [lane.need]),
    "a rule forbids it": lambda lane, unit: set_rule(
        unit,
        lane.parser,
        kind="need",
        audience="member",
        actions=pack_actions([Action.SEE]),
        effect=Effect.DENY,
        by=1,
    ),
    "its author took their consent back": lambda lane, unit: set_consent(
        unit, lane.world.id_of("Ben"), kind="need", word=NOTHING
    ),
    "the listener left": lambda lane, unit: _leave(lane, unit),
    "its Nexus refuses the provider": lambda lane, unit: consents.decide(unit, lane.parser, allowed=False, by=1),
    "its author refuses the provider": lambda lane, unit: consents.refuse(unit, lane.world.id_of("Ben")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_may_not_be_heard_any_more_is_not_recalled(lane: Lane, change: str) -> None:
    lane.say(lane.mark)
    lane.say(Mark(listeners(lane.ana), frozenset(), frozenset({lane.other})), "How is the weather?", 2)
    lane.world.write(lambda unit: memory.fold(unit, KEY, 1, "A desk came up.", 0, lane.mark))
    assert lane.recall().summary == "A desk came up."
    lane.world.write(lambda unit: CHANGES[change](lane, unit))
    found = lane.recall()
    assert (found.summary, found.outdated) == ("", True)
    assert [line.said.text for line in found.lines] == ["How is the weather?"]
    assert found.mark.records == frozenset()


def test_a_summary_is_made_anew_of_the_lines_that_are_left(lane: Lane) -> None:
    lane.world.write(lambda unit: memory.fold(unit, KEY, 1, "A desk came up.", 0, lane.mark))
    lane.say(Mark(listeners(lane.ana)), "How is the weather?")
    lane.world.write(lambda unit: memory.drop_summary(unit, KEY))
    found = lane.recall()
    assert (found.summary, found.outdated) == ("", False)
    assert [line.said.text for line in found.lines] == ["How is the weather?"]


def test_talk_about_a_nexus_that_refuses_stays_with_us(lane: Lane) -> None:
    lane.say(Mark(listeners(lane.ana), nexuses=frozenset({lane.parser})), "our plans")
    assert lane.texts() == ["our plans"]
    lane.world.write(lambda unit: consents.decide(unit, lane.parser, allowed=False, by=1))
    assert lane.texts() == []


@pytest.mark.parametrize("bound_to", ["other", "public", "people"])
def test_a_place_with_other_listeners_has_another_memory(lane: Lane, bound_to: str) -> None:
    now = {"other": members(lane.other), "public": PUBLIC, "people": people(1, 2)}[bound_to]
    lane.say(Mark(listeners(members(lane.parser))), "between us")
    lane.say(Mark(listeners(PUBLIC)), "hello all", 2)
    assert lane.texts(members(lane.parser)) == ["between us", "hello all"]
    assert lane.texts(now) == ["hello all"]


def test_lines_of_which_nothing_is_known_are_not_recalled(lane: Lane) -> None:
    lane.say(lane.mark)
    lane.world.write(lambda unit: unit.execute(update(talk_line).values(shows=None)))
    assert lane.texts() == []


def test_what_speaks_of_too_much_is_left_behind(lane: Lane) -> None:
    many = frozenset(lane.record("Ben", lane.parser) for _ in range(3))
    lane.say(Mark(listeners(lane.ana), many))
    assert lane.texts() == ["Ben needs a desk"]
    lane.world.write(lambda unit: memory.fold(unit, KEY, 1, "Much.", 0, Mark("alone", frozenset(range(1, MOST + 2)))))
    assert lane.recall().summary == ""


def test_a_remark_is_no_part_of_the_talk_and_is_noted_for_one_nexus(lane: Lane) -> None:
    mark = Mark(listeners(lane.ana), nexuses=frozenset({lane.parser}))
    lane.world.write(lambda unit: memory.remember(unit, KEY, 1, 1, "aside", "", mark))
    assert lane.texts() == []
    assert lane.world.read(lambda unit: memory.aside_made(unit, KEY, lane.parser))
    assert not lane.world.read(lambda unit: memory.aside_made(unit, KEY, lane.other))
    assert not lane.world.read(lambda unit: memory.aside_made(unit, "another", lane.parser))


# -- whatever was said before ----------------------------------------------------------------------------------------

RECORDS = 4
HEARERS = (
    "Ana",
    "members of Parser",
    "members of Other",
    "Ana and Ben",
    "Ana, Ben and Otto",
    "Ana and a stranger",
    "all",
)
hearers = st.sampled_from(HEARERS)
moves = st.lists(
    st.one_of(
        # None: to those who will listen in the end
        st.tuples(st.just("say"), st.sets(st.integers(0, RECORDS - 1), min_size=1), st.none() | hearers),
        st.tuples(st.just("say"), st.sets(st.integers(0, RECORDS - 1), min_size=1), st.none()),
        st.tuples(st.just("fold"), st.just(0), st.none() | hearers),
        st.tuples(st.just("deny"), st.booleans(), st.none()),
        st.tuples(st.just("refuse"), st.booleans(), st.none()),
        st.tuples(st.just("remove"), st.integers(0, RECORDS - 1), st.none()),
    ),
    max_size=12,
)


class Talk:
    """Talk in one lane, in which whatever is said may tell of everything that was recalled before it, as with a model.

    Each text names the records that it tells of.
    """

    def __init__(self, lane: Lane) -> None:
        self.lane, world = lane, lane.world
        ana, ben, otto = (world.id_of(name) for name in ("Ana", "Ben", "Otto"))
        kinds = (lane.ana, members(lane.parser), members(lane.other), people(ana, ben), people(ana, ben, otto))
        self.audiences = dict(zip(HEARERS, (*kinds, people(0, ana), PUBLIC), strict=True))
        self.records = [
            lane.record("Ben" if n % 3 else "Ana", (lane.parser, lane.other)[n % 2]) for n in range(RECORDS)
        ]

    def run(self, unit: Unit, number: int, what: str, value: Any, audience: Audience) -> None:
        lane = self.lane
        if what == "say":
            told = {self.records[n] for n in value} & self.fine(unit, audience, self.records)
            told |= memory.recall(unit, KEY, audience).mark.records
            text = " ".join(f"<{one}>" for one in sorted(told))
            mark = Mark(listeners(audience), frozenset(told), frozenset({lane.parser}))
            memory.remember(unit, KEY, 1, number, "assistant", text, mark)
        elif what == "fold":
            before = memory.recall(unit, KEY, audience)
            if before.lines:
                text = " ".join([before.summary, *(line.said.text for line in before.lines)])
                memory.fold(unit, KEY, 1, text, before.lines[-1].id, before.mark)
        elif what == "deny":
            effect = Effect.DENY if value else Effect.PERMIT
            set_rule(unit, lane.parser, kind="need", audience="member", actions=3, effect=effect, by=1)
        elif what == "refuse":
            consents.decide(unit, lane.other, allowed=not value, by=1)
        else:
            row = unit.row(record.select().where(record.c.id == self.records[value]))
            assert row is not None
            if row["state"] == "open":
                close_record(unit, row["id"], row["version"], state="removed")

    def fine(self, unit: Unit, audience: Audience, ids: list[int]) -> set[int]:
        return those_heard(unit, audience, ids) & those_sendable(unit, ids)


class _Undo(Exception):
    """Ends a unit without a trace."""


@pytest.mark.parametrize("engine", ["sqlite"])
@given(moves=moves, now=hearers)
def test_no_prompt_holds_what_its_listeners_may_not_hear(talk: Talk, moves: Any, now: str) -> None:
    def unit(unit: Unit) -> None:
        for number, (what, value, who) in enumerate(moves):
            talk.run(unit, number, what, value, talk.audiences[who or now])
        audience = talk.audiences[now]
        found = memory.recall(unit, KEY, audience)
        prompt = " ".join([found.summary, *(line.said.text for line in found.lines)])
        told = [one for one in talk.records if f"<{one}>" in prompt]
        assert talk.fine(unit, audience, told) == set(told)
        assert found.mark.records.issuperset(told)
        raise _Undo

    with pytest.raises(_Undo):
        talk.lane.world.write(unit)


@pytest.fixture
def talk(lane: Lane) -> Talk:
    return Talk(lane)
