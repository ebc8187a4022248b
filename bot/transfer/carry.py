"""Copying one side to the other, and looking whether it arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.transfer.checksum import Contents, Sum, Summing, Value
from bot.transfer.shape import NUMBERED, TABLES
from bot.transfer.sides import Side
from core.errors import N_, NexusError

STEP = 100_000  # rows after which a long table is heard of again

Tell = Callable[[str], None]


class NotTheSame(NexusError):
    """What arrived is not what was sent, so nothing was kept of it."""

    code = "not_the_same"


def carry(source: Side, target: Side, tell: Tell) -> Contents:
    """Copy every table into the empty `target` and compare both sides. The caller commits, or undoes it all.

    Memory stays the same however much there is. Raises `NotTheSame` if rows or checksums differ.
    """
    sent: dict[str, Sum] = {}
    for table in TABLES:
        summing = Summing(table)
        target.write(table, _heard(table.name, summing.through(source.rows(table)), tell))
        sent[table.name] = summing.result()
        if sent[table.name].rows:
            tell(f"  {table.name:<20} {sent[table.name].rows:>12,} rows")
    target.index()
    for name in NUMBERED:
        target.count_on_from(name, max(source.last_number(name), target.last_number(name)))
    tell("  Reading it back ...")
    arrived = target.contents()
    for name, wanted in sent.items():
        if arrived.tables[name] != wanted:
            raise NotTheSame(
                N_(
                    "The table {table} did not arrive as it was sent ({sent} rows, {arrived} arrived). Nothing is kept."
                ),
                table=name,
                sent=wanted.rows,
                arrived=arrived.tables[name].rows,
            )
    return arrived


def _heard(name: str, rows: Iterable[Sequence[Value]], tell: Tell) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(rows, 1):
        yield row
        if number % STEP == 0:
            tell(f"  {name:<20} {number:>12,} rows so far")
