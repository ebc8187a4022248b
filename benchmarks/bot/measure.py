"""One round: both bots started, warmed up, flooded and streamed to, one after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bot.sides import BenchError, Fakes, Side
from benchmarks.tokens import counter

Figures = dict[str, float]

# What a message costs in requests, polls apart: how many updates one poll brings depends on how fast the bot asks.
_POLL = "getUpdates"
_TOLERANCE = 0.03  # by how much the requests of the two may differ
_WORDS = "this is message {n} of chat {chat}, and it ends with the number {n}."
_ANSWERED = "You said: this is message {n} of chat {chat}, and it ends with the number {n}."
_SETTLE = 1.0  # seconds of rest before memory is read
_WARM_UP = 6  # messages in each chat


@dataclass(frozen=True, slots=True)
class Load:
    """How much is said. `pieces` and `delay` (seconds between them) shape the model's answer."""

    name: str
    messages: int
    pieces: int
    delay: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured."""

    chats: int
    loads: Sequence[Load]
    commands: dict[str, Sequence[str]]  # name of the side -> how it is started


@dataclass(slots=True)
class Round:
    """The figures of both sides, and the requests that their fakes counted in each load."""

    figures: dict[str, Figures] = field(default_factory=dict)
    requests: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)  # load -> side -> request -> count
    prompts: dict[str, int] = field(default_factory=dict)  # side -> tokens of the very first request to the model


def run_round(plan: Plan, number: int, folder: Path) -> Round:
    """Measure each side once; who goes first alternates with the number of the round."""
    names = list(plan.commands)
    if number % 2:
        names.reverse()
    found = Round({name: {} for name in names}, {load.name: {} for load in plan.loads})
    with ExitStack() as stack:
        sides = []
        for name in names:
            side = Side(name, plan.commands[name], stack.enter_context(Fakes()), folder)
            stack.callback(side.stop)
            sides.append(side)
        people = {}
        for side in sides:
            people[side.name] = _started(side, plan.chats, found.figures[side.name])
            found.prompts[side.name] = _prompt(side)
        for load in plan.loads:
            for side in sides:
                counts = _loaded(side, people[side.name], load, found.figures[side.name])
                found.requests[load.name][side.name] = counts
        time.sleep(_SETTLE)
        for side in sides:
            found.figures[side.name]["memory, after the loads"] = side.memory().own
    for load in plan.loads:
        check_requests(load, found.requests[load.name])
    return found


def _started(side: Side, chats: int, figures: Figures) -> list[int]:
    """Start twice (an empty store is made only once in its life), then let everybody say something."""
    figures["first start"] = side.start()
    time.sleep(_SETTLE)
    figures["memory, first start"] = side.memory().own
    side.stop()
    figures["start"] = side.start()
    time.sleep(_SETTLE)
    figures["memory, before a message"] = side.memory().own
    people = [side.fakes("user", name=f"Person {index}")["user"] for index in range(chats)]
    _talk(side, people, Load("warm-up", _WARM_UP, 8, 0.0))
    time.sleep(_SETTLE)
    warm = side.memory()
    figures["memory"], figures["resident memory"] = warm.own, warm.rss
    return people


def _prompt(side: Side) -> int:
    """Tokens of what the model was sent for the first message of all: messages and tools."""
    body = side.fakes("model_requests", limit=1)[0]["body"]
    count = counter()
    return sum(count(body[part]) for part in ("messages", "tools") if part in body)


def _loaded(side: Side, people: list[int], load: Load, figures: Figures) -> dict[str, int]:
    before = side.cpu()
    talked = _talk(side, people, load)
    figures[f"{load.name}: CPU per message"] = (side.cpu() - before) * 1000 / talked["replies"]
    figures[f"{load.name}: messages per second"] = talked["per_second"]
    figures[f"{load.name}: answer p50"] = talked["done_ms"]["p50"]
    figures[f"{load.name}: answer p95"] = talked["done_ms"]["p95"]
    counts = side.fakes("counts")
    return {**counts["telegram"], **counts["openai"]}


def _talk(side: Side, people: list[int], load: Load) -> dict[str, Any]:
    side.fakes("echo", chunks=load.pieces, chunk_delay=load.delay)
    side.fakes("reset")
    talked: dict[str, Any] = side.fakes(
        "talk",
        timeout=600.0,
        chats=len(people),
        people=people,
        messages=load.messages,
        text=_WORDS,
        expect=_ANSWERED,
    )
    if talked["missing"]:
        raise BenchError(
            f"{side.name}, {load.name}: {talked['missing']} answers are missing.\n{talked['missed'][0]}\n{side.log()}"
        )
    return talked


def check_requests(load: Load, counts: dict[str, dict[str, int]]) -> None:
    """Both sides must have done the same work."""
    one, other = counts.values()
    for method in sorted((one.keys() | other.keys()) - {_POLL}):
        a, b = one.get(method, 0), other.get(method, 0)
        if abs(a - b) > _TOLERANCE * max(a, b):
            raise BenchError(f"{load.name}: {method} was called {a} and {b} times, so the two cannot be compared")
