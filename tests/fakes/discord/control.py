"""The control port's operations on the fake Discord: `discord_…`. Everything goes by its id, as text.

The direct messages of a person are the channel "@ID" with that person's id. All are with the first application.
"""

import base64
from typing import Any

from tests.fakes.discord import faults
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.model import Message, User
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.talk import DiscordTalk
from tests.fakes.wire import Json


class DiscordOperations:
    """What `Control` offers for Discord. `discord` may be None where none is served."""

    discord: FakeDiscord | None

    # -- the world -----------------------------------------------------------------------------------------

    def op_discord_user(self, name: str, locale: str = "en-US", accepts_dms: bool = True) -> Json:
        """A new person: {"user": id}."""
        return {"user": str(self._discord.user(name, locale=locale, accepts_dms=accepts_dms).id)}

    def op_discord_guild(
        self,
        name: str,
        members: list[str] | None = None,
        roles: list[str] | None = None,
        channels: list[str] | None = None,
        owner: str | None = None,
        bot: bool = True,
        bot_permissions: list[str] | None = None,
    ) -> Json:
        """A new server: {"guild": id, "owner": id, "channels": {name: id}, "roles": {name: id}}."""
        made = self._discord.guild(
            name,
            members=[self._discord_user(one) for one in members or ()],
            roles=roles or (),
            channels=channels or ("general",),
            owner=self._discord_user(owner) if owner else None,
            apps=None if bot else [],
            bot_permissions=bot_permissions,
        )
        return {
            "guild": str(made.id),
            "owner": str(made.owner.id),
            "channels": {one.name: str(one.id) for one in made.channels.values()},
            "roles": {one.name: str(one.id) for one in made.roles.values()},
        }

    def op_discord_channel(self, guild: str, name: str) -> Json:
        """The text channel of that name, made when missing: {"channel": id}."""
        return {"channel": str(self._discord_guild(guild).channel(name).id)}

    def op_discord_join(self, guild: str, user: str) -> Json:
        """Someone joins a server."""
        self._discord_guild(guild).join(self._discord_user(user))
        return {}

    def op_discord_leave(self, guild: str, user: str) -> Json:
        """Someone leaves it."""
        self._discord_guild(guild).leave(self._discord_user(user))
        return {}

    def op_discord_give(self, guild: str, user: str, role: str) -> Json:
        """Someone gets a role, by name."""
        where = self._discord_guild(guild)
        where.give(self._discord_user(user), where.role(role))
        return {}

    def op_discord_bot_may(self, names: list[str], channel: str | None = None, guild: str | None = None) -> Json:
        """The bot has exactly these permissions in a channel, or on a server."""
        if channel is not None:
            self._discord_channel(channel).bot_may(*names)
        elif guild is not None:
            self._discord_guild(guild).bot_may(*names)
        return {}

    # -- what people do ------------------------------------------------------------------------------------

    def op_discord_say(self, channel: str, user: str, text: str, reply_to: str | None = None) -> Json:
        """A message: {"message": id, "sequence": the `after` of a wait}."""
        where = self._discord_channel(channel)
        replied = self._discord_message(channel, reply_to) if reply_to else None
        return _told(where.say(self._discord_user(user), text, reply_to=replied))

    def op_discord_send_file(self, channel: str, user: str, name: str, content: str, text: str = "") -> Json:
        """A message with a file; `content` in base64."""
        where = self._discord_channel(channel)
        return _told(where.say(self._discord_user(user), text, files=[(name, base64.b64decode(content))]))

    def op_discord_edit(self, channel: str, user: str, message: str, text: str) -> Json:
        """An edit of one's own message."""
        found = self._discord_message(channel, message)
        self._discord_channel(channel).edit(self._discord_user(user), found, text)
        return {"sequence": found.changed}

    def op_discord_delete(self, channel: str, message: str) -> Json:
        """A message goes."""
        self._discord_channel(channel).delete(self._discord_message(channel, message))
        return {}

    def op_discord_slash(self, channel: str, user: str, path: list[str], options: Json | None = None) -> Json:
        """A slash command; options of people, roles and channels are not offered here: {"interaction": id, …}."""
        where = self._discord_channel(channel)
        return _asked(where.slash(self._discord_user(user), *path, options or {}))

    async def op_discord_complete(self, channel: str, user: str, path: list[str], options: Json, focused: str) -> Json:
        """The choices of an autocomplete."""
        where = self._discord_channel(channel)
        return {"choices": await where.autocomplete(self._discord_user(user), *path, options, focused=focused)}

    def op_discord_press(self, channel: str, user: str, message: str, button: str) -> Json:
        """A press on a button, by label or custom_id."""
        found = self._discord_message(channel, message)
        return _asked(self._discord_channel(channel).press(self._discord_user(user), found, button))

    def op_discord_choose(
        self, channel: str, user: str, message: str, values: list[str], menu: str | None = None
    ) -> Json:
        """A choice in a menu, by labels or values."""
        found = self._discord_message(channel, message)
        return _asked(self._discord_channel(channel).choose(self._discord_user(user), found, values, menu=menu))

    async def op_discord_modal(self, interaction: str, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """The form shown after an interaction: {"title": …, "labels": […]}."""
        shown = await self._discord_interaction(interaction).modal(timeout)
        return {"title": shown.title, "labels": shown.labels}

    def op_discord_submit(self, interaction: str, values: Json) -> Json:
        """Fill in and send the form that an interaction showed."""
        return _asked(self._discord_interaction(interaction).submit(values))

    # -- what people see -----------------------------------------------------------------------------------

    async def op_discord_answered(self, interaction: str, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """The answer to an interaction with `ack_seconds`; see `Message.view`."""
        found = self._discord_interaction(interaction)
        return (await found.answered(timeout)).view() | {"ack_seconds": found.ack_seconds}

    def op_discord_messages(self, channel: str, user: str | None = None, last: int = 100) -> list[Json]:
        """The newest messages, oldest first, as everybody or as one person sees them."""
        where = self._discord_channel(channel)
        seen = where.messages if user is None else where.visible_to(self._discord_user(user))
        return [one.view() for one in seen[-last:]]

    async def op_discord_wait(
        self,
        channel: str,
        after: int | None = None,
        contains: str | None = None,
        user: str | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Json:
        """The bot's reply after a sequence, see `Channel.wait_for_reply`."""
        person = self._discord_user(user) if user else None
        where = self._discord_channel(channel)
        found = await where.wait_for_reply(after=after, contains=contains, user=person, timeout=timeout)
        return found.view()

    async def op_discord_talk(self, guilds: list[str] | None = None, **plan: Any) -> Json:
        """Many conversations at once, see `DiscordTalk`."""
        chosen = [self._discord_guild(one) for one in guilds] if guilds else list(self._discord.guilds.values())
        return await DiscordTalk(self._discord, chosen, **plan).run()

    # -- the gateway and faults ----------------------------------------------------------------------------

    async def op_discord_wait_connected(self, shards: int = 1, timeout: float = 20.0) -> Json:  # noqa: ASYNC109
        """Until so many shards are connected."""
        await self._discord.gateway.wait_until_connected(shards, timeout)
        return {}

    async def op_discord_wait_received(self, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """Until the client has taken every event."""
        await self._discord.gateway.wait_until_received(timeout)
        return {}

    def op_discord_disconnect(
        self, how: str = "reconnect", code: int = 4000, resumable: bool = False, shard: int | None = None
    ) -> Json:
        """`how`: "reconnect" (op 7), "invalidate" (op 9), "close" with that code, or "abort"."""
        gateway = self._discord.gateway
        match how:
            case "reconnect":
                gateway.reconnect(shard)
            case "invalidate":
                gateway.invalidate(resumable=resumable, shard=shard)
            case "close":
                gateway.close(code, shard)
            case "abort":
                gateway.abort(shard)
            case _:
                raise ValueError(how)
        return {}

    def op_discord_redeliver(self, channel: str, message: str) -> Json:
        """A message's event once more."""
        self._discord.gateway.redeliver(self._discord_message(channel, message))
        return {}

    def op_discord_fault(
        self, method: str, path: str, kind: str, times: int = 1, skip: int = 0, **options: Any
    ) -> Json:
        """Plan a fault of `faults` with its options: {"fault": number}, for `reached` and `release` of a hold."""
        fault = self._discord.fail(method, path, faults.by_name(kind, **options), times=times, skip=skip)
        return {"fault": self._hold(fault)}

    def op_discord_clear_faults(self) -> Json:
        """No more faults."""
        self._discord.faults.clear()
        return {}

    def op_discord_revoke(self) -> Json:
        """The token is refused from now on."""
        self._discord.revoke_token()
        return {}

    def op_discord_restore(self) -> Json:
        """It is good again."""
        self._discord.restore_token()
        return {}

    async def op_discord_stop(self) -> Json:
        """An outage begins: nobody listens."""
        await self._discord.stop()
        return {}

    async def op_discord_start(self) -> Json:
        """It ends, on the same port."""
        await self._discord.start()
        return {}

    # -- records -------------------------------------------------------------------------------------------

    def op_discord_requests(self, method: str = "*", path: str = "**", since: int = 0, limit: int = 1000) -> list[Json]:
        """Recorded REST calls, oldest first, see `FakeDiscord.calls`."""
        return [one.json() for one in self._discord.calls(method, path)[since : since + limit]]

    async def op_discord_wait_for_calls(
        self,
        method: str,
        path: str,
        count: int = 1,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Json:
        """Wait until so many fitting calls were answered."""
        await self._discord.wait_for_calls(method, path, count, timeout)
        return {}

    def op_discord_counts(self) -> Json:
        """Calls per route, sessions and heartbeats."""
        gateway = self._discord.gateway
        return {
            "calls": dict(self._discord.counts),
            "connected": len(gateway.connected),
            "identifies": len(gateway.identifies),
            "resumes": len(gateway.resumes),
            "heartbeats": gateway.heartbeats,
        }

    def op_discord_commands(self, guild: str | None = None) -> list[Json]:
        """The registered commands, of all servers or of one."""
        return self._discord.app.commands.get(int(guild) if guild else None, [])

    def op_discord_reset(self, world: bool = False) -> Json:
        """Forget records and faults; with `world` also people, servers and messages."""
        self._discord.faults.clear()
        self._discord.requests.clear()
        self._discord.counts.clear()
        if world:
            self._discord.forget_world()
        return {}

    # -- inside --------------------------------------------------------------------------------------------

    def _hold(self, held: Any) -> int:
        raise NotImplementedError

    @property
    def _discord(self) -> FakeDiscord:
        if self.discord is None:
            raise LookupError("no Discord is served")
        return self.discord

    def _discord_user(self, user: str) -> User:
        return self._discord.users[int(user)]

    def _discord_guild(self, guild: str) -> Guild:
        return self._discord.guilds[int(guild)]

    def _discord_channel(self, channel: str) -> Channel:
        if channel.startswith("@"):
            return self._discord_user(channel[1:]).dm()
        return self._discord.channels[int(channel)]

    def _discord_message(self, channel: str, message: str) -> Message:
        return self._discord_channel(channel).all[int(message)]

    def _discord_interaction(self, interaction: str) -> Interaction:
        return self._discord.interactions[int(interaction)]


def _told(message: Message) -> Json:
    return {"message": str(message.id), "sequence": message.sequence}


def _asked(interaction: Interaction) -> Json:
    return {"interaction": str(interaction.id), "sequence": interaction.sequence}
