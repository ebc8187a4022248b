"""Files: the three steps of an upload, files.info, and downloads that need the token."""

import mimetypes
from typing import TYPE_CHECKING

from tests.fakes.slack.blocks import valid_blocks
from tests.fakes.slack.errors import SlackError, invalid_arguments
from tests.fakes.slack.model import StoredFile, User
from tests.fakes.slack.params import listed, required, text, whole
from tests.fakes.slack.registry import Call, method
from tests.fakes.slack.rooms import room_to_write, valid_thread
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.team import Team


class Files:
    """The files of one workspace."""

    def __init__(self, team: "Team") -> None:
        self.by_id: dict[str, StoredFile] = {}
        self.tickets: dict[str, StoredFile] = {}
        self._team = team

    def keep(self, name: str, content: bytes, mime: str, user: User | None) -> StoredFile:
        """A file on Slack's servers."""
        slack = self._team.slack
        file_id = slack.ids.new("F")
        url = f"{slack.origin}/files-pri/{self._team.id}-{file_id}/{name}"
        stored = StoredFile(file_id, name, name, mime, content, url, int(slack.clock.time()), user)
        self.by_id[file_id] = stored
        return stored


@method("files.getUploadURLExternal", "files:write", form_only=True)
def get_upload_url(call: Call) -> Json:
    name = required(call.params, "filename")
    length = whole(call.params, "length", 0)
    if length <= 0:
        raise invalid_arguments("must be greater than 0 [json-pointer:/length]")
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    stored = call.workspace.files.keep(name, b"", mime, None)
    stored.expected = length
    ticket = call.slack.ids.secret()
    call.workspace.files.tickets[ticket] = stored
    return {"upload_url": f"{call.slack.origin}/upload/v1/{ticket}", "file_id": stored.id}


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> Json:
    team = call.workspace
    wanted = call.params.get("files")
    if not isinstance(wanted, list) or not wanted:
        raise invalid_arguments("missing required field: files")
    done: list[StoredFile] = []
    for one in wanted:
        stored = team.files.by_id.get(one.get("id", "")) if isinstance(one, dict) else None
        if stored is None or stored.user is not None or len(stored.content) != stored.expected:
            raise SlackError("file_not_found")
        stored.title = one.get("title") or stored.name
        done.append(stored)
    names = listed(call.params, "channels") or [one for one in [text(call.params, "channel_id")] if one]
    rooms = [room_to_write(call, name) for name in names]
    thread_ts = text(call.params, "thread_ts")
    blocks = call.params.get("blocks")
    shown = valid_blocks(blocks) if blocks else []
    for room in rooms:
        valid_thread(room, thread_ts)
    for stored in done:
        stored.user = team.bot
        stored.channels += [room.id for room in rooms]
    for room in rooms:
        comment = text(call.params, "initial_comment")
        room.add(team.bot, comment, blocks=shown, files=done, thread_ts=thread_ts, subtype="file_share")
    call.slack.tick()
    return {"files": [{"id": stored.id, "title": stored.title} for stored in done]}


@method("files.info", "files:read")
def info(call: Call) -> Json:
    stored = call.workspace.files.by_id.get(required(call.params, "file"))
    if stored is None:
        raise SlackError("file_not_found")
    return {"file": stored.json(), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", "files:write")
def delete(call: Call) -> Json:
    stored = call.workspace.files.by_id.get(required(call.params, "file"))
    if stored is None:
        raise SlackError("file_not_found")
    if stored.user is not call.workspace.bot:
        raise SlackError("cant_delete_file")
    del call.workspace.files.by_id[stored.id]
    return {}
