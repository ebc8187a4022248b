"""What the bot needs in a server, and what of it is missing, in the words of Discord's own settings."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.contract import Power
from adapters.discord.library import discord

# Each with its reason; the invite link asks for these and for `MODERATING`.
NEEDED = discord.Permissions(
    view_channel=True,  # to hear people at all
    send_messages=True,  # to answer them
    send_messages_in_threads=True,  # to answer in the thread in which it was asked
    embed_links=True,  # cards are embeds
    attach_files=True,  # pictures and files in answers
    read_message_history=True,  # to answer a message, and to fetch what was said while it was away
)
MODERATING = discord.Permissions(
    manage_messages=True,  # to delete what others wrote
    moderate_members=True,  # time-outs
    kick_members=True,
    ban_members=True,
    manage_roles=True,  # to lock a channel: what roles may do in it
    add_reactions=True,  # what a lock takes away the bot must have itself
    manage_channels=True,  # slow mode in a channel
    manage_threads=True,  # slow mode in a thread, and to lock it
    manage_guild=True,  # to pause invitations
)
# Names as the English server settings show them.
_TITLES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
    "manage_messages": "Manage Messages",
    "moderate_members": "Timeout Members",
    "kick_members": "Kick Members",
    "ban_members": "Ban Members",
    "manage_roles": "Manage Roles",
    "add_reactions": "Add Reactions",
    "manage_channels": "Manage Channels",
    "manage_threads": "Manage Threads",
    "manage_guild": "Manage Server",
}
# What a power takes in a server, and in a thread where that is something else.
_LOCKING = ("manage_roles", "send_messages", "send_messages_in_threads", "add_reactions")
POWERS: Mapping[Power, tuple[str, ...]] = {
    Power.DELETE: ("manage_messages",),
    Power.TIMEOUT: ("moderate_members",),
    Power.RELEASE: ("moderate_members",),
    Power.KICK: ("kick_members",),
    Power.BAN: ("ban_members",),
    Power.UNBAN: ("ban_members",),
    Power.LOCK: _LOCKING,
    Power.UNLOCK: _LOCKING,
    Power.SLOW: ("manage_channels",),
    Power.CLOSE_DOOR: ("manage_guild",),
    Power.OPEN_DOOR: ("manage_guild",),
}
IN_THREADS: Mapping[Power, tuple[str, ...]] = {
    Power.LOCK: ("manage_threads",),
    Power.UNLOCK: ("manage_threads",),
    Power.SLOW: ("manage_threads",),
}


def bit(name: str) -> int:
    """The permission's bit."""
    return int(discord.Permissions(**{name: True}).value)


def title(name: str) -> str:
    """The permission as the server settings call it."""
    return _TITLES[name]


def missing(has: discord.Permissions, *, thread: bool | None = None) -> list[str]:
    """Titles of what is needed and not there. In a thread "Send Messages" does not count, elsewhere its sister."""
    needless = {True: "send_messages", False: "send_messages_in_threads", None: ""}[thread]
    return [one for one in _short_of(NEEDED, has) if one != _TITLES.get(needless)]


def missing_powers(has: discord.Permissions) -> list[str]:
    """Titles of what moderation needs and is not there."""
    return _short_of(MODERATING, has)


def _short_of(wanted: discord.Permissions, has: discord.Permissions) -> list[str]:
    if has.administrator:
        return []
    return [title for name, title in _TITLES.items() if getattr(wanted, name) and not getattr(has, name)]
