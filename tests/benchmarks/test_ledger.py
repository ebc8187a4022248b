"""The benchmark of the books with hardly anything in them: all of it is measured, and misses are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.ledger import large, run
from benchmarks.ledger.report import judged, table
from benchmarks.ledger.speed import Speed, percentile
from benchmarks.ledger.world import fill
from benchmarks.processes import BenchError
from core.store import Store
from core.store.unit import Raw
from tests.postgres import PostgresServer

_WORSE = Raw("UPDATE ledger_account SET posted = posted + 1 WHERE kind = 'given' RETURNING id")


def test_everything_is_measured_and_judged(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "FUNDS", 3)
    monkeypatch.setattr(large, "SMALL", 50)
    monkeypatch.setattr(large, "NEXUSES", 2)
    amounts = {"rounds": 1, "many": 20, "single": 5}
    speeds = {"SQLite": run.on_sqlite(tmp_path, **amounts), "PostgreSQL": run.on_postgres(postgres, **amounts)}
    larges = {"SQLite": run.large_on_sqlite(tmp_path, 150)}
    for speed in speeds.values():
        assert (len(speed.posted), len(speed.confirmed)) == (1, 5)  # the round that warms up is not counted
        assert speed.posting > 0
    assert larges["SQLite"].report.journals == 150 + large.NEXUSES
    assert larges["SQLite"].report.holds == 50
    found = judged(speeds, larges)
    assert len(found) == 9
    lines = list(table(speeds, larges))
    verdicts = [line.split()[-1] for line in lines if re.search(r"(PASS|MISS)\s*$", line)]
    assert verdicts == ["PASS" if one.met else "MISS" for one in found]


def test_what_is_too_slow_is_a_miss() -> None:
    speed = Speed([30.0], [100.0], [10.0], [0.002] * 100, [0.001] * 99 + [0.0001])
    posting, middle, late = judged({"X": speed}, {})
    assert (posting.value, posting.met) == (0.3, False)
    assert (middle.value, middle.met) == (0.5, True)
    assert late.met
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_books_that_do_not_fit_are_no_measurement(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "SMALL", 10)
    monkeypatch.setattr(large, "NEXUSES", 1)

    def spoilt(store: Store, *given: object, **more: object) -> None:
        fill(store, *given, **more)  # type: ignore[arg-type]
        store.write(lambda unit: unit.change(_WORSE)).result()

    monkeypatch.setattr(large, "fill", spoilt)
    with pytest.raises(BenchError, match="do not fit"):
        large.measure(store, 20)
