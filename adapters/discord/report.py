"""What does not work and how to change it, in sentences for whoever runs the bot. Pure."""

from __future__ import annotations

from collections.abc import Sequence

CONTENT, MEMBERS = "Message Content Intent", "Server Members Intent"  # as the developer portal shows them

_PORTAL = "https://discord.com/developers/applications"
_FLAGS = {  # application flags that grant a privileged intent: to a verified application, and below 100 servers
    CONTENT: (1 << 18) | (1 << 19),
    MEMBERS: (1 << 14) | (1 << 15),
}
_WITHOUT = {
    CONTENT: "it only reads messages that mention it, answer it or are written to it in private, and commands",
    MEMBERS: "it is not told who joins or leaves a server and sees no raid coming, learns of changed roles only when "
    "somebody writes, and cannot know who reads along in a private channel: unless it is connected to a Nexus, "
    "it says there only what anybody may know",
}


def lacking_intents(flags: int) -> list[str]:
    """Titles of the privileged intents that an application with these flags does not have."""
    return [title for title, bits in _FLAGS.items() if not flags & bits]


def without_intents(application_id: str, titles: Sequence[str]) -> list[str]:
    """What the bot goes without, and where it is switched on."""
    return [
        f"The “{title}” is off, so {_WITHOUT[title]}. To change that, open {_PORTAL}/{application_id}/bot, "
        "switch it on under Privileged Gateway Intents, and restart the bot."
        for title in titles
    ]


def short_of_permissions(servers: Sequence[tuple[str, Sequence[str]]], link: str) -> list[str]:
    """Servers with the permissions that the bot lacks there, and the link that has them."""
    return [
        f"In “{server}” the bot lacks permissions: {', '.join(titles)}. "
        f"Somebody who may manage that server can give them with this link: {link}"
        for server, titles in servers
    ]


def short_of_powers(servers: Sequence[tuple[str, Sequence[str]]], link: str) -> list[str]:
    """Servers in which the bot could not moderate in full, which not everybody wants, and the link to change it."""
    return [
        f"In “{server}” the bot cannot do everything that moderators may ask of it: it lacks {', '.join(titles)}. "
        f"If it is to moderate there, somebody who may manage that server can give them with this link: {link}"
        for server, titles in servers
    ]


def refused(channel: str, server: str, permission: str) -> str:
    """Where something could not be said."""
    return f"In {channel}{f' of “{server}”' if server else ''} the bot lacks a permission: {permission}."


def unread(places: int) -> list[str]:
    """In how many places the history could not be read."""
    if not places:
        return []
    where = "In one place" if places == 1 else f"In {places} places"
    return [
        f"{where} the bot could not read back what was said while it was away. "
        "It needs the permission Read Message History there."
    ]


def homeless(link: str) -> str:
    """For a bot that is in no server."""
    return f"The bot is in no server yet. This link brings it into one: {link}"
