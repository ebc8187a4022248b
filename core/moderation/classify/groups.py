"""From a word to its groups: the lists of `topics` and `manners` as two tables, looked up once per word."""

from __future__ import annotations

from collections.abc import Mapping

from core.moderation.classify import manners, topics
from core.moderation.text.letters import plain
from core.moderation.text.reading import folded

MARK = "*"  # a word of the lists that ends in it stands for all that begin so


class Groups:
    """Groups by word: whole words first, then the longest beginning."""

    def __init__(self, written: Mapping[str, str]) -> None:
        self._whole: dict[str, str] = {}
        self._begun: dict[str, str] = {}
        for group, words in written.items():
            for word in words.split():
                key = folded(plain(word.rstrip(MARK)))
                (self._begun if word.endswith(MARK) else self._whole).setdefault(key, group)
        self._lengths = sorted({len(word) for word in self._begun}, reverse=True)

    def of(self, word: str) -> str:
        """The group of a word in folded small letters, or "" """
        if found := self._whole.get(word):
            return found
        for length in self._lengths:
            if length <= len(word) and (found := self._begun.get(word[:length])):
                return found
        return ""

    def begins(self, word: str) -> bool:
        """Whether the lists have words that begin so, or this very word."""
        return word in self._begun or word in self._whole


TOPICS = Groups(topics.WRITTEN)
MANNERS = Groups(manners.WRITTEN)
