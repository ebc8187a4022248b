"""Real processes on one database: gateways, workers, kill -9 and a server that goes away."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer
from tests.soak.crowd import Crowd
from tests.soak.process import ROOT, Fakes, fakes

_DEAD = "UPDATE lease SET expires_at = 1"


@pytest.fixture(scope="module")
def platforms() -> Iterator[Fakes]:
    """Telegram and a model, in a process that survives."""
    with fakes() as running:
        yield running


@pytest.fixture
def crowd(tmp_path: Path, new_url: Callable[[str], str], platforms: Fakes) -> Iterator[Crowd]:
    """Nobody yet. The offline brain."""
    platforms("reset", world=True)
    found = Crowd(tmp_path, new_url("postgres"), platforms)
    yield found
    found.end()


@pytest.fixture
def clever(tmp_path: Path, new_url: Callable[[str], str], platforms: Fakes) -> Iterator[Crowd]:
    """Nobody yet. With a model."""
    platforms("reset", world=True)
    found = Crowd(tmp_path, new_url("postgres"), platforms, model=True)
    yield found
    found.end()


def ready(*members: object) -> None:
    """Wait until all run."""
    for member in members:
        member.ready()  # type: ignore[attr-defined]


def effects(crowd: Crowd, tag: str) -> int:
    """How many things with that word were posted."""
    return len(crowd.store.rows("SELECT id FROM record WHERE body LIKE :tag", tag=f"%{tag}%"))


def test_conversations_keep_their_order_among_three_workers(crowd: Crowd) -> None:
    people = crowd.people(20)
    ready(crowd.gateway(), crowd.worker(), crowd.worker(), crowd.worker())
    said: dict[int, list[str]] = {person: [] for person in people}
    chance = random.Random(1)
    for number in range(160):
        person = chance.choice(people)
        said[person].append(f"k{number:06d}")
        crowd.say(person, f"/thought {said[person][-1]} in words")
    crowd.wait("all answers", lambda: all(len(crowd.texts(p)) == len(said[p]) for p in people))
    for person, tags in said.items():
        assert [tag for tag, text in zip(tags, crowd.texts(person), strict=True) if tag in text] == tags
    workers = {member.lines("stopping")[0]["level"] for member in crowd.members if member.stop() == 0}
    assert workers == {"info"}
    assert crowd.store.rows("SELECT count(*) AS n FROM procrastinate_jobs") == [{"n": 0}]


def test_a_turn_survives_its_worker(clever: Crowd) -> None:
    """The worker that runs the turn is killed while the model streams: another ends the turn, in the same message."""
    [ana] = clever.people(1)
    ready(clever.gateway(), first := clever.worker())
    clever.say(ana, "slow me of k000001")
    clever.wait("a placeholder", lambda: len(clever.texts(ana)) == 1)
    first.kill()
    ready(clever.worker())
    clever.wait("the answer", lambda: clever.texts(ana) == ["You said: slow me of k000001"])
    clever.wait("the end", clever.quiet)


def test_what_was_done_before_a_death_is_not_done_again(clever: Crowd) -> None:
    people = clever.people(6)
    ready(clever.gateway(), *(workers := [clever.worker(), clever.worker()]))
    for number, person in enumerate(people):
        clever.say(person, f"keep k{number:06d} please")
    clever.wait("a first effect", lambda: bool(clever.store.rows("SELECT id FROM record")))
    workers[0].kill()
    clever.wait("the end", clever.quiet)
    for number, person in enumerate(people):
        assert effects(clever, f"k{number:06d}") == 1
        assert any(f"done: k{number:06d}" in text for text in clever.texts(person))


def test_who_takes_over_sends_and_who_was_asleep_does_not(crowd: Crowd) -> None:
    """A gateway that is paused holds the lease no longer; when it wakes up it leaves the sending to the other."""
    [ana] = crowd.people(1)
    ready(first := crowd.gateway(), crowd.worker())
    crowd.say(ana, "/thought k000001 of mine")
    crowd.wait("an answer that is marked", lambda: len(crowd.texts(ana)) == 1 and crowd.quiet())
    assert [line["epoch"] for line in first.lines("this process sends")] == [1]
    first.pause()
    second = crowd.gateway()
    second.until("this process sends")
    assert [line["epoch"] for line in second.lines("this process sends")] == [2]
    crowd.say(ana, "/thought k000002 of mine")
    crowd.wait("the answer of the second", lambda: len(crowd.texts(ana)) == 2)
    first.go_on()
    first.until("this process listens no more")
    for number in range(3, 9):
        crowd.say(ana, f"/thought k00000{number} of mine")
    crowd.wait("all answers", lambda: len(crowd.texts(ana)) == 8)
    crowd.wait("the end", crowd.quiet)
    assert [f"k00000{number}" in text for number, text in enumerate(crowd.texts(ana), 1)] == [True] * 8


def test_a_gateway_that_stops_hands_on_at_once(crowd: Crowd) -> None:
    [ana] = crowd.people(1)
    ready(first := crowd.gateway(), crowd.worker())
    assert first.stop() == 0
    assert crowd.store.rows("SELECT DISTINCT expires_at FROM lease") == [{"expires_at": 0}]
    ready(second := crowd.gateway())
    crowd.say(ana, "/thought k000001 of mine")
    crowd.wait("an answer", lambda: len(crowd.texts(ana)) == 1)
    assert [line["epoch"] for line in second.lines("this process sends")] == [2]


def test_a_second_gateway_stands_by_and_takes_over(crowd: Crowd) -> None:
    """Telegram tells its updates to one process: the second polls only once the first is dead."""
    [ana] = crowd.people(1)
    ready(first := crowd.gateway(), crowd.worker())
    second = crowd.gateway()
    second.until("another process listens, this one stands by")
    crowd.say(ana, "/thought k000001 of mine")
    crowd.wait("an answer", lambda: len(crowd.texts(ana)) == 1 and crowd.quiet())
    first.kill()
    crowd.say(ana, "/thought k000002 of mine")
    second.until("this process listens")
    crowd.wait("the answer of the second", lambda: len(crowd.texts(ana)) == 2)
    assert not first.lines("409")
    assert not second.lines("409")


def test_a_press_is_answered_across_processes(crowd: Crowd) -> None:
    [ana] = crowd.people(1)
    ready(crowd.gateway(), crowd.worker())
    crowd.say(ana, "I need a plumber for house k000001")
    crowd.wait("a card", lambda: len(crowd.texts(ana)) == 1)
    [card] = [message for message in crowd.fakes("messages", chat=ana) if message["from_bot"]]
    crowd.fakes("press", chat=ana, user=ana, message=card["message_id"], button="Yes")
    crowd.fakes("wait_for_calls", method="answerCallbackQuery", count=1, timeout=20)
    crowd.wait("the end", lambda: crowd.quiet() and "Posted" in crowd.texts(ana)[0])
    crowd.wait("no ask is left", lambda: not crowd.store.rows("SELECT id FROM ask"))
    assert len(crowd.texts(ana)) == 1
    assert effects(crowd, "k000001") == 1


def test_notices_are_told_once_and_those_of_the_command_line_as_well(crowd: Crowd) -> None:
    ana, ben = crowd.people(2)
    ready(crowd.gateway(), crowd.worker(), crowd.worker())
    crowd.say(ana, "/create Parser")
    crowd.wait("an answer", lambda: len(crowd.texts(ana)) == 1)
    if "Yes" in crowd.fakes("messages", chat=ana)[-1]["buttons"]:
        message = crowd.fakes("messages", chat=ana)[-1]["message_id"]
        crowd.fakes("press", chat=ana, user=ana, message=message, button="Yes")
    crowd.wait("the end", crowd.quiet)
    for number in range(4):
        crowd.say(ben, f"/thought k00000{number} of mine")
    crowd.store.execute(
        "INSERT INTO notice (id, person_id, account_id, template, data, buttons, at, state) "
        "SELECT n, (SELECT person_id FROM account WHERE external_id = :ben), 0, 'News number ' || n || '.', '{}', "
        "'[]', 0, 'waiting' FROM generate_series(1, 5) n",
        ben=str(ben),
    )
    done = subprocess.run(
        [sys.executable, "-m", "bot", "do", "thought.add", "--json", json.dumps({"text": "from the command line"})],
        cwd=crowd.folder,
        env=crowd.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "from the command line" in done.stdout

    def news() -> list[str]:
        return sorted(text for text in crowd.texts(ben) if "News" in text)

    crowd.wait("the news", lambda: len(news()) >= 5)
    crowd.wait("the end", crowd.quiet)
    assert news() == [f"News number {n}." for n in range(1, 6)]


def test_a_job_fires_once_among_two_processes(crowd: Crowd) -> None:
    ready(crowd.gateway(), crowd.worker(), crowd.worker())
    crowd.wait("the plan", lambda: bool(crowd.store.rows("SELECT id FROM job WHERE name = 'tidy'")))
    # The job is due in both at once, and both are woken; each change of its time is counted.
    crowd.store.execute(
        "CREATE TABLE fired (at timestamptz DEFAULT clock_timestamp());"
        "CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.name = 'tidy' AND NEW.due_at > OLD.due_at THEN INSERT INTO fired DEFAULT VALUES; END IF; "
        "RETURN NEW; END $$;"
        "CREATE TRIGGER fired AFTER UPDATE ON job FOR EACH ROW EXECUTE FUNCTION fired()"
    )
    crowd.store.execute("UPDATE job SET due_at = 1 WHERE name = 'tidy'; SELECT pg_notify('nexus', 'jobs')")
    due = "SELECT due_at FROM job WHERE name = 'tidy'"
    crowd.wait("its next time", lambda: crowd.store.rows(due) != [{"due_at": 1}])
    for member in crowd.members:
        assert member.stop() == 0
    fired = crowd.store.rows("SELECT count(*) AS n FROM fired")
    crowd.store.execute("DROP TRIGGER fired ON job; DROP FUNCTION fired; DROP TABLE fired")
    assert fired == [{"n": 1}]


def test_what_was_recorded_before_processes_shared_is_worked(crowd: Crowd) -> None:
    """Events of a version that knew no jobs, or of a process that worked alone."""
    [ana] = crowd.people(1)
    ready(gateway := crowd.gateway())
    crowd.say(ana, "/thought k000001 of mine")
    crowd.wait("the record", lambda: bool(crowd.store.rows("SELECT id FROM inbox")))
    crowd.store.execute("DELETE FROM procrastinate_jobs; UPDATE inbox SET received_at = received_at - 60000")
    ready(crowd.worker())
    crowd.wait("an answer", lambda: len(crowd.texts(ana)) == 1)
    assert gateway.alive


def test_all_in_one_process(crowd: Crowd) -> None:
    ana, ben = crowd.people(2)
    ready(one := crowd.start("run"))
    for number in range(5):
        for person in (ana, ben):
            crowd.say(person, f"/thought k00000{number} of mine")
    crowd.wait("all answers", lambda: len(crowd.texts(ana) + crowd.texts(ben)) == 10)
    assert all(f"k00000{n}" in text for n, text in enumerate(crowd.texts(ana)))
    assert one.stop() == 0


def test_every_part_tells_how_it_is(crowd: Crowd) -> None:
    binds = [f"127.0.0.1:{port}" for port in free_ports(2)]
    ready(
        crowd.start("run", "--only", "telegram", NEXUS_METRICS_BIND=binds[0]),
        crowd.start("work", NEXUS_METRICS_BIND=binds[1]),
    )
    [ana] = crowd.people(1)
    crowd.say(ana, "/thought k000001 of mine")
    crowd.wait("an answer", lambda: len(crowd.texts(ana)) == 1)
    gateway, worker = (json.loads(get(f"http://{bind}/healthz")) for bind in binds)
    assert (gateway["ok"], gateway["works"], gateway["sends"]) == (True, None, ["telegram"])
    assert (worker["ok"], worker["works"], worker["sends"], worker["platforms"]) == (True, True, [], {})
    assert 'nexus_events_total{kind="command",platform="telegram"} 1.0' in get(f"http://{binds[0]}/metrics")
    assert 'nexus_operations_total{operation="thought.add",outcome="done"} 1.0' in get(f"http://{binds[1]}/metrics")


def get(url: str) -> str:
    """A page."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())


