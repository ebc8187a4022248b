"""What a change costs until the first right answer: a membership, a rule above a large subtree, a move of one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from statistics import median
from time import perf_counter_ns

from benchmarks.processes import BenchError
from benchmarks.rules.questions import MOST, Figures, Questions, Sample, lists, reached
from core.nexuses.members import join
from core.nexuses.roles import MEMBER
from core.nexuses.tree import ROOT_ID, move, nexus_of
from core.operations.context import Audience
from core.rules.kinds import SHARED
from core.rules.lists import newest
from core.rules.resolver import may_kind
from core.rules.rules import set_rule
from core.rules.words import Action, Effect, pack_actions
from core.store import Unit

JOIN, JOINED = "membership: the write", "membership: the first right list"
RULE, RULE_LIST, RULE_NEXT, RULE_WARM = (
    "rule for everybody above a large subtree: the write",
    "  the first list after it",
    "  the first list of everybody else",
    "  newest 20, typical: all reach thousands now",
)
MOVE, MOVE_LIST, MOVE_NEXT = "move of a large subtree: the write", "  its first list", "  everybody else's first list"
_KIND = "need"  # what members see by the first rule of all, and what is made public
_SEE = pack_actions([Action.SEE])


def changes(questions: Questions, times: int) -> Figures:
    """Everything that writes, into the figures of the questions. The people asked have all asked before."""
    random = Random(13)
    for one in random.sample(questions.cast.typical, min(times, len(questions.cast.typical))):
        _join(questions, one, random.choice(questions.cast.rows).nexus_id)
    _rule(questions)
    _move(questions)
    return questions.figures


def _join(questions: Questions, who: Audience, nexus_id: int) -> None:
    def before(unit: Unit) -> bool:
        newest(unit, who, SHARED, MOST)
        return may_kind(unit, who, nexus_id, _KIND, Action.SEE)

    def write(unit: Unit) -> None:
        join(unit, who.person_id, nexus_id, MEMBER, granted_by=who.person_id)

    if questions.store.read(before).result():
        return  # they see it already, and nothing would show that the change has come about
    _write_then_read(questions, (JOIN, write), (JOINED, lambda unit: newest(unit, who, SHARED, MOST)))
    if not questions.store.read(lambda unit: may_kind(unit, who, nexus_id, _KIND, Action.SEE)).result():
        raise BenchError(f"a membership in {nexus_id} is not in effect")


def _rule(questions: Questions) -> None:
    """The largest subtree of all becomes public, for two kinds: by that everybody reaches thousands."""
    top, people = questions.cast.tops[0], questions.cast.typical
    before = median(_reaches(questions))
    for number, kind in enumerate(("need", "offer")):

        def write(unit: Unit, kind: str = kind) -> None:
            set_rule(unit, top, kind=kind, audience="public", actions=_SEE, effect=Effect.PERMIT, by=1)

        first = partial(newest, audience=people[number], kinds=SHARED, most=MOST)
        _write_then_read(questions, (RULE, write), (RULE_LIST, first))
    some = people[2:202]
    questions.store.read(lambda unit: questions.note(RULE_NEXT, lambda: lists(unit, some, SHARED))).result()
    questions.store.read(lambda unit: questions.note(RULE_WARM, lambda: lists(unit, some, SHARED))).result()
    if median(_reaches(questions)) <= before:
        raise BenchError("the rule is not in effect")


def _move(questions: Questions) -> None:
    moved, people = questions.cast.tops[1], questions.cast.typical

    def write(unit: Unit) -> None:
        move(unit, nexus_of(unit, moved), nexus_of(unit, ROOT_ID))

    _write_then_read(questions, (MOVE, write), (MOVE_LIST, lambda unit: newest(unit, people[0], SHARED, MOST)))
    questions.store.read(lambda unit: questions.note(MOVE_NEXT, lambda: lists(unit, people[1:201], SHARED))).result()


def _reaches(questions: Questions) -> list[int]:
    return questions.store.read(lambda unit: [reached(unit, one) for one in questions.cast.typical[:20]]).result()


_Step = tuple[str, Callable[[Unit], object]]  # the name of a figure, and what is done for it


def _write_then_read(questions: Questions, write: _Step, read: _Step) -> None:
    """Microseconds from handing the one over until it is committed, and of the other inside its unit right after."""

    def look(unit: Unit) -> float:
        began = perf_counter_ns()
        read[1](unit)
        return (perf_counter_ns() - began) / 1000

    began = perf_counter_ns()
    questions.store.write(write[1]).result()
    written = (perf_counter_ns() - began) / 1000
    seen = questions.store.read(look).result()
    base = questions.base()
    questions.figures.setdefault(write[0], Sample()).add(written, base)
    questions.figures.setdefault(read[0], Sample()).add(seen, base)
