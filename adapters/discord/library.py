"""discord.py, imported quietly: it warns about a standard module that only voice needs, and about voice itself."""

from __future__ import annotations

import logging
import re
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    import discord.gateway
    import discord.http
    import discord.state

__all__ = ["discord"]

discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

_TOKEN_IN_PATH = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?\s]+")


class _Discreet(logging.Filter):
    """Lets nothing of the library's chatter through that quotes people, and no interaction's token."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.INFO:  # whole payloads are logged there
            return False
        record.msg, record.args = _TOKEN_IN_PATH.sub(r"\1…", record.getMessage()), None
        return True


for _name in ("discord.http", "discord.gateway", "discord.client", "discord.state"):
    logging.getLogger(_name).addFilter(_Discreet())
