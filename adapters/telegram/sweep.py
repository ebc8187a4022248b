"""Messages deleted by the hundred, where one that Telegram will not delete makes it refuse the whole hundred."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from adapters.telegram.refusals import Refused

_MOST = 100  # messages a request
_ENOUGH = 3  # refused one after the other: then it is their age, and all that are older are refused as well
_GONE = ("message to delete not found", "message_id_invalid")
_REFUSED = ("can't be deleted", "message_delete_forbidden")

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]


class Sweep:
    """Deletes in one chat, newest first: a message's id tells its age, since they are counted up.

    A refused lot is halved, so that a few old messages cost a few requests and not one for each. `left` are those
    that are still there. What is not there to be deleted is skipped by Telegram.
    """

    def __init__(self, call: Call, chat: int) -> None:
        self._call = call
        self._chat = chat
        self._in_a_row = 0
        self.left: list[int] = []

    async def delete(self, message_ids: Sequence[int]) -> None:
        """May be repeated. Raises `Refused` for what is not about a single message."""
        newest_first = sorted(set(message_ids), reverse=True)
        for start in range(0, len(newest_first), _MOST):
            await self._lot(newest_first[start : start + _MOST])

    async def _lot(self, ids: Sequence[int]) -> None:
        if self._in_a_row < _ENOUGH and await self._gone(ids):
            self._in_a_row = 0
        elif self._in_a_row >= _ENOUGH or len(ids) == 1:
            self._in_a_row += 1
            self.left += ids
        else:
            half = len(ids) // 2
            await self._lot(ids[:half])
            await self._lot(ids[half:])

    async def _gone(self, ids: Sequence[int]) -> bool:
        try:
            await self._call("deleteMessages", {"chat_id": self._chat, "message_ids": list(ids)})
        except Refused as error:
            if error.says(*_REFUSED):
                return False
            if not error.says(*_GONE):
                raise
        return True
