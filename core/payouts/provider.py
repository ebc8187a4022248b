"""What a payout provider is to the rest: what core plans for it, what it answers, and which ones this process has.

`manual` is always there and the default: somebody pays outside and says so. Others are configured; they are the same
for every unit, so they stand beside the store, as the model's provider does. The conversation itself is the bot's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.errors import N_, BadInput
from core.ledger.units import Money
from core.store import Store, Unit

MANUAL = "manual"
_PICTURE = "payouts"

WHY = {
    "balance": N_("there is not enough in the account that it is paid from"),
    "account": N_("the account that they named can't receive it"),
    "currency": N_("that account does not take this currency"),
    "setup": N_("I am not let in there; whoever runs me has to look at the key"),
    "refused": N_("the provider said no"),
    "not_sent": N_("it never got there"),
    "unclear": N_("the provider had trouble, and a day later it was not there"),
    "withdrawn": N_("it was no longer to be paid"),
}
"""Why a payout failed, in the closed words that are stored, and as people read it after "because"."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: its closed `name`, what people call it, and what an account there looks like (a whole match)."""

    name: str
    title: str
    account: str
    example: str
    units: frozenset[str]

    def takes(self, destination: str) -> bool:
        """Whether this can be an account there."""
        return re.fullmatch(self.account, destination, re.ASCII) is not None


@dataclass(frozen=True, slots=True)
class Order:
    """A payout as the provider gets it. Nothing in it but numbers, closed words and the account there.

    `key` makes a repeat harmless; `first_at` is when it was handed over for the first time, `attempt` counts from 1.
    """

    payout_id: int
    grant_id: int
    tranche_id: int
    provider: str
    key: str
    money: Money
    destination: str
    attempt: int
    first_at: int

    def __repr__(self) -> str:
        return f"Order(payout {self.payout_id}, attempt {self.attempt})"  # where somebody is paid is nobody's business


class State(StrEnum):
    """How an attempt ended."""

    PAID = "paid"
    FAILED = "failed"  # and nothing was or will be paid
    LATER = "later"  # it may or may not have gone through, or the provider is busy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered: its own name for a payment, a word of `WHY` for a failure, a fee if it took one.

    `wait`: of LATER, how many milliseconds the provider asks to be left alone (0: as usual).
    """

    state: State
    external: str = ""
    why: str = ""
    fee: Money | None = None
    wait: int = 0


def configure(store: Store, providers: tuple[Provider, ...]) -> None:
    """Say which providers this process can pay through. Called once, before the first unit that asks."""
    store.pictures[_PICTURE] = {one.name: one for one in providers}


def providers_of(unit: Unit) -> dict[str, Provider]:
    """The providers that payments can be sent through, by name; without `manual`."""
    found: dict[str, Provider] = unit.pictures.get(_PICTURE, {})
    return found


def names(unit: Unit) -> tuple[str, ...]:
    """All ways to pay by name, `manual` first."""
    return (MANUAL, *providers_of(unit))


def provider_of(unit: Unit, name: str) -> Provider:
    """The provider of that name. Raises `BadInput`."""
    known = providers_of(unit)
    found = known.get(name.strip().casefold())
    if found is None and known:
        raise BadInput(
            N_("I can't pay through {name}. I can through {known}."),
            name=name,
            known=" or ".join(one.title for one in known.values()),
        )
    if found is None:
        raise BadInput(N_("I can't send money here. Somebody pays as usual and tells me, and I write it down."))
    return found
