"""One gateway session: discord.py's client for one shard, whose raw payloads about people come to us.

A plain client per shard is used, not the library's sharded one: after trouble with the network the plain one always
tries to resume its session, where the sharded one begins a new session and loses what was said meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from adapters.discord.library import discord
from adapters.discord.rest import Rest
from adapters.discord.translate import stamp

log = logging.getLogger(__name__)

Json = dict[str, Any]

# What a session tells about people, and what of it needs the library's own reading too (its cache of servers).
_READ_RAW = (
    *("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "INTERACTION_CREATE"),
    *("GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE"),
)
_READ_BY_BOTH = (
    *("READY", "GUILD_CREATE", "GUILD_DELETE", "GUILD_MEMBER_UPDATE"),
    *("CHANNEL_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_UPDATE", "THREAD_MEMBERS_UPDATE"),
)


_STAMPED = ("GUILD_", "CHANNEL_", "THREAD_")


class Receiver(Protocol):
    """Where raw payloads go. Called on the event loop, in order; must not block."""

    def received(self, session: Session, event: str, data: Json, stamp: str) -> None:
        """One payload: `event` as Discord names it; `stamp` (of `_STAMPED` events) is the same when it is replayed."""

    def interrupted(self, guild_id: str) -> None:
        """Discord has an outage on a server: what happens there until it is back is told to nobody."""


class _State(discord.state.ConnectionState["Session"]):
    """The library's cache, fed with what it is for: servers, channels, roles, threads.

    A payload that it cannot read is passed over: it would end the session, and with it what is said meanwhile.
    """

    def __init__(self, session: Session, **options: Any) -> None:
        super().__init__(**options)
        for event, parse in self.parsers.items():
            self.parsers[event] = _guarded(event, parse)
        for event in _READ_RAW:
            self.parsers[event] = _handing_on(session, event, None)
        for event in _READ_BY_BOTH:
            self.parsers[event] = _handing_on(session, event, self.parsers[event])


def _guarded(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def guarded(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:  # of any kind; its text may quote what people wrote
            log.warning("the library could not read %s: %s", event, type(error).__name__)

    return guarded


def _handing_on(session: Session, event: str, parse: Callable[[Any], None] | None) -> Callable[[Any], None]:
    def hand_on(data: Any) -> None:
        if parse is not None:
            parse(data)
        session.hand_on(event, data)

    return hand_on


class Session(discord.Client):
    """A shard's client. `turn` is awaited before each identification, with whether it is the first."""

    def __init__(
        self,
        rest: Rest,
        receiver: Receiver,
        intents: discord.Intents,
        *,
        shard_id: int,
        shard_count: int,
        turn: Callable[[int, bool], Awaitable[None]],
    ) -> None:
        self._rest = rest
        self._receiver = receiver
        self._turn = turn
        self._heard: float | None = None  # time.monotonic()
        self.ready_event = asyncio.Event()
        self.guilds_known = asyncio.Event()
        self.known: set[str] = set()  # ids of the servers that the bot is in
        self._awaited: set[str] = set()  # of those, which Discord has yet to describe
        super().__init__(
            intents=intents,
            shard_id=shard_id,
            shard_count=shard_count,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )

    def _get_state(self, **options: Any) -> Any:
        self.http = self._rest
        return _State(
            self, dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self._rest, **options
        )

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """See the library: Discord limits how fast sessions may begin."""
        await self._turn(shard_id or 0, initial)

    def silence(self) -> float:
        """Seconds since anything was heard, heartbeat acknowledgements included; infinity before the first word."""
        keeper = getattr(self.ws, "_keep_alive", None)
        if keeper is not None:  # ticks in time.perf_counter() at whatever arrives
            self._heard = time.monotonic() - (time.perf_counter() - keeper._last_recv)
        return float("inf") if self._heard is None else time.monotonic() - self._heard

    def hand_on(self, event: str, data: Json) -> None:
        """A payload that concerns us, with what its arrival means for this session."""
        fresh = True
        if event == "READY":
            self._begun({str(guild["id"]) for guild in data["guilds"]})
        elif event == "GUILD_CREATE":
            fresh = self._described(data)
        elif event == "GUILD_DELETE":
            self._awaited.discard(str(data["id"]))
            if data.get("unavailable"):
                self._receiver.interrupted(str(data["id"]))
            fresh = not data.get("unavailable") and str(data["id"]) in self.known
            if fresh:
                self.known.discard(str(data["id"]))
        if not self._awaited:
            self.guilds_known.set()
        if fresh:
            self._receiver.received(self, event, data, self._stamp() if event.startswith(_STAMPED) else "")

    def _begun(self, guilds: set[str]) -> None:
        """A session began. What became of servers since the last one of this process is told as if it had been seen."""
        again = self.ready_event.is_set()
        for gone in sorted(self.known - guilds):
            self._receiver.received(self, "GUILD_DELETE", {"id": gone}, self._stamp())
        self.known = self.known & guilds if again else set(guilds)
        self._awaited = set(guilds)
        self.guilds_known.clear()
        self.ready_event.set()

    def _stamp(self) -> str:
        return stamp(str(self.ws.session_id), self.ws.sequence)

    def _described(self, guild: Json) -> bool:
        """Whether this server is new: not one that was announced at the beginning, nor one back from an outage."""
        guild_id = str(guild["id"])
        self._awaited.discard(guild_id)
        if guild.get("unavailable") or guild_id in self.known:  # during an outage it stays as it was
            return False
        self.known.add(guild_id)
        return True
