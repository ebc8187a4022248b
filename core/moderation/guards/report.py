"""The monthly report of a Nexus: what moderators and rules did, how often they were wrong, how fast they answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, select

from core.clock import MINUTE
from core.moderation.cases.tables import mod_appeal, mod_case
from core.moderation.guards.tables import guard_hit
from core.store import Unit

_CASES = select(mod_case).where(
    mod_case.c.nexus_id == bindparam("nexus_id"),
    mod_case.c.made_at >= bindparam("since"),
    mod_case.c.made_at < bindparam("before"),
)
_APPEALS = (
    select(mod_appeal)
    .join(mod_case, mod_case.c.id == mod_appeal.c.case_id)
    .where(
        mod_case.c.nexus_id == bindparam("nexus_id"),
        mod_appeal.c.made_at >= bindparam("since"),
        mod_appeal.c.made_at < bindparam("before"),
    )
)
_HITS = select(guard_hit).where(
    guard_hit.c.nexus_id == bindparam("nexus_id"),
    guard_hit.c.at >= bindparam("since"),
    guard_hit.c.at < bindparam("before"),
)


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """How a rule did: what it found, and what was judged right and wrong."""

    rule: str
    found: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A month of a Nexus. `kinds`: cases by kind; times are medians in minutes, None where there was nothing."""

    month: str
    kinds: tuple[tuple[str, int], ...]
    by_rules: int
    people: int
    undone: int
    rules: tuple[RuleFigures, ...]
    appeals: int
    overturned: int
    upheld: int
    appeal_minutes: int | None
    report_minutes: int | None


def month_of(at: int) -> str:
    """The month of a moment (ms since epoch), as "2026-11"."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m}"


def bounds(month: str) -> tuple[int, int]:
    """From when to when a month lasts, ms since epoch. ValueError for what is no month."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return int(first.timestamp() * 1000), int(following.timestamp() * 1000)


def figures(unit: Unit, nexus_id: int, month: str) -> Figures:
    """Count a month. What no platform did is not counted: see `Case.not_done`."""
    since, before = bounds(month)
    within = {"nexus_id": nexus_id, "since": since, "before": before}
    made = [row for row in unit.rows(_CASES, **within) if row["state"] != "undone" or row["ended_by"] is not None]
    appeals = unit.rows(_APPEALS, **within)
    hits = unit.rows(_HITS, **within)
    rules = sorted({row["rule"] for row in hits})
    return Figures(
        month,
        tuple(sorted(Counter(row["kind"] for row in made).items())),
        sum(row["by_id"] is None and row["kind"] != "report" for row in made),
        len({row["person_id"] for row in made if row["person_id"] is not None and row["kind"] != "report"}),
        sum(row["state"] == "undone" for row in made),
        tuple(
            RuleFigures(
                rule,
                sum(row["times"] for row in hits if row["rule"] == rule),
                sum(row["rule"] == rule and row["state"] == "right" for row in hits),
                sum(row["rule"] == rule and row["state"] == "wrong" for row in hits),
            )
            for rule in rules
        ),
        len(appeals),
        sum(row["state"] == "overturned" for row in appeals),
        sum(row["state"] == "upheld" for row in appeals),
        _median([row["decided_at"] - row["made_at"] for row in appeals if row["decided_at"]]),
        _median([row["ended_at"] - row["made_at"] for row in made if row["kind"] == "report" and row["ended_at"]]),
    )


def _median(times: list[int]) -> int | None:
    return sorted(times)[len(times) // 2] // MINUTE if times else None
