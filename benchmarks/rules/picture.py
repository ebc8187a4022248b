"""What a process keeps in memory of a world, in a process of its own: the structure, and the reach of people."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.rules.questions import lists
from core.operations.context import Audience
from core.rules.kinds import SHARED
from core.rules.structure import epoch_of, structure_at
from core.store import Unit, open_store


@dataclass(frozen=True, slots=True)
class Picture:
    """`load` in ms; the others in KiB: of the structure, and of one person's reach, after a list of theirs."""

    load: float
    structure: float
    typical: float
    wide: float


def picture(path: Path, typical: Sequence[Audience], wide: Sequence[Audience]) -> Picture:
    """Measure it. Nobody else may have the store open."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (path, list(typical), list(wide)))


def _measure(path: Path, typical: list[Audience], wide: list[Audience]) -> Picture:
    store = open_store(f"sqlite:///{path}")
    try:
        return store.read(lambda unit: _look(unit, typical, wide)).result()
    finally:
        store.close()


def _look(unit: Unit, typical: list[Audience], wide: list[Audience]) -> Picture:
    epoch_of(unit)
    before = _used()
    began = time.perf_counter()
    structure_at(unit, epoch_of(unit))
    load = (time.perf_counter() - began) * 1000
    loaded = _used()
    lists(unit, typical[:1], SHARED)  # what is worked out once for everybody
    first = _used()
    lists(unit, typical[1:], SHARED)
    some = _used()
    lists(unit, wide, SHARED)
    return Picture(
        load, loaded - before, (some - first) / max(len(typical) - 1, 1), (_used() - some) / max(len(wide), 1)
    )


def _used() -> float:
    """KiB that belong to this process alone, with nothing left to be collected."""
    gc.collect()
    return float(psutil.Process().memory_full_info().uss) / 1024
