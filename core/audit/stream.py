"""Writing audit rows and reading them as a stream."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.engine import RowMapping

from core.audit.tables import audit, effect
from core.errors import N_, Conflict
from core.store import Unit

_INSERT = insert(audit)
_AFTER = select(audit).where(audit.c.seq > bindparam("after")).order_by(audit.c.seq).limit(bindparam("most"))
# Private doings (thoughts, accounts) are nobody else's business, stewards included.
_OF_NEXUS = (
    select(audit)
    .where(
        audit.c.nexus_id == bindparam("nexus_id"),
        audit.c.operation.not_like("thought.%"),
        audit.c.operation.not_like("account.%"),
    )
    .order_by(audit.c.seq.desc())
    .limit(bindparam("most"))
)
_EFFECT = select(effect.c.body, effect.c.result).where(effect.c.key == bindparam("k"))
_KEEP_EFFECT = insert(effect)
# On PostgreSQL numbers are drawn before commit, so a later number could become visible first and a reader would miss
# the earlier one; writers therefore take turns from here to their commit, which follows at once.
_IN_TURN = text("SELECT pg_advisory_xact_lock(7310222)")


def write_audit(unit: Unit, row: dict[str, Any]) -> None:
    """Append a row. Called last in a unit, as it serialises writers on PostgreSQL until their commit."""
    if unit.postgres:
        unit.execute(_IN_TURN)
    unit.execute(_INSERT, row)
    unit.wake("events")


def events(unit: Unit, after: int, most: int = 500) -> Sequence[RowMapping]:
    """The events behind `after`, oldest first."""
    return unit.rows(_AFTER, after=after, most=most)


def history(unit: Unit, nexus_id: int, most: int) -> Sequence[RowMapping]:
    """The newest events of one Nexus that are not private, newest first."""
    return unit.rows(_OF_NEXUS, nexus_id=nexus_id, most=most)


def fingerprint(operation: str, arguments: dict[str, Any]) -> str:
    """A hash of what a call asks for, to tell a repeat from a key used twice."""
    body = json.dumps([operation, arguments], sort_keys=True, default=str)
    return hashlib.sha256(body.encode()).hexdigest()


def earlier_result(unit: Unit, key: str, body: str) -> Any | None:
    """The stored result of the call with this key, or None. Another body under the same key is a `Conflict`."""
    row = unit.row(_EFFECT, k=key)
    if row is None:
        return None
    if row["body"] != body:
        raise Conflict(N_("This was already used for something else. Please try again."), code="key_reused")
    return row["result"]


def keep_result(unit: Unit, key: str, body: str, result: Any) -> None:
    """Remember the result under the key. Two at once: the second fails on the primary key, with its whole unit."""
    unit.execute(_KEEP_EFFECT, {"key": key, "body": body, "result": result, "at": unit.now})
