"""Channels: reading, making, changing, deleting."""

from tests.fakes.discord.channel import CATEGORY, NEWS, TEXT, THREADS
from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json


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
    own = threads and channel.owner is call.bot
    if not own and not channel.may(call.bot, "manage_threads" if threads else "manage_channels"):
        raise refusal(50013)
    data, form = call.data, Form()
    form.text("name", data.get("name"), 100, 1)
    form.text("topic", data.get("topic"), 1024)
    if data.get("auto_archive_duration") is not None:
        form.one_of("auto_archive_duration", data["auto_archive_duration"], (60, 1440, 4320, 10080))
    form.finish()
    for name in ("name", "topic", "archived", "locked", "auto_archive_duration", "position"):
        if data.get(name) is not None:
            setattr(channel, name, data[name])
    if "parent_id" in data:
        channel.parent = call.world.channels.get(int(data["parent_id"])) if data["parent_id"] else None
    if data.get("permission_overwrites") is not None:
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
    """Set the overwrite of a role or person."""
    channel = call.channel("manage_roles")
    data = call.data
    channel.overwrites[call.id("target_id")] = [int(data.get("allow") or 0), int(data.get("deny") or 0)]
    channel.updated()


@route("DELETE", "/channels/{channel_id}/permissions/{target_id}")
def delete_overwrite(call: Call) -> None:
    """Remove it."""
    channel = call.channel("manage_roles")
    channel.overwrites.pop(call.id("target_id"), None)
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
