"""`python -m tests.soak.runner run|chat …`: the bot as it is, with traps at its seams that kill the process.

A trap is armed by a file that holds "POINT N": the N-th passage of that point from then on is the last. The file named
by SOAK_TRAP is read at the start and again at each SIGUSR1. SOAK_LOG gets a line for what is under way, written before
anything can be lost; what it holds at the death of the process tells which repeats are honest.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tests.soak.points import Point

P = ParamSpec("P")
T = TypeVar("T")
TAG = re.compile(r"k\d{6}")


class Trap:
    """Kills this process, without a word, at a passage of a point."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._point = ""
        self._left = 0

    def arm(self) -> None:
        """Read what is wanted."""
        try:
            self._point, number = self._file.read_text().split()
        except (OSError, ValueError):
            self._point, number = "", "0"
        self._left = int(number)

    def pass_by(self, point: Point) -> None:
        """Die here, if this is the passage."""
        if point.name != self._point:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Log:
    """Lines that are with the system at once, so that they survive the process."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, *words: object) -> None:
        """One line."""
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())


def install(trap: Trap, log: Log) -> None:
    """Wrap the seams."""
    from adapters.contract import Event
    from bot.inbox import inbox
    from bot.inbox.inbox import Entry
    from bot.outbox.outbox import Outgoing
    from bot.outbox.sender import Sender
    from bot.turn import model, talk, turns
    from bot.turn.turns import Turns

    def after(point: Point, function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
            value = function(*args, **kwargs)
            trap.pass_by(point)
            return value

        return wrapped

    # Inside the unit that records, before its commit; and after it, before anything else is done.
    inbox.record = after(Point.RECORDING, inbox.record)
    start, record = Turns.start, Turns.record

    def started(self: Turns, entry: Entry) -> None:
        trap.pass_by(Point.RECORDED)
        start(self, entry)

    async def recorded(self: Turns, events: Sequence[Event]) -> None:
        await record(self, events)
        if self._shared is not None:  # there the workers begin by themselves
            trap.pass_by(Point.RECORDED)
        for event in filter(inbox.wanted, events):
            log.write("recorded", event.event_id)
        trap.pass_by(Point.ACKNOWLEDGING)

    Turns.start, Turns.record = started, recorded  # type: ignore[method-assign]

    # Inside the unit that acts: the operation ran, nothing is committed.
    for module in (turns, talk, model):
        module.take_step = after(Point.HANDLED, module.take_step)  # type: ignore[attr-defined]
    turns.take_press = after(Point.HANDLED, turns.take_press)  # type: ignore[attr-defined]

    # The model.
    run, place, called = model.ModelTurn.run, model.ModelTurn._place, model.ModelTurn._call

    async def placed(self: Any, row: Outgoing) -> Any:
        log.write("placing", tags(self._entry.event.text))
        self._adapter = Watched(self._adapter, trap)
        value = await place(self, row)
        log.write("placed", tags(self._entry.event.text))
        trap.pass_by(Point.PLACE_KEPT)
        return value

    async def ran(self: Any, prepared: Any) -> Any:
        brain = self._brain

        class Between:
            async def answer(self, *args: Any) -> Any:
                found = await brain.answer(*args)
                trap.pass_by(Point.MODEL_ANSWERED)
                return found

        self._brain = Between()
        return await run(self, prepared)

    async def tool(self: Any, name: str, arguments: dict[str, Any], position: int) -> str:
        found = await called(self, name, arguments, position)
        trap.pass_by(Point.TOOL_DONE)
        return found

    model.ModelTurn._place = placed  # type: ignore[method-assign]
    model.ModelTurn.run = ran  # type: ignore[method-assign]
    model.ModelTurn._call = tool  # type: ignore[method-assign]

    # Sending.
    deliver, once = Sender._deliver, Sender._once

    async def delivered(self: Sender, adapter: Any, row: Outgoing, *more: Any) -> None:
        trap.pass_by(Point.COMMITTED)
        await deliver(self, adapter, row, *more)
        log.write("marked", row.id)
        trap.pass_by(Point.MARKED)

    async def sent_once(self: Sender, adapter: Any, row: Outgoing) -> Any:
        again = row.sent is not None and bool(row.sent.message_ids)
        log.write("editing" if again else "sending", row.id, tags(repr(row.reply)))
        trap.pass_by(Point.SENDING)
        found = await once(self, adapter, row)
        trap.pass_by(Point.ACCEPTED)
        return found

    Sender._deliver = delivered  # type: ignore[method-assign]
    Sender._once = sent_once  # type: ignore[method-assign]


class Watched:
    """An adapter whose `send` passes a point once the platform has accepted."""

    def __init__(self, adapter: Any, trap: Trap) -> None:
        self._adapter = adapter
        self._trap = trap

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    async def send(self, *args: Any, **kwargs: Any) -> Any:
        """See `Adapter.send`."""
        found = await self._adapter.send(*args, **kwargs)
        self._trap.pass_by(Point.PLACED)
        return found


def tags(text: str) -> str:
    """The tags of messages in a text."""
    return ",".join(dict.fromkeys(TAG.findall(text))) or "-"


def main() -> int:
    """The command line."""
    trap = Trap(Path(os.environ["SOAK_TRAP"]))
    signal.signal(signal.SIGUSR1, lambda *_: trap.arm())
    install(trap, Log(os.environ["SOAK_LOG"]))
    trap.arm()
    from bot.cli.main import main as nexus

    return nexus(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
