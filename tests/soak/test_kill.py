"""kill -9 at every boundary, 200 rounds and more, on both engines and with both brains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.loop import Loop
from tests.soak.points import EVERYWHERE, MODEL, Point
from tests.soak.process import fakes

BEHIND = (Point.RECORDED, Point.HANDLED, Point.COMMITTED, Point.ACCEPTED)  # where it dies again while it comes back


@pytest.mark.parametrize(
    ("engine", "model", "rounds"),
    [("sqlite", False, 100), ("sqlite", True, 104), ("postgres", True, 26), ("postgres", False, 20)],
    ids=["sqlite offline", "sqlite model", "postgres model", "postgres offline"],
)
def test_nothing_is_lost_done_twice_or_out_of_order(
    tmp_path: Path,
    new_url: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    engine: str,
    model: bool,
    rounds: int,
) -> None:
    points = EVERYWHERE + (MODEL if model else ())
    wrong = []
    with fakes() as platforms:
        loop = Loop(tmp_path, new_url(engine), platforms, rounds=rounds, model=model, seed=rounds)
        try:
            for number in range(rounds):
                turn, point = number // len(points), points[number % len(points)]
                found = loop.round(
                    point,
                    1 + turn % 5,
                    again=BEHIND[number // 7 % len(BEHIND)] if number % 7 == 3 else None,
                    in_press=number % 5 == 4 and point in (Point.RECORDED, Point.HANDLED, Point.SENDING, Point.MARKED),
                )
                wrong += [f"round {number}, {point}: {one}" for one in found.wrong]
        finally:
            loop.end()
            with capsys.disabled():
                print("\n" + loop.figures.table(f"{engine}, {'model' if model else 'offline'} brain"))
    assert not wrong
    assert loop.figures.kills.total() >= rounds * 9 // 10
