"""What is known of servers, channels and roles: the library's caches of all sessions, in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from adapters.contract import Place, PlaceKind
from adapters.discord.gateway import Session
from adapters.discord.library import discord
from adapters.discord.permissions import missing, missing_powers
from adapters.discord.translate import MANAGES, Channel, place

UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes of a file where no server grants more


class World:
    """Implements `translate.Names`."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.account_id = ""

    @property
    def me(self) -> str:
        """The bot's own account id."""
        return self.account_id

    def guilds(self) -> Iterator[discord.Guild]:
        """The servers of all sessions that Discord has described."""
        for session in self.sessions:
            yield from session.guilds

    def guild(self, guild_id: str) -> discord.Guild | None:
        """A server."""
        if not guild_id.isdigit():
            return None
        found = (session.get_guild(int(guild_id)) for session in self.sessions)
        return next((guild for guild in found if guild is not None), None)

    def server(self, guild_id: str) -> str:
        """See `Names.server`."""
        guild = self.guild(guild_id)
        return (guild.name or "") if guild else ""

    def channel(self, guild_id: str, channel_id: str) -> Channel | None:
        """See `Names.channel`."""
        guild = self.guild(guild_id)
        found = guild.get_channel_or_thread(int(channel_id)) if guild and channel_id.isdigit() else None
        if found is None:
            return None
        if isinstance(found, discord.Thread):
            parent = found.parent.name if found.parent else ""
            return Channel(channel_id, found.name, str(found.parent_id), parent, private=found.is_private())
        return Channel(channel_id, found.name)

    def role(self, guild_id: str, role_id: str) -> str:
        """See `Names.role`."""
        guild = self.guild(guild_id)
        role = guild.get_role(int(role_id)) if guild else None
        return role.name if role else ""

    def manages(self, guild_id: str, user_id: str, roles: Sequence[str] | None) -> bool | None:
        """See `Names.manages`."""
        guild = self.guild(guild_id)
        if guild is None:
            return None
        if str(guild.owner_id) == user_id:
            return True
        if roles is None:  # a message from the history does not say
            return None
        held = [role for role in guild.roles if role.is_default() or str(role.id) in roles]
        return any(role.permissions.value & MANAGES for role in held)

    def own_role(self, guild_id: str) -> str:
        """See `Names.own_role`."""
        guild = self.guild(guild_id)
        role = guild.self_role if guild else None
        return str(role.id) if role else ""

    def roles(self, guild_id: str) -> list[tuple[str, str]]:
        """The roles that people can be given there: id and name, the highest first."""
        guild = self.guild(guild_id)
        if guild is None:
            return []
        given = [role for role in guild.roles if not role.is_default() and not role.managed]
        return [(str(role.id), role.name) for role in sorted(given, reverse=True)]

    def threads(self, guild_id: str, channel_id: str) -> Iterable[discord.Thread]:
        """The open threads of a channel that the bot can see."""
        guild = self.guild(guild_id)
        return [thread for thread in guild.threads if str(thread.parent_id) == channel_id] if guild else []

    def last_message(self, guild_id: str, channel_id: str) -> int | None:
        """The id of the newest message of a channel, as far as Discord told; None if it did not."""
        guild = self.guild(guild_id)
        found = guild.get_channel_or_thread(int(channel_id)) if guild and channel_id.isdigit() else None
        return getattr(found, "last_message_id", None)

    def home(self, guild_id: str) -> Place:
        """Where to greet a server: its channel for such things, or the first in which the bot may write."""
        guild = self.guild(guild_id)
        if guild is None:
            return Place(guild_id, PlaceKind.GROUP)
        candidates = [guild.system_channel] if guild.system_channel else []
        candidates += sorted(guild.text_channels, key=lambda channel: (channel.position, channel.id))
        for channel in candidates:
            may = channel.permissions_for(guild.me)
            if may.view_channel and may.send_messages:
                return place(guild_id, Channel(str(channel.id), channel.name))
        return Place(guild_id, PlaceKind.GROUP, title=guild.name)

    def lacking(self, guild_id: str, channel_id: str) -> list[str]:
        """Titles of the permissions that the bot needs in a channel and does not have; [] if that is not known."""
        guild = self.guild(guild_id)
        found = guild.get_channel_or_thread(int(channel_id)) if guild and channel_id.isdigit() else None
        if guild is None or found is None or guild.me is None:
            return []
        thread = isinstance(found, discord.Thread)
        if isinstance(found, discord.Thread) and found.parent is None:
            return []
        return missing(found.permissions_for(guild.me), thread=thread)

    def short_of(self) -> list[tuple[str, list[str]]]:
        """Servers that did not give the bot all that it needs: their names and the permissions' titles."""
        return self._short_of(missing)

    def short_of_powers(self) -> list[tuple[str, list[str]]]:
        """The same of what it needs to moderate."""
        return self._short_of(missing_powers)

    def _short_of(self, lacks: Callable[[discord.Permissions], list[str]]) -> list[tuple[str, list[str]]]:
        found = []
        for guild in self.guilds():
            if guild.me is not None and (titles := lacks(guild.me.guild_permissions)):
                found.append((guild.name, titles))
        return found

    def upload_limit(self, guild_id: str) -> int:
        """Bytes that a file sent there may have."""
        guild = self.guild(guild_id)
        return max(guild.filesize_limit, UPLOAD_LIMIT) if guild else UPLOAD_LIMIT
