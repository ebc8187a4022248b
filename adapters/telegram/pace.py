"""Not asking for more than Telegram grants, so that a 429 stays the exception.

Telegram: about one message a second in a chat, with short bursts allowed, and 20 a minute in a group; edits count
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). A burst passes at once; after
it a short wait is waited here, and a longer one is told to the caller, who has better things to do meanwhile.

In a direct chat one person's typing sets the pace, and self-hosted servers grant more: there nothing is held back
until Telegram has refused a request, and then for ten minutes.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from adapters.common.bounded import Bounded
from adapters.contract import TooManyRequests

_MOST_CHATS = 2_000
_WARY = 600.0  # seconds for which a direct chat is paced after a refusal
_LONGEST_WAIT = 3.0  # seconds; also the distance of edits in a group that keeps within 20 a minute


class Pace:
    """How fast each chat may be written to: `burst` requests in any `group` seconds in a group.

    In a direct chat, `burst` in any `direct` seconds, but only while it is paced at all.
    """

    def __init__(
        self,
        *,
        burst: int = 20,
        direct: float = 20.0,
        group: float = 60.0,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._burst, self._direct, self._group = burst, direct, group
        self._now, self._sleep = now, sleep
        self._sent: Bounded[str, deque[float]] = Bounded(_MOST_CHATS)
        self._edited: Bounded[str, float] = Bounded(_MOST_CHATS)
        self._blocked: Bounded[str, float] = Bounded(_MOST_CHATS)

    async def wait(self, chat: str, *, edit: bool = False) -> None:
        """Return when one more request may go to the chat. Raises `TooManyRequests` for more than a short wait."""
        group = chat.startswith("-")
        now = self._now()
        sent = self._sent.get(chat) or deque(maxlen=self._burst)
        blocked = self._blocked.get(chat)
        at = max(now, blocked or now)
        paced = group or (blocked is not None and now < blocked + _WARY)
        if paced and len(sent) == self._burst:
            at = max(at, sent[0] + (self._group if group else self._direct))
        if edit and group:
            at = max(at, (self._edited.get(chat) or now - _LONGEST_WAIT) + _LONGEST_WAIT)
        if at - now > _LONGEST_WAIT:
            raise TooManyRequests(at - now, "our own pace for this chat")
        sent.append(at)
        self._sent.put(chat, sent)
        if edit and group:
            self._edited.put(chat, at)
        if at > now:
            await self._sleep(at - now)

    def block(self, chat: str, seconds: float) -> None:
        """The platform asked to leave this chat alone for a while."""
        self._blocked.put(chat, self._now() + seconds)
