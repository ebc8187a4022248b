"""The names of copies of a store: each ends with the day on which it is to go. Pure.

`nexus.db.before-0004-1766620800000-until-2026-12-25`, `nexus-20261125-080000-until-2026-12-25.backup.db`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from core.clock import DAY, as_datetime

KEPT = 30 * DAY
"""How long a copy is kept unless something else is said."""
_UNTIL = re.compile(r"-until-(\d{4}-\d{2}-\d{2})(?=\.|$)")


def until(expires_at: int) -> str:
    """What a name ends with: `-until-2026-12-25`. When that day is over (UTC), the copy goes."""
    return f"-until-{as_datetime(expires_at):%Y-%m-%d}"


def expiry(name: str) -> int | None:
    """When a file of this name is to go, in ms: at the end of the day that it names. None if it names none."""
    found = _UNTIL.search(name)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000) + DAY
