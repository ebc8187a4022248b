"""Which records fit some words, among those that an audience may hear: filtered before anything is counted or cut off.

The index is asked for what is where the audience may hear something, so that what is elsewhere changes neither what is
found nor how much is read; where that is in too many places, everything that fits is looked at, newest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.operations.context import Audience
from core.records.search import PLACES, by_author, expression, in_nexus
from core.rules.lists import NEWEST, Stub, places_of
from core.rules.resolver import eyes_of, said_as
from core.store import Unit
from core.store.unit import Raw

PAGE = 500

_COLUMNS = "SELECT r.id, r.kind, r.nexus_id, r.author_id, r.ceiling FROM record_text t JOIN record r ON r.id = "
_SQLITE = Raw(
    _COLUMNS + "t.rowid WHERE record_text MATCH ? AND t.rowid < ? AND r.state = 'open' ORDER BY t.rowid DESC LIMIT ?"
)
_POSTGRES = Raw(
    _COLUMNS + "t.id WHERE t.words @@ to_tsquery('english', ?) AND r.id < ? AND r.state = 'open' "
    "ORDER BY r.id DESC LIMIT ?"
)
_POSTGRES_PLACES = Raw(
    _COLUMNS + "t.id WHERE t.words @@ to_tsquery('english', ?) AND r.id < ? AND r.state = 'open' "
    "AND (r.nexus_id = ANY(?) OR r.author_id = ?) ORDER BY r.id DESC LIMIT ?"
)


def matches(unit: Unit, audience: Audience, words: Sequence[str], kinds: Sequence[str], most: int) -> list[Stub]:
    """The newest open records of these kinds with one of the words, that the audience may hear: at most `most`."""
    eyes, action = eyes_of(unit, audience), said_as(audience)
    found: list[Stub] = []
    for row in _fitting(unit, places_of(eyes, kinds), words):
        if row.kind in kinds and all(eye.may(row, action) for eye in eyes):
            found.append(row)
            if len(found) == most:
                break
    return found


def _fitting(unit: Unit, places: tuple[frozenset[int], int] | None, words: Sequence[str]) -> Iterator[Stub]:
    """Whatever has one of the words, newest first, page by page; in or by `places` alone, if they are not too many."""
    before = NEWEST
    if places is not None and len(places[0]) > PLACES:
        places = None
    if places is not None and not places[0] and not places[1]:
        return
    match = expression(words, postgres=unit.postgres, places=_named(places) if places is not None else ())
    while True:
        if not unit.postgres:
            rows = unit.fetch(_SQLITE, match, before, PAGE)
        elif places is None:
            rows = unit.fetch(_POSTGRES, match, before, PAGE)
        else:
            rows = unit.fetch(_POSTGRES_PLACES, match, before, sorted(places[0]), places[1], PAGE)
        for row in rows:
            yield Stub(*row)
        if len(rows) < PAGE:
            return
        before = rows[-1][0]


def _named(places: tuple[frozenset[int], int]) -> list[str]:
    return [in_nexus(n) for n in sorted(places[0])] + ([by_author(places[1])] if places[1] else [])
