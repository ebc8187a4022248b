"""The model brain: `ModelBrain` implements `bot.cofounder.brain.Speaks` over a chat completions endpoint."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.cofounder.brain import Answer, Call, Conversation, ProviderDown, Said, Stream, Usage
from bot.cofounder.model import prompt
from bot.cofounder.model.patience import Patience
from bot.cofounder.model.reply import Reply
from bot.cofounder.model.toolkit import Toolkit
from bot.cofounder.model.turn import Turn
from core.clock import Clock, SystemClock
from core.operations import Operation

if TYPE_CHECKING:
    from bot.cofounder.model.wire import Endpoint

_log = logging.getLogger(__name__)
_TOOLKITS_KEPT = 256  # there are about as many as standings; this only bounds it
_SUMMARY_CHARACTERS = 700  # about 150 tokens
_STREAMED = {"stream": True, "stream_options": {"include_usage": True}}


class ModelBrain:
    """A brain at any OpenAI-compatible endpoint.

    `base_url` None is OpenAI's own. A request that fails in passing (timeout, 408, 409, 429, 5xx, a stream that breaks
    off or hangs) is sent once more within a turn; a second failure, or one that will not pass, is `ProviderDown`. What
    tools gave before a failure is kept, so no operation is called twice.
    """

    def __init__(
        self,
        *,
        api_key: str,
        model: str,
        base_url: str | None = None,
        patience: Patience | None = None,
        clock: Clock | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        from bot.cofounder.model.wire import Endpoint  # loads the client library, half a second of start time

        self._endpoint: Endpoint = Endpoint(
            api_key=api_key,
            base_url=base_url,
            model=model,
            patience=patience or Patience(),
            clock=clock or SystemClock(),
        )
        self._sleep = sleep
        self._toolkits: dict[tuple[frozenset[str], frozenset[str]], Toolkit] = {}

    async def answer(self, conversation: Conversation, call: Call, stream: Stream) -> Answer:
        """See `Speaks.answer`."""
        toolkit = self._toolkit(conversation.tools, conversation.all_tools)
        asking = _Asking(self._endpoint, self._sleep)
        turn = Turn(prompt.messages(conversation), toolkit, asking.ask, call, stream, conversation.steps)
        text = await turn.run()
        return Answer(text, asking.usage, turn.called)

    async def summarise(self, earlier: str, talk: Sequence[Said]) -> tuple[str, Usage]:
        """See `Speaks.summarise`. An empty answer of the model leaves the summary as it was."""
        asking = _Asking(self._endpoint, self._sleep)
        reply = await asking.ask({"messages": prompt.to_fold(earlier, talk)}, _deaf)
        return prompt.shortened(reply.text, _SUMMARY_CHARACTERS) or earlier, asking.usage

    async def close(self) -> None:
        """See `Speaks.close`."""
        await self._endpoint.close()

    def _toolkit(self, offered: Sequence[Operation], every: Sequence[Operation]) -> Toolkit:
        """The toolkit of these operations, built once: an operation's name stands for it."""
        key = frozenset(o.name for o in offered), frozenset(o.name for o in every)
        found = self._toolkits.get(key)
        if found is None:
            if len(self._toolkits) >= _TOOLKITS_KEPT:
                self._toolkits.clear()
            found = self._toolkits[key] = Toolkit(offered, every)
        return found


class _Asking:
    """The requests of one turn: sums what they cost, and allows one of them to fail."""

    def __init__(self, endpoint: Endpoint, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.usage = Usage()
        self._endpoint = endpoint
        self._sleep = sleep
        self._failed = False

    async def ask(self, body: dict[str, Any], grown: Callable[[str], None]) -> Reply:
        """The reply to a request. Raises `ProviderDown`."""
        while True:
            got = await self._endpoint.ask({**body, **_STREAMED}, grown)
            self.usage = _sum(self.usage, got.usage)
            if isinstance(got, Reply):
                return got
            if self._failed or got.wait is None:
                raise ProviderDown(got.detail, self.usage)
            self._failed = True
            _log.info("the model failed (%s); asking once more in %.1f s", got.detail, got.wait)
            await self._sleep(got.wait)


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        one.requests + other.requests,
        one.prompt_tokens + other.prompt_tokens,
        one.cached_tokens + other.cached_tokens,
        one.completion_tokens + other.completion_tokens,
    )


def _deaf(_: str) -> None:
    pass
