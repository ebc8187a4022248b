"""The short form of `tests.soak.test_platforms`: Discord and Slack, once through every boundary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.soak.platforms_loop import MODULE, PlatformLoop
from tests.soak.points import MODEL, Point
from tests.soak.process import fakes

POINTS = (
    Point.RECORDING,
    Point.RECORDED,
    Point.ACKNOWLEDGING,
    Point.HANDLED,
    Point.COMMITTED,
    Point.SENDING,
    Point.ACCEPTED,
    Point.MARKED,
    *MODEL,
)


def test_killed_at_every_boundary_with_discord_and_slack(tmp_path: Path, new_url: Callable[[str], str]) -> None:
    with fakes(MODULE) as platforms:
        loop = PlatformLoop(tmp_path, new_url("sqlite"), platforms, model=True, seed=1, each=2)
        try:
            for point in POINTS:
                found = loop.round(point, 1)
                assert not found, f"{point}: {found}"
        finally:
            loop.end()
    assert loop.missed == 0
