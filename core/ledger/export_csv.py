"""The books as a table: a row for each line of each entry, so that fees and corrections stand in rows of their own.

Text that a spreadsheet would take for a formula gets an apostrophe in front (https://owasp.org/www-community/attacks/
CSV_Injection); numbers are ours, and stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from core.clock import as_datetime
from core.ledger.export import Entry, Line, Sees, day_of, decimal

COLUMNS = (
    "day",
    "entered",
    "entry",
    "line",
    "what",
    "amount",
    "unit",
    "account",
    "of",
    "name",
    "note",
    "method",
    "reference",
    "takes_back",
    "by",
    "cause",
)
_FORMULA = tuple("=+-@＝＋－＠")  # some spreadsheets read the wide ones too
_BLANK = " \t\r\n\x0b\x0c\xa0\u3000\ufeff\x00"


def table(entries: Iterable[Entry], sees: Sees) -> str:
    """CSV with a header, comma-separated, lines ended by CR LF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        for number, line in enumerate(entry.lines, 1):
            writer.writerow(_row(entry, number, line, sees))
    return out.getvalue()


def _row(entry: Entry, number: int, line: Line, sees: Sees) -> list[str]:
    words = (entry.words.memo, entry.words.method, entry.words.reference)
    readable = words if sees.words(entry.kind) and number == 1 else ("", "", "")
    account = line.account
    return [
        day_of(entry.day).isoformat(),
        as_datetime(entry.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        str(entry.id),
        str(number),
        "fee" if line.fee and entry.kind == "payment" else entry.kind,
        decimal(line.amount, account.unit),
        account.unit,
        account.kind,
        f"P{account.person_id}" if account.person_id else f"N{account.nexus_id}",
        harmless(sees.owner(account)),
        *map(harmless, readable),
        str(entry.reverses or ""),
        f"P{entry.actor_id}" if entry.actor_id else "",
        f"{entry.cause} {entry.cause_id}" if entry.cause_id else entry.cause,
    ]


def harmless(text: str) -> str:
    """Text that no spreadsheet calculates with."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.lstrip(_BLANK).startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else text
