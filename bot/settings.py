"""All settings: one declaration each, from which config.example.toml and the reference page are made.

The environment wins over config.toml, which wins over the default. Secrets are `SecretStr`: they show as stars in
logs, errors and dumps.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from core.errors import N_, NexusError
from core.store.open import sqlite_path

ADDRESS = r"^https?://\S+$"
BIND = r"^$|^\S+:\d{1,5}$"


class BadSettings(NexusError):
    """A setting cannot be used as it is."""

    code = "settings"


@dataclass(frozen=True, slots=True)
class At:
    """Where a setting is found: the environment name and the key in config.toml ("section.key")."""

    env: str
    key: str


def data_folder() -> Path:
    """The user's data folder for Nexus."""
    return Path(platformdirs.user_data_dir("nexus", appauthor=False))


def _default_store() -> str:
    return f"sqlite:///{data_folder() / 'nexus.db'}"


class Settings(BaseModel):
    """Everything that can be set. Only what is configured starts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    store_url: Annotated[str, At("NEXUS_STORE_URL", "nexus.store_url")] = Field(
        default_factory=_default_store,
        pattern=r"^(sqlite:///|postgres(ql)?://).",
        description="Where everything is kept: sqlite:///path/to/nexus.db or postgresql://user@host/name. "
        "By default a file in your data folder.",
    )
    name: Annotated[str, At("NEXUS_NAME", "nexus.name")] = Field(
        default="Home", max_length=80, description="The name of the top Nexus, given when the store is made."
    )
    language: Annotated[str, At("NEXUS_LANGUAGE", "nexus.language")] = Field(
        default="en", description="The language the bot speaks where a person's own is unknown."
    )
    http_bind: Annotated[str, At("NEXUS_HTTP_BIND", "nexus.http_bind")] = Field(
        default="127.0.0.1:8443",
        pattern=BIND,
        description="host:port where webhooks of platforms are received, if one is set.",
    )
    metrics_bind: Annotated[str, At("NEXUS_METRICS_BIND", "nexus.metrics_bind")] = Field(
        default="", pattern=BIND, description="host:port for /healthz and /metrics, e.g. 127.0.0.1:9464. Empty: none."
    )
    secret_key: Annotated[SecretStr, At("NEXUS_SECRET_KEY", "nexus.secret_key")] = Field(
        default=SecretStr(""),
        description="Encrypts what platforms entrust to us (the tokens of workspaces). Several keys, separated by "
        "commas: the first encrypts, all decrypt, so a key can be rotated. `nexus key` makes one.",
    )
    bad_domains: Annotated[str, At("NEXUS_BAD_DOMAINS", "nexus.bad_domains")] = Field(
        default="",
        description="A file or https address with one domain a line; links to them count as bad in every Nexus that "
        "has the rule “bad link” on. Read anew every day. None is shipped: choose one that you trust.",
    )
    log_level: Annotated[str, At("NEXUS_LOG_LEVEL", "nexus.log_level")] = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error."
    )
    telegram_token: Annotated[SecretStr, At("TELEGRAM_BOT_TOKEN", "telegram.bot_token")] = Field(
        default=SecretStr(""),
        description="The token that @BotFather gave you; see `nexus connect telegram`.",
    )
    telegram_api: Annotated[str, At("TELEGRAM_API_BASE_URL", "telegram.api_base_url")] = Field(
        default="https://api.telegram.org/bot",
        pattern=ADDRESS,
        description="The Bot API server, for self-hosted ones; ends in /bot.",
    )
    telegram_files: Annotated[str, At("TELEGRAM_FILE_BASE_URL", "telegram.file_base_url")] = Field(
        default="https://api.telegram.org/file/bot", pattern=ADDRESS, description="Its file address; ends in /file/bot."
    )
    telegram_webhook: Annotated[str, At("TELEGRAM_WEBHOOK_URL", "telegram.webhook_url")] = Field(
        default="",
        pattern=f"^$|{ADDRESS}",
        description="The public https address of the webhook. Empty: long polling, which needs no address.",
    )
    telegram_webhook_secret: Annotated[SecretStr, At("TELEGRAM_WEBHOOK_SECRET", "telegram.webhook_secret")] = Field(
        default=SecretStr(""), description="A secret that Telegram sends along, so that nobody else can."
    )
    telegram_bind: Annotated[str, At("TELEGRAM_WEBHOOK_BIND", "telegram.webhook_bind")] = Field(
        default="",
        pattern=BIND,
        description="host:port for Telegram's webhook, if Slack's events arrive at NEXUS_HTTP_BIND. Empty: that one.",
    )
    discord_token: Annotated[SecretStr, At("DISCORD_TOKEN", "discord.token")] = Field(
        default=SecretStr(""),
        description="The bot's token from Discord's developer portal; see `nexus connect discord`.",
    )
    discord_api: Annotated[str, At("DISCORD_API_BASE", "discord.api_base")] = Field(
        default="https://discord.com/api/v10", pattern=ADDRESS, description="Discord's API, for proxies and tests."
    )
    discord_gateway: Annotated[str, At("DISCORD_GATEWAY_URL", "discord.gateway_url")] = Field(
        default="wss://gateway.discord.gg/",
        pattern=r"^wss?://\S+$",
        description="Discord's gateway, for proxies and tests.",
    )
    discord_shards: Annotated[int, At("DISCORD_SHARDS", "discord.shards")] = Field(
        default=0,
        ge=0,
        description="How many shards there are over all processes. 0: as many as Discord recommends, all of them here.",
    )
    slack_bot_token: Annotated[SecretStr, At("SLACK_BOT_TOKEN", "slack.bot_token")] = Field(
        default=SecretStr(""), description="The bot token (xoxb-…) of one workspace; see `nexus connect slack`."
    )
    slack_app_token: Annotated[SecretStr, At("SLACK_APP_TOKEN", "slack.app_token")] = Field(
        default=SecretStr(""),
        description="The app-level token (xapp-…) for Socket Mode, which needs no public address.",
    )
    slack_signing_secret: Annotated[SecretStr, At("SLACK_SIGNING_SECRET", "slack.signing_secret")] = Field(
        default=SecretStr(""),
        description="The signing secret, when Slack posts its events to NEXUS_HTTP_BIND instead of Socket Mode.",
    )
    slack_api: Annotated[str, At("SLACK_API_BASE_URL", "slack.api_base_url")] = Field(
        default="https://slack.com/api/", pattern=ADDRESS, description="Slack's Web API, for proxies and tests."
    )
    slack_client_id: Annotated[str, At("SLACK_CLIENT_ID", "slack.client_id")] = Field(
        default="", description="The app's client id, when several workspaces install it by themselves (OAuth)."
    )
    slack_client_secret: Annotated[SecretStr, At("SLACK_CLIENT_SECRET", "slack.client_secret")] = Field(
        default=SecretStr(""), description="Its client secret."
    )
    slack_public_url: Annotated[str, At("SLACK_PUBLIC_URL", "slack.public_url")] = Field(
        default="",
        pattern=f"^$|{ADDRESS}",
        description="The public https address that leads to NEXUS_HTTP_BIND, for installing by OAuth.",
    )
    model_key: Annotated[SecretStr, At("OPENAI_API_KEY", "model.api_key")] = Field(
        default=SecretStr(""), description="The key of an OpenAI-compatible endpoint. Empty: the offline brain alone."
    )
    model_url: Annotated[str, At("OPENAI_BASE_URL", "model.base_url")] = Field(
        default="https://api.openai.com/v1", pattern=ADDRESS, description="The endpoint; a local server works as well."
    )
    model_name: Annotated[str, At("OPENAI_MODEL", "model.model")] = Field(
        default="gpt-4.1-mini", description="The model to ask for."
    )
    model_consent: Annotated[str, At("NEXUS_MODEL_CONSENT", "model.consent")] = Field(
        default="operator",
        pattern="^(operator|each)$",
        description="Who lets talk go to the endpoint. operator: configuring it is your yes for the top Nexus and for "
        "all below it that have not said no. each: none is sent for a Nexus before it, or one above it, has said yes.",
    )
    model_moderation: Annotated[bool, At("NEXUS_MODEL_MODERATION", "model.moderation")] = Field(
        default=False,
        description="Whether the endpoint's moderation (POST /moderations, as OpenAI has it) takes a second look at "
        "messages that might be abuse, where a Nexus has the rule about abuse on and lets its talk go to the endpoint. "
        "It sees messages that were not said to the bot, too.",
    )
    model_timeout: Annotated[float, At("NEXUS_MODEL_TIMEOUT", "model.timeout")] = Field(
        default=30.0, gt=0, description="Seconds to wait for the model's next words before the offline brain stands in."
    )
    model_person_tokens: Annotated[int, At("NEXUS_MODEL_PERSON_TOKENS", "model.tokens_per_person")] = Field(
        default=200_000,
        ge=0,
        description="Tokens a day for one person; then the offline brain answers. 0: no cap.",
    )
    model_nexus_tokens: Annotated[int, At("NEXUS_MODEL_NEXUS_TOKENS", "model.tokens_per_nexus")] = Field(
        default=10_000_000, ge=0, description="Tokens a day for one Nexus. 0: no cap."
    )
    model_all_tokens: Annotated[int, At("NEXUS_MODEL_ALL_TOKENS", "model.tokens_overall")] = Field(
        default=30_000_000, ge=0, description="Tokens a day over all. 0: no cap."
    )
    price_prompt: Annotated[float, At("NEXUS_MODEL_PRICE_PROMPT", "model.price_prompt")] = Field(
        default=0.0, ge=0, description="Price of a million prompt tokens, in your currency, for the cost metrics."
    )
    price_cached: Annotated[float, At("NEXUS_MODEL_PRICE_CACHED", "model.price_cached")] = Field(
        default=0.0, ge=0, description="Price of a million cached prompt tokens."
    )
    price_completion: Annotated[float, At("NEXUS_MODEL_PRICE_COMPLETION", "model.price_completion")] = Field(
        default=0.0, ge=0, description="Price of a million completion tokens."
    )
    stripe_key: Annotated[SecretStr, At("STRIPE_API_KEY", "stripe.api_key")] = Field(
        default=SecretStr(""),
        description="Secret or restricted key (transfers: write) of the Stripe account that grants are paid from. "
        "Empty: somebody pays by hand and says so.",
    )
    stripe_url: Annotated[str, At("STRIPE_API_BASE", "stripe.api_base")] = Field(
        default="https://api.stripe.com", pattern=ADDRESS, description="Stripe's API, for proxies and tests."
    )

    @property
    def has_model(self) -> bool:
        """Whether a model is configured: a key, or an endpoint of one's own."""
        return bool(self.model_key.get_secret_value()) or self.model_url != Settings.model_fields["model_url"].default


