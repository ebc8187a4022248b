"""What the tests of powers share: acts in a few words, and what the fake's server has of them."""

from __future__ import annotations

from typing import Any

from adapters.contract import Act, Power
from tests.fakes.discord import Channel, FakeDiscord, Guild, User
from tests.fakes.wire import Json

HOUR, DAY = 3_600_000, 86_400_000  # milliseconds


def now(fake: FakeDiscord) -> int:
    """The fake's time in ms since the epoch."""
    return round(fake.clock.now() * 1000)


def on(power: Power, guild: Guild, target: User | None = None, by: User | None = None, **more: Any) -> Act:
    """An act on a person, or on the server."""
    return Act(
        power,
        str(guild.id),
        more.pop("key", f"act {power}"),
        account_id=str(target.id) if target else "",
        by=str(by.id) if by else "",
        reason=more.pop("reason", "Case 7: rude words"),
        **more,
    )


def at(power: Power, channel: Channel, **more: Any) -> Act:
    """An act in a channel or thread."""
    assert channel.guild is not None
    thread = channel.parent is not None and channel.owner is not None
    place = channel.parent if thread else channel
    assert place is not None
    return on(power, channel.guild, place_id=str(place.id), thread=str(channel.id) if thread else "", **more)


def log(guild: Guild) -> list[tuple[str, str | None]]:
    """What the server's audit log has: actions with their reasons."""
    return [(entry["action"], entry["reason"]) for entry in guild.audit]


def overwrites(channel: Channel) -> Json:
    """Allowed and denied bits by target."""
    return {str(target): tuple(bits) for target, bits in channel.overwrites.items()}


def may_not(channel: Channel, user: User, text: str = "let me speak") -> bool:
    """Whether somebody cannot write there."""
    try:
        channel.say(user, text)
    except PermissionError:
        return True
    return False
