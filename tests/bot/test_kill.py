"""The short form of the soak: once through every boundary with each brain. See docs/reliability.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.loop import Loop
from tests.soak.points import EVERYWHERE, MODEL, Point
from tests.soak.process import fakes

TALK = (*MODEL, Point.COMMITTED, Point.ACCEPTED)


@pytest.mark.parametrize(("model", "points"), [(False, EVERYWHERE), (True, TALK)], ids=["offline", "model"])
def test_killed_at_every_boundary(
    tmp_path: Path, new_url: Callable[[str], str], model: bool, points: tuple[Point, ...]
) -> None:
    with fakes() as platforms:
        loop = Loop(tmp_path, new_url("sqlite"), platforms, rounds=len(points), model=model, seed=1, slow=False)
        try:
            for number, point in enumerate(points):
                found = loop.round(point, 1 + number % 3)
                assert not found.wrong, f"{point}: {found.wrong}"
        finally:
            loop.end()
