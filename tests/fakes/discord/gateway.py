"""The gateway's sessions, the routing of events to them, and what a test can do to their connections."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.discord.connection import Connection
from tests.fakes.discord.model import CONTENT, MEMBERS, App, Message
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.guild import Guild
    from tests.fakes.discord.world import World

# Bits of the intents an event needs, on servers and in direct messages; what is not here needs none.
_GUILDS = 1 << 0
_INTENTS: dict[str, tuple[int, int]] = {
    "MESSAGE_REACTION": (1 << 10, 1 << 13),
    "MESSAGE": (1 << 9, 1 << 12),
    "TYPING": (1 << 11, 1 << 14),
    "GUILD_MEMBER": (MEMBERS, 0),
    "GUILD_BAN": (1 << 2, 0),
    "GUILD_AUDIT": (1 << 2, 0),
    "GUILD": (_GUILDS, 0),
    "CHANNEL": (_GUILDS, _GUILDS),
    "THREAD": (_GUILDS, 0),
}
_KEPT = 10_000


def needed(kind: str, private: bool) -> int:
    """The intent bit that an event needs, 0 for none."""
    for name, (guild, direct) in _INTENTS.items():
        if kind.startswith(name):
            return direct if private else guild
    return 0


class Session:
    """One logged-in shard of a bot. It outlives its connection, and keeps what was sent for a RESUME.

    `log` holds pairs of sequence number and payload text, `told` the pairs of event and body.
    """

    def __init__(self, gateway: "Gateway", session_id: str, app: App, shard: tuple[int, int], intents: int) -> None:
        self.gateway = gateway
        self.id = session_id
        self.app = app
        self.shard = shard
        self.intents = intents
        self.seq = 0
        self.received = 0
        self.log: deque[tuple[int, str]] = deque(maxlen=_KEPT)
        self.told: deque[tuple[str, Json]] = deque(maxlen=_KEPT)
        self.connection: Connection | None = None

    def dispatch(self, kind: str, body: Json) -> None:
        """Send an event, or keep it for the RESUME while no connection is there."""
        if self.gateway.held is not None and kind not in ("READY", "RESUMED"):
            self.gateway.held.append((self, kind, body))
            return
        self.seq += 1
        text = json.dumps({"op": 0, "t": kind, "s": self.seq, "d": body}, separators=(",", ":"))
        self.log.append((self.seq, text))
        self.told.append((kind, body))
        if self.connection is not None:
            self.connection.put(text)

    def replay(self, after: int) -> bool:
        """Send again what came after a sequence number; False when that is not kept any more."""
        if after > self.seq or (self.log and self.log[0][0] > after + 1):
            return False
        for seq, text in self.log:
            if seq > after and self.connection is not None:
                self.connection.put(text)
        return True


class Gateway:
    """All sessions and connections.

    `heartbeats` counts those of clients; `acks` False swallows the answers to them; `delay` in seconds comes before
    each payload; `refusing` answers new connections with 503. An IDENTIFY within `identify_pause` seconds after another
    one of its lane (shard id modulo the application's `max_concurrency`) is answered by op 9. `identifies` and
    `resumes` record what clients sent.
    """

    def __init__(self, world: "World") -> None:
        self.world = world
        self.sessions: list[Session] = []
        self.connections: list[Connection] = []
        self.heartbeat_interval = 41.25
        self.heartbeats = 0
        self.acks = True
        self.delay = 0.0
        self.refusing = False
        self.identify_pause = 0.0
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.closes: list[int] = []
        self.presences: list[Json] = []
        self.held: list[tuple[Session, str, Json]] | None = None
        self._numbers = 0
        self._identified: dict[tuple[int, int], float] = {}

    # -- who is there --------------------------------------------------------------------------------------

    @property
    def connected(self) -> list[Session]:
        """Sessions with a live connection."""
        return [session for session in self.sessions if session.connection is not None]

    def sessions_of(self, app: App, guild_id: int | None) -> list[Session]:
        """The sessions that hear of a server, or (None) of direct messages: shard 0."""
        number = 0 if guild_id is None else guild_id >> 22
        return [one for one in self.sessions if one.app is app and number % one.shard[1] == one.shard[0]]

    def wait_until_connected(self, shards: int = 1, timeout: float = 10.0) -> Awaitable[bool]:
        """Until so many sessions have a connection."""
        return self.world.until(lambda: len(self.connected) >= shards or None, timeout, f"{shards} sessions connected")

    def wait_until_received(self, timeout: float = 5.0) -> Awaitable[bool]:
        """Until every connected client has taken all that was sent: it is asked for a heartbeat, which names the last.

        The library has then handed every event to its handlers; whether those are through only their doings tell.
        """
        for session in self.connected:
            assert session.connection is not None
            session.connection.send({"op": 1, "d": None})

        def caught_up() -> bool | None:
            return all(one.received >= one.seq for one in self.connected) or None

        return self.world.until(caught_up, timeout, "a heartbeat with the last sequence number")

    # -- telling -------------------------------------------------------------------------------------------

    def tell(self, app: App, guild_id: int | None, kind: str, body: Json, *, private: bool = False) -> None:
        """An event for the sessions of a bot that take its kind."""
        bit = needed(kind, private)
        own = kind == "GUILD_MEMBER_UPDATE" and body["user"]["id"] == str(app.id)
        for session in self.sessions_of(app, guild_id):
            if not bit or own or session.intents & bit:
                session.dispatch(kind, body)

    def tell_message(self, app: App, kind: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, without its content where the intent for that is missing.

        An ephemeral message travels like a direct one: by that intent, and without the server it stands on.
        """
        guild = None if message.ephemeral else message.channel.guild
        extra: Json = {}
        if guild is not None:
            extra["guild_id"] = str(guild.id)
            if message.author.id in guild.members:
                extra["member"] = guild.member(message.author).json(with_user=False)
        bit = needed(kind, guild is None)
        for session in self.sessions_of(app, guild.id if guild is not None else None):
            if session.intents & bit:
                hidden = not session.intents & CONTENT and not readable(app, message)
                session.dispatch(kind, message.json(viewer=app.user, hidden=hidden) | extra)

    def redeliver(self, message: Message) -> None:
        """The MESSAGE_CREATE of a message once more, as may happen around a resume."""
        for app in message.channel.apps():
            self.tell_message(app, "MESSAGE_CREATE", message)

    def raw(self, kind: str, body: Json) -> None:
        """An event of any kind and shape, for every session."""
        for session in self.sessions:
            session.dispatch(kind, body)

    def hold(self) -> None:
        """Keep events back until `release`."""
        self.held = []

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held, in order or the other way round."""
        held, self.held = self.held or [], None
        for session, kind, body in reversed(held) if backwards else held:
            session.dispatch(kind, body)

    # -- faults --------------------------------------------------------------------------------------------

    def reconnect(self, shard: int | None = None) -> None:
        """Op 7: go away and resume. All of these are for one shard, or for all."""
        self._each(shard, lambda one: one.send({"op": 7, "d": None}))

    def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Op 9; a session that is not resumable is gone."""
        for session in self._chosen(shard):
            if not resumable:
                self.forget(session)
            if session.connection is not None:
                session.connection.send({"op": 9, "d": resumable})

    def close(self, code: int, shard: int | None = None) -> None:
        """Close the connections with that code; after 4007 and 4009 the sessions are gone too."""
        for session in self._chosen(shard):
            if code in (4007, 4009):
                self.forget(session)
            if session.connection is not None:
                session.connection.close(code)

    def abort(self, shard: int | None = None) -> None:
        """Reset the TCP connections."""
        self._each(shard, lambda one: one.abort())

    def forget_sessions(self) -> None:
        """All sessions are gone from the server's memory: the next RESUME is answered by op 9."""
        for session in self.sessions[:]:
            self.forget(session)

    def forget(self, session: Session) -> None:
        """One session is gone; its connection stays until it is closed."""
        if session in self.sessions:
            self.sessions.remove(session)

    def _chosen(self, shard: int | None) -> list[Session]:
        return [one for one in self.connected if shard in (None, one.shard[0])]

    def _each(self, shard: int | None, act: Callable[[Connection], None]) -> None:
        for session in self._chosen(shard):
            if session.connection is not None:
                act(session.connection)

    # -- the wire ------------------------------------------------------------------------------------------

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One websocket, until it ends."""
        if self.refusing:
            return web.Response(status=503)
        connection = Connection(self, request)
        self.connections.append(connection)
        try:
            return await connection.run()
        finally:
            self.connections.remove(connection)
            self.world.happened()

    def too_soon(self, app: App, shard_id: int) -> bool:
        """Whether an IDENTIFY comes before its turn; one that does not is noted."""
        lane, now = (app.id, shard_id % app.max_concurrency), self.world.clock.now()
        soon = now - self._identified.get(lane, 0.0) < self.identify_pause
        if not soon:
            self._identified[lane] = now
        return soon

    def begin(self, app: App, shard: tuple[int, int], intents: int) -> Session:
        """A new session; those of the same shard that lost their connection are forgotten."""
        for old in self.sessions[:]:
            if old.app is app and old.connection is None and old.shard == shard:
                self.sessions.remove(old)
        self._numbers += 1
        session = Session(self, f"{self._numbers:08x}fakesession{app.id}", app, shard, intents)
        self.sessions.append(session)
        return session

    def welcome(self, session: Session) -> None:
        """READY, then a GUILD_CREATE for each server of the shard."""
        app, (number, count) = session.app, session.shard
        mine: list[Guild] = [
            guild for guild in self.world.guilds.values() if app in guild.apps and (guild.id >> 22) % count == number
        ]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": app.user.json() | {"verified": True, "mfa_enabled": True, "email": None},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": self.world.resume_gateway_url,
                "shard": list(session.shard),
                "application": {"id": str(app.id), "flags": app.flags, "flags_new": str(app.flags)},
                "private_channels": [],
                "relationships": [],
                "presences": [],
                "guild_join_requests": [],
                "user_settings": {},
                "geo_ordered_rtc_regions": [],
                "_trace": ["fake"],
            },
        )
        if session.intents & _GUILDS:
            for guild in mine:
                if guild.available:
                    session.dispatch("GUILD_CREATE", guild.json(session.intents, app))

    async def stop(self) -> None:
        """Every connection is cut; sessions stay."""
        for connection in self.connections[:]:
            connection.abort()
        await asyncio.sleep(0)


def readable(app: App, message: Message) -> bool:
    """What a bot may read without the message content intent: its own, direct messages, and where it is mentioned."""
    return message.author is app.user or message.channel.guild is None or app.user in message.mentions
