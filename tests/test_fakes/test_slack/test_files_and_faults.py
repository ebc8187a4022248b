"""Uploads, downloads, rate limits, and what goes wrong before and after the work was done."""

import asyncio
import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, FakeSlack, Team, User, faults
from tests.test_fakes.test_slack.tools import client


async def test_an_upload_in_three_steps(web: AsyncWebClient, slack: FakeSlack, ana: User, general: Channel) -> None:
    root = general.say(ana, "the list?")
    sent = await web.files_upload_v2(
        channel=general.id, filename="list.csv", content="a,b\n", initial_comment="Here", thread_ts=root.ts
    )
    (message,) = general.bot_messages
    assert (message.text, message.thread_ts, message.files[0].content) == ("Here", root.ts, b"a,b\n")
    assert (await web.files_info(file=sent["files"][0]["id"]))["file"]["size"] == 4
    assert slack.calls("upload")[0].files == [{"file_name": "list.csv", "size": 4}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await web.files_completeUploadExternal(files=[{"id": "F404"}], channel_id=general.id)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await web.api_call("files.getUploadURLExternal", json={"filename": "x", "length": 3})


async def test_an_upload_of_another_length_is_refused(web: AsyncWebClient, general: Channel) -> None:
    ticket = await web.files_getUploadURLExternal(filename="a.txt", length=5)
    async with aiohttp.ClientSession() as session:
        async with session.post(ticket["upload_url"], data=b"abc") as answer:
            assert answer.status == 400
        with pytest.raises(SlackApiError, match="file_not_found"):
            await web.files_completeUploadExternal(files=[{"id": ticket["file_id"]}], channel_id=general.id)
        async with session.post(f"{ticket['upload_url']}x", data=b"abcde") as answer:
            assert answer.status == 404


async def test_a_download_needs_the_token_of_its_workspace(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    shared = general.share_file(ana, "photo.png", b"\x89PNG")
    url = shared.json()["files"][0]["url_private_download"]
    foreign = slack.team("Other").bot_token
    async with aiohttp.ClientSession() as session:
        for token, kind, body in (
            (team.bot_token, "image/png", b"\x89PNG"),
            (foreign, "text/html", None),
            ("", "text/html", None),
        ):
            async with session.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
                assert (answer.status, answer.content_type) == (200, kind)
                assert body is None or await answer.read() == body


async def test_a_rate_limit_says_when_to_come_again(web: AsyncWebClient, slack: FakeSlack, general: Channel) -> None:
    slack.fail("chat.postMessage", faults.rate_limited(0))
    with pytest.raises(SlackApiError) as refusal:
        await web.chat_postMessage(channel=general.id, text="x")
    answer = refusal.value.response
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "0")
    assert general.bot_messages == []
    slack.fail("chat.postMessage", faults.rate_limited(0), where={"text": "patient"})
    web.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await web.chat_postMessage(channel=general.id, text="patient")
    assert [one.status for one in slack.calls("chat.postMessage")] == [429, 429, 200]


@pytest.mark.parametrize(("after", "there"), [(False, 0), (True, 1)])
async def test_server_errors_before_and_after_the_work(
    web: AsyncWebClient, slack: FakeSlack, general: Channel, after: bool, there: int
) -> None:
    slack.fail("chat.postMessage", faults.server_error(503, after=after))
    with pytest.raises(SlackApiError) as refusal:
        await web.chat_postMessage(channel=general.id, text="x")
    assert refusal.value.response.status_code == 503
    slack.fail("chat.postMessage", faults.refused("fatal_error", status=500, after=after))
    with pytest.raises(SlackApiError, match="fatal_error"):
        await web.chat_postMessage(channel=general.id, text="x")
    assert len(general.bot_messages) == there * 2


async def test_broken_lines_and_answers(slack: FakeSlack, team: Team, general: Channel) -> None:
    web = AsyncWebClient(token=team.bot_token, base_url=slack.api_base_url, retry_handlers=[])
    slack.fail("chat.postMessage", faults.drop(after=True))
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await web.chat_postMessage(channel=general.id, text="x")
    assert len(general.bot_messages) == 1
    assert slack.calls("chat.postMessage")[0].status == 0
    slack.fail("*", faults.malformed())
    with pytest.raises(SlackApiError):
        await web.auth_test()
    held = slack.fail("auth.test", faults.hold())
    call = asyncio.create_task(web.auth_test())
    await held.reached.wait()
    assert not call.done()
    held.release()
    assert (await call)["ok"]
    slack.fail("auth.test", faults.slow(0), skip=1)
    await web.auth_test()
    await web.auth_test()
    assert len(slack.calls("auth.test")) == 4


async def test_an_outage_ends_on_the_same_port(slack: FakeSlack, team: Team) -> None:
    web = AsyncWebClient(token=team.bot_token, base_url=slack.api_base_url, retry_handlers=[])
    await slack.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await web.auth_test()
    await slack.start()
    assert (await web.auth_test())["ok"]


async def test_twenty_workspaces_side_by_side(slack: FakeSlack) -> None:
    rooms = []
    for number in range(20):
        team = slack.team(f"Team {number}")
        rooms.append(team.channel("general", [team.user("Ana")]))
    await asyncio.gather(
        *(client(slack, r.team.bot_token).chat_postMessage(channel=r.id, text=r.team.name) for r in rooms)
    )
    assert [[one.text for one in room.bot_messages] for room in rooms] == [[room.team.name] for room in rooms]
    assert json.dumps([one.json() for one in slack.requests])
