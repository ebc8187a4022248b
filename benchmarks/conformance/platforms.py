"""Which contract a recorded request is held against, and how the request is made to fit its form."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.conformance.openapi import OpenApi
from benchmarks.conformance.requests import Problem, Sent
from benchmarks.conformance.schema import Contract, Schema, schema_problems
from benchmarks.conformance.slack import Slack
from benchmarks.conformance.telegram import Telegram

Check = Callable[[Sent], list[Problem]]


class Discord:
    """REST by Discord's OpenAPI document; what goes over the socket by discord-api-types."""

    def __init__(self, rest: Schema, types: Schema) -> None:
        self._rest = OpenApi(rest)
        self._gateway = Contract(types)

    def check(self, sent: Sent) -> list[Problem]:
        """What the contract does not allow."""
        if sent.verb == "GATEWAY":
            return self._gateway.problems(sent.body, {"$ref": "#/definitions/GatewaySendPayload"})
        return self._rest.check(dataclasses.replace(sent, path=sent.path.removeprefix("/api/v10")))


class OpenAI:
    """OpenAI's own document; its paths come without the `/v1` of the base address."""

    def __init__(self, document: Schema) -> None:
        self._api = OpenApi(document)

    def check(self, sent: Sent) -> list[Problem]:
        """What the contract does not allow; the schemas of tools, which it leaves open, have to be JSON Schema."""
        problems = self._api.check(dataclasses.replace(sent, path=sent.path.removeprefix("/v1")))
        tools = sent.body.get("tools") if isinstance(sent.body, dict) else None
        if problems or not tools:
            return problems
        schemas = [(f"tools[{n}].function.parameters", one.get("function", {})) for n, one in enumerate(tools)]
        return [
            Problem(f"{where}.{problem.where}", problem.why)
            for where, function in schemas
            for problem in schema_problems(function.get("parameters", {}))
        ]


def contracts(specs: Path) -> dict[str, Callable[[], Check]]:
    """How to load the contract of each platform from the folder. Loading raises OSError or Missing."""

    def load(name: str) -> Any:
        return json.loads((specs / name).read_text(encoding="utf-8"))

    return {
        "telegram": lambda: Telegram(load("telegram-api.json")).check,
        "discord": lambda: Discord(load("discord-openapi.json"), load("ts-discord.schema.json")).check,
        "slack": lambda: Slack(load("ts-slack.schema.json")).check,
        "openai": lambda: OpenAI(load("openai-openapi.json")).check,
    }
