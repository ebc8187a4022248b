"""Replies from their streams, also from servers that leave things out."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cofounder.model.reply import BrokenStream, Collector, Reply, ToolCall


def event(**chunk: Any) -> bytes:
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


def delta(finish: str | None = None, **of: Any) -> bytes:
    return event(choices=[{"index": 0, "delta": of, "finish_reason": finish}])


def tool(**of: Any) -> bytes:
    return delta(tool_calls=[of])


def read(stream: bytes) -> Reply:
    collector = Collector()
    collector.take(stream)
    return collector.reply(0)


DONE = b"data: [DONE]\n\n"
STREAM = b"".join(
    (
        b": keep-alive\n\n",
        delta(role="assistant", content=""),
        delta(content="Grüß\u2028 "),
        delta(content="dich"),
        tool(index=0, id="a", type="function", function={"name": "one", "arguments": ""}),
        tool(index=0, function={"arguments": '{"x": '}),
        tool(index=1, id="b", type="function", function={"name": "two", "arguments": "{}"}),
        tool(index=0, function={"arguments": "1}"}),
        delta("tool_calls"),
        event(
            choices=[],
            usage={"prompt_tokens": 9, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}},
        ),
        DONE,
    )
)


@given(st.lists(st.integers(min_value=0, max_value=len(STREAM)), max_size=20), st.booleans())
def test_however_the_bytes_arrive(cuts: list[int], carriage_returns: bool) -> None:
    stream = STREAM.replace(b"\n", b"\r\n") if carriage_returns else STREAM
    collector = Collector()
    borders = [0, *sorted(cuts), len(stream)]
    for start, end in itertools.pairwise(borders):
        collector.take(stream[start:end])
    reply = collector.reply(0)
    assert reply.text == "Grüß\u2028 dich"
    assert reply.calls == (ToolCall("a", "one", '{"x": 1}'), ToolCall("b", "two", "{}"))
    assert (reply.finish, collector.done, collector.estimates) == ("tool_calls", True, False)
    assert (reply.usage.prompt_tokens, reply.usage.cached_tokens, reply.usage.completion_tokens) == (9, 4, 3)


def test_keep_alive_is_no_piece_of_an_answer() -> None:
    collector = Collector()
    assert not collector.take(b": still here\n\n")
    assert not collector.began
    assert collector.take(delta(content="Hi"))


def test_calls_without_numbers_or_names_of_their_own() -> None:
    collector = Collector()
    collector.take(tool(function={"name": "one", "arguments": "{}"}))
    collector.take(tool(function={"name": "two", "arguments": '{"x"'}))
    collector.take(tool(function={"arguments": ": 2}"}))
    collector.take(DONE)
    assert collector.reply(0).calls == (ToolCall("call_0", "one", "{}"), ToolCall("call_1", "two", '{"x": 2}'))


def test_a_refusal_is_said_and_thinking_is_not() -> None:
    collector = Collector()
    collector.take(delta(reasoning_content="hm", content=[{"type": "thinking"}]) + delta(refusal="I would rather not."))
    collector.take(delta("stop"))
    assert collector.reply(0).text == "I would rather not."


def test_usage_is_estimated_where_nobody_says() -> None:
    collector = Collector()
    assert collector.usage(0).prompt_tokens == 0
    collector.take(delta(content="12345678") + delta("stop"))
    assert collector.estimates
    usage = collector.reply(400).usage
    assert (usage.requests, usage.prompt_tokens, usage.completion_tokens) == (1, 100, 3)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"<html>",
        delta(content="Hi"),
        event(error={"message": "the key sk-123 is over its limit"}),
        b"data: {\n\n",
        b"data: []\n\n",
        b"data: 1\n\n",
        event(choices=[1]),
        event(choices=[{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": {"x": 1}}}]}}]),
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
def test_broken_streams(stream: bytes) -> None:
    with pytest.raises(BrokenStream) as broken:
        read(stream)
    assert "sk-123" not in str(broken.value)
    assert broken.value.__cause__ is None
