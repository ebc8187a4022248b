"""A fake endpoint, a brain at it, and a conversation to have."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.cofounder.brain import Answer, Conversation
from bot.cofounder.model import ModelBrain, Patience
from core.catalogue import REGISTRY
from core.operations import Operation, Who
from tests.fakes.openai import API_KEY, FakeOpenAI

# Machines under test are busy: only what is meant to hang has short limits.
CALM = Patience(connect=20, first=20, between=20, whole=20, pause=0, longest_wait=5)
EVERY = tuple(o for o in REGISTRY if not o.internal)


def allowed(standing: Who, *, direct: bool) -> tuple[Operation, ...]:
    """What a speaker of that standing may do in a direct conversation, or in a channel."""
    return tuple(o for o in EVERY if o.who <= standing and (direct or not o.direct_only))


def conversation(message: str, *, standing: Who = Who.STEWARD, direct: bool = True, **more: Any) -> Conversation:
    """Ana, a steward of Parser, says something in a direct message, unless said otherwise."""
    every = allowed(standing, direct=direct)
    return replace(
        Conversation(
            message=message,
            speaker="Ana",
            nexus="Parser",
            standing=standing.name.lower(),
            audience="only Ana" if direct else "the members of Parser",
            tools=tuple(o for o in every if o.common),
            all_tools=every,
        ),
        **more,
    )


@dataclass
class Talk:
    """One brain at one endpoint; remembers what was called, streamed and waited for."""

    endpoint: FakeOpenAI
    brain: ModelBrain
    results: Callable[[str], str] = lambda operation: f"{operation} went well"
    called: list[tuple[str, dict[str, Any], int]] = field(default_factory=list)
    streamed: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    async def say(self, message: str = "Hello", **more: Any) -> Answer:
        """One turn."""
        return await self.brain.answer(conversation(message, **more), self._call, self.streamed.append)

    async def _call(self, operation: str, arguments: dict[str, Any], position: int) -> str:
        self.called.append((operation, arguments, position))
        return self.results(operation)

    def tool_results(self, request: int = -1) -> list[str]:
        """The tool results that a request carried."""
        return [m["content"] for m in self.endpoint.chats[request]["messages"] if m["role"] == "tool"]


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    """See `Talk`."""
    async with FakeOpenAI() as endpoint:
        waited: list[float] = []
        brain = make(endpoint, sleep=_remember(waited))
        try:
            yield Talk(endpoint, brain, waited=waited)
        finally:
            await brain.close()


def be_calm(brain: ModelBrain) -> Callable[[float], Awaitable[None]]:
    """A pause before the retry that gives the retry all the time in the world."""

    async def sleep(_: float) -> None:
        brain._endpoint._patience = CALM

    return sleep


def make(endpoint: FakeOpenAI, *, key: str = API_KEY, patience: Patience = CALM, **more: Any) -> ModelBrain:
    """A brain at the endpoint."""
    return ModelBrain(api_key=key, base_url=endpoint.base_url, model="fake", patience=patience, **more)


def _remember(waited: list[float]) -> Callable[[float], Awaitable[None]]:
    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    return sleep


def use(operation: str, **arguments: Any) -> dict[str, str]:
    """The arguments of `use_operation`."""
    return {"operation": operation, "arguments_json": json.dumps(arguments)}
