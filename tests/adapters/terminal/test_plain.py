"""Plain mode, through injected streams: strictly turn by turn."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.contract import Address, Attachment, Card, Event, EventKind, File, Gone, Reply, Sent, Unreachable
from adapters.terminal import TerminalAdapter
from core.clock import ManualClock
from tests.adapters.terminal.bot import QUESTION, Bot, ask, echo, to, until

ANA = Address("terminal", "terminal:ana")


def make(lines: str, downloads: Path, turn_timeout: float = 60) -> tuple[TerminalAdapter, io.StringIO]:
    out = io.StringIO()
    adapter = TerminalAdapter(
        "Ana",
        history=None,
        downloads=downloads,
        input=io.StringIO(lines),
        output=out,
        clock=ManualClock(5),
        turn_timeout=turn_timeout,
    )
    return adapter, out


async def talk(lines: str, bot: Bot, downloads: Path, turn_timeout: float = 60) -> str:
    """Run a whole script and return the transcript."""
    adapter, out = make(lines, downloads, turn_timeout)
    bot.adapter = adapter
    await adapter.start(bot, [])
    await asyncio.wait_for(adapter.wait_closed(), 10)
    await adapter.stop()
    return out.getvalue()


async def test_the_transcript_reads_as_a_conversation(tmp_path: Path) -> None:
    bot = Bot(ask)
    transcript = await talk("# Ana asks\nhello\n\n  \ncard\n1\n/need.post x\n/quit\nnever read\n", bot, tmp_path)
    assert transcript == (
        "# Ana asks\n\n> hello\nAna: hello\n\n> card\n== A need ==\n  A designer for the page\n  Where: Riverside\n"
        "  - Tom may know someone\n  Nothing is posted yet.\n  [1] Yes, post it   [2] No\n\n> 1\nAna: tok-yes\n\n"
        "> /need.post x\nAna: need|post x\n\n> /quit\n"
    )
    assert [event.kind for event in bot.events] == [
        EventKind.MESSAGE,
        EventKind.MESSAGE,
        EventKind.BUTTON,
        EventKind.COMMAND,
    ]
    assert len({event.event_id for event in bot.events}) == 4
    assert {event.sent_at for event in bot.events} == {5}


async def test_the_next_line_waits_for_the_end_of_the_turn(tmp_path: Path) -> None:
    async def slow(adapter: TerminalAdapter, event: Event) -> None:
        await echo(adapter, event)
        await asyncio.sleep(0.02)
        await adapter.send(to(event), Reply("and more"), key=event.event_id + "2")

    assert await talk("a\nb", Bot(slow), tmp_path) == ("> a\nAna: a\n\nand more\n\n> b\nAna: b\n\nand more\n")


async def test_a_streamed_answer_appears_once_in_its_final_form(tmp_path: Path) -> None:
    async def stream(adapter: TerminalAdapter, event: Event) -> None:
        await adapter.typing(to(event))
        sent = await adapter.send(to(event), Reply("…"), key=event.event_id)
        await adapter.send(to(event), Reply("beside"), key="beside")
        for text in ("Hel", "Hello", "Hello **you**", "Hello **you**"):
            assert await adapter.edit(to(event), sent, Reply(text)) == sent

    assert await talk("hi", Bot(stream), tmp_path) == "> hi\nHello you\n\nbeside\n"


async def test_a_later_edit_is_shown_again_unless_only_buttons_went(tmp_path: Path) -> None:
    adapter, out = make("", tmp_path)
    sent = await adapter.send(ANA, Reply(card=QUESTION), key="k")
    before = out.getvalue()
    await adapter.edit(ANA, sent, Reply(card=replace(QUESTION, buttons=())))
    assert out.getvalue() == before
    await adapter.edit(ANA, sent, Reply("Posted."))
    await adapter.edit(ANA, sent, Reply("Posted."))
    assert out.getvalue() == before + "\nPosted.\n"


async def test_an_edit_of_a_message_from_an_earlier_run_is_shown(tmp_path: Path) -> None:
    adapter, out = make("", tmp_path)
    await adapter.edit(ANA, Sent("terminal:ana", ("old",)), Reply("the whole answer"))
    assert out.getvalue() == "the whole answer\n"


async def test_the_same_key_is_shown_once(tmp_path: Path) -> None:
    adapter, out = make("", tmp_path)
    assert await adapter.send(ANA, Reply("a"), key="k") == await adapter.send(ANA, Reply("a"), key="k")
    assert out.getvalue() == "a\n"


async def test_another_speaker_has_an_account_and_choices_of_their_own(tmp_path: Path) -> None:
    bot = Bot(ask)
    transcript = await talk("card\n/as Tom\n1\n/as\n/as ana\nyes", bot, tmp_path)
    assert [(e.account.name, e.place.id, e.kind) for e in bot.events] == [
        ("Ana", "terminal:ana", EventKind.MESSAGE),
        ("Tom", "terminal:tom", EventKind.MESSAGE),
        ("Ana", "terminal:ana", EventKind.BUTTON),
    ]
    assert "(You are Tom now.)" in transcript
    assert "(You are Tom. Type /as and a name to be somebody else.)" in transcript
    assert "(You are Ana now. Still open: [1] Yes, post it   [2] No)" in transcript


async def test_an_unclear_choice_is_asked_back(tmp_path: Path) -> None:
    async def twice(adapter: TerminalAdapter, event: Event) -> None:
        if event.press:
            return
        for n in "12":
            await adapter.send(to(event), Reply(card=QUESTION), key=event.event_id + n)

    bot = Bot(twice)
    transcript = await talk("card\nyes\n3\n", bot, tmp_path)
    assert "> yes\n(More than one choice fits. Type its number.)\n" in transcript
    assert [bool(event.press) for event in bot.events] == [False, True]


async def test_who_spoke_here_is_told_by_name_and_who_did_not_is_unreachable(tmp_path: Path) -> None:
    async def notice(adapter: TerminalAdapter, event: Event) -> None:
        if event.account.id == "tom":
            await adapter.send(Address("terminal", "", account_id="ana", private=True), Reply("Hi Ana"), key="n")
        with pytest.raises(Unreachable):
            await adapter.send(Address("terminal", "terminal:eve"), Reply("psst"), key="e")

    bot = Bot(notice)
    transcript = await talk("a\n/as Tom\nb", bot, tmp_path)
    await bot.settle()
    assert transcript.endswith("> b\nTo Ana:\nHi Ana\n")
    assert "psst" not in transcript


async def test_files_go_both_ways(tmp_path: Path) -> None:
    note = tmp_path / "my note.txt"
    note.write_text("words")
    downloads = tmp_path / "down"
    read: list[bytes] = []

    async def swap(adapter: TerminalAdapter, event: Event) -> None:
        read.append(await adapter.fetch(event.attachments[0]))
        back = File("../a b.txt", content=base64.b64encode(b"back").decode())
        picture = File("", path=str(note))
        sent = await adapter.send(to(event), Reply("Here:", Card("C", picture=picture), (back,)), key=event.event_id)
        await adapter.edit(to(event), sent, Reply("There:", Card("C", picture=picture), (back,)))

    bot = Bot(swap)
    transcript = await talk(f"/file '{note}' look at it\n/file {tmp_path}/none\n/file\n" * 2, bot, downloads)
    await bot.settle()
    assert read == [b"words"] * 2
    attachment = bot.events[0].attachments[0]
    assert (attachment.name, attachment.media_type, attachment.size) == ("my note.txt", "text/plain", 5)
    assert [event.text for event in bot.events] == ["look at it"] * 2
    assert sorted(path.name for path in downloads.iterdir()) == ["a b-2.txt", "a b.txt", "file", "file-2"]
    assert f"There:\n== C ==\nSaved {downloads}/file\nSaved {downloads}/a b.txt\n" in transcript
    assert f"(There is no file {tmp_path}/none.)" in transcript
    assert "(Type /file and a path.)" in transcript


async def test_a_file_that_cannot_be_saved_does_not_hold_the_words_back(tmp_path: Path) -> None:
    adapter, out = make("", tmp_path)
    await adapter.send(
        ANA, Reply("Here:", files=(File("x.txt", content="no base64!"), File("y", path="/nowhere/y"))), key="k"
    )
    assert out.getvalue() == f"Here:\nx.txt could not be saved in {tmp_path}.\ny could not be saved in {tmp_path}.\n"
    with pytest.raises(Gone):
        await adapter.fetch(Attachment("/nowhere/y"))


async def test_a_turn_whose_end_is_never_told_is_let_go(tmp_path: Path) -> None:
    transcript = await talk("a\nb", Bot(ends=False), tmp_path, turn_timeout=0.02)
    let_go = "(No answer yet. Let's go on meanwhile.)"
    assert transcript == f"> a\n{let_go}\n\nAna: a\n\n> b\n{let_go}\n\nAna: b\n"


async def test_a_press_may_be_answered_with_a_notice(tmp_path: Path) -> None:
    async def notice(adapter: TerminalAdapter, event: Event) -> None:
        await adapter.answer_press(event, "That was already decided.")
        await adapter.answer_press(event)

    assert await talk("a", Bot(notice), tmp_path) == "> a\n(That was already decided.)\n"


async def test_what_breaks_the_recording_is_told_to_who_waits(tmp_path: Path) -> None:
    class Full(Bot):
        async def record(self, events: object) -> None:
            raise RuntimeError("disk full")

    adapter, _ = make("a", tmp_path)
    await adapter.wait_closed()
    await adapter.start(Full(), [])
    with pytest.raises(RuntimeError, match="disk full"):
        await adapter.wait_closed()
    assert not adapter.health().alive
    assert adapter.explain() == []


async def test_stopping_does_not_wait_for_a_silent_pipe(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader) as silent, os.fdopen(writer, "w") as pipe:
        out = io.StringIO()
        adapter = TerminalAdapter(
            "Ana", history=None, downloads=tmp_path, input=silent, output=out, clock=ManualClock()
        )
        bot = Bot(adapter=adapter)
        await adapter.start(bot, [])
        pipe.write("hi\n")
        pipe.flush()
        await until(lambda: "Ana: hi" in out.getvalue())
        await adapter.send(ANA, Reply("a notice"), key="n")
        assert adapter.health().alive
        await adapter.stop()
        await adapter.wait_closed()
        pipe.write("\n")
    assert out.getvalue() == "> hi\nAna: hi\n\na notice\n"


async def test_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    raw = io.BytesIO()
    streams = (io.TextIOWrapper(io.BytesIO(b"caf\xff\n"), "utf-8"), io.TextIOWrapper(raw, "ascii"))
    adapter = TerminalAdapter(
        "Ana", history=None, downloads=tmp_path, input=streams[0], output=streams[1], clock=ManualClock()
    )
    bot = Bot(adapter=adapter)
    await adapter.start(bot, [])
    await adapter.wait_closed()
    assert bot.events[0].text == "caf\ufffd"
    assert raw.getvalue() == b"> caf?\nAna: caf?\n"


async def test_a_closed_output_is_gone_and_ends_the_reading(tmp_path: Path) -> None:
    adapter, out = make("a\nb\n", tmp_path)
    out.close()
    with pytest.raises(Gone):
        await adapter.send(ANA, Reply("a"), key="k")
    bot = Bot(adapter=adapter)
    await adapter.start(bot, [])
    await adapter.wait_closed()
    await adapter.stop()
    assert bot.events == []


def test_plain_mode_loads_neither_rich_nor_prompt_toolkit() -> None:
    code = (
        "import io, sys, pathlib, adapters.terminal as t\n"
        "t.TerminalAdapter('a', history=None, downloads=pathlib.Path('.'), clock=None)\n"
        "print(sorted({'rich', 'prompt_toolkit'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
