"""A person at a keyboard: editing, history and completion by prompt_toolkit, answers drawn by rich.

What may still change is part of the prompt, above the line being typed, and is redrawn in place; what is final is
printed above the prompt once and scrolls away with everything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application.current import get_app_session
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI, StyleAndTextTuples, to_formatted_text
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import create_output
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style

from adapters.contract import Gone, MenuEntry
from adapters.terminal import render
from adapters.terminal.screen import Shown

_LOCAL = (
    ("/as ", "speak under another name"),
    ("/file ", "send a file: its path, then your words"),
    ("/quit", "leave"),
)
_STYLE = Style.from_dict({"speaker": "bold ansicyan", "hint": "dim"})
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_TICK = 0.1
_KEPT_FREE = 6  # rows below a preview, for the typed line and its completions


class Interactive:
    """A screen that reads while it shows."""

    turn_by_turn = False

    def __init__(self, history: Path | None, input: TextIO | None, output: TextIO | None) -> None:
        self._history = history
        self._input = input
        self._output = output
        self._closing = ExitStack()
        self._live: list[str] = []
        self._hint = "Just talk, or type / to see the commands. Ctrl-D leaves."
        self._armed = False
        self._spinner: asyncio.Task[None] | None = None
        self._frame = ""
        self._speaker = ""

    def open(self, menu: Sequence[MenuEntry]) -> None:
        """Take the terminal. Anything else that the process prints appears above the prompt from now on."""
        self._session: PromptSession[str] = PromptSession(
            self._message,
            input=create_input(self._input) if self._input else get_app_session().input,
            output=create_output(self._output) if self._output else get_app_session().output,
            history=_history(self._history),
            completer=_Menu(menu),
            complete_while_typing=Condition(lambda: self._session.default_buffer.text.startswith("/")),
            key_bindings=self._keys(),
            style=_STYLE,
            reserve_space_for_menu=5,
        )
        self._session.default_buffer.on_text_changed += lambda _: self._disarm()
        # Raw between two lines as well, or what is typed then would be echoed and a Ctrl-D swallowed.
        self._closing.enter_context(self._session.input.raw_mode())
        self._closing.enter_context(patch_stdout(raw=True))

    async def read(self, speaker: str) -> str | None:
        """The next line, or several pasted at once. None after Ctrl-D, or Ctrl-C twice."""
        self._speaker = speaker
        while True:
            try:
                text = await self._session.prompt_async()
            except (EOFError, OSError):
                return None
            self._hint = ""
            if text.strip():
                return text

    def preview(self, pending: Sequence[Shown]) -> None:
        """Redraw what may still change."""
        self._live = self._draw(pending)
        self._session.app.invalidate()

    async def commit(self, shown: Sequence[Shown], pending: Sequence[Shown]) -> None:
        """Print above the prompt, in the same moment in which the preview gives way."""
        self._live = self._draw(pending)
        self._emit("".join(f"{text}\n" for text in self._draw(shown)))

    async def note(self, text: str) -> None:
        """Print it dimmed."""
        self._emit(render.note(text, self._columns()) + "\n")

    def thinking(self, on: bool) -> None:
        """A small turning sign above the prompt."""
        if on and self._spinner is None:
            self._spinner = asyncio.create_task(self._spin())
        elif not on and self._spinner is not None:
            self._spinner.cancel()
            self._spinner = None
            self._frame = ""
            self._session.app.invalidate()

    async def close(self) -> None:
        """Say goodbye and give the terminal back."""
        self.thinking(False)
        if self._speaker:
            with suppress(Gone):
                self._emit(render.note(f"See you, {self._speaker}.", self._columns()))
        self._speaker = ""
        self._closing.close()

    def _draw(self, items: Iterable[Shown]) -> list[str]:
        return [text for item in items if (text := render.ansi(item, self._columns()))]

    def _columns(self) -> int:
        return self._session.output.get_size().columns

    def _emit(self, text: str) -> None:
        """Write above the prompt, in one go.

        Not by prompt_toolkit's `run_in_terminal`: that lends the terminal out in cooked mode, where a Ctrl-D typed
        in the same moment is lost.
        """
        app = self._session.app
        try:
            if app.is_running:
                app.renderer.erase()
            print_formatted_text(app.output, ANSI(text), _STYLE)
            app.output.flush()
            if app.is_running and not app.is_done:
                app.renderer.request_absolute_cursor_position()
                app.invalidate()
        except OSError as error:
            raise Gone("the terminal is closed") from error

    async def _spin(self) -> None:
        for step in count():
            self._frame = _SPINNER[step % len(_SPINNER)]
            self._session.app.invalidate()
            await asyncio.sleep(_TICK)

    def _message(self) -> StyleAndTextTuples:
        """The prompt. Once a line is entered only the line itself stays on the screen."""
        prompt: StyleAndTextTuples = [("class:speaker", self._speaker), ("", " › ")]
        if self._session.app.is_done:
            return prompt
        above: StyleAndTextTuples = []
        if self._live:
            rows = "\n".join(self._live).splitlines()
            room = max(3, self._session.output.get_size().rows - _KEPT_FREE)
            above += to_formatted_text(ANSI("\n".join(rows[-room:]) + "\n\n"))
        if self._frame:
            above.append(("class:hint", f"{self._frame} thinking\n\n"))
        if self._hint:
            above.append(("class:hint", f"{self._hint}\n"))
        return above + prompt

    def _disarm(self) -> None:
        if self._armed:
            self._armed, self._hint = False, ""

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        @keys.add("<sigint>")
        def _(event: KeyPressEvent) -> None:
            if event.current_buffer.text:
                event.current_buffer.reset()
            elif self._armed:
                event.app.exit(exception=EOFError)
            else:
                self._armed, self._hint = True, "Ctrl-C again leaves."

        @keys.add("escape", "enter")
        def _(event: KeyPressEvent) -> None:
            event.current_buffer.insert_text("\n")

        return keys


class _Menu(Completer):
    """Commands after a slash, paths after `/file`."""

    def __init__(self, menu: Sequence[MenuEntry]) -> None:
        self._entries = [(f"/{entry.name.replace('.', ' ')}", entry.about) for entry in menu]
        self._entries += _LOCAL
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What the line so far may become."""
        typed = document.text_before_cursor
        if typed.startswith("/file "):
            path = typed.removeprefix("/file ")
            yield from self._paths.get_completions(Document(path), complete_event)
        elif typed.startswith("/"):
            for words, about in self._entries:
                if words.startswith(typed.casefold()) and words != typed:
                    yield Completion(words, start_position=-len(typed), display=words.strip(), display_meta=about)


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # what a person typed is theirs
    return FileHistory(path)
