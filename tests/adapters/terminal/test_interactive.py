"""The interactive screen: prompt_toolkit's own pipe for keys and a real VT100 output into memory."""

from __future__ import annotations

import asyncio
import os
import re
import select
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from adapters.contract import Address, Card, Event, EventKind, File, MenuEntry, Reply, Unreachable
from adapters.terminal import TerminalAdapter, render
from adapters.terminal.interactive import _Menu
from adapters.terminal.screen import Shown
from core.clock import ManualClock
from tests.adapters.terminal.bot import QUESTION, Bot, ask, to, until
from tests.adapters.terminal.glass import Glass

ANA = Address("terminal", "terminal:ana")
MENU = [MenuEntry("need.post", "post a need"), MenuEntry("help", "what I can do")]
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Terminal:
    """A person at a terminal: keys go in, what was written comes out."""

    keys: PipeInput
    glass: Glass
    adapter: TerminalAdapter
    bot: Bot

    def text(self) -> str:
        """What stands on the screen."""
        return self.glass.text()

    async def type(self, keys: str, *, events: int) -> None:
        """Type, and wait until that many events were recorded and answered."""
        self.keys.send_text(keys)
        await until(lambda: len(self.bot.events) == events)
        if self.bot.ends:
            await self.bot.settle()


@asynccontextmanager
async def terminal(tmp_path: Path, bot: Bot, *, rows: int = 30, history: Path | None = None) -> AsyncIterator[Terminal]:
    glass = Glass()
    output = Vt100_Output(glass, lambda: Size(rows=rows, columns=80), term="xterm", enable_cpr=False)
    with create_pipe_input() as keys, create_app_session(input=keys, output=output):
        adapter = TerminalAdapter("Ana", history=history, downloads=tmp_path, plain=False, clock=ManualClock())
        bot.adapter = adapter
        await adapter.start(bot, MENU)
        try:
            yield Terminal(keys, glass, adapter, bot)
        finally:
            await adapter.stop()


async def test_lines_and_choices_become_events_and_answers_are_printed(tmp_path: Path) -> None:
    async with terminal(tmp_path, Bot(ask)) as t:
        await t.type("card\r", events=1)
        await until(lambda: "[2]" in t.text())
        await t.type("yes\r", events=2)
        await t.type("/need.post x\r", events=3)
        await t.type("# not a comment here\r", events=4)
        await until(lambda: "Ana: # not a comment here" in t.text())
    assert [event.kind for event in t.bot.events] == [
        EventKind.MESSAGE,
        EventKind.BUTTON,
        EventKind.COMMAND,
        EventKind.MESSAGE,
    ]
    assert t.bot.events[1].press is not None
    assert t.bot.events[1].press.token == "tok-yes"
    assert "╭─ A need ─" in t.text()
    assert t.text().rstrip().endswith("See you, Ana.")


async def test_a_paste_of_several_lines_is_one_message(tmp_path: Path) -> None:
    async with terminal(tmp_path, Bot()) as t:
        await t.type("\x1b[200~one\r\ntwo\nthree\x1b[201~\r", events=1)
        await t.type("four\x1b\rfive\r", events=2)
    assert [event.text for event in t.bot.events] == ["one\ntwo\nthree", "four\nfive"]


async def test_an_answer_grows_in_place_and_is_kept_once(tmp_path: Path) -> None:
    bot = Bot(ends=False)
    async with terminal(tmp_path, bot) as t:

        def shows(answer: str) -> bool:
            return t.text() == f"Ana › hi\n{answer}\n\nAna ›"

        async def stream(adapter: TerminalAdapter, event: Event) -> None:
            await adapter.typing(to(event))
            await until(lambda: "thinking" in t.text())
            sent = await adapter.send(to(event), Reply(""), key="k")
            for text in ("First", "First words", "First words, **then** more", "Last words"):
                await adapter.edit(to(event), sent, Reply(text))
                await until(partial(shows, text.replace("**", "")))

        bot.answer = stream
        await t.type("hi\r", events=1)
        await bot.settle()
        t.keys.send_text("typing on")
        await until(lambda: t.text().endswith("Ana › typing on"))
        before = t.text()
        t.adapter.turn_done(bot.events[0].event_id)
        await asyncio.sleep(0.15)
        assert t.text() == before == "Ana › hi\nLast words\n\nAna › typing on"


async def test_a_long_preview_shows_its_end_and_the_whole_is_printed(tmp_path: Path) -> None:
    bot = Bot(ends=False)
    async with terminal(tmp_path, bot, rows=12) as t:

        async def long(adapter: TerminalAdapter, event: Event) -> None:
            await adapter.send(to(event), Reply("\n".join(f"line {n}." for n in range(20))), key="k")

        bot.answer = long
        await t.type("hi\r", events=1)
        await until(lambda: "line 19." in t.text())
        assert "line 3." not in t.text()
        t.adapter.turn_done(bot.events[0].event_id)
        await until(lambda: "line 3." in t.text())


