"""A moment to come, as people type it: `thursday 15:00`, `tomorrow at 3pm`, `3 Dec 14:30`, `in 2 hours`.

Decision rule: one time, with at most one day, and nothing else around them. Times are UTC unless a distance from it is
typed (`15:00 UTC+2`); other zones are refused, as CST alone is three. What is doubtful is asked, never guessed: `at 3`
may be night or afternoon, `thursday` said on a Thursday may be today. Without a day it is today, if that is to come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.clock import DAY, HOUR, MINUTE, as_datetime
from core.errors import N_, BadInput
from core.operations.fields.base import Field, as_word
from core.operations.fields.time import read_date, read_duration

FURTHEST = 366 * DAY
_TIME = re.compile(
    r"(?:(?<![\w.:/+-])|(?<=\bat )|(?<=@))"
    r"(?:(?P<h>\d{1,2})(?::(?P<m>\d\d)(?::00)?(?: ?(?P<half>[ap]m))?|(?:\.(?P<m3>\d\d))? ?(?P<half3>[ap]m)"
    r"| ?(?P<full>h|uhr|hrs)(?P<m2>\d\d)?| ?o['’]?clock)"
    r"|(?P<noon>noon|midday)|(?P<midnight>midnight)|(?<=\bat )(?P<bare>\d{1,2}))(?!(?!z\b|utc|gmt)[\w.:/])"
    r"(?: ?(?:(?P<zone>utc|gmt|z)(?: ?(?P<sign>[+-])(?P<zh>\d{1,2})(?::?(?P<zm>\d\d))?)?(?!\w)"
    r"|(?P<sign2>[+-])(?P<zh2>\d\d):?(?P<zm2>\d\d)(?!\w)))?",
    re.ASCII,
)
_SPELLED = re.compile(r"\b([ap])\. ?m\b\.?|(?<=\d)([ap])\. ?m\b\.?")
_PART = re.compile(r"\b(?:in the |at )?(?P<part>morning|afternoon|evening|night)\b")
_HALVES = {"morning": "am", "afternoon": "pm", "evening": "pm", "tonight": "pm"}
_ELSEWHERE = re.compile(
    r"\b(?:(?:[a-z]+ )?time|cest|[cwe]et|[we]est|[ecmp][sd]t|ae[sd]t|bst|ist|jst|kst|msk|sgt|hkt)\b"
)
_AROUND = re.compile(r"^(?:(?:at|on|from|starting|um|,|-|–|@)(?= |$) ?)+|(?: ?(?:\b(?:at|on|from|um)|,|-|–|@))+$")
_WEEKDAY = re.compile(r"(?:this |on |coming )*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*")


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day in minutes, `offset` in ms ahead of UTC; `late` is the other reading of a doubtful one."""

    minutes: int
    late: int | None
    offset: int


