"""An endpoint in trouble: one retry, then `ProviderDown`; nothing said or secret in it."""

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.cofounder.brain import ProviderDown, Said
from bot.cofounder.model import ModelBrain, Patience
from core.clock import SECOND, ManualClock, as_datetime
from tests.bot.model.conftest import CALM, Talk, be_calm, conversation, make
from tests.fakes.openai import (
    API_KEY,
    FakeOpenAI,
    Gate,
    Reply,
    break_midstream,
    call,
    calls,
    drop,
    hang,
    malformed,
    pause,
    say,
    status,
)
from tests.fakes.wire import WireServer, cut_off

Make = Callable[[], Reply]
PASSING = [
    pytest.param(lambda: status(500), "HTTP 500", id="500"),
    pytest.param(lambda: status(503), "HTTP 503", id="503"),
    pytest.param(lambda: status(408), "HTTP 408", id="408"),
    pytest.param(lambda: status(429), "HTTP 429 rate_limit_exceeded", id="429"),
    pytest.param(lambda: break_midstream("I think that Tom"), "connection lost", id="break"),
    pytest.param(drop, "connection lost", id="reset"),
    pytest.param(malformed, "cannot be read", id="malformed"),
]


@pytest.mark.parametrize(("trouble", "detail"), PASSING)
async def test_recovers_once(talk: Talk, trouble: Make, detail: str) -> None:
    talk.endpoint.queue(trouble(), say("Tom can help."))
    answer = await talk.say()
    assert answer.text == "Tom can help."
    assert answer.usage.requests == 2
    assert talk.streamed[-1] == "Tom can help."
    assert talk.waited == [CALM.pause]


@pytest.mark.parametrize(("trouble", "detail"), PASSING)
async def test_down_when_it_fails_twice(
    talk: Talk, trouble: Make, detail: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    talk.endpoint.queue(trouble(), trouble(), say("never asked for"))
    with pytest.raises(ProviderDown, match=detail) as down:
        await talk.say("my secret plan")
    assert down.value.usage.requests == 2
    assert len(talk.endpoint.chats) == 2
    assert down.value.__context__ is None
    told = f"{down.value!r} {caplog.text}"
    assert API_KEY not in told
    assert "secret plan" not in told
    assert "I think" not in told


HANGING = [
    pytest.param(lambda: hang(5), Patience(first=0.15), "no answer in time", id="before the first byte"),
    pytest.param(lambda: pause("I think", Gate()), Patience(between=0.15), "stopped answering", id="mid-stream"),
]


@pytest.mark.parametrize(("trouble", "patience", "detail"), HANGING)
async def test_recovers_from_one_hang(talk: Talk, trouble: Make, patience: Patience, detail: str) -> None:
    talk.endpoint.queue(trouble(), say("Tom can help."))
    brain = make(talk.endpoint, patience=patience)
    brain._sleep = be_calm(brain)
    answer = await brain.answer(conversation("hi"), talk._call, talk.streamed.append)
    await brain.close()
    assert (answer.text, answer.usage.requests, talk.streamed[-1]) == ("Tom can help.", 2, "Tom can help.")


@pytest.mark.parametrize(("trouble", "patience", "detail"), HANGING)
async def test_down_when_it_hangs_twice(talk: Talk, trouble: Make, patience: Patience, detail: str) -> None:
    talk.endpoint.queue(trouble(), trouble(), say("never asked for"))
    brain = make(talk.endpoint, patience=replace(patience, pause=0))
    with pytest.raises(ProviderDown, match=detail) as down:
        await brain.answer(conversation("hi"), talk._call, talk.streamed.append)
    await brain.close()
    assert down.value.usage.requests == 2


@pytest.mark.parametrize(
    ("refusal", "detail"),
    [
        (status(400, error_code="context_length_exceeded"), "HTTP 400 context_length_exceeded"),
        (status(403), "HTTP 403"),
        (status(404), "HTTP 404"),
        (status(429, error_code="insufficient_quota"), "HTTP 429 insufficient_quota"),
        (status(429, error_code="The user said: my plan"), "HTTP 429"),
    ],
)
async def test_what_will_not_pass_is_not_retried_but_for_limits(talk: Talk, refusal: Reply, detail: str) -> None:
    talk.endpoint.queue(refusal, refusal)
    with pytest.raises(ProviderDown) as down:
        await talk.say()
    assert str(down.value) == detail
    assert len(talk.endpoint.chats) == (2 if detail == "HTTP 429" else 1)


async def test_wrong_key() -> None:
    async with FakeOpenAI() as endpoint:
        brain = make(endpoint, key="sk-wrong-key-of-somebody")
        with pytest.raises(ProviderDown) as down:
            await brain.answer(conversation("hi"), Talk(endpoint, brain)._call, lambda _: None)
        await brain.close()
    assert str(down.value) == "HTTP 401 invalid_api_key"
    assert "sk-wrong" not in repr(down.value)


def test_a_key_that_no_header_can_carry() -> None:
    with pytest.raises(ValueError) as refused:
        ModelBrain(api_key="sk-schlüssel", model="fake")
    assert "schl" not in str(refused.value)


async def test_nobody_listens() -> None:
    async with FakeOpenAI() as endpoint:
        brain = make(endpoint)
    with pytest.raises(ProviderDown, match="connection lost"):
        await brain.summarise("", (Said("user", "hi"),))
    await brain.close()


async def test_a_handshake_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        brain = ModelBrain(api_key="k", base_url=url, model="fake", patience=Patience(connect=0.05, pause=0))
        with pytest.raises(ProviderDown, match="no connection in time"):
            await brain.summarise("", (Said("user", "hi"),))
        await brain.close()


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"<html>It works!</html>", "no stream of events"),
        (b'{"choices": [{"message": {"content": "not streamed"}}]}', "no stream of events"),
        (b'data: {"choices": [{"delta": {"content": "Hi"}}]}\n\n', "the stream broke off"),
    ],
)
async def test_an_answer_that_is_no_whole_stream(body: bytes, detail: str) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=body)

    server = WireServer(answer)
    await server.start()
    brain = ModelBrain(api_key="k", base_url=f"http://127.0.0.1:{server.port}", model="fake", patience=CALM)
    with pytest.raises(ProviderDown, match=detail):
        await brain.summarise("", (Said("user", "hi"),))
    await brain.close()
    await server.stop()


