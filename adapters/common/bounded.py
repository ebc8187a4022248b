"""A memory that forgets the longest untouched entry when it is full."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Like a dict of at most `most` entries."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What is remembered under the key."""
        return self._kept.get(key)

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def put(self, key: K, value: V) -> None:
        """Remember, and forget the oldest if there are too many."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def pop(self, key: K) -> V | None:
        """Forget and return."""
        return self._kept.pop(key, None)

    def values(self) -> list[V]:
        """Everything remembered, oldest first."""
        return list(self._kept.values())