def read_moment(text: str, now: int) -> int:
    """Milliseconds since the epoch, in whole minutes, after `now` and within `FURTHEST`. Pure.

    Raises `BadInput`, whose code is `doubtful_moment` where one is meant and something has to be asked or is wrong
    with it; `bad_moment` where the text as a whole is none.
    """
    said = _SPELLED.sub(lambda found: f"{found[1] or found[2]}m", " ".join(text.casefold().split()))
    said = re.sub(r"(?<=\d{4}-\d\d-\d\d)t(?=\d)", " ", said).rstrip(".!?")
    length = read_duration(said) if re.match(r"in |after ", said) else None
    if length is not None and length % DAY:
        return _within(-(-(now + length) // MINUTE) * MINUTE, now, text)
    times = list(_TIME.finditer(said))
    if len(times) > 1:
        raise BadInput(
            N_("{text} names two times. Tell me when it starts, and how long it takes."), code="bad_moment", text=text
        )
    if not times:
        raise _without_time(said, text, now)
    rest, part = _day_words(said[: times[0].start()], said[times[0].end() :])
    clock = _clock(times[0], part or ("tonight" if re.search(r"\btonight\b", rest) else ""), text)
    today = as_datetime(now + clock.offset).date()
    if not rest:
        _sure(clock, times[0][0])
        moment = _at(today, clock)
        if moment <= now:
            raise _doubtful(N_("{time} is over for today. Which day do you mean?"), time=_shown(clock.minutes))
        return _within(moment, now, text)
    day = _day(rest, today)
    if day is None:
        if _ELSEWHERE.search(rest):
            raise BadInput(
                N_("So far I know times in UTC. Please tell me that time in UTC, or as 15:00 UTC+2, for example."),
                code="bad_moment",
            )
        raise _unreadable(text)
    _sure(clock, times[0][0])
    if _WEEKDAY.fullmatch(rest) and (day - today).days == 7 and _at(today, clock) > now:
        raise _doubtful(
            N_("Today is {weekday}. Do you mean “today {time}” or “{day} {time}”?"),
            weekday=f"{today:%A}",
            time=_shown(clock.minutes),
            day=f"{day.day} {day:%b}",
        )
    return _within(_at(day, clock), now, text)


def names_a_zone(word: str) -> bool:
    """Whether a word after a time says where in the world that is. Pure."""
    return _ELSEWHERE.fullmatch(word.casefold()) is not None


def show_moment(moment: int) -> str:
    """As people read it: `Thu 3 Dec 2026, 15:00 UTC`."""
    at = as_datetime(moment)
    return f"{at:%a} {at.day} {at:%b %Y}, {at:%H:%M} UTC"


def _clock(found: re.Match[str], part: str, text: str) -> _Clock:
    if found["midnight"]:
        raise _doubtful(N_("Midnight belongs to two days. Please say 00:00 with the day that begins then."))
    hour = 12 if found["noon"] else int(found["h"] or found["bare"])
    minute = int(found["m"] or found["m2"] or found["m3"] or 0)
    half = found["half"] or found["half3"] or ""
    if hour > 23 or minute > 59:
        raise _unreadable(text)
    sure = bool(found["noon"] or found["full"]) or hour == 0 or hour > 12
    sure = sure or (not half and len(found["h"] or found["bare"]) == 2 and (bool(found["m"]) or hour < 10))
    wanted = half or _HALVES.get(part, "")
    late = None
    if half or (wanted and not sure):
        if (hour > 12 and half == "am") or not hour:
            raise _unreadable(text)
        hour = hour if hour > 12 else hour % 12 + (12 if wanted == "pm" else 0)
    elif not sure:
        late = (hour % 12 + 12) * 60 + minute
        hour = hour % 12
    if wanted and late is None and (hour >= 12) != (wanted == "pm"):
        raise _unreadable(text)
    return _Clock(hour * 60 + minute, late, _offset(found, text))


def _offset(found: re.Match[str], text: str) -> int:
    sign, hours, minutes = (found[f"{name}2"] or found[name] for name in ("sign", "zh", "zm"))
    if not sign:
        return 0
    if int(hours) > 14 or int(minutes or 0) > 59:
        raise _unreadable(text)
    return (int(hours) * HOUR + int(minutes or 0) * MINUTE) * (1 if sign == "+" else -1)


def _sure(clock: _Clock, said: str) -> None:
    if clock.late is not None:
        raise _doubtful(
            N_("{time} can be {early} or {late}. Which one do you mean?"),
            time=said,
            early=_shown(clock.minutes),
            late=_shown(clock.late),
        )


def _day_words(before: str, after: str) -> tuple[str, str]:
    """What is left for the day, and the part of the day that was named."""
    rest = " ".join(f"{_AROUND.sub('', before.strip())} {_AROUND.sub('', after.strip())}".split())
    found = _PART.search(rest)
    if found is None:
        return rest, ""
    return _AROUND.sub("", " ".join(f"{rest[: found.start()]} {rest[found.end() :]}".split())), found["part"]


def _day(words: str, today: date) -> date | None:
    words = re.sub(r"^(?:on )?the (?=\d)", "", words)
    if words in ("the day after tomorrow", "day after tomorrow"):
        return today + timedelta(days=2)
    length = read_duration(words) if words.startswith("in ") else None
    if length is not None:
        return today + timedelta(days=length // DAY) if length % DAY == 0 and length <= FURTHEST else None
    return read_date(words, today)


def _at(day: date, clock: _Clock) -> int:
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    return midnight + clock.minutes * MINUTE - clock.offset


def _within(moment: int, now: int, text: str) -> int:
    if moment <= now:
        raise _doubtful(N_("{text} is in the past."), text=text)
    if moment - now > FURTHEST:
        raise _doubtful(N_("{text} is more than a year away; I plan up to a year ahead."), text=text)
    return moment


def _shown(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _without_time(said: str, text: str, now: int) -> BadInput:
    words, _ = _day_words(said, "")
    if _day(words, as_datetime(now).date()) is None:
        return _unreadable(text)
    return _doubtful(N_("At what time? Say “{text} 15:00”, for example (UTC)."), text=text)


def _doubtful(template: str, **data: Any) -> BadInput:
    return BadInput(template, code="doubtful_moment", **data)


def _unreadable(text: str) -> BadInput:
    return BadInput(
        N_("I could not read {text} as a moment. Try “thursday 15:00”, “tomorrow 3pm” or “3 Dec 14:30” (UTC)."),
        code="bad_moment",
        text=text,
    )


class Moment(Field):
    """A moment to come, in milliseconds since the epoch. What is shown says that it is UTC."""

    kind = "moment"

    def read(self, raw: object) -> str:
        """See `Field.read`; the moment itself is found when the caller's present is known."""
        return as_word(raw, self.about)

    def resolve(self, value: Any, context: Any) -> int:
        """See `Field.resolve`."""
        return read_moment(str(value), context.now)

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return f"{as_datetime(value):%Y-%m-%d %H:%M}Z"

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return show_moment(value)
