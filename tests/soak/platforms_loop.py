"""Rounds in which people talk on Discord and Slack at once, and the bot that serves both dies and comes back."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from core.nexuses.founding import found
from core.nexuses.members import join
from core.nexuses.tree import ROOT_ID
from core.people.people import speaker
from core.store import Unit, open_store
from tests.soak.loop import _BUSY as BUSY
from tests.soak.platforms import Cast, DiscordCast, Line, SlackCast, check
from tests.soak.points import Point
from tests.soak.process import Bot, Fakes, Store, wait

MODULE = "tests.soak.platforms_fakes"
PATIENCE = 60.0  # seconds: two platforms and a process that starts, on a machine that others use too


class PlatformLoop:
    """One store, one bot on two platforms, and people who go on talking: of most things `each` in a round."""

    def __init__(self, folder: Path, url: str, fakes: Fakes, *, model: bool, seed: int, each: int = 3) -> None:
        self.store = Store(url)
        self.kills: Counter[str] = Counter()
        self.lines = self.missed = 0
        self._chance = random.Random(seed)
        self._model, self._each = model, each
        environment = {k: v for k, v in fakes.environment.items() if model or not k.startswith("OPENAI")}
        self.casts: list[Cast] = [DiscordCast(fakes), SlackCast(fakes)]
        self._gather(url)
        soon = () if self.store.path else ("--stalled-after", "2")  # see `Loop`
        self.bot = Bot(folder, url, environment, "run", *soon)
        self._start()
        # It looks for what it missed in the places that it has heard of.
        hellos = [
            Line(cast, channel, user, "", f"{cast.mention}/needs", "")
            for cast in self.casts
            for channel, user in zip(cast.channels, (*cast.users, cast.users[0]), strict=True)
        ]
        self._say(hellos)
        self._settle(hellos)

    def _gather(self, url: str) -> None:
        """Everybody is a member already."""

        def unit(unit: Unit) -> None:
            found(unit, "Home")
            for cast in self.casts:
                for number, (workspace, account, direct) in enumerate(cast.accounts()):
                    who = speaker(
                        unit,
                        platform=cast.name,
                        workspace=workspace,
                        external_id=account,
                        name=f"Person {number}",
                        direct_place=direct,
                    )
                    join(unit, who.person_id, ROOT_ID, "member", granted_by=who.person_id)

        store = open_store(url)
        try:
            store.write(unit).result()
        finally:
            store.close()

    def round(self, point: Point, passage: int, *, in_press: bool = False) -> list[str]:
        """One round; what is wrong in the end. `in_press`: people press, and then it dies."""
        today = self._plan()
        self.lines += len(today)
        late = [line for line in today[-4:] if not line.slash]
        early = [line for line in today if line not in late]
        if in_press:
            self._say(early)
            self._settle(early)
            self._kill_during(partial(self._press, early), early, point, passage)
        else:
            self._kill_during(partial(self._say, early), early, point, passage)
        self._say(late)  # while it is dead
        self._start()
        self._settle(today)
        pressed = self._press(today)
        self._disturb(today)
        self._settle(today, pressed)
        return check(today, self.store)

    def _plan(self) -> list[Line]:
        lanes = [lane for cast in self.casts for lane in cast.lines(self._chance, model=self._model, each=self._each)]
        lines = []
        while any(lanes):
            lines.append(self._chance.choice([lane for lane in lanes if lane]).pop(0))
        return lines

    @staticmethod
    def _say(lines: list[Line]) -> None:
        for line in lines:
            line.do()

    def _kill_during(self, doing: Callable[[], object], lines: list[Line], point: Point, passage: int) -> None:
        if point in (Point.RANDOM, Point.STOPPED):
            end = self.bot.kill if point is Point.RANDOM else self.bot.stop
            timer = threading.Timer(self._chance.uniform(0.0, 0.4), end)
            timer.start()
            doing()
            timer.join()
        else:
            self.bot.arm(point, passage)
            doing()
            calm = 0

            def over() -> bool:
                nonlocal calm
                calm = calm + 1 if not self.bot.dead and self._quiet(lines) else 0
                return self.bot.dead or calm > 5

            self._until(over, lines)
            if not self.bot.dead:
                self.missed += 1
                self.bot.kill()
                return
        self.kills[point] += 1

    def _start(self) -> None:
        before = len(self.bot.output()) if self.bot.process is not None else 0
        self.bot.start()
        self._until(lambda: self.bot.dead or "running" in self.bot.output()[before:], [])

    def _press(self, lines: list[Line]) -> list[tuple[Line, str]]:
        """Answer every card; which these were."""
        cards = self._asked(lines)
        for line, message in cards:
            line.cast.press(line.channel, line.user, message)
        return cards

    def _disturb(self, lines: list[Line]) -> None:
        """Some events come again, and somebody edits what was said long since."""
        for line in self._chance.sample(lines, 5):
            line.cast.repeat(line)
        line = self._chance.choice(lines)
        line.cast.edit(line)

    # -- waiting -------------------------------------------------------------------------------------------

    def _quiet(self, lines: list[Line]) -> bool:
        """Whether all that is sure to reach the bot was stored and brought to its end."""
        if self.store.rows(BUSY)[0]["left_over"]:
            return False
        stored = {row["event_id"] for row in self.store.rows("SELECT event_id FROM inbox")}
        return all(line.event in stored for line in lines if line.event and (line.told or not line.slash))

    def _settle(self, lines: list[Line], pressed: Sequence[tuple[Line, str]] = ()) -> None:
        """Wait until all is quiet with the bot alive, and each card that was `pressed` shows what came of it."""
        calm = 0

        def over() -> bool:
            nonlocal calm
            assert not self.bot.dead, f"it died where it should not:\n{self.bot.output()[-4000:]}"
            decided = not pressed or not {number for _, number in pressed} & {n for _, n in self._asked(lines)}
            calm = calm + 1 if decided and self._quiet(lines) else 0
            return calm > 3

        self._until(over, lines)

    def _asked(self, lines: list[Line]) -> list[tuple[Line, str]]:
        """Cards that wait for an answer: the line, and the message's id."""
        return [
            (line, message["message"])
            for line in lines
            if line.asks
            for message in line.cast.shown(line.channel)
            if line.tag in message["text"] and "Yes" in message["buttons"]
        ]

    def _until(self, ready: Callable[[], bool], lines: list[Line]) -> None:
        try:
            wait("quiet again", ready, PATIENCE, pause=0.05)
        except AssertionError as error:
            stored = {row["event_id"] for row in self.store.rows("SELECT event_id FROM inbox")}
            left = [line for line in lines if line.event and not line.slash and line.event not in stored]
            rows = self.store.rows("SELECT * FROM outbox WHERE state IN ('waiting', 'open')")
            raise AssertionError(f"{error}\n{left}\n{rows}\n{self.bot.output()[-6000:]}") from None

    def end(self) -> None:
        """No more rounds."""
        if self.bot.process is not None and self.bot.process.poll() is None:
            self.bot.kill()

    def summary(self) -> str:
        """For people."""
        kills = ", ".join(f"{point} {count}" for point, count in self.kills.items())
        return f"{self.lines} lines, {self.kills.total()} ends ({kills}), {self.missed} traps that nobody passed"
