"""What a sum of money looks like in a sentence, so that it is one word there, doubtful ones included.

Only where it begins and ends is found here, with all that makes it doubtful ("about", a minus, a range, a second
number): what it says is read by `core.operations.fields.amount` alone, which asks where it may be read in two ways.
"""

from __future__ import annotations

import re

from core.operations.fields.amount import NAMES

_NO_MONEY = frozenset({"won", "ft", "kr.", "crown", "crowns", "krona", "krone"})  # words of other things as well
_SIGNS = "|".join(sorted((re.escape(n) for n in NAMES if not n[-1].isalpha() and n != "kr."), key=len, reverse=True))
_WORDS = "|".join(
    sorted((re.escape(n) for n in NAMES if n[-1].isalpha() and n not in _NO_MONEY), key=len, reverse=True)
)
_CODES = "|".join(sorted({code for code in NAMES.values() if len(code) == 3}))
_SPACE = "[ \u00a0\u202f\u2009]"
_NUMBER = rf"\d{{1,30}}(?:(?:[.,'’]|{_SPACE})\d{{1,9}}){{0,6}}(?:[.,]-)?"
_THOUSAND = rf"(?:{_SPACE}?k(?!\w)|k(?=(?:{_CODES})(?!\w)|{_SIGNS}))"
_BEFORE = rf"(?:(?<!\w)(?:{_CODES}){_SPACE}?|(?<![\w$])(?:{_SIGNS}){_SPACE}?)"
_AFTER = rf"{_SPACE}?(?:(?:{_WORDS})(?!\w)|{_SIGNS})"
_ONE = rf"(?:{_BEFORE}{_NUMBER}{_THOUSAND}?(?:{_AFTER})?|(?<![\w.,'’])(?:{_NUMBER}){_THOUSAND}?{_AFTER})"
_ABOUT = r"(?:(?<!\w)(?:about|around|roughly|approx\.?|approximately|circa|ca\.?|up to|at least|at most)\s+|[~≈]\s?)"
_BETWEEN = rf"(?:(?<!\w)between\s+{_NUMBER}{_THOUSAND}?(?:{_AFTER})?\s+and\s+)"
_RANGE = rf"(?:(?<![\w.,]){_NUMBER}k?\s?(?:[-–—−~]|\bto\b|\bor\b|\.\.\.?|…)\s?)"
_MINUS = r"(?:(?<![^\s(])[-−–](?=\d|[^\w\s]\d|[A-Za-z]{3}\d))"
_MORE = rf"(?:\s?(?:[-–—−]|\bor\b|\bto\b)\s?{_ONE})"
_STRAY = r"(?:\s\d{2,}(?:[.,]\d+)*(?![\w.,]*\w|\s?(?:%|\w)))"  # "2 EUR 500": which of the two?

SUM = rf"(?:{_ABOUT})?(?:{_BETWEEN}|{_RANGE}|{_MINUS})?{_ONE}{_MORE}{{0,3}}{_STRAY}?"
"""A pattern for `re.IGNORECASE`, without groups."""
