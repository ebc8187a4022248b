"""A believable OpenAI-compatible endpoint: chat completions, models, embeddings, moderations.

What it answers is a script: a queue of replies, else a function of the request; `FakeOpenAI` is the way in.
"""

from tests.fakes.openai.replies import (
    CHUNKS,
    Call,
    Gate,
    Reply,
    bad_arguments,
    break_midstream,
    call,
    calls,
    drop,
    echo,
    hang,
    malformed,
    pause,
    say,
    status,
)
from tests.fakes.openai.server import API_KEY, FakeOpenAI, Recorded

__all__ = [
    "API_KEY",
    "CHUNKS",
    "Call",
    "FakeOpenAI",
    "Gate",
    "Recorded",
    "Reply",
    "bad_arguments",
    "break_midstream",
    "call",
    "calls",
    "drop",
    "echo",
    "hang",
    "malformed",
    "pause",
    "say",
    "status",
]
