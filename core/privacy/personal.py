"""The register of what is kept about people: what an export gives of a table, and what forgetting does to it.

Each table of the schema is declared once, here in core for core's tables and in `bot.privacy` for the bot's. Of every
column that may name a person or hold words of theirs it is said what forgetting does, with the reason where something
stays. `gaps` finds what nobody has declared, and a test fails for it: so nothing personal is added unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Delete, LargeBinary, MetaData, Table, Text, bindparam, delete, or_, select

from core.privacy.whose import Whose
from core.store import Unit
from core.store.schema import Json

Export = Callable[[Unit, Whose], list[dict[str, Any]]]
Forget = Callable[[Unit, Whose], None]
Tell = Callable[[Unit, Whose], Sequence[str]]

# Columns that cannot hold anything personal, by their name alone: closed words, and ids that are no person's.
PLAIN = frozenset(
    "platform workspace kind state role door slug audience effect scope origin operation allowed_by template style "
    "handle title external_role event_id what reason mode".split()
)
_NAMES_SOMEBODY = re.compile(
    r"(^|_)(person|people|account|author|member|maker|giver|reader|speaker|user|owner|holder)(_ids?|s)?$|_by$|"
    r"^(talk|place)_key$|(^|_)name$|^folded$|^external_id$"
)


@dataclass(frozen=True)
class Personal:
    """What one table keeps about people.

    `gone`: a row in which one of these columns names the person is deleted, and what is in the columns `along` with it.
    `blanked`: these columns are emptied in the rows that concern them. `pseudonym`: these go on naming them, by a
    number behind which no name is any more; with the reason. `exempt`: these may look personal and are not, or are
    another's; with the reason.
    `gives` are the columns that an export shows of the rows in `gone`; `export` shows something else. `forget` does
    what is said here where deleting rows by `gone` is not all; `parts` forgets what can be forgotten by itself, by the
    word for it. `tells` says in sentences what is kept, for whom it is about.
    """

    table: Table
    gone: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    blanked: tuple[str, ...] = ()
    pseudonym: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)
    gives: tuple[str, ...] = ()
    export: Export | None = None
    forget: Forget | None = None
    parts: Mapping[str, Forget] = field(default_factory=dict)
    tells: Tell | None = None

    @property
    def declared(self) -> set[str]:
        """The columns about which something is said."""
        return {*self.gone, *self.along, *self.blanked, *self.pseudonym, *self.exempt}


@dataclass(frozen=True, slots=True)
class Exempt:
    """A table that says nothing about anybody, and why."""

    table: Table
    why: str


_register: dict[str, Personal | Exempt] = {}
_afterwards: list[Forget] = []


def register(*declarations: Personal | Exempt, afterwards: Forget | None = None) -> None:
    """Declare tables. `afterwards` is called in the unit that forgets somebody or something of theirs, at its end.

    Parents come before the tables that point at them, as forgetting goes backwards.
    """
    for one in declarations:
        if _register.setdefault(one.table.name, one) is not one:
            raise TypeError(f"{one.table.name} is declared twice")
    if afterwards is not None:
        _afterwards.append(afterwards)


def declarations() -> Sequence[Personal]:
    """What is declared of tables that name people, in order."""
    return [one for one in _register.values() if isinstance(one, Personal)]


def forget_all(unit: Unit, who: Whose) -> None:
    """Do in every table what is declared for it, and what is to follow."""
    for one in reversed(declarations()):
        if one.forget is not None:
            one.forget(unit, who)
        elif one.gone:
            unit.changed(_rows_gone(one.table.name), **_ids(who))
    follow(unit, who)


def forget_part(unit: Unit, who: Whose, part: str) -> None:
    """Forget one part, such as "talk", and do what is to follow."""
    for one in reversed(declarations()):
        if part in one.parts:
            one.parts[part](unit, who)
    follow(unit, who)


def follow(unit: Unit, who: Whose) -> None:
    """Something of a person's is forgotten: let the others do what follows from it."""
    for do in _afterwards:
        do(unit, who)


