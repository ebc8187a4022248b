"""Taking decisions back, and ending those whose time is over.

Undo reverses what was done on every platform, the suspension and the points, and says what cannot come back. A sanction
that another standing case keeps as well is not ended: nobody comes back in by an older case's end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.moderation.cases import acts, cases
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Case
from core.moderation.cases.tables import mod_case
from core.nexuses.members import lift
from core.people.people import numbers_of
from core.store import Unit

REVERSE = {
    "timeout": "release",
    "ban": "unban",
    "lock": "unlock",
    "slow": "slow",
    "close_door": "open_door",
}
_FOR_GOOD = {
    "kick": N_("Whoever was removed has to come back by themselves."),
    "delete": N_("Deleted messages cannot come back."),
}
_KEPT_BY = (
    select(func.count())
    .select_from(mod_case)
    .where(
        mod_case.c.nexus_id == bindparam("nexus_id"),
        mod_case.c.person_id.in_(bindparam("people", expanding=True)),
        mod_case.c.kind == bindparam("kind"),
        mod_case.c.state == "standing",
        mod_case.c.id != bindparam("case_id"),
    )
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who takes it back: their accounts by platform, and the call in which they ask for it. Empty for the clock."""

    person_id: int | None = None
    accounts: Mapping[str, int | None] = field(default_factory=dict)
    turn: str = ""


def undo(unit: Unit, case: Case, who: Who, reason: str) -> list[str]:
    """It should not have been: everything goes back. Returns what cannot. Raises `Conflict` if it was over before."""
    if case.state in ("undone", "closed"):
        raise Conflict(N_("Case {number} was dealt with already."), number=case.number)
    for child in cases.children_of(unit, case.id):
        undo(unit, child, who, reason)
    cases.move(unit, case, "undone", who.person_id)
    acts.drop_waiting(unit, case.id)
    if case.state == "lifted":
        return []
    return _reverse(unit, case, who, reason)


def end(unit: Unit, case: Case, who: Who, reason: str) -> None:
    """Its time is over, or it was ended early: it was right, and it is past."""
    for child in cases.children_of(unit, case.id):
        end(unit, child, who, reason)
    cases.move(unit, case, "lifted", who.person_id)
    acts.drop_waiting(unit, case.id)
    _reverse(unit, case, who, reason)


def _reverse(unit: Unit, case: Case, who: Who, reason: str) -> list[str]:
    if case.kind == "raid":
        unit.wake("guards")
    lasting = []
    kept = case.person_id is not None and kept_by_another(unit, case)
    if case.kind == "ban" and case.person_id is not None and not kept:
        lift(unit, case.person_id, case.nexus_id)
    for row in acts.acts_of(unit, case.id):
        if row["state"] not in ("done", "partly") or row["reverses"] is not None:
            continue
        if row["power"] in _FOR_GOOD:
            lasting.append(_FOR_GOOD[row["power"]])
        elif row["power"] == "timeout" and row["until"] and row["until"] <= unit.now:
            continue  # the platform has ended it
        elif row["power"] in REVERSE and not kept:
            acts.queue(unit, case.id, _back(row, who, reason))
    return list(dict.fromkeys(lasting))


def _back(row: RowMapping, who: Who, reason: str) -> Todo:
    before = row["before"] or {}
    return Todo(
        row["platform"],
        row["workspace"],
        REVERSE[row["power"]],
        place=row["place"],
        thread=row["thread"],
        account_id=row["account_id"],
        by_id=who.accounts.get(row["platform"]),
        seconds=int(before.get("seconds", 0)),
        reason=reason,
        before=before,
        reverses=row["id"],
        turn=who.turn,
        asker_id=who.person_id,
    )


def kept_by_another(unit: Unit, case: Case) -> bool:
    """Whether another standing case about the person says the same."""
    assert case.person_id is not None
    others = unit.value(
        _KEPT_BY,
        nexus_id=case.nexus_id,
        people=numbers_of(unit, case.person_id),
        kind=case.kind,
        case_id=case.id,
    )
    return bool(others)


def sweep(unit: Unit, most: int = 100) -> bool:
    """End what is over, in one batch. True if there may be more."""
    found: Sequence[Case] = cases.over(unit, most)
    for case in found:
        if cases.case_of(unit, case.id).state != "standing":
            continue  # ended with the raid that it belongs to
        end(unit, case, Who(), f"Case {case.number} is over")
    return len(found) == most
