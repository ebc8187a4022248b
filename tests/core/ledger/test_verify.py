"""`verify` finds what was done to the books behind their back, each by its name, and is silent where all is well."""

from __future__ import annotations

import pytest

from core.clock import ManualClock
from core.ledger.proof import entries, replay, reserved
from core.ledger.proof.found import SAYS
from core.ledger.verify import size
from core.store import Store, Unit
from tests.core.ledger.books import Books
from tests.core.ledger.corruptions import CORRUPTIONS
from tests.core.ledger.tampering import verified_after
from tests.core.ledger.years import Year


@pytest.fixture
def year(store: Store, clock: ManualClock) -> Books:
    """Half a year in two Nexuses, in which everything has happened."""
    books = Books(store, nexuses=2)
    Year(books, clock, seed=5, days=120)
    return books


def test_every_corruption_is_found_by_its_name(year: Books) -> None:
    wrong, named = {}, set()
    for name, (whats, statements) in CORRUPTIONS.items():
        changed, report = verified_after(year, *statements)
        seen = {problem.what for problem in report.problems}
        named |= seen
        assert all(problem.words for problem in report.problems)
        if not changed or not seen >= whats:
            wrong[name] = (changed, sorted(whats - seen), sorted(seen))
    assert not wrong
    assert SAYS.keys() - named == {"twice", "held_twice", "reversed_twice"}  # an index refuses them on both engines
    assert year.verify().healthy


def test_what_is_wrong_elsewhere_is_not_told_here(year: Books) -> None:
    one, other = year.nexuses
    worse = f"UPDATE ledger_account SET posted = posted + 5 WHERE kind = 'fund' AND nexus_id = {other}"
    assert verified_after(year, worse, nexus=0)[1].healthy
    assert {p.what for p in verified_after(year, worse, nexus=1)[1].problems} == {"balance"}
    # of what another Nexus moved here, everything is looked at
    sent = f"(SELECT MIN(id) FROM journal WHERE kind = 'transfer' AND nexus_id = {one})"
    report = verified_after(year, f"UPDATE journal SET day = day + 1 WHERE id = {sent}", nexus=1)[1]
    assert {p.what for p in report.problems} == {"changed"}


def test_it_reads_page_by_page_and_says_how_far_it_is(year: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = year.verify()
    steps: list[tuple[int, int]] = []

    def unit(unit: Unit) -> int:
        from core.ledger.verify import verify

        assert verify(unit, progress=lambda done, total: steps.append((done, total))) == whole
        return size(unit)

    for module in (entries, replay, reserved):
        monkeypatch.setattr(module, "PAGE", 7)
    monkeypatch.setattr(replay, "WINDOW", 5)
    total = year.read(unit)
    assert len(steps) > total / 10
    assert steps == sorted(steps)
    assert steps[-1] == (total, total)
    assert total == whole.journals + whole.postings + whole.holds


@pytest.mark.parametrize("engine", ["sqlite"])
def test_more_problems_than_are_listed_are_counted(year: Books) -> None:
    changed, report = verified_after(year, "UPDATE journal SET day = day + 1")
    assert changed == report.journals
    assert report.count >= changed
    assert len(report.problems) == min(200, report.count)
