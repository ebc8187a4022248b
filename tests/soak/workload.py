"""What people do in a round: several conversations side by side, each message with a tag that its answer repeats."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

from tests.soak.process import Fakes

_numbers = itertools.count(1)


@dataclass(slots=True)
class Line:
    """One message. Lines of the same `lane` are answered in their order; `records` is how many rows it must leave.

    `answers` is how many messages of the bot carry its tag in the end: a card beside the words of a model is a second.
    """

    chat: int
    user: int
    lane: str
    text: str
    tag: str
    records: int = 1
    answers: int = 1
    asks: bool = False
    update: int = 0


@dataclass(slots=True)
class Round:
    """All lines of a round in the order in which they are said, those of one lane in the order of the lane."""

    lines: list[Line]
    newcomer: int
    chats: dict[int, list[dict[str, Any]]] = field(default_factory=dict)  # as people see them in the end

    def say(self, fakes: Fakes, lines: list[Line]) -> None:
        """Say some of them."""
        for line in lines:
            line.update = fakes("say", chat=line.chat, user=line.user, text=line.text)["update_id"]


def tag() -> str:
    """A word that occurs once in a run."""
    return f"k{next(_numbers):06d}"


def plan(chance: random.Random, fakes: Fakes, people: list[int], *, model: bool, slow: bool) -> Round:
    """Six people: commands, talk, both mixed, two in a group, and one whom nobody knows yet.

    `slow`: some answers of the model are streamed for seconds.
    """
    commands, talker, both, one, other = people
    newcomer = fakes("user", name="New")["user"]
    group = fakes("group", title="Everybody", members=[one, other])["chat"]

    def talk(user: int) -> Line:
        word = tag()
        lane = f"talk {user}"
        if not model:
            if chance.random() < 0.4:
                return Line(user, user, lane, f"I need a plumber for house {word}", word, asks=True)
            return Line(user, user, lane, f"Yesterday house {word} looked nice in the evening sun", word)
        kind = chance.choice(("keep", "ask", "tell", "tell", "slow" if slow else "tell"))
        if kind in ("keep", "ask"):
            return Line(user, user, lane, f"{kind} {word} please", word, answers=2, asks=kind == "ask")
        return Line(user, user, lane, f"{kind} me of {word}", word, records=0)

    def command(user: int, chat: int, *names: str) -> Line:
        word = tag()
        return Line(chat, user, f"quick {chat}", f"/{chance.choice(names)} {word} in words", word)

    lanes = [
        [command(commands, commands, "need", "offer", "thought") for _ in range(5)],
        [talk(talker) for _ in range(4)],
        [command(both, both, "need", "thought") if n % 2 else talk(both) for n in range(4)],
        [command(one if n % 2 else other, group, "need", "offer") for n in range(4)],
        [talk(newcomer), command(newcomer, newcomer, "thought")],
    ]
    if lanes[-1][0].asks:  # posting takes a member
        lanes[-1].pop(0)
    lines = []
    while any(lanes):
        lane = chance.choice([lane for lane in lanes if lane])
        lines.append(lane.pop(0))
    return Round(lines, newcomer)
