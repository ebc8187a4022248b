"""The fake model endpoint, driven by the real openai client."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
)

from tests.fakes import openai as ai
from tests.fakes.openai import FakeOpenAI

HELLO: list[Any] = [{"role": "user", "content": "hello"}]


@pytest.fixture
async def model() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def client(model: FakeOpenAI) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key=model.api_key, base_url=model.base_url, max_retries=0) as made:
        yield made


async def streamed(client: AsyncOpenAI, **more: Any) -> tuple[str, list[tuple[str, str]], str | None, Any]:
    """Text, tool calls, finish reason and usage of a stream, put together as every client must."""
    arguments: dict[str, Any] = {"model": "gpt-4o-mini", "messages": HELLO, **more}
    text, parts, finish, usage = "", dict[int, list[str]](), None, None
    async for chunk in await client.chat.completions.create(
        stream=True, stream_options={"include_usage": True}, **arguments
    ):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
            for piece in choice.delta.tool_calls or ():
                part = parts.setdefault(piece.index, ["", ""])
                assert piece.function is not None
                assert (piece.id is None) == bool(part[0])
                part[0] += piece.function.name or ""
                part[1] += piece.function.arguments or ""
    return text, [(name, raw) for name, raw in parts.values()], finish, usage


async def answered(client: AsyncOpenAI, **more: Any) -> Any:
    arguments: dict[str, Any] = {"model": "gpt-4o-mini", "messages": HELLO, **more}
    return await client.chat.completions.create(**arguments)


# -- what it says ----------------------------------------------------------------------------------------


async def test_echo_and_script(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    assert (await streamed(client))[0] == "You said: hello"
    model.script = lambda request: ai.say(f"{len(request['messages'])} so far")
    answer = await answered(client)
    assert answer.choices[0].message.content == "1 so far"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0
    model.queue(ai.say("queued first", chunks=3, finish="length"))
    text, _, finish, usage = await streamed(client)
    assert (text, finish) == ("queued first", "length")
    assert usage.completion_tokens > 0
    assert [body.get("stream") for body in model.chats] == [True, None, True]


async def test_pieces_arrive_one_by_one(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    gate = ai.Gate()
    model.queue(ai.pause("one two ", gate, after_chunks=1, chunks=2))
    stream = await client.chat.completions.create(model="m", messages=HELLO, stream=True)
    seen = []
    async for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            seen.append(chunk.choices[0].delta.content)
            assert not gate.reached.is_set() or seen == ["one "] or len(seen) == 2
            gate.release()
    assert seen == ["one ", "two "]
    model.queue(ai.say("a b", chunk_delay=0.001, chunks=3))
    assert (await streamed(client))[0] == "a b"


async def test_tool_calls(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    tool = function("find", {"q": {"type": "string"}})
    model.queue(ai.call("find", q="é"), ai.calls(ai.call("find", q="1"), ai.call("no_such_tool"), text="let me"))
    text, calls, finish, _ = await streamed(client, tools=[tool])
    assert (text, finish, calls) == ("", "tool_calls", [("find", json.dumps({"q": "é"}))])
    text, calls, finish, _ = await streamed(client, tools=[tool])
    assert (text, calls) == ("let me", [("find", '{"q": "1"}'), ("no_such_tool", "{}")])
    model.queue(ai.bad_arguments("find"), ai.call("find", q="x"))
    _, calls, _, _ = await streamed(client, tools=[tool])
    with pytest.raises(ValueError):
        json.loads(calls[0][1])
    answer = (await answered(client, tools=[tool])).choices[0]
    assert answer.finish_reason == "tool_calls"
    assert answer.message.content is None
    # The answer goes back as it came, with its result: the conversation the API demands.
    called = answer.message.model_dump(exclude_none=True, exclude={"annotations", "refusal"})
    result = {"role": "tool", "tool_call_id": called["tool_calls"][0]["id"], "content": "found"}
    assert (await streamed(client, messages=[*HELLO, called, result], tools=[tool]))[0] == "You said: hello"


def function(name: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        **more,
    }
    return {"type": "function", "function": {"name": name, "parameters": parameters, "strict": True}}


async def test_models_and_embeddings(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    assert "gpt-4o-mini" in [one.id async for one in client.models.list()]
    texts = ["seeds for the garden", "garden seeds", "quarterly tax report"]
    answer = await client.embeddings.create(model="text-embedding-3-small", input=texts)
    first, near, far = (one.embedding for one in answer.data)
    assert len(first) == 1536
    assert math.isclose(math.sqrt(sum(x * x for x in first)), 1, rel_tol=1e-5)
    assert cosine(first, near) > cosine(first, far) + 0.3
    plain = await client.embeddings.create(
        model="text-embedding-3-small", input=texts[0], encoding_format="float", dimensions=256
    )
    assert len(plain.data[0].embedding) == 256
    with pytest.raises(BadRequestError, match="input"):
        await client.embeddings.create(model="text-embedding-3-small", input="")
    model.models = ("only-this",)
    with pytest.raises(NotFoundError, match="does not exist"):
        await answered(client)
    assert (await client.models.retrieve("only-this")).id == "only-this"


def cosine(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


# -- what it refuses -------------------------------------------------------------------------------------

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
ASSISTANT = {"role": "assistant", "content": None, "tool_calls": [CALL]}
LOOSE = function("f", {"a": {"type": "string"}})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"messages": []}, "empty array"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "Supported values are: 'developer'"),
        ({"messages": [{"role": "user", "content": None}]}, "expected a string, got null"),
        ({"messages": [{"role": "user", "content": "x", "mood": 1}]}, r"Unknown parameter: 'messages\[0\].mood'"),
        ({"messages": [{"role": "user", "content": "x", "name": "Ann Lee"}]}, "does not match pattern"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, "image URL"),
        ({"messages": [*HELLO, ASSISTANT]}, "did not have response messages: c1"),
        ({"messages": [*HELLO, ASSISTANT, *HELLO]}, "did not have response messages: c1"),
        (
            {"messages": [*HELLO, {"role": "tool", "tool_call_id": "c1", "content": "x"}]},
            "must be a response to a preceeding message",
        ),
        (
            {"messages": [*HELLO, ASSISTANT, {"role": "tool", "tool_call_id": "c2", "content": "x"}]},
            "must be a response to a preceeding message",
        ),
        ({"messages": [{**ASSISTANT, "tool_calls": [{**CALL, "id": "c" * 41}]}]}, "string too long"),
        ({"tools": []}, "empty array"),
        ({"tools": [function("bad name", {})]}, "does not match pattern"),
        ({"tools": [function("x" * 65, {})]}, "does not match pattern"),
        ({"tools": [function("f", {"a": {"type": "string"}}, required=[])]}, "Missing 'a'"),
        ({"tools": [function("f", {}, additionalProperties=True)]}, "'additionalProperties' is required"),
        ({"tools": [function("f", {"a": {"type": "object", "properties": {}}})]}, r"context=\('properties', 'a'\)"),
        ({"tools": [function("f", {"a": {"oneOf": [{"type": "string"}]}})]}, "'oneOf' is not permitted"),
        ({"tools": [function("f", {"a": {"type": "array"}})]}, "array schema missing items"),
        ({"tools": [function("f", {"a": {}})]}, "must have a 'type' key"),
        ({"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "string"}}}]}, "'type: "),
        ({"tool_choice": "auto"}, "only allowed when 'tools' are specified"),
        ({"tools": [LOOSE], "tool_choice": {"type": "function", "function": {"name": "g"}}}, "not found in 'tools'"),
        ({"extra_body": {"top_k": 5}}, "Unknown parameter: 'top_k'"),
        ({"temperature": 3}, "above maximum value"),
        ({"max_tokens": 0}, "below minimum value"),
        ({"stream_options": {"include_usage": True}}, "only allowed when 'stream' is enabled"),
        ({"reasoning_effort": "heroic"}, "Supported values are"),
        ({"response_format": {"type": "xml"}}, "Supported values are"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": {}}}},
            "Invalid schema for response_format 'x'",
        ),
    ],
)
async def test_requests_refused(client: AsyncOpenAI, change: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadRequestError, match=problem) as caught:
        await answered(client, **change)
    assert caught.value.type == "invalid_request_error"


async def test_keys(model: FakeOpenAI) -> None:
    async with AsyncOpenAI(api_key="sk-wrong", base_url=model.base_url, max_retries=0) as client:
        with pytest.raises(AuthenticationError, match="Incorrect API key provided: sk-wrong") as caught:
            await answered(client)
    assert caught.value.code == "invalid_api_key"
    assert model.requests[0].status == 401


# -- what goes wrong -------------------------------------------------------------------------------------


async def test_errors(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    model.queue(
        ai.status(429, retry_after=2),
        ai.status(429, error_code="insufficient_quota"),
        ai.status(500),
        ai.status(400, message="This model's maximum context length is 8192", error_code="context_length_exceeded"),
        ai.status(503),
    )
    with pytest.raises(RateLimitError) as limited:
        await streamed(client)
    assert limited.value.response.headers["retry-after"] == "2"
    with pytest.raises(RateLimitError) as quota:
        await answered(client)
    assert quota.value.code == "insufficient_quota"
    with pytest.raises(InternalServerError):
        await answered(client)
    with pytest.raises(BadRequestError) as long:
        await streamed(client)
    assert long.value.code == "context_length_exceeded"
    with pytest.raises(APIStatusError) as overloaded:
        await answered(client)
    assert overloaded.value.status_code == 503
    with pytest.raises(NotFoundError):
        await client.images.generate(prompt="x")


async def test_the_client_retries_by_itself(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    model.queue(ai.status(429, retry_after=0.001), ai.say("second try"))
    assert (await answered(client.with_options(max_retries=1))).choices[0].message.content == "second try"
    assert [one.status for one in model.requests] == [429, 200]


async def test_connections_lost(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    model.queue(ai.break_midstream("hello world", 2), ai.break_midstream("x"), ai.drop(), ai.drop())
    seen: list[str] = []
    with pytest.raises(APIConnectionError):
        await collect(client, seen)
    assert "".join(seen) == "hello"
    for _ in range(2):
        with pytest.raises(APIConnectionError):
            await answered(client)
    with pytest.raises(APIConnectionError):
        await streamed(client)
    assert [one.status for one in model.requests] == [0, 0, 0, 0]


async def collect(client: AsyncOpenAI, seen: list[str]) -> None:
    async for chunk in await client.chat.completions.create(model="m", messages=HELLO, stream=True):
        seen.append(chunk.choices[0].delta.content or "")


async def test_malformed_answers(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    model.queue(ai.malformed(), ai.malformed())
    # The client does not wrap this one: its callers meet the bare ValueError.
    with pytest.raises(json.JSONDecodeError):
        await streamed(client)
    with pytest.raises((APIConnectionError, json.JSONDecodeError, APIStatusError)):
        await answered(client)


async def test_silence_and_an_impatient_client(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    model.queue(ai.hang(30), ai.hang(0.001, ai.say("woke")))
    with pytest.raises(APITimeoutError):
        await answered(client.with_options(timeout=0.05))
    assert (await streamed(client))[0] == "woke"


async def test_a_client_that_hangs_up_is_noticed(model: FakeOpenAI, client: AsyncOpenAI) -> None:
    gate = ai.Gate()
    model.queue(ai.pause("one two three four", gate))
    stream = await client.chat.completions.create(model="m", messages=HELLO, stream=True)
    await anext(stream)
    await gate.reached.wait()
    await stream.close()
    gate.release()
    async with asyncio.timeout(5):
        while not model.requests[0].gone:  # noqa: ASYNC110 (the record has no event)
            await asyncio.sleep(0.001)
    assert model.requests[0].status == 0
