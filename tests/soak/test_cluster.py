"""Past one machine: one, two and four workers, many conversations, and kill -9 of everything, PostgreSQL included.

SOAK_CONVERSATIONS sets the size (500; with 40 it takes about a minute), SOAK_WORKERS the numbers of workers ("1,2,4"),
SOAK_LONG the patience in seconds (600).
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.store.migrate import migrate_postgres
from tests.postgres import PostgresServer
from tests.soak.crowd import Crowd, Member
from tests.soak.process import Fakes, fakes

CONVERSATIONS = int(os.environ.get("SOAK_CONVERSATIONS", "500"))
WORKERS = [int(number) for number in os.environ.get("SOAK_WORKERS", "1,2,4").split(",")]
ROUNDS = 4  # messages of a conversation while everything dies
CALM = 60  # messages one after the other, at low load
LONG = float(os.environ.get("SOAK_LONG", "600"))  # seconds for anything that must happen in the end


@dataclass
class Figures:
    """What was measured, printed when all is over."""

    rows: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def table(self) -> str:
        """For people."""
        alone = self.rows["SQLite, one process"]
        lines = [
            f"{CONVERSATIONS} conversations",
            f"  {'':<28}{'p50 ms':>8}{'p95 ms':>8}{'per second':>12}{'ratio':>8}"
            f"{'kills':>7}{'messages':>10}{'lost':>6}{'twice':>7}{'disorder':>10}{'repeated':>10}{'quiet s':>9}",
        ]
        for name, row in self.rows.items():
            ratio = row["rate"] / alone["rate"]
            lines.append(
                f"  {name:<28}{row['p50']:>8.0f}{row['p95']:>8.0f}{row['rate']:>12.1f}{ratio:>8.2f}"
                + "".join(
                    f"{row.get(key, ''):>{width}}"
                    for key, width in (("kills", 7), ("messages", 10), ("lost", 6), ("twice", 7), ("disorder", 10))
                )
                + f"{row.get('repeated', ''):>10}{row.get('quiet', ''):>9}"
            )
        return "\n".join(lines)


@pytest.fixture(scope="module")
def platforms() -> Iterator[Fakes]:
    """Telegram, in a process that survives."""
    with fakes() as running:
        yield running


@pytest.fixture(scope="module")
def figures(platforms: Fakes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Figures]:
    """Beginning with one process on a file, in the same run, to compare with."""
    found = Figures()
    folder = tmp_path_factory.mktemp("alone")
    platforms("reset", world=True)
    alone = Crowd(folder, f"sqlite:///{folder}/nexus.db", platforms)
    people = alone.people(CONVERSATIONS)
    alone.start("run").ready()
    try:
        found.rows["SQLite, one process"] = measure(alone, people)
    finally:
        alone.end()
    yield found
    print("\n" + found.table())


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of our own, that can be killed."""
    running = PostgresServer(lasting=True)
    running.execute("CREATE DATABASE soak")
    migrate_postgres(running.url("soak"), allowed=True)
    yield running
    running.stop()


def measure(crowd: Crowd, people: list[int]) -> dict[str, Any]:
    """From what a person says to the answer that they see: alone, and all at once."""
    plan = {"text": "/thought measured {n} of {chat}", "expect": "measured {n} of {chat}", "timeout": 120}
    crowd.fakes("talk", patience=LONG, chats=1, messages=5, people=people[:1], **plan)
    calm = crowd.fakes("talk", patience=LONG, chats=1, messages=CALM, people=people[1:2], **plan)
    busy = crowd.fakes("talk", patience=LONG, chats=len(people), messages=2, people=people, **plan)
    assert not calm["missing"] + busy["missing"], (calm["missed"], busy["missed"])
    crowd.wait("the end", crowd.quiet, LONG)
    return {"p50": calm["done_ms"]["p50"], "p95": calm["done_ms"]["p95"], "rate": busy["per_second"]}


