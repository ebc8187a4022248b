"""Servers, their bans and audit log."""

from tests.fakes.discord.clock import born
from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.rest.members import may_act_on, time_of
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json

_LONGEST_PAUSE = 86_400


@route("GET", "/guilds/{guild_id}")
def get_guild(call: Call) -> Json:
    """One server, with roles; with_counts adds the number of people."""
    guild = call.guild()
    data = guild.json()
    if call.query.get("with_counts", "").lower() in ("1", "true"):
        data |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return data


@route("PUT", "/guilds/{guild_id}/incident-actions")
def incident_actions(call: Call) -> Json:
    """Pause invitations, or direct messages among members, for at most a day; null ends it."""
    guild = call.guild("manage_guild")
    now, form, wanted = call.world.clock.now(), Form(), {}
    for name in ("invites_disabled_until", "dms_disabled_until"):
        value = call.data.get(name)
        wanted[name] = 0.0 if value is None else time_of(form, name, value)
        if wanted[name] > now + _LONGEST_PAUSE:
            form.wrong(name, "DATE_TIME_TYPE_MAX", "Must be at most 24 hours in the future")
    form.finish()
    guild.invites_paused_until = wanted["invites_disabled_until"]
    guild.dms_paused_until = wanted["dms_disabled_until"]
    guild.note("guild_update", call.bot, None, call.reason)
    guild.tell("GUILD_UPDATE", guild.json())
    return guild.incidents() or {"invites_disabled_until": None, "dms_disabled_until": None}


@route("GET", "/guilds/{guild_id}/onboarding")
def get_onboarding(call: Call) -> Json:
    """What members choose when they come: one prompt with all options."""
    guild = call.guild()
    options = [
        {
            "id": str(number),
            "title": f"Choice {number}",
            "description": "",
            "emoji": {"id": None, "name": None, "animated": False},
            "role_ids": [str(role.id) for role in roles],
            "channel_ids": [str(channel.id) for channel in channels],
        }
        for number, (roles, channels) in enumerate(guild.onboarding or (), 1)
    ]
    prompt: Json = {
        "id": "1",
        "title": "What brings you here?",
        "options": options,
        "single_select": False,
        "required": False,
        "in_onboarding": True,
        "type": 0,
    }
    return {
        "guild_id": str(guild.id),
        "prompts": [prompt] if options else [],
        "default_channel_ids": [],
        "enabled": guild.onboarding is not None,
        "mode": 0,
    }


@route("GET", "/guilds/{guild_id}/bans")
def list_bans(call: Call) -> list[Json]:
    """Who is banned, and why."""
    bans = call.guild("ban_members").bans
    return [{"user": call.world.users[number].json(), "reason": reason} for number, reason in sorted(bans.items())]


@route("GET", "/guilds/{guild_id}/bans/{user_id}")
def get_ban(call: Call) -> Json:
    """One ban."""
    guild = call.guild("ban_members")
    number = call.id("user_id")
    if number not in guild.bans:
        raise refusal(10026)
    return {"user": call.world.users[number].json(), "reason": guild.bans[number]}


@route("PUT", "/guilds/{guild_id}/bans/{user_id}")
def ban(call: Call) -> None:
    """Ban, and delete what was written in the last `delete_message_seconds` (at most a week)."""
    guild = call.guild("ban_members")
    user = call.world.users.get(call.id("user_id"))
    if user is None:
        raise refusal(10013)
    may_act_on(call, guild, user)
    # The library sends it in the address, others in the body: both work.
    data = (call.body if isinstance(call.body, dict) else {}) | call.query
    span, form = data.get("delete_message_seconds", 0), Form()
    if isinstance(span, str) and span.isdigit():
        span = int(span)
    form.number("delete_message_seconds", span, 0, 604_800)
    form.finish()
    since = call.world.clock.now() - (span or 0)
    for channel in guild.channels.values():
        for message in channel.messages:
            if message.author is user and born(message.id) >= since:
                channel.delete(message)
    if user.id in guild.bans:  # nothing new, and no second entry in the log
        return
    guild.bans[user.id] = call.reason
    guild.note("member_ban_add", call.bot, user, call.reason)
    if user.id in guild.members:
        guild.leave(user)
    guild.tell("GUILD_BAN_ADD", {"guild_id": str(guild.id), "user": user.json()})


@route("DELETE", "/guilds/{guild_id}/bans/{user_id}")
def unban(call: Call) -> None:
    """Lift a ban."""
    guild = call.guild("ban_members")
    number = call.id("user_id")
    if number not in guild.bans:
        raise refusal(10026)
    del guild.bans[number]
    user = call.world.users[number]
    guild.note("member_ban_remove", call.bot, user, call.reason)
    guild.tell("GUILD_BAN_REMOVE", {"guild_id": str(guild.id), "user": user.json()})
