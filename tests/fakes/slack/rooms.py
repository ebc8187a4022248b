"""Which conversation a call means, refused as Slack refuses: unknown, archived, not a member, no such thread."""

from typing import TYPE_CHECKING

from tests.fakes.slack.errors import SlackError, missing_scope
from tests.fakes.slack.params import required
from tests.fakes.slack.registry import Call

if TYPE_CHECKING:
    from tests.fakes.slack.channel import Channel

SCOPE_WORDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def room_to_read(call: Call, right: str = "read", *, member: bool = False) -> "Channel":
    """The conversation of `channel`; `member`: only one the app is in."""
    room = call.workspace.rooms.get(required(call.params, "channel"))
    if room is None or (room.kind != "channel" and not room.has_bot):
        raise SlackError("channel_not_found")
    needed = f"{SCOPE_WORDS[room.kind]}:{right}"
    if needed not in call.workspace.scopes:
        raise missing_scope(needed, ",".join(sorted(call.workspace.scopes)))
    if member and not room.has_bot:
        raise SlackError("not_in_channel")
    return room


def room_to_write(call: Call, name: str) -> "Channel":
    """The conversation the app writes to; a person's id is the direct message with them."""
    team = call.workspace
    if name in team.users:
        person = team.users[name]
        if person.deleted or person.bot_id:
            raise SlackError("cannot_dm_bot" if person.bot_id else "user_disabled")
        name = team.im(person).id
    room = team.rooms.get(name)
    if room is None:
        bare = name.removeprefix("#")
        room = next((one for one in team.rooms.values() if one.name == bare and one.kind == "channel"), None)
    if room is None or (room.kind != "channel" and not room.has_bot):
        raise SlackError("channel_not_found")
    if room.archived:
        raise SlackError("is_archived")
    if room.kind == "im" and not call.slack.messages_tab:
        raise SlackError("messages_tab_disabled")
    if not room.has_bot and "chat:write.public" not in team.scopes:
        raise SlackError("not_in_channel")
    return room


def valid_thread(room: "Channel", thread_ts: str) -> None:
    """Raises SlackError `thread_not_found` for a thread of nothing."""
    if thread_ts:
        root = room.find(thread_ts)
        if root is None or root.ephemeral:
            raise SlackError("thread_not_found")
