"""What a policy asks for, in sentences, and which Nexus each point comes from. Pure but for names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from core.errors import N_
from core.ledger.units import TIME, Money
from core.operations.fields import say_duration
from core.policies.policies import Speaks
from core.policies.terms import ANY, ROLES, Said, Steps, Terms, for_unit, said_for

POINTS = tuple(field.name for field in fields(Said))
HOURS = N_("hours")
_PLURAL = {"owner": N_("owners"), "steward": N_("stewards"), "treasurer": N_("treasurers")}


def points(code: str, terms: Terms) -> dict[str, str]:
    """A sentence for each point of what holds for a unit (`ANY`: for one of which nothing is said)."""
    window = say_duration(terms.window_ms)
    said = {"approvals": _approvals(code, terms.approvals), "roles": _roles(terms.roles)}
    if terms.role_age_ms:
        old = N_("A role counts once it has been held for {age}.")
        said["role_age_ms"] = old.format(age=say_duration(terms.role_age_ms))
    else:
        said["role_age_ms"] = N_("A role counts as soon as somebody has it.")
    said["window_ms"] = N_("What one person is given within {window} counts together.").format(window=window)
    said["per_person"] = N_("There is no limit for one person.")
    if terms.per_person is not None:
        most = N_("One person is given {amount} within {window} at most.")
        said["per_person"] = most.format(amount=Money(terms.per_person, code), window=window)
    said["limit"] = N_("There is no limit for the fund.")
    if terms.limit is not None:
        most = N_("The fund gives {amount} within {window} at most.")
        said["limit"] = most.format(amount=Money(terms.limit, code), window=window)
    return said


def worth_saying(terms: Terms) -> list[str]:
    """The points of which there is something to say, in order."""
    return [point for point in POINTS if point not in ("per_person", "limit") or getattr(terms, point) is not None]


def count_of(count: int) -> str:
    """So many approvals."""
    return N_("1 approval") if count == 1 else N_("{count} approvals").format(count=count)


def unit_name(code: str) -> str:
    """A unit as it is called in a sentence."""
    return {TIME: HOURS, ANY: N_("everything")}.get(code, code)


def _approvals(code: str, steps: Steps) -> str:
    first = count_of(max(steps[0][1], 1))
    if len(steps) == 1:
        return N_("A grant takes {people}, whatever the amount.").format(people=first)
    parts = [N_("A grant takes {people}").format(people=first)]
    parts += [N_("from {amount} on {count}").format(amount=Money(start, code), count=n) for start, n in steps[1:]]
    return ", ".join(parts) + "."


def _roles(roles: Sequence[str]) -> str:
    *first, last = [_PLURAL[role] for role in ROLES if role in roles]
    if not first:
        return N_("Only {role} may approve.").format(role=last)
    said = N_("{first} and {last} may approve.").format(first=", ".join(first), last=last)
    return said[:1].upper() + said[1:]


def sources(code: str, point: str, chain: Sequence[Speaks]) -> list[int]:
    """The Nexuses that a point comes from, nearest first; none if nobody says anything of it."""
    saying = [one for one in chain if getattr(said_for(code, one.said), point) is not None]
    if not saying:
        return []
    holds = getattr(for_unit(code, [one.said for one in chain]), point)
    alone = [one for one in saying if getattr(for_unit(code, [one.said]), point) == holds]
    return [one.nexus_id for one in (alone[:1] or saying)]
