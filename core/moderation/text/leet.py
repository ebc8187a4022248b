"""Digits and signs that stand for letters (fr33, c@sh, 1nvest), told from real numbers and names (2nd, 10k, mp3)."""

from __future__ import annotations

import re

_LETTERS = str.maketrans("0123456789@$!|+€£", "oizeasgtbgasiitel")
_SIGN = re.compile(r"[0-9@$!|+€£]")
# Bounded, so that a message of nothing but signs is read in no time.
_TOKEN = re.compile(r"[^\W_][\w@$!|+€£]{0,60}[^\W_]|[@$!|+€£][\w@$!|+€£]{0,30}[^\W_]|[^\W_]")
# What has digits in it and is no leet: an amount with its unit, a short name with a number, a sum of money, an ordinal;
# four digits in a row are a number, whatever stands around them.
_REAL = re.compile(r"[$€£+]?\d[\d$€£+]*[^\W\d_]{0,3}|[^\W\d_]+\d{1,4}|[@$][^\W\d_]\w*|[^\W\d_]+\+[^\W\d_]+|.*\d{4}.*")
# In a text full of leet a word may end in a sign (cl@!m$, 1nve5+); "!" at the end is a cry all the same.
_WIDE = re.compile(r"[\w@$!|+€£]{0,60}[\w@$|+€£]|(?<!\S)!(?!\S)")
# Words whose every letter has a digit; they are read as words only in a text full of leet.
_SPELLED = (
    "a i is it its as at to too so see set sea sit site seat state tea test tests eat east tie ties taste toast assets"
    " all log lol bag big goes egg gas get got goggles lot lots let tell still steal sell tall ball bill bass boss"
    " best bet bit bite bat base basis life else sale oil"
).split()
_SPELLINGS = (
    str.maketrans("aeiost", "431057"),
    str.maketrans("aeiostbgl", "431057891"),
    str.maketrans("aeiostbgl", "@3!0$+891"),
)
_ALONE = frozenset(word.translate(spelling) for word in _SPELLED for spelling in _SPELLINGS) | {"@", "|"}
_NUMBER = re.compile(r"[$€£+]?\d+[$€£+]?")
_DOMAIN = re.compile(r"\.[^\W\d_]")
DENSE = 0.2  # from this share of words that are clearly leet (m0ney, not 10k or mp3), the whole text is taken for leet
FEWEST = 2  # and from so many of them
LONGEST = 20  # letters of a word; what is longer are several run together, whose digits may be numbers


def without_leet(text: str) -> str:
    """The text with its leet words in letters. In a text full of leet, what looks like an amount (4ll) or is spelled
    with digits alone (70, 175) is read as a word too; other numbers and sums of money stay."""
    if not _SIGN.search(text):
        return text
    tokens = _TOKEN.findall(text)
    strange = [token for token in tokens if not token.isalpha()]
    numbers = sum(map(str.isdigit, strange))
    unreal = [token for token in strange if not token.isdigit() and not _REAL.fullmatch(token)]
    clear = sum(map(str.isascii, unreal))
    if clear >= FEWEST and clear >= DENSE * (len(tokens) - numbers):
        return _WIDE.sub(_any, text)
    return _TOKEN.sub(_clear, text) if unreal else text


def _any(match: re.Match[str]) -> str:
    token = match[0]
    if token.isalpha() or (_NUMBER.fullmatch(token) and token not in _ALONE):
        return token
    return token.translate(_LETTERS)


def _clear(match: re.Match[str]) -> str:
    token = match[0]
    if token.isalpha() or token.isdigit() or len(token) > LONGEST or _REAL.fullmatch(token):
        return token
    if "@" in token and _DOMAIN.match(match.string, match.end()):  # somebody's address
        return token
    return token.translate(_LETTERS)
