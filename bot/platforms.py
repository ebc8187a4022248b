"""The platforms that can be connected: how each is made from the settings. A new one is an entry here and its folder.

An adapter's library is loaded only for those who configured it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.contract import Adapter, Installation, Installations
from bot.settings import Settings
from bot.unit import AsyncStore
from core.clock import Clock, SystemClock
from core.errors import N_, BadInput
from core.store import Store

REFUSED = N_("{title} does not know this token. Copy it again from {source}, all of it.")


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What an adapter may need beside the settings."""

    clock: Clock
    installations: Callable[[str], Installations]  # by platform
    shards: tuple[int, ...] | None = None  # of Discord: those that this process holds; None: all


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform: the word for it, its title for people, where it shows its tokens, and how its adapter is made.

    `identity` is what tells one bot from another there: the secret whose digest names the bot's sender lease.
    """

    name: str
    title: str
    source: str
    configured: Callable[[Settings], bool]
    identity: Callable[[Settings], str]
    make: Callable[[Settings, Surrounding], Adapter]
    lacking: Callable[[Settings], str] = lambda _: ""  # what is missing where only a part is set


def _telegram(settings: Settings, around: Surrounding) -> Adapter:
    from adapters.telegram.adapter import TelegramAdapter

    return TelegramAdapter(
        settings.telegram_token.get_secret_value(),
        base_url=settings.telegram_api,
        file_base_url=settings.telegram_files,
        webhook_url=settings.telegram_webhook,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
        webhook_bind=settings.telegram_bind or settings.http_bind,
        clock=around.clock.now,
    )


def _discord(settings: Settings, around: Surrounding) -> Adapter:
    from adapters.discord.adapter import DiscordAdapter

    return DiscordAdapter(
        settings.discord_token.get_secret_value(),
        api_base=settings.discord_api,
        gateway_url=settings.discord_gateway,
        shard_count=settings.discord_shards or None,
        shard_ids=around.shards,
        clock=around.clock.now,
    )


def _slack(settings: Settings, around: Surrounding) -> Adapter:
    from adapters.slack.adapter import SlackAdapter

    return SlackAdapter(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        api_base_url=settings.slack_api,
        bind=settings.http_bind,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        public_url=settings.slack_public_url,
        installations=around.installations("slack") if settings.slack_client_id else None,
        clock=around.clock.now,
    )


def _slack_lacking(settings: Settings) -> str:
    """Half a configuration is worth a word: nothing would start, and nobody would know why."""
    heard = settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value()
    speaks = settings.slack_bot_token.get_secret_value() or settings.slack_client_id
    if heard and not speaks:
        return "half configured: SLACK_BOT_TOKEN is missing (or SLACK_CLIENT_ID, for several workspaces)"
    if speaks and not heard:
        return "half configured: SLACK_APP_TOKEN is missing (or SLACK_SIGNING_SECRET, for events by HTTP)"
    if settings.slack_client_id and not settings.slack_client_secret.get_secret_value():
        return "half configured: SLACK_CLIENT_SECRET is missing"
    if settings.slack_client_id and not settings.slack_public_url:
        return "half configured: SLACK_PUBLIC_URL is missing, the address at which people install the bot"
    if settings.slack_client_id and not settings.secret_key.get_secret_value():
        return "half configured: NEXUS_SECRET_KEY is missing, which encrypts the workspaces' tokens (`nexus key`)"
    return ""


def _slack_configured(settings: Settings) -> bool:
    heard = settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value()
    speaks = settings.slack_bot_token.get_secret_value() or settings.slack_client_id
    return bool(heard and speaks) and not _slack_lacking(settings)


PLATFORMS: tuple[Platform, ...] = (
    Platform(
        "discord",
        "Discord",
        "the developer portal",
        lambda s: bool(s.discord_token.get_secret_value()),
        lambda s: s.discord_token.get_secret_value(),
        _discord,
    ),
    Platform(
        "slack",
        "Slack",
        "your app's page at api.slack.com/apps",
        _slack_configured,
        lambda s: s.slack_client_id or s.slack_bot_token.get_secret_value(),
        _slack,
        _slack_lacking,
    ),
    Platform(
        "telegram",
        "Telegram",
        "@BotFather",
        lambda s: bool(s.telegram_token.get_secret_value()),
        lambda s: s.telegram_token.get_secret_value(),
        _telegram,
    ),
)
NAMES = tuple(platform.name for platform in PLATFORMS)


def surrounding(settings: Settings, store: Store, shards: tuple[int, ...] | None = None) -> Surrounding:
    """What adapters may need, on this store."""

    def installations(platform: str) -> Installations:
        from bot.installations.stored import StoredInstallations  # brings the cipher along

        return StoredInstallations(AsyncStore(store), platform, settings.secret_key)

    return Surrounding(store.clock, installations, shards)


class _NoInstallations:
    """For looking around without a store: nobody has installed anything."""

    async def save(self, installation: Installation) -> None:
        """Forgotten at once."""

    async def find(self, workspace: str) -> Installation | None:
        """None."""
        return None

    async def forget(self, workspace: str) -> None:
        """Nothing to forget."""

    async def all(self) -> list[Installation]:
        """None."""
        return []


def without_store() -> Surrounding:
    """What adapters may need while the store is held by the process that runs."""
    return Surrounding(SystemClock(), lambda _: _NoInstallations())


def platform_of(name: str) -> Platform:
    """The platform of that name. Raises `BadInput`."""
    found = next((p for p in PLATFORMS if p.name == name), None)
    if found is None:
        raise BadInput(N_("I know no platform {name}. I know: {known}."), name=name, known=", ".join(NAMES))
    return found


def configured(settings: Settings, only: Sequence[str] = ()) -> list[Platform]:
    """The platforms that are configured, or those of them that are named. Raises `BadInput` for one that is not."""
    for name in only:
        if not platform_of(name).configured(settings):
            raise BadInput(
                N_("{title} is not configured yet. `nexus connect {name}` walks you through it."),
                title=platform_of(name).title,
                name=name,
            )
    return [p for p in PLATFORMS if p.configured(settings) and (not only or p.name in only)]
