"""One websocket of the gateway: hello, identify or resume, heartbeats, compression; closes as the protocol says."""

import asyncio
import json
import zlib
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes import recording
from tests.fakes.discord.model import PRIVILEGED, App
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.gateway import Gateway, Session

_ALL_INTENTS = (1 << 26) - 1
_PER_MINUTE = 120
_OPCODES = {
    1: "heartbeat",
    2: "identify",
    3: "presence update",
    4: "voice state update",
    6: "resume",
    8: "request guild members",
    31: "request soundboard sounds",
}
# Codes with which a client itself ends its session for good.
_ENDING = (1000, 1001)


class _Refused(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """The socket of one client; `path` and `query` are what it asked for."""

    def __init__(self, gateway: "Gateway", request: web.BaseRequest) -> None:
        self.gateway = gateway
        self.request = request
        self.path = request.path
        self.query = dict(request.query)
        self.session: Session | None = None
        self.aborted = False
        self._closing = False
        self._ws = web.WebSocketResponse(timeout=2.0, max_msg_size=0)
        self._out: asyncio.Queue[str | tuple[int, str]] = asyncio.Queue()
        self._deflate = zlib.compressobj() if self.query.get("compress") == "zlib-stream" else None
        self._received: list[float] = []

    # -- sending -------------------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        """A payload, after those already waiting."""
        self._out.put_nowait(text)

    def send(self, payload: Json) -> None:
        """A payload that is not an event."""
        self.put(json.dumps(payload))

    def close(self, code: int, reason: str = "") -> None:
        """Close, after what is waiting was sent."""
        self._out.put_nowait((code, reason))

    def abort(self) -> None:
        """Reset the connection."""
        self.aborted = True
        self._detach()
        if self.request.transport is not None:
            self.request.transport.abort()

    async def run(self) -> web.StreamResponse:
        """Serve until the client or a fault ends it."""
        if self.query.get("v") not in ("10", "9"):
            self.close(4012, "Invalid API version")
        await self._ws.prepare(self.request)
        interval = int(self.gateway.heartbeat_interval * 1000)
        self.send({"op": 10, "t": None, "s": None, "d": {"heartbeat_interval": interval, "_trace": ["fake"]}})
        writer = asyncio.create_task(self._write())
        try:
            async for message in self._ws:
                if message.type is WSMsgType.TEXT:
                    self._read(message.data)
        finally:
            writer.cancel()
            code = self._ws.close_code
            if code is not None and not self.aborted:
                self.gateway.closes.append(code)
            # Only a client's own word ends a session; one whose connection breaks can come back.
            mine = self.session is not None and self.session.connection is self
            if mine and self.session is not None and code in _ENDING and not (self.aborted or self._closing):
                self.gateway.forget(self.session)
            self._detach()
        return self._ws

    async def _write(self) -> None:
        while True:
            one = await self._out.get()
            if self.gateway.delay:
                await asyncio.sleep(self.gateway.delay)
            try:
                if isinstance(one, tuple):
                    self._closing = True
                    await self._ws.close(code=one[0], message=one[1].encode())
                    return
                if self._deflate is None:
                    await self._ws.send_str(one)
                else:
                    await self._ws.send_bytes(
                        self._deflate.compress(one.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    )
            except (ConnectionError, RuntimeError):
                return  # the client is gone; the reading side sees it too

    def _detach(self) -> None:
        if self.session is not None and self.session.connection is self:
            self.session.connection = None
            self.gateway.world.happened()

    # -- receiving -----------------------------------------------------------------------------------------

    def _read(self, text: str) -> None:
        try:
            self._count()
            payload = json.loads(text)
            if not isinstance(payload, dict) or not isinstance(payload.get("op"), int):
                raise _Refused(4002, "Error while decoding payload.")
            recording.note("discord", "GATEWAY", _OPCODES.get(payload["op"], str(payload["op"])), payload)
            self._take(payload["op"], payload.get("d"))
        except ValueError:
            self.close(4002, "Error while decoding payload.")
        except _Refused as refused:
            if self.session is not None and refused.code in (4003, 4004, 4010, 4011, 4012, 4013, 4014):
                self.gateway.forget(self.session)
            self.close(refused.code, refused.reason)

    def _count(self) -> None:
        now = self.gateway.world.clock.now()
        self._received = [at for at in self._received if now - at < 60] + [now]
        if len(self._received) > _PER_MINUTE:
            raise _Refused(4008, "Rate limited.")

    def _take(self, op: int, data: Any) -> None:
        if op == 1:
            self._heartbeat(data)
        elif op == 2:
            self._identify(data)
        elif op == 6:
            self._resume(data)
        elif op not in (3, 4, 8, 31):
            raise _Refused(4001, "Unknown opcode.")
        elif self.session is None:
            raise _Refused(4003, "Not authenticated.")
        elif op == 8:
            self._members(self.session, data)
        elif op == 3:
            self.gateway.presences.append(data)
            self.gateway.world.happened()

    def _heartbeat(self, seq: Any) -> None:
        self.gateway.heartbeats += 1
        if self.session is not None and isinstance(seq, int):
            self.session.received = max(self.session.received, seq)
        if self.gateway.acks:
            self.send({"op": 11, "t": None, "s": None, "d": None})
        self.gateway.world.happened()

    def _app(self, token: Any) -> App:
        text = str(token).removeprefix("Bot ")
        for app in self.gateway.world.apps:
            if app.token == text and not app.revoked:
                return app
        raise _Refused(4004, "Authentication failed.")

    def _identify(self, data: Any) -> None:
        if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
            raise _Refused(4002, "Error while decoding payload.")
        if self.session is not None:
            raise _Refused(4005, "Already authenticated.")
        self.gateway.identifies.append({name: value for name, value in data.items() if name != "token"})
        app = self._app(data.get("token"))
        intents = data.get("intents")
        if not isinstance(intents, int) or isinstance(intents, bool) or intents & ~_ALL_INTENTS:
            raise _Refused(4013, "Invalid intent(s).")
        for name, bit in PRIVILEGED.items():
            if intents & bit and name not in app.privileged:
                raise _Refused(4014, "Disallowed intent(s).")
        shard = data.get("shard", [0, 1])
        if not (isinstance(shard, list) and len(shard) == 2 and all(isinstance(one, int) for one in shard)):
            raise _Refused(4010, "Invalid shard.")
        if not 0 <= shard[0] < shard[1]:
            raise _Refused(4010, "Invalid shard.")
        if app.session_starts <= 0:
            raise _Refused(4008, "Rate limited.")
        if self.gateway.too_soon(app, shard[0]):
            self.send({"op": 9, "d": False})
            return
        app.session_starts -= 1
        session = self.gateway.begin(app, (shard[0], shard[1]), intents)
        self._attach(session)
        self.gateway.welcome(session)
        self.gateway.world.happened()

    def _resume(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise _Refused(4002, "Error while decoding payload.")
        self.gateway.resumes.append({name: value for name, value in data.items() if name != "token"})
        app = self._app(data.get("token"))
        wanted, seq = data.get("session_id"), data.get("seq")
        session = next((one for one in self.gateway.sessions if one.id == wanted and one.app is app), None)
        if session is None or not isinstance(seq, int):
            self.send({"op": 9, "d": False})
            return
        self._attach(session)
        if not session.replay(seq):
            self.gateway.forget(session)
            self._detach()
            self.session = None
            self.send({"op": 9, "d": False})
            return
        session.dispatch("RESUMED", {"_trace": ["fake"]})
        self.gateway.world.happened()

    def _attach(self, session: "Session") -> None:
        old, session.connection = session.connection, self
        self.session = session
        if old is not None:
            old.close(4000, "Resumed elsewhere.")

    def _members(self, session: "Session", data: Any) -> None:
        guild = self.gateway.world.guilds.get(int(data["guild_id"]))
        if guild is None or session.app not in guild.apps:
            return
        ids = data.get("user_ids")
        wanted = {int(one) for one in (ids if isinstance(ids, list) else [ids])} if ids else None
        query, limit = str(data.get("query") or "").lower(), int(data.get("limit") or 0)
        whole = wanted is None and not query and not limit
        found = [
            member
            for member in guild.members.values()
            if (member.user.id in wanted if wanted is not None else member.user.username.startswith(query))
        ]
        if whole and not session.intents & PRIVILEGED["members"]:
            found = []
        found = found[: limit or None]
        pieces = [found[start : start + 1000] for start in range(0, len(found), 1000)] or [[]]
        for index, piece in enumerate(pieces):
            body: Json = {
                "guild_id": str(guild.id),
                "members": [member.json() for member in piece],
                "chunk_index": index,
                "chunk_count": len(pieces),
                "not_found": sorted(str(one) for one in (wanted or set()) - set(guild.members)),
            }
            if data.get("nonce"):
                body["nonce"] = data["nonce"]
            session.dispatch("GUILD_MEMBERS_CHUNK", body)
