"""What the walk over all rights needs of a fund: money in it, a line of a statement that fits, pledges."""

from __future__ import annotations

from core.funds import pledges, statements
from core.funds.statement_reading import Hints, read_statement
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg, Words, post
from core.ledger.units import Money
from core.store import Unit


def fund_ground(unit: Unit, nexus_id: int, backer_id: int) -> dict[str, str]:
    """500 EUR of a backer who pledged more, and the bank's line for it: the words by which the walk names them."""
    legs = [
        Leg(account(unit, Kind.SOURCE, nexus_id, "EUR", backer_id), -50_000),
        Leg(account(unit, Kind.FUND, nexus_id, "EUR"), 50_000),
    ]
    cause = Cause(nexus_id, backer_id, "deposit", 0)
    entered = post(unit, "deposit:ground", "deposit", cause, legs, words=Words(reference="INV-GROUND"))
    table = "date,amount,currency,text\n2026-01-01,500.00,EUR,from Tam\n"
    lines = read_statement(table, Hints("", "", "", unit.now)).lines
    statements.keep(unit, nexus_id, lines, by=backer_id)
    foreign = pledges.make(unit, nexus_id, backer_id, Money(900, "EUR"))
    return {"deposit": f"={entered}", "line": "from Tam", "foreign_pledge": f"#{foreign.handle}", "table": table}


def pledge_ground(unit: Unit, nexus_id: int, person_id: int) -> str:
    """A pledge of somebody's own."""
    return f"#{pledges.make(unit, nexus_id, person_id, Money(700, 'EUR')).handle}"
