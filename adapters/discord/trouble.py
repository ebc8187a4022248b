"""What may keep a running bot from hearing people, in words for whoever runs it."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """One state of the listening half; the value is what `nexus check` and the health page say."""

    NONE = ""
    STORE = "What arrives from Discord cannot be stored. It is kept in memory and tried again."
    TOKEN = (  # a sentence, no secret
        "Discord no longer accepts the bot token. Get a new one in the developer portal "  # noqa: S105
        "(https://discord.com/developers/applications, your application, Bot, Reset Token) and set it."
    )
    SHARDING = (
        "Discord refuses the number of shards: the bot is in too many servers for it. "
        "Raise the number of shards, or leave it empty so that Discord says how many there should be."
    )
    REFUSED = "Discord refuses the connection for a reason that trying again does not change."
    UNREACHABLE = "Discord cannot be reached. Check the network, the proxy and the addresses of its API and gateway."
