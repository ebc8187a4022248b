"""What a payout stands on: a fund with money, and a grant of it with a released tranche."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from core.grants.grants import Grant, Tranche, grant_of
from core.grants.tables import grant_award, grants, tranche
from core.ledger.accounts import Kind, account
from core.ledger.holds import reserve
from core.ledger.journals import Cause, Leg, post
from core.ledger.units import MONEY, Money
from core.payouts.payouts import Payout, plan, set_account
from core.payouts.provider import Provider, configure
from core.payouts.tables import payout
from core.store import Unit
from tests.world import World

BANK = Provider("bank", "The Bank", r"acct_[0-9A-Za-z]{8,64}", "acct_1234567890", frozenset(MONEY) - {"CRD"})
ANA = "acct_1AnaAccount0000"


@dataclass(frozen=True, slots=True)
class Ground:
    """A world with one released tranche for Ana from the fund of Parser, whose treasurer is Tom."""

    world: World
    grant_id: int
    tranche_id: int

    def grant(self, unit: Unit, *, locked: bool = True) -> tuple[Grant, Tranche]:
        """The grant and its tranche as they stand."""
        found = grant_of(unit, self.grant_id, locked=locked)
        return found, found.tranches[0]

    def plan(self, provider: str = "bank") -> Payout:
        """Tom has a provider pay it."""

        def unit(unit: Unit) -> Payout:
            grant, part = self.grant(unit)
            return plan(unit, grant, part, provider, self.world.id_of("Tom"))

        found: Payout = self.world.write(unit)
        return found

    def state(self) -> str:
        """Where the tranche stands."""
        return str(self.world.read(lambda unit: self.grant(unit, locked=False)[1].state))

    def payouts(self) -> list[dict[str, Any]]:
        """All payouts, oldest first."""
        rows = self.world.read(lambda unit: [dict(r) for r in unit.rows(select(payout).order_by(payout.c.id))])
        return list(rows)

    def set_state(self, state: str) -> None:
        """Put the tranche elsewhere, as revoking or skipping does."""
        self.world.write(
            lambda unit: unit.changed(update(tranche).where(tranche.c.id == self.tranche_id).values(state=state))
        )


def ground(world: World, *, amount: Money | None = None, says: bool = True) -> Ground:
    """Make it. `says`: Ana has said where the bank pays her."""
    amount = amount or Money(50000, "EUR")
    for name in ("Ana", "Tom", "Mira"):
        world.person(name)
    world.nexus("Parser", owner="Mira")
    world.join("Tom", "Parser", "treasurer")
    world.join("Ana", "Parser")
    configure(world.store, (BANK,))
    ana, tom = world.id_of("Ana"), world.id_of("Tom")

    def make(unit: Unit) -> tuple[int, int]:
        nexus_id = world.nexuses["Parser"].id
        fund = account(unit, Kind.FUND, nexus_id, amount.unit)
        source = account(unit, Kind.SOURCE, nexus_id, amount.unit)
        gift = Cause(nexus_id, tom, "deposit", unit.new_id())
        post(unit, f"deposit:{gift.what_id}", "deposit", gift, [Leg(source, -amount.minor), Leg(fund, amount.minor)])
        grant_id, tranche_id = unit.new_id(), unit.new_id()
        unit.execute(insert(grants), _row(unit, grant_id, nexus_id, proposer=tom, recipient=ana))
        unit.execute(insert(grant_award), {"grant_id": grant_id, "unit": amount.unit, "amount": amount.minor})
        cause = Cause(nexus_id, tom, "tranche", tranche_id)
        hold_id = reserve(unit, f"tranche:{tranche_id}:1", fund, amount.minor, cause)
        unit.execute(
            insert(tranche),
            {
                "id": tranche_id,
                "grant_id": grant_id,
                "seq": 1,
                "unit": amount.unit,
                "amount": amount.minor,
                "due_at": None,
                "condition": "",
                "state": "released",
                "hold_id": hold_id,
                "journal_id": None,
                "released_by": world.id_of("Mira"),
                "released_at": unit.now,
                "paid_by": None,
                "paid_at": None,
            },
        )
        if says:
            set_account(unit, ana, BANK, ANA)
        return grant_id, tranche_id

    return Ground(world, *world.write(make))


def _row(unit: Unit, grant_id: int, nexus_id: int, *, proposer: int, recipient: int) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(column.name for column in grants.c)
    return empty | {
        "id": grant_id,
        "handle": "g7k2m",
        "nexus_id": nexus_id,
        "proposer_id": proposer,
        "recipient_id": recipient,
        "giver_id": 0,
        "source": "fund",
        "purpose": "the parser",
        "condition": "",
        "state": "active",
        "version": 1,
        "needed": 1,
        "terms": {},
        "created_at": unit.now,
        "proposed_at": unit.now,
        "decided_at": unit.now,
        "accepted_at": unit.now,
        "place_id": 0,
        "every": 0,
    }
