"""The list of bad domains that the operator configures: a file, or an address from which it is fetched once a day."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2

from bot.log import log
from core.moderation.signals.domains import Domains

LARGEST = 64 * 1024 * 1024  # bytes: longer than any list that a person keeps
PATIENCE = 30.0  # seconds


async def load(source: str) -> Domains | None:
    """The domains of a file or an address; None, and a line in the log, where that cannot be read."""
    try:
        away = source.startswith(("https://", "http://"))
        text = await (_fetched(source) if away else asyncio.to_thread(_read, source))
    except (OSError, ValueError, httpx2.HTTPError) as error:
        log.warning("the list of bad domains cannot be read", extra={"why": type(error).__name__})
        return None
    found = await asyncio.to_thread(lambda: Domains(text.splitlines()))
    log.info("bad domains are known", extra={"domains": len(found)})
    return found


def _read(source: str) -> str:
    path = Path(source).expanduser()
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    return path.read_text("utf-8", "replace")


async def _fetched(source: str) -> str:
    async with httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=True) as client:
        parts, size = [], 0
        async with client.stream("GET", source) as response:
            response.raise_for_status()
            async for part in response.aiter_bytes():
                size += len(part)
                if size > LARGEST:
                    raise ValueError("too large")
                parts.append(part)
        return b"".join(parts).decode("utf-8", "replace")
