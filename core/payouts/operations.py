"""Where one is paid, and how payouts through a provider are doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from sqlalchemy import bindparam, or_, select
from sqlalchemy.engine import RowMapping

from core.access.books import called, decides_about_money
from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.clock import show_time
from core.errors import N_, Conflict
from core.grants.tables import grants, tranche
from core.ledger.units import Money
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.declare import Confirm, operation
from core.operations.fields import Text
from core.payouts import says
from core.payouts.payouts import accounts_of, forget_account, set_account
from core.payouts.provider import WHY, Provider, provider_of, providers_of
from core.payouts.tables import payout
from core.people.people import numbers_of

PROVIDER = Text(N_("through whom"), maximum=40, line=True)
SHOWN = 20  # newest payouts in a list
_STATES = {
    "waiting": N_("waits to be sent"),
    "sent": N_("is on its way"),
    "paid": N_("was paid"),
}
_NEWEST = (
    select(payout, grants.c.handle, grants.c.recipient_id)
    .join(tranche, tranche.c.id == payout.c.tranche_id)
    .join(grants, grants.c.id == tranche.c.grant_id)
    .where(
        or_(
            grants.c.recipient_id.in_(bindparam("mine", expanding=True)),
            grants.c.nexus_id == bindparam("nexus_id"),
        )
    )
    .order_by(payout.c.id.desc())
    .limit(SHOWN)
)


@dataclass(frozen=True, slots=True)
class Account:
    """Where somebody is paid with a provider."""

    provider: str
    destination: str


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout: `state` says in words how it stands."""

    LINE: ClassVar[str] = "{amount} for {person} (#{grant}) {state}, {when}, through {provider}"
    grant: str
    amount: str
    person: str
    provider: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class Payouts:
    """The newest payouts that concern the caller, newest first. `accounts` says where they are paid themselves."""

    accounts: str
    items: tuple[PayoutLine, ...]


def _through(context: Context, name: str | None) -> Provider:
    known = providers_of(context.unit)
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    return provider_of(context.unit, name or "")


def _setting(context: Context, destination: str, provider: str | None = None) -> Mapping[str, str]:
    through = _through(context, provider)
    if not through.takes(destination):
        set_account(context.unit, context.actor.person_id, through, destination)  # refuses, with what would be right
    return {"provider": through.title}


@operation(
    "payout.account",
    writes=True,
    private=True,
    direct_only=True,
    confirm=Confirm.ALWAYS,
    says=says.ACCOUNT,
    preview=_setting,
    asks=N_("Send what you are granted to {destination} at {provider} from now on, where a fund pays through it?"),
    tells=N_("From now on you are paid at {destination}. Payments that are on their way already stay as they are."),
)
def set_payout_account(
    context: Context,
    destination: Annotated[str, Text(N_("your account there"), minimum=3, maximum=80, line=True)],
    provider: Annotated[str | None, PROVIDER] = None,
) -> Account:
    """Say where you are paid, for funds that pay through a provider.

    Only you can say where you are paid. Nobody else sees it.
    """
    through = _through(context, provider)
    set_account(context.unit, context.actor.person_id, through, destination)
    return Account(through.title, destination)


def _known(context: Context, provider: str | None = None) -> Mapping[str, str]:
    accounts = accounts_of(context.unit, context.actor.person_id)
    named = provider.strip().casefold() if provider else next(iter(accounts), "")
    if named not in accounts:
        raise Conflict(N_("I don't know where you are paid, so there is nothing to forget."))
    return {"provider": _title(context, named), "destination": accounts[named], "name": named}


@operation(
    "payout.forget",
    writes=True,
    private=True,
    says=says.FORGET,
    preview=_known,
    asks=N_("Forget that you are paid at {destination} ({provider})?"),
    tells=N_("I have forgotten your account at {provider}."),
)
def forget_payout_account(
    context: Context,
    provider: Annotated[str | None, PROVIDER] = None,
) -> Account:
    """Forget where you are paid."""
    known = _known(context, provider)
    forget_account(context.unit, context.actor.person_id, known["name"])
    return Account(known["provider"], "")


def _title(context: Context, name: str) -> str:
    known = providers_of(context.unit).get(name)
    return known.title if known is not None else name


@operation(
    "payout.list",
    private=True,
    says=says.LIST,
    tells="{accounts}",
    empty=N_("{accounts} No payment has gone through a provider yet."),
)
def list_payouts(context: Context, nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None) -> Payouts:
    """Where you are paid, and how payments through a provider are doing.

    Your own; whoever decides about the money of a Nexus sees those of its fund as well.
    """
    unit, me = context.unit, context.actor.person_id
    where = named_or_here(context, nexus)
    decides = decides_about_money(unit, me, where.id)
    rows = unit.rows(_NEWEST, mine=numbers_of(unit, me), nexus_id=where.id if decides else 0)
    accounts = " ".join(
        N_("You are paid at {destination} ({provider}).").format(destination=to, provider=_title(context, name))
        for name, to in accounts_of(unit, me).items()
    )
    return Payouts(
        accounts or N_("I don't know any account of yours to pay to."), tuple(_line(context, r) for r in rows)
    )


def _line(context: Context, row: RowMapping) -> PayoutLine:
    failed = row["state"] == "failed"
    state = N_("failed: {why}").format(why=WHY.get(row["why"], WHY["refused"])) if failed else _STATES[row["state"]]
    return PayoutLine(
        row["handle"],
        str(Money(row["amount"], row["unit"])),
        called(context.unit, context.audience, row["recipient_id"]),
        _title(context, row["provider"]),
        state,
        show_time(row["ended_at"] or row["made_at"]),
    )


OPERATIONS = (set_payout_account, forget_payout_account, list_payouts)
