"""Grants for the walk through all rights: of somebody else, and of each role."""

from __future__ import annotations

from core.grants.grants import remember
from core.grants.proposing import Plan, Wish, add, approve_own
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg, post
from core.ledger.units import Money
from core.nexuses.tree import nexus_of
from core.people.people import person_of
from core.policies.policies import set_terms
from core.policies.terms import Terms
from core.store import Unit

GRANTS = ("mine", "offered")
FIVE = Money(500, "EUR")


def foreign_grants(unit: Unit, nexus_id: int, tam: int, ida: int) -> dict[str, str]:
    """One that waits for approvals, and one that waits for Tam's yes; roles count at once here."""
    terms = Terms(role_age_ms=0).as_json()
    set_terms(unit, nexus_id, "EUR", terms, 0)
    own, source = account(unit, Kind.OWN, nexus_id, "EUR", ida), account(unit, Kind.SOURCE, nexus_id, "EUR")
    cause = Cause(nexus_id, ida, "deposit", 1)
    post(unit, f"deposit:{unit.new_id()}", "deposit", cause, [Leg(source, -100_000), Leg(own, 100_000)])
    return {"proposal": waiting(unit, nexus_id, ida, tam), "foreign_offered": offered(unit, nexus_id, ida, tam)}


def grants_of(unit: Unit, nexus_id: int, me: int, tam: int, ida: int) -> dict[str, str]:
    """One that somebody proposed, with a question to it, and one that waits for their yes."""
    return {"mine": waiting(unit, nexus_id, me, tam), "offered": offered(unit, nexus_id, ida, me)}


def waiting(unit: Unit, nexus_id: int, by: int, to: int) -> str:
    terms = {"EUR": Terms(role_age_ms=0).as_json()}
    wish = Wish((FIVE,), "a lamp")
    plan = Plan(nexus_of(unit, nexus_id), person_of(unit, to), wish, "fund", 0, None, 2, terms, None)
    grant = add(unit, plan, proposer_id=by)
    remember(unit, grant.id, "asked", to, words="Which one?")
    return grant.handle


def offered(unit: Unit, nexus_id: int, by: int, to: int) -> str:
    plan = Plan(nexus_of(unit, nexus_id), person_of(unit, to), Wish((FIVE,), "tea"), "own", by, None, 0, {}, None)
    return approve_own(unit, add(unit, plan, proposer_id=by), by).handle
