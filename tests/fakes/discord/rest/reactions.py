"""Reactions of the bot, and who else reacted."""

from urllib.parse import unquote

from tests.fakes.discord.errors import refusal
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json

_PLACE = "/channels/{channel_id}/messages/{message_id}/reactions"


@route("PUT", _PLACE + "/{emoji}/@me")
def react(call: Call) -> None:
    """Add a reaction; a new one needs add_reactions."""
    channel = call.channel("read_message_history")
    message, emoji = call.message(channel), unquote(call.path["emoji"])
    if not emoji or (emoji.isascii() and ":" not in emoji):
        raise refusal(10014)
    if emoji not in message.reactions and channel.guild is not None and not channel.may(call.bot, "add_reactions"):
        raise refusal(50013)
    channel.react(call.bot, message, emoji)


@route("DELETE", _PLACE + "/{emoji}/@me")
def unreact(call: Call) -> None:
    """Take back one's own."""
    channel = call.channel()
    channel.unreact(call.bot, call.message(channel), unquote(call.path["emoji"]))


@route("DELETE", _PLACE + "/{emoji}/{user_id}")
def unreact_other(call: Call) -> None:
    """Take away somebody's."""
    channel = call.channel("manage_messages")
    user = call.world.users.get(call.id("user_id"))
    if user is None:
        raise refusal(10013)
    channel.unreact(user, call.message(channel), unquote(call.path["emoji"]))


@route("GET", _PLACE + "/{emoji}")
def who_reacted(call: Call) -> list[Json]:
    """The people of one reaction."""
    users = call.message(call.channel()).reactions.get(unquote(call.path["emoji"]), [])
    after = int(call.query.get("after", 0))
    found = sorted((one for one in users if one.id > after), key=lambda one: one.id)
    return [one.json() for one in found[: int(call.query.get("limit", 25))]]
