"""chat.*: posting, changing, deleting, and messages for one person only."""

import re
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.blocks import MARKDOWN_CHARACTERS, valid_blocks
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.model import Message
from tests.fakes.slack.params import Params, flag, required, text
from tests.fakes.slack.registry import Call, method
from tests.fakes.slack.rooms import room_to_read, room_to_write, valid_thread
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.channel import Channel

# Beyond this a posted text is cut off; beyond the other an update is refused (chat.postMessage, chat.update).
HARD_CUT = 40_000
UPDATE_CHARACTERS = 4_000
_ATTACHMENTS = 100
_BLOCKS_CHARACTERS = 13_000
_CONTAINER = 40
_LINK = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+)")


def content(params: Params) -> tuple[str, list[Json], list[Json]]:
    """Text, blocks and attachments of a message. Raises SlackError for what Slack does not take."""
    words = text(params, "text")
    markdown = text(params, "markdown_text")
    blocks = params.get("blocks")
    attachments = params.get("attachments") or []
    if markdown:
        if words or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_CHARACTERS:
            raise SlackError("msg_too_long")
        return markdown, [], []
    shown = valid_blocks(blocks) if blocks else []
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > _ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if not words.strip() and not shown and not attachments:
        raise SlackError("no_text")
    return _LINK.sub(r"<\1>", words[:HARD_CUT]), shown, attachments


def bounded(blocks: list[Json]) -> None:
    """Raises SlackError `msg_blocks_too_long` for blocks that are too long together.

    Slack documents 12,000 characters "with a buffer for block containers" (github.com/slackapi/bolt-js/issues/2509);
    response URLs take more. Blocks that pass here passed there.
    """
    if sum(_text_in(block) + _CONTAINER for block in blocks) > _BLOCKS_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def _text_in(thing: Any) -> int:
    if isinstance(thing, dict):
        own = thing.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(_text_in, thing.values()))
    return sum(map(_text_in, thing)) if isinstance(thing, list) else 0


def streaming(message: Message) -> bool:
    """Whether text can be appended: Slack itself ends a stream five minutes after its start."""
    if message.streaming == "in_progress" and message.stream_ends <= message.channel.team.slack.clock.elapsed():
        message.streaming = "completed"
    return message.streaming == "in_progress"


def metadata(params: Params) -> Json | None:
    """Message metadata. Raises SlackError `invalid_metadata_format` or `invalid_metadata_schema`."""
    given: Any = params.get("metadata")
    if given in (None, "", {}):
        return None
    if not isinstance(given, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(given.get("event_type"), str) or not isinstance(given.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return given


def own_message(call: Call, refusal: str) -> "tuple[Channel, Message]":
    """The app's own message of `channel` and `ts`. Raises SlackError `message_not_found`, or `refusal` for others'."""
    name = required(call.params, "channel")
    room = call.workspace.rooms.get(name)
    if room is None or (room.kind != "channel" and not room.has_bot):
        raise SlackError("channel_not_found")
    message = room.find(required(call.params, "ts"))
    # Ephemeral messages have a timestamp that no method of the Web API finds.
    if message is None or message.deleted or message.ephemeral:
        raise SlackError("message_not_found")
    if message.user is not call.workspace.bot:
        raise SlackError(refusal)
    return room, message


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    room = room_to_write(call, required(call.params, "channel"))
    words, blocks, attachments = content(call.params)
    bounded(blocks)
    thread_ts = text(call.params, "thread_ts")
    valid_thread(room, thread_ts)
    broadcast = flag(call.params, "reply_broadcast")
    message = room.add(
        call.workspace.bot,
        words,
        blocks=blocks,
        thread_ts=thread_ts,
        broadcast=broadcast,
        subtype="thread_broadcast" if broadcast and thread_ts else "",
        attachments=attachments,
        metadata=metadata(call.params),
    )
    answer: Json = {"channel": room.id, "ts": message.ts, "message": message.json()}
    if len(text(call.params, "text")) > HARD_CUT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    """Blocks not given stay only when no text is given either; attachments and metadata not given stay."""
    params = call.params
    room, message = own_message(call, "cant_update_message")
    if streaming(message):
        raise SlackError("streaming_state_conflict")
    if room.archived:
        raise SlackError("is_inactive")
    if len(text(params, "text")) > UPDATE_CHARACTERS:
        raise SlackError("msg_too_long")
    words, blocks, attachments = content(params)
    bounded(blocks)
    if "blocks" not in params and not words:
        blocks = message.blocks
    if "attachments" not in params:
        attachments = message.attachments
    kept = message.metadata if "metadata" not in params else metadata(params)
    room.change(message, words or message.text, blocks, attachments=attachments, metadata=kept, marked=not blocks)
    return {"channel": room.id, "ts": message.ts, "text": message.text, "message": message.json()}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    room, message = own_message(call, "cant_delete_message")
    room.remove(message)
    return {"channel": room.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    room = room_to_write(call, required(call.params, "channel"))
    user = call.workspace.users.get(required(call.params, "user"))
    if user is None or user.id not in room.members:
        raise SlackError("user_not_in_channel")
    words, blocks, attachments = content(call.params)
    bounded(blocks)
    thread_ts = text(call.params, "thread_ts")
    valid_thread(room, thread_ts)
    message = room.add(
        call.workspace.bot, words, blocks=blocks, thread_ts=thread_ts, ephemeral_to=user, attachments=attachments
    )
    return {"message_ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> Json:
    room = room_to_read(call)
    ts = required(call.params, "message_ts")
    if room.find(ts) is None:
        raise SlackError("message_not_found")
    return {"channel": room.id, "permalink": f"{call.workspace.url}archives/{room.id}/p{ts.replace('.', '')}"}
