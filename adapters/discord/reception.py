"""What the sessions hear, sorted: each payload becomes events for the intake, an interaction, or nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from adapters.common.bounded import Bounded
from adapters.contract import Event, EventKind, Sink
from adapters.discord.gateway import Session
from adapters.discord.history import backfill
from adapters.discord.intake import Intake
from adapters.discord.readers import Readers
from adapters.discord.receive import Interactions
from adapters.discord.rest import Rest
from adapters.discord.translate import (
    Channel,
    Names,
    bot_moved,
    channel_of,
    deleted,
    edited,
    member,
    readers_changed,
    said,
    worth,
)
from adapters.discord.world import World

log = logging.getLogger(__name__)

Json = dict[str, Any]
Reader = Callable[[Json, Channel, Names], Sequence[Event]]

_MOST_MEMBERS = 5_000
_HELD_AT_MOST = 5.0  # seconds that new messages wait for the history behind which they belong
_GUILDS_WITHIN = 30.0  # seconds that Discord may take to describe the servers after a session began
_MEMBERS = {
    "GUILD_MEMBER_ADD": EventKind.JOINED,
    "GUILD_MEMBER_REMOVE": EventKind.LEFT,
    "GUILD_MEMBER_UPDATE": EventKind.ROLES,
}
_MESSAGES: dict[str, Reader] = {
    "MESSAGE_CREATE": said,
    "MESSAGE_UPDATE": edited,
    "MESSAGE_DELETE": deleted,
    "MESSAGE_DELETE_BULK": deleted,
}


class Reception:
    """Implements `gateway.Receiver`."""

    def __init__(
        self, rest: Rest, world: World, sink: Sink, intake: Intake, interactions: Interactions, readers: Readers
    ) -> None:
        self._rest, self._world, self._sink = rest, world, sink
        self._intake, self._interactions, self._readers = intake, interactions, readers
        self._roles: Bounded[tuple[str, str], tuple[str, ...]] = Bounded(_MOST_MEMBERS)
        self._tasks: set[asyncio.Task[None]] = set()
        self.unread = 0  # places whose history could not be read after the last new session

    def received(self, session: Session, event: str, data: Json, stamp: str) -> None:
        """See `Receiver`. A payload that cannot be read is passed over: it would end the session."""
        try:
            self._sort(session, event, data, stamp)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            log.warning("passed over %s (%s): %s", event, ", ".join(sorted(map(str, data))), type(error).__name__)

    def interrupted(self, guild_id: str) -> None:
        """See `Receiver`."""
        self._readers.forget([guild_id])

    async def stop(self) -> None:
        """End what is being fetched."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _sort(self, session: Session, event: str, data: Json, stamp: str) -> None:
        if reader := _MESSAGES.get(event):
            self._message(reader, data)
        elif event == "INTERACTION_CREATE":
            self._interactions.take(data)
        elif kind := _MEMBERS.get(event):
            self._readers.heard(event, data)
            self._member(kind, data, stamp)
        elif event == "CHANNEL_UPDATE":
            if self._readers.changed(data):
                self._intake.put(str(data["id"]), readers_changed(str(data["guild_id"]), stamp, channel_of(data)))
        elif event == "THREAD_MEMBERS_UPDATE":
            thread = self._world.channel(str(data["guild_id"]), str(data["id"]))
            if thread is not None and thread.private:
                self._intake.put(thread.id, readers_changed(str(data["guild_id"]), stamp, thread))
        elif event in ("GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_UPDATE"):
            guild_id = str(data.get("guild_id") or data["id"])
            self._put(guild_id, readers_changed(guild_id, stamp))
        elif event == "GUILD_CREATE":
            guild_id = str(data["id"])
            self._put(guild_id, bot_moved(data, EventKind.BOT_ADDED, self._world.home(guild_id), stamp, self._world))
        elif event == "GUILD_DELETE":
            guild_id = str(data["id"])
            self._put(guild_id, bot_moved(data, EventKind.BOT_REMOVED, self._world.home(guild_id), stamp, self._world))
        elif event == "READY":
            self._readers.forget({str(guild["id"]) for guild in data["guilds"]})
            self._run(self._catch_up(session, self._hold()))

    def _message(self, read: Reader, data: Json) -> None:
        if read in (said, edited) and not worth(data, self._world.me):
            return
        guild_id, channel_id = str(data.get("guild_id") or ""), str(data["channel_id"])
        channel = self._world.channel(guild_id, channel_id) if guild_id else Channel(channel_id, direct=True)
        if channel is not None:
            self._intake.put(channel_id, read(data, channel, self._world))
            return

        async def looked_up() -> Sequence[Event]:
            return read(data, await self._channel(guild_id, channel_id), self._world)

        self._intake.put(channel_id, [looked_up])

    async def _channel(self, guild_id: str, channel_id: str) -> Channel:
        """A channel that the library does not know: a thread that was archived when the session began."""
        payload = await self._rest.call("GET", "/channels/{channel_id}", channel_id=channel_id)
        parent = self._world.channel(guild_id, str(payload.get("parent_id") or ""))
        return channel_of(payload, parent.name if parent else "")

    def _member(self, kind: EventKind, data: Json, stamp: str) -> None:
        whose = (str(data["guild_id"]), str(data["user"]["id"]))
        if kind is EventKind.LEFT:
            self._roles.pop(whose)
        else:
            roles = tuple(sorted(str(role) for role in data.get("roles", ())))
            if kind is EventKind.ROLES and self._roles.get(whose) == roles:
                return  # a new nickname, a picture, a time-out
            self._roles.put(whose, roles)
        self._put(whose[0], member(data, kind, stamp, self._world))

    def _put(self, guild_id: str, events: Sequence[Event]) -> None:
        self._intake.put(guild_id, events)

    def _hold(self) -> Callable[[], None]:
        """Let what arrives now wait for what was missed, though not for long; returns what ends that."""
        self._intake.hold()
        held = True

        def let_go() -> None:
            nonlocal held
            if held:
                held = False
                timer.cancel()
                self._intake.release()

        timer = asyncio.get_running_loop().call_later(_HELD_AT_MOST, let_go)
        return let_go

    async def _catch_up(self, session: Session, let_go: Callable[[], None]) -> None:
        """A session began that continues no other: what was said in between did not come with it."""
        self.unread = 0
        try:
            try:
                async with asyncio.timeout(_GUILDS_WITHIN):
                    await session.guilds_known.wait()
            except TimeoutError:
                log.warning("Discord has not described every server")
            await backfill(
                self._rest,
                self._world,
                self._sink,
                self._intake,
                guilds=frozenset(session.known),
                direct=not session.shard_id,  # the first shard has the direct chats
                unread=self._note_unread,
            )
        except Exception as error:  # whatever the store raises
            log.warning("what was missed could not be fetched: %s", type(error).__name__)
        finally:
            let_go()

    def _note_unread(self) -> None:
        self.unread += 1

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="discord history")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
