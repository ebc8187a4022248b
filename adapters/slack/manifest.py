"""The manifest that makes the Slack app in one paste (https://docs.slack.dev/reference/app-manifest). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.contract import Least, MenuEntry
from adapters.slack.forms import shortcuts
from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES

Json = dict[str, Any]

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
COMMAND, GRANT_COMMAND = "/nexus", "/grant"

_HINT_LIMIT = 120
_FIRST = ("help", "need.post", "offer.post", "people.find", "thought.add", "invite.create")
_ABOUT = "Brings people together: needs, offers, invitations."
_LONG = (
    "Tell Nexus what you need, what you can offer and what you think about, and it brings you together with the people "
    "who fit. It answers mentions and direct messages, works with /nexus and /grant, keeps private answers private, "
    "and never does anything that you could not do yourself."
)


def manifest(
    menu: Sequence[MenuEntry],
    *,
    public_url: str = "",
    oauth: bool = False,
    socket_mode: bool | None = None,
    name: str = "Nexus",
) -> Json:
    """The app's manifest as JSON. With `public_url` Slack posts to that address, without it Socket Mode is used.

    `oauth`: other workspaces may install the app at `public_url`. `socket_mode` decides where both would do.
    """
    base = public_url.rstrip("/")
    socket = not base if socket_mode is None else socket_mode
    address = "" if socket else base + EVENTS_PATH
    made: Json = {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": _ABOUT,
            "long_description": _LONG,
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "assistant_view": {"assistant_description": _ABOUT},
            "slash_commands": [
                _command(COMMAND, f"Talk to {name}", _hint(menu, ""), address),
                _command(GRANT_COMMAND, "Grant rounds: propose, review, decide", _hint(menu, "grant."), address),
            ],
        },
        "oauth_config": {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
    if found := shortcuts(menu):
        made["features"]["shortcuts"] = found
    if address:
        made["settings"]["event_subscriptions"]["request_url"] = address
        made["settings"]["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
    if oauth and base:
        made["oauth_config"]["redirect_urls"] = [base + REDIRECT_PATH]
    return made


def _command(command: str, description: str, hint: str, address: str) -> Json:
    made: Json = {"command": command, "description": description, "usage_hint": hint, "should_escape": True}
    return made | {"url": address} if address else made


def wanted_first(menu: Sequence[MenuEntry]) -> list[MenuEntry]:
    """The entries in their order, but for those that newcomers want first."""
    return sorted(menu, key=lambda entry: _FIRST.index(entry.name) if entry.name in _FIRST else len(_FIRST))


def _hint(menu: Sequence[MenuEntry], subject: str) -> str:
    """Some commands, as they are typed, those that newcomers want first; "help" when there are none."""
    hint = ""
    for entry in wanted_first(menu):
        typed = entry.name.removeprefix(subject).replace(".", " ")
        if not entry.name.startswith(subject) or (entry.least is not Least.ANYONE and not subject):
            continue
        longer = f"{hint} | {typed}" if hint else typed
        if len(longer) > _HINT_LIMIT:
            break
        hint = longer
    return hint or "help"
