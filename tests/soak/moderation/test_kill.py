"""kill -9 at every passage of every point, during a purge, a ban, an undo and the end of sanctions.

Afterwards the platform says what the store says, and no temporary sanction was forgotten.
"""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.jobs import plan
from core.clock import HOUR, MINUTE, SECOND, ManualClock
from core.moderation.cases.tables import mod_act
from core.moderation.guards import modes, raids
from core.people.tables import account
from core.store import open_store
from tests.core.moderation.cases.acting import NUMBERS, case, cases, gather, group, suspended
from tests.soak.moderation.platform import File, State
from tests.soak.process import ROOT, Store
from tests.world import World

POINTS = ("writing", "written", "asked", "acting", "acted")
ANNEX, LOBBY = "-Annex", "-Lobby"
PATIENCE = 60.0  # seconds for a process that has a handful of things to do

Url = Callable[[str], str]


@dataclass
class House:
    """A store and a platform, and processes that come and go."""

    url: str
    path: Path
    clock: ManualClock = field(default_factory=ManualClock)
    deaths: int = 0

    def __post_init__(self) -> None:
        self.file = File(self.path)
        self.world = World(open_store(self.url, self.clock), self.clock)
        self.places = [gather(self.world), group(self.world, "Annex")]
        self.world.write(lambda unit: plan(unit, "sanctions", "sanctions", unit.now + MINUTE, every=MINUTE))

    def run(self, point: str = "", passage: int = 0) -> bool:
        """A process, while nobody else has the store. Whether it died."""
        self.world.store.close()
        arguments = (self.url, str(self.path), str(self.clock.now()), point, str(passage))
        command = [sys.executable, "-m", "tests.soak.moderation.worker", *arguments]
        done = subprocess.run(command, cwd=ROOT, timeout=PATIENCE, capture_output=True, text=True, check=False)
        self.world.store = open_store(self.url, self.clock)
        died = done.returncode == -signal.SIGKILL
        assert died or done.returncode == 0, done.stderr[-4000:]
        self.deaths += died
        return died

    def decide(self, operation: str, **given: str) -> None:
        """Mo decides something in the lobby."""
        self.world.do("Mo", operation, at={"place": self.places[0]}, **given)

    @property
    def raid(self) -> dict[str, Any]:
        """The case of the raid."""
        return next(row for row in cases(self.world) if row["kind"] == "raid")

    @property
    def state(self) -> State:
        """The platform."""
        return self.file.state()

    def check(self) -> None:
        """What is always so when all is quiet."""
        assert not Store(self.url).trouble()
        rows = self.world.read(lambda unit: unit.rows(mod_act.select()))
        assert {row["state"] for row in rows} <= {"done", "dropped"}
        banned = {row["person_id"] for row in cases(self.world) if (row["kind"], row["state"]) == ("ban", "standing")}
        for whom in ("Ben", "Tim"):
            out = self.world.id_of(whom) in banned
            assert suspended(self.world, whom) == out
            assert {place for place, who in self.state.banned if who == NUMBERS[whom]} == (
                {LOBBY, ANNEX} if out else set()
            )

    def end(self) -> None:
        """Close."""
        self.world.store.close()


@pytest.fixture
def houses(tmp_path: Path, new_url: Url, engine: str) -> Iterator[Callable[[], House]]:
    """Makes houses."""
    made: list[House] = []

    def make() -> House:
        made.append(House(new_url(engine), tmp_path / f"platform_{len(made)}"))
        return made[-1]

    yield make
    for one in made:
        one.end()


def every_death(points: tuple[str, ...]) -> Iterator[tuple[str, Iterator[int]]]:
    """Each point, and the numbers of its passages: the caller stops when nobody died there."""
    for point in points:
        yield point, itertools.count(1)


def wrote(house: House) -> None:
    """Thirty messages, every other one of Ben."""
    for number in range(30):
        house.file.add("wrote", f"m{number}", NUMBERS["Ben" if number % 2 else "Tim"])


def test_a_purge(houses: Callable[[], House]) -> None:
    """What stood there when it began goes, and nothing else, wherever it broke off."""
    deaths = 0
    for point, passages in every_death((*POINTS, "deleted")):
        for passage in passages:
            house = houses()
            wrote(house)
            house.decide("purge", count="6", person="Ben")
            if not house.run(point, passage):
                break
            (row,) = house.world.read(lambda unit: unit.rows(mod_act.select()))
            begun = row["before"] is not None
            house.file.add("wrote", "late", NUMBERS["Ben"])
            house.run()
            gone = {f"m{number}" for number in range(30)} - set(house.state.messages)
            first = 19 if begun else 21  # of what was not begun, the newest are those at the next start
            assert gone == {f"m{number}" for number in range(first, 30, 2)}, (point, passage)
            assert ("late" in house.state.messages) == begun, (point, passage)
            house.check()
            deaths += house.deaths
    assert deaths >= 12


