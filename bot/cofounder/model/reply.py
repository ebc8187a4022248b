"""A model's reply, put together from its stream. Pure; tolerant of what compatible servers leave out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.cofounder.brain import Usage

CHARACTERS_PER_TOKEN = 4
_DATA = b"data:"


class BrokenStream(Exception):
    """The stream is not what it should be. The message holds nothing of what was said."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants to call; `arguments` is the raw text it wrote."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished reply. `finish` is the provider's word for why it ended, `usage` counts this one request."""

    text: str
    calls: tuple[ToolCall, ...]
    finish: str
    usage: Usage


class Collector:
    """Takes the bytes of a server-sent event stream and holds what they have said so far.

    The chunks are read as plain JSON: on a streamed answer, building the library's typed objects costs more processor
    time than everything else in a turn together.
    """

    def __init__(self) -> None:
        self.text = ""
        self.began = False
        self.done = False
        self._rest = b""
        self._finish = ""
        self._usage: dict[str, Any] | None = None
        self._calls: list[dict[str, str]] = []
        self._by_index: dict[int, dict[str, str]] = {}

    def take(self, block: bytes) -> bool:
        """Take the next bytes; whether they held a piece of the answer. Raises `BrokenStream`."""
        *lines, self._rest = (self._rest + block).split(b"\n")
        pieces = False
        for line in lines:
            if line.startswith(_DATA):
                pieces = True
                self._event(line[len(_DATA) :].strip())
        return pieces

    @property
    def complete(self) -> bool:
        """Whether the model had its say, even if the provider then hung up without a proper end."""
        return self.done or bool(self._finish)

    def reply(self, asked: int) -> Reply:
        """The whole reply; `asked`: see `usage`. Raises `BrokenStream` if it broke off."""
        if not self.complete:
            raise BrokenStream("the stream broke off" if self.began else "no stream of events")
        calls = tuple(
            ToolCall(c["id"] or f"call_{n}", c["name"], c["arguments"]) for n, c in enumerate(self._calls) if c["name"]
        )
        return Reply(self.text, calls, self._finish, self.usage(asked))

    @property
    def speaks(self) -> bool:
        """Whether the model has begun to say something or to call a tool."""
        return bool(self.text or self._calls)

    @property
    def estimates(self) -> bool:
        """Whether the provider began to answer and has not said what it costs."""
        return self.began and self._usage is None

    def usage(self, asked: int) -> Usage:
        """What the request cost. Where the provider does not say: estimated, at four characters a token.

        `asked` is the length of the request in characters, needed only where `estimates`.
        """
        if self._usage is None:
            if not self.began:
                return Usage(requests=1)
            answered = len(self.text) + sum(len(c["arguments"]) for c in self._calls)
            return Usage(1, asked // CHARACTERS_PER_TOKEN, 0, answered // CHARACTERS_PER_TOKEN + 1)
        details = self._usage.get("prompt_tokens_details") or {}
        return Usage(
            requests=1,
            prompt_tokens=int(self._usage.get("prompt_tokens") or 0),
            cached_tokens=int(details.get("cached_tokens") or 0),
            completion_tokens=int(self._usage.get("completion_tokens") or 0),
        )

    def _event(self, data: bytes) -> None:
        if data == b"[DONE]":
            self.done = True
            return
        try:
            chunk = json.loads(data)
            failed = chunk.get("error")
            if not failed:
                self._chunk(chunk)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise BrokenStream("an event that cannot be read") from None
        if failed:
            raise BrokenStream("an error in the stream")

    def _chunk(self, chunk: dict[str, Any]) -> None:
        self.began = True
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices") or ():
            self._finish = choice.get("finish_reason") or self._finish
            delta = choice.get("delta") or {}
            content = delta.get("content") or delta.get("refusal") or ""
            if isinstance(content, str):  # some servers send a list for what the model thinks and does not say
                self.text += content
            for piece in delta.get("tool_calls") or ():
                self._call(piece)

    def _call(self, piece: dict[str, Any]) -> None:
        function = piece.get("function") or {}
        index = piece.get("index")
        if index is None:  # a server that does not number its calls sends each whole
            index = len(self._calls) - (not function.get("name"))
        call = self._by_index.get(index)
        if call is None:
            call = self._by_index[index] = {"id": "", "name": "", "arguments": ""}
            self._calls.append(call)
        call["id"] = call["id"] or piece.get("id") or ""
        call["name"] = call["name"] or function.get("name") or ""
        call["arguments"] += function.get("arguments") or ""
