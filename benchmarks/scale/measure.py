"""One process through everything: started, flooded, talked with quietly, then the same again with a model."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bot.platforms import PLATFORMS
from benchmarks.processes import OURS, BenchError, Fakes, Process, model_environment
from benchmarks.scale import script
from benchmarks.scale.isolation import Violation, judge
from benchmarks.scale.store import prepare
from benchmarks.scale.world import MARKER, Place, Size, build
from bot.installations.seal import new_key

FLOOD, QUIET, MODEL, QUIET_MODEL = "flood", "quiet", "model, flood", "model, quiet"
_SETTLE = 2.0  # seconds of rest before memory is read
_PATIENCE = 120.0  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Load:
    """What one script cost and gave. `cpu` in ms for each answer; `done` in ms until each, by platform."""

    answered: int
    cpu: float
    per_second: float
    done: Mapping[str, list[float]]


@dataclass(slots=True)
class Run:
    """One process's figures: seconds to start, memory in MiB, loads by name; and what its messages showed.

    `looked` counts what was searched for markers.
    """

    size: Size
    start: float = 0.0
    before: float = 0.0
    after: float = 0.0
    after_model: float = 0.0
    loads: dict[str, Load] = field(default_factory=dict)
    looked: int = 0
    violations: list[Violation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Quietly:
    """How much is said one line at a time: in how many `places`, and how often everything (`times`)."""

    places: int
    times: int


def run(size: Size, quietly: Quietly, folder: Path, *, mixed: bool = False) -> Run:
    """Measure a process with so many places. Raises `BenchError` where an answer is missing.

    `mixed` breaks the isolation on purpose, see `store.prepare`; answers may then be missing.
    """
    found = Run(size)
    with Fakes() as fakes:
        places = build(fakes, size)
        key = new_key()
        bot = Process(f"nexus-{size.places}", OURS, _environment(fakes, size, key), folder)
        prepare(bot.store_url, key, places, mixed=mixed)
        try:
            _measure(_Talk(fakes, bot, found, complete=not mixed), places, quietly)
        finally:
            bot.stop()
        heard = fakes("heard", timeout=300.0, pattern=MARKER)
    if heard["forgotten"]:
        raise BenchError(f"{heard['forgotten']} requests were not kept, so nothing is proven")
    found.looked = heard["looked"]
    found.violations = judge(heard["found"], places)
    return found


@dataclass(frozen=True, slots=True)
class _Talk:
    fakes: Fakes
    bot: Process
    found: Run
    complete: bool

    def __call__(self, name: str, places: script.Script, at_once: int = 0) -> None:
        """Let people say a script, `at_once` places at a time (0: all), and note what it took."""
        before = self.bot.cpu()
        talked: dict[str, Any] = self.fakes("crowd", timeout=1800.0, places=places, at_once=at_once, patience=_PATIENCE)
        cpu = self.bot.cpu() - before
        if talked["missed"] and self.complete:
            missed = talked["missed"]
            raise BenchError(f"{name}: {len(missed)} answers are missing.\n{missed[0]}\n{self.bot.log()}")
        answered = max(talked["answered"], 1)
        self.found.loads[name] = Load(answered, cpu * 1000 / answered, answered / talked["seconds"], talked["done"])

    def begin(self, **environment: str) -> float:
        """Start the bot; the seconds until it listened everywhere."""
        return self.bot.start(lambda since: _listening(self.fakes, self.found.size, since), **environment)

    def memory(self) -> float:
        """In MiB, after a rest."""
        time.sleep(_SETTLE)
        return self.bot.memory().own


def _measure(talk: _Talk, places: list[Place], quietly: Quietly) -> None:
    some = places[: quietly.places]
    talk.found.start = talk.begin()
    talk.found.before = talk.memory()
    talk(FLOOD, script.offline(places))
    talk(QUIET, script.quiet(some, quietly.times), at_once=1)
    talk.found.after = talk.memory()
    talk.bot.stop()
    talk.begin(**model_environment(talk.fakes.addresses))
    talk(MODEL, script.model(places))
    talk(QUIET_MODEL, script.quiet_model(some, quietly.times), at_once=1)
    talk.found.after_model = talk.memory()


def _listening(fakes: Fakes, size: Size, since: float) -> float | None:
    """When all platforms have let it in, and Discord knows its commands."""
    present = [name for name in PLATFORMS if getattr(size, name)]
    times = [PLATFORMS[name].listening(fakes, since) for name in present]
    if any(at is None for at in times) or ("discord" in present and not fakes("discord_commands")):
        return None
    return max(at for at in times if at is not None)


def _environment(fakes: Fakes, size: Size, key: str) -> dict[str, str]:
    """Only the platforms that have a place. Slack's workspaces are read from the store: no token is given by hand."""
    found: dict[str, str] = {}
    for name, platform in PLATFORMS.items():
        found |= platform.environment(fakes.addresses) if getattr(size, name) else {}
    if size.slack:
        del found["SLACK_BOT_TOKEN"]
        bind = f"127.0.0.1:{_free_port()}"
        found |= {
            "SLACK_CLIENT_ID": fakes.addresses["slack_client_id"],
            "SLACK_CLIENT_SECRET": fakes.addresses["slack_client_secret"],
            "SLACK_PUBLIC_URL": f"http://{bind}",
            "NEXUS_HTTP_BIND": bind,
            "NEXUS_SECRET_KEY": key,
        }
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
