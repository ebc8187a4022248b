"""The handle of an interaction: what it takes to answer in its place while its token lives (15 minutes).

It travels as `Event.respond` and comes back as `Address.respond`, through a store: it is text, and it is secret.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_EPOCH = 1_420_070_400_000  # milliseconds since 1970 at which Discord's ids begin
LIFETIME = 14 * 60_000 + 30_000  # half a minute before the token really ends


def moment(snowflake: str) -> int:
    """When an id was made, in milliseconds since the epoch."""
    return (int(snowflake) >> 22) + _EPOCH


def snowflake_at(moment_ms: int) -> int:
    """The smallest id that can have been made at that moment."""
    return max(moment_ms - _EPOCH, 0) << 22


class Kind(StrEnum):
    """What was done: a command (or a form that completes one) or a press on a message of ours."""

    COMMAND = "command"
    PRESS = "press"


class Secret(str):
    """Text that does not show itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'" if self else "''"


@dataclass(frozen=True, slots=True)
class Handle:
    """`ephemeral`: our waiting answer is for the asker alone. `shared`: it was asked where others can read.

    `message_id` is the message that a pressed button stands on. `until` is in milliseconds since the epoch.
    """

    kind: Kind
    application_id: str
    interaction_id: str
    token: str = field(repr=False)
    until: int
    ephemeral: bool = False
    shared: bool = False
    message_id: str = ""

    def dump(self) -> Secret:
        """As text, for `Event.respond`."""
        values = [self.kind.value, self.application_id, self.interaction_id, self.token, self.until]
        return Secret(json.dumps([*values, int(self.ephemeral), int(self.shared), self.message_id]))


def load(text: str) -> Handle | None:
    """The handle in `Address.respond`; None for none, and for what is no handle of ours."""
    if not text:
        return None
    try:
        values: list[Any] = json.loads(text)
        kind, application, interaction, token, until, ephemeral, shared, message = values
        return Handle(
            Kind(kind),
            str(application),
            str(interaction),
            str(token),
            int(until),
            bool(ephemeral),
            bool(shared),
            message,
        )
    except (ValueError, TypeError):
        return None
