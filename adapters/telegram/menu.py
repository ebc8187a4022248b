"""The command menu, per chat type and language, published only where it differs from what Telegram has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from adapters.common.text import clean
from adapters.contract import MenuEntry
from adapters.telegram.api import Api

_MOST_COMMANDS = 100
_LONGEST_NAME, _LONGEST_ABOUT = 32, 256
_NOT_A_NAME = re.compile(r"[^a-z0-9_]")


def commands(menu: Sequence[MenuEntry], *, group: bool) -> list[dict[str, str]]:
    """The entries of a chat type as `BotCommand`s: "need.post" becomes "need_post"."""
    shown: dict[str, str] = {}
    for entry in menu:
        name = _NOT_A_NAME.sub("_", entry.name.lower())[:_LONGEST_NAME]
        if not (group and entry.direct_only):
            shown.setdefault(name, clean(entry.about)[:_LONGEST_ABOUT] or name)
    entries = [{"command": name, "description": about} for name, about in shown.items()]
    return entries[:_MOST_COMMANDS]


async def publish(api: Api, menus: Mapping[str, Sequence[MenuEntry]]) -> None:
    """Set each language's menu ("" is for everyone else) where it changed. Raises `TelegramError`."""
    for language, menu in menus.items():
        for scope, group in (("all_private_chats", False), ("all_group_chats", True)):
            wanted = commands(menu, group=group)
            request: dict[str, object] = {"scope": {"type": scope}}
            if language:
                request["language_code"] = language
            if await api.call("getMyCommands", dict(request)) != wanted:
                await api.call("setMyCommands", {**request, "commands": wanted})