class Chaos:
    """Kills one process after the other, each time another kind, and brings up what is to take its place."""

    def __init__(self, crowd: Crowd, server: PostgresServer, workers: list[Member], gateway: Member) -> None:
        self._crowd = crowd
        self._server = server
        self._workers = workers
        self._gateway = gateway
        self.kills = 0

    def strike(self) -> None:
        """The next one dies."""
        match self.kills % 4:
            case 0 | 2:
                victim = self._workers.pop(0)
                victim.kill()
                self._workers.append(self._crowd.worker())
            case 1:
                self._gateway.kill()
                self._gateway = self._crowd.gateway()
            case 3:
                self._server.crash()
                time.sleep(0.5)
                self._server.start()
        self.kills += 1


def tag(person: int, number: int) -> str:
    """A word that occurs once."""
    return f"k{number:02d}{person:06d}"


def said(number: int, tagged: str) -> str:
    """Every other conversation is commands, the others are talk."""
    return f"/thought {tagged} in words" if number % 2 else f"Yesterday house {tagged} looked nice in the evening sun"


def judge(crowd: Crowd, people: list[int]) -> dict[str, int]:
    """What is lost, done twice, out of order; and how many answers came more than once."""
    found = {"lost": 0, "twice": 0, "disorder": 0, "repeated": 0}
    bodies = [row["body"] for row in crowd.store.rows("SELECT body FROM record WHERE body LIKE '%k0%'")]
    count: dict[str, int] = defaultdict(int)
    for body in bodies:
        for word in body.split():
            count[word] += 1
    for person in people:
        texts, tags = crowd.texts(person), [tag(person, number) for number in range(ROUNDS)]
        firsts = [next((i for i, text in enumerate(texts) if tagged in text), -1) for tagged in tags]
        answers = sum(sum(tagged in text for text in texts) for tagged in tags)
        found["lost"] += sum(first < 0 for first in firsts) + sum(count[tagged] == 0 for tagged in tags)
        found["twice"] += sum(count[tagged] > 1 for tagged in tags)
        found["disorder"] += firsts != sorted(firsts)
        found["repeated"] += answers - len(tags)
        order = [row["body"] for row in crowd.store.rows(_ORDER, who=str(person))]
        kept = [next(tagged for tagged in tags if tagged in body) for body in order if "k0" in body]
        found["disorder"] += kept != sorted(kept)
    return found


_ORDER = (
    "SELECT record.body FROM record JOIN account ON account.person_id = record.author_id "
    "WHERE account.external_id = :who ORDER BY record.created_at, record.id"
)


@pytest.mark.parametrize("number", WORKERS)
def test_nothing_is_lost_done_twice_or_out_of_order(
    tmp_path: Path, platforms: Fakes, figures: Figures, server: PostgresServer, number: int
) -> None:
    platforms("reset", world=True)
    crowd = Crowd(tmp_path, server.url("soak"), platforms)
    people = crowd.people(CONVERSATIONS)
    gateway, workers = crowd.gateway(), [crowd.worker() for _ in range(number)]
    for member in (gateway, *workers):
        member.ready()
    try:
        row = measure(crowd, people)
        figures.rows[f"PostgreSQL, {number} worker{'s' if number > 1 else ''}"] = row
        chaos = Chaos(crowd, server, workers, gateway)
        lines = [(n, person) for n in range(ROUNDS) for person in people]
        pause = max(1, len(lines) // 8)
        for index, (n, person) in enumerate(lines):
            crowd.say(person, said(people.index(person), tag(person, n)))
            if index % pause == pause // 2:
                chaos.strike()
        began = time.monotonic()
        crowd.wait("the end", crowd.quiet_in_the_end, LONG)
        row |= {"kills": chaos.kills, "messages": len(lines), "quiet": f"{time.monotonic() - began:.1f}"}
        row |= judge(crowd, people)
        assert [row[key] for key in ("lost", "twice", "disorder")] == [0, 0, 0]
        assert chaos.kills >= 8
        for member in (m for m in crowd.members if m.alive):
            assert member.stop() == 0
    finally:
        crowd.end()
