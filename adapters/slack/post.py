"""One message out, by whatever way there is: posted, whispered, given by a response URL, or a file.

An id is a message's timestamp; "whisper:…" stands for a message that one person saw (Slack lets it be replaced only by
the button on it), "answer:…" for one given by a response URL, and "file:…" for a shared file.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from adapters.common.bounded import Bounded
from adapters.slack.api import Api
from adapters.slack.compose import Json, Part
from adapters.slack.people import People
from adapters.slack.reconcile import metadata
from adapters.slack.refusals import Refused
from adapters.slack.stream import Streams
from adapters.slack.uploads import Uploads
from adapters.slack.ways import Way
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

WHISPER, ANSWER, FILE = "whisper:", "answer:", "file:"
_REMEMBERED = 2_000
_NOT_THERE = ("not_in_channel", "channel_not_found", "user_not_in_channel", "channel_type_not_supported")
_NO_WHISPER = (*_NOT_THERE, "is_archived", "restricted_action")
_BAD_PICTURE = ("invalid_blocks", "invalid_blocks_format", "slack_file_not_found", "file_not_found")
_STREAMING = ("streaming_state_conflict", "message_in_streaming_state")


class Post:
    """Sends, replaces and takes back single parts. Raises `Refused`, `Lost` and `DeliveryError`."""

    def __init__(self, api: Api, workspaces: Workspaces, people: People, streams: Streams) -> None:
        self._api = api
        self._workspaces = workspaces
        self._people = people
        self._streams = streams
        self._uploads = Uploads(api, workspaces)
        self._uploaded: Bounded[tuple[str, int], str] = Bounded(_REMEMBERED)  # files of a key and part, not yet shared

    async def send(self, at: Workspace, way: Way, part: Part, key: str, index: int) -> tuple[str, str]:
        """Where it went and its id. `key` and `index` name it for a repeat."""
        if part.file is not None:
            return await self._send_file(at, way, part, key, index)
        blocks = await self._with_picture(at, part)
        try:
            return await self._say(at, way, part.text, blocks, metadata(key, index))
        except Refused as error:
            if part.picture is None or error.code not in _BAD_PICTURE:
                raise
        # Slack would not show the picture in the card: then below it.
        sent = await self._say(at, way, part.text, list(part.blocks), metadata(key, index))
        await self._send_file(at, way, Part(file=part.picture), key, -1 - index)
        return sent

    async def _with_picture(self, at: Workspace, part: Part) -> list[Json]:
        if part.picture is None:
            return list(part.blocks)
        return list(part.with_picture(await self._uploads.keep(at, part.picture)))

    async def _say(self, at: Workspace, way: Way, text: str, blocks: list[Json], meta: Json) -> tuple[str, str]:
        if way.user:
            return await self._whisper(at, way, text, blocks, meta)
        more = {"thread_ts": way.thread} if way.thread else {}
        try:
            return await self._message(at, way.channel, text, blocks, meta, more)
        except Refused as error:
            if way.handle is None or error.code not in _NOT_THERE:
                raise
            # A command works where the app is no member; its answer then goes the same way back.
            await self._respond(way, text, blocks, response_type="in_channel", replace_original=False)
            return way.channel, ANSWER + _name(meta)

    async def _message(
        self, at: Workspace, channel: str, text: str, blocks: list[Json], meta: Json, more: Json
    ) -> tuple[str, str]:
        answer = await self._workspaces.call(
            at,
            "chat.postMessage",
            channel=channel,
            text=text,
            blocks=blocks,
            metadata=meta,
            unfurl_links=False,
            unfurl_media=False,
            **more,
        )
        return str(answer.get("channel") or channel), str(answer["ts"])

    async def _respond(self, way: Way, text: str, blocks: list[Json], **how: object) -> None:
        assert way.handle is not None
        body = {"text": text, "blocks": blocks, **how}
        if way.thread:
            body["thread_ts"] = way.thread
        await self._api.respond(way.handle.url, body)

    async def _whisper(self, at: Workspace, way: Way, text: str, blocks: list[Json], meta: Json) -> tuple[str, str]:
        """Seen by one person where it was asked; where that cannot be, in their direct chat."""
        if way.handle is not None:
            try:
                await self._respond(way, text, blocks, response_type="ephemeral", replace_original=False)
                return way.channel, WHISPER + _name(meta)
            except Refused as error:
                if error.passing:
                    raise
                log.debug("a response URL did not take an answer: %s", error)  # used up, or too old
        more = {"thread_ts": way.thread} if way.thread else {}
        try:
            answer = await self._workspaces.call(
                at, "chat.postEphemeral", channel=way.channel, user=way.user, text=text, blocks=blocks, **more
            )
            return way.channel, f"{WHISPER}{answer['message_ts']}"
        except Refused as error:
            if error.code not in _NO_WHISPER:
                raise
        return await self._message(at, await self._people.direct(at, way.user), text, blocks, meta, {})

    async def _send_file(self, at: Workspace, way: Way, part: Part, key: str, index: int) -> tuple[str, str]:
        """Share a file; one for a single reader goes to their direct chat. Tried again, it is shared once."""
        assert part.file is not None
        channel, thread = way.channel, way.thread
        if way.user:
            channel, thread = await self._people.direct(at, way.user), ""
        name = (key, index)
        file_id = self._uploaded.get(name)
        if file_id is None or not await self._uploads.shared_in(at, file_id, channel):
            if file_id is None:
                file_id = await self._uploads.put(at, part.file)
                self._uploaded.put(name, file_id)
            await self._uploads.share(at, file_id, part.file, channel, thread)
        self._uploaded.pop(name)
        return channel, FILE + file_id

    async def replace(self, at: Workspace, way: Way, ts: str, part: Part) -> bool:
        """Whether the message now shows the part; False for one that only its button could replace, too late."""
        if ts.startswith((WHISPER, ANSWER)):
            return False
        blocks = await self._with_picture(at, part)
        try:
            return await self._replace(at, way, ts, part.text, blocks)
        except Refused as error:
            if part.picture is None or error.code not in _BAD_PICTURE:
                raise
        replaced = await self._replace(at, way, ts, part.text, list(part.blocks))
        await self._send_file(at, way, Part(file=part.picture), f"picture:{ts}", 0)
        return replaced

    async def _replace(self, at: Workspace, way: Way, ts: str, text: str, blocks: list[Json]) -> bool:
        pressed = way.handle is not None and way.handle.message == ts
        if not (pressed and way.handle is not None and way.handle.ephemeral):
            if way.user and not pressed:
                return False
            try:
                await self._update(at, way.channel, ts, text, blocks)
                return True
            except Refused as error:
                if not pressed or error.code not in (*_NOT_THERE, "cant_update_message"):
                    raise
        try:
            await self._respond(replace(way, thread=""), text, blocks, replace_original=True)
        except Refused as error:
            if error.passing:
                raise
            return False
        return True

    async def _update(self, at: Workspace, channel: str, ts: str, text: str, blocks: list[Json]) -> None:
        for again in (False, True):
            try:
                await self._workspaces.call(at, "chat.update", channel=channel, ts=ts, text=text, blocks=blocks)
                return
            except Refused as error:
                if again or error.code not in _STREAMING:
                    raise
                await self._streams.stop(at, channel, ts)  # one that an earlier process left open

    async def delete(self, at: Workspace, channel: str, message_id: str) -> None:
        """Take a message back as far as Slack still lets us."""
        try:
            if message_id.startswith(FILE):
                await self._workspaces.call(at, "files.delete", file=message_id.removeprefix(FILE))
            elif not message_id.startswith((WHISPER, ANSWER)):
                await self._workspaces.call(at, "chat.delete", channel=channel, ts=message_id)
        except Refused as error:
            if error.passing:
                raise
            log.debug("a message was not taken back: %s", error)


def _name(meta: Json) -> str:
    payload = meta["event_payload"]
    return f"{payload['key']}.{payload['part']}"