@pytest.mark.parametrize("after", ["nothing", "undo"])
def test_a_ban_and_a_lock(houses: Callable[[], House], after: str) -> None:
    """It is done, or it is undone while nobody runs: the platform says the same as the store."""
    deaths = 0
    for point, passages in every_death(POINTS):
        for passage in passages:
            house = houses()
            house.decide("ban", person=NUMBERS["Ben"])
            house.decide("lock")
            if not house.run(point, passage):
                break
            if after == "undo":
                house.decide("undo", case="1")
                house.decide("undo", case="2")
            house.run()
            assert house.state.locked == ({LOBBY} if after == "nothing" else set()), (point, passage)
            house.check()
            deaths += house.deaths
    assert deaths >= 12


def test_the_end_of_sanctions(houses: Callable[[], House]) -> None:
    """Each is ended, whoever dies on the way and comes back; a ban that stands keeps standing."""
    deaths = 0
    for point, passages in every_death(POINTS):
        for passage in passages:
            house = houses()
            house.decide("ban", person=NUMBERS["Ben"], duration="1h")
            house.decide("timeout", person=NUMBERS["Tim"], duration="1h")
            house.decide("lock", duration="1h")
            house.decide("ban", person=NUMBERS["Tim"])
            house.run()
            assert house.state.locked == {LOBBY}
            assert house.state.muted == {(place, NUMBERS["Tim"]) for place in (LOBBY, ANNEX)}
            house.check()
            house.clock.advance(HOUR)
            if not house.run(point, passage):
                break
            house.run("written", 2)
            house.run()
            assert [case(house.world, n).state for n in (1, 2, 3, 4)] == ["lifted"] * 3 + ["standing"], (point, passage)
            assert (house.state.muted, house.state.locked) == (set(), set()), (point, passage)
            house.check()
            deaths += house.deaths
    assert deaths >= 12


RAIDERS = 40
AGAIN = 10  # arrivals in a minute that make a raid, for a process that knows nothing of those before it


@pytest.mark.parametrize("over", ["undo", "by itself"])
def test_a_raid(houses: Callable[[], House], over: str) -> None:
    """Whoever dies while it is noticed or carried out: those whom the store keeps quiet are quiet, and are released.

    What was told and not heard is told again. Of arrivals that made no raid yet only memory knows, so the next ones
    make it; from then on nobody is forgotten, and nothing stands of what they wrote.
    """
    deaths = 0
    for point in ("looked", *POINTS):
        for passage in (1, 12, 14, 40, 120):
            house = houses()
            _storm(house)
            if not house.run(point, passage):
                break
            house.run()
            _check_storm(house, (point, passage))
            deaths += house.deaths
            if over == "undo":
                house.decide("undo", case=str(house.raid["number"]))
            else:
                house.clock.advance(raids.LASTS + MINUTE)
            house.run("acted", 3)
            house.run()
            house.run()
            assert (house.state.muted, house.state.slowed) == (set(), set()), (point, passage)
            state = "undone" if over == "undo" else "lifted"
            assert {row["state"] for row in cases(house.world) if row["kind"] != "report"} == {state}, (point, passage)
            house.check()
    assert deaths >= 12


def _storm(house: House) -> None:
    """The rule may act; forty arrive, one a second, and the later ones write at once."""
    nexus_id = house.world.nexuses["Parser"].id
    house.world.write(lambda unit: modes.set_mode(unit, nexus_id, "raid", "act", None))
    for number in range(RAIDERS):
        house.clock.advance(SECOND)
        who, at = str(700_000 + number), str(house.clock.now())
        house.file.add("told", str(2 * number), "joined", who, at)
        if number >= 2 * AGAIN:  # what is written before it is noticed is a matter of other rules
            house.file.add("told", str(2 * number + 1), "wrote", who, at)


def _check_storm(house: House, where: object) -> None:
    kept = [row for row in cases(house.world) if row["parent_id"] == house.raid["id"]]
    assert len(kept) >= RAIDERS - 2 * AGAIN, where
    rows = house.world.read(lambda unit: unit.rows(account.select()))
    numbers = {row["id"]: row["external_id"] for row in rows}
    quiet = {numbers[row["account_id"]] for row in kept}
    assert house.state.muted == {(place, who) for place in (LOBBY, ANNEX) for who in quiet}, where
    assert house.state.slowed == {LOBBY, ANNEX}, where
    late = {str(700_000 + number) for number in range(2 * AGAIN, RAIDERS)}
    assert late <= quiet, where
    assert not late & set(house.state.messages.values()), where
    assert sum(row["kind"] == "raid" for row in cases(house.world)) == 1, where
    house.check()
