"""Taking off what surrounds a request: greetings and politeness before it, thanks after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.cofounder.offline.lexicon import CALLS, FILLERS, GREETINGS, HARD_STOPS, POLITE, TAILS
from bot.cofounder.offline.words import Shape, Word


def _by_first(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by their first word, the longest first."""
    by: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted({tuple(p.split()) for p in phrases}, key=lambda p: (-len(p), p)):
        by.setdefault(phrase[0], []).append(phrase)
    return by


_GREETINGS, _CALLS, _POLITE = _by_first(GREETINGS), _by_first(CALLS), _by_first(POLITE)
_TAILS = _by_first(" ".join(reversed(t.split())) for t in TAILS)


_THANKS = _by_first(" ".join(reversed(t.split())) for t in TAILS if "thank" in t or t in ("please", "for me"))


def _starts(words: Sequence[Word], at: int, phrases: dict[str, list[tuple[str, ...]]]) -> int:
    """Where the longest phrase that stands at `at` ends, or `at`."""
    if at >= len(words):
        return at
    for phrase in phrases.get(words[at].norm, ()):
        i = at
        for part in phrase:
            while i < len(words) and i > at and words[i].norm in FILLERS and words[i].norm != part:
                i += 1
            if i >= len(words) or words[i].norm != part or words[i].quoted:
                break
            i += 1
        else:
            return i
    return at


def after_greeting(words: Sequence[Word]) -> int:
    """The index of the first word after greetings, calls and marks."""
    i = 0
    while i < len(words):
        if words[i].shape is Shape.MARK and words[i].text not in "\"'“„‘«":
            i += 1
            continue
        end = _starts(words, i, _GREETINGS)
        if end > i:
            i = _whom(words, i, end)
            continue
        end = _starts(words, i, _CALLS)
        if end > i and (end == len(words) or (words[end].shape is Shape.MARK and words[end].text in ",.!:;-–—")):
            i = end
            continue
        break
    return i


def _whom(words: Sequence[Word], start: int, end: int) -> int:
    """Past whom a greeting is for: "Hi Ana and Tom, …"."""
    if words[start].norm not in ("hi", "hello", "hey", "dear", "good"):
        return end
    for i in range(end, min(len(words), end + 4)):
        if words[i].shape is Shape.MARK:
            return i if words[i].text in ",!." else end
        if words[i].norm in HARD_STOPS - {"my", "and", "you", "everyone", "everybody"}:
            return end
    return end


def after_politeness(words: Sequence[Word], start: int) -> tuple[int, str]:
    """The index of the first word of the request itself, and the polite words before it."""
    i, polite = start, []
    while i < len(words):
        if words[i].norm in FILLERS and words[i].norm not in ("then",):
            i += 1
            continue
        end = _starts(words, i, _POLITE)
        if end == i or end >= len(words):
            break
        while end < len(words) - 1 and words[end].norm in ("maybe", "perhaps", "possibly"):
            end += 1
        polite.append(" ".join(w.norm for w in words[i:end]))
        i = end
    return i, " ".join(polite)


def without_marks(words: Sequence[Word], start: int, end: int) -> int:
    """The index after the last word that is no mark."""
    while end > start and words[end - 1].shape is Shape.MARK and not words[end - 1].quoted:
        end -= 1
    return end


def without_tail(words: Sequence[Word], start: int = 0, *, only_thanks: bool = False) -> int:
    """The index after the last word that belongs to the request: thanks, pleas and marks at the end do not."""
    end = len(words)
    while end > start:
        last = words[end - 1]
        if last.shape is Shape.MARK and last.text not in "\"'”“’»)'s" and not last.quoted:
            end -= 1
            continue
        for phrase in (_THANKS if only_thanks else _TAILS).get(last.norm, ()) if not last.quoted else ():
            first = end - len(phrase)
            if first >= start and all(words[first + i].norm == p for i, p in enumerate(reversed(phrase))):
                end = first
                break
        else:
            break
    return end
