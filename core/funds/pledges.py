"""Pledges: what backers said they would put into a fund, and how much of it has come.

How much has come is worked out from the deposits that name the pledge, so a deposit that is taken back counts no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.access.books import decides_about_money
from core.access.names import several, unknown
from core.errors import N_, Conflict
from core.funds.tables import pledge
from core.ids import new_handle
from core.ledger.accounts import Kind
from core.ledger.tables import journal, ledger_account, posting
from core.ledger.units import Money
from core.operations.context import Context
from core.operations.fields import Reference
from core.operations.fields.base import frozen_id
from core.people.people import numbers_of, person_of
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Pledge:
    """What somebody said they would put in. `received` of it, in minor units, has come; `state` is open, kept or
    withdrawn. `person_id` is their number of now.
    """

    id: int
    handle: str
    nexus_id: int
    person_id: int
    amount: Money
    received: int
    words: str
    due_at: int | None
    state: str
    made_at: int

    @property
    def name(self) -> str:
        """What it is called in a question."""
        return N_("the pledge of {amount} (#{handle})").format(amount=self.amount, handle=self.handle)

    @property
    def rest(self) -> int:
        """What is still to come, in minor units."""
        return self.amount.minor - self.received


_BY_ID = select(pledge).where(pledge.c.id == bindparam("pledge_id"))
_LOCKED = _BY_ID.with_for_update()
_BY_HANDLE = select(pledge).where(pledge.c.handle == bindparam("handle"))
_OF_NEXUS = select(pledge).where(pledge.c.nexus_id == bindparam("nexus_id")).order_by(pledge.c.id.desc())
_OF_PEOPLE = (
    select(pledge).where(pledge.c.person_id.in_(bindparam("people", expanding=True))).order_by(pledge.c.id.desc())
)
_ADD = insert(pledge)
_undone = journal.alias("undone")
_CAME = (
    select(func.sum(-posting.c.amount))
    .select_from(posting.join(journal, journal.c.id == posting.c.journal_id))
    .join(ledger_account, ledger_account.c.id == posting.c.account_id)
    .outerjoin(_undone, _undone.c.reverses == journal.c.id)
    .where(
        journal.c.cause == "deposit",
        journal.c.cause_id == bindparam("pledge_id"),
        journal.c.kind == "deposit",
        ledger_account.c.kind == Kind.SOURCE.value,
        _undone.c.id.is_(None),
    )
)
_SET = (
    update(pledge)
    .where(pledge.c.id == bindparam("pledge_id"))
    .values(received=bindparam("new_received"), state=bindparam("new_state"))
)


def make(
    unit: Unit, nexus_id: int, person_id: int, amount: Money, words: str = "", due_at: int | None = None
) -> Pledge:
    """Write down what somebody means to put in."""
    number = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": number,
            "handle": new_handle(),
            "nexus_id": nexus_id,
            "person_id": person_id,
            "unit": amount.unit,
            "amount": amount.minor,
            "received": 0,
            "words": words,
            "due_at": due_at,
            "state": "open",
            "made_at": unit.now,
        },
    )
    return pledge_of(unit, number)


def pledge_of(unit: Unit, pledge_id: int, *, locked: bool = False) -> Pledge:
    """A pledge; `locked` against others until the unit ends. Raises `LookupError`."""
    row = unit.row(_LOCKED if locked else _BY_ID, pledge_id=pledge_id)
    if row is None:
        raise LookupError(f"no pledge {pledge_id}")
    return _pledge(unit, row)


def pledges_of(unit: Unit, nexus_id: int) -> list[Pledge]:
    """All pledges into the fund of a Nexus, newest first."""
    return [_pledge(unit, row) for row in unit.rows(_OF_NEXUS, nexus_id=nexus_id)]


def pledges_by(unit: Unit, person_id: int) -> list[Pledge]:
    """All pledges of a person, newest first."""
    return [_pledge(unit, row) for row in unit.rows(_OF_PEOPLE, people=numbers_of(unit, person_id))]


def _pledge(unit: Unit, row: RowMapping) -> Pledge:
    return Pledge(
        row["id"],
        row["handle"],
        row["nexus_id"],
        person_of(unit, row["person_id"]).id,
        Money(row["amount"], row["unit"]),
        row["received"],
        row["words"],
        row["due_at"],
        row["state"],
        row["made_at"],
    )


def count_again(unit: Unit, pledge_id: int) -> Pledge:
    """Work out anew how much has come of a pledge: after a deposit that names it, or one that was taken back."""
    found = pledge_of(unit, pledge_id, locked=True)
    received = min(int(unit.value(_CAME, pledge_id=pledge_id) or 0), found.amount.minor)
    state = found.state
    if state != "withdrawn":
        state = "kept" if received == found.amount.minor else "open"
    unit.changed(_SET, pledge_id=pledge_id, new_received=received, new_state=state)
    return pledge_of(unit, pledge_id)


def withdraw(unit: Unit, found: Pledge) -> None:
    """Nothing more is to come of it. Raises `Conflict` if it is kept or withdrawn already."""
    now = pledge_of(unit, found.id, locked=True)
    check_open(now)
    unit.changed(_SET, pledge_id=now.id, new_received=now.received, new_state="withdrawn")


def check_open(now: Pledge) -> None:
    """Raises `Conflict` for a pledge that is kept or withdrawn."""
    if now.state == "kept":
        raise Conflict(N_("All of that pledge has come already. There is nothing left to withdraw."))
    if now.state == "withdrawn":
        raise Conflict(N_("That pledge was withdrawn already."))


def access_pledge(context: Context, words: str) -> Pledge:
    """The pledge that somebody named: one of their own, or of a Nexus whose money they decide about.

    By its short name, by its amount, or "my pledge" where there is only one open. Raises `NotFound`, `Ambiguous`.
    """
    unit, me = context.unit, context.actor.person_id
    number, bare = frozen_id(words), words.strip("\"'“” ").lstrip("#").casefold()
    row = unit.row(_BY_HANDLE, handle=bare) if number is None else unit.row(_BY_ID, pledge_id=number)
    found = _pledge(unit, row) if row is not None else None
    if found is not None and (found.person_id == me or decides_about_money(unit, me, found.nexus_id)):
        return found
    if number is None:
        mine = [one for one in pledges_by(unit, me) if one.state == "open"]
        some = mine if bare in _MINE else [one for one in mine if str(one.amount).casefold() == bare]
        if len(some) > 1:
            raise several(f"#{one.handle} {one.amount}" for one in some)
        if some:
            return some[0]
    raise unknown(N_("I find no pledge that fits “{name}”."), words, [])


_MINE = frozenset({"pledge", "my pledge", "the pledge", "it", "mine", "my open pledge", "this pledge", "that pledge"})


class PledgeField(Reference):
    """A pledge into a fund: by its short name (#k7m2p), or "my pledge"."""

    kind = "pledge"

    def resolve(self, value: Any, context: Context) -> Pledge:
        """See `Field.resolve`."""
        return access_pledge(context, value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold().removeprefix("#")
        mine = [one for one in pledges_by(context.unit, context.actor.person_id) if one.state == "open"]
        return [(f"{one.amount} (#{one.handle})", f"={one.id}") for one in mine if part in f"{one.amount} {one.handle}"]