def store_file(store_url: str) -> Path:
    """The file of an SQLite store; for PostgreSQL the one beside which its back-ups lie, in the data folder."""
    return sqlite_path(store_url) or data_folder() / "nexus.db"


def places() -> Iterator[tuple[str, At]]:
    """Each field of `Settings` with where it is found."""
    for name, field in Settings.model_fields.items():
        yield name, next(m for m in field.metadata if isinstance(m, At))


def config_path(environment: Mapping[str, str]) -> Path | None:
    """The configuration file: NEXUS_CONFIG, ./config.toml, or the one in the data folder; None if there is none."""
    named = environment.get("NEXUS_CONFIG")
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise BadSettings(N_("NEXUS_CONFIG names {path}, but there is no such file."), path=path)
        return path
    return next((p for p in (Path("config.toml"), data_folder() / "config.toml") if p.is_file()), None)


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises `BadSettings` with the name of the setting and what would be right."""
    environment = os.environ if environment is None else environment
    path = config_path(environment)
    values = _from_file(path) if path else {}
    for name, at in places():
        if environment.get(at.env):
            values[name] = environment[at.env]
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        at = dict(places())[str(first["loc"][0])]
        why = N_("it has another form than this takes") if "pattern" in first["type"] else first["msg"]
        raise BadSettings(
            N_("{env} (in config.toml: {key}) is not right: {why}.\nWhat belongs there: {about}"),
            env=at.env,
            key=at.key,
            why=why[0].lower() + why[1:],
            about=Settings.model_fields[str(first["loc"][0])].description,
        ) from None


def _from_file(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(N_("{path} cannot be read: {why}"), path=path, why=error) from None
    known = {at.key: name for name, at in places()}
    values = {}
    for section, content in document.items():
        if not isinstance(content, dict):
            raise BadSettings(N_("{path}: {key} stands outside a [section]."), path=path, key=section)
        for key, value in content.items():
            full = f"{section}.{key}"
            if full not in known:
                near = difflib.get_close_matches(full, known, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                raise BadSettings(N_("{path}: I know no setting {key}.{hint}"), path=path, key=full, hint=hint)
            if value != "":
                values[known[full]] = value
    return values
