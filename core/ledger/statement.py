"""The statement of an account: what changed it, newest first, a page at a time whatever its length."""

from __future__ import annotations

from dataclasses import dataclass

from core.store import Unit
from core.store.unit import Raw

_EVER = 2**62


@dataclass(frozen=True, slots=True)
class Line:
    """What one journal did to an account. `change` is the number to go on from; `amount` in minor units."""

    change: int
    journal_id: int
    kind: str
    day: int
    amount: int
    cause: str
    cause_id: int
    reverses: int | None


_LINES = Raw(
    "SELECT p.change, p.journal_id, j.kind, j.day, p.amount, j.cause, j.cause_id, j.reverses "
    "FROM posting p JOIN journal j ON j.id = p.journal_id WHERE p.account_id = ? AND p.change < ? "
    "ORDER BY p.change DESC, p.leg DESC LIMIT ?"
)


def lines(unit: Unit, account_id: int, *, most: int = 20, before: int = _EVER) -> list[Line]:
    """Up to `most` postings of an account, newest first; `before` is the `change` of the last line of the page before.

    A journal that has several postings on the account has several lines, which may be cut by the end of a page.
    """
    return [Line(*row) for row in unit.fetch(_LINES, account_id, before, most)]
