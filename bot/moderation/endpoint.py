"""The moderation endpoint of OpenAI, or of a server that speaks like it: what it says of a text. The one module of
moderation that knows the client library; it is imported only where the operator has asked for it.

Nothing raised by the library leaves this module: its errors hold the request, with the key and the text in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx2
import openai

from bot.log import log
from bot.moderation.second_look import Verdict

MODEL = "omni-moderation-latest"
PATIENCE = 5.0  # seconds for one answer
LONGEST = 4_000  # characters of a message that are sent
# What the rule about abuse is about. The others (sexual, self-harm, violence, illicit) are no abuse of anybody.
ABUSE = ("harassment", "harassment/threatening", "hate", "hate/threatening")


class Endpoint:
    """One endpoint. It is asked once for each text: a second look that fails is none."""

    def __init__(self, *, api_key: str, base_url: str, host: str, patience: float = PATIENCE) -> None:
        self.host = host
        self._patience = patience
        limits = openai.Timeout(patience)
        self._client = openai.AsyncOpenAI(
            api_key=api_key.strip(),
            base_url=base_url,
            max_retries=0,
            timeout=limits,
            http_client=openai.DefaultAsyncHttpxClient(timeout=limits),
        )

    async def ask(self, text: str) -> Verdict | None:
        """What it says of a text; None, and a line in the log, where it does not answer as it should."""
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._client.moderations.create(model=MODEL, input=text[:LONGEST])
            found = answer.results[0]
            scores, flags = found.category_scores.to_dict(), found.categories.to_dict()
            return _verdict(scores, flags)
        except (TimeoutError, openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError) as error:
            status = getattr(error, "status_code", 0)
            log.warning("the moderation endpoint failed", extra={"why": type(error).__name__, "status": status})
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:  # it speaks otherwise
            log.warning("the moderation endpoint said something strange", extra={"why": type(error).__name__})
        return None

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()


def _verdict(scores: Mapping[str, object], flags: Mapping[str, object]) -> Verdict:
    """The strongest category of abuse. Pure."""
    strengths = {name: min(1.0, max(0.0, float(str(scores[name])))) for name in ABUSE}
    most = max(ABUSE, key=lambda name: strengths[name])
    return Verdict(most, strengths[most], any(flags[name] is True for name in ABUSE))
