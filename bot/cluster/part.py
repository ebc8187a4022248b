"""What one process does of the whole."""

from __future__ import annotations

from dataclasses import dataclass

CONCURRENCY = 20
STALLED_AFTER = 10.0


@dataclass(frozen=True, slots=True)
class Part:
    """`receives`: it is a gateway, starts its adapters and may send for them. `works`: it runs turns, notices and jobs.

    `concurrency` is how many turns run at once, commands and talk apart; `stalled_after` is how many seconds a worker
    may be silent until others take over its turns.
    """

    receives: bool = True
    works: bool = True
    concurrency: int = CONCURRENCY
    stalled_after: float = STALLED_AFTER
