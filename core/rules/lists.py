"""What is newest among what an audience may hear: a merge of streams that come in order, each read in pages.

A stream is what is in one Nexus, by one author, or anywhere, of one kind. One statement tells how new the newest of
many streams is; they are then read in this order, and those that have nothing so new are never read.
1. What the person wrote themselves.
2. The Nexuses where others' may be heard, if they are few.
3. If they are many: everything, one after another, for about as long as asking each of them would take; then they are
   asked, too. Where they are so many that nobody wants to list them, that walk finds something soon.
Every row is looked at by every reader before it counts, so no limit ever hides what is behind something hidden, and how
much is read does not tell how much is hidden where nothing may be heard: such Nexuses are not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from heapq import heapify, heappop, heappush, heapreplace
from typing import NamedTuple

from core.operations.context import Audience
from core.rules.kinds import PRIVATE
from core.rules.reach import Reach
from core.rules.resolver import Eye, eyes_of, said_as
from core.rules.words import PUBLIC, Action
from core.store import Unit
from core.store.unit import Raw

PROBES = 64  # Nexuses that are asked without a walk first
MANY = 4_096  # Nexuses that are not listed any more
WALK = 2  # rows of a walk for each Nexus that would be asked instead: such a row costs half of it
SLOTS = (4, 8, 16, 24, 32, 40, 48, 64, 128, 256)  # streams in one statement
FIRST, LARGEST = 6, 1_024  # rows of a page, growing
NEWEST = (1 << 63) - 1  # older than this is every id

_ROWS = "SELECT id, kind, nexus_id, author_id, ceiling FROM record WHERE "
_PAGE = "kind = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?"
_BY_AUTHOR = Raw(f"{_ROWS}author_id = ? AND {_PAGE}")
_BY_NEXUS = Raw(f"{_ROWS}nexus_id = ? AND {_PAGE}")
_ANYWHERE = Raw(f"{_ROWS}{_PAGE}")
_COLUMNS = {_BY_AUTHOR: "author_id", _BY_NEXUS: "nexus_id"}


class Stub(NamedTuple):
    """A record as far as a decision needs it."""

    id: int
    kind: str
    nexus_id: int
    author_id: int
    ceiling: int


_Row = tuple[int, str, int, int, int]
Asked = Sequence[int | str]  # a Nexus, or an author, and a kind; or several such pairs, one behind the other


class _Question:
    """What is wanted, by whom."""

    __slots__ = ("_action", "_eyes", "_nexus_id", "state", "unit")

    def __init__(self, unit: Unit, eyes: Sequence[Eye], action: Action, nexus_id: int | None, state: str) -> None:
        self.unit = unit
        self.state = state
        self._eyes = eyes
        self._action = action
        self._nexus_id = nexus_id

    def admits(self, row: Stub) -> bool:
        """Whether all readers may hear it, and it is where it is wanted from."""
        if self._nexus_id is not None and row.nexus_id != self._nexus_id:
            return False
        for eye in self._eyes:  # noqa: SIM110 - all() costs twice as much here
            if not eye.may(row, self._action):
                return False
        return True


class _Stream:
    """Rows of one kind, newest first; `row` is the one it stands at, None before the first."""

    __slots__ = ("_before", "_ended", "_rows", "_size", "_statement", "_values", "row")

    def __init__(self, statement: Raw, values: tuple[object, ...], before: int, size: int) -> None:
        self._statement = statement
        self._values = values
        self._before = before
        self._size = size
        self._rows: Iterator[_Row] = iter(())
        self._ended = False
        self.row: Stub | None = None

    def advance(self, question: _Question) -> bool:
        """Go on to the next that may be heard; False if there is none."""
        admits, make = question.admits, Stub._make
        while True:
            for row in self._rows:
                stub = make(row)
                if admits(stub):
                    self.row = stub
                    return True
            if self._ended:
                return False
            self._read(question)

    def _read(self, question: _Question) -> int:
        rows = question.unit.fetch(self._statement, *self._values, question.state, self._before, self._size)
        self._rows = iter(self._kept(rows))
        self._ended = len(rows) < self._size
        self._size = min(self._size * 4, LARGEST)
        if rows:
            self._before = rows[-1][0]
        return len(rows)

    def _kept(self, rows: list[_Row]) -> list[_Row]:
        """Those that are worth a look at all."""
        return rows

    def rest(self, question: _Question) -> Iterable[_Open]:
        """What comes in its place when there is no more in it."""
        return ()


# A stream that nobody has read yet: the id that its newest has at most, what it is, and the id that it is older than.
_Open = tuple[int, Raw, tuple[int, str], int]
# The same, with that first id negated, a number that no other has, and the stream once it is read.
_Entry = tuple[int, int, Raw, tuple[int, str], int, _Stream | None]


class _Walk(_Stream):
    """Rows from anywhere, for a while; then the Nexuses themselves are asked."""

    __slots__ = ("_left", "_nexuses", "_places")

    def __init__(self, kind: str, places: frozenset[int], nexuses: Asked, before: int) -> None:
        super().__init__(_ANYWHERE, (kind,), before, size=4 * FIRST)
        self._places = places
        self._nexuses = nexuses
        self._left = max(WALK * len(nexuses) // 2, 1)

    def _read(self, question: _Question) -> int:
        read = super()._read(question)
        self._left -= read
        if self._left <= 0:
            self._ended = True
        return read

    def _kept(self, rows: list[_Row]) -> list[_Row]:
        """See `_Stream._kept`: what is elsewhere cannot be heard, but by whoever wrote it."""
        places = self._places
        return [row for row in rows if row[2] in places]

    def rest(self, question: _Question) -> Iterable[_Open]:
        """See `_Stream.rest`."""
        if self._left > 0:
            return ()
        return _open(question, _BY_NEXUS, self._nexuses, self._before)


def newest(
    unit: Unit,
    audience: Audience,
    kinds: Sequence[str],
    most: int,
    *,
    nexus_id: int | None = None,
    author_id: int | None = None,
    state: str = "open",
    before: int = NEWEST,
) -> list[Stub]:
    """The newest of these kinds that the audience may hear, newest first, at most `most`.

    In one Nexus, or by one author, if these are given; older than the id `before`.
    """
    eyes, action = eyes_of(unit, audience), said_as(audience)
    question = _Question(unit, eyes, action, nexus_id, state)
    authors: list[int | str] = []
    nexuses: list[int | str] = []
    heap: list[_Entry] = []
    for kind in kinds:
        if author_id is not None:
            authors += (author_id, kind)
            continue
        if len(eyes) == 1 and eyes[0].person_id:
            authors += (eyes[0].person_id, kind)
        if kind in PRIVATE:
            continue
        if nexus_id is None:
            asked, walk = _of_others(eyes, kind, before)
            nexuses += asked
            if walk is not None:
                heap.append((-NEWEST, len(heap), _ANYWHERE, (0, kind), before, walk))
        elif all(eye.may_kind(nexus_id, kind, action) for eye in eyes):
            nexuses += (nexus_id, kind)
    for statement, some in ((_BY_AUTHOR, authors), (_BY_NEXUS, nexuses)):
        for head, which, one, older in _open(question, statement, some, before):
            heap.append((-head, len(heap), which, one, older, None))
    return _merged(question, heap, most)


def _merged(question: _Question, heap: list[_Entry], most: int) -> list[Stub]:
    """The first of all streams together."""
    heapify(heap)
    count = len(heap)
    size = most if count == 1 else FIRST  # of the first page
    found: list[Stub] = []
    last = 0
    while heap:
        _, number, statement, asked, before, stream = heap[0]
        if stream is None:
            stream = _Stream(statement, asked, before, size)
        elif stream.row is not None and stream.row.id != last:
            found.append(stream.row)
            last = stream.row.id
            if len(found) == most:
                break
        if stream.advance(question):
            heapreplace(heap, (-stream.row.id, number, statement, asked, before, stream))  # type: ignore[union-attr]
            continue
        heappop(heap)
        for head, which, one, older in stream.rest(question):
            count += 1
            heappush(heap, (-head, count, which, one, older, None))
    return found


def _open(question: _Question, statement: Raw, asked: Asked, before: int) -> Sequence[_Open]:
    """Streams by the id of their newest; those that have nothing are left out. One or two are not worth that look."""
    if len(asked) <= 4:
        pairs = zip(asked[::2], asked[1::2], strict=True)
        return [(NEWEST, statement, pair, before) for pair in pairs]  # type: ignore[misc]
    found: list[_Open] = []
    for start in range(0, len(asked), 2 * SLOTS[-1]):
        some = asked[start : start + 2 * SLOTS[-1]]
        slots = next(n for n in SLOTS if 2 * n >= len(some))
        rows = question.unit.fetch(
            _heads(_COLUMNS[statement], slots), question.state, before, *some, *_PADDING[: 2 * slots - len(some)]
        )
        found += [(head, statement, (value, kind), before) for value, kind, head in rows if head is not None]
    return found


_PADDING: Asked = (0, "") * SLOTS[-1]


@cache
def _heads(column: str, slots: int) -> Raw:
    """The id of the newest of each stream; a database calls the columns of VALUES so by itself."""
    newest_id = f"SELECT id FROM record WHERE {column} = v.column1 AND kind = v.column2 AND state = ? AND id < ?"  # noqa: S608
    marks = ", ".join(["(?, ?)"] * slots)
    return Raw(f"SELECT v.column1, v.column2, ({newest_id} ORDER BY id DESC LIMIT 1) FROM (VALUES {marks}) AS v")  # noqa: S608


def _of_others(eyes: Sequence[Eye], kind: str, before: int) -> tuple[Asked, _Stream | None]:
    """Nexuses, or a walk, whose streams have whatever of this kind all of these readers may hear.

    What several may hear any one of them may: the one with the fewest places is asked.
    """
    places = [(found, eye) for eye in eyes if (found := candidates(eye.reach, kind)) is not None]
    if not places:
        return (), _Stream(_ANYWHERE, (kind,), before, size=4 * FIRST)
    fewest, eye = min(places, key=lambda one: len(one[0])) if len(places) > 1 else places[0]
    asked = eye.reach.asked.get(kind)
    if asked is None:
        asked = eye.reach.asked[kind] = tuple(part for one in sorted(fewest) for part in (one, kind))
    return ((), _Walk(kind, fewest, asked, before)) if len(fewest) > PROBES else (asked, None)


def candidates(reach: Reach, kind: str) -> frozenset[int] | None:
    """The Nexuses in which this reader may see what others have of a kind; None if they are too many to list."""
    if kind not in reach.candidates:
        reach.candidates[kind] = _candidates(reach, kind)
    return reach.candidates[kind]


def _candidates(reach: Reach, kind: str) -> frozenset[int] | None:
    structure = reach.structure
    public = structure.granting(kind, PUBLIC)
    if len(public) > MANY:
        return None
    found = {n for n, bits in reach.direct.items() if structure.word(n, kind) & bits}  # the bits of Action.SEE
    found |= public
    for nexus_id, bits in reach.down.items():
        while bits and len(found) <= MANY:
            bit = bits & -bits
            found.update(structure.granting_below(kind, bit, nexus_id))
            bits ^= bit
    return frozenset(found) if len(found) <= MANY else None


def places_of(eyes: Sequence[Eye], kinds: Sequence[str]) -> tuple[frozenset[int], int] | None:
    """Nexuses, and a person (0: nobody), so that whatever of these kinds all readers may hear is in or by one of them.

    None if there are too many Nexuses to name.
    """
    found: list[tuple[frozenset[int], int]] = []
    for eye in eyes:
        places = [candidates(eye.reach, kind) for kind in kinds if kind not in PRIVATE]
        if all(one is not None for one in places):
            found.append((frozenset().union(*(one for one in places if one is not None)), eye.person_id))
    return min(found, key=lambda one: len(one[0]), default=None)
