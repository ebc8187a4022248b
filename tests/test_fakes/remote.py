"""The fakes as a process of their own, driven through the control port."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]


class Remote:
    """The control port from outside; `addresses` is what the process says of itself."""

    def __init__(self, addresses: dict[str, str], session: aiohttp.ClientSession, prefix: str = "") -> None:
        self.addresses = addresses
        self._session = session
        self._prefix = prefix

    async def __call__(self, operation: str, **arguments: Any) -> Any:
        """The answer to an operation, named without the platform's prefix."""
        url = f"{self.addresses['control']}/{self._prefix}{operation}"
        async with self._session.post(url, json=arguments) as answer:
            body = await answer.json()
            assert answer.status == 200, body
            return body


@asynccontextmanager
async def served(*options: str, prefix: str = "") -> AsyncIterator[Remote]:
    """The fakes with these options of the command line; they end well on SIGTERM."""
    arguments = ("-m", "tests.fakes", "serve", *options)
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    addresses = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session:
        yield Remote(addresses, session, prefix)
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
