"""Channels: reading, making, changing, deleting."""

from tests.fakes.discord.channel import CATEGORY, NEWS, TEXT, THREADS, Channel
from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json

_WITHOUT_SLOW_MODE = (CATEGORY, NEWS)


@route("GET", "/channels/{channel_id}")
def get_channel(call: Call) -> Json:
    """One channel or thread."""
    return call.channel().json()


@route("PATCH", "/channels/{channel_id}")
def edit_channel(call: Call) -> Json:
    """Change name, topic, parent, overwrites; a thread's name and life."""
    channel = call.channel()
    if channel.guild is None:
        raise refusal(50003)
    threads = channel.type in THREADS
    data = call.data
    own = threads and channel.owner is call.bot and not {"locked", "rate_limit_per_user"} & set(data)
    if not own and not channel.may(call.bot, "manage_threads" if threads else "manage_channels"):
        raise refusal(50013)
    if channel.archived and data.get("archived") is not False:
        raise refusal(50083)
    form = Form()
    form.text("name", data.get("name"), 100, 1)
    form.text("topic", data.get("topic"), 1024)
    form.number("rate_limit_per_user", data.get("rate_limit_per_user"), 0, 21_600)
    if data.get("auto_archive_duration") is not None:
        form.one_of("auto_archive_duration", data["auto_archive_duration"], (60, 1440, 4320, 10080))
    form.finish()
    for name in ("name", "topic", "archived", "locked", "auto_archive_duration", "position"):
        if data.get(name) is not None:
            setattr(channel, name, data[name])
    if data.get("rate_limit_per_user") is not None and channel.type not in _WITHOUT_SLOW_MODE:
        channel.slow = data["rate_limit_per_user"]
    if "parent_id" in data:
        channel.parent = call.world.channels.get(int(data["parent_id"])) if data["parent_id"] else None
    if data.get("permission_overwrites") is not None:
        if not channel.may(call.bot, "manage_roles"):
            raise refusal(50013)
        listed = data["permission_overwrites"]
        channel.overwrites = {int(one["id"]): [int(one["allow"]), int(one["deny"])] for one in listed}
    channel.guild.note("channel_update", call.bot, None, call.reason)
    channel.updated()
    return channel.json()


@route("DELETE", "/channels/{channel_id}")
def delete_channel(call: Call) -> Json:
    """A channel goes; direct messages are only closed."""
    channel = call.channel()
    body = channel.json()
    if channel.guild is not None:
        if not channel.may(call.bot, "manage_threads" if channel.type in THREADS else "manage_channels"):
            raise refusal(50013)
        channel.guild.note("channel_delete", call.bot, None, call.reason)
        channel.remove()
    return body


@route("PUT", "/channels/{channel_id}/permissions/{target_id}")
def put_overwrite(call: Call) -> None:
    """Set the overwrite of a role or person: only what the bot may do itself can be allowed and denied."""
    channel, guild = _guarded(call)
    data, form, target = call.data, Form(), call.id("target_id")
    form.one_of("type", data.get("type"), (0, 1))
    form.finish()
    if target not in (guild.roles if data["type"] == 0 else call.world.users):
        raise refusal(10011 if data["type"] == 0 else 10013)
    old = channel.overwrites.get(target, [0, 0])
    new = [int(data.get("allow") or 0), int(data.get("deny") or 0)]
    changed = (old[0] ^ new[0]) | (old[1] ^ new[1])
    if changed & ~(guild.rights(call.bot) | channel.rights(call.bot)):
        raise refusal(50013)
    guild.note(
        "channel_overwrite_update" if target in channel.overwrites else "channel_overwrite_create",
        call.bot,
        call.world.users.get(target),
        call.reason,
    )
    channel.overwrites[target] = new
    channel.updated()


def _guarded(call: Call) -> tuple[Channel, Guild]:
    channel = call.channel("manage_roles")
    if channel.guild is None or channel.type in THREADS:
        raise refusal(50024)
    return channel, channel.guild


@route("DELETE", "/channels/{channel_id}/permissions/{target_id}")
def delete_overwrite(call: Call) -> None:
    """Remove it."""
    channel, guild = _guarded(call)
    if channel.overwrites.pop(call.id("target_id"), None) is None:
        raise refusal(10009)
    guild.note("channel_overwrite_delete", call.bot, call.world.users.get(call.id("target_id")), call.reason)
    channel.updated()


@route("GET", "/guilds/{guild_id}/channels")
def list_channels(call: Call) -> list[Json]:
    """The channels of a server, without threads."""
    return [one.json() for one in call.guild().channels.values() if one.type not in THREADS]


@route("POST", "/guilds/{guild_id}/channels", status=201)
def create_channel(call: Call) -> Json:
    """A new channel or category."""
    guild = call.guild("manage_channels")
    data, form = call.data, Form()
    form.text("name", data.get("name"), 100, 1, required=True)
    form.text("topic", data.get("topic"), 1024)
    form.one_of("type", data.get("type") or 0, (TEXT, CATEGORY, NEWS))
    form.finish()
    name = data["name"] if data.get("type") == CATEGORY else data["name"].lower().replace(" ", "-")
    parent = guild.channels.get(int(data["parent_id"])) if data.get("parent_id") else None
    made = guild.channel(name, kind=data.get("type") or TEXT, topic=data.get("topic") or "", parent=parent)
    for one in data.get("permission_overwrites") or ():
        made.overwrites[int(one["id"])] = [int(one.get("allow") or 0), int(one.get("deny") or 0)]
    guild.note("channel_create", call.bot, None, call.reason)
    return made.json()
