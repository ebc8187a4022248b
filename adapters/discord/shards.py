"""The gateway sessions of one bot: begun at Discord's pace, resumed by the library, begun anew where it gives up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from adapters.contract import Transient, Unauthorized
from adapters.discord.gateway import Receiver, Session
from adapters.discord.library import discord
from adapters.discord.report import CONTENT, MEMBERS
from adapters.discord.rest import Rest
from adapters.discord.trouble import Trouble
from adapters.discord.world import World

log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_CANCEL_AGAIN = 1.0
_READY_WITHIN = 60.0  # seconds per shard
_FATAL = {4004: Trouble.TOKEN, 4010: Trouble.SHARDING, 4011: Trouble.SHARDING}


def intents(lacking: Sequence[str]) -> discord.Intents:
    """What we listen to: servers, what is written there and in direct chats, and who comes and goes."""
    wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    wanted.message_content = CONTENT not in lacking
    wanted.members = MEMBERS not in lacking
    return wanted


class Turns:
    """When a session may identify: one in `pause` seconds for each of Discord's `lanes` (max_concurrency)."""

    def __init__(self, lanes: int, pause: float) -> None:
        self._lanes = max(lanes, 1)
        self._pause = pause
        self._locks: dict[int, asyncio.Lock] = {}
        self._last: dict[int, float] = {}

    async def wait(self, shard_id: int, initial: bool) -> None:
        """Return when it is this shard's turn. After a refused session Discord wants a pause in any case."""
        lane = shard_id % self._lanes
        async with self._locks.setdefault(lane, asyncio.Lock()):
            now = asyncio.get_running_loop().time()
            due = now + self._pause if not initial else self._last.get(lane, now - self._pause) + self._pause
            await asyncio.sleep(max(due - now, 0.0))
            self._last[lane] = asyncio.get_running_loop().time()


class Shards:
    """All sessions of this process. `lacking` names the privileged intents that the bot goes without."""

    def __init__(
        self,
        rest: Rest,
        world: World,
        receiver: Receiver,
        *,
        ids: Sequence[int],
        count: int,
        turns: Turns,
        lacking: Sequence[str],
    ) -> None:
        self._rest, self._world, self._receiver = rest, world, receiver
        self._ids, self._count, self._turns = tuple(ids), count, turns
        self.lacking = list(lacking)
        self.trouble = Trouble.NONE
        self._sessions: dict[int, Session] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Condition()

    async def start(self) -> None:
        """Return when every shard is ready. Raises `Unauthorized` or `Transient`."""
        self._tasks = [asyncio.create_task(self._keep(shard), name=f"discord shard {shard}") for shard in self._ids]
        waiting = asyncio.create_task(self._all_ready())
        try:
            await asyncio.wait(
                [waiting, *self._tasks],
                timeout=_READY_WITHIN * len(self._ids),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not waiting.done() or self.trouble is not Trouble.NONE:
                if self.trouble is Trouble.TOKEN:
                    raise Unauthorized("the gateway refused the token")
                raise Transient(f"the gateway did not become ready. {self.trouble}".strip(), maybe_done=False)
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

    async def stop(self) -> None:
        """Close every session for good."""
        await asyncio.gather(*(session.close() for session in self._sessions.values()), return_exceptions=True)
        pending = set(self._tasks)
        while pending:  # more than once: asyncio.wait_for of Python 3.11, which the library uses, can swallow a cancel
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=_CANCEL_AGAIN)

    def silence(self) -> float:
        """Seconds since the quietest shard was heard."""
        if len(self._sessions) < len(self._ids):
            return float("inf")
        return max(session.silence() for session in self._sessions.values())

    async def _all_ready(self) -> None:
        async with self._changed:
            await self._changed.wait_for(
                lambda: (
                    self.trouble is not Trouble.NONE
                    or all(
                        shard in self._sessions and self._sessions[shard].ready_event.is_set() for shard in self._ids
                    )
                )
            )

    async def _keep(self, shard: int) -> None:
        """Keep one shard listening until stopped or refused for good."""
        pause = _FIRST_PAUSE
        while True:
            session = Session(
                self._rest,
                self._receiver,
                intents(self.lacking),
                shard_id=shard,
                shard_count=self._count,
                turn=self._turns.wait,
            )
            await self._replace(shard, session)
            announce = asyncio.create_task(self._announce(session))
            try:
                async with session:
                    await session.connect()
                return  # closed by ourselves
            except discord.PrivilegedIntentsRequired:
                if self.lacking == [CONTENT, MEMBERS]:
                    await self._stand(Trouble.REFUSED, "4014")
                    return
                self.lacking = [CONTENT, MEMBERS]
                log.warning("Discord refuses privileged intents, so the bot goes on without them")
                continue
            except discord.ConnectionClosed as error:
                if error.code in _FATAL or 4010 <= (error.code or 0) <= 4014:
                    await self._stand(_FATAL.get(error.code, Trouble.REFUSED), str(error.code))
                    return
                await self._note(f"closed with {error.code}")
            except Exception as error:  # of any kind: a session that dies quietly is a deaf bot
                await self._note(type(error).__name__)
            finally:
                announce.cancel()
                await asyncio.gather(announce, return_exceptions=True)
            pause = _FIRST_PAUSE if session.ready_event.is_set() else min(2 * pause, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _replace(self, shard: int, session: Session) -> None:
        self._sessions[shard] = session
        self._world.sessions = list(self._sessions.values())

    async def _announce(self, session: Session) -> None:
        await session.ready_event.wait()
        async with self._changed:
            self.trouble = Trouble.NONE
            self._changed.notify_all()

    async def _stand(self, trouble: Trouble, detail: str) -> None:
        log.error("%s (%s)", trouble, detail)
        async with self._changed:
            self.trouble = trouble
            self._changed.notify_all()

    async def _note(self, detail: str) -> None:
        """Trouble that may pass: the session is tried again."""
        log.warning("a session with Discord's gateway ended: %s", detail)
        async with self._changed:
            if not self._world.sessions or not any(s.ready_event.is_set() for s in self._world.sessions):
                self.trouble = Trouble.UNREACHABLE
            self._changed.notify_all()
