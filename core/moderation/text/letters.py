"""Letters as they look: invisible characters gone, piled-up marks gone, styled alphabets and lookalikes made plain."""

from __future__ import annotations

import re
import unicodedata

from core.moderation.text.lookalikes import TABLE

# Flags are pairs of these; three or more in a row, or with spaces between them, are letters of a word.
_INDICATORS = re.compile("[\U0001f1e6-\U0001f1ff](?:[ \u200b-\u200d\ufe0f]*[\U0001f1e6-\U0001f1ff]){2,}")
_INDICATOR_A = 0x1F1E6


def plain(text: str) -> str:
    """The text in plain letters, case kept. ASCII comes back as it is; plain(plain(x)) == plain(x)."""
    if text.isascii():
        return text
    if max(text) >= "\U0001f1e6":
        text = _INDICATORS.sub(_from_indicators, text)
    # Twice: what NFKD takes apart may be a lookalike, and what a lookalike stands for may have had marks (Cyrillic й).
    seen = text.translate(TABLE)
    if seen.isascii() or unicodedata.is_normalized("NFKD", seen):
        return seen  # nothing in the table stands for something else in it
    return unicodedata.normalize("NFKD", seen).translate(TABLE)


def _from_indicators(match: re.Match[str]) -> str:
    return "".join(chr(ord(one) - _INDICATOR_A + ord("a")) if one >= "\U0001f1e6" else one for one in match[0])
