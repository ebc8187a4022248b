"""The recent past of a Nexus on all its platforms, in memory: when somebody wrote, with which fingerprint, never what.

Bounded: at most PEOPLE authors, each with their last KEPT messages of a day; at most TEXTS fingerprints that several
people share; at most JOINS joins; for what rules want several times, the last KEPT times of PEOPLE authors. 10,000
active people cost about 22 MB (measured: `make bench-moderation`). Whoever was quiet the longest is forgotten first.
Every step costs the same however long it runs.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from core.moderation.signals.prints import NEAR, Print, alike
from core.moderation.signals.seen import Message

DAY = 86_400.0
PEOPLE = 20_000
KEPT = 24  # messages per author
TEXTS = 20_000
SHARERS = 12  # people of one text that are told apart
JOINS = 500
WINDOW = 600.0  # seconds in which the same text from several people belongs together
_LINK, _SPAM = 1, 2


@dataclass(slots=True)
class _Past:
    """The last messages of one author, oldest first: times, exact prints, sketches, places, and what was in them."""

    times: array[float] = field(default_factory=lambda: array("d"))
    exact: array[int] = field(default_factory=lambda: array("Q"))
    sketch: array[int] = field(default_factory=lambda: array("Q"))
    place: array[int] = field(default_factory=lambda: array("L"))
    mentions: array[int] = field(default_factory=lambda: array("B"))
    marks: array[int] = field(default_factory=lambda: array("B"))

    def columns(self) -> tuple[array[float] | array[int], ...]:
        return self.times, self.exact, self.sketch, self.place, self.mentions, self.marks


@dataclass(frozen=True, slots=True)
class Rate:
    """How many messages in how many seconds, the present one included."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often an author has said nearly the same, the present message included, over how many seconds and places."""

    count: int
    seconds: float
    places: int


