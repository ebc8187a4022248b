"""The pass over journals with their postings: balance, content, cause, actor, reversals, and the sum of each unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.ledger.journals import KINDS, Cause, fingerprint
from core.ledger.proof.found import Found
from core.ledger.units import SCALES
from core.store import Unit
from core.store.unit import Raw

PAGE = 2000  # journals at once
_LAST = 2**63 - 1
_JOURNALS = (
    "SELECT j.id, j.key, j.body, j.kind, j.nexus_id, j.actor_id, j.cause, j.cause_id, j.reverses, j.day "
    "FROM journal j WHERE "
)
_ALL = Raw(f"{_JOURNALS}j.id > ? ORDER BY j.id LIMIT ?")
_OF_NEXUS = Raw(f"{_JOURNALS}j.nexus_id = ? AND j.id > ? ORDER BY j.id LIMIT ?")
_ONE = Raw(f"{_JOURNALS}j.id = ?")
_POSTINGS = "SELECT p.journal_id, p.account_id, p.unit, p.amount FROM posting p "
_LINES = Raw(f"{_POSTINGS}WHERE p.journal_id > ? AND p.journal_id <= ? ORDER BY p.journal_id, p.leg")
_LINES_OF_NEXUS = Raw(
    f"{_POSTINGS}JOIN journal j ON j.id = p.journal_id "
    "WHERE j.nexus_id = ? AND p.journal_id > ? AND p.journal_id <= ? ORDER BY p.journal_id, p.leg"
)
_LINES_OF_ONE = Raw(f"{_POSTINGS}WHERE p.journal_id = ? ORDER BY p.leg")
_PERSON = Raw("SELECT 1 FROM person WHERE id = ?")
_TWICE = Raw("SELECT MIN(id) FROM journal GROUP BY key HAVING COUNT(*) > 1")
_REVERSED_TWICE = Raw("SELECT reverses FROM journal WHERE reverses IS NOT NULL GROUP BY reverses HAVING COUNT(*) > 1")
_SCALES = Raw("SELECT code, scale FROM ledger_unit")
_KNOWN_AT_MOST = 100_000  # actors that are remembered as known


@dataclass(slots=True)
class Seen:
    """What the pass counted: journals, postings, and the sum of each unit over all of them."""

    journals: int = 0
    postings: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    actors: set[int] = field(default_factory=set)


def check(unit: Unit, found: Found, nexus_id: int | None) -> Seen:
    """All journals, or those that a Nexus made."""
    seen, last = Seen(), -1
    while True:
        of_nexus = (last, PAGE) if nexus_id is None else (nexus_id, last, PAGE)
        page = unit.fetch(_ALL if nexus_id is None else _OF_NEXUS, *of_nexus)
        # Of the last page also what comes after it: lines of journals that do not exist.
        until = page[-1][0] if len(page) == PAGE else _LAST
        between = (last, until) if nexus_id is None else (nexus_id, last, until)
        _page(unit, found, seen, page, unit.fetch(_LINES if nexus_id is None else _LINES_OF_NEXUS, *between))
        found.step(len(page))
        if len(page) < PAGE:
            break
        last = until
    if nexus_id is None:
        _whole(unit, found, seen)
    return seen


def check_one(unit: Unit, found: Found, seen: Seen, journal_id: int) -> None:
    """One journal: another Nexus made it, and it moved money here."""
    _page(unit, found, seen, unit.fetch(_ONE, journal_id), unit.fetch(_LINES_OF_ONE, journal_id))


def _whole(unit: Unit, found: Found, seen: Seen) -> None:
    for (row_id,) in unit.fetch(_TWICE):
        found.wrong("twice", row_id)
    for (row_id,) in unit.fetch(_REVERSED_TWICE):
        found.wrong("reversed_twice", row_id)
    for code, amount in seen.sums.items():
        if amount:
            found.wrong("unit_sum", 0, unit=code, amount=amount)
    for code, scale in unit.fetch(_SCALES):
        if SCALES.get(code) != scale:
            found.wrong("unit_scale", 0, unit=code)


def _page(unit: Unit, found: Found, seen: Seen, page: Sequence[Any], lines: Sequence[Any]) -> None:
    of: dict[int, list[tuple[int, str, int]]] = {row[0]: [] for row in page}
    for journal_id, account_id, code, amount in lines:
        mine = of.get(journal_id)
        if mine is None:
            found.wrong("stray_line", journal_id)
        else:
            mine.append((account_id, code, amount))
    seen.journals += len(page)
    seen.postings += len(lines)
    for row in page:
        _journal(unit, found, seen, row, of[row[0]])


def _journal(unit: Unit, found: Found, seen: Seen, row: Any, lines: list[tuple[int, str, int]]) -> None:
    number, key, body, kind, nexus_id, actor_id, what, what_id, reverses, day = row
    sums: dict[str, int] = {}
    for _, code, amount in lines:
        sums[code] = sums.get(code, 0) + amount
    for code, amount in sums.items():
        seen.sums[code] = seen.sums.get(code, 0) + amount
        if amount:
            found.wrong("unbalanced", number, unit=code)
    if len(lines) < 2:
        found.wrong("no_lines", number)
    if fingerprint(kind, Cause(nexus_id, actor_id, what, what_id), day, reverses, lines) != body:
        found.wrong("changed", number)
    if kind not in KINDS or (kind == "reversal") != (reverses is not None):
        found.wrong("no_kind", number)
    if not what or not key or what_id is None:
        found.wrong("no_cause", number)
    if actor_id not in seen.actors:
        _actor(unit, found, seen, number, actor_id)
    if reverses is not None:
        _reversal(unit, found, number, key, reverses, lines)


def _actor(unit: Unit, found: Found, seen: Seen, number: int, actor_id: int) -> None:
    if actor_id != 0 and not unit.fetch(_PERSON, actor_id):  # 0 is the Cofounder by itself
        found.wrong("no_actor", number)
    elif len(seen.actors) < _KNOWN_AT_MOST:
        seen.actors.add(actor_id)


def _reversal(
    unit: Unit, found: Found, number: int, key: str, reverses: int, lines: Iterable[tuple[int, str, int]]
) -> None:
    original = unit.fetch(_ONE, reverses)
    theirs = [(account_id, code, -amount) for _, account_id, code, amount in unit.fetch(_LINES_OF_ONE, reverses)]
    if not original or original[0][8] is not None or theirs != list(lines) or key != f"reversal:{reverses}":
        found.wrong("not_opposite", number)
