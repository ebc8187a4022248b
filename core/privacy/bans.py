"""Being forgotten lifts no suspension: what is kept of an account is a keyed hash, and whoever has it stays out.

The key is random and this store's own, so that a hash says nothing to anybody who has only the hash, and nothing is
alike in two stores. A hash goes when its account comes back: from then on the suspension stands in the membership.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from sqlalchemy import bindparam, delete, insert, select

from core.nexuses.tables import membership
from core.privacy.tables import kept_ban, secret
from core.store import Unit
from core.store.upsert import insert_into

KEY = "bans"
_KEY = select(secret.c.value).where(secret.c.name == KEY)
_MAKE_KEY = insert(secret)
_SUSPENDED = (
    select(membership.c.nexus_id)
    .where(membership.c.person_id.in_(bindparam("people", expanding=True)), membership.c.state == "suspended")
    .distinct()
    .order_by(membership.c.nexus_id)
)
_KEPT = select(kept_ban.c.nexus_id).where(kept_ban.c.digest == bindparam("d")).order_by(kept_ban.c.nexus_id)
_DROP = delete(kept_ban).where(kept_ban.c.digest == bindparam("d"))
_SUSPEND = insert(membership)


def digest(key: bytes, platform: str, workspace: str, external_id: str) -> bytes:
    """What stands for an account: 32 bytes that only this store can make, and nobody can turn back."""
    parts = "".join(f"{len(part)}:{part}" for part in (platform, workspace, external_id))
    return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), key=key, digest_size=32).digest()


def keep(unit: Unit, people: Iterable[int], accounts: Iterable[tuple[str, str, str]]) -> int:
    """Keep the suspensions of people by their accounts: (platform, workspace, external id). Returns in how many
    Nexuses they are suspended."""
    suspended = [row["nexus_id"] for row in unit.rows(_SUSPENDED, people=list(people))]
    if not suspended:
        return 0
    key = unit.value(_KEY)
    if key is None:
        key = secrets.token_bytes(32)
        unit.execute(_MAKE_KEY, {"name": KEY, "value": key})
    statement = insert_into(kept_ban, postgres=unit.postgres).on_conflict_do_nothing()
    for account in accounts:
        made = digest(bytes(key), *account)
        unit.execute(statement, [{"digest": made, "nexus_id": nexus_id, "at": unit.now} for nexus_id in suspended])
    return len(suspended)


def put_back(unit: Unit, person_id: int, platform: str, workspace: str, external_id: str) -> None:
    """An account speaks for the first time: if it was suspended when its person was forgotten, it is so again."""
    key = unit.value(_KEY)
    if key is None:  # nobody was ever forgotten while suspended
        return
    made = digest(bytes(key), platform, workspace, external_id)
    for row in unit.rows(_KEPT, d=made):
        unit.execute(
            _SUSPEND,
            {
                "person_id": person_id,
                "nexus_id": row["nexus_id"],
                "role": "member",
                "state": "suspended",
                "granted_by": 0,
                "granted_at": unit.now,
                "map_id": None,
            },
        )
    unit.changed(_DROP, d=made)
