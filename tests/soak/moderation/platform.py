"""A platform in a file: what was done on it is appended, line by line, and outlives every process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.contract import Act, Capabilities, Did, Power, Written
from tests.bot.outbox.scripted import Scripted


@dataclass
class State:
    """What is so there now."""

    messages: dict[str, str] = field(default_factory=dict)  # who wrote them, oldest first
    banned: set[tuple[str, str]] = field(default_factory=set)  # (place, account)
    muted: set[tuple[str, str]] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    done: int = 0  # acts that were carried out, repetitions too


class File:
    """The file. Each line is whole or not there: it is written by one call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch()

    def add(self, what: str, *where: str) -> None:
        """Something happens on the platform."""
        log = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(log, (json.dumps([what, *where]) + "\n").encode())
        finally:
            os.close(log)

    def _lines(self) -> Iterator[list[str]]:
        yield from map(json.loads, self._path.read_text().splitlines())

    def state(self) -> State:
        """Where everything that happened has led to."""
        now = State()
        for what, *where in self._lines():
            match what:
                case "wrote":
                    now.messages[where[0]] = where[1]
                case "delete":
                    now.messages.pop(where[0], None)
                case "ban":
                    now.banned.add((where[0], where[1]))
                case "unban":
                    now.banned.discard((where[0], where[1]))
                case "timeout":
                    now.muted.add((where[0], where[1]))
                case "release":
                    now.muted.discard((where[0], where[1]))
                case "lock":
                    now.locked.add(where[0])
                case "unlock":
                    now.locked.discard(where[0])
                case "done":
                    now.done += 1
        return now


class Platform(Scripted):
    """One process's way to the file. `passing` is called wherever the process may die."""

    def __init__(self, file: File, passing: Callable[[str], None]) -> None:
        super().__init__("telegram")
        self.capabilities = Capabilities(direct_first=True, powers=frozenset(Power), history=True)
        self._file = file
        self._passing = passing

    async def before(self, act: Act) -> dict[str, str]:
        """See the contract."""
        self._passing("asked")
        return {"locked": "yes" if act.place_id in self._file.state().locked else ""}

    async def act(self, act: Act) -> Did:
        """See the contract. A purge goes message by message, so that it can break off half way."""
        self._passing("acting")
        if act.power is Power.DELETE:
            for message in act.message_ids:
                self._file.add("delete", message)
                self._passing("deleted")
        elif act.power is Power.UNLOCK and act.before.get("locked"):
            self._file.add("lock", act.place_id)
        else:
            self._file.add(act.power.value, act.place_id, act.account_id)
        self._file.add("done")
        self._passing("acted")
        return Did(True)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """See the contract."""
        found: list[Any] = [
            Written(message, who, 0)
            for message, who in reversed(self._file.state().messages.items())
            if account_id in ("", who)
        ]
        return found[:most]
