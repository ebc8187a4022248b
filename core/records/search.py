"""Full text: the words of a query, the expression for each engine, and a rank from the visible set alone. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from core.people.people import fold

PLACES = 256  # Nexuses that are named to the index
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    "a an and any anybody anyone are as at be by can could do does for from good has have help i in is it know "
    "knows me my need of on or our people please somebody someone that the their them there this to us we what "
    "where which who whom with you your about find looking want would like".split()
)


class Words(Protocol):
    """What can be ranked: something with words and an age (ids sort by time)."""

    @property
    def id(self) -> int:
        """Row id."""

    @property
    def body(self) -> str:
        """The words."""


T = TypeVar("T", bound=Words)


def query_words(query: str) -> list[str]:
    """The words that carry meaning, folded; all of them if none does."""
    every = _WORD.findall(fold(query))[:24]
    return [w for w in every if w not in _STOP] or every


def expression(words: Sequence[str], *, postgres: bool, places: Sequence[str] = ()) -> str:
    """Any of the words, each also as a beginning: ranking sorts out the rest. On SQLite only what is in `places`."""
    if postgres:
        return " | ".join(f"{w}:*" for w in words)
    wanted = " OR ".join(f'"{w}" OR "{w}"*' for w in words)
    return f"body : ({wanted}) AND place : ({' OR '.join(places)})" if places else f"body : ({wanted})"


def placed(nexus_id: int, author_id: int) -> str:
    """Where a record is and whose it is, as the index of SQLite has it: words that `expression` can ask for."""
    return f"{in_nexus(nexus_id)} {by_author(author_id)}"


def in_nexus(nexus_id: int) -> str:
    """The word in the index for what is in a Nexus."""
    return f"n{nexus_id}"


def by_author(author_id: int) -> str:
    """The word in the index for what somebody wrote."""
    return f"a{author_id}"


def searchable(body: str) -> str:
    """The words of a record as they are indexed: the same on both engines, without case, accents and punctuation."""
    return " ".join(_WORD.findall(fold(body)))


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ers", "er", "ors", "or", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _holds(body: set[str], stem: str) -> bool:
    return stem in body or any(w.startswith(stem) for w in body if len(stem) >= 3)


def holds_all(words: Sequence[str], body: str) -> bool:
    """Whether every one of the words is in there, in whatever form."""
    found = {_stem(w) for w in _WORD.findall(fold(body))}
    return all(_holds(found, _stem(w)) for w in words)


def stems(words: Sequence[str]) -> list[str]:
    """The words without their endings, each once, in order: what two questions about the same have in common."""
    return sorted({_stem(w) for w in words})


def rank(words: Sequence[str], found: Sequence[T], *, strict: bool = False) -> list[T]:
    """Best first: rare words among `found` weigh more, then the newer one.

    With `strict` only those that hold the most of the words, and at least half of them.
    """
    wanted = {_stem(w) for w in words}
    if not wanted or not found:
        return []
    bodies = [{_stem(w) for w in _WORD.findall(fold(thing.body))} for thing in found]

    hits = [{stem for stem in wanted if _holds(body, stem)} for body in bodies]
    weight = {stem: math.log(1 + len(found) / (1 + sum(stem in h for h in hits))) for stem in wanted}
    scored = [(sum(weight[s] for s in hit), len(hit), thing) for hit, thing in zip(hits, found, strict=True) if hit]
    scored.sort(key=lambda entry: (-entry[0], -entry[2].id))
    if strict:
        most = max((count for _, count, _ in scored), default=0)
        return [thing for _, count, thing in scored if count == most and count * 2 >= len(wanted)]
    return [thing for _, _, thing in scored]
