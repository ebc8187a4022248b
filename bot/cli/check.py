"""`nexus check`: what is configured, what is missing, which permissions lack. Exit code 1 if something is wrong."""

from __future__ import annotations

import argparse
import asyncio
import os

from adapters.contract import DeliveryError, Unauthorized
from bot.app import make_telegram
from bot.settings import Settings, config_path
from core.clock import SystemClock
from core.errors import NexusError
from core.store import open_store
from core.store.lock import InUse
from core.store.open import sqlite_path


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    bad = 0
    path = config_path(os.environ)
    print(f"Settings   {path or 'none found: the environment and the defaults'}")
    bad += _store(settings)
    bad += asyncio.run(_telegram(settings))
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


async def _telegram(settings: Settings) -> int:
    adapter = make_telegram(settings, SystemClock())
    if adapter is None:
        print("Telegram   not configured (`nexus connect telegram`)")
        return 0
    from adapters.telegram.adapter import TelegramAdapter

    assert isinstance(adapter, TelegramAdapter)
    try:
        name, notes = await adapter.look()
    except Unauthorized:
        print("Telegram   the token is refused: copy it again from @BotFather")
        return 1
    except DeliveryError as error:
        print(f"Telegram   cannot be reached ({error})")
        return 1
    print(f"Telegram   @{name} answers")
    for note in notes:
        print(f"           {note}")
    return 0


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
