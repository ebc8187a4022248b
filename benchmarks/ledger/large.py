"""A million entries: balance and statement beside the same after a thousand, and the whole proof with its bar."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.ledger.world import Fund, fill, funds
from benchmarks.processes import BenchError
from benchmarks.rules.base import steady
from core.ledger.accounts import Kind, balance
from core.ledger.statement import lines
from core.ledger.verify import Report, verify
from core.store import Store, Unit

NEXUSES, PEOPLE = 20, 50
SMALL = 1_000
_TIMES = 2_000  # reads of each kind


@dataclass(frozen=True, slots=True)
class Reads:
    """Microseconds of one read, the median."""

    balance: float
    statement: float
    older: float  # a page from the middle of the statement


@dataclass(frozen=True, slots=True)
class Large:
    """What was measured. `filled` and `verified` are seconds; `grown` MiB by which the process grew in the proof."""

    entries: int
    small: Reads
    large: Reads
    filled: float
    verified: float
    report: Report
    grown: float

    @property
    def rate(self) -> float:
        """Entries that were proven in a second."""
        return self.report.journals / self.verified


def measure(store: Store, entries: int) -> Large:
    """Fill a fresh store, and look."""
    made = funds(store, NEXUSES, PEOPLE)
    fill(store, made, 0, SMALL, told=lambda done: None)
    small = _reads(store, made)
    began = perf_counter()
    with _bar("filling", entries) as told:
        fill(store, made, SMALL, entries, told=lambda done: told(done, entries))
    filled = perf_counter() - began
    large = _reads(store, made)
    before, began = _resident(), perf_counter()
    with _bar("proving", None) as told:
        report = store.read(lambda unit: verify(unit, progress=told)).result()
    verified = perf_counter() - began
    if not report.healthy or report.journals != entries + NEXUSES:
        raise BenchError(f"the books do not fit: {report.count} problems in {report.journals} entries")
    return Large(entries, small, large, filled, verified, report, _resident() - before)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, all_of_it: bar.update(task, completed=done, total=all_of_it)


def _resident() -> float:
    """The most memory that this process has ever had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _reads(store: Store, made: list[Fund]) -> Reads:
    def unit(unit: Unit) -> Reads:
        middles = {one.nexus_id: lines(unit, one.fund.id, most=1)[0].change // 2 for one in made}
        some = made * (_TIMES // len(made))
        return Reads(
            steady(lambda one: balance(unit, Kind.FUND, one.nexus_id, "EUR"), some),
            steady(lambda one: lines(unit, one.fund.id), some),
            steady(lambda one: lines(unit, one.fund.id, before=middles[one.nexus_id]), some),
        )

    return store.read(unit).result()
