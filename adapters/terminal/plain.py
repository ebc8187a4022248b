"""Plain lines in, plain text out: for pipes, scripts and terminals that can do no more. No escape sequences at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TextIO

from adapters.contract import Gone, MenuEntry
from adapters.terminal.screen import Shown
from adapters.terminal.translate import as_plain


class Plain:
    """One line in is one turn. Lines that start with "#" are shown and not sent; blank lines are skipped."""

    turn_by_turn = True

    def __init__(self, input: TextIO, output: TextIO) -> None:
        self._input = input
        self._output = output
        self._empty = True
        self._echoed = False

    def open(self, menu: Sequence[MenuEntry]) -> None:
        """Never stumble over a character that a stream cannot take; there is no menu here."""
        for stream in (self._input, self._output):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")

    async def read(self, speaker: str) -> str | None:
        """The next line, echoed so that the output reads as a conversation."""
        while line := await self._readline():
            text = line.strip()
            if text.startswith("#"):
                self._write(text, apart=True)
            elif text:
                self._write(f"> {text}", apart=True)
                self._echoed = True
                return text
        return None

    def preview(self, pending: Sequence[Shown]) -> None:
        """Nothing: what may still change is not printed."""

    async def commit(self, shown: Sequence[Shown], pending: Sequence[Shown]) -> None:
        """Print the final form of each reply: the first right under the line it answers, a blank line between two."""
        for item in shown:
            text = as_plain(item.reply, item.numbers, item.saved)
            if text:
                self._write(f"{item.label}\n{text}" if item.label else text, apart=not self._echoed)

    async def note(self, text: str) -> None:
        """Print it in brackets."""
        self._write(f"({text})")

    def thinking(self, on: bool) -> None:
        """Nothing: a transcript has no use for it."""

    async def close(self) -> None:
        """The streams belong to whoever gave them."""

    def _write(self, text: str, *, apart: bool = False) -> None:
        try:
            self._output.write(f"\n{text}\n" if apart and not self._empty else f"{text}\n")
            self._output.flush()
        except (BrokenPipeError, ValueError) as error:
            raise Gone("nobody reads the output any more") from error
        self._empty = self._echoed = False

    async def _readline(self) -> str:
        """One line, or "" at the end. A daemon thread waits for it, so that a silent pipe never holds up leaving."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[str] = loop.create_future()

        def deliver(line: str | None, error: Exception | None) -> None:
            if arrived.done():
                return
            if error is not None:
                arrived.set_exception(error)
            else:
                arrived.set_result(line or "")

        def wait() -> None:
            line, failure = None, None
            try:
                line = self._input.readline()
            except Exception as error:
                failure = error
            if not loop.is_closed():
                loop.call_soon_threadsafe(deliver, line, failure)

        threading.Thread(target=wait, name="terminal-input", daemon=True).start()
        return await arrived
