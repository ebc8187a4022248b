"""Rounds: people talk, the bot dies at a point, comes back, and is compared with what should be."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.nexuses.founding import found
from core.nexuses.members import join
from core.nexuses.tree import ROOT_ID
from core.people.people import speaker
from core.store import Unit, open_store
from tests.soak.check import Found, Gap, check
from tests.soak.points import Point
from tests.soak.process import PATIENCE, Bot, Fakes, Store, wait
from tests.soak.workload import Line, Round, plan

_BUSY = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting') + "
    "(SELECT count(*) FROM outbox WHERE state IN ('waiting', 'open')) AS left_over"
)


@dataclass
class Figures:
    """Sums over the rounds of a run."""

    kills: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    placeholders: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)
    back: list[float] = field(default_factory=list)  # seconds from the start of a process until all is quiet
    missed: int = 0

    def table(self, title: str) -> str:
        """For people."""
        lines = [f"{title}", f"  {'point':<20}{'kills':>6}{'repeated':>10}{'placeholders':>14}"]
        lines += [
            f"  {point:<20}{count:>6}{self.repeated[point]:>10}{self.placeholders[point]:>14}"
            for point, count in sorted(self.kills.items(), key=lambda kv: [p.value for p in Point].index(kv[0]))
        ]
        total = f"  {'all':<20}{self.kills.total():>6}{self.repeated.total():>10}{self.placeholders.total():>14}"
        back = sorted(self.back) or [0.0]
        sums = [
            f"  messages {sum(f.lines for f in self.found)}, lost {sum(len(f.lost) for f in self.found)}, "
            f"done twice {sum(len(f.twice) for f in self.found)}, out of order "
            f"{sum(len(f.disorder) for f in self.found)}; quiet again after {back[len(back) // 2]:.1f} s "
            f"(median), {back[-1]:.1f} s at most; traps that nobody passed {self.missed}"
        ]
        return "\n".join([*lines, total, *sums])


class Loop:
    """One store, one bot that dies and comes back, and people who go on talking."""

    def __init__(
        self,
        folder: Path,
        url: str,
        fakes: Fakes,
        *,
        rounds: int,
        model: bool,
        seed: int,
        slow: bool = True,
    ) -> None:
        self.fakes = fakes
        self.store = Store(url)
        self.figures = Figures()
        self._model = model
        self._slow = slow
        self._chance = random.Random(seed)
        environment = fakes.environment
        if not model:
            environment = {k: v for k, v in environment.items() if not k.startswith("OPENAI")}
        # Where workers are shared, the dead are found by their silence.
        soon = () if self.store.path else ("--stalled-after", "2")
        self.bot = Bot(folder, url, environment, "run", *soon)
        self.people = self._gather(url, 5 * rounds)
        self._began = 0.0

    def _gather(self, url: str, number: int) -> list[int]:
        """People who are members already."""
        people = [self.fakes("user", name=f"Person {n}")["user"] for n in range(number)]

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

        store = open_store(url)
        try:
            store.write(unit).result()
        finally:
            store.close()
        return people

    # -- a round -------------------------------------------------------------------------------------------

    def round(self, point: Point, passage: int, *, again: Point | None = None, in_press: bool = False) -> Found:
        """One round. `again`: it dies a second time while it comes back. `in_press`: people press, and then it dies."""
        chance = self._chance
        people = [self.people.pop() for _ in range(5)]
        today = plan(chance, self.fakes, people, model=self._model, slow=self._slow)
        late = today.lines[-chance.randint(1, 3) :]
        early = today.lines[: -len(late)]
        gap = Gap()
        if self.bot.process is None:
            self._start()
        if in_press:
            self._say(today, today.lines)
            self._settle()
            self._kill_during(lambda: self._press(today), point, passage, gap)
        else:
            self._kill_during(lambda: self._say(today, early), point, passage, gap)
            self._say(today, late)
        self._disturb(today, [line for line in today.lines if line.update])
        self._start(again)
        if again is not None and self._dies_or_quiet():
            self._count_death(again, gap)
            self._start()
        self._settle()
        self.bot.arm(None)
        self.figures.back.append(time.monotonic() - self._began)
        self._press(today)
        self._disturb(today, today.lines)
        time.sleep(0.1)
        self._settle()
        return self._judge(today, gap, point)

    def _kill_during(self, doing: Callable[[], None], point: Point, passage: int, gap: Gap) -> None:
        if point in (Point.RANDOM, Point.STOPPED):
            end = self.bot.kill if point is Point.RANDOM else self.bot.stop
            timer = threading.Timer(self._chance.uniform(0.0, 0.5), end)
            timer.start()
            doing()
            timer.join()
        else:
            self.bot.arm(point, passage)
            doing()
            if not self._dies_or_quiet():
                self.figures.missed += 1
                self.bot.kill()
                gap.read(self.bot.log)
                return
        self._count_death(point, gap)

    def _count_death(self, point: Point, gap: Gap) -> None:
        self.figures.kills[point] += 1
        gap.read(self.bot.log)

    def _start(self, point: Point | None = None) -> None:
        self._began = time.monotonic()
        self.bot.start(point, self._chance.randint(1, 3))
        self._until(lambda: "running" in self.bot.output() or self.bot.dead)

    def _say(self, today: Round, lines: list[Line]) -> None:
        today.say(self.fakes, lines)

    def _disturb(self, today: Round, said: list[Line]) -> None:
        """Some updates come again, out of order, and somebody edits what was said long since."""
        chance = self._chance
        for line in chance.sample(said, min(4, len(said))):
            self.fakes("redeliver", update_id=line.update)
        self.fakes("reorder", answers=1)
        line = chance.choice(said)
        for message in self.fakes("messages", chat=line.chat):
            if not message["from_bot"] and line.tag in message["text"]:
                changed = f"{line.text} after all"
                self.fakes("edit", chat=line.chat, user=line.user, message=message["message_id"], text=changed)

    def _press(self, today: Round) -> None:
        for line in today.lines:
            for message in self.fakes("messages", chat=line.chat) if line.asks else ():
                if message["from_bot"] and line.tag in message["text"] and "Yes" in message["buttons"]:
                    self.fakes("press", chat=line.chat, user=line.user, message=message["message_id"], button="Yes")

    def _judge(self, today: Round, gap: Gap, point: Point) -> Found:
        for chat in {line.chat for line in today.lines}:
            today.chats[chat] = self.fakes("messages", chat=chat)
        result = check(today, self.store, gap)
        self.figures.repeated[point] += result.repeated
        self.figures.placeholders[point] += result.placeholders
        self.figures.found.append(result)
        self.bot.log.write_text("")
        return result

    # -- waiting -------------------------------------------------------------------------------------------

    def quiet(self) -> bool:
        """Whether every update was taken and every turn is over."""
        return (
            not self.fakes("counts")["pending"]
            and not self.store.rows(_BUSY)[0]["left_over"]
            and not self.fakes("counts")["pending"]
        )

    def _dies_or_quiet(self) -> bool:
        """Wait for either; whether it died."""
        calm = 0

        def over() -> bool:
            nonlocal calm
            if self.bot.dead:
                return True
            calm = calm + 1 if self.quiet() else 0
            return calm > 5

        self._until(over)
        return self.bot.dead

    def _settle(self) -> None:
        """Wait until all is quiet, with the bot alive."""
        self._until(lambda: self.bot.dead or self.quiet())
        assert not self.bot.dead, f"it died where it should not:\n{self.bot.output()[-4000:]}"

    def _until(self, ready: Callable[[], bool]) -> None:
        try:
            wait("quiet again", ready, PATIENCE)
        except AssertionError as error:
            left = self.store.rows("SELECT id, event_id, state, payload FROM inbox WHERE state = 'waiting'")
            left += self.store.rows("SELECT * FROM outbox WHERE state IN ('waiting', 'open')")
            raise AssertionError(f"{error}\n{left}\n{self.bot.output()[-6000:]}") from None

    def end(self) -> None:
        """No more rounds."""
        if self.bot.process is not None and self.bot.process.poll() is None:
            self.bot.kill()
