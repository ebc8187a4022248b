"""What may keep the bot from hearing people, in words for whoever runs it."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """One state of the listening half; the value is what `nexus check` and the health page say."""

    NONE = ""
    STORE = "What arrives from Slack cannot be stored, so it is not acknowledged and will come again."
    APP_LEVEL = (
        "Slack does not accept the app-level token. Make a new one under “Basic Information”, “App-Level Tokens”, "
        "with the scope connections:write."
    )
    TOKEN = "Slack no longer accepts the bot token. Install the app again and set the new token."  # noqa: S105
    UNREACHABLE = "Slack cannot be reached. Check the network, the proxy and the base URL."
