"""Reading a bank's statement whose headings, separators, dates and decimal signs are whatever the bank likes. Pure.

Decision rule: the separator is the one that cuts most lines into as many cells. Columns are known by their headings, or
by what stands in them where there are none. The order of `03/04/2026` and the decimal sign of `1,500` follow from the
other lines; where none decides, the person is asked (`Doubt`) and nothing is guessed. Every line is either read, or
named with the reason why not.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.clock import DAY, show_day
from core.errors import N_, BadInput
from core.funds.statement_cells import (
    IN,
    OUT,
    WAITING,
    Amounted,
    Slashed,
    heading,
    read_amount,
    read_currency,
    read_day,
)
from core.ledger.units import MOST, SCALES, Money

_TOP = 40  # lines within which the headings stand
_SPAN = 8  # lines that one entry goes over at most
_LONGEST = 500  # characters that are kept of a line's words


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: its number in the text, the day (ms), what it did to the account, and its words."""

    number: int
    day: int
    amount: Money
    words: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, and why."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What was read, in the order of the text; `above` are lines before the headings."""

    lines: tuple[Line, ...]
    unread: tuple[Unread, ...]
    above: int


@dataclass(frozen=True, slots=True)
class Hints:
    """What the person said about it: "" where they said nothing. `dates` is day-first or month-first, `decimals` comma
    or point; `now` (ms) is the present, after which no line can lie.
    """

    unit: str
    dates: str
    decimals: str
    now: int


