"""`nexus understand`: what the Cofounder would do with a sentence, without doing it. One line of JSON for each."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

from bot.brains import make_brain, make_offline
from bot.cli.speaker import default_name
from bot.cofounder.brain import Conversation, ProviderDown, Speaks
from bot.settings import Settings
from core.catalogue import REGISTRY
from core.errors import N_, BadInput, NexusError
from core.operations.run import read_arguments


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    sentences = [" ".join(options.text)] if options.text else _lines()
    if options.brain == "model":
        brain = make_brain(settings)
        if brain is None:
            raise BadInput(N_("No model is configured. Set OPENAI_API_KEY, or OPENAI_BASE_URL for your own server."))
        return asyncio.run(_with_model(brain, sentences, options))
    offline = make_offline(REGISTRY)
    for sentence in sentences:
        understood = offline.understand(sentence)
        _print(understood.operation, understood.arguments, list(understood.missing))
    return 0


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


async def _with_model(brain: Speaks, sentences: Any, options: argparse.Namespace) -> int:
    tools = [operation for operation in REGISTRY if not operation.internal]
    try:
        for sentence in sentences:
            calls: list[tuple[str, dict[str, Any]]] = []

            async def call(name: str, arguments: dict[str, Any], position: int, calls: Any = calls) -> str:
                calls.append((name, {k: v for k, v in arguments.items() if v is not None}))
                return "Noted. This is only a rehearsal; say so briefly and call nothing else."

            conversation = Conversation(
                message=sentence,
                speaker=options.speaker or default_name(),
                nexus=options.nexus or "Home",
                standing="owner",
                audience="only the speaker",
                tools=[operation for operation in tools if operation.common],
                all_tools=tools,
            )
            await brain.answer(conversation, call, lambda text: None)
            name, arguments = calls[0] if calls else (None, {})
            _print(name, arguments, _missing(name, arguments))
    except ProviderDown as down:
        print(f"The model cannot be reached: {down}", file=sys.stderr)
        return 1
    finally:
        await brain.close()
    return 0


def _missing(name: str | None, arguments: dict[str, Any]) -> list[str]:
    if name is None:
        return []
    try:
        read_arguments(REGISTRY.get(name), arguments)
    except NexusError as error:
        return list(error.data.get("names", []))
    return []


def _print(operation: str | None, arguments: dict[str, Any], missing: list[str]) -> None:
    print(
        json.dumps({"operation": operation, "arguments": arguments, "missing": missing}, ensure_ascii=False), flush=True
    )
