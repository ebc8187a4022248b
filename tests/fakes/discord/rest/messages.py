"""Messages of channels: reading, sending, changing, deleting."""

from tests.fakes.discord.channel import CATEGORY, THREADS, Channel
from tests.fakes.discord.clock import born
from tests.fakes.discord.errors import ApiError, Form, refusal
from tests.fakes.discord.model import EPHEMERAL, Message
from tests.fakes.discord.rest.bodies import change_message, check_body, make_message
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json

_OLDEST = 14 * 86_400
_NONCE_SECONDS = 300.0
_FIXED = (1, 2, 3, 4, 5, 14, 15, 16, 17, 21)  # Discord's own sentences that cannot be deleted


def shown(call: Call, message: Message) -> Json:
    """A message as REST gives it: without content when the application's content intent is off."""
    hidden = "message_content" not in call.app.privileged
    mine = message.author is call.bot or message.channel.guild is None or call.bot in message.mentions
    return message.json(viewer=call.bot, hidden=hidden and not mine)


@route("GET", "/channels/{channel_id}/messages")
def list_messages(call: Call) -> list[Json]:
    """Newest first: `limit` (50) before, after or around a message; nothing without the right to read history."""
    channel = call.channel()
    form = Form()
    limit = call.query.get("limit", "50")
    form.number("limit", int(limit) if limit.isdigit() else -1, 1, 100)
    form.finish()
    if channel.guild is not None and not channel.may(call.bot, "read_message_history"):
        return []
    count, standing = int(limit), channel.messages
    if "after" in call.query:
        found = [one for one in standing if one.id > int(call.query["after"])][:count]
    elif "around" in call.query:
        around = int(call.query["around"])
        before = [one for one in standing if one.id < around][-(count // 2) :]
        found = before + [one for one in standing if one.id >= around][: count - len(before)]
    else:
        before_id = int(call.query.get("before", 1 << 63))
        found = [one for one in standing if one.id < before_id][-count:]
    return [shown(call, one) for one in reversed(found)]


@route("GET", "/channels/{channel_id}/messages/{message_id}")
def get_message(call: Call) -> Json:
    """One message."""
    return shown(call, call.message(call.channel("read_message_history")))


@route("POST", "/channels/{channel_id}/messages")
def send_message(call: Call) -> Json:
    """A new message; the same nonce with enforce_nonce gives back the earlier one of the last minutes."""
    channel = call.channel()
    data = call.data
    _speakable(call, channel)
    form = Form()
    reference = _reference(call, form, channel, data)
    if data.get("flags") and isinstance(data["flags"], int) and data["flags"] & EPHEMERAL:
        form.wrong("flags", "MESSAGE_FLAGS_INVALID", "Invalid message flags")
    check_body(data, call.files, form)
    if channel.guild is not None:
        if call.files and not channel.may(call.bot, "attach_files"):
            raise refusal(50013)
        if data.get("embeds") and not channel.may(call.bot, "embed_links"):
            raise refusal(50013)
    nonce = data.get("nonce")
    if nonce is not None and data.get("enforce_nonce"):
        earlier = _earlier(call, channel, nonce)
        if earlier is not None:
            return shown(call, earlier)
    kind = 0 if reference is None else 19
    message = make_message(call, channel, data, nonce=nonce, reply_to=reference, type=kind)
    channel.archived = False
    channel.add(message)
    channel.announce("MESSAGE_CREATE", message)
    return shown(call, message)


def _speakable(call: Call, channel: Channel) -> None:
    if channel.guild is None:
        assert channel.person is not None
        code = call.world.unreachable(call.app, channel.person)
        if code:
            raise refusal(code)
        return
    if channel.type == CATEGORY:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    needed = "send_messages_in_threads" if channel.type in THREADS else "send_messages"
    if not channel.may(call.bot, needed):
        raise refusal(50013)
    if channel.locked and not channel.may(call.bot, "manage_threads"):
        raise refusal(50083)


def _reference(call: Call, form: Form, channel: Channel, data: Json) -> Message | None:
    asked = data.get("message_reference")
    if not asked:
        return None
    number = str(asked.get("message_id", ""))
    found = channel.message(int(number)) if number.isdigit() else None
    if found is None or found.ephemeral:
        if asked.get("fail_if_not_exists", True):
            form.wrong("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        return None
    if channel.guild is not None and not channel.may(call.bot, "read_message_history"):
        text = "Cannot reply without permission to read message history"
        form.wrong("message_reference", "REPLIES_CANNOT_REPLY_WITHOUT_READ_MESSAGE_HISTORY_PERMISSION", text)
    if found.type not in (0, 19, 20, 23):
        form.wrong("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
    return found


def _earlier(call: Call, channel: Channel, nonce: object) -> Message | None:
    for one in reversed(channel.all.values()):
        if call.world.clock.now() - born(one.id) > _NONCE_SECONDS:
            return None
        if one.author is call.bot and one.nonce is not None and str(one.nonce) == str(nonce):
            return one
    return None


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def edit_message(call: Call) -> Json:
    """Change one's own message."""
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.bot:
        raise refusal(50005)
    check_body(merged(message, call.data), call.files, Form(), old_flags=message.flags)
    change_message(call, message, call.data)
    return shown(call, message)


def merged(message: Message, data: Json) -> Json:
    """The body as it will stand after a change, for the checks of what must not be empty."""
    old: Json = {
        "content": message.text,
        "embeds": [] if "embeds" in data else [{} for _ in message.embeds],
        "attachments": [{"id": str(one.id)} for one in message.attachments],
        "components": None,
    }
    if message.components and "components" not in data:
        return {**old, "components": message.components, **data}
    return {**old, **data}


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete_message(call: Call) -> None:
    """Delete a message: one's own, or with manage_messages anybody's on a server."""
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.bot:
        if channel.guild is None:
            raise refusal(50003)
        if not channel.may(call.bot, "manage_messages"):
            raise refusal(50013)
        if message.type in _FIXED:
            raise refusal(50021)
        if channel.archived:
            raise refusal(50083)
        channel.guild.note("message_delete", call.bot, message.author, call.reason)
    channel.delete(message)


@route("POST", "/channels/{channel_id}/messages/bulk-delete")
def bulk_delete(call: Call) -> None:
    """Delete 2 to 100 messages, none older than two weeks; unknown ids do not matter."""
    channel = call.channel()
    if channel.guild is None:
        raise refusal(50003)
    if not channel.may(call.bot, "manage_messages"):
        raise refusal(50013)
    listed = call.data.get("messages")
    if not isinstance(listed, list) or not 2 <= len(set(listed)) <= 100:
        raise refusal(50016)
    if channel.archived:
        raise refusal(50083)
    ids = sorted({int(one) for one in listed})
    if any(call.world.clock.now() - born(one) > _OLDEST for one in ids):
        raise refusal(50034)
    gone = [one for one in map(channel.message, ids) if one is not None and not one.ephemeral]
    if any(one.type in _FIXED for one in gone):
        raise refusal(50021)
    for message in gone:
        message.deleted = True
        channel.touch(message)
    channel.guild.note("message_bulk_delete", call.bot, None, call.reason)
    body: Json = {
        "ids": [str(one.id) for one in gone],
        "channel_id": str(channel.id),
        "guild_id": str(channel.guild.id),
    }
    for app in channel.apps():
        call.world.gateway.tell(app, channel.guild.id, "MESSAGE_DELETE_BULK", body)


@route("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> None:
    """The bot is typing, for ten seconds."""
    channel = call.channel()
    _speakable(call, channel)
    channel.typing.append(call.world.clock.now())


@route("GET", "/channels/{channel_id}/messages/pins")
def list_pins(call: Call) -> Json:
    """The pinned messages, newest first."""
    channel = call.channel()
    pinned = [one for one in channel.messages if one.pinned]
    items = [{"pinned_at": call.world.clock.iso(), "message": shown(call, one)} for one in reversed(pinned)]
    return {"items": items, "has_more": False}


@route("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
def pin(call: Call) -> None:
    """Pin a message, at most 50 of a channel."""
    _pin(call, True)


@route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
def unpin(call: Call) -> None:
    """Unpin a message."""
    _pin(call, False)


def _pin(call: Call, pinned: bool) -> None:
    channel = call.channel("manage_messages")
    message = call.message(channel)
    if pinned and sum(one.pinned for one in channel.messages) >= 50:
        raise refusal(30003)
    message.pinned = pinned
    channel.touch(message)
    channel.announce("MESSAGE_UPDATE", message)
