"""conversations.* and reactions.*: what the app may know of conversations, and coming and going."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tests.fakes.slack.errors import SlackError, missing_scope
from tests.fakes.slack.model import Message
from tests.fakes.slack.params import Params, flag, listed, required, text, whole
from tests.fakes.slack.registry import Call, method
from tests.fakes.slack.room import without_metadata
from tests.fakes.slack.rooms import SCOPE_WORDS, room_to_read, room_to_write
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.channel import Channel

_NOT_TOLD = ("is_member", "num_members")
_MANAGING = {"channel": "channels:manage", "group": "groups:write"}
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def page(things: Sequence[Json] | Sequence[str], params: Params, default: int = 100) -> tuple[list[Json], str]:
    """One page of a list, and the cursor of the next ("" at the end). Raises SlackError `invalid_cursor`."""
    cursor = text(params, "cursor")
    start = 0
    if cursor:
        if not cursor.removeprefix("next_").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("next_"))
    limit = whole(params, "limit", default)
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    end = start + limit
    return list(things[start:end]), f"next_{end}" if end < len(things) else ""  # type: ignore[arg-type]


def paged(name: str, things: Sequence[Json] | Sequence[str], params: Params) -> Json:
    """A page as the answer has it."""
    found, cursor = page(things, params)
    return {name: found, "response_metadata": {"next_cursor": cursor}}


@method("conversations.info")
def info(call: Call) -> Json:
    channel = room_to_read(call).json()
    if not flag(call.params, "include_num_members"):
        channel.pop("num_members", None)
    return {"channel": channel}


@method("conversations.list")
def list_rooms(call: Call) -> Json:
    return paged("channels", [room.json() for room in _of_types(call)], call.params)


@method("users.conversations")
def of_user(call: Call) -> Json:
    """Those of anybody, but private ones only where the app is too. They do not say who is a member."""
    user = text(call.params, "user") or call.workspace.bot.id
    if user not in call.workspace.users:
        raise SlackError("user_not_found")
    mine = [room.json() for room in _of_types(call) if user in room.members]
    told = [{name: value for name, value in one.items() if name not in _NOT_TOLD} for one in mine]
    return paged("channels", told, call.params)


@method("conversations.members")
def members(call: Call) -> Json:
    return paged("members", list(room_to_read(call).members), call.params)


@method("conversations.history")
def history(call: Call) -> Json:
    room = room_to_read(call, "history", member=True)
    tops = [one for one in room.messages if one.thread_ts in ("", one.ts) or one.broadcast]
    found, cursor = page(_shown(call, reversed(_between(tops, call.params))), call.params)
    return {"messages": found, "has_more": bool(cursor), "pin_count": 0, "response_metadata": {"next_cursor": cursor}}


@method("conversations.replies")
def replies(call: Call) -> Json:
    room = room_to_read(call, "history", member=True)
    root = room.find(required(call.params, "ts"))
    if root is None or root.deleted or root.ephemeral:
        raise SlackError("thread_not_found")
    root = room.find(root.thread_ts) or root
    rest = _between(room.thread(root), call.params)
    found, cursor = page(_shown(call, [root, *rest]), call.params)
    return {"messages": found, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


@method("conversations.open", "im:write", "mpim:write")
def open_room(call: Call) -> Json:
    team = call.workspace
    if name := text(call.params, "channel"):
        room = team.rooms.get(name)
        if room is None or room.kind not in ("im", "mpim"):
            raise SlackError("channel_not_found")
        return {"channel": {"id": room.id}, "no_op": True, "already_open": True}
    names = listed(call.params, "users")
    if not names:
        raise SlackError("users_list_not_supplied")
    people = [team.users.get(name) for name in names]
    if None in people:
        raise SlackError("user_not_found")
    present = [one for one in people if one is not None]
    if any(one.bot_id for one in present):
        raise SlackError("cannot_dm_bot")
    if any(one.deleted for one in present):
        raise SlackError("user_disabled")
    needed = "im:write" if len(present) == 1 else "mpim:write"
    if needed not in team.scopes:
        raise missing_scope(needed, ",".join(sorted(team.scopes)))
    room = team.im(present[0]) if len(present) == 1 else team.mpim(present)
    return {"channel": room.json() if flag(call.params, "return_im") else {"id": room.id}}


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    room = room_to_read(call)
    if room.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if room.archived:
        raise SlackError("is_archived")
    if room.has_bot:
        return {"channel": room.json(), "warning": "already_in_channel"}
    room.join(call.workspace.bot)
    return {"channel": room.json()}


@method("conversations.leave", "channels:manage", "groups:write")
def leave(call: Call) -> Json:
    room = room_to_read(call)
    if not room.has_bot:
        return {"not_in_channel": True}
    room.leave(call.workspace.bot)
    return {}


@method("conversations.invite", "channels:manage", "groups:write")
def invite(call: Call) -> Json:
    room = room_to_write(call, required(call.params, "channel"))
    for name in listed(call.params, "users"):
        user = call.workspace.users.get(name)
        if user is None:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("cant_invite")
        if user.id in room.members:
            raise SlackError("already_in_channel")
        room.join(user, call.workspace.bot)
    return {"channel": room.json()}


@method("conversations.kick", "channels:manage", "groups:write")
def kick(call: Call) -> Json:
    """An app removes people where it is itself, as far as the workspace lets those without rank do it."""
    team = call.workspace
    room = team.rooms.get(required(call.params, "channel"))
    user = team.users.get(required(call.params, "user"))
    if room is None or (room.kind != "channel" and not room.has_bot):
        raise SlackError("channel_not_found")
    if room.kind not in _MANAGING:
        raise SlackError("method_not_supported_for_channel_type")
    if _MANAGING[room.kind] not in team.scopes:
        raise missing_scope(_MANAGING[room.kind], ",".join(sorted(team.scopes)))
    if user is None:
        raise SlackError("user_not_found")
    if user is team.bot:
        raise SlackError("cant_kick_self")
    if room.archived:
        raise SlackError("is_archived")
    if room.name == "general":
        raise SlackError("cant_kick_from_general")
    if not room.has_bot or user.id not in room.members:
        raise SlackError("not_in_channel")
    if user.manages or team.removal[room.kind] == "admins":
        raise SlackError("restricted_action")
    room.leave(user)
    return {"errors": {}}


@method("reactions.add", "reactions:write")
def add_reaction(call: Call) -> Json:
    room, message = _reacted(call)
    name, bot = required(call.params, "name").strip(":"), call.workspace.bot
    if bot.id in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    room.react(bot, message, name)
    return {}


@method("reactions.remove", "reactions:write")
def remove_reaction(call: Call) -> Json:
    room, message = _reacted(call)
    name, bot = required(call.params, "name").strip(":"), call.workspace.bot
    if bot.id not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    room.unreact(bot, message, name)
    return {}


@method("reactions.get", "reactions:read")
def get_reactions(call: Call) -> Json:
    room, message = _reacted(call)
    return {"type": "message", "channel": room.id, "message": message.json()}


def _reacted(call: Call) -> "tuple[Channel, Message]":
    room = room_to_write(call, required(call.params, "channel"))
    message = room.find(required(call.params, "timestamp"))
    if message is None or message.deleted or message.ephemeral:
        raise SlackError("message_not_found")
    return room, message


def _of_types(call: Call) -> "list[Channel]":
    wanted = listed(call.params, "types") or ["public_channel"]
    kinds: list[str] = []
    for name in wanted:
        if name not in _TYPES:
            raise SlackError("invalid_types")
        kinds.append(_TYPES[name])
        needed = f"{SCOPE_WORDS[_TYPES[name]]}:read"
        if needed not in call.workspace.scopes:
            raise missing_scope(needed, ",".join(sorted(call.workspace.scopes)))
    hidden = flag(call.params, "exclude_archived")
    return [
        room
        for room in call.workspace.rooms.values()
        if room.kind in kinds and (room.kind == "channel" or room.has_bot) and not (hidden and room.archived)
    ]


def _shown(call: Call, messages: Iterable[Message]) -> list[Json]:
    """Messages as history has them: their metadata only for who asked for it."""
    kept = flag(call.params, "include_all_metadata")
    shown = [one.json() for one in messages]
    return shown if kept else [without_metadata(one) for one in shown]


def _between(messages: list[Message], params: Params) -> list[Message]:
    oldest, latest = text(params, "oldest") or "0", text(params, "latest") or "9999999999"
    low, high, inclusive = float(oldest), float(latest), flag(params, "inclusive")
    return [one for one in messages if low < float(one.ts) < high or (inclusive and float(one.ts) in (low, high))]
