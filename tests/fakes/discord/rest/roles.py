"""Roles of a server."""

from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.model import Role
from tests.fakes.discord.rest.members import check_role
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json


@route("GET", "/guilds/{guild_id}/roles")
def list_roles(call: Call) -> list[Json]:
    """All roles, @everyone too."""
    return [role.json() for role in call.guild().roles.values()]


@route("GET", "/guilds/{guild_id}/roles/{role_id}")
def get_role(call: Call) -> Json:
    """One role."""
    return _role(call, call.guild()).json()


def _role(call: Call, guild: Guild) -> Role:
    found = guild.roles.get(call.id("role_id"))
    if found is None:
        raise refusal(10011)
    return found


def _apply(call: Call, guild: Guild, role: Role) -> None:
    data, form = call.data, Form()
    form.text("name", data.get("name"), 100, 1)
    form.finish()
    if data.get("permissions") is not None:
        wanted = int(data["permissions"])
        if wanted & ~guild.rights(call.bot):
            raise refusal(50013)
        role.permissions = wanted
    for name in ("name", "color", "hoist", "mentionable"):
        if data.get(name) is not None:
            setattr(role, name, data[name])


@route("POST", "/guilds/{guild_id}/roles")
def create_role(call: Call) -> Json:
    """A new role, at the bottom."""
    guild = call.guild("manage_roles")
    role = Role(call.world.ids.new(), "new role", guild.everyone.permissions, 1)
    _apply(call, guild, role)
    guild.roles[role.id] = role
    guild.note("role_create", call.bot, None, call.reason)
    guild.tell("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role.json()})
    return role.json()


@route("PATCH", "/guilds/{guild_id}/roles/{role_id}")
def edit_role(call: Call) -> Json:
    """Change a role below the bot's own."""
    guild = call.guild("manage_roles")
    role = _role(call, guild)
    if role.height >= guild.rank(call.bot):
        raise refusal(50013)
    _apply(call, guild, role)
    guild.note("role_update", call.bot, None, call.reason)
    guild.update_role(role)
    return role.json()


@route("DELETE", "/guilds/{guild_id}/roles/{role_id}")
def delete_role(call: Call) -> None:
    """A role goes."""
    guild = call.guild("manage_roles")
    role = _role(call, guild)
    check_role(call, guild, role)
    guild.note("role_delete", call.bot, None, call.reason)
    guild.delete_role(role)
