"""Approvals of a grant or a mandate: one for each person and version, counted anew each time.

An approval counts for the version that it was given for, once for each person as people are linked now, and only while
that person may still decide. People who ever shared an account count as one: separating them gives no second voice.
After the decision what was decided stands, whatever becomes of a role, unless somebody who approved turns out to be one
with somebody who has an interest, or with another who approved.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.grants.conflicts import approvers, distinct, interested, relatives
from core.grants.grants import Grant
from core.grants.tables import approval
from core.people.people import person_of
from core.policies.terms import Terms
from core.store import Unit

GRANT, MANDATE = "grant", "mandate"

_SAID = (
    select(approval.c.person_id, approval.c.yes, approval.c.at)
    .where(
        approval.c.subject == bindparam("subject"),
        approval.c.subject_id == bindparam("subject_id"),
        approval.c.version == bindparam("version"),
    )
    .order_by(approval.c.id)
)
_ADD = insert(approval)


def say(unit: Unit, subject: str, subject_id: int, version: int, person_id: int, yes: bool) -> bool:
    """Write down what somebody says to it. False if they said something already. The subject was read locked."""
    same = relatives(unit, [person_id])
    if any(row["person_id"] in same for row in said_to(unit, subject, subject_id, version)):
        return False
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "subject": subject,
            "subject_id": subject_id,
            "version": version,
            "person_id": person_id,
            "yes": yes,
            "at": unit.now,
        },
    )
    return True


def said_to(unit: Unit, subject: str, subject_id: int, version: int) -> Sequence[RowMapping]:
    """What people said to a version, oldest first: person_id, yes, at."""
    return unit.rows(_SAID, subject=subject, subject_id=subject_id, version=version)


def count(
    unit: Unit, subject: str, subject_id: int, version: int, nexus_id: int, interest: frozenset[int], terms: Terms
) -> list[int]:
    """The people whose yes to this version counts now, in the order in which they said it."""
    able = {one.person_id for one in approvers(unit, nexus_id, interest, terms)}
    return distinct(unit, (one for one in _yes(unit, subject, subject_id, version) if one in able))


def standing(unit: Unit, subject: str, subject_id: int, version: int, interest: frozenset[int]) -> list[int]:
    """The people whose yes carries what was decided: whatever their role is now, but nobody with an interest."""
    return distinct(unit, (one for one in _yes(unit, subject, subject_id, version) if one not in interest))


def check_stands(unit: Unit, grant: Grant) -> None:
    """Raises `Conflict` if people who approved it turned out to be one, or one with somebody it concerns.

    Before anything more is done with a grant that was approved: accepted, released, paid.
    """
    if grant.source != "fund":
        return
    if len(standing(unit, GRANT, grant.id, grant.version, interested(unit, grant))) < grant.needed:
        raise Conflict(
            N_(
                "The approvals of that grant don't suffice any more: of those who gave them, some turned out to be one "
                "person, or one with somebody it concerns. It can be revoked and proposed again."
            ),
            code="approvals_gone",
        )


def _yes(unit: Unit, subject: str, subject_id: int, version: int) -> list[int]:
    said = said_to(unit, subject, subject_id, version)
    return list(dict.fromkeys(person_of(unit, row["person_id"]).id for row in said if row["yes"]))
