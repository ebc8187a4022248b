"""Everything by which one person is named in a store: ids, accounts, names, and words of theirs. Read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from core.people.tables import account, person
from core.records.tables import record
from core.store import Unit

SHORTENED = 60  # characters of a record's words that cards show: see `core.access.records.Record.name`
_TELLING = 12  # characters: words from which on a repetition is one
_FEW = 3  # a name that is shorter than this says nothing about who is meant

_MERGED = select(person.c.id).where(person.c.merged_into.in_(bindparam("people", expanding=True)))
_PEOPLE = select(person).where(person.c.id.in_(bindparam("people", expanding=True))).order_by(person.c.id)
_ACCOUNTS = select(account).where(account.c.person_id.in_(bindparam("people", expanding=True))).order_by(account.c.id)
_RECORDS = (
    select(record.c.id, record.c.body)
    .where(record.c.author_id.in_(bindparam("people", expanding=True)))
    .order_by(record.c.id)
)
_NAMESAKES = select(person.c.id).where(
    person.c.name == bindparam("called"),
    person.c.forgotten_at.is_(None),
    person.c.id.not_in(bindparam("people", expanding=True)),
)
_SAME_USER = select(account.c.id).where(
    account.c.username == bindparam("called"), account.c.person_id.not_in(bindparam("people", expanding=True))
)


@dataclass(frozen=True)
class Whose:
    """One person as the store knows them. `people` has them and whoever was joined to them, `records` all of theirs.

    `names` are what they alone are called here; `bodies` the words of their records, whole and as cards shorten them.
    With `partly` they stay, and only `records` and `bodies` are meant.
    """

    person_id: int
    people: tuple[int, ...]
    rows: tuple[RowMapping, ...]
    accounts: tuple[RowMapping, ...]
    records: frozenset[int]
    names: tuple[str, ...]
    bodies: frozenset[str]
    partly: bool = False

    def only(self, records: Mapping[int, str]) -> Whose:
        """The same person, of whom nothing but these records (words by id) is meant."""
        bodies = frozenset(_bodies(body for body in records.values() if body))
        return replace(self, records=frozenset(records), names=(), bodies=bodies, partly=True)

    @property
    def account_ids(self) -> tuple[int, ...]:
        """Row ids of their accounts."""
        return tuple(row["id"] for row in self.accounts)

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """Their accounts as platforms name them: (platform, workspace, external id)."""
        return tuple((row["platform"], row["workspace"], row["external_id"]) for row in self.accounts)

    @cached_property
    def _called(self) -> re.Pattern[str] | None:
        if not self.names:
            return None
        return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in self.names))

    def named_in(self, text: str) -> bool:
        """Whether a text names them: by a name that is theirs alone, as a word of its own."""
        return self._called is not None and self._called.search(text) is not None

    def repeated_in(self, text: str) -> bool:
        """Whether a text has words of theirs in it. What is very short may stand there by chance."""
        if text in self.bodies:
            return True
        known = self._beginnings
        return bool(known) and any(
            text.startswith(body, at)
            for at in range(len(text) - _TELLING + 1)
            if (bodies := known.get(text[at : at + _TELLING])) is not None
            for body in bodies
        )

    @cached_property
    def _beginnings(self) -> dict[str, list[str]]:
        """The words by how they begin: so one walk through a text finds any of them."""
        found: dict[str, list[str]] = {}
        for body in self.bodies:
            if len(body) >= _TELLING:
                found.setdefault(body[:_TELLING], []).append(body)
        return found

    def spoken_of_in(self, value: Any) -> bool:
        """Whether a JSON value names them, or repeats something of theirs."""
        return any(self.named_in(text) or self.repeated_in(text) for text in texts_in(value))


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def whose(unit: Unit, person_id: int) -> Whose:
    """All by which a person is named now."""
    people = [person_id]
    fresh: list[int] = [person_id]
    while fresh:
        fresh = [row["id"] for row in unit.rows(_MERGED, people=fresh)]
        people += fresh
    rows, accounts = unit.rows(_PEOPLE, people=people), unit.rows(_ACCOUNTS, people=people)
    records = unit.rows(_RECORDS, people=people)
    called = [row["name"] for row in rows] + [row["name"] for row in accounts]
    users = [row["username"] for row in accounts]
    return Whose(
        person_id,
        tuple(people),
        tuple(rows),
        tuple(accounts),
        frozenset(row["id"] for row in records),
        tuple(
            name
            for statement, names in ((_NAMESAKES, called), (_SAME_USER, users))
            for name in dict.fromkeys(names)
            if len(name) >= _FEW and unit.row(statement, called=name, people=people) is None
        ),
        frozenset(_bodies(row["body"] for row in records if row["body"])),
    )


def _bodies(bodies: Iterable[str]) -> Iterator[str]:
    for body in bodies:
        yield body
        if len(body) > SHORTENED:
            yield body[: SHORTENED - 1].rstrip() + "…"
