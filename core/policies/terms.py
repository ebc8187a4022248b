"""What a policy asks for, and which of several is the strictest. Pure.

Decision rule: each Nexus says something of some points, for one unit or for all others ("*"). Of all that is said on
the way up each point is taken from whichever is strictest: the most approvals at every amount, the fewest roles (never
none: the owner then), the smallest limits over the longest window, the longest age of a role. A point that nobody says
anything of takes the strictest that is known: the default, or what is asked there for any other unit, if that is more.
Limits and amounts are never taken from another unit, as 500 mean something else there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any, Self

from core.clock import DAY
from core.nexuses.roles import OWNER, STEWARD, TREASURER

ROLES = (OWNER, STEWARD, TREASURER)
ANY = "*"
WINDOW = 30 * DAY
ROLE_AGE = 1 * DAY
MOST_APPROVALS = 20
Steps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one unit.

    `approvals`: (from this many minor units, how many), ascending, the first from 0. `roles` may approve. Within
    `window_ms` all that one person is given counts together; `per_person` and `limit` (None: none) bound what one
    person, and everybody together, may be given in it, in minor units. `role_age_ms`: how long a role must be held.
    """

    approvals: Steps = ((0, 2),)
    roles: tuple[str, ...] = ROLES
    window_ms: int = WINDOW
    per_person: int | None = None
    limit: int | None = None
    role_age_ms: int = ROLE_AGE

    def needed(self, minor: int) -> int:
        """How many approvals an amount takes; never fewer than one."""
        return count_at(self.approvals, minor)

    @property
    def most(self) -> int:
        """How many approvals the largest amount takes."""
        return max([1, *(count for _, count in self.approvals)])

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "approvals": [list(step) for step in self.approvals],
            "roles": list(self.roles),
            "window_ms": self.window_ms,
            "per_person": self.per_person,
            "limit": self.limit,
            "role_age_ms": self.role_age_ms,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Terms:
        """What `as_json` wrote."""
        return cls(
            tuple((start, count) for start, count in data["approvals"]),
            tuple(data["roles"]),
            data["window_ms"],
            data["per_person"],
            data["limit"],
            data["role_age_ms"],
        )


DEFAULT = Terms()


@dataclass(frozen=True, slots=True)
class Said:
    """What one Nexus says for one unit; None: nothing of that point. Points are those of `Terms`."""

    approvals: Steps | None = None
    roles: tuple[str, ...] | None = None
    window_ms: int | None = None
    per_person: int | None = None
    limit: int | None = None
    role_age_ms: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As JSON values, without what is not said."""
        return {f.name: _json(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` wrote, and what that of `Terms` did."""
        values = {f.name: data.get(f.name) for f in fields(cls)}
        if values["approvals"] is not None:
            values["approvals"] = tuple((start, count) for start, count in values["approvals"])
        if values["roles"] is not None:
            values["roles"] = tuple(values["roles"])
        return cls(**values)

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) is not None for f in fields(self))


Level = Mapping[str, Said]
"""What one Nexus says, by unit; `ANY` for all units of which it says nothing itself."""


def strictest(several: Sequence[Terms]) -> Terms:
    """The strictest of several in each point; `DEFAULT` for none."""
    return reduce(_stricter, several) if several else DEFAULT


def for_unit(code: str, chain: Sequence[Level]) -> Terms:
    """What holds for a unit by what a Nexus and those above it say."""
    said = [one for one in (said_for(code, level) for level in chain) if one]
    others = [one for level in chain for one in level.values()]
    steps = [one.approvals for one in said if one.approvals is not None]
    known = [one.approvals for one in others if one.approvals is not None]
    return Terms(
        reduce(_most, steps) if steps else ((0, max(DEFAULT.most, *(_highest(one) for one in (*known, ((0, 1),))))),),
        _fewest([one.roles for one in said] or [], [one.roles for one in others]),
        _longest(DEFAULT.window_ms, [one.window_ms for one in said], [one.window_ms for one in others]),
        _least([one.per_person for one in said]),
        _least([one.limit for one in said]),
        _longest(DEFAULT.role_age_ms, [one.role_age_ms for one in said], [one.role_age_ms for one in others]),
    )


def said_for(code: str, level: Level) -> Said:
    """What one Nexus says of a unit: point by point what it says of this one, else of all."""
    own, every = level.get(code, Said()), level.get(ANY, Said())
    return Said(**{f.name: _first(getattr(own, f.name), getattr(every, f.name)) for f in fields(Said)})


def is_stricter(after: Terms, before: Terms) -> bool:
    """Whether nothing gets easier in any point."""
    return _stricter(before, after) == _plain(after)


def count_at(steps: Steps, minor: int) -> int:
    """How many approvals an amount takes by these steps: a larger amount never fewer than a smaller one."""
    return max([1, *(count for start, count in steps if minor >= start)])


def with_step(steps: Steps, start: int, count: int) -> Steps:
    """Steps with another one at `start`, in place of the one there."""
    return _tidy([*(step for step in steps if step[0] != start), (start, count)])


def _tidy(steps: Sequence[tuple[int, int]]) -> Steps:
    """In order, from 0 on, and none that changes nothing."""
    ordered = tuple(sorted(steps))
    found: list[tuple[int, int]] = []
    for start in sorted({0, *(start for start, _ in ordered)}):
        count = count_at(ordered, start)
        if not found or found[-1][1] != count:
            found.append((start, count))
    return tuple(found)


def _plain(terms: Terms) -> Terms:
    return _stricter(terms, terms)


def _stricter(one: Terms, other: Terms) -> Terms:
    return Terms(
        _most(one.approvals, other.approvals),
        _both(one.roles, other.roles),
        max(one.window_ms, other.window_ms),
        _least([one.per_person, other.per_person]),
        _least([one.limit, other.limit]),
        max(one.role_age_ms, other.role_age_ms),
    )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(role for role in ROLES if role in one and role in other) or (OWNER,)


def _most(one: Steps, other: Steps) -> Steps:
    starts = {0, *(start for start, _ in one), *(start for start, _ in other)}
    return _tidy([(start, max(count_at(one, start), count_at(other, start))) for start in starts])


def _highest(steps: Steps) -> int:
    return max((count for _, count in steps), default=1)


def _fewest(said: Sequence[tuple[str, ...] | None], others: Sequence[tuple[str, ...] | None]) -> tuple[str, ...]:
    known = [roles for roles in said if roles is not None] or [roles for roles in others if roles is not None]
    return reduce(_both, known, ROLES)


def _longest(default: int, said: Sequence[int | None], others: Sequence[int | None]) -> int:
    known = [one for one in said if one is not None]
    return max(known) if known else max([default, *(one for one in others if one is not None)])


def _least(several: Sequence[int | None]) -> int | None:
    return min((limit for limit in several if limit is not None), default=None)


def _first(one: Any, other: Any) -> Any:
    return other if one is None else one


def _json(value: Any) -> Any:
    return [_json(one) for one in value] if isinstance(value, tuple) else value
