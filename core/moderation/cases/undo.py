"""Taking decisions back, and ending those whose time is over.

Undo reverses what was done on every platform, the suspension and the points, and says what cannot come back. A sanction
that another standing case keeps as well is not ended: nobody comes back in by an older case's end. Of several decisions
about one place the newest holds; where an older one ends, the newer one leads back to the state before both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.moderation.cases import acts, cases
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Case
from core.moderation.cases.tables import mod_act, mod_case
from core.nexuses.members import lift
from core.people.people import numbers_of, person_of
from core.store import Unit

ON_PEOPLE = {"timeout": "release", "ban": "unban"}
ON_PLACES = {"lock": "unlock", "slow": "slow", "close_door": "open_door"}
REVERSE = {**ON_PEOPLE, **ON_PLACES}
_DONE = ("done", "partly")
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
_OVER_BEFORE = select(mod_case.c.id).where(
    mod_case.c.nexus_id == bindparam("nexus_id"),
    mod_case.c.person_id.in_(bindparam("people", expanding=True)),
    mod_case.c.kind == bindparam("kind"),
    mod_case.c.state.in_(("lifted", "undone")),
    mod_case.c.id != bindparam("case_id"),
)
_STANDING_ACTS = (
    select(mod_act)
    .join(mod_case, mod_case.c.id == mod_act.c.case_id)
    .where(
        mod_case.c.state == "standing",
        mod_act.c.state.in_(("waiting", *_DONE)),
        mod_act.c.reverses.is_(None),
        mod_act.c.platform == bindparam("platform"),
        mod_act.c.workspace == bindparam("workspace"),
        mod_act.c.place == bindparam("place"),
        mod_act.c.power == bindparam("power"),
        mod_act.c.case_id != bindparam("case_id"),
    )
    .limit(1)
)
_KEEPERS = _STANDING_ACTS.where(mod_act.c.account_id == bindparam("account_id")).order_by(mod_act.c.id.desc())
_LATER = _STANDING_ACTS.where(mod_act.c.thread == bindparam("thread"), mod_act.c.id > bindparam("id")).order_by(
    mod_act.c.id
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who takes it back: their accounts by platform, and the call in which they ask for it. Empty for the clock."""

    person_id: int | None = None
    accounts: Mapping[str, int | None] = field(default_factory=dict)
    turn: str = ""


def undo(unit: Unit, case: Case, who: Who, reason: str) -> list[str]:
    """It should not have been: everything goes back. Returns what cannot. Raises `Conflict` if it was over before."""
    if case.state not in ("standing", "lifted"):
        raise Conflict(N_("Case {number} was dealt with already."), number=case.number)
    for child in cases.children_of(unit, case.id):
        undo(unit, child, who, reason)
    cases.move(unit, case, "undone", who.person_id)
    return [] if case.state == "lifted" else _reverse(unit, case, who, reason)


def end(unit: Unit, case: Case, who: Who, reason: str) -> None:
    """Its time is over, or it was ended early: it was right, and it is past."""
    for child in cases.children_of(unit, case.id):
        end(unit, child, who, reason)
    cases.move(unit, case, "lifted", who.person_id)
    _reverse(unit, case, who, reason)


def _reverse(unit: Unit, case: Case, who: Who, reason: str) -> list[str]:
    if case.kind == "raid":
        unit.wake("guards")
    acts.drop_waiting(unit, case.id)
    kept = case.person_id is not None and kept_by_another(unit, case)
    if case.kind == "ban" and case.person_id is not None and not kept:
        lift(unit, person_of(unit, case.person_id).id, case.nexus_id)
    rows = [row for row in acts.acts_of(unit, case.id) if row["reverses"] is None]
    for row in rows:
        if row["power"] in ON_PLACES and _was_done(row):
            _open_up(unit, case, row, who, reason)
    _let_go(unit, case, [row for row in rows if row["power"] in ON_PEOPLE], kept, who, reason)
    lasting = [_FOR_GOOD[row["power"]] for row in rows if row["power"] in _FOR_GOOD and row["state"] in _DONE]
    return list(dict.fromkeys(lasting))


def _was_done(row: RowMapping) -> bool:
    """Whether it may have had an effect: it had, or it was begun and nobody knows."""
    return row["state"] in _DONE or (row["state"] in ("dropped", "failed") and row["before"] is not None)


def _let_go(unit: Unit, case: Case, rows: Sequence[RowMapping], kept: bool, who: Who, reason: str) -> None:
    """Take back what a case did to somebody, where no other case says the same.

    With the last case of its kind ends also what earlier ones did elsewhere and left to it.
    """
    if not kept and case.person_id is not None:
        rows = [*rows, *_left_over(unit, case)]
    alike: dict[tuple[Any, ...], list[RowMapping]] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        if row["account_id"] is not None and _was_done(row):  # None: they are forgotten, and nobody knows whose it was
            what = (row["platform"], row["workspace"], row["place"], row["power"], row["account_id"])
            alike.setdefault(what, []).append(row)
    for same in alike.values():
        first, row = same[0], same[-1]
        keeper = _keeper(unit, row)
        if keeper is None:
            if not kept:
                acts.queue(unit, row["case_id"], replace(_back(row, who, reason), before=first["before"] or {}))
        elif keeper["id"] < row["id"] and keeper["until"] != row["until"] and keeper["state"] in _DONE:
            acts.renew(unit, keeper, unit.now)  # the later one has shortened it on the platform


def _left_over(unit: Unit, case: Case) -> list[RowMapping]:
    assert case.person_id is not None
    over = unit.rows(
        _OVER_BEFORE,
        nexus_id=case.nexus_id,
        people=numbers_of(unit, case.person_id),
        kind=case.kind,
        case_id=case.id,
    )
    found = acts.acts_of_cases(unit, [row["id"] for row in over])
    back = {row["reverses"] for row in found}
    return [row for row in found if row["power"] in ON_PEOPLE and row["id"] not in back]


def _keeper(unit: Unit, row: RowMapping) -> RowMapping | None:
    """The newest act of another standing case that does the same to the same account in the same spot."""
    same = {name: row[name] for name in ("platform", "workspace", "place", "power", "account_id", "case_id")}
    return unit.row(_KEEPERS, **same)


def _open_up(unit: Unit, case: Case, row: RowMapping, who: Who, reason: str) -> None:
    """Take back what a case did to a place; if a later one still stands there, leave it and hand on the way back."""
    same = {name: row[name] for name in ("platform", "workspace", "place", "thread", "power", "case_id", "id")}
    later = unit.row(_LATER, **same)
    if later is None:
        acts.queue(unit, case.id, _back(row, who, reason))
    else:
        acts.pass_on(unit, later["id"], row["before"] or {})


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