def free_ports(number: int) -> list[int]:
    """Ports that nobody uses."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def test_a_worker_that_stops_gives_its_turn_back(clever: Crowd) -> None:
    """A turn that is shorter than the grace is ended, and what has not begun is left to others."""
    people = clever.people(3)
    ready(clever.gateway(), first := clever.worker("--concurrency", "1"))
    for number, person in enumerate(people):
        clever.say(person, f"slow me of k00000{number}")
    clever.wait("a placeholder", lambda: any(clever.texts(person) for person in people))
    assert first.stop() == 0
    assert "error" not in {line["level"] for line in first.lines("")}
    answered = sum(len(clever.texts(person)) for person in people)
    assert answered < 3
    ready(clever.worker())
    clever.wait("all answers", lambda: all(len(clever.texts(person)) == 1 for person in people) and clever.quiet())
    assert [clever.texts(p) for p in people] == [[f"You said: slow me of k00000{n}"] for n in range(3)]


def test_the_server_goes_and_comes_back(tmp_path: Path, platforms: Fakes) -> None:
    """kill -9 of PostgreSQL in the middle of talk: every process comes back by itself, nothing is lost or doubled."""
    from core.store.migrate import migrate_postgres

    platforms("reset", world=True)
    server = PostgresServer(lasting=True)
    try:
        server.execute("CREATE DATABASE lasting")
        migrate_postgres(server.url("lasting"), allowed=True)
        crowd = Crowd(tmp_path, server.url("lasting"), platforms)
        people = crowd.people(5)
        try:
            ready(crowd.gateway(), crowd.worker(), crowd.worker())
            for number in range(10):
                for person in people:
                    crowd.say(person, f"/thought k{number:06d} of mine")
                if number == 4:
                    server.crash()
                if number == 7:
                    server.start()
            crowd.wait("the end", lambda: crowd.quiet() and all(len(crowd.texts(p)) >= 10 for p in people), 60)
            assert all(member.alive for member in crowd.members)
            for person in people:
                firsts = list(dict.fromkeys(text.split("“")[1][:7] for text in crowd.texts(person)))
                assert firsts == [f"k{number:06d}" for number in range(10)]
            assert crowd.store.rows("SELECT count(*) AS n FROM record") == [{"n": 50}]
        finally:
            crowd.end()
    finally:
        server.stop()


def test_a_file_cannot_be_shared(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin", "PYTHONPATH": str(ROOT), "TELEGRAM_BOT_TOKEN": "1:a"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "work"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Only a PostgreSQL database can be shared: set NEXUS_STORE_URL")
