"""What the walk over all rights needs of hours and office hours: some that wait, some to book, some that are over."""

from __future__ import annotations

from core.clock import DAY, HOUR
from core.hours import hours, meetings
from core.store import Unit

HOURS = ("waiting", "logged", "own_time", "over")
_WEEK = 7 * DAY


def hours_ground(unit: Unit, nexus_id: int, person_id: int, other_id: int, number: int) -> dict[str, str]:
    """For one person: hours to confirm, hours that they logged, a time of their own and one that is over.

    `number` keeps the times of several people apart.
    """
    said = {"nexus_id": nexus_id, "day": unit.now - unit.now % DAY - number * DAY}
    waiting = hours.log(
        unit, giver_id=other_id, helped_id=person_id, minutes=10, words="a wire", logged_by=other_id, **said
    )
    logged = hours.log(
        unit, giver_id=person_id, helped_id=other_id, minutes=20, words="a lamp", logged_by=person_id, **said
    )
    own = meetings.add(
        unit, nexus_id=nexus_id, host_id=person_id, starts_at=unit.now + _WEEK + number * HOUR, minutes=30, words=""
    )
    over = meetings.add(
        unit, nexus_id=nexus_id, host_id=other_id, starts_at=unit.now - _WEEK - number * HOUR, minutes=30, words=""
    )
    meetings.book(unit, over, person_id, reminded=unit.now)
    return {
        "waiting": f"#{waiting.handle}",
        "logged": f"#{logged.handle}",
        "own_time": f"#{own.handle}",
        "over": f"#{over.handle}",
    }


def foreign_hours(unit: Unit, nexus_id: int, host_id: int, guest_id: int) -> dict[str, str]:
    """What two others have with each other, and a time of one of them that whoever is in the Nexus can book."""
    theirs = hours_ground(unit, nexus_id, host_id, guest_id, 99)
    free = meetings.add(
        unit, nexus_id=nexus_id, host_id=host_id, starts_at=unit.now + 2 * DAY, minutes=30, words="a lamp"
    )
    return {f"foreign_{name}": handle for name, handle in theirs.items()} | {"slot": f"#{free.handle}"}
