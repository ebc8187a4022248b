"""chat.startStream, appendStream, stopStream: text that grows before people's eyes."""

from typing import TYPE_CHECKING

from tests.fakes.slack.blocks import MARKDOWN_CHARACTERS, valid_blocks
from tests.fakes.slack.chat import bounded, metadata, own_message, streaming
from tests.fakes.slack.errors import SlackError, invalid_arguments
from tests.fakes.slack.model import Message
from tests.fakes.slack.params import Params, required, text
from tests.fakes.slack.registry import Call, method
from tests.fakes.slack.room import without_metadata
from tests.fakes.slack.rooms import room_to_write, valid_thread
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.channel import Channel

# A stream lives for five minutes; appending does not prolong it.
LIFE_SECONDS = 300.0


@method("chat.startStream", "chat:write")
def start_stream(call: Call) -> Json:
    team = call.workspace
    if not team.streaming:
        raise SlackError("unknown_method")
    room = room_to_write(call, required(call.params, "channel"))
    thread_ts = text(call.params, "thread_ts")
    if not thread_ts and room.kind == "im":
        raise invalid_arguments("missing required field: thread_ts")
    valid_thread(room, thread_ts)
    if room.kind != "im":
        if not text(call.params, "recipient_team_id"):
            raise SlackError("missing_recipient_team_id")
        if not text(call.params, "recipient_user_id"):
            raise SlackError("missing_recipient_user_id")
    piece, chunks = _piece(call.params)
    message = room.add(team.bot, piece, thread_ts=thread_ts, streaming="in_progress", chunks=chunks)
    message.stream_ends = call.slack.clock.elapsed() + LIFE_SECONDS
    return {"channel": room.id, "ts": message.ts}


@method("chat.appendStream", "chat:write")
def append_stream(call: Call) -> Json:
    room, message = _streaming(call)
    piece, chunks = _piece(call.params)
    if not piece and not chunks:
        raise SlackError("no_text")
    message.text += piece
    message.chunks += chunks
    room.touched(message)
    return {"channel": room.id, "ts": message.ts}


@method("chat.stopStream", "chat:write")
def stop_stream(call: Call) -> Json:
    room, message = _streaming(call)
    piece, chunks = _piece(call.params)
    blocks = call.params.get("blocks")
    shown = valid_blocks(blocks) if blocks else []
    bounded(shown)
    given = metadata(call.params)
    before = without_metadata(message.json())
    message.text += piece
    message.chunks += chunks
    if shown:
        # The streamed text stays; the blocks come under it.
        message.blocks = [{"type": "markdown", "block_id": "streamed", "text": message.text}, *shown]
    message.metadata = given or message.metadata
    message.streaming = "completed"
    room.touched(message)
    room.tell_changed(message, before)
    return {"channel": room.id, "ts": message.ts, "message": message.json()}


def _streaming(call: Call) -> "tuple[Channel, Message]":
    room, message = own_message(call, "message_not_owned_by_app")
    if message.stopped_by is not None:
        raise SlackError("stopped_by_user")
    if not streaming(message):
        raise SlackError("message_not_in_streaming_state")
    return room, message


def _piece(params: Params) -> tuple[str, list[Json]]:
    """The text to append, and the chunks that are no text. The limit holds for each piece."""
    chunks = params.get("chunks") or []
    if not isinstance(chunks, list):
        raise SlackError("invalid_chunks")
    pieces = [text(params, "markdown_text")]
    for one in chunks:
        kind = one.get("type") if isinstance(one, dict) else None
        if kind not in ("markdown_text", "task_update", "plan_update", "blocks"):
            raise SlackError("invalid_chunks")
        if kind == "markdown_text":
            pieces.append(text(one, "text"))
    if any(len(piece) > MARKDOWN_CHARACTERS for piece in pieces):
        raise SlackError("msg_too_long")
    return "".join(pieces), [one for one in chunks if one["type"] != "markdown_text"]
