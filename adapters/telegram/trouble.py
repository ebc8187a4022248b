"""What may keep a running bot from hearing people, in words for whoever runs it."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """One state of the listening half; the value is what `nexus check` and the health page say."""

    NONE = ""
    STORE = "What arrives from Telegram cannot be stored, so it is not acknowledged and will come again."
    TOKEN = "Telegram no longer accepts the bot token. Get a new one from @BotFather (/token) and set it."  # noqa: S105
    RIVAL_POLLER = (
        "Another program is polling with the same bot token, so each gets only part of what people write. "
        "Stop the other program, or give this one a bot of its own."
    )
    RIVAL_WEBHOOK = (
        "Another program has set a webhook for this bot, so polling gets nothing. "
        "Stop the other program, then restart this one."
    )
    WEBHOOK_TAKEN = (
        "Another program has changed or removed the webhook of this bot. Stop the other program, then restart this one."
    )
    UNDELIVERED = (
        "Telegram could not deliver to the webhook. Check that its address is reachable from the internet by HTTPS."
    )
    UNREACHABLE = "Telegram cannot be reached. Check the network, the proxy and the base URL."
