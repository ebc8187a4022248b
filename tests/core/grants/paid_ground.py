"""Grants that live, for the walk through all rights: one of somebody else that is half paid, and those of each role."""

from __future__ import annotations

from core.grants import tranches
from core.grants.grants import Grant, change, grant_of, move
from core.grants.paying import record_payment
from core.grants.proposing import Plan, Wish, add, approve_own
from core.grants.states import State, Tranche
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg, post
from core.ledger.units import Money
from core.nexuses.tree import nexus_of
from core.people.people import person_of
from core.policies.terms import Terms
from core.store import Unit

LIVING = ("received", "drafted")


def half_paid(unit: Unit, nexus_id: int, tam: int, ida: int) -> dict[str, str]:
    """Of the fund, to Tam, in two parts: one is paid, the other is due. And a draft of Ida's."""
    fund, source = account(unit, Kind.FUND, nexus_id, "EUR"), account(unit, Kind.SOURCE, nexus_id, "EUR")
    cause = Cause(nexus_id, ida, "deposit", 0)
    post(unit, f"deposit:{unit.new_id()}", "deposit", cause, [Leg(source, -100_000), Leg(fund, 100_000)])
    terms = {"EUR": Terms(role_age_ms=0).as_json()}
    wish = Wish((Money(1_000, "EUR"),), "a kiln", parts=2)
    plan = Plan(nexus_of(unit, nexus_id), person_of(unit, tam), wish, "fund", 0, None, 0, terms, None)
    grant = _accepted(unit, approve_own(unit, add(unit, plan, proposer_id=ida), ida))
    first = grant.tranches[0]
    tranches.set_state(unit, first, Tranche.RELEASED, released_by=ida, released_at=unit.now)
    grant = grant_of(unit, grant.id, locked=True)
    more = {"actor_id": ida, "method": "", "reference": "", "fee": None, "day": None, "key": f"paid:{first.hold_id}"}
    receipt = record_payment(unit, grant, grant.tranches[0], **more)  # type: ignore[arg-type]
    return {"live": grant.handle, "receipt": receipt.number, "foreign_draft": _draft(unit, nexus_id, ida, tam)}


def living(unit: Unit, nexus_id: int, me: int, tam: int, ida: int) -> dict[str, str]:
    """One that somebody received from Ida, and a draft of theirs."""
    plan = _plan(unit, nexus_id, me, "own", ida)
    grant = _accepted(unit, approve_own(unit, add(unit, plan, proposer_id=ida), ida))
    return {"received": grant.handle, "drafted": _draft(unit, nexus_id, me, tam)}


def _plan(unit: Unit, nexus_id: int, to: int, source: str, giver_id: int) -> Plan:
    wish = Wish((Money(500, "EUR"),), "clay")
    return Plan(nexus_of(unit, nexus_id), person_of(unit, to), wish, source, giver_id, None, 0, {}, None)


def _draft(unit: Unit, nexus_id: int, by: int, to: int) -> str:
    return add(unit, _plan(unit, nexus_id, to, "fund", 0), proposer_id=by, state=State.DRAFT).handle


def _accepted(unit: Unit, grant: Grant) -> Grant:
    move(unit, grant, State.ACCEPTED, accepted_at=unit.now, expires_at=None)
    tranches.begin(unit, grant_of(unit, grant.id, locked=True))
    change(unit, grant.id, next_at=None)
    return grant_of(unit, grant.id, locked=True)
