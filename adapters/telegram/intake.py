"""From raw updates to stored events: the same promise for polling and for the webhook."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from adapters.common.bounded import Bounded
from adapters.common.text import legible
from adapters.contract import Event, EventKind, Sink
from adapters.telegram.rights import BAN, DELETE, RIGHTS
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
        self._short_of: Bounded[str, str] = Bounded(_MOST_GROUPS)  # by group: what we lack there

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

    def lacking(self) -> list[str]:
        """What the bot lacks in the groups that it was told of so far, one sentence each."""
        return self._short_of.values()

    def _note_rights(self, change: Any) -> None:
        chat, member = change["chat"], change["new_chat_member"]
        if chat["type"] not in ("group", "supergroup"):
            return
        title, missing = legible(str(chat.get("title") or chat["id"])), [n for n in (DELETE, BAN) if not member.get(n)]
        if member["status"] in ("member", "restricted"):
            said = (
                f"In “{title}” the bot is an ordinary member. As an administrator of the group it would see who comes "
                "and goes, and could moderate."
            )
        elif member["status"] == "administrator" and missing:
            said = f"In “{title}” the bot lacks {' and '.join(f'the right “{RIGHTS[name]}”' for name in missing)}."
        else:
            self._short_of.pop(str(chat["id"]))
            return
        self._short_of.put(str(chat["id"]), said)

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