async def test_an_end_without_a_goodbye_is_an_end() -> None:
    """The model had its say, and the server then keeps the connection open, or resets it."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'data: {"choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}]}\n\n')
        if "reset" in request.path:
            return await cut_off(request)
        await asyncio.sleep(5)
        return response

    server = WireServer(answer)
    await server.start()
    for path in ("hold", "reset"):
        url = f"http://127.0.0.1:{server.port}/{path}"
        brain = ModelBrain(api_key="k", base_url=url, model="fake", patience=Patience(between=0.1))
        text, usage = await brain.summarise("", (Said("user", "hi"),))
        assert (text, usage.requests) == ("Hi", 1)
        assert usage.prompt_tokens > 50
        await brain.close()
    await server.stop()


@pytest.mark.parametrize("code", [429, 503])
async def test_retry_after_is_honoured(talk: Talk, code: int) -> None:
    talk.endpoint.queue(status(code, retry_after=2.5), say("Hi."))
    assert (await talk.say()).text == "Hi."
    assert talk.waited == [2.5]


async def test_a_long_retry_after_is_not_waited_for(talk: Talk) -> None:
    talk.endpoint.queue(status(429, retry_after=60), say("Hi."))
    with pytest.raises(ProviderDown):
        await talk.say()
    assert talk.waited == []


@pytest.mark.parametrize(("ahead", "waits"), [(3, [3.0]), (-10, [0.0]), (90, [])])
async def test_retry_after_as_a_date(ahead: int, waits: list[float]) -> None:
    clock, waited = ManualClock(), list[float]()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    date = format_datetime(as_datetime(clock.now() + ahead * SECOND), usegmt=True)
    refusal = Reply("error", code=429, error={"message": "slow down"}, headers={"retry-after": date})
    async with FakeOpenAI() as endpoint:
        endpoint.queue(refusal, say("Hi."))
        brain = make(endpoint, clock=clock, sleep=sleep)
        if waits:
            await brain.summarise("", (Said("user", "hi"),))
        else:
            with pytest.raises(ProviderDown):
                await brain.summarise("", (Said("user", "hi"),))
        await brain.close()
    assert waited == waits


async def test_a_retry_repeats_no_operation(talk: Talk) -> None:
    talk.endpoint.queue(
        calls(call("need_post", text="a logo"), text="One moment."),
        break_midstream("I have put that", 2),
        say("It is before you."),
    )
    answer = await talk.say()
    assert talk.called == [("need.post", {"text": "a logo"}, 0)]
    assert answer.text == "One moment.\n\nIt is before you."
    assert "One moment.\n\nI have" in talk.streamed[-2]
    assert talk.endpoint.chats[1] == talk.endpoint.chats[2]
    assert answer.usage.requests == 3


async def test_one_retry_in_a_turn_not_in_a_request(talk: Talk) -> None:
    talk.endpoint.queue(status(500), call("people_find", query="x"), status(500), say("never asked for"))
    with pytest.raises(ProviderDown) as down:
        await talk.say()
    assert down.value.usage.requests == 3
    assert down.value.usage.prompt_tokens > 0


async def test_the_next_turn_starts_afresh(talk: Talk) -> None:
    talk.endpoint.queue(status(500), say("One."), status(500), say("Two."))
    assert [(await talk.say()).text, (await talk.say()).text] == ["One.", "Two."]


async def test_signs_of_life_do_not_hold_a_turn_for_ever(talk: Talk) -> None:
    talk.endpoint.script = lambda body: say("x" * 400, chunks=400, chunk_delay=0.02)
    brain = make(talk.endpoint, patience=Patience(whole=0.3, pause=0))
    with pytest.raises(ProviderDown, match="stopped answering") as down:
        await brain.answer(conversation("hi"), talk._call, talk.streamed.append)
    await brain.close()
    # Nobody said what that cost, so it is estimated: a request of about 3,000 characters, twice.
    assert 1_000 < down.value.usage.prompt_tokens < 2_500
    assert down.value.usage.completion_tokens > 2


async def test_usage_of_a_request_that_never_began_is_nothing(talk: Talk) -> None:
    talk.endpoint.queue(status(500), status(500))
    with pytest.raises(ProviderDown) as down:
        await talk.say()
    assert (down.value.usage.prompt_tokens, down.value.usage.completion_tokens) == (0, 0)
