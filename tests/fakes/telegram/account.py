"""Methods about the bot itself: who it is, its updates, webhook and command menus, its files."""

import json
import re
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.errors import bad_request, conflict
from tests.fakes.telegram.files import DOWNLOAD_LIMIT
from tests.fakes.telegram.mailbox import WEBHOOK_ACTIVE
from tests.fakes.telegram.model import Bot
from tests.fakes.telegram.params import Params, flag, integer, mapping, string
from tests.fakes.telegram.registry import find_chat, method
from tests.fakes.telegram.webhook import Courier
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])[:/]")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


class RawJson(bytes):
    """A `result` that is JSON already."""


@method("getMe")
def get_me(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """The bot's account; can_read_all_group_messages tells that privacy mode is off."""
    return {
        **bot.user.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not bot.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _allow(bot: Bot, params: Params) -> None:
    kinds = params.get("allowed_updates")
    if isinstance(kinds, list):
        bot.mailbox.allow(str(kind) for kind in kinds)


@method("getUpdates")
async def get_updates(tg: "FakeTelegram", bot: Bot, params: Params) -> RawJson:
    """Pending updates; see `Mailbox.poll`."""
    if bot.courier is not None:
        raise conflict(WEBHOOK_ACTIVE)
    _allow(bot, params)
    limit = integer(params, "limit", 100)
    offset = integer(params, "offset") if "offset" in params else None
    timeout = min(50, max(0, integer(params, "timeout")))
    return RawJson(await bot.mailbox.poll(offset, limit if 1 <= limit <= 100 else 100, timeout))


@method("setWebhook")
async def set_webhook(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Deliver updates to an address from now on.

    Plain http is taken for loopback only, as a local Bot API server does; certificates are not looked at.
    """
    url = string(params, "url")
    if not url:
        return await delete_webhook(tg, bot, params)
    if not url.startswith("https://") and not _LOOPBACK.match(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = string(params, "secret_token")
    if secret and not _SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(bot, params)
    if flag(params, "drop_pending_updates"):
        bot.mailbox.drop()
    bot.mailbox.end_poll(conflict("terminated by setWebhook request"))
    if bot.courier is not None:
        await bot.courier.stop()
    bot.courier = Courier(bot.mailbox, url, secret, integer(params, "max_connections", 40), tg.webhook_retry_seconds)
    bot.courier.start()
    return True


@method("deleteWebhook")
async def delete_webhook(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Back to getUpdates."""
    courier, bot.courier = bot.courier, None
    if courier is not None:
        await courier.stop()
    if flag(params, "drop_pending_updates"):
        bot.mailbox.drop()
    return True


@method("getWebhookInfo")
def get_webhook_info(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    info: Json = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.mailbox.pending),
    }
    if bot.mailbox.allowed:
        info["allowed_updates"] = sorted(bot.mailbox.allowed)
    if bot.courier is not None:
        info |= bot.courier.info()
    return info


def _scope(params: Params) -> tuple[str, str]:
    scope = mapping(params, "scope", "bot command scope") or {"type": "default"}
    fields = _SCOPES.get(str(scope.get("type")))
    if fields is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for name in fields:
        if name not in scope:
            raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")
    language = string(params, "language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return json.dumps({"type": scope["type"], **{name: scope[name] for name in fields}}), language


@method("setMyCommands")
def set_my_commands(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """The menu of a scope and language; at most 100 commands."""
    commands = params.get("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands list JSON array")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = _scope(params)
    seen: list[Json] = []
    for one in commands:
        name = str(one.get("command", "")).removeprefix("/")
        description = str(one.get("description", ""))
        if not _COMMAND.match(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        seen.append({"command": name, "description": description})
    bot.commands[key] = seen
    return True


@method("getMyCommands")
def get_my_commands(tg: "FakeTelegram", bot: Bot, params: Params) -> list[Json]:
    """The menu set for exactly that scope and language, else an empty list."""
    return bot.commands.get(_scope(params), [])


@method("deleteMyCommands")
def delete_my_commands(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Remove the menu of that scope and language."""
    bot.commands.pop(_scope(params), None)
    return True


@method("getFile")
def get_file(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """Where to fetch a file of at most 20 MB."""
    file_id = string(params, "file_id")
    if not file_id:
        raise bad_request("file_id is empty")
    stored = tg.files.by_id(file_id)
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


@method("getChat")
def get_chat(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """ChatFullInfo with its required fields and the permissions of a group."""
    chat = find_chat(tg, bot, params, to_write=False)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        True,
    )
    info: Json = {**chat.json(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    if chat.person is None:
        info["permissions"] = chat.permissions()
        if chat.linked_channel:
            info["linked_chat_id"] = chat.linked_channel
    return info


def shown(value: Any) -> bytes:
    """A `result` as JSON bytes."""
    return value if isinstance(value, RawJson) else json.dumps(value, separators=(",", ":")).encode()
