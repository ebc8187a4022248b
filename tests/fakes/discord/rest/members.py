"""Members of a server: reading, searching, changing, kicking."""

from datetime import datetime

from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.model import Member, Role, User
from tests.fakes.discord.permissions import BITS
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json

_LONGEST_TIMEOUT = 28 * 86_400


def member_of(call: Call, guild: Guild) -> Member:
    """The member of the address. Raises 10013 for nobody, 10007 for one who is not here."""
    number = call.id("user_id")
    if number not in call.world.users:
        raise refusal(10013)
    if number not in guild.members:
        raise refusal(10007)
    return guild.members[number]


def may_act_on(call: Call, guild: Guild, user: User) -> None:
    """Nobody acts on the owner, or on those who stand as high as they themselves. Raises 50013."""
    if user is guild.owner or (user is not call.bot and guild.rank(user) >= guild.rank(call.bot)):
        raise refusal(50013)


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def get_member(call: Call) -> Json:
    """One member."""
    return member_of(call, call.guild()).json()


@route("GET", "/guilds/{guild_id}/members")
def list_members(call: Call) -> list[Json]:
    """`limit` (1, at most 1000) members by id; needs the members intent (50001)."""
    guild = call.guild()
    if "members" not in call.app.privileged:
        raise refusal(50001)
    limit, after = int(call.query.get("limit", 1)), int(call.query.get("after", 0))
    form = Form()
    form.number("limit", limit, 1, 1000)
    form.finish()
    found = [guild.members[number] for number in sorted(guild.members) if number > after]
    return [member.json() for member in found[:limit]]


@route("GET", "/guilds/{guild_id}/members/search")
def search_members(call: Call) -> list[Json]:
    """Members whose name or nickname begins so."""
    guild, query = call.guild(), call.query.get("query", "").lower()
    form = Form()
    form.text("query", query, 100, 1)
    form.finish()
    found = [
        member
        for member in guild.members.values()
        if any(
            (name or "").lower().startswith(query)
            for name in (member.user.username, member.user.global_name, member.nick)
        )
    ]
    return [member.json() for member in found[: int(call.query.get("limit", 1))]]


@route("PATCH", "/guilds/{guild_id}/members/@me")
def edit_me(call: Call) -> Json:
    """The bot's own nickname."""
    guild = call.guild()
    if "nick" in call.data:
        if not guild.rights(call.bot) & (BITS["change_nickname"] | BITS["manage_nicknames"]):
            raise refusal(50013)
        guild.member(call.bot).nick = call.data["nick"] or None
        guild.update_member(guild.member(call.bot))
    return guild.member(call.bot).json()


@route("PATCH", "/guilds/{guild_id}/members/{user_id}")
def edit_member(call: Call) -> Json:
    """Nickname, roles, timeout of at most 28 days; each needs its permission and a higher rank."""
    guild = call.guild()
    member, data, form = member_of(call, guild), call.data, Form()
    rights = guild.rights(call.bot)
    form.text("nick", data.get("nick"), 32)
    until = 0.0
    if data.get("communication_disabled_until") is not None:
        until = time_of(form, "communication_disabled_until", data["communication_disabled_until"])
        if until - call.world.clock.now() > _LONGEST_TIMEOUT + 60:
            text = "Must be at most 28 days in the future"
            form.wrong("communication_disabled_until", "MEMBER_TIMEOUT_TOO_LONG", text)
    form.finish()
    if "nick" in data:
        _need(rights, "manage_nicknames")
        may_act_on(call, guild, member.user)
    if "communication_disabled_until" in data:
        _need(rights, "moderate_members")
        may_act_on(call, guild, member.user)
        if guild.rights(member.user) & BITS["administrator"]:
            raise refusal(50013)
    if data.get("roles") is not None:
        _need(rights, "manage_roles")
        wanted = [_role(guild, one) for one in data["roles"]]
        for role in set(wanted) ^ set(member.roles):
            check_role(call, guild, role)
        member.roles = wanted
        guild.note("member_role_update", call.bot, member.user, call.reason)
    if "nick" in data:
        member.nick = data["nick"] or None
    if "communication_disabled_until" in data:
        member.timeout_until = until
    if {"nick", "communication_disabled_until"} & set(data):
        guild.note("member_update", call.bot, member.user, call.reason)
    guild.update_member(member)
    return member.json()


def _need(rights: int, name: str) -> None:
    if not rights & BITS[name]:
        raise refusal(50013)


def time_of(form: Form, name: str, text: object) -> float:
    """A moment that a field of the body names, in Unix seconds."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        form.wrong(name, "DATE_TIME_TYPE_PARSE", f"Could not parse {text}.")
        return 0.0


def _role(guild: Guild, number: object) -> Role:
    found = guild.roles.get(int(str(number)))
    if found is None:
        raise refusal(10011)
    return found


def check_role(call: Call, guild: Guild, role: Role) -> None:
    """A role that may be given and taken: not managed, not @everyone, below the bot's highest. Raises 50013."""
    if role.managed_by is not None or role is guild.everyone or role.height >= guild.rank(call.bot):
        raise refusal(50013)


@route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def give_role(call: Call) -> None:
    """Give one role."""
    _change_role(call, given=True)


@route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def take_role(call: Call) -> None:
    """Take one role."""
    _change_role(call, given=False)


def _change_role(call: Call, *, given: bool) -> None:
    guild = call.guild("manage_roles")
    member, role = member_of(call, guild), _role(guild, call.id("role_id"))
    check_role(call, guild, role)
    guild.note("member_role_update", call.bot, member.user, call.reason)
    (guild.give if given else guild.take)(member.user, role)


@route("DELETE", "/guilds/{guild_id}/members/{user_id}")
def kick(call: Call) -> None:
    """Remove somebody, who may come back."""
    guild = call.guild("kick_members")
    member = member_of(call, guild)
    may_act_on(call, guild, member.user)
    guild.note("member_kick", call.bot, member.user, call.reason)
    guild.leave(member.user)
