"""How often rules were right: what a Nexus is shown before it lets a rule do more, and what takes that back.

Budget: of what a rule did by itself within thirty days, one in ten may turn out wrong, and one at least. Beyond that it
asks again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, insert, select

from core.clock import DAY
from core.errors import N_
from core.moderation.cases.cases import Case
from core.moderation.guards import modes
from core.moderation.guards.tables import guard_hit
from core.moderation.own.kept import own_rules
from core.moderation.signals.seen import Signal
from core.nexuses.members import stewards_of
from core.nexuses.tree import below, nexus_of
from core.notices.notices import notify
from core.store import Unit

SHOWN = 7 * DAY
COUNTED = 30 * DAY
WRONG_AT_MOST = 0.1
_FELL_BACK = N_("The rule “{rule}” was wrong too often in {nexus}. From now on it asks before it does anything.")

_ADD = insert(guard_hit)
_SINCE = (
    select(guard_hit)
    .where(guard_hit.c.nexus_id.in_(bindparam("nexuses", expanding=True)), guard_hit.c.at > bindparam("since"))
    .order_by(guard_hit.c.id)
)


@dataclass(slots=True)
class Count:
    """What a rule found: how often, whom, and what moderators said of it."""

    found: int = 0
    people: list[int] = field(default_factory=list)
    right: int = 0
    wrong: int = 0
    acted: int = 0

    @property
    def precision(self) -> float | None:
        """How much of what was judged was right; None while nothing was."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None


def note_find(
    unit: Unit,
    nexus_id: int,
    rule: str,
    mode: str,
    person_id: int,
    case: Case | None,
    noticed: Sequence[Signal] = (),
) -> None:
    """Keep that a rule found somebody, what it might do then, and the card or decision that came of it."""
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "nexus_id": nexus_id,
            "rule": rule,
            "mode": mode,
            "person_id": person_id,
            "case_id": case.id if case is not None else None,
            "noticed": [[one.name, round(one.strength, 3), one.detail] for one in noticed],
            "times": 1,
            "state": "found",
            "at": unit.now,
        },
    )


def count(unit: Unit, nexus_id: int, since: int) -> dict[str, Count]:
    """What each rule found in a Nexus and below it since then."""
    found: dict[str, Count] = defaultdict(Count)
    own = own_rules(unit, nexus_id)
    for row in unit.rows(_SINCE, nexuses=[nexus_id, *below(unit, nexus_id)], since=since):
        if row["rule"] in own and row["at"] < own[row["rule"]].set_at:
            continue  # of a rule that was called the same, or of this one before it was changed
        one = found[row["rule"]]
        one.found += row["times"]
        if row["person_id"] not in one.people:
            one.people.append(row["person_id"])
        one.right += row["state"] == "right"
        one.wrong += row["state"] == "wrong"
        one.acted += row["mode"] == "act"
    return dict(found)


def over_budget(unit: Unit, nexus_id: int, rule: str) -> bool:
    """Whether a rule was wrong too often in what it did by itself."""
    own = own_rules(unit, nexus_id).get(rule)
    since = max(unit.now - COUNTED, own.set_at - 1 if own is not None else 0)
    rows = [
        row
        for row in unit.rows(_SINCE, nexuses=[nexus_id], since=since)
        if row["rule"] == rule and row["mode"] == "act"
    ]
    return too_often(sum(row["state"] == "wrong" for row in rows), len(rows))


def too_often(wrong: int, acted: int) -> bool:
    """Whether so many mistakes are too many of what was done without asking. Pure."""
    return wrong > max(1.0, WRONG_AT_MOST * acted)


def fall_back(unit: Unit, nexus_id: int, rule: str) -> bool:
    """Let a rule only ask from now on if it was wrong too often. Whether it did; the stewards are told.

    Wherever on the way up somebody had let it act, it asks: else it would go on by the word of another Nexus.
    """
    said_so = modes.where_said(unit, nexus_id, rule, "act")
    if not said_so or not over_budget(unit, nexus_id, rule):
        return False
    told: set[int] = set()
    for one in said_so:
        modes.set_mode(unit, one, rule, "ask", None)
        data = {"rule": rule, "nexus": nexus_of(unit, one).name}
        for steward in stewards_of(unit, one):
            if steward not in told:
                notify(unit, steward, _FELL_BACK, data)
            told.add(steward)
    return True
