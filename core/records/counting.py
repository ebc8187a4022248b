"""What could be counted: who wrote something of a kind, where, with what consent. `core.access` decides what counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.sql import column

from core.records.search import PLACES, expression, in_nexus
from core.records.tables import record
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be counted. `body` is empty where the words do not matter."""

    kind: str
    nexus_id: int
    author_id: int
    ceiling: int
    body: str


_WHO = (record.c.kind, record.c.nexus_id, record.c.author_id, record.c.ceiling)
_THERE = (record.c.kind == bindparam("which"), record.c.nexus_id.in_(bindparam("nexus_ids", expanding=True)))
_OPEN = record.c.state == "open"
_IN_SPAN = (record.c.state != "removed", record.c.created_at >= bindparam("since"))
_FITTING = {
    False: text("SELECT rowid AS id FROM record_text WHERE record_text MATCH :match").columns(column("id")),
    True: text("SELECT id FROM record_text WHERE words @@ to_tsquery('english', :match)").columns(column("id")),
}
_EACH: dict[str, Select[Any]] = {
    "open": select(*_WHO).where(*_THERE, _OPEN).distinct(),
    "span": select(*_WHO).where(*_THERE, *_IN_SPAN).distinct(),
    "words in span": select(*_WHO, record.c.body).where(*_THERE, *_IN_SPAN),
}
_OPEN_WORDS = {
    postgres: select(*_WHO, record.c.body).where(*_THERE, _OPEN, record.c.id.in_(fitting))
    for postgres, fitting in _FITTING.items()
}


def candidates(
    unit: Unit, kind: str, nexus_ids: Collection[int], *, words: Sequence[str] = (), since: int | None = None
) -> list[Candidate]:
    """What is open of a kind in these Nexuses, or was posted since a moment: in one statement, whatever there is.

    With `words` at least all that have them; whoever asks still looks at each body.
    """
    values: dict[str, Any] = {"which": kind, "nexus_ids": sorted(nexus_ids)}
    if since is not None:
        statement = _EACH["words in span" if words else "span"]  # what is closed is in no index
        values["since"] = since
    elif words:
        statement = _OPEN_WORDS[unit.postgres]
        places = [in_nexus(n) for n in values["nexus_ids"]] if len(nexus_ids) <= PLACES else []
        values["match"] = expression(words, postgres=unit.postgres, places=places)
    else:
        statement = _EACH["open"]
    return [Candidate(**({"body": ""} | dict(row))) for row in unit.rows(statement, **values)]
