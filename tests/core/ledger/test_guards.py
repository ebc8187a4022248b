"""The database itself refuses what nobody may do to the books, whatever program or prompt it comes from."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest

from core.clock import ManualClock
from core.ledger import journals
from core.ledger.accounts import Kind
from core.ledger.journals import Leg
from core.ledger.units import MOST
from core.store import Store, Unit
from core.store.open import sqlite_path
from tests.core.ledger.books import Books
from tests.core.ledger.years import Year

NEVER = "what is in the books is never changed"
OPEN = "(SELECT MIN(id) FROM hold WHERE state = 'open')"
ENDED = "(SELECT MIN(id) FROM hold WHERE state = 'released')"
POSTED = "(SELECT MIN(id) FROM hold WHERE state = 'posted')"
JOURNAL = "(SELECT MIN(id) FROM journal)"

REFUSED = (
    "UPDATE journal SET day = day + 1",
    "UPDATE journal SET body = body",
    "DELETE FROM journal",
    "UPDATE posting SET amount = amount * 2",
    "UPDATE posting SET change = change + 1",
    "DELETE FROM posting WHERE leg = 2",
    "UPDATE ledger_unit SET scale = 0",
    "DELETE FROM ledger_unit",
    "UPDATE ledger_account SET floor = NULL",
    "UPDATE ledger_account SET person_id = 7",
    "UPDATE ledger_account SET unit = 'JPY' WHERE unit = 'EUR'",
    "DELETE FROM ledger_account",
    "UPDATE hold SET amount = 1",
    f"UPDATE hold SET expires_at = 5 WHERE id = {OPEN}",
    f"UPDATE hold SET open_change = 1 WHERE id = {OPEN}",
    f"UPDATE hold SET state = 'open', ended_at = NULL, end_change = NULL WHERE id = {ENDED}",
    f"UPDATE hold SET ended_by = 7 WHERE id = {ENDED}",
    f"UPDATE hold SET state = 'released' WHERE id = {POSTED}",
    "DELETE FROM hold",
)
# Whatever is unique in the row that would have to give way.
REPLACED = (
    "INSERT OR REPLACE INTO journal SELECT * FROM journal LIMIT 1",
    "INSERT OR REPLACE INTO journal SELECT 1, key, body, kind, nexus_id, actor_id, cause, cause_id, NULL, day, at "
    "FROM journal LIMIT 1",
    "INSERT OR REPLACE INTO journal SELECT 1, 'x', body, kind, nexus_id, actor_id, cause, cause_id, reverses, day, at "
    "FROM journal WHERE reverses IS NOT NULL LIMIT 1",
    "INSERT OR REPLACE INTO posting SELECT journal_id, leg, account_id, unit, 1, change FROM posting LIMIT 1",
    "INSERT OR REPLACE INTO ledger_unit VALUES ('EUR', 0)",
    "INSERT OR REPLACE INTO ledger_account SELECT * FROM ledger_account LIMIT 1",
    "INSERT OR REPLACE INTO ledger_account SELECT 1, nexus_id, person_id, kind, unit, floor, 0, 0, 0, 0 "
    "FROM ledger_account LIMIT 1",
    "REPLACE INTO hold SELECT * FROM hold LIMIT 1",
    "REPLACE INTO hold SELECT 1, key, body, account_id, amount, 'open', nexus_id, actor_id, cause, cause_id, NULL, at, "
    "NULL, 1, NULL, NULL, NULL, NULL FROM hold LIMIT 1",
    "UPDATE OR REPLACE hold SET state = 'posted', ended_at = 1, ended_by = 1, end_change = 1, journal_id = "
    f"(SELECT journal_id FROM hold WHERE id = {POSTED}) WHERE id = {OPEN}",
    "INSERT INTO journal SELECT * FROM journal LIMIT 1 ON CONFLICT (id) DO UPDATE SET day = 0",
)
UPSERTED = (
    "INSERT INTO journal SELECT * FROM journal LIMIT 1 ON CONFLICT (id) DO UPDATE SET day = 0",
    "INSERT INTO ledger_unit VALUES ('EUR', 0) ON CONFLICT (code) DO UPDATE SET scale = 0",
)
CHECKED = (
    "UPDATE ledger_account SET posted = -1 WHERE kind = 'fund'",
    "UPDATE ledger_account SET held = posted + 1 WHERE kind = 'fund' AND posted > 0",
    "UPDATE ledger_account SET held = -1",
    "UPDATE ledger_account SET posted = 4000000000000000001 WHERE kind = 'given'",
    f"UPDATE hold SET state = 'posted', ended_at = 1, end_change = 1 WHERE id = {OPEN}",
)


@pytest.fixture
def year(store: Store, clock: ManualClock) -> Books:
    """A season in two Nexuses, in which everything has happened."""
    books = Books(store, nexuses=2)
    Year(books, clock, seed=5, days=60)
    books.write(lambda unit: (books.deposit(unit, "d", 1000), books.hold(unit, "h", 1000)))
    return books


def outside(store: Store, statement: str) -> str:
    """Run a statement from another program and undo it; what it was refused with, "" if it was not."""
    path = sqlite_path(store.url)
    if path is None:
        try:
            with psycopg.connect(store.url) as connection:
                connection.execute(statement.encode())
                connection.rollback()
        except psycopg.errors.IntegrityError as error:
            return str(error)
        return ""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute(statement)
    except sqlite3.IntegrityError as error:
        return str(error)
    finally:
        db.close()  # what is not committed is gone with it
    return ""


def test_nothing_in_the_books_is_changed_or_deleted(year: Books, store: Store, engine: str) -> None:
    more = REPLACED if engine == "sqlite" else UPSERTED
    passed = {statement: said for statement in REFUSED + more if NEVER not in (said := outside(store, statement))}
    assert not passed
    assert year.verify().healthy


def test_no_sum_crosses_its_bounds(year: Books, store: Store) -> None:
    passed = {statement: said for statement in CHECKED if "ck_" not in (said := outside(store, statement))}
    assert not passed


def test_the_words_that_go_with_it_can_be_erased(year: Books, store: Store) -> None:
    assert outside(store, "UPDATE journal_words SET memo = '', method = '', reference = ''") == ""
    assert outside(store, "DELETE FROM journal_words") == ""


def test_what_counts_beyond_the_numbers_of_a_store_is_refused(store: Store) -> None:
    books = Books(store)

    def deposit(unit: Unit, number: int) -> None:
        source, fund = (books.account(unit, kind) for kind in (Kind.SOURCE, Kind.FUND))
        legs = [leg for _ in range(500) for leg in (Leg(source, -MOST), Leg(fund, MOST))]
        journals.post(unit, f"d{number}", "deposit", books.cause(), legs)

    for number in range(8):
        books.write(lambda unit, n=number: deposit(unit, n))  # type: ignore[misc]
    before = books.balance(Kind.FUND)
    assert before.posted == 4_000 * MOST
    with pytest.raises(Exception, match="ck_ledger_account_range"):
        books.write(lambda unit: deposit(unit, 9))
    assert books.balance(Kind.FUND) == before
    assert books.verify().healthy
