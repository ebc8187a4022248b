"""Threads: opening, joining, listing."""

from tests.fakes.discord.channel import NEWS, TEXT, THREADS, Channel
from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.model import Message
from tests.fakes.discord.place import PRIVATE_THREAD
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads", status=201)
def thread_of_message(call: Call) -> Json:
    """A thread of a message, whose id it takes."""
    channel = call.channel("create_public_threads")
    message = call.message(channel)
    if message.thread is not None:
        raise refusal(160004)
    return _open(call, channel, message, private=False)


@route("POST", "/channels/{channel_id}/threads", status=201)
def thread(call: Call) -> Json:
    """A thread on its own: private unless the type says otherwise."""
    private = call.data.get("type", PRIVATE_THREAD) == PRIVATE_THREAD
    channel = call.channel("create_private_threads" if private else "create_public_threads")
    return _open(call, channel, None, private=private)


def _open(call: Call, channel: Channel, message: Message | None, *, private: bool) -> Json:
    if channel.type not in (TEXT, NEWS):
        raise refusal(50024)
    data, form = call.data, Form()
    form.text("name", data.get("name"), 100, 1, required=True)
    duration = data.get("auto_archive_duration")
    if duration is not None:
        form.one_of("auto_archive_duration", duration, (60, 1440, 4320, 10080))
    form.number("rate_limit_per_user", data.get("rate_limit_per_user"), 0, 21_600)
    form.finish()
    made = channel.thread(
        call.bot, data["name"], message=message, private=private, auto_archive_duration=duration or 1440
    )
    return made.json() | {"member": made.thread_member(call.bot)}


@route("PUT", "/channels/{channel_id}/thread-members/@me")
def join(call: Call) -> None:
    """The bot joins a thread."""
    _joined(call, call.bot.id, True)


@route("DELETE", "/channels/{channel_id}/thread-members/@me")
def leave(call: Call) -> None:
    """The bot leaves it."""
    _joined(call, call.bot.id, False)


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}")
def add(call: Call) -> None:
    """Somebody is added."""
    _joined(call, call.id("user_id"), True)


@route("DELETE", "/channels/{channel_id}/thread-members/{user_id}")
def remove(call: Call) -> None:
    """Somebody is removed."""
    _joined(call, call.id("user_id"), False)


def _joined(call: Call, user_id: int, present: bool) -> None:
    channel, user = call.channel(), call.world.users.get(user_id)
    if channel.type not in THREADS or channel.guild is None:
        raise refusal(50024)
    if user is None or user.id not in channel.guild.members:
        raise refusal(10007)
    (channel.enter if present else channel.exit)(user)


@route("GET", "/channels/{channel_id}/thread-members")
def list_thread_members(call: Call) -> list[Json]:
    """Who is in a thread; needs the members intent (50001)."""
    if "members" not in call.app.privileged:
        raise refusal(50001)
    channel = call.channel()
    return [channel.thread_member(user) for user in channel.thread_members]


@route("GET", "/guilds/{guild_id}/threads/active")
def active_threads(call: Call) -> Json:
    """The open threads of a server that the bot sees."""
    found = [one for one in call.guild().channels.values() if one.type in THREADS and not one.archived]
    seen = [one for one in found if one.seen_by(call.bot)]
    mine = [one.thread_member(call.bot) for one in seen if call.bot in one.thread_members]
    return {"threads": [one.json() for one in seen], "members": mine, "has_more": False}
