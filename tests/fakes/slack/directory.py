"""auth.*, users.*, team.*, bots.*, usergroups.*: who the app is, and who is there."""

from tests.fakes.slack.conversations import paged
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.params import flag, required
from tests.fakes.slack.registry import Call, method
from tests.fakes.wire import Json


@method("auth.test")
def auth_test(call: Call) -> Json:
    team = call.workspace
    return {
        "url": team.url,
        "team": team.name,
        "user": team.bot.name,
        "team_id": team.id,
        "user_id": team.bot.id,
        "bot_id": team.bot.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke")
def auth_revoke(call: Call) -> Json:
    if not flag(call.params, "test"):
        call.workspace.revoke()
    return {"revoked": not flag(call.params, "test")}


@method("api.test", token="client")
def api_test(call: Call) -> Json:
    return {"args": call.params}


@method("apps.connections.open", token="app")
def connections_open(call: Call) -> Json:
    ticket = call.slack.ids.uuid()
    call.slack.tickets.add(ticket)
    address = call.slack.origin.replace("http://", "ws://")
    return {"url": f"{address}/link?ticket={ticket}&app_id={call.slack.app_id}"}


@method("team.info", "team:read")
def team_info(call: Call) -> Json:
    return {"team": call.workspace.json()}


@method("users.info", "users:read")
def users_info(call: Call) -> Json:
    user = call.workspace.users.get(required(call.params, "user"))
    if user is None:
        raise SlackError("user_not_found")
    email = "users:read.email" in call.workspace.scopes
    return {"user": user.json(email=email, locale=flag(call.params, "include_locale"))}


@method("users.list", "users:read")
def users_list(call: Call) -> Json:
    email = "users:read.email" in call.workspace.scopes
    locale = flag(call.params, "include_locale")
    everybody = [user.json(email=email, locale=locale) for user in call.workspace.users.values()]
    return {**paged("members", everybody, call.params), "cache_ts": int(call.slack.clock.time())}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(call: Call) -> Json:
    email = required(call.params, "email")
    user = next((one for one in call.workspace.users.values() if one.email == email and not one.deleted), None)
    if user is None:
        raise SlackError("users_not_found")
    return {"user": user.json(email=True)}


@method("bots.info", "users:read")
def bots_info(call: Call) -> Json:
    bot = required(call.params, "bot")
    user = next((one for one in call.workspace.users.values() if one.bot_id == bot), None)
    if user is None:
        raise SlackError("bot_not_found")
    return {"bot": {**user.bot_profile(), "user_id": user.id}}


@method("usergroups.list", "usergroups:read")
def usergroups_list(call: Call) -> Json:
    groups = [group.json() for group in call.workspace.usergroups.values()]
    hidden = [
        name
        for name, argument in (("users", "include_users"), ("user_count", "include_count"))
        if not flag(call.params, argument)
    ]
    return {"usergroups": [{k: v for k, v in group.items() if k not in hidden} for group in groups]}


@method("usergroups.users.list", "usergroups:read")
def usergroups_users(call: Call) -> Json:
    group = call.workspace.usergroups.get(required(call.params, "usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": [user.id for user in group.users]}
