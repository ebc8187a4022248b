"""The whole of it, in small: real processes, real libraries, a real store."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.processes import BenchError
from benchmarks.scale import measure, script
from benchmarks.scale.measure import FLOOD, MODEL, QUIET, QUIET_MODEL, Load, Quietly, Run, run
from benchmarks.scale.report import Round, table
from benchmarks.scale.world import Place, Size

FEW = Quietly(3, 1)


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads the memory here."""
    monkeypatch.setattr(measure, "_SETTLE", 0.0)


def test_a_few_places_of_each_platform_are_kept_apart(tmp_path: Path) -> None:
    found = run(Size(2, 2, 3), FEW, tmp_path)
    assert found.violations == []
    assert found.looked > sum(load.answered for load in found.loads.values())
    assert {name: load.answered for name, load in found.loads.items()} == {
        FLOOD: 8 * 7,
        QUIET: 5 * 3,
        MODEL: 3 * 7,
        QUIET_MODEL: 3 * 3,
    }
    assert all(set(load.done) == {"discord", "slack", "telegram"} for load in found.loads.values())


def test_the_proof_fails_where_places_are_mixed(tmp_path: Path) -> None:
    """All are bound to one Nexus, by which each shows what is said in the others."""
    found = run(Size(0, 0, 2), FEW, tmp_path, mixed=True)
    where = {one.platform for one in found.violations}
    assert where == {"telegram", "openai"}
    assert {one.where for one in found.violations if one.where.startswith("-")} == {"-1001700000001", "-1001700000002"}
    apart = Run(Size(1, 1, 1), looked=1)
    assert Round(apart, apart).kept_apart
    assert not Round(apart, found).kept_apart
    assert not Round(found, apart).kept_apart


def test_an_answer_that_does_not_come_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_vain(places: Sequence[Place]) -> script.Script:
        line = {"who": places[0].people[0], "text": "hello", "expect": "what nobody says", "direct": True}
        return [{"platform": "telegram", "place": places[0].channel, "lines": [line]}]

    monkeypatch.setattr(script, "offline", in_vain)
    monkeypatch.setattr(measure, "_PATIENCE", 0.05)
    with pytest.raises(BenchError, match="flood: 1 answers are missing"):
        run(Size(0, 0, 1), FEW, tmp_path)


def measured(places: int, cpu: float, memory: float) -> Run:
    load = Load(10, cpu, 50.0, {name: [1.0, 2.0, 30.0] for name in ("discord", "slack", "telegram")})
    loads = dict.fromkeys((FLOOD, QUIET, MODEL, QUIET_MODEL), load)
    return Run(Size(places, places, places), 1.0, memory, memory + 1.0, memory + 2.0, loads, looked=5)


def test_the_report_compares_with_one_place_of_each() -> None:
    rounds = [Round(measured(1, 5.0, 80.0), measured(11, cpu, memory)) for cpu, memory in ((6.0, 95.0), (5.5, 110.0))]
    assert [one.per_place for one in rounds] == [0.5, 1.0]
    lines = list(table(rounds))
    assert next(line.split()[-1] for line in lines if line.startswith("quiet: CPU")) == "1.15"
    assert "one more place: 768 KiB, with its 3 people and their talk" in lines
    assert next(line.split()[-2:] for line in lines if line.startswith("flood: slack")) == ["2", "30"]
    assert lines[-1] == "kept apart: 20 requests and messages looked at, 0 show what is another place's"
