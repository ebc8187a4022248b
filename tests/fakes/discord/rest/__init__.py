"""The REST API: one module per kind of thing; importing them registers their routes."""

from tests.fakes.discord.rest import (  # noqa: F401 (they register the routes)
    account,
    callbacks,
    channels,
    commands,
    guilds,
    members,
    messages,
    reactions,
    roles,
    threads,
    webhooks,
)
from tests.fakes.discord.rest.registry import Call, Upload, find

__all__ = ["Call", "Upload", "find"]
