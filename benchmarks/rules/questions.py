"""What is asked of a world, and how long each answer takes beside one read of a row in the same moment.

All of it inside one unit, as an operation asks several times; what the hop to a store's thread costs is a figure of its
own. A *round* asks everything once; a figure is the median of the rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median

from benchmarks.rules.base import Base, steady
from benchmarks.rules.cast import Cast
from core.access.records import newest_records, record_heard
from core.operations.context import Audience
from core.rules.kinds import SHARED
from core.rules.lists import newest
from core.rules.resolver import Guarded, eyes_of, may
from core.rules.words import Action
from core.store import Store, Unit

CHECK = "check, record at hand"
ROW = "check with its row"
LIST, WIDE, BUSY = "newest 20, typical", "newest 20, who reach thousands", "newest 20, who are in hundreds"
LIST_ONE = "newest 20 of one kind, typical"
LIST_FULL = "newest 20 with their words, typical"
COLD, COLD_WIDE, COLD_CHECK = (
    "reach cold: newest 20, typical",
    "reach cold: newest 20, who reach thousands",
    "reach cold: first check of somebody",
)
HOP, HOP_ROW = "hop to the store's thread and back", "hop, check with its row"
MOST = 20
_EACH = 40  # rows for each of 50 people
_PEOPLE = 50
_HOPS = 200


@dataclass(slots=True)
class Sample:
    """Microseconds of one thing, each with those of one read of a row at that moment."""

    took: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)

    def add(self, took: float, base: float) -> None:
        """One more round."""
        self.took.append(took)
        self.base.append(base)

    @property
    def micro(self) -> float:
        """The median of the rounds, in microseconds."""
        return median(self.took)

    @property
    def ratio(self) -> float:
        """The median of the rounds' own ratios, since the machine is not equally quick in all of them."""
        return median(took / base for took, base in zip(self.took, self.base, strict=True))


Figures = dict[str, Sample]


class Questions:
    """A store, who asks, and what has been measured so far."""

    def __init__(self, store: Store, base: Base, cast: Cast) -> None:
        self.store = store
        self.base = base
        self.cast = cast
        self.figures: Figures = {}
        self._random = Random(5)

    def ask(self, rounds: int) -> Figures:
        """Everything, so many times; what is cold is so only once."""
        self.store.read(self._cold).result()
        for _ in range(rounds):
            self.store.read(self._round).result()
            self._hops()
        return self.figures

    def note(self, name: str, measure: Callable[[], float]) -> None:
        """Measure once, between two measurements of the base."""
        before = self.base()
        took = measure()
        self.figures.setdefault(name, Sample()).add(took, (before + self.base()) / 2)

    def _cold(self, unit: Unit) -> None:
        """The first question of each person in this process; the picture of the structure is there already."""
        strangers, typical = self.cast.typical[: len(self.cast.typical) // 4], self.cast.typical
        lists(unit, self.cast.busy[:1], SHARED)
        self.note(COLD_CHECK, lambda: _checks(unit, [(one, self.cast.rows[0]) for one in strangers]))
        self.note(COLD, lambda: lists(unit, typical[len(strangers) :], SHARED))
        self.note(COLD_WIDE, lambda: lists(unit, self.cast.wide, SHARED))
        for people in (self.cast.typical, self.cast.wide, self.cast.busy):
            lists(unit, people, SHARED)

    def _round(self, unit: Unit) -> None:
        cast, choose = self.cast, self._random
        people = choose.sample(cast.typical, min(_PEOPLE, len(cast.typical)))
        _checks(unit, [(one, row) for one in people for row in choose.sample(cast.rows, 5)])
        pairs = [(one, row) for one in people for row in choose.sample(cast.rows, min(_EACH, len(cast.rows)))]
        self.note(CHECK, lambda: _checks(unit, pairs))
        wanted = [(one, f"={row}") for one in people for row in choose.sample(cast.ids, min(_EACH, len(cast.ids)))]
        self.note(ROW, lambda: _rows(unit, wanted))
        self.note(LIST, lambda: lists(unit, cast.typical, SHARED))
        self.note(LIST_ONE, lambda: lists(unit, cast.typical, ("need",)))
        self.note(LIST_FULL, lambda: steady(lambda one: newest_records(unit, one, SHARED, MOST), people, 1))
        self.note(WIDE, lambda: lists(unit, cast.wide, SHARED))
        self.note(BUSY, lambda: lists(unit, cast.busy, SHARED))

    def _hops(self) -> None:
        store, me = self.store, self.cast.typical[0]
        rows = self._random.choices(self.cast.ids, k=_HOPS)

        def through(row: int) -> None:
            store.read(lambda unit: record_heard(unit, me, f"={row}")).result()

        self.note(HOP, lambda: steady(lambda _: store.read(_nothing).result(), rows, 1))
        self.note(HOP_ROW, lambda: steady(through, rows, 1))


def lists(unit: Unit, people: Sequence[Audience], kinds: Sequence[str]) -> float:
    """Microseconds of the newest twenty, the median over people."""
    return steady(lambda one: newest(unit, one, kinds, MOST), people, 1)


def reached(unit: Unit, audience: Audience) -> int:
    """In how many Nexuses this person may see something that is not their own."""
    eye = eyes_of(unit, audience)[0]
    return sum(any(eye.may_kind(nexus_id, kind, Action.SEE) for kind in SHARED) for nexus_id in eye.structure.parents)


def _checks(unit: Unit, pairs: Sequence[tuple[Audience, Guarded]]) -> float:
    """Microseconds of a check."""
    return steady(lambda one: may(unit, *one), pairs)


def _rows(unit: Unit, wanted: Sequence[tuple[Audience, str]]) -> float:
    """Microseconds of a check with its row."""
    return steady(lambda one: record_heard(unit, *one), wanted)


def _nothing(unit: Unit) -> None:
    """What a hop alone does."""
