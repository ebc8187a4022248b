"""Finding out whether something was said already: each message carries its outbox key and part in its metadata.

Asked when an earlier attempt may have been carried out (a 5xx, a connection lost), and for what an earlier process
may have sent just before it died: during the first minutes after a start, for answers to what was asked before it. What
an earlier process said in a place is all there at the first look, so for its sake each place is looked at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from adapters.common.bounded import Bounded
from adapters.contract import Address, DeliveryError, Transient
from adapters.slack.compose import Json
from adapters.slack.refusals import Refused
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

EVENT_TYPE = "nexus_reply"
_AFTER_START = 2 * 60 * 1000  # milliseconds for which an earlier process is thought of
_LOOK_BACK = 24 * 60 * 60  # seconds
_PAGE, _MOST_PAGES = 100, 3
_REMEMBERED = 5_000
_MOST_PLACES = 500

Parts = dict[int, str]  # message ids by part


def metadata(key: str, part: int) -> Json:
    """What a message of ours says of itself to us."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key, "part": part}}


class Reconciler:
    """Knows which keys are in doubt, and looks for their messages."""

    def __init__(self, workspaces: Workspaces, clock: Callable[[], int]) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._started = clock()
        self._started_there = time.time()  # Slack's timestamps are of the world's clock
        self._doubtful: Bounded[str, bool] = Bounded(_REMEMBERED)  # by key: whether it may have been said
        self._before: Bounded[tuple[str, str, str], dict[str, Parts]] = Bounded(_MOST_PLACES)

    def note(self, key: str, trouble: DeliveryError) -> None:
        """An attempt failed."""
        doubt = isinstance(trouble, Transient) and trouble.maybe_done
        self._doubtful.put(key, doubt or bool(self._doubtful.get(key)))

    def settled(self, key: str) -> None:
        """It was said."""
        self._doubtful.put(key, False)

    def _after_start(self, to: Address) -> bool:
        """Whether an earlier process may have answered what this answers."""
        if self._clock() - self._started >= _AFTER_START:
            return False
        try:
            return float(to.reply_to or 0) < self._started_there
        except ValueError:
            return True

    async def look(self, at: Workspace, channel: str, thread: str, to: Address, key: str) -> Parts:
        """The parts of a key that were said already: their message ids by part. Raises `Refused` and `Lost`."""
        tried = self._doubtful.get(key)  # by this process
        if tried or (tried is None and self._after_start(to)):
            place = (at.me.team, channel, thread)
            known = None if tried else self._before.get(place)
            if known is None:
                known = await self._said(at, channel, thread)
                if known is None:
                    return {}
                self._before.put(place, known)
            return known.get(key, {})
        return {}

    async def _said(self, at: Workspace, channel: str, thread: str) -> dict[str, Parts] | None:
        """What we said in a place lately, by key; None where that cannot be known."""
        method = "conversations.replies" if thread else "conversations.history"
        where: Json = {"channel": channel, "limit": _PAGE, "include_all_metadata": True}
        where["oldest"] = f"{max(time.time() - _LOOK_BACK, 0):.6f}"
        if thread:
            where["ts"] = thread
        found: dict[str, Parts] = {}
        try:
            for _ in range(_MOST_PAGES):
                answer = await self._workspaces.call(at, method, **where)
                for message in answer.get("messages") or ():
                    if (ours := _ours(message, at)) is not None:
                        key, part = ours
                        found.setdefault(key, {})[part] = str(message["ts"])
                cursor = (answer.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    break
                where["cursor"] = cursor
        except Refused as error:
            if error.passing:
                raise
            log.debug("what was said before is not known: %s", error)  # no membership, or no scope: say it
            return None
        return found


def _ours(message: Json, at: Workspace) -> tuple[str, int] | None:
    """The key and part of a message of ours."""
    meta = message.get("metadata") or {}
    payload = meta.get("event_payload") or {}
    own = message.get("user") == at.me.user or (at.me.bot and message.get("bot_id") == at.me.bot)
    if not own or meta.get("event_type") != EVENT_TYPE or not payload.get("key"):
        return None
    return str(payload["key"]), int(payload.get("part") or 0)
