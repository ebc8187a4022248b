"""kill -9 at every boundary with Discord and Slack, on both engines and with both brains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.platforms_loop import MODULE, PlatformLoop
from tests.soak.points import EVERYWHERE, MODEL, Point
from tests.soak.process import fakes

IN_PRESS = (Point.RECORDED, Point.HANDLED, Point.SENDING, Point.ACCEPTED, Point.MARKED)


@pytest.mark.parametrize(
    ("engine", "model", "rounds"),
    [("sqlite", False, 60), ("sqlite", True, 84), ("postgres", True, 28)],
    ids=["sqlite offline", "sqlite model", "postgres model"],
)
def test_nothing_is_lost_and_nothing_comes_twice(
    tmp_path: Path,
    new_url: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    engine: str,
    model: bool,
    rounds: int,
) -> None:
    points = EVERYWHERE + (MODEL if model else ())
    wrong = []
    with fakes(MODULE) as platforms:
        loop = PlatformLoop(tmp_path, new_url(engine), platforms, model=model, seed=rounds)
        try:
            for number in range(rounds):
                point = points[number % len(points)]
                found = loop.round(
                    point, 1 + number // len(points) % 4, in_press=model and number % 3 == 2 and point in IN_PRESS
                )
                wrong += [f"round {number}, {point}: {one}" for one in found]
        finally:
            loop.end()
            with capsys.disabled():
                print(f"\n{engine}, {'model' if model else 'offline'} brain: {loop.summary()}")
    assert not wrong
    assert loop.kills.total() >= rounds * 8 // 10
