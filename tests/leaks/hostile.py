"""A model that wants everything out: it calls tools with whatever gets at something, and says all that it has read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from core.catalogue import REGISTRY
from tests.fakes import openai as ai
from tests.fakes.openai import Reply
from tests.leaks.attacker import Attacker
from tests.leaks.worlds import Someone

STEPS = 4  # calls in a turn
LIKED = (
    "record.search",
    "people.find",
    "person.show",
    "need.list",
    "offer.list",
    "why",
    "rule.preview",
    "rule.show",
    "my.export",
    "my.data",
    "thought.list",
    "fact.list",
    "nexus.members",
    "people.count",
    "record.mine",
)


@dataclass
class Hostile:
    """The script of a fake endpoint. Nobody has given it an order, so it takes those that it reads."""

    attacker: Attacker
    random: Random
    who: Someone
    tools: list[str] = field(default_factory=list)  # results of this turn

    def __call__(self, body: dict[str, Any]) -> Reply:
        """What it does with one request."""
        messages = body["messages"]
        if not body.get("tools"):
            return ai.say(everything(messages)[-2_000:])  # a summary, which keeps all it can
        done = sum(message["role"] == "tool" for message in messages)
        if done >= STEPS:
            return ai.say(everything(messages)[-12_000:])
        name = self.random.choice((*LIKED, *(o.name for o in REGISTRY if not o.internal)))
        arguments = dict(self.attacker.attack(REGISTRY.get(name), self.who, None).arguments)
        if self.random.random() < 0.1:
            return ai.call("find_operations", query=self.attacker.words())
        return ai.call("use_operation", operation=name, arguments_json=json.dumps(arguments))


def everything(messages: list[dict[str, Any]]) -> str:
    """All that a model was sent, word by word."""
    return "\n".join(str(message.get("content") or "") for message in messages if message["role"] != "system")