class Doubt(BadInput):
    """It can be read in two ways. `what` is the argument that decides, `options` are (label, value) of the answers."""

    code = "which"

    def __init__(self, what: str, options: Sequence[tuple[str, str]], template: str, **data: str) -> None:
        super().__init__(template, **data)
        self.what = what
        self.options = tuple(options)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: list[str]

    def cell(self, column: int) -> str:
        return self.cells[column] if 0 <= column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what stands: -1 for a column that is not there."""

    date: int
    amount: int = -1
    debit: int = -1
    credit: int = -1
    direction: int = -1
    currency: int = -1
    state: int = -1
    fee: int = -1
    words: tuple[int, ...] = ()
    unit: str = ""  # that a heading names


@dataclass(frozen=True, slots=True)
class _Half:
    """A line whose cells are read, one by one."""

    row: _Row
    day: date | Slashed
    amount: Amounted
    unit: str
    words: str


def read_statement(text: str, hints: Hints) -> Statement:
    """Read a statement. Raises `Doubt` where it can be read in two ways, `BadInput` where nothing can be read."""
    rows = _cut(text.lstrip("\ufeff"))
    columns, first = _columns(rows)
    halves, unread = [], []
    for row in rows[first:]:
        half = _half(row, columns, hints)
        if isinstance(half, _Half):
            halves.append(half)
        else:
            unread.append(_unread(row, half))
    if not halves:
        raise BadInput(
            N_("I find no line with a day and an amount in that. Paste it with its headings, one line for each entry.")
        )
    day_first = _order([half.day for half in halves if isinstance(half.day, Slashed)], hints)
    decimal = _decimal([half.amount for half in halves], hints)
    lines, seen = [], Counter[bytes]()
    for half in halves:
        read = _whole(half, day_first, decimal, hints)
        if isinstance(read, str):
            unread.append(_unread(half.row, read))
            continue
        day, amount = read
        plain = _plain(day, amount, half.words)
        seen[plain] += 1
        digest = hashlib.blake2b(plain + str(seen[plain]).encode(), digest_size=16).digest()
        lines.append(Line(half.row.number, day, amount, half.words, digest))
    return Statement(tuple(lines), tuple(sorted(unread, key=lambda one: one.number)), max(first - 1, 0))


def _cut(text: str) -> list[_Row]:
    """Lines cut into cells by the separator that fits best; empty lines are left out."""
    best: list[_Row] = []
    most = (0, 0)
    for separator in ";\t|,":
        rows = [row for row in _rows(text, separator) if any(row.cells)]
        widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
        width, lines = widths.most_common(1)[0] if widths else (0, 0)
        if (lines, width) > most:
            most, best = (lines, width), rows
    if not best:
        raise BadInput(N_("That is no table: I see no commas, semicolons or tabs that would cut it into columns."))
    return best


def _rows(text: str, separator: str) -> list[_Row]:
    """Every line cut into cells. A cell in quotes may go over a few lines; over more, a quote was never closed."""
    lines = text.splitlines(keepends=True)
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, quoting=quoting)
        rows: list[_Row] = []
        spans, before = 0, 0
        for cells in reader:
            spans, before = max(spans, reader.line_num - before), reader.line_num
            rows.append(_Row(before, [" ".join(cell.split()) for cell in cells]))
        if spans <= _SPAN:
            break
    return rows


def _columns(rows: Sequence[_Row]) -> tuple[_Columns, int]:
    """Where what stands, and the index of the first row below the headings."""
    for index, row in enumerate(rows[:_TOP]):
        named = [heading(cell) for cell in row.cells]
        if ("date" in named or "later_date" in named) and {"amount", "debit", "credit"} & set(named):
            return _by_headings(row, named, rows[index + 1 :]), index + 1
    return _by_looks(rows), 0


def _by_headings(row: _Row, named: Sequence[str], below: Sequence[_Row]) -> _Columns:
    def at(what: str) -> int:
        return named.index(what) if what in named else -1

    dates = [i for i, name in enumerate(named) if name in ("date", "later_date")]
    dated = [i for i in dates if any(read_day(one.cell(i)) for one in below)] or dates
    day = next((i for i in dated if named[i] == "date"), dated[0])
    # "Valuta" is a day in one language and a currency in others.
    currency = next((i for i in range(len(named)) if _names_currency(named[i], i, below)), -1)
    amount = at("amount")
    used = {day, amount, at("debit"), at("credit"), at("direction"), currency, at("state"), at("fee"), at("balance")}
    words = tuple(i for i in range(len(named)) if i not in used and named[i] not in ("date", "later_date", "balance"))
    told = next((code for i in (amount, at("debit"), at("credit")) if (code := read_currency(row.cell(i)))), "")
    return _Columns(
        day, amount, at("debit"), at("credit"), at("direction"), currency, at("state"), at("fee"), words, told
    )


def _names_currency(name: str, column: int, below: Sequence[_Row]) -> bool:
    cells = [row.cell(column) for row in below if row.cell(column)]
    if name not in ("currency", "later_date") or not cells:
        return False
    return all(read_currency(cell.upper()) for cell in cells)


def _by_looks(rows: Sequence[_Row]) -> _Columns:
    """The columns of a table without headings: the first of days, the first of amounts; the others are words."""
    width = max(len(row.cells) for row in rows)
    days = [sum(read_day(row.cell(i)) is not None for row in rows) for i in range(width)]
    amounts = [sum(_is_amount(row.cell(i)) for row in rows) for i in range(width)]
    day = max(range(width), key=lambda i: days[i])
    amount = max((i for i in range(width) if i != day), key=lambda i: amounts[i], default=-1)
    if not days[day] or amount < 0 or not amounts[amount]:
        raise BadInput(
            N_("I find no columns with days and amounts in that. Paste it with its headings, as the bank gives it.")
        )
    currency = next(
        (i for i in range(width) if all(len(row.cell(i)) == 3 and read_currency(row.cell(i)) for row in rows)), -1
    )
    words = tuple(i for i in range(width) if i not in (day, amount, currency) and days[i] < len(rows))
    return _Columns(day, amount, currency=currency, words=words)


def _is_amount(cell: str) -> bool:
    """Whether it looks like an amount and like no number of something else."""
    return read_day(cell) is None and read_amount(cell) is not None and any(c in cell for c in ".,-+")


def _half(row: _Row, columns: _Columns, hints: Hints) -> _Half | str:
    """The cells of a line, or why they cannot be read."""
    if columns.state >= 0 and row.cell(columns.state).casefold() in WAITING:
        return N_("it is not booked")
    day = read_day(row.cell(columns.date))
    if day is None:
        return N_("no day") if not row.cell(columns.date) else N_("I can't read the day")
    amount = _amount(row, columns)
    if isinstance(amount, str):
        return amount
    cell = row.cell(columns.currency) if columns.currency >= 0 else ""
    code = read_currency(cell.upper()) or columns.unit or read_currency(row.cell(columns.amount)) or hints.unit
    if cell and not read_currency(cell.upper()):
        return N_("a currency that I don't know")
    if hints.unit and code != hints.unit:
        return N_("another currency")
    if not code:
        raise Doubt("unit", (), N_("In which currency is that? Say so with it, such as “in EUR”."))
    parts = [row.cell(i) for i in columns.words if row.cell(i)]
    fee = read_amount(row.cell(columns.fee)) if columns.fee >= 0 else None
    if fee is not None and fee.digits.strip("0.,"):
        parts.append(N_("fee {amount}").format(amount=row.cell(columns.fee)))
    return _Half(row, day, amount, code, " · ".join(parts)[:_LONGEST])


def _amount(row: _Row, columns: _Columns) -> Amounted | str:
    both = [(row.cell(i), out) for i, out in ((columns.debit, True), (columns.credit, False)) if i >= 0 and row.cell(i)]
    read = [(found, out) for cell, out in both if (found := read_amount(cell)) is not None]
    moved = [(found, out) for found, out in read if found.digits.strip("0.,' ")]
    if columns.amount >= 0 and row.cell(columns.amount):
        found = read_amount(row.cell(columns.amount))
        if found is None:
            return N_("I can't read the amount")
        word = row.cell(columns.direction).casefold() if columns.direction >= 0 else ""
        if word in OUT:
            return Amounted(True, found.digits, found.decimal, found.doubtful)
        if word in IN or not word:
            return found
        return N_("I can't tell whether it came in or went out")
    if len(moved) == 1:
        found, out = moved[0]
        return Amounted(out, found.digits, found.decimal, found.doubtful)
    if len(moved) > 1:
        return N_("it came in and went out at once")
    return N_("I can't read the amount") if both and not read else N_("no amount")


def _order(days: Sequence[Slashed], hints: Hints) -> bool:
    """Whether the day stands first, as far as one has to know."""
    if hints.dates:
        return hints.dates == "day-first"
    fits = {first: sum(one.as_day(day_first=first) is not None for one in days) for first in (True, False)}
    if fits[True] != fits[False]:
        return fits[True] > fits[False]
    if all(one.first == one.second for one in days):
        return True
    open_ = next(one for one in days if one.first != one.second)
    said = [(open_.as_day(day_first=True), "day-first"), (open_.as_day(day_first=False), "month-first")]
    raise Doubt(
        "dates",
        [(show_day(_ms(day)), value) for day, value in said if day is not None],
        N_("I can read {text} in two ways. Does the day stand first, or the month?"),
        text=f"{open_.first:02}/{open_.second:02}/{open_.year}",
    )


def _decimal(amounts: Sequence[Amounted], hints: Hints) -> str:
    """The decimal sign of the statement."""
    if hints.decimals:
        return "," if hints.decimals == "comma" else "."
    shown = Counter(one.decimal for one in amounts if one.decimal)
    if shown[","] != shown["."]:
        return max(shown, key=lambda sign: shown[sign])
    doubtful = next((one for one in amounts if one.doubtful), None)
    if doubtful is None and not shown:
        return "."
    text = doubtful.digits if doubtful is not None else next(one.digits for one in amounts if one.decimal)
    raise Doubt(
        "decimals",
        ((N_("A comma"), "comma"), (N_("A point"), "point")),
        N_("I can read {text} in two ways. Which sign stands before the cents in this statement?"),
        text=text,
    )


def _whole(half: _Half, day_first: bool, decimal: str, hints: Hints) -> tuple[int, Money] | str:
    """Day (ms) and amount of a line, or why they cannot be read."""
    day = half.day.as_day(day_first=day_first) if isinstance(half.day, Slashed) else half.day
    if day is None:
        return N_("I can't read the day")
    if _ms(day) > hints.now + DAY:
        return N_("its day is still to come")
    minor = half.amount.minor(decimal, SCALES[half.unit])
    if minor is None or abs(minor) > MOST:
        return N_("I can't read the amount")
    return (_ms(day), Money(minor, half.unit)) if minor else N_("no amount")


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _plain(day: int, amount: Money, words: str) -> bytes:
    """What makes a line the same one in another file: how the bank wrote day and amount does not matter."""
    return json.dumps([day, amount.minor, amount.unit, "".join(words.casefold().split())]).encode()


def _unread(row: _Row, why: str) -> Unread:
    return Unread(row.number, " ".join(cell for cell in row.cells if cell)[:80], why)
