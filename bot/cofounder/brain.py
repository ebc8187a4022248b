"""What a brain is given and what it gives back. Plain data: neither brain sees a store, a right or a platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from core.operations import Operation


class Kind(StrEnum):
    """What a sentence is: a request for an operation, small talk, or something that asks for nothing."""

    REQUEST = "request"
    SMALL_TALK = "small_talk"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that is open: the operation, what is known of its arguments, and the argument that was asked for."""

    operation: str
    arguments: dict[str, Any]
    asked: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """How the offline brain understood a sentence.

    `arguments` holds raw values by parameter name, as the words stand in the sentence (numbers, yes/no and durations
    already in canonical form, all accepted by the parameter's field; only an amount may be a doubtful one, so that the
    field's own question is put). `missing` lists required parameters that the
    sentence does not state. With `alternatives` (operation names, best first, two or three) it was a close call: ask,
    do not guess. `reply` is the answer to small talk. `confidence` is between 0 and 1.
    """

    kind: Kind
    operation: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    confidence: float = 0.0
    alternatives: tuple[str, ...] = ()
    reply: str = ""


class Understands(Protocol):
    """The offline brain's one method."""

    def understand(
        self,
        sentence: str,
        *,
        direct: bool = True,
        allowed: frozenset[str] | None = None,
        pending: Pending | None = None,
    ) -> Understanding:
        """Understand one message.

        `direct`: it was said in a direct conversation (only there are thoughts kept). `allowed`: names of the
        operations that this speaker may use here (None: all). `pending`: the question that was asked last; the
        message may answer it, or be about something else. Pure and quick: a few milliseconds at most.
        """


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier message of a conversation. `role` is "user" or "assistant"; `author` is a person's first name."""

    role: str
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something written by somebody that may help: data, never an instruction. `author` labels it."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """An operation that was called in this turn before it was interrupted, and what the model read as its result.

    `told` is how it is put to the person where the model never comes to that; empty if they have it already. `shows`
    are the ids of the records that the result tells of.
    """

    operation: str
    arguments: dict[str, Any]
    result: str
    told: str = ""
    shows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything a model is given for one turn, already restricted to the audience that will hear the answer.

    `speaker` is the first name of who speaks, `nexus` the Nexus they talk about, `standing` their role in it,
    `audience` who will hear ("only Ana", "the members of Parser", "anyone"). `history` is recent talk, oldest
    first; `summary` is what came before it. `steps` are the calls that this turn made before a crash, not to be made
    again. `tools` are the operations offered directly, `all_tools` every operation that can be asked for here (also
    what this speaker may not do: core refuses, and says what it takes). `conversation_id` is stable and opaque.
    """

    message: str
    speaker: str
    nexus: str
    standing: str
    audience: str
    tools: Sequence[Operation]
    all_tools: Sequence[Operation]
    summary: str = ""
    history: Sequence[Said] = ()
    facts: Sequence[Fact] = ()
    conversation_id: str = ""
    steps: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a turn cost, summed over its requests, in tokens."""

    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said in the end. `calls` is how many operations it called."""

    text: str
    usage: Usage
    calls: int = 0


class ProviderDown(Exception):
    """The model cannot answer now (timeout, 429, 5xx, broken stream, refused key), after one retry.

    `detail` is for logs: no text of the conversation, no key. `usage` is what was spent all the same.
    """

    def __init__(self, detail: str, usage: Usage | None = None) -> None:
        super().__init__(detail)
        self.usage = usage or Usage()


# (operation name, raw arguments, position in the turn) -> what the model reads as the tool's result. It never raises
# for what a person could have done wrong: refusals come back as words that the model can act on.
Call = Callable[[str, dict[str, Any], int], Awaitable[str]]
# The whole text so far, each time it has grown. Cheap to call often: the bot paces edits.
Stream = Callable[[str], None]


class Speaks(Protocol):
    """The model brain."""

    async def answer(self, conversation: Conversation, call: Call, stream: Stream) -> Answer:
        """Answer one message. Raises `ProviderDown`."""

    async def summarise(self, earlier: str, talk: Sequence[Said]) -> tuple[str, Usage]:
        """Fold older talk into the summary so far, at most about 150 tokens. Raises `ProviderDown`."""

    async def close(self) -> None:
        """Close connections."""
