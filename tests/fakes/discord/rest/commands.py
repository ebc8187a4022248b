"""Application commands, global and per server."""

from typing import Any

from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.rest.command_forms import check_command, check_set
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json

_ALL = "/applications/{application_id}/commands"
_HERE = "/applications/{application_id}/guilds/{guild_id}/commands"


def _place(call: Call) -> int | None:
    """Where: None is everywhere. Raises 20012 for another application, 50001 for a server the bot is not on."""
    if call.id("application_id") != call.app.id:
        raise refusal(20012)
    return call.guild().id if "guild_id" in call.path else None


def _listed(call: Call) -> list[Json]:
    return call.app.commands.setdefault(_place(call), [])


def _made(call: Call, data: Json, old: Json | None = None) -> Json:
    """A command as Discord gives it back: with defaults, an id kept over changes, and a new version."""
    guild_id = _place(call)
    kind = data.get("type") or 1
    made: Json = {
        "id": old["id"] if old else str(call.world.ids.new()),
        "application_id": str(call.app.id),
        "version": str(call.world.ids.new()),
        "type": kind,
        "name": data["name"],
        "name_localizations": data.get("name_localizations"),
        "description": data.get("description") or "",
        "description_localizations": data.get("description_localizations"),
        "options": data.get("options") or [],
        "default_member_permissions": None,
        "dm_permission": data.get("dm_permission", True),
        "contexts": data.get("contexts"),
        "integration_types": data.get("integration_types") or [0],
        "nsfw": bool(data.get("nsfw")),
    }
    if data.get("default_member_permissions") is not None:
        made["default_member_permissions"] = str(data["default_member_permissions"])
    if guild_id is not None:
        made["guild_id"] = str(guild_id)
    return made


@route("GET", _ALL)
@route("GET", _HERE)
def list_commands(call: Call) -> list[Json]:
    """All of that place."""
    return _listed(call)


@route("PUT", _ALL)
@route("PUT", _HERE)
def replace_commands(call: Call) -> list[Json]:
    """Exactly these from now on; one of the same name and type keeps its id."""
    old, form, body = _listed(call), Form(), call.body
    if not isinstance(body, list):
        raise refusal(50109)
    check_set(form, body)
    for index, one in enumerate(body):
        if isinstance(one, dict):
            check_command(form, one, str(index))
    form.finish()
    made = [_made(call, one, _same(old, one)) for one in body]
    call.app.commands[_place(call)] = made
    call.world.happened()
    return made


def _same(listed: list[Json], data: Json) -> Json | None:
    kind = data.get("type") or 1
    return next((one for one in listed if one["name"] == data["name"] and one["type"] == kind), None)


@route("POST", _ALL, status=201)
@route("POST", _HERE, status=201)
def create_command(call: Call) -> Json:
    """A new one, or a new version of the one with that name and type."""
    listed, form = _listed(call), Form()
    check_command(form, call.data, "")
    form.finish()
    old = _same(listed, call.data)
    rest = [one for one in listed if one is not old]
    check_set(form, [*rest, call.data])
    form.finish()
    made = _made(call, call.data, old)
    call.app.commands[_place(call)] = [*rest, made]
    call.world.happened()
    return made


def _command(call: Call) -> Json:
    wanted = call.path["command_id"]
    found = next((one for one in _listed(call) if one["id"] == wanted), None)
    if found is None:
        raise refusal(10063)
    return found


@route("GET", _ALL + "/{command_id}")
@route("GET", _HERE + "/{command_id}")
def get_command(call: Call) -> Json:
    """One."""
    return _command(call)


@route("PATCH", _ALL + "/{command_id}")
@route("PATCH", _HERE + "/{command_id}")
def edit_command(call: Call) -> Json:
    """Change what the body names."""
    old, form = _command(call), Form()
    data: dict[str, Any] = {**old, **call.data}
    check_command(form, data, "")
    form.finish()
    listed = _listed(call)
    listed[listed.index(old)] = made = _made(call, data, old)
    return made


@route("DELETE", _ALL + "/{command_id}")
@route("DELETE", _HERE + "/{command_id}")
def delete_command(call: Call) -> None:
    """It goes."""
    _listed(call).remove(_command(call))
