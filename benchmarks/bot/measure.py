"""One round: both bots started, warmed up, flooded and streamed to, one after the other."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bot.platforms import Permitted, Platform, Talked
from benchmarks.bot.sides import Side
from benchmarks.processes import BenchError, Fakes
from benchmarks.tokens import counter

BARE, OURS = "bare", "nexus"
Figures = dict[str, float]

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

    platform: Platform
    chats: int
    loads: Sequence[Load]
    commands: Mapping[str, Sequence[str]]  # name of the side -> how it is started


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
    warm_up = Load("warm-up", _WARM_UP, 8, 0.0)
    found = Round({name: {} for name in names}, {load.name: {} for load in (warm_up, *plan.loads)})
    with ExitStack() as stack:
        sides = []
        for name in names:
            side = Side(name, plan.commands[name], stack.enter_context(Fakes()), plan.platform, folder)
            stack.callback(side.stop)
            sides.append(side)
        people = {}
        for side in sides:
            people[side.name] = _started(side, plan.chats, warm_up, found.figures[side.name])
            found.requests[warm_up.name][side.name] = side.requests()
            found.prompts[side.name] = _prompt(side)
        for load in plan.loads:
            for side in sides:
                counts = _loaded(side, people[side.name], load, found.figures[side.name])
                found.requests[load.name][side.name] = counts
        time.sleep(_SETTLE)
        for side in sides:
            found.figures[side.name]["memory, after the loads"] = side.memory().own
    for load in (warm_up, *plan.loads):
        check_requests(load, found.requests[load.name], plan.platform, plan.chats)
    return found


def _started(side: Side, chats: int, warm_up: Load, figures: Figures) -> list[Any]:
    """Start twice (an empty store is made only once in its life), then let everybody say something."""
    figures["first start"] = side.begin()
    time.sleep(_SETTLE)
    figures["memory, first start"] = side.memory().own
    side.stop()
    figures["start"] = side.begin()
    time.sleep(_SETTLE)
    figures["memory, before a message"] = side.memory().own
    people = side.platform.people(side.fakes, chats)
    _talk(side, people, warm_up)
    time.sleep(_SETTLE)
    warm = side.memory()
    figures["memory"], figures["resident memory"] = warm.own, warm.rss
    return people


def _prompt(side: Side) -> int:
    """Tokens of what the model was sent for the first message of all: messages and tools."""
    body = side.fakes("model_requests", limit=1)[0]["body"]
    count = counter()
    return sum(count(body[part]) for part in ("messages", "tools") if part in body)


def _loaded(side: Side, people: list[Any], load: Load, figures: Figures) -> dict[str, int]:
    before = side.cpu()
    talked = _talk(side, people, load)
    figures[f"{load.name}: CPU per message"] = (side.cpu() - before) * 1000 / talked.replies
    figures[f"{load.name}: messages per second"] = talked.per_second
    figures[f"{load.name}: answer p50"] = talked.p50
    figures[f"{load.name}: answer p95"] = talked.p95
    return side.requests()


def _talk(side: Side, people: list[Any], load: Load) -> Talked:
    side.fakes("echo", chunks=load.pieces, chunk_delay=load.delay)
    side.forget()
    talked = side.platform.talk(side.fakes, people, load.messages, _WORDS, _ANSWERED)
    if talked.missed:
        raise BenchError(f"{side.name}, {load.name}: answers are missing.\n{talked.missed[0]}\n{side.log()}")
    return talked


def check_requests(load: Load, counts: Mapping[str, Mapping[str, int]], platform: Platform, chats: int) -> None:
    """Both must have made the same requests, but for what the platform permits one of them. Raises `BenchError`."""
    bare, ours = counts[BARE], counts[OURS]
    for request in sorted((bare.keys() | ours.keys()) - platform.polls):
        a, b = bare.get(request, 0), ours.get(request, 0)
        permitted = platform.permitted.get(request, Permitted(""))
        more, fewer = (b, a) if permitted.ours else (a, b)
        tolerated = _TOLERANCE * max(a, b)
        if not fewer - tolerated <= more <= fewer + max(tolerated, permitted.most(chats)):
            raise BenchError(f"{load.name}: {request} was called {a} and {b} times, so the two cannot be compared")
