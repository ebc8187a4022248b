"""Set-up that is not the subject here: people who decide, and grants that were paid, as the books then have them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from core.grants.tables import grant_award, grants, receipt, receipt_count, tranche
from core.hours.tables import hours_entry
from core.ids import new_handle
from core.ledger.accounts import Kind, account
from core.ledger.holds import reserve, settle
from core.ledger.journals import Cause, Leg, post
from core.ledger.units import TIME, Money
from core.ledger.verify import verify
from core.store import Unit
from tests.world import World

numbers: dict[int, int] = {}


def peopled(world: World) -> World:
    """Studio with Parser inside and Orbit in that; Tessa is treasurer of Parser, Olga owns Studio, Ben is a member."""
    world.nexus("Studio", owner="Olga")
    world.nexus("Parser", owner="Otto", parent="Studio")
    world.nexus("Orbit", parent="Parser")
    world.nexus("Square", door="open")
    world.join("Tessa", "Parser", "treasurer")
    world.join("Ted", "Parser", "treasurer")
    world.join("Mod", "Parser", "moderator")
    for name in ("Ben", "Ana", "Cai"):
        world.join(name, "Parser")
    return world


def pay(
    world: World,
    who: str,
    to: str,
    amount: Money,
    *,
    fee: int = 0,
    nexus: str = "Parser",
    own: bool = False,
) -> int:
    """A grant of one tranche that `who` proposed (or gives of their own) and that is paid. Returns the entry's id."""
    giver, recipient, where = world.id_of(who), world.id_of(to), world.nexuses[nexus].id

    def unit(unit: Unit) -> int:
        grant_id, tranche_id, code = unit.new_id(), unit.new_id(), amount.unit
        values: dict[str, Any] = {
            "id": grant_id,
            "handle": new_handle(),
            "nexus_id": where,
            "proposer_id": giver,
            "recipient_id": recipient,
            "giver_id": giver if own else 0,
            "source": "own" if own else "fund",
            "purpose": f"what {to} builds",
            "condition": "",
            "state": "completed",
            "version": 1,
            "needed": 0,
            "terms": {},
            "created_at": unit.now,
            "place_id": 0,
            "every": 0,
        }
        unit.execute(insert(grants), values)
        unit.execute(insert(grant_award), {"grant_id": grant_id, "unit": code, "amount": amount.minor})
        part: dict[str, Any] = {"id": tranche_id, "grant_id": grant_id, "seq": 1, "unit": code, "condition": ""}
        unit.execute(insert(tranche), part | {"amount": amount.minor, "state": "due"})
        cause = Cause(where, giver, "tranche", tranche_id)
        kind, holder = (Kind.OWN, giver) if own else (Kind.FUND, 0)
        pool = account(unit, kind, where, code, holder)
        held = reserve(unit, f"tranche:{tranche_id}:1", pool, amount.minor, cause)
        legs = [Leg(account(unit, Kind.GIVEN, where, code, recipient), amount.minor)]
        if fee:
            legs += [Leg(pool, -fee), Leg(account(unit, Kind.FEE, where, code), fee)]
        paid, _ = settle(unit, held, f"paid:{tranche_id}", "payment", cause, legs)
        here = tranche.c.id == tranche_id
        unit.execute(tranche.update().where(here).values(state="paid", hold_id=held, journal_id=paid))
        numbers[where] = numbers.get(where, 0) + 1 if _counted(unit, where) else 1
        _receipt(unit, where, grant_id, tranche_id, paid, recipient)
        return paid

    paid: int = world.write(unit)
    return paid


def _counted(unit: Unit, where: int) -> bool:
    return unit.value(receipt_count.select().where(receipt_count.c.nexus_id == where)) is not None


def _receipt(unit: Unit, where: int, grant_id: int, tranche_id: int, journal_id: int, person_id: int) -> None:
    seq, ours = numbers[where], receipt_count.c.nexus_id == where
    if _counted(unit, where):
        unit.execute(receipt_count.update().where(ours).values(last=seq))
    else:
        unit.execute(insert(receipt_count), {"nexus_id": where, "year": 2026, "last": seq})
    unit.execute(
        insert(receipt),
        {
            "id": unit.new_id(),
            "nexus_id": where,
            "number": f"2026-{seq:04}",
            "grant_id": grant_id,
            "tranche_id": tranche_id,
            "journal_id": journal_id,
            "person_id": person_id,
            "at": unit.now,
        },
    )


def hours(world: World, who: str, helped: str, minutes: int, *, nexus: str = "Parser") -> None:
    """Hours that were confirmed."""
    giver, other, where = world.id_of(who), world.id_of(helped), world.nexuses[nexus].id

    def unit(unit: Unit) -> None:
        number = unit.new_id()
        legs = [
            Leg(account(unit, Kind.WORKED, where, TIME, giver), -minutes),
            Leg(account(unit, Kind.GIVEN, where, TIME, other), minutes),
        ]
        done = post(unit, f"hours:{number}", "hours", Cause(where, other, "hours", number), legs)
        values: dict[str, Any] = {
            "id": number,
            "handle": new_handle(),
            "nexus_id": where,
            "giver_id": giver,
            "logged_by": giver,
        }
        values |= {"helped_id": other, "minutes": minutes, "words": "talk", "day": unit.now, "state": "confirmed"}
        values |= {"version": 2, "dispute": "", "logged_at": unit.now, "journal_id": done}
        unit.execute(insert(hours_entry), values)

    world.write(unit)


def proven(world: World) -> None:
    """The books hold together."""
    report = world.read(verify)
    assert not report.problems, report.problems
