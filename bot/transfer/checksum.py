"""The canonical form of a row, and checksums over it: the same bytes from both engines. Pure.

A row is its values in the order of the columns, each as a letter and then: nothing (`N`), a whole number in decimal
digits and a semicolon (`I`; true is 1), text (`S`) or bytes (`B`) with their length before them. So no two different
rows have the same form. Text is in UTF-8. One exception: PostgreSQL takes no NUL character in a text, so it is written
there as U+FFFD, and counts as that here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Table

Value = str | int | bytes | None
NUL, INSTEAD = "\0", "\ufffd"


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and a BLAKE2b hash over their canonical forms in the order of the primary key."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a whole store holds."""

    tables: Mapping[str, Sum]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables.values())

    @property
    def checksum(self) -> str:
        """One checksum over all tables: 32 hexadecimal digits."""
        lines = "".join(f"{name} {one.rows} {one.digest}\n" for name, one in sorted(self.tables.items()))
        return hashlib.blake2b(lines.encode(), digest_size=16).hexdigest()

    def __str__(self) -> str:
        return f"{len(self.tables)} tables, {self.rows:,} rows, checksum {self.checksum}"


def canonical(row: Sequence[Value]) -> bytes:
    """The bytes that stand for a row. Raises `TypeError` for a type that the schema does not use."""
    parts = []
    for value in row:
        if value is None:
            parts.append(b"N")
        elif isinstance(value, int):
            parts.append(b"I%d;" % value)
        elif isinstance(value, str):
            data = value.replace(NUL, INSTEAD).encode("utf-8", "surrogatepass")
            parts.append(b"S%d:%b" % (len(data), data))
        elif isinstance(value, bytes):
            parts.append(b"B%d:%b" % (len(value), value))
        else:
            raise TypeError(f"a column holds {type(value).__name__}, which has no canonical form yet")
    return b"".join(parts)


class Summing:
    """Adds up one table while its rows stream through."""

    def __init__(self, table: Table) -> None:
        self._rows = 0
        self._hash = hashlib.blake2b(digest_size=16)
        self._hash.update(canonical([table.name, *table.columns.keys()]))

    def through(self, rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
        """The same rows, counted."""
        for row in rows:
            self._rows += 1
            self._hash.update(canonical(row))
            yield row

    def all(self, rows: Iterable[Sequence[Value]]) -> Sum:
        """Take in all of these rows. Returns the result."""
        for _ in self.through(rows):
            pass
        return self.result()

    def result(self) -> Sum:
        """What went through so far."""
        return Sum(self._rows, self._hash.hexdigest())