def export_of(unit: Unit, who: Whose, one: Personal) -> list[dict[str, Any]]:
    """What an export gives of a table: rows of JSON values."""
    if one.export is not None:
        return one.export(unit, who)
    if not one.gives:
        return []
    return rows_of(unit, one.table, one.gives, _naming(one.table, one.gone), **_ids(who))


def rows_of(
    unit: Unit, table: Table, columns: Iterable[str], condition: ColumnElement[bool], **values: Any
) -> list[dict[str, Any]]:
    """Rows of a table as JSON values, in the order of the primary key."""
    names = list(columns)
    statement = select(*(table.c[name] for name in names)).where(condition).order_by(*table.primary_key)
    return [{name: plain(name, row[name]) for name in names} for row in unit.rows(statement, **values)]


def plain(name: str, value: Any) -> Any:
    """A value as a file for people and machines has it: moments in ISO 8601 (UTC), ids as text, bytes left out."""
    if isinstance(value, bytes):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if name in ("at", "since", "day") or name.endswith("_at"):
            return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds")
        if name == "id" or name.endswith(("_id", "_by")):
            return str(value)
    return value


def by_person(table: Table, column: str = "person_id") -> ColumnElement[bool]:
    """The condition that a column names one of `people`."""
    return table.c[column].in_(bindparam("people", expanding=True))


def _ids(who: Whose) -> dict[str, list[int]]:
    return {"people": list(who.people), "accounts": list(who.account_ids)}


def _naming(table: Table, columns: Sequence[str]) -> ColumnElement[bool]:
    return or_(
        *(
            table.c[name].in_(bindparam("accounts" if _is_account(table.c[name]) else "people", expanding=True))
            for name in columns
        )
    )


def _is_account(column: Column[Any]) -> bool:
    return any(key.column.table.name == "account" for key in column.foreign_keys) or column.name == "account_id"


@cache
def _rows_gone(table_name: str) -> Delete:
    one = _register[table_name]
    assert isinstance(one, Personal)
    return delete(one.table).where(_naming(one.table, one.gone))


def gaps(metadata: MetaData) -> Iterator[str]:
    """A sentence for each table and column that nobody has declared, and for each declaration of what is not there."""
    for table in metadata.sorted_tables:
        one = _register.get(table.name)
        if one is None:
            yield (
                f"Nobody has said what the table {table.name} keeps about people. Declare it in "
                "core/privacy/declared.py (bot's tables: bot/privacy/declared.py): what an export gives of it and what "
                "forgetting does, or that it is exempt and why."
            )
        elif isinstance(one, Personal):
            for column in table.columns:
                if may_be_personal(column) and column.name not in one.declared:
                    yield (
                        f"{table.name}.{column.name} may name a person or hold their words. Say in the declaration of "
                        f"{table.name} what forgetting does to it: gone, blanked, pseudonym or exempt, with the reason."
                    )
            for name in sorted((one.declared | set(one.gives)) - set(table.columns.keys())):
                yield f"{table.name}.{name} is declared and does not exist."
        elif (named := [c.name for c in table.columns if c.foreign_keys and _points_at_somebody(c)]) or not one.why:
            yield f"{table.name} is exempt without a reason, or points at people ({', '.join(named)})."


def may_be_personal(column: Column[Any]) -> bool:
    """Whether a column may name a person or hold words: it points at one, sounds like one, or is free text or JSON."""
    if column.name in PLAIN:
        return False
    free = isinstance(column.type, Json | Text | LargeBinary)
    return free or _points_at_somebody(column) or _NAMES_SOMEBODY.search(column.name) is not None


def _points_at_somebody(column: Column[Any]) -> bool:
    return any(key.column.table.name in ("person", "account") for key in column.foreign_keys)
