"""What grants, hours, receipts, statements and payouts say of the books, and what the books say of them.

It goes by the tables, so that it finds also what the program itself has done wrong. Each check is one statement whose
rows are ids of what is wrong; `{here}` stands for the restriction to one Nexus,
the other braces for what is in `_SHORT`.
"""

from __future__ import annotations

from core.ledger.proof.found import Found
from core.store import Unit
from core.store.unit import Raw

_SHORT = {
    # what a journal gave away, in a unit
    "{given}": "(SELECT COALESCE(SUM(p.amount), 0) FROM posting p JOIN ledger_account a ON a.id = p.account_id "
    "WHERE p.journal_id = j.id AND a.kind = 'given' AND p.unit = t.unit)",
    "{in_work}": "('approved', 'accepted', 'active')",
    "{taken_back}": "EXISTS (SELECT 1 FROM journal back WHERE back.reverses = j.id)",
}

CHECKS: tuple[tuple[str, str, str], ...] = (
    # An award and its tranches.
    (
        "award",
        "g.nexus_id",
        "SELECT g.id FROM grants g JOIN grant_award w ON w.grant_id = g.id WHERE w.amount <> "
        "(SELECT COALESCE(SUM(t.amount), 0) FROM tranche t WHERE t.grant_id = g.id AND t.unit = w.unit) "
        "AND (g.state IN ('approved', 'accepted', 'active', 'completed', 'declined', 'revoked') "
        "OR EXISTS (SELECT 1 FROM tranche t WHERE t.grant_id = g.id)){here}",
    ),
    (
        "award",
        "g.nexus_id",
        "SELECT DISTINCT g.id FROM grants g JOIN tranche t ON t.grant_id = g.id WHERE NOT EXISTS "
        "(SELECT 1 FROM grant_award w WHERE w.grant_id = g.id AND w.unit = t.unit){here}",
    ),
    # What was paid: never more than awarded, each tranche by one journal of its amount, each payment for a tranche.
    (
        "overpaid",
        "g.nexus_id",
        "SELECT g.id FROM grants g JOIN tranche t ON t.grant_id = g.id JOIN journal j ON j.cause = 'tranche' "
        "AND j.cause_id = t.id JOIN posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id "
        "WHERE a.kind = 'given' AND p.unit <> 'MIN' AND j.reverses IS NULL "
        "AND NOT {taken_back}{here} GROUP BY g.id, p.unit "
        "HAVING SUM(p.amount) > (SELECT COALESCE(SUM(w.amount), 0) FROM grant_award w "
        "WHERE w.grant_id = g.id AND w.unit = p.unit)",
    ),
    (
        "paid",
        "g.nexus_id",
        "SELECT t.id FROM tranche t JOIN grants g ON g.id = t.grant_id LEFT JOIN journal j ON j.id = t.journal_id "
        "WHERE t.unit <> 'MIN' AND t.state = 'paid' AND (j.id IS NULL OR j.kind <> 'payment' OR j.cause <> 'tranche' "
        "OR j.cause_id <> t.id OR t.amount <> {given}){here}",
    ),
    (
        "stray_payment",
        "j.nexus_id",
        "SELECT j.id FROM journal j WHERE j.kind = 'payment' AND j.cause = 'tranche' AND NOT EXISTS "
        "(SELECT 1 FROM tranche t WHERE t.id = j.cause_id AND t.journal_id = j.id) "
        "AND NOT {taken_back}{here}",
    ),
    # What is reserved for a tranche, while its grant lives and no longer.
    (
        "uncovered",
        "g.nexus_id",
        "SELECT t.id FROM tranche t JOIN grants g ON g.id = t.grant_id LEFT JOIN hold h ON h.id = t.hold_id "
        "LEFT JOIN ledger_account a ON a.id = h.account_id WHERE ((h.id IS NOT NULL AND (h.cause <> 'tranche' "
        "OR h.cause_id <> t.id OR a.unit <> t.unit OR a.nexus_id <> g.nexus_id)) "
        "OR (h.state = 'open' AND (h.amount > t.amount OR t.state IN ('paid', 'skipped', 'returned'))) "
        "OR (t.unit <> 'MIN' AND g.state IN {in_work} AND t.state IN ('planned', 'due', 'released') "
        "AND (h.id IS NULL OR h.state <> 'open' OR h.amount <> t.amount))){here}",
    ),
    (
        "stray_hold",
        "h.nexus_id",
        "SELECT h.id FROM hold h WHERE h.state = 'open' AND h.cause = 'tranche' AND NOT EXISTS "
        "(SELECT 1 FROM tranche t JOIN grants g ON g.id = t.grant_id WHERE t.id = h.cause_id AND t.hold_id = h.id "
        "AND g.state IN {in_work}){here}",
    ),
    # Hours: confirmed is counted, as much and once.
    (
        "hours",
        "e.nexus_id",
        "SELECT e.id FROM hours_entry e LEFT JOIN journal j ON j.id = e.journal_id WHERE e.state = 'confirmed' AND "
        "(j.id IS NULL OR j.kind <> 'hours' OR j.cause <> 'hours' OR j.cause_id <> e.id OR e.minutes <> "
        "(SELECT COALESCE(SUM(p.amount), 0) FROM journal k JOIN posting p ON p.journal_id = k.id "
        "JOIN ledger_account a ON a.id = p.account_id WHERE k.cause = 'hours' AND k.cause_id = e.id "
        "AND k.kind = 'hours' AND a.kind = 'given' AND p.unit = 'MIN')){here}",
    ),
    (
        "stray_hours",
        "j.nexus_id",
        "SELECT j.id FROM journal j WHERE j.kind = 'hours' AND j.cause = 'hours' AND NOT EXISTS "
        "(SELECT 1 FROM hours_entry e WHERE e.id = j.cause_id AND e.state = 'confirmed') "
        "AND NOT {taken_back}{here}",
    ),
    # Receipts, statements, payouts.
    (
        "receipt",
        "r.nexus_id",
        "SELECT r.id FROM receipt r JOIN journal j ON j.id = r.journal_id JOIN tranche t ON t.id = r.tranche_id "
        "JOIN grants g ON g.id = r.grant_id WHERE (t.grant_id <> g.id OR g.nexus_id <> r.nexus_id "
        "OR j.kind NOT IN ('payment', 'hours') OR (j.kind = 'payment' AND (j.cause <> 'tranche' "
        "OR j.cause_id <> t.id))){here}",
    ),
    (
        "no_receipt",
        "g.nexus_id",
        "SELECT t.id FROM tranche t JOIN grants g ON g.id = t.grant_id WHERE t.unit <> 'MIN' AND t.state = 'paid' "
        "AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.journal_id = t.journal_id){here}",
    ),
    (
        "statement",
        "l.nexus_id",
        "SELECT l.id FROM statement_line l WHERE l.state = 'matched' AND NOT EXISTS (SELECT 1 FROM posting p "
        "JOIN ledger_account a ON a.id = p.account_id WHERE p.journal_id = l.journal_id "
        "AND a.nexus_id = l.nexus_id AND p.unit = l.unit){here}",
    ),
    (
        "payout",
        "g.nexus_id",
        "SELECT o.id FROM payout o JOIN tranche t ON t.id = o.tranche_id JOIN grants g ON g.id = t.grant_id "
        "WHERE ((o.state = 'paid' AND (t.state <> 'paid' OR o.amount <> t.amount OR o.unit <> t.unit)) "
        "OR (o.state IN ('waiting', 'sent', 'paid') AND EXISTS (SELECT 1 FROM payout o2 WHERE o2.tranche_id = t.id "
        "AND o2.id < o.id AND o2.state IN ('waiting', 'sent', 'paid')))){here}",
    ),
)
_RECEIPTS = "SELECT r.id, r.nexus_id, r.number FROM receipt r WHERE r.id > ?{here} ORDER BY r.id LIMIT 2000"
_COUNTS = "SELECT r.nexus_id, r.year, r.last FROM receipt_count r WHERE 1 = 1{here}"


