"""Lengths of time that are given to people, in whole minutes: `2h`, `1h30`, `90m`, `1,5 h`, "half an hour". Pure.

Only hours and minutes: how long a working day is differs from place to place. What is no whole number of minutes is
refused, as is `1h5`, which may be five minutes or half an hour past one.
"""

from __future__ import annotations

import re

from core.operations.fields.numbers import read_number

_HOUR, _MINUTE = r"(?:h|hrs?|hours?)", r"(?:m|mins?|minutes?)"
_NUMBER = r"\d[\d.,'’ ]*"
_BOTH = re.compile(
    rf"(?P<h>{_NUMBER}?) ?{_HOUR}(?:,? (?:and )?| ?)(?P<m>\d{{1,5}}) ?{_MINUTE}"  # 2h 15m, 1 hour and 5 minutes
    rf"|(?P<h2>{_NUMBER}?) ?h ?(?P<m2>\d{{2}})",  # 1h30
    re.ASCII,
)
_ONE = re.compile(rf"(?P<number>{_NUMBER}?) ?(?:(?P<hours>{_HOUR})|{_MINUTE})", re.ASCII)
_ONES = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split(),
        1,
    )
}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_WORDY = re.compile(
    r"(?P<n>[a-z]+(?:[- ][a-z]+)?|\d{1,3}) (?:(?P<hours>hours?)|minutes?)"
    r"|(?P<n2>[a-z]+|\d{1,3})(?: hours?)? and (?:a|one) (?P<more>half|quarter)(?: hours?)?",
    re.ASCII,
)
_FIXED = {
    "half an hour": 30, "half hour": 30, "a half hour": 30, "a half an hour": 30, "half of an hour": 30,
    "quarter of an hour": 15, "a quarter of an hour": 15, "quarter hour": 15, "a quarter hour": 15,
    "three quarters of an hour": 45,
}  # fmt: skip


def read_minutes(text: str) -> int | None:
    """Whole minutes, or None where the text is no such length of time. Zero is returned as it is.

    `text` is one line with single spaces. A capital M alone is none: it may be a million.
    """
    if re.search(r"\d ?M\b", text):
        return None
    text = text.lower()
    fixed = _FIXED.get(text)
    if fixed is not None:
        return fixed
    both = _BOTH.fullmatch(text)
    if both:
        hours, minutes = _exact(both["h"] or both["h2"], 1), int(both["m"] or both["m2"])
        return None if hours is None or minutes > 59 else 60 * hours + minutes
    one = _ONE.fullmatch(text)
    if one:
        return _exact(one["number"], 60) if one["hours"] else _exact(one["number"], 1)
    wordy = _WORDY.fullmatch(text)
    if wordy is None:
        return None
    count = _count(wordy["n"] or wordy["n2"])
    if count is None:
        return None
    if wordy["more"]:
        if "hour" not in text:
            return None
        return 60 * count + (30 if wordy["more"] == "half" else 15)
    return count * (60 if wordy["hours"] else 1)


def _count(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    if word in ("a", "an"):
        return 1
    tens, _, ones = word.replace("-", " ").partition(" ")
    if ones:
        return _TENS[tens] + _ONES[ones] if tens in _TENS and _ONES.get(ones, 10) < 10 else None
    return _TENS.get(tens) or _ONES.get(tens)


def _exact(text: str, each: int) -> int | None:
    """So many times `each`, if that is a whole number that was written without doubt."""
    number = read_number(text.strip())
    if number is None or number.doubtful or len(number.whole) > 20 or len(number.part) > 9:
        return None
    if each == 1 and number.part:
        return None
    digits = int(number.whole + number.part) * each
    whole, rest = divmod(digits, 10 ** len(number.part))
    return None if rest else whole
