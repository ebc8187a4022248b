"""Everything about one person as one document, for them and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from core.nexuses.tables import nexus
from core.privacy.copies import copies_left
from core.privacy.personal import declarations, export_of, plain
from core.privacy.whose import Whose
from core.rules.words import ALL, Action, audiences_of, names_of
from core.store import Unit

FORMAT, VERSION = "nexus.person", 1
ABOUT = (
    "This is everything that the Nexus keeps about you, as it was at the moment in `made_at` (UTC). `tables` has one "
    "list for each place where something is kept, each entry with its fields; ids are text, moments are in ISO 8601. "
    "`consent` says what you allow at most with an entry: who may see it, quote it, count it (aggregate), let it feed "
    "something new (derive) or take it along (export); `null` means that the rules of the Nexus alone decide. "
    "`nexuses` gives the names behind `nexus_id`. What others wrote about you in their own words is theirs and is not "
    "in here. `copies` are the back-ups of the whole that exist besides, each with the day on which it goes. The same "
    "`format` and `version` always mean the same fields."
)
_NAMES = select(nexus.c.id, nexus.c.name).where(nexus.c.id.in_(bindparam("ids", expanding=True))).order_by(nexus.c.id)
_WORDS = {"ceiling": "consent", "word": "consent"}


def document(unit: Unit, who: Whose) -> dict[str, Any]:
    """What is kept about a person, as JSON values. Tables without anything of theirs are left out."""
    tables = {}
    for one in declarations():
        rows = [_readable(row) for row in export_of(unit, who, one)]
        if rows:
            tables[one.table.name] = rows
    ids = sorted(
        {int(row["nexus_id"]) for rows in tables.values() for row in rows if row.get("nexus_id") not in (None, "0")}
    )
    return {
        "format": FORMAT,
        "version": VERSION,
        "about": ABOUT,
        "made_at": plain("made_at", unit.now),
        "person": str(who.person_id),
        "nexuses": {str(row["id"]): row["name"] for row in unit.rows(_NAMES, ids=ids)},
        "tables": tables,
        "copies": [
            {"name": c.name, "made_at": plain("made_at", c.made_at), "expires_at": plain("expires_at", c.expires_at)}
            for c in copies_left(unit)
        ],
    }


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_fields(row))


def _fields(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in _WORDS:
            yield _WORDS[name], None if value == ALL else consent(value)
        else:
            yield name, value


def consent(word: int) -> dict[str, list[str]]:
    """A word of rules in words: for each action the audiences that it is allowed."""
    return {action.word: list(names_of(audiences_of(word, action))) for action in Action}
