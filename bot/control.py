"""How `nexus do` reaches the process that holds an embedded store: one JSON line each way over a Unix socket.

The socket lies beside the store and only its owner may open it: whoever can is who could read the store as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import socket
import tempfile
from pathlib import Path
from typing import Any

from bot.cli.speaker import call
from bot.unit import AsyncStore
from bot.words import Words

LONGEST_LINE = 1 << 20
_LONGEST_PATH = 100  # bytes that a socket's address may have on every system


def socket_path(store: Path) -> Path:
    """Where the socket of a store is."""
    path = store.with_name(store.name + ".sock")
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        return path
    name = hashlib.blake2b(os.fsencode(store.resolve()), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"nexus-{os.getuid()}-{name}.sock"


class Control:
    """Serves the socket while the process runs."""

    def __init__(self, store: AsyncStore, path: Path, words: Words) -> None:
        self._store = store
        self._path = path
        self._words = words
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. The store's lock is ours, so a socket that lies there is a dead one."""
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, self._path, limit=LONGEST_LINE)
        finally:
            os.umask(before)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError, asyncio.IncompleteReadError):
            asked: dict[str, Any] = json.loads(await reader.readline())
            answer = await self._store.write(
                lambda unit: call(
                    unit, asked["operation"], asked["as"], asked["nexus"], asked["arguments"], self._words
                )
            )
            writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        writer.close()


def ask(store: Path, operation: str, name: str, nexus: str | None, arguments: dict[str, Any]) -> tuple[int, Any] | None:
    """Ask the running process; None if none answers."""
    line = json.dumps({"operation": operation, "as": name, "nexus": nexus, "arguments": arguments}).encode() + b"\n"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(30)
        try:
            connection.connect(str(socket_path(store)))
            connection.sendall(line)
            with connection.makefile("rb") as answer:
                code, value = json.loads(answer.readline())
        except (OSError, ValueError):
            return None
    return code, value