def check(unit: Unit, found: Found, nexus_id: int | None) -> None:
    """All of it, or what concerns a Nexus."""
    for what, column, sql in CHECKS:
        for (row_id,) in unit.fetch(_here(sql, column, nexus_id)):
            found.wrong(what, row_id)
    _numbers(unit, found, nexus_id)


def _here(sql: str, column: str, nexus_id: int | None) -> Raw:
    sql = sql.replace("{here}", "" if nexus_id is None else f" AND {column} = {int(nexus_id)}")
    for short, long in _SHORT.items():
        sql = sql.replace(short, long)
    return Raw(sql)


def _numbers(unit: Unit, found: Found, nexus_id: int | None) -> None:
    """Numbers are unique; so they have no gap where there are as many as the highest says, and no one below 1."""
    page_of, last = _here(_RECEIPTS, "r.nexus_id", nexus_id), -1
    counted: dict[tuple[int, int], tuple[int, int]] = {}
    while page := unit.fetch(page_of, last):
        for row_id, where, number in page:
            year, dash, seq = number.partition("-")
            if not (dash and len(year) == 4 and year.isdecimal() and len(seq) >= 4 and seq.isdecimal() and int(seq)):
                found.wrong("receipt", row_id)
                continue
            many, highest = counted.get((where, int(year)), (0, 0))
            counted[where, int(year)] = (many + 1, max(highest, int(seq)))
        last = page[-1][0]
    said = {(where, year): last for where, year, last in unit.fetch(_here(_COUNTS, "r.nexus_id", nexus_id)) if last}
    for where, year in sorted(counted.keys() | said.keys()):
        many, highest = counted.get((where, year), (0, 0))
        if not many == highest == said.get((where, year), 0):
            found.wrong("receipt_gap", where, year=year)
