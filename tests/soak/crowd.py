"""Processes that share one PostgreSQL database: gateways, workers, and the people who talk to them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.nexuses.founding import found
from core.nexuses.members import join
from core.nexuses.tree import ROOT_ID
from core.people.people import speaker
from core.store import Unit, open_store
from tests.soak.process import PATIENCE, ROOT, Fakes, Store, wait


class Member:
    """One process of the crowd: `nexus run …` or `nexus work …`, that can be killed, paused and stopped."""

    def __init__(self, folder: Path, environment: Mapping[str, str], number: int, *command: str) -> None:
        self.command = command
        self._output = folder / f"output-{number}"
        self._folder, self._environment = folder, dict(environment)
        self._wanted = True
        self._start()

    def _start(self) -> None:
        with self._output.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *self.command],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
            )

    def supervise(self) -> None:
        """What systemd does: a process that ended by itself (there was no database at its start) is started again."""
        if self._wanted and self.process.poll() is not None:
            self._start()

    def output(self) -> str:
        """All that it wrote."""
        return self._output.read_text()

    def lines(self, words: str) -> list[dict[str, Any]]:
        """The lines of its log with these words."""
        found = (line for line in self.output().splitlines() if line.startswith("{") and words in line)
        return [json.loads(line) for line in found]

    def ready(self) -> None:
        """Wait until it runs."""
        self.until("running")

    def until(self, words: str) -> None:
        """Wait until its log has these words."""

        def said() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"{self.command} ended with {self.process.returncode}:\n{self.output()[-4000:]}")
            return words in self.output()

        wait(f"{words!r} in the log of {self.command}", said)

    def kill(self) -> None:
        """kill -9."""
        self._wanted = False
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """SIGTERM; returns its exit code."""
        self._wanted = False
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def pause(self) -> None:
        """SIGSTOP: it lives and does nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None


class Crowd:
    """A database, the platforms, and whoever works on them."""

    def __init__(self, folder: Path, url: str, fakes: Fakes, *, model: bool = False, **settings: str) -> None:
        self.folder, self.url, self.fakes = folder, url, fakes
        self.store = Store(url)
        self.members: list[Member] = []
        platforms = {k: v for k, v in fakes.environment.items() if model or not k.startswith("OPENAI")}
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "PYTHONUNBUFFERED": "1",
            "NEXUS_STORE_URL": url,
            "NEXUS_MODEL_PERSON_TOKENS": "0",
            "NEXUS_MODEL_NEXUS_TOKENS": "0",
            "NEXUS_MODEL_ALL_TOKENS": "0",
            **platforms,
            **settings,
        }

    def start(self, *command: str, **settings: str) -> Member:
        """Start one process, and wait for nothing."""
        self.members.append(Member(self.folder, self.environment | settings, len(self.members), *command))
        return self.members[-1]

    def gateway(self) -> Member:
        """A process that hears Telegram and sends for it."""
        return self.start("run", "--only", "telegram")

    def worker(self, *options: str) -> Member:
        """A process that runs turns."""
        return self.start("work", "--stalled-after", "3", *options)

    def people(self, number: int) -> list[int]:
        """So many people who are members already; their ids."""
        people = [int(self.fakes("user", name=f"Person {n}")["user"]) for n in range(number)]

        def unit(unit: Unit) -> None:
            found(unit, "Home")
            for user in people:
                who = speaker(
                    unit,
                    platform="telegram",
                    workspace="",
                    external_id=str(user),
                    name=f"Person {user}",
                    direct_place=str(user),
                )
                join(unit, who.person_id, ROOT_ID, "member", granted_by=who.person_id)

        store = open_store(self.url)
        try:
            store.write(unit).result()
        finally:
            store.close()
        return people

    def say(self, user: int, text: str) -> None:
        """Somebody writes in their direct chat."""
        self.fakes("say", chat=user, user=user, text=text)

    def texts(self, user: int) -> list[str]:
        """What the bot says there."""
        return [message["text"] for message in self.fakes("messages", chat=user) if message["from_bot"]]

    def wait(self, what: str, ready: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait for something, and tell what the processes say if it does not come."""
        try:
            wait(what, ready, seconds)
        except AssertionError as error:
            logs = "\n".join(f"--- {m.command}\n{m.output()[-2500:]}" for m in self.members)
            raise AssertionError(f"{error}\n{logs}") from None

    def quiet_in_the_end(self) -> bool:
        """The same, with a supervisor that brings up what ended by itself."""
        for member in self.members:
            member.supervise()
        return self.quiet()

    def quiet(self) -> bool:
        """Whether every update was taken, and nothing waits to be worked or sent."""
        busy = (
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting') + "
            "(SELECT count(*) FROM outbox WHERE state IN ('waiting', 'open')) AS left_over"
        )
        return not self.fakes("counts")["pending"] and not self.store.rows(busy)[0]["left_over"]

    def end(self) -> None:
        """Nobody stays."""
        for member in self.members:
            if member.alive:
                member.go_on()
                member.kill()
