"""What `nexus connect` says and asks for each platform: how to make the bot there, and which secrets it gives us."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from adapters.contract import Adapter
from bot.menu import menu_of
from bot.settings import Settings
from core.catalogue import REGISTRY


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that the platform gives: the setting it becomes, how it is asked for, and how it begins."""

    setting: str
    prompt: str
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Wizard:
    """The steps before the secrets are known, the secrets, and what to do once the bot answers."""

    steps: Callable[[Settings], str]
    secrets: tuple[Secret, ...]
    then: Callable[[Adapter, str], list[str]]


_TELEGRAM = """Connecting Telegram takes about two minutes.

  1. In Telegram, open a chat with @BotFather and send /newbot.
  2. Give it a name (say, the name of your community) and a username that ends in "bot".
  3. BotFather answers with a token that looks like 123456789:AA… Copy it.
"""

_DISCORD = """Connecting Discord takes about three minutes.

  1. Open https://discord.com/developers/applications and press "New Application".
     Give it the name that people will see.
  2. On the page "Bot", press "Reset Token" and copy the token. It is shown once.
  3. On the same page, under "Privileged Gateway Intents", switch on
     "Message Content Intent" (so that it can be talked to without a command) and
     "Server Members Intent" (so that it knows who comes and which roles they have).
     Without them it still answers commands, mentions and direct messages.
"""

_SLACK = """Connecting Slack takes about three minutes.

  1. Open this link, choose your workspace and press "Create". It makes the app with everything it needs:
     {link}
     (Or: https://api.slack.com/apps, "Create New App", "From a manifest", and paste what
     `nexus connect slack --manifest` prints.)
  2. On the page "Basic Information", under "App-Level Tokens", press "Generate Token and Scopes",
     add the scope connections:write and copy the token. It begins with xapp-.
  3. On the page "Install App", press "Install to Workspace" and copy the
     "Bot User OAuth Token". It begins with xoxb-.
"""


def slack_manifest(settings: Settings) -> str:
    """The manifest that makes the Slack app in one paste, as JSON."""
    from adapters.slack.manifest import manifest

    made = manifest(menu_of(REGISTRY), public_url=settings.slack_public_url, oauth=bool(settings.slack_client_id))
    return json.dumps(made, indent=2, ensure_ascii=False)


def _slack_steps(settings: Settings) -> str:
    short = json.dumps(json.loads(slack_manifest(settings)), separators=(",", ":"), ensure_ascii=False)
    return _SLACK.format(link=f"https://api.slack.com/apps?new_app=1&manifest_json={quote(short)}")


def _then_telegram(adapter: Adapter, name: str) -> list[str]:
    return [f"Now write to your bot: https://t.me/{name.removeprefix('@')}"]


def _then_discord(adapter: Adapter, name: str) -> list[str]:
    return [
        "Bring it to your server with this link; it asks for exactly the permissions that it needs:",
        f"  {adapter.join_link()}",
        f"Then mention it there (@{name.removeprefix('@')} hello), or type /setup to connect the server to your Nexus.",
    ]


def _then_slack(adapter: Adapter, name: str) -> list[str]:
    return [
        f"Now write to it in Slack: under “Apps” choose {name}, or type /nexus help anywhere.",
        f"To have it in a channel: /invite @{name.removeprefix('@')}",
    ]


WIZARDS: dict[str, Wizard] = {
    "discord": Wizard(lambda _: _DISCORD, (Secret("discord_token", "Paste the bot's token"),), _then_discord),
    "slack": Wizard(
        _slack_steps,
        (
            Secret("slack_app_token", "Paste the app-level token", "xapp-"),
            Secret("slack_bot_token", "Paste the bot token", "xoxb-"),
        ),
        _then_slack,
    ),
    "telegram": Wizard(lambda _: _TELEGRAM, (Secret("telegram_token", "Paste the token"),), _then_telegram),
}
