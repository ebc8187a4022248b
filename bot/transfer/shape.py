"""The tables as they are carried: plain columns, the order that foreign keys want, and the order of rows."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Select, Table, Text, select

from bot.tables import metadata
from core.store.schema import Json

# What belongs to the schema itself, to the processes that work with a database right now, or to the place where it is.
STAYS = frozenset({"schema_note", "lease", "ask", "backup"})
# Triggers count these while the rows are written.
COUNTED = frozenset({"person.epoch"})
_plain = MetaData()

# Without keys and constraints, and JSON as the text that it is stored as: so it arrives letter by letter.
TABLES: tuple[Table, ...] = tuple(
    Table(
        table.name,
        _plain,
        *(
            Column(
                column.name,
                Text() if isinstance(column.type, Json) else column.type,
                primary_key=column.primary_key,
                autoincrement=column is table.autoincrement_column,
            )
            for column in table.columns
            if f"{table.name}.{column.name}" not in COUNTED
        ),
    )
    for table in metadata.sorted_tables
    if table.name not in STAYS
)
NUMBERED: dict[str, str] = {t.name: t.autoincrement_column.name for t in TABLES if t.autoincrement_column is not None}
"""Tables whose engine numbers the rows, with the column of that number."""


def reading(table: Table, *, postgres: bool) -> Select[tuple[object, ...]]:
    """All rows by primary key. Text is ordered by its bytes on both engines, whatever language the database speaks."""
    order = (
        column.collate("C") if postgres and isinstance(column.type, Text) else column for column in table.primary_key
    )
    return select(table).order_by(*order)
