"""The bot's own account, its application, the way to the gateway, and opening direct messages."""

from typing import Any

from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json


@route("GET", "/gateway", public=True)
def get_gateway(call: Call) -> Json:
    """Where the gateway is."""
    return {"url": call.world.gateway_url}


@route("GET", "/gateway/bot")
def get_gateway_bot(call: Call) -> Json:
    """The same with shards and sessions left."""
    limit = {
        "total": 1000,
        "remaining": call.app.session_starts,
        "reset_after": 14_400_000,
        "max_concurrency": call.app.max_concurrency,
    }
    return {"url": call.world.gateway_url, "shards": call.app.gateway_shards, "session_start_limit": limit}


@route("GET", "/users/@me")
def get_me(call: Call) -> Json:
    """The bot's account."""
    return call.bot.json() | {
        "mfa_enabled": True,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
        "bio": "",
    }


@route("GET", "/users/{user_id}")
def get_user(call: Call) -> Json:
    """Anybody's account."""
    found = call.world.users.get(call.id("user_id"))
    if found is None:
        raise refusal(10013)
    return found.json()


@route("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> list[Json]:
    """The servers the bot is on, `limit` (200) after or before an id."""
    after, before = int(call.query.get("after", 0)), int(call.query.get("before", 0))
    limit = int(call.query.get("limit", 200))
    mine = sorted((one for one in call.world.guilds.values() if call.app in one.apps), key=lambda one: one.id)
    fitting = [one for one in mine if one.id > after and (not before or one.id < before)]
    chosen = fitting[-limit:] if before else fitting[:limit]
    return [
        {
            "id": str(one.id),
            "name": one.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(one.rights(call.bot)),
            "features": [],
            "approximate_member_count": len(one.members),
            "approximate_presence_count": 0,
        }
        for one in chosen
    ]


@route("DELETE", "/users/@me/guilds/{guild_id}")
def leave_guild(call: Call) -> None:
    """The bot leaves a server."""
    call.guild().remove_app(call.app)


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def get_application(call: Call) -> Json:
    """The bot's application."""
    count = sum(1 for guild in call.world.guilds.values() if call.app in guild.apps)
    return call.app.json() | {"approximate_guild_count": count}


@route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Json:
    """The direct messages with a person; whether they take any shows when one is sent (50007)."""
    form = Form()
    wanted: Any = call.data.get("recipient_id")
    if wanted is None:
        form.missing("recipient_id")
    form.finish()
    user = call.world.users.get(int(wanted)) if str(wanted).isdigit() else None
    if user is None or user is call.bot:
        raise refusal(50033)
    return user.dm(call.app).json()