class History:
    """What the signals know of the recent past. `add` after every message, `join` when somebody arrives."""

    def __init__(self, *, people: int = PEOPLE, texts: int = TEXTS) -> None:
        self._people: OrderedDict[str, _Past] = OrderedDict()
        self._texts: OrderedDict[int, dict[int, float]] = OrderedDict()
        self._joins: OrderedDict[int, float] = OrderedDict()
        self._often: OrderedDict[tuple[str, int], deque[float]] = OrderedDict()
        self._most_people = people
        self._most_texts = texts

    def add(self, message: Message, mark: Print, *, link: bool = False, spam: bool = False) -> None:
        """Remember that a message came."""
        past = self._people.get(message.author)
        if past is None:
            past = self._people[message.author] = _Past()
            if len(self._people) > self._most_people:
                self._people.popitem(last=False)
        else:
            self._people.move_to_end(message.author)
        stale = 0
        while stale < len(past.times) and past.times[stale] < message.at - DAY:
            stale += 1
        stale = max(stale, len(past.times) + 1 - KEPT)
        if stale > 0:
            for column in past.columns():
                del column[:stale]
        past.times.append(message.at)
        past.exact.append(mark.exact)
        past.sketch.append(mark.sketch)
        past.place.append(_key(message.place))
        past.mentions.append(min(message.mentions, 255))
        past.marks.append(_LINK * link | _SPAM * spam)
        if mark.long:
            self._share(message, mark)

    def _share(self, message: Message, mark: Print) -> None:
        for key in _text_keys(mark):
            sharers = self._texts.get(key)
            if sharers is None:
                sharers = self._texts[key] = {}
                if len(self._texts) > self._most_texts:
                    self._texts.popitem(last=False)
            else:
                self._texts.move_to_end(key)
            author = _key(message.author)
            sharers.pop(author, None)
            sharers[author] = message.at
            if len(sharers) > SHARERS:
                del sharers[next(iter(sharers))]

    def join(self, author: str, at: float) -> None:
        """Remember that somebody arrived. Told twice, it counts once."""
        self._joins[_key(author)] = at
        if len(self._joins) > JOINS:
            self._joins.popitem(last=False)

    def came(self, author: str) -> float | None:
        """When somebody arrived, if that was seen lately."""
        return self._joins.get(_key(author))

    def rate(self, author: str, at: float, seconds: float) -> Rate:
        """How many messages an author wrote in the last `seconds`, up to KEPT. Messages of the very same instant count
        once: they were handed over together (a bridge, a paste that the platform cut), nobody typed them."""
        count, first, last = 1, at, at
        past = self._people.get(author)
        for time in reversed(past.times if past else ()):
            if time < at - seconds:
                break
            if time < last:
                count += 1
                first = last = time
        return Rate(count, at - first)

    def repeats(self, message: Message, mark: Print, seconds: float) -> Repeats:
        """How often the author has said nearly this in the last `seconds`."""
        count, first = 1, message.at
        places = {_key(message.place)}
        past = self._people.get(message.author)
        if past is not None:
            for at in range(len(past.times) - 1, -1, -1):
                if past.times[at] < message.at - seconds:
                    break
                if past.exact[at] == mark.exact or (mark.long and alike(past.sketch[at], mark.sketch) >= NEAR):
                    count += 1
                    first = past.times[at]
                    places.add(past.place[at])
        return Repeats(count, message.at - first, len(places))

    def sharers(self, message: Message, mark: Print) -> int:
        """How many people, the author included, have said nearly this in the last WINDOW seconds, up to SHARERS."""
        if not mark.long:
            return 1
        people = {_key(message.author)}
        for key in _text_keys(mark):
            people.update(who for who, at in self._texts.get(key, {}).items() if at >= message.at - WINDOW)
        return len(people)

    def mentions(self, author: str, at: float, seconds: float) -> int:
        """How many mentions an author made in the last `seconds`, before the present message."""
        past = self._people.get(author)
        if past is None:
            return 0
        return sum(n for time, n in zip(past.times, past.mentions, strict=True) if time >= at - seconds)

    def spam(self, author: str) -> tuple[int, int]:
        """Of the author's remembered messages, how many looked like spam, and how many there are."""
        past = self._people.get(author)
        if past is None:
            return 0, 0
        return sum(mark & _SPAM != 0 for mark in past.marks), len(past.marks)

    def so_often(self, what: str, author: str, at: float, seconds: float, *, remember: bool) -> int:
        """How often an author has done `what` (a rule's own word for it) in the last `seconds`, now included, up to
        KEPT."""
        key = (what, _key(author))
        times = self._often.get(key)
        if times is None:
            times = deque(maxlen=KEPT)
            if remember:
                self._often[key] = times
                if len(self._often) > self._most_people:
                    self._often.popitem(last=False)
        elif remember:
            self._often.move_to_end(key)
        before = sum(time >= at - seconds for time in times)
        if remember:
            times.append(at)
        return min(before + 1, KEPT)

    def joined(self, at: float, seconds: float) -> int:
        """How many people arrived in the last `seconds`."""
        return sum(at - seconds <= time <= at for time in self._joins.values())

    def busiest_minute(self, at: float, seconds: float) -> int:
        """The most arrivals within any minute of the last `seconds`."""
        times = sorted(time for time in self._joins.values() if at - seconds <= time <= at)
        most = start = 0
        for end, time in enumerate(times):
            while times[start] < time - 60:
                start += 1
            most = max(most, end - start + 1)
        return most

    def joined_in_wave(self, author: str, at: float, seconds: float) -> bool:
        """Whether this author is among those who arrived in the last `seconds`."""
        time = self._joins.get(_key(author))
        return time is not None and time >= at - seconds

    def __len__(self) -> int:
        return len(self._people)


def _key(name: str) -> int:
    return hash(name) & 0xFFFFFFFF


def _text_keys(mark: Print) -> tuple[int, ...]:
    """A text is found by its exact print and by either half of its sketch, where that half has no empty bucket."""
    keys = [mark.exact]
    for half, part in enumerate((mark.sketch >> 32, mark.sketch & 0xFFFFFFFF)):
        if 255 not in part.to_bytes(4):
            keys.append(hash((half, part)))
    return tuple(keys)
