"""Posting and confirming, by turns with bare inserts, in one store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median
from time import perf_counter

from benchmarks.ledger.bare import Bare
from benchmarks.ledger.world import Fund, confirm, pay, reserve
from benchmarks.processes import BenchError
from core.store import Store, Unit


@dataclass(slots=True)
class Speed:
    """Per second, both ways, by round; and seconds of single ones, all rounds together."""

    posted: list[float] = field(default_factory=list)
    posted_bare: list[float] = field(default_factory=list)
    crowded: list[float] = field(default_factory=list)  # all from one fund
    confirmed: list[float] = field(default_factory=list)  # seconds each
    confirmed_bare: list[float] = field(default_factory=list)

    @property
    def posting(self) -> float:
        """Ours as a share of the bare rate, the median of the rounds."""
        return median(ours / bare for ours, bare in zip(self.posted, self.posted_bare, strict=True))

    def confirming(self, share: float) -> float:
        """The same for single confirmations: the bare time as a share of ours, at this percentile."""
        return percentile(self.confirmed_bare, share) / percentile(self.confirmed, share)


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of all is not above."""
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def measure(store: Store, bare: Bare, funds: Sequence[Fund], *, rounds: int, many: int, single: int) -> Speed:
    """`many` at once and `single` one after the other, in each round."""
    speed, random = Speed(), Random(5)
    for turn in range(rounds + 1):
        rows = bare.rows(funds, many)
        ours = _posted(store, [pay(funds[n % len(funds)], f"p:{turn}:{n}", random) for n in range(many)])
        theirs = bare.insert(rows)
        one = _posted(store, [pay(funds[0], f"c:{turn}:{n}", random) for n in range(many)])
        holds = [store.write(reserve(funds[n % len(funds)], f"h:{turn}:{n}", 100 + n)).result() for n in range(single)]
        units = [confirm(funds[n % len(funds)], hold, f"s:{turn}:{n}", 100 + n) for n, hold in enumerate(holds)]
        times: list[float] = []
        bare_times: list[float] = []
        for unit, row in zip(units, bare.rows(funds, single), strict=True):
            began = perf_counter()
            store.write(unit).result()
            times.append(perf_counter() - began)
            bare_times.append(bare.one(row))
        if turn:  # the first warms everything up
            speed.posted.append(many / ours)
            speed.posted_bare.append(many / theirs)
            speed.crowded.append(many / one)
            speed.confirmed += times
            speed.confirmed_bare += bare_times
    return speed


def _posted(store: Store, units: Sequence[Callable[[Unit], int]]) -> float:
    began = perf_counter()
    waiting = [store.write(unit) for unit in units]
    found = {done.result() for done in waiting}
    took = perf_counter() - began
    if len(found) != len(units):
        raise BenchError("entries are missing")
    return took
