"""What may be found wrong, in words for people, and collecting it while the passes go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import N_

MOST = 200  # problems that are kept; the rest is counted
Progress = Callable[[int, int], None]
"""Told after each page: rows done, rows in all."""

SAYS = {
    "unbalanced": N_("Entry {id} does not come to zero in {unit}."),
    "changed": N_("Entry {id} does not say any more what it said when it was made."),
    "no_kind": N_("Entry {id} is of no kind that there is."),
    "no_cause": N_("Entry {id} does not say what it was for."),
    "no_actor": N_("Entry {id} was made by nobody who is known."),
    "no_lines": N_("Entry {id} has fewer than two lines."),
    "stray_line": N_("A line belongs to entry {id}, which does not exist."),
    "stray_account": N_("A line is on account {id}, which does not exist."),
    "twice": N_("Entry {id} was made twice for the same thing."),
    "held_twice": N_("Reservation {id} was made twice for the same thing."),
    "not_opposite": N_("Entry {id} takes another one back, but is not its exact opposite."),
    "reversed_twice": N_("Entry {id} was taken back more than once."),
    "unit_sum": N_("All of {unit} together does not come to zero: {amount} too much."),
    "unit_scale": N_("{unit} is kept with another number of decimals than it has."),
    "mixed": N_("Account {id} is in {unit}, and has a line in another unit."),
    "balance": N_("Account {id} says that it has {cached}; its lines come to {worked_out}."),
    "held": N_("Account {id} says that {cached} is reserved; its reservations come to {worked_out}."),
    "gap": N_("Change {change} of account {id} is missing."),
    "beyond": N_("Account {id} has lines that it does not count."),
    "below": N_("Account {id} was below what it may fall to, at its change {change}."),
    "hold_changed": N_("Reservation {id} does not say any more what it said when it was made."),
    "hold_paid": N_("Reservation {id} is marked as paid, and the entry for it is missing or says another amount."),
    "hold_rest": N_("Reservation {id} should be the rest of another one, and does not fit it."),
    "hold_end": N_("Reservation {id} has no proper end."),
    "stray_hold": N_("Reservation {id} is for no part of a grant that waits for it."),
    "award": N_("The parts of grant {id} do not come to what it awards."),
    "overpaid": N_("More was paid for grant {id} than it awards."),
    "paid": N_("Part {id} of a grant is marked as paid, and the entry for it is missing or says another amount."),
    "stray_payment": N_("Entry {id} is a payment of no part of a grant."),
    "uncovered": N_("Part {id} of a grant is not reserved as it should be."),
    "hours": N_("Hours {id} are confirmed, and the entry for them is missing or says another time."),
    "stray_hours": N_("Entry {id} is of hours that nobody confirmed."),
    "receipt": N_("Receipt {id} does not fit what was paid."),
    "no_receipt": N_("Part {id} of a grant was paid without a receipt."),
    "receipt_gap": N_("The receipts of {year} in Nexus {id} are not numbered without gaps."),
    "statement": N_("Line {id} of a statement is matched with an entry that it cannot be."),
    "payout": N_("Payout {id} and the part of a grant that it pays do not agree."),
}
"""Everything that can be wrong, by its closed word. `id` is always a row id."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong: a word of `SAYS`, the row that it is about, and the values for its sentence."""

    what: str
    row_id: int
    more: tuple[tuple[str, int | str], ...] = ()

    @property
    def words(self) -> str:
        """One sentence that names the row."""
        return SAYS[self.what].format(id=self.row_id, **dict(self.more))


class Found:
    """Collects problems, and tells how far it is."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.problems: list[Problem] = []
        self.count = 0
        self._done = 0
        self._total = total
        self._progress = progress

    def wrong(self, what: str, row_id: int, **more: int | str) -> None:
        """Note a problem."""
        self.count += 1
        if len(self.problems) < MOST:
            self.problems.append(Problem(what, row_id, tuple(more.items())))

    def step(self, rows: int) -> None:
        """So many more rows are done."""
        self._done += rows
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)
