"""Words whose letters are set apart (f r e e, f.r.e.e, f_r_e_e), put together again."""

from __future__ import annotations

import re

# Three single letters or more, each parted by the same one to three spaces or marks. A digit may stand for a letter
# inside, not at the end, where it is more often a number that follows.
_RUN = re.compile(
    r"(?<![^\W_])[^\W_](?P<gap>[ .\-_*~·|/\\,]{1,3})[^\W_](?:(?P=gap)[^\W_]){0,60}(?P=gap)[^\W\d_](?![^\W_])"
)
_BETWEEN_WORDS = re.compile(r"[ \t]{2,}|\n")
SHARE = 0.8  # a text is spaced out as a whole when so many of its pieces are single characters
FEWEST = 6  # and when it has at least so many pieces


def joined(text: str) -> tuple[str, bool]:
    """The text with spaced-out words put together, and whether words may have run into each other by that: words
    parted by two spaces or more stay two words, words parted by one cannot be told from their letters."""
    pieces = text.split(" ")
    single = sum(map((1).__ge__, map(len, pieces)))
    if single < 3:
        return (_RUN.sub(_without_gaps, text) if any(mark in text for mark in "._-*~/") else text), False
    if len(pieces) >= FEWEST and single >= SHARE * len(pieces):
        words = _BETWEEN_WORDS.split(text.strip())
        close = " ".join("".join(word.split(" ")) for word in words)
        return _RUN.sub(_without_gaps, close), len(words) == 1
    close = _RUN.sub(_without_gaps, text)
    return close, close != text


def _without_gaps(match: re.Match[str]) -> str:
    if sum(one.isdigit() for one in match[0]) > 2:  # numbers and addresses (1 2 3 4, 10.0.0.1) stay
        return match[0]
    return match[0].replace(match["gap"], "")
