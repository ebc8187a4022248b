"""From raw updates to stored events: the same promise for polling and for the webhook."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from adapters.common.bounded import Bounded
from adapters.contract import Event, EventKind, Sink
from adapters.telegram.translate import Me, translate

log = logging.getLogger(__name__)

_MOST_REMEMBERED = 2_000
_MOST_GROUPS = 50
_SAME_CHANGE_WITHIN = 60_000  # milliseconds

_Whose = tuple[str, str]  # place and account
_Change = tuple[EventKind, int]  # what happened, and when (milliseconds)


class Intake:
    """Turns updates into events and has them stored, one batch at a time, in order of arrival."""

    def __init__(self, sink: Sink, me: Me) -> None:
        self._sink = sink
        self._me = me
        self._lock = asyncio.Lock()
        self._presence: Bounded[_Whose, _Change] = Bounded(_MOST_REMEMBERED)
        self._plain_member: Bounded[str, str] = Bounded(_MOST_GROUPS)

    async def take(self, updates: Sequence[Any]) -> None:
        """Return when everything in these updates is stored; raises what the sink raises.

        An update that cannot be read is logged by its id and keys alone and passed over, or it would be delivered
        for ever.
        """
        async with self._lock:
            events: list[Event] = []
            presence: dict[_Whose, _Change] = {}
            for update in updates:
                try:
                    found = translate(update, self._me)
                    if "my_chat_member" in update:
                        self._note_rights(update["my_chat_member"])
                except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                    log.warning("passed over %s: %s", _outline(update), type(error).__name__)
                    continue
                events.extend(event for event in found if not self._again(event, presence))
            if events:
                await self._sink.record(events)
            for whose, change in presence.items():
                self._presence.put(whose, change)

    def groups_without_rights(self) -> list[str]:
        """Names of the groups seen so far in which the bot is an ordinary member."""
        return self._plain_member.values()

    def _note_rights(self, change: Any) -> None:
        chat, status = change["chat"], change["new_chat_member"]["status"]
        if chat["type"] in ("group", "supergroup") and status in ("member", "restricted"):
            self._plain_member.put(str(chat["id"]), str(chat.get("title") or chat["id"]))
        else:
            self._plain_member.pop(str(chat["id"]))

    def _again(self, event: Event, presence: dict[_Whose, _Change]) -> bool:
        """An administrator bot is told of every coming and going twice: by a service message and by `chat_member`.

        `presence` collects what this batch adds; it counts only once the batch is stored.
        """
        if event.kind not in (EventKind.JOINED, EventKind.LEFT):
            return False
        key = (event.place.id, event.account.id)
        kind, at = presence.get(key) or self._presence.get(key) or (None, 0)
        if kind is event.kind and abs(event.sent_at - at) < _SAME_CHANGE_WITHIN:
            return True
        presence[key] = (event.kind, event.sent_at)
        return False


def _outline(update: Any) -> str:
    """An update without a word of what people wrote: its id, and the names of what it holds."""
    if not isinstance(update, dict):
        return f"an update that is a {type(update).__name__}"
    kinds = sorted(str(key) for key in update if key != "update_id")
    inside = sorted({str(name) for value in update.values() if isinstance(value, dict) for name in value})
    return f"update {update.get('update_id')!r:.24} ({', '.join(kinds)}: {', '.join(inside)})"
