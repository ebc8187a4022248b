"""Signed HTTP: what Bolt takes and refuses, retries, and acknowledgements in the answer."""

import time

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck

from tests.fakes.slack import Channel, FakeSlack, Team, User
from tests.fakes.slack.blocks import named, valid_view
from tests.fakes.wire import WireServer
from tests.test_fakes.test_slack.tools import Json, actions, behind_http, bolt, button, field, modal

TEXT = {"type": "plain_text_input", "action_id": "value"}


async def test_bolt_takes_signed_requests_and_refuses_others(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    app, seen = bolt(slack, team)
    async with behind_http(app) as url:
        hook = slack.use_http(url)
        said = general.say(ana, "hello")
        assert (await seen.event())["text"] == "hello"
        await slack.wait_until_acknowledged()
        (delivery,) = said.deliveries
        assert (await hook.post(delivery, signature="v0=" + "0" * 64)).status == 401
        assert (await hook.post(delivery, timestamp=int(time.time()) - 600)).status == 401
        assert seen.bodies.empty()
        assert (await hook.post(delivery)).status == 200
        assert (await seen.next())["event_id"] == delivery.event_id
        assert delivery.statuses == [200, 401, 401, 200]
        verified = await hook.verify()
        assert (verified.status, verified.payload()) == (200, {"challenge": "challenge-3eZbrw1aB10"})
        assert (await hook.verify(signature="v0=bad")).status == 401


async def test_commands_and_forms_are_answered_in_the_response(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    app, _ = bolt(slack, team)

    @app.command("/nexus")
    async def command(ack: AsyncAck, command: Json) -> None:
        await ack(text=f"You asked: {command['text']}", response_type="in_channel")

    @app.command("/grant")
    async def grant(ack: AsyncAck) -> None:
        await ack("Only for you.")

    @app.view("form")
    async def form(ack: AsyncAck, view: Json) -> None:
        await ack(response_action="errors", errors={"name": "Please another one."})

    async with behind_http(app) as url:
        slack.use_http(url)
        asked = team.slash(ana, general, "/nexus", "need a lamp & <b>")
        assert await asked.acked() == {"text": "You asked: need a lamp & <b>", "response_type": "in_channel"}
        assert general.messages[-1].text == "You asked: need a lamp & <b>"
        assert await team.slash(ana, general, "/grant").acked() == {"text": "Only for you."}
        assert general.visible_to(ana)[-1].text == "Only for you."
        assert len(general.messages) == 1
        view = team.views.open(ana, valid_view(modal(field("Name", TEXT)), "modal"))
        answer = await team.submit_view(ana, view, {"Name": "x"})
        assert answer == {"response_action": "errors", "errors": {"name": "Please another one."}}
        assert team.views_of(ana) == [view]


async def test_events_are_retried_with_their_number_and_interactions_are_not(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    answers = iter([500, 302, 200, 500, 500])
    headers: list[tuple[str | None, str | None]] = []

    async def endpoint(request: web.BaseRequest) -> web.StreamResponse:
        headers.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=next(answers))

    async with WireServer(endpoint) as server:
        slack.use_http(f"http://127.0.0.1:{server.port}/")
        said = general.say(ana, "hm")
        await slack.wait_until_acknowledged()
        assert said.deliveries[0].statuses == [500, 302, 200]
        assert headers == [(None, None), ("1", "http_error"), ("2", "http_error")]
        shown = general.add(team.bot, "press", blocks=named(actions(button("Go", "go"))), silent=True)
        with pytest.raises(AssertionError, match="http_error"):
            await general.press(ana, shown, "Go").acked()
    late = general.say(ana, "nobody is there")
    await slack.wait_until_acknowledged()
    assert late.deliveries[0].failure == "given up"
    assert late.deliveries[0].statuses == [0, 0, 0, 0]


async def test_an_endpoint_can_refuse_retries(slack: FakeSlack, ana: User, general: Channel) -> None:
    async def endpoint(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with WireServer(endpoint) as server:
        slack.use_http(f"http://127.0.0.1:{server.port}/")
        said = general.say(ana, "hm")
        await slack.wait_until_acknowledged()
    assert said.deliveries[0].statuses == [500]
