"""`nexus check`: what is configured, what is missing, which permissions lack. Exit code 1 if something is wrong."""

from __future__ import annotations

import argparse
import asyncio
import os

from adapters.contract import Capabilities, DeliveryError, Unauthorized
from bot.platforms import PLATFORMS, Platform, Surrounding, without_store
from bot.settings import Settings, config_path
from core.errors import NexusError
from core.store import open_store
from core.store.lock import InUse
from core.store.open import sqlite_path

# What a platform cannot do, said so that nobody waits for it.
_CANNOT = {
    "buttons": "show buttons",
    "edits": "change a message once it is there",
    "private_in_group": "answer privately inside a group, so private answers go to the direct chat",
    "direct_first": "write to somebody first who has not opened a direct chat",
    "files": "take or send files",
    "sees_deletions": "tell when a message was deleted",
    "native_commands": "complete commands while you type",
    "forms": "ask for what is missing in a form",
    "roles": "hand on roles of its own",
    "home": "show a page of one's own",
    "history": "tell what was said while the bot was away",
}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    bad = 0
    path = config_path(os.environ)
    print(f"Settings   {path or 'none found: the environment and the defaults'}")
    bad += _store(settings)
    around = without_store()
    for platform in PLATFORMS:
        bad += asyncio.run(_platform(platform, settings, around))
    bad += asyncio.run(_model(settings))
    print("\nAll well." if not bad else f"\n{bad} thing{'s' if bad > 1 else ''} to look at.")
    return 1 if bad else 0


def _store(settings: Settings) -> int:
    path = sqlite_path(settings.store_url)
    where = str(path) if path else "PostgreSQL"
    try:
        store = open_store(settings.store_url)
    except InUse as error:
        print(f"Store      {where}: in use, which is fine ({error.data['pid']})")
        return 0
    except NexusError as error:
        print(f"Store      {where}: {error.message}")
        return 1
    except Exception as error:
        print(f"Store      {where}: cannot be opened ({type(error).__name__})")
        return 1
    store.close()
    print(f"Store      {where}: ready")
    return 0


async def _platform(platform: Platform, settings: Settings, around: Surrounding) -> int:
    title = f"{platform.title:<10}"
    if not platform.configured(settings):
        lacking = platform.lacking(settings)
        print(f"{title} {lacking or f'not configured (`nexus connect {platform.name}`)'}")
        return 1 if lacking else 0
    adapter = platform.make(settings, around)
    try:
        name, notes = await adapter.look()
    except Unauthorized:
        print(f"{title} the token is refused: `nexus connect {platform.name}` tells where to find the right one")
        return 1
    except DeliveryError as error:
        print(f"{title} cannot be reached ({error})")
        return 1
    print(f"{title} {name} answers" if name else f"{title} configured")
    for note in notes:
        print(f"           {note}")
    link = adapter.join_link()
    if link:
        print(f"           To bring it to a place: {link}")
    cannot = cannot_do(adapter.capabilities)
    if cannot:
        print(f"           {platform.title} cannot {cannot[0]}" + "".join(f"; nor {c}" for c in cannot[1:]) + ".")
    return 0


def cannot_do(capabilities: Capabilities) -> list[str]:
    """What a platform cannot do, in words that follow "cannot"."""
    return [words for name, words in _CANNOT.items() if not getattr(capabilities, name)]


async def _model(settings: Settings) -> int:
    if not settings.has_model:
        print("Model      none: the offline brain answers (set OPENAI_API_KEY, or OPENAI_BASE_URL for your own server)")
        return 0
    from openai import APIStatusError, AsyncOpenAI, OpenAIError

    client = AsyncOpenAI(
        api_key=settings.model_key.get_secret_value() or "none",
        base_url=settings.model_url,
        timeout=10,
        max_retries=0,
    )
    try:
        await client.models.list()
    except APIStatusError as error:
        if error.status_code in (401, 403):
            print(f"Model      {settings.model_url}: the key is refused")
            return 1
        print(f"Model      {settings.model_name} at {settings.model_url} answers ({error.status_code})")
        return 0
    except OpenAIError as error:
        print(
            f"Model      {settings.model_url}: cannot be reached ({type(error).__name__}); the offline brain stands in"
        )
        return 1
    finally:
        await client.close()
    print(f"Model      {settings.model_name} at {settings.model_url} answers")
    return 0
