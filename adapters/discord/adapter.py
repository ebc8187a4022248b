"""Discord as the bot sees it: one instance per bot token, with all or some of its shards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from adapters.common.bounded import Bounded
from adapters.common.clock import system_clock
from adapters.contract import (
    Act,
    Address,
    Attachment,
    Capabilities,
    DeliveryError,
    Did,
    Event,
    Gone,
    Health,
    MenuEntry,
    NotPermitted,
    Reply,
    Sent,
    Sink,
    Transient,
    Written,
)
from adapters.discord import report
from adapters.discord.compose import MESSAGE_LIMIT
from adapters.discord.deliver import Deliverer
from adapters.discord.exchange import Exchanges
from adapters.discord.intake import Intake
from adapters.discord.library import discord
from adapters.discord.menu import Menu
from adapters.discord.permissions import MODERATING, NEEDED
from adapters.discord.powers import ALL, Powers
from adapters.discord.publish import publish
from adapters.discord.readers import Readers
from adapters.discord.receive import Interactions
from adapters.discord.recent import Recent
from adapters.discord.reception import Reception
from adapters.discord.rest import Rest
from adapters.discord.shards import Shards, Turns
from adapters.discord.trouble import Trouble
from adapters.discord.world import World

log = logging.getLogger(__name__)

_ALIVE_WITHIN = 90.0  # seconds of silence; Discord acknowledges a heartbeat every 41
_IDENTIFY_PAUSE = 5.0  # seconds between two sessions, and after a refused one
_DOWNLOAD_LIMIT = 25 * 1024 * 1024  # bytes of a file that we fetch
_MOST_NOTED = 50


class DiscordAdapter:
    """Implements `adapters.contract.Adapter`.

    `api_base` and `gateway_url` are "" for Discord's own. Without `shard_count` there are as many shards as Discord
    recommends, or as `shard_ids` needs; those are the ones that are here (all, if None). `clock` gives milliseconds
    since the epoch. `identify_pause` is in seconds.
    """

    def __init__(
        self,
        token: str,
        *,
        api_base: str = "",
        gateway_url: str = "",
        shard_count: int | None = None,
        shard_ids: Sequence[int] | None = None,
        clock: Callable[[], int] = system_clock,
        identify_pause: float = _IDENTIFY_PAUSE,
    ) -> None:
        self._token = token.strip()
        self._addresses = (api_base, gateway_url)
        self._shard_count, self._shard_ids = shard_count, shard_ids
        self._clock = clock
        self._identify_pause = identify_pause
        self._world = World()
        self._exchanges = Exchanges()
        self._application: dict[str, Any] = {}
        self._user: dict[str, Any] = {}
        self._lacking: list[str] = []  # privileged intents
        self._refused: Bounded[str, str] = Bounded(_MOST_NOTED)
        self._menu_trouble = ""
        self._rest: Rest | None = None
        self._intake: Intake | None = None
        self._interactions: Interactions | None = None
        self._readers: Readers | None = None
        self._reception: Reception | None = None
        self._shards: Shards | None = None
        self._deliverer: Deliverer | None = None
        self._powers: Powers | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """ "discord"."""
        return "discord"

    @property
    def capabilities(self) -> Capabilities:
        """Lengths in UTF-16 units. A resend is dropped by its nonce, except for answers by an interaction."""
        return Capabilities(
            private_in_group=True,
            sees_deletions=True,
            idempotent_send=True,
            native_commands=True,
            forms=True,
            roles=True,
            readers=True,
            history=True,
            follows=False,
            max_length=MESSAGE_LIMIT,
            edit_interval=1.2,
            powers=ALL,
        )

    # -- beginning and end -----------------------------------------------------------------------------------

    async def start(self, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        """See `Adapter.start`. Privileged intents that the application does not have are done without."""
        try:
            rest = await self._log_in()
            commands = Menu(menu)
            self._menu_trouble = await publish(rest, str(self._application["id"]), commands)
            self._intake = intake = Intake(sink)
            self._interactions = interactions = Interactions(
                rest, self._world, commands, sink, intake, self._exchanges, self._clock
            )
            self._readers = readers = Readers(rest, self._world, self._clock)
            self._reception = Reception(rest, self._world, sink, intake, interactions, readers)
            self._deliverer = Deliverer(rest, self._world, self._exchanges, self._clock)
            self._powers = Powers(rest, self._world, self._clock)
            count, lanes = await self._sharding(rest)
            self._shards = Shards(
                rest,
                self._world,
                self._reception,
                ids=range(count) if self._shard_ids is None else self._shard_ids,
                count=count,
                turns=Turns(lanes, self._identify_pause),
                lacking=self._lacking,
            )
            await self._shards.start()
        except BaseException:
            await self.stop()
            raise

    async def _log_in(self) -> Rest:
        self._rest = rest = Rest(self._addresses[0])
        self._user, self._application = await rest.log_in(self._token)
        self._world.account_id = str(self._user["id"])
        self._lacking = report.lacking_intents(int(self._application.get("flags") or 0))
        return rest

    async def _sharding(self, rest: Rest) -> tuple[int, int]:
        """How many shards there are, and how many may identify side by side."""
        answer = await rest.call("GET", "/gateway/bot")
        rest.lead_to(self._addresses[1] or str(answer["url"]))
        # Shards that are asked for by number exist, whatever Discord recommends.
        count = self._shard_count or max(int(answer["shards"]), *(shard + 1 for shard in self._shard_ids or (0,)))
        return count, int(answer.get("session_start_limit", {}).get("max_concurrency") or 1)

    async def stop(self) -> None:
        """See `Adapter.stop`."""
        shards, self._shards = self._shards, None
        if shards is not None:
            await shards.stop()
        if self._reception is not None:
            await self._reception.stop()
        if self._interactions is not None:
            await self._interactions.stop()
        if self._intake is not None:
            await self._intake.stop()
        await asyncio.gather(*self._closing, return_exceptions=True)
        rest, self._rest = self._rest, None
        if rest is not None:
            await rest.shut()

    # -- replies ---------------------------------------------------------------------------------------------

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        """See `Adapter.send`. A repeated key goes on where the last call stopped, as long as this process lives."""
        try:
            sent = await self._out().send(to, reply, key)
        except NotPermitted as error:
            self._note_refusal(to, error)
            raise
        if not to.private and not to.respond:
            self._refused.pop(to.thread or to.place_id)
        return sent

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """See `Adapter.edit`."""
        try:
            return await self._out().edit(to, sent, reply)
        except NotPermitted as error:
            self._note_refusal(to, error)
            raise

    def _out(self) -> Deliverer:
        if self._deliverer is None or self._rest is None:
            raise Transient("not connected to Discord", maybe_done=False)
        return self._deliverer

    def _note_refusal(self, to: Address, error: NotPermitted) -> None:
        channel = self._world.channel(to.workspace, to.thread or to.place_id)
        name = f"#{channel.name}" if channel else f"the channel {to.thread or to.place_id}"
        server = self._world.server(to.workspace)
        self._refused.put(to.thread or to.place_id, report.refused(name, server, str(error)))

    async def typing(self, to: Address) -> None:
        """See `Adapter.typing`."""
        try:
            await self._out().typing(to)
        except DeliveryError as error:
            log.debug("typing was not shown: %s", error)

    async def answer_press(self, event: Event, notice: str = "") -> None:
        """See `Adapter.answer_press`. The press itself was acknowledged when it arrived."""
        if not notice:
            return
        try:
            await self._out().whisper(event.respond, notice)
        except DeliveryError as error:
            log.debug("a press was not answered: %s", error)

    def turn_done(self, event_id: str) -> None:
        """A command that was given no answer does not go on "thinking"."""
        exchange = self._exchanges.known(event_id)
        if exchange is None or self._deliverer is None:
            return
        task = asyncio.get_running_loop().create_task(self._settle(event_id), name="discord settle")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _settle(self, event_id: str) -> None:
        exchange = self._exchanges.known(event_id)
        try:
            if exchange is not None:
                await self._out().answers.settle(exchange)
        except DeliveryError as error:
            log.debug("a waiting answer was not taken away: %s", error)

    def reaches(self, account_id: str) -> bool:
        """Always: Discord keeps a message until its reader comes."""
        return True

    def invite_link(self, code: str) -> str:
        """ "": Discord has no link that opens a direct chat with words in it."""
        return ""

    def join_link(self) -> str:
        """See `Adapter.join_link`: asks for what `permissions` says that talk and moderation need."""
        if not self._application:
            return ""
        return discord.utils.oauth_url(
            str(self._application["id"]), permissions=NEEDED | MODERATING, scopes=("bot", "applications.commands")
        )

    async def fetch(self, attachment: Attachment) -> bytes:
        """See `Adapter.fetch`. Files above 25 MB are not fetched."""
        if attachment.size > _DOWNLOAD_LIMIT:
            raise Gone("only files of at most 25 MB are fetched, and this one is larger")
        if self._rest is None:
            raise Transient("not connected to Discord", maybe_done=False)
        return await self._rest.download(attachment.reference, _DOWNLOAD_LIMIT)

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """The roles that people can be given in a server: id and name, the highest first. [] for no server of ours."""
        return self._world.roles(workspace)

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """See `Adapter.readers`; None without the members intent."""
        if self._readers is None or self._shards is None or report.MEMBERS in self._shards.lacking:
            return None
        return await self._readers.of(workspace, place_id, most)

    # -- moderation ------------------------------------------------------------------------------------------

    async def before(self, act: Act) -> dict[str, str]:
        """See `Adapter.before`, and `Powers.before` for what it says."""
        return await self._mighty().before(act)

    async def act(self, act: Act) -> Did:
        """See `Adapter.act`."""
        return await self._mighty().act(act)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """See `Adapter.written`: of one account, what is among the newest 2,000 messages."""
        return await self._mighty().written(workspace, place_id, most, account_id, thread)

    async def recent(self, workspace: str, place_id: str, since: int, most: int) -> list[Event] | None:
        """See `Adapter.recent`."""
        if self._rest is None:
            raise Transient("not connected to Discord", maybe_done=False)
        return await Recent(self._rest, self._world, workspace).of(place_id, since, most)

    def _mighty(self) -> Powers:
        if self._powers is None or self._rest is None:
            raise Transient("not connected to Discord", maybe_done=False)
        return self._powers

    # -- how it is -------------------------------------------------------------------------------------------

    def health(self) -> Health:
        """See `Adapter.health`: by the shard that was silent for longest."""
        trouble = self._trouble()
        silence = self._shards.silence() if self._shards is not None else float("inf")
        progress = 0 if silence == float("inf") else self._clock() - round(silence * 1000)
        return Health(silence < _ALIVE_WITHIN and trouble is not Trouble.TOKEN, progress, trouble)

    async def look(self) -> tuple[str, list[str]]:
        """See `Adapter.look`."""
        try:
            await self._log_in()
        finally:
            rest, self._rest = self._rest, None
            if rest is not None:
                await rest.shut()
        found = self.explain()
        servers = int(self._application.get("approximate_guild_count") or 0)
        if not servers:
            found.append(report.homeless(self.join_link()))
        return str(self._user.get("username", "")), found

    def explain(self) -> list[str]:
        """See `Adapter.explain`."""
        if not self._application:
            return ["The bot has not been able to log in to Discord."]
        found = [str(trouble)] if (trouble := self._trouble()) else []
        if self._menu_trouble:
            found.append(self._menu_trouble)
        lacking = self._shards.lacking if self._shards is not None else self._lacking
        found += report.without_intents(str(self._application["id"]), lacking)
        found += report.short_of_permissions(self._world.short_of(), self.join_link())
        found += report.short_of_powers(self._world.short_of_powers(), self.join_link())
        found += report.unread(self._reception.unread if self._reception is not None else 0)
        return found + self._refused.values()

    def _trouble(self) -> Trouble:
        if self._shards is not None and self._shards.trouble is not Trouble.NONE:
            return self._shards.trouble
        if self._intake is not None and self._intake.failing:
            return Trouble.STORE
        silent = self._shards is not None and self._shards.silence() >= _ALIVE_WITHIN
        return Trouble.UNREACHABLE if silent else Trouble.NONE