async def test_a_notice_appears_above_what_is_being_typed(tmp_path: Path) -> None:
    async with terminal(tmp_path, Bot()) as t:
        t.keys.send_text("half a sen")
        await until(lambda: "half a sen" in t.text())
        # Another task of the bot, with a context of its own.
        await asyncio.create_task(t.adapter.send(ANA, Reply("Tom answered."), key="n"))
        await until(lambda: t.text().startswith("Tom answered.\n\n") and t.text().endswith("\nAna › half a sen"))
        await t.type("tence\r", events=1)
    assert t.bot.events[0].text == "half a sentence"


async def test_the_prompt_names_the_speaker(tmp_path: Path) -> None:
    async with terminal(tmp_path, Bot()) as t:
        await t.type("/as Tom\rhello\r", events=1)
        assert t.bot.events[0].account.id == "tom"
        await until(lambda: "Tom ›" in t.text())
        await t.adapter.send(ANA, Reply("for Ana"), key="n")
        await until(lambda: re.search(r"To Ana:\s+for Ana", t.text()))


async def test_ctrl_c_clears_the_line_and_then_twice_leaves(tmp_path: Path) -> None:
    async with terminal(tmp_path, Bot()) as t:
        await t.type("wrong\x03right\r", events=1)
        t.keys.send_text("\x03")
        await until(lambda: "Ctrl-C again leaves." in t.text())
        await t.type("stay\r", events=2)
        t.keys.send_text("\x03\x03")
        await asyncio.wait_for(t.adapter.wait_closed(), 5)
    assert [event.text for event in t.bot.events] == ["right", "stay"]


@pytest.mark.parametrize("goodbye", ["\x04", "/quit\r", "/exit\r"])
async def test_leaving(tmp_path: Path, goodbye: str) -> None:
    async with terminal(tmp_path, Bot()) as t:
        t.keys.send_text(goodbye)
        await asyncio.wait_for(t.adapter.wait_closed(), 5)
        assert not t.adapter.health().alive


async def test_what_waits_is_shown_before_the_goodbye(tmp_path: Path) -> None:
    async with terminal(tmp_path, Bot(ends=False)) as t:
        await t.type("hi\r\x04", events=1)
        await asyncio.wait_for(t.adapter.wait_closed(), 5)
        assert re.search(r"Ana: hi\s+See you, Ana\.\s*$", t.text())
        with pytest.raises(Unreachable):
            await t.adapter.send(ANA, Reply("too late"), key="late")


async def test_typed_lines_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    history = tmp_path / "deep" / "history"
    async with terminal(tmp_path, Bot(), history=history) as t:
        await t.type("remember me\r", events=1)
    assert "+remember me" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0
    async with terminal(tmp_path, Bot(), history=history) as t:
        await until(lambda: "Ana ›" in t.text())
        await asyncio.sleep(0.05)  # the history is loaded by a thread
        await t.type("\x1b[A\r", events=1)
    assert t.bot.events[0].text == "remember me"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/", ["/need post", "/help", "/as ", "/file ", "/quit"]),
        ("/NE", ["/need post"]),
        ("/need post", []),
        ("need", []),
    ],
)
def test_completion_offers_the_menu(typed: str, offered: list[str]) -> None:
    found = _Menu(MENU).get_completions(Document(typed), CompleteEvent())
    assert [completion.text for completion in found] == offered


def test_completion_of_a_path(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    found = _Menu(MENU).get_completions(Document(f"/file {tmp_path}/no"), CompleteEvent())
    assert [completion.text for completion in found] == ["tes.txt"]


@pytest.mark.parametrize("columns", [10, 40, 80, 200])
def test_a_card_fits_its_terminal(columns: int) -> None:
    reply = Reply("Some **text** and `code`\n- an [entry](https://x.y)\n```\ncode\n```", QUESTION, (File("a"),))
    shown = render.ansi(Shown("m", "ana", reply, range(1, 3), ("Saved /tmp/a",), "To Tom:"), columns)
    lines = _ESCAPES.sub("", shown).splitlines()
    assert max(map(len, lines)) <= max(20, min(columns, render.READABLE))
    assert lines[0] == "To Tom:"
    assert lines[-1] == "Saved /tmp/a"
    assert render.ansi(Shown("m", "ana", Reply(card=Card())), columns).strip()
    assert render.ansi(Shown("m", "ana", Reply("")), columns) == ""


def test_a_real_terminal_gets_the_interactive_screen_and_back_its_settings(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from core.clock import SystemClock\n"
        "from adapters.terminal import TerminalAdapter\n"
        "from tests.adapters.terminal.bot import Bot\n"
        "async def main():\n"
        "    adapter = TerminalAdapter('Ana', history=None, downloads=pathlib.Path(sys.argv[1]), clock=SystemClock())\n"
        "    await adapter.start(Bot(adapter=adapter), [])\n"
        "    await adapter.wait_closed()\n"
        "    await adapter.stop()\n"
        "asyncio.run(main())\n"
    )
    ours, theirs = os.openpty()
    before = termios.tcgetattr(theirs)
    environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        glass = Glass()

        def wait_for(words: str) -> None:
            while words not in glass.text():
                assert select.select([ours], [], [], 20)[0], glass.text()
                glass.write(os.read(ours, 4096).decode(errors="replace"))

        wait_for("Ana ›")
        os.write(ours, b"hello\r")
        wait_for("Ana: hello\n\nAna ›")
        os.write(ours, b"\x04")
        wait_for("See you, Ana.")
        assert process.wait(20) == 0
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)
