"""Events over websockets: acknowledgements, repeats, reconnecting."""

import asyncio
import logging

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, FakeSlack, Team, User
from tests.test_fakes.test_slack.tools import bolt, client, sockets


@pytest.fixture(autouse=True)
def _everything(slack: FakeSlack) -> None:
    slack.subscribed = None


async def test_a_mention_comes_as_message_and_as_app_mention(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    app, seen = bolt(slack, team)
    async with sockets(slack, app):
        said = general.say(ana, "<@BOT> I need a hand & a <lamp>, see https://a.example/x.")
        bodies = [await seen.next(), await seen.next()]
        await slack.wait_until_acknowledged()
    events = {body["event"]["type"]: body["event"] for body in bodies}
    assert set(events) == {"message", "app_mention"}
    assert len({body["event_id"] for body in bodies}) == 2
    assert len({event["ts"] for event in events.values()}) == 1
    assert len({event["client_msg_id"] for event in events.values()}) == 1
    bot = team.bot.mention
    assert said.text == f"{bot} I need a hand &amp; a &lt;lamp&gt;, see <https://a.example/x>."
    assert events["message"]["channel_type"] == "channel"
    assert events["message"]["blocks"][0]["elements"][0]["elements"][0] == {"type": "user", "user_id": team.bot.id}
    assert all(one.is_acked and not one.late and one.ack_payload is None for one in said.deliveries)


async def test_edits_deletions_threads_files_and_joins_are_events(
    slack: FakeSlack, team: Team, ana: User, ben: User, general: Channel
) -> None:
    app, seen = bolt(slack, team)
    async with sockets(slack, app):
        said = general.say(ana, "one")
        assert (await seen.event())["text"] == "one"
        general.edit(ana, said, "two")
        changed = await seen.event()
        assert (changed["subtype"], changed["message"]["text"], changed["previous_message"]["text"]) == (
            "message_changed",
            "two",
            "one",
        )
        assert changed["message"]["edited"]["user"] == ana.id
        reply = general.say(ben, "yes", thread_ts=said)
        event = await seen.event()
        assert (event["thread_ts"], event["parent_user_id"]) == (said.ts, ana.id)
        again = general.say(ana, "fine", thread_ts=reply)
        assert (await seen.event())["thread_ts"] == said.ts
        assert general.thread(said) == [reply, again]
        general.share_file(ben, "plan.txt", b"text", "look")
        event = await seen.event()
        assert (event["subtype"], event["files"][0]["name"]) == ("file_share", "plan.txt")
        general.delete(ana, said)
        event = await seen.event()
        assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", said.ts)
        general.webhook("CI", "green")
        assert (await seen.event())["subtype"] == "bot_message"
        general.join(team.user("Cleo"))
        assert (await seen.event())["subtype"] == "channel_join"
    with pytest.raises(ValueError, match="their own"):
        general.edit(ben, said, "x")


async def test_the_app_hears_nothing_where_it_is_not_or_did_not_subscribe(
    slack: FakeSlack, team: Team, ana: User
) -> None:
    elsewhere = team.channel("elsewhere", [ana], bot=False)
    assert elsewhere.say(ana, "<@BOT> hello").deliveries == []
    slack.subscribed = {"app_mention"}
    here = team.channel("here", [ana])
    assert [one.event_type for one in here.say(ana, "<@BOT> hello").deliveries] == ["app_mention"]
    assert team.im(ana).say(ana, "<@BOT> hello").deliveries == []
    assert team.open_home(ana) is None


async def test_what_nobody_took_waits_and_comes_when_connected(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    app, seen = bolt(slack, team)
    said = general.say(ana, "early")
    pressed = team.slash(ana, general, "/nexus", "help")
    with pytest.raises(AssertionError, match="dispatch_failed"):
        await pressed.acked()
    async with sockets(slack, app):
        assert (await seen.event())["text"] == "early"
        await slack.wait_until_acknowledged()
        assert said.deliveries[0].attempts == 1


async def test_an_event_without_acknowledgement_comes_again_with_its_number(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    # No listener for what is said: Bolt answers 404 to itself and acknowledges nothing.
    app, seen = bolt(slack, team)
    general.say(ana, "again")
    async with sockets(slack, app):
        first = await seen.next()
        await slack.wait_until_acknowledged()
        (delivery,) = general.messages[0].deliveries
        slack.redeliver(delivery)
        second = await seen.next()
        assert first["event_id"] == second["event_id"]
        await slack.wait_for(lambda: sum(len(one.acks) for one in slack.connections) == 2)
    assert (delivery.attempts, delivery.retry, delivery.reason) == (2, 1, "timeout")


async def test_what_was_not_acknowledged_when_the_line_broke_comes_over_the_next(
    slack: FakeSlack, team: Team, ana: User, general: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    app, seen = bolt(slack, team)
    async with sockets(slack, app):
        (line,) = slack.connections
        said = general.say(ana, "lost?")
        # The envelope is not written yet when the connection is reset.
        slack.abort_connections()
        await slack.wait_for(lambda: bool(slack.connections) and slack.connections[0] is not line)
        assert (await seen.event())["text"] == "lost?"
        await slack.wait_until_acknowledged()
    assert said.deliveries[0].is_acked
    assert slack.counts["apps.connections.open"] == 2


async def test_a_refresh_makes_the_app_reconnect_and_loses_nothing(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    app, seen = bolt(slack, team)
    async with sockets(slack, app):
        (old,) = slack.connections
        slack.disconnect("refresh_requested")
        general.say(ana, "meanwhile")
        await slack.wait_for(lambda: slack.connections != [] and old not in slack.connections)
        assert (await seen.event())["text"] == "meanwhile"
        await slack.wait_until_acknowledged()


async def test_two_connections_share_the_work_and_pings_are_answered(
    slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    one, seen_by_one = bolt(slack, team)
    other, seen_by_other = bolt(slack, team)
    async with sockets(slack, one), sockets(slack, other):
        await slack.wait_connected(2)
        for number in range(4):
            general.say(ana, str(number))
        await slack.wait_until_acknowledged()
        assert seen_by_one.bodies.qsize() == seen_by_other.bodies.qsize() == 2
        await slack.connections[0].ping()
        assert slack.connections[0].pongs == [b"Ping from applink-fake-1"]


async def test_a_dead_line_is_noticed_by_missing_pongs(
    slack: FakeSlack, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    app, _ = bolt(slack, team)
    async with sockets(slack, app):
        (line,) = slack.connections
        line.answers_pings = False
        await slack.wait_for(lambda: slack.connections != [] and line not in slack.connections)
        assert line.pings > 0


async def test_only_an_app_token_opens_a_connection(slack: FakeSlack, team: Team, web: AsyncWebClient) -> None:
    for token, error in ((team.bot_token, "not_allowed_token_type"), ("xapp-1-no", "invalid_auth")):
        with pytest.raises(SlackApiError, match=error):
            await web.apps_connections_open(app_token=token)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client(slack, slack.app_token).auth_test()


async def test_an_ack_timeout_repeats_events_and_fails_interactions(team: Team, ana: User, general: Channel) -> None:
    async with FakeSlack(ack_timeout=0.02) as impatient:
        place = impatient.team("Impatient")
        cleo = place.user("Cleo")
        room = place.channel("room", [cleo])
        app, _ = bolt(impatient, place)
        held = asyncio.Event()

        @app.middleware
        async def hold() -> None:
            await held.wait()

        async with sockets(impatient, app):
            said = room.say(cleo, "slow")
            command = place.slash(cleo, room, "/nexus")
            with pytest.raises(AssertionError, match="operation_timeout"):
                await command.acked()
            await impatient.wait_for(lambda: said.deliveries[0].attempts == 2)
            held.set()
    assert said.deliveries[0].retry >= 1


async def test_a_disabled_link_and_a_warning(slack: FakeSlack, team: Team, ana: User, general: Channel) -> None:
    app, seen = bolt(slack, team)
    async with sockets(slack, app):
        for reason in ("warning", "link_disabled"):
            (old,) = slack.connections
            slack.disconnect(reason)
            await slack.wait_for(lambda: slack.connections != [] and old not in slack.connections)  # noqa: B023
        general.say(ana, "still here")
        assert (await seen.event())["text"] == "still here"
        await slack.connections[0].close()
        await slack.wait_for(lambda: slack.connections == [])
        general.say(ana, "and again")
        assert (await seen.event())["text"] == "and again"


async def test_an_eleventh_connection_is_one_too_many(slack: FakeSlack, web: AsyncWebClient) -> None:
    async def address() -> str:
        url: str = (await web.apps_connections_open(app_token=slack.app_token))["url"]
        return url

    async with aiohttp.ClientSession() as session:
        lines = [await session.ws_connect(await address()) for _ in range(10)]
        greetings = [await line.receive_json() for line in lines]
        assert [one["num_connections"] for one in greetings] == list(range(1, 11))
        late = await session.ws_connect(await address())
        assert (await late.receive_json())["reason"] == "too_many_websockets"
        url = await address()
        await session.ws_connect(url)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_events_about_people_and_channels(slack: FakeSlack, team: Team, ana: User, general: Channel) -> None:
    group = team.usergroup("mods", [ana])
    cleo = team.user("Cleo", announced=True)
    team.change_user(ana, name="Anabel", admin=True)
    team.change_usergroup(group, [cleo])
    general.join(cleo, by=ana)
    general.leave(cleo)
    said = general.say(ana, "x")
    general.react(cleo, said, "eyes")
    general.unreact(cleo, said, "eyes")
    general.unfurl(said)
    general.rename("all")
    general.archive(ana)
    secret = team.channel("secret", [ana], private=True)
    secret.leave(team.bot)
    assert secret.say(ana, "alone").deliveries == []
    team.revoke()
    kinds = [one.event_type for one in slack.dispatch.log]
    assert kinds == [
        "subteam_created",
        "team_join",
        "user_change",
        "subteam_members_changed",
        "member_joined_channel",
        "message",
        "member_left_channel",
        "message",
        "message",
        "reaction_added",
        "reaction_removed",
        "message",
        "channel_rename",
        "channel_archive",
        "member_left_channel",
        "group_left",
        "tokens_revoked",
    ]
    events = [one.payload["event"] for one in slack.dispatch.log]
    assert events[4]["inviter"] == ana.id
    assert events[3]["added_users"] == [cleo.id]
    assert events[3]["removed_users"] == [ana.id]
    assert len({one.event_id for one in slack.dispatch.log}) == len(kinds)
