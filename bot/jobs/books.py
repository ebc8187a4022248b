"""What the books need done by the clock: grants, hours and the monthly digest, in batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.jobs.jobs import Periodic, Work, plan
from core.clock import HOUR, MINUTE
from core.funds import digest
from core.grants import sweep as grants
from core.hours import sweep as hours
from core.store import Unit

_SWEEPS: dict[str, tuple[Callable[[Unit], bool], int]] = {
    "grants": (grants.sweep, 5 * MINUTE),
    "hours": (hours.sweep, 5 * MINUTE),
    "digest": (digest.sweep, HOUR),
}
PERIODIC = tuple(Periodic(kind, every) for kind, (_, every) in _SWEEPS.items())


def _work(kind: str, sweep: Callable[[Unit], bool]) -> Work:
    """One batch. Where more is due, the rest is planned at once, so that no unit of work gets long."""

    def work(unit: Unit, payload: dict[str, Any]) -> None:
        if sweep(unit):
            plan(unit, f"{kind} {unit.new_id()}", kind, unit.now)

    return work


WORKS: dict[str, Work] = {kind: _work(kind, sweep) for kind, (sweep, _) in _SWEEPS.items()}
