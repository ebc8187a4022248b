"""Whom a message notifies: the mentions in its text, narrowed by allowed_mentions."""

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.discord.model import Message

_USER = re.compile(r"<@!?(\d{15,21})>")
_ROLE = re.compile(r"<@&(\d{15,21})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


def find_mentions(
    message: Message, *, allowed: Mapping[str, Any] | None, everyone: bool = False, ping_reply: bool = True
) -> None:
    """Set the message's mentions.

    `allowed` is the request's allowed_mentions: None allows all. `everyone` tells whether the author may mention
    @everyone and roles that are not mentionable.
    """
    guild, world = message.channel.guild, message.channel.world
    parse = None if allowed is None else set(allowed.get("parse") or ())
    users = {str(one) for one in (allowed or {}).get("users") or ()}
    roles = {str(one) for one in (allowed or {}).get("roles") or ()}
    message.mentions = []
    for number in dict.fromkeys(_USER.findall(message.text)):
        user = world.users.get(int(number))
        if user is not None and (parse is None or "users" in parse or number in users):
            message.mentions.append(user)
    message.mention_roles = []
    for number in dict.fromkeys(_ROLE.findall(message.text)) if guild is not None else ():
        role = guild.roles.get(int(number)) if guild is not None else None
        fits = parse is None or "roles" in parse or number in roles
        if role is not None and fits and (role.mentionable or everyone):
            message.mention_roles.append(role)
    wanted = parse is None or "everyone" in parse
    message.mention_everyone = bool(guild is not None and everyone and wanted and _EVERYONE.search(message.text))
    if message.reply_to is not None:
        replied = ping_reply if allowed is None else bool(allowed.get("replied_user", False))
        author = message.reply_to.author
        if replied and author not in message.mentions:
            message.mentions.append(author)
