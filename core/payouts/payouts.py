"""Planning payouts, and where people are paid.

Decision rule: a tranche goes to a provider once it is released and nobody has it in hand; its destination is the
account that the recipient named, as it stands when the payout is planned. From then on only the provider's answer ends
it (`core.payouts.outcomes`), but for one that nobody has begun to send, which can be stopped. A failed one leaves the
tranche as it was: released.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from core.errors import N_, BadInput, Conflict, NotFound
from core.grants.grants import Grant, Tranche
from core.grants.states import Tranche as TrancheState
from core.ledger.units import Money
from core.payouts.provider import Provider, provider_of
from core.payouts.tables import payout, payout_account
from core.people.people import numbers_of, person_of
from core.store import Unit

UNDERWAY = ("waiting", "sent")


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout: `state` is waiting, sent, paid or failed; `external` the provider's own name for it; times in ms."""

    id: int
    tranche_id: int
    provider: str
    key: str
    money: Money
    destination: str
    state: str
    external: str
    why: str
    actor_id: int
    attempts: int
    made_at: int
    sent_at: int | None

    def __repr__(self) -> str:
        return f"Payout({self.id}, {self.state})"


_ADD = insert(payout)
_OF_TRANCHE = (
    select(payout)
    .where(payout.c.tranche_id == bindparam("tranche_id"), payout.c.state.in_(UNDERWAY))
    .order_by(payout.c.id)
)
_STOP = (
    update(payout)
    .where(payout.c.id == bindparam("payout_id"), payout.c.state == "waiting", payout.c.attempts == 0)
    .values(state="failed", why="withdrawn", ended_at=bindparam("at"))
)
_ACCOUNTS = (
    select(payout_account)
    .where(payout_account.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(payout_account.c.set_at.desc(), payout_account.c.person_id)
)
_FORGET = delete(payout_account).where(
    payout_account.c.person_id.in_(bindparam("people", expanding=True)),
    payout_account.c.provider == bindparam("which"),
)
_SET = insert(payout_account)


def plan(unit: Unit, grant: Grant, tranche: Tranche, provider: str, actor_id: int) -> Payout:
    """Have a provider pay a tranche. The grant was read locked, and the caller has checked who may do this.

    Raises `BadInput` for a provider that is not there or can't send this, `Conflict` where the tranche is not released
    or is on its way already, `NotFound` where the recipient has not said where they are paid.
    """
    through = provider_of(unit, provider)
    if tranche.amount.unit not in through.units:
        raise BadInput(
            N_("{provider} can't send {unit}. Somebody has to pay it another way."),
            provider=through.title,
            unit=N_("time") if tranche.amount.unit == "MIN" else tranche.amount.unit,
        )
    if tranche.state != TrancheState.RELEASED:
        raise Conflict(N_("That part is not released yet, so I can't send it."))
    check_free(unit, tranche.id)
    destination = account_of(unit, grant.recipient_id, through.name)
    if destination is None:
        raise NotFound(
            N_("{person} has not told me their {provider} account. They can, in our direct chat."),
            person=person_of(unit, grant.recipient_id).name,
            provider=through.title,
            code="no_account",
        )
    number = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": number,
            "tranche_id": tranche.id,
            "provider": through.name,
            "key": f"payout:{number}",
            "unit": tranche.amount.unit,
            "amount": tranche.amount.minor,
            "destination": destination,
            "state": "waiting",
            "external": "",
            "why": "",
            "fee": 0,
            "actor_id": actor_id,
            "attempts": 0,
            "made_at": unit.now,
            "sent_at": None,
            "next_at": unit.now,
            "ended_at": None,
        },
    )
    found = underway(unit, tranche.id)
    assert found is not None
    return found


def underway(unit: Unit, tranche_id: int) -> Payout | None:
    """The payout of a tranche that a provider has in hand, or will have in a moment."""
    row = unit.row(_OF_TRANCHE, tranche_id=tranche_id)
    return payout_from(row) if row is not None else None


def check_free(unit: Unit, tranche_id: int) -> None:
    """Raises `Conflict` while a provider has the tranche in hand: it may be paid at this very moment."""
    if underway(unit, tranche_id) is not None:
        raise Conflict(N_("That part is being paid right now. Please wait until I know how it ended."), code="underway")


def stop(unit: Unit, tranche_id: int) -> bool:
    """Take back the payout of a tranche that nobody has begun to send. False if there is none, or it has begun."""
    found = underway(unit, tranche_id)
    return found is not None and unit.changed(_STOP, payout_id=found.id, at=unit.now) == 1


def payout_from(row: RowMapping) -> Payout:
    """A payout from its row."""
    return Payout(
        row["id"],
        row["tranche_id"],
        row["provider"],
        row["key"],
        Money(row["amount"], row["unit"]),
        row["destination"],
        row["state"],
        row["external"],
        row["why"],
        row["actor_id"],
        row["attempts"],
        row["made_at"],
        row["sent_at"],
    )


def accounts_of(unit: Unit, person_id: int) -> dict[str, str]:
    """Where a person is paid, by provider: what they said last, under whatever number."""
    rows: Sequence[RowMapping] = unit.rows(_ACCOUNTS, people=numbers_of(unit, person_id))
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["provider"], row["destination"])
    return found


def account_of(unit: Unit, person_id: int, provider: str) -> str | None:
    """Where a person is paid with this provider, None if they have not said."""
    return accounts_of(unit, person_id).get(provider)


def set_account(unit: Unit, person_id: int, provider: Provider, destination: str) -> None:
    """Remember where a person is paid. What is planned already goes where it was planned. Raises `BadInput`."""
    if not provider.takes(destination):
        raise BadInput(
            N_("That does not look like an account of {provider}. It looks like {example}."),
            provider=provider.title,
            example=provider.example,
        )
    forget_account(unit, person_id, provider.name)
    unit.execute(
        _SET,
        {"person_id": person_id, "provider": provider.name, "destination": destination, "set_at": unit.now},
    )


def forget_account(unit: Unit, person_id: int, provider: str) -> bool:
    """Forget where a person is paid with this provider. False if nothing was known."""
    return unit.changed(_FORGET, people=numbers_of(unit, person_id), which=provider) > 0
