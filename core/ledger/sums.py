"""The two sums of an account: the one statement that changes them, and refuses where the floor would be crossed.

Decision rule: accounts are changed in the order of their ids, and before anything else of the same change is written.
So whoever changes an account keeps everybody else from it and from its holds until the unit ends, no two units wait for
each other in a circle, and a refusal leaves nothing behind, even where the caller goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.errors import N_, NexusError
from core.ledger.units import Money
from core.store import Unit
from core.store.unit import Raw

Changes = Mapping[int, tuple[int, int]]
"""What is added to accounts, by their id: to `posted` and to `held`."""

_MOVE = Raw(
    "UPDATE ledger_account SET posted = posted + ?, held = held + ?, changes = changes + 1 WHERE id = ? "
    "AND held + ? >= 0 AND (floor IS NULL OR posted + ? - held - ? >= floor) RETURNING changes"
)
# The same for several at once, and only if nothing was done under a key yet: for a server, that is a way off. The
# locks keep the order; who waits for one sees the account as it is then. `{values}` are (account, posted, held).
MOVED = (
    "wanted (id, by, hold) AS (VALUES {values}), locked AS MATERIALIZED (SELECT a.id FROM ledger_account a "
    "WHERE a.id IN (SELECT id FROM wanted) AND NOT EXISTS (SELECT 1 FROM {table} WHERE key = ?) "
    "ORDER BY a.id FOR UPDATE), moved AS (UPDATE ledger_account a "
    "SET posted = a.posted + w.by, held = a.held + w.hold, changes = a.changes + 1 "
    "FROM locked l JOIN wanted w ON w.id = l.id WHERE a.id = l.id AND a.held + w.hold >= 0 "
    "AND (a.floor IS NULL OR a.posted + w.by - a.held - w.hold >= a.floor) RETURNING a.id, a.changes)"
)
_DONE = "SELECT id, changes FROM moved"
_BACK = Raw("UPDATE ledger_account SET posted = posted - ?, held = held - ?, changes = changes - 1 WHERE id = ?")
_SUMS = Raw("SELECT unit, posted, held FROM ledger_account WHERE id = ?")


class NotEnough(NexusError):
    """There is less free than was asked for. `data["free"]` is what there is, in words."""

    code = "not_enough"

    def __init__(self, unit: Unit, account_id: int, wanted: int) -> None:
        ((code, posted, held),) = unit.fetch(_SUMS, account_id)
        super().__init__(
            N_("{wanted} is more than there is: {free} is free."),
            wanted=Money(wanted, code),
            free=Money(max(posted - held, 0), code),
        )


def move(unit: Unit, changes: Changes, table: str = "journal", key: str = "") -> dict[int, int]:
    """Change accounts by (posted, held) each. Returns, by account, the number of its change.

    Raises `NotEnough`, on PostgreSQL also where `key` is found in `table`; then all are as they were.
    """
    done: dict[int, int] = {}
    if unit.postgres:
        done.update(unit.change(_all(len(changes), table), *wanted(changes), key))
    else:
        for account_id in sorted(changes):
            by, held = changes[account_id]
            changed = unit.change(_MOVE, by, held, account_id, held, by, held)
            if not changed:
                break
            done[account_id] = changed[0][0]
    check(unit, changes, done)
    return done


def check(unit: Unit, changes: Changes, done: Mapping[int, int]) -> None:
    """Raises `NotEnough` and takes back what was done if not all could be."""
    refused = next((one for one in sorted(changes) if one not in done), None)
    if refused is not None:
        undo(unit, {one: changes[one] for one in done})
        by, held = changes[refused]
        raise NotEnough(unit, refused, held - by)


def wanted(changes: Changes) -> list[int]:
    """The values of `MOVED`."""
    return [value for one in sorted(changes) for value in (one, *changes[one])]


def moved(accounts: int, table: str) -> str:
    """`MOVED` for so many accounts, and the table ("journal" or "hold") in which the key must not be."""
    values = ", ".join(["(?::bigint, ?::bigint, ?::bigint)"] * accounts)
    return MOVED.replace("{values}", values).replace("{table}", table)


@cache
def _all(accounts: int, table: str) -> Raw:
    return Raw(f"WITH {moved(accounts, table)} {_DONE}")


def undo(unit: Unit, changes: Changes) -> None:
    """Take back what `move` has done in this unit."""
    for account_id, (by, held) in changes.items():
        unit.put(_BACK, (by, held, account_id))
