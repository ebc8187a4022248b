"""`nexus verify`: right or not, in words and as an exit code, on either engine, while somebody has the store open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.clock import ManualClock
from core.store import open_store
from core.store.unit import Raw
from tests.bot.cli.here import Nexus
from tests.core.ledger.books import Books
from tests.core.ledger.years import Year

_WORSE = Raw("UPDATE ledger_account SET posted = posted + 5 WHERE kind = 'fund' AND nexus_id = ?")


def test_it_says_whether_the_books_are_right(
    nexus: Nexus, new_url: Callable[[str], str], engine: str, clock: ManualClock
) -> None:
    url = new_url(engine)
    store = open_store(url, clock)
    try:
        books = Books(store, nexuses=2)
        Year(books, clock, seed=4, days=40)
        ran = nexus("verify", NEXUS_STORE_URL=url)
        assert (ran.code, ran.err.strip()) == (0, "")
        assert ran.out.startswith("The books are right (")
        assert f"{books.verify().journals:,} entries" in ran.out
        books.write(lambda unit: unit.put(_WORSE, (books.nexuses[1],)))
        ran = nexus("verify", NEXUS_STORE_URL=url)
        assert ran.code == 1
        *problems, last = ran.out.splitlines()
        assert problems
        assert all("says that it has" in line for line in problems)
        assert last.startswith(f"The books do not fit: {len(problems)} thing")
        assert nexus("verify", "--nexus", "n0", NEXUS_STORE_URL=url).code == 0
        assert nexus("verify", "--nexus", "N1", NEXUS_STORE_URL=url).code == 1
        gone = nexus("verify", "--nexus", "nowhere", NEXUS_STORE_URL=url)
        assert (gone.code, gone.err) == (1, "There is no Nexus nowhere here.\n")
    finally:
        store.close()


def test_where_there_is_no_store(nexus: Nexus, tmp_path: Path) -> None:
    ran = nexus("verify", NEXUS_STORE_URL=f"sqlite:///{tmp_path}/none.db")
    assert ran.code == 1
    assert "There is no store at" in ran.err
