"""The Web API through slack_sdk: messages, conversations, people, streams, assistant threads."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, FakeSlack, Team, User
from tests.test_fakes.test_slack.tools import client, plain


async def test_posting_changing_and_deleting(
    web: AsyncWebClient, slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    said = general.say(ana, "hello")
    meta = {"event_type": "card", "event_payload": {"id": 7}}
    sent = await web.chat_postMessage(
        channel=general.id,
        text="See https://a.example/ please",
        thread_ts=said.ts,
        metadata=meta,
        unfurl_links=False,
    )
    assert sent["message"]["bot_id"] == team.bot.bot_id
    (message,) = general.bot_messages
    assert (message.text, message.thread_ts, message.metadata) == ("See <https://a.example/> please", said.ts, meta)
    assert said.json()["reply_count"] == 1
    await web.chat_update(channel=general.id, ts=sent["ts"], text="New")
    assert (message.text, message.history, message.edits) == ("New", ["See <https://a.example/> please"], 1)
    for asked in (False, True):
        found = await web.conversations_replies(channel=general.id, ts=said.ts, include_all_metadata=asked)
        assert ("metadata" in found["messages"][1]) is asked
    await web.chat_delete(channel=general.id, ts=sent["ts"])
    assert general.bot_messages == []
    broadcast = await web.chat_postMessage(channel=general.id, text="All", thread_ts=said.ts, reply_broadcast=True)
    history = await web.conversations_history(channel=general.id)
    assert [one["ts"] for one in history["messages"]] == [broadcast["ts"], said.ts]
    replies = await web.conversations_replies(channel=general.id, ts=said.ts)
    assert [one["text"] for one in replies["messages"]] == ["hello", "All"]
    recorded = slack.calls("chat.postMessage")[0]
    assert recorded.arguments["metadata"] == meta
    assert (recorded.http, recorded.team, recorded.status) == ("POST application/json", team.id, 200)
    assert team.bot_token not in str(slack.requests)


async def test_what_an_update_leaves_as_it_was(web: AsyncWebClient, team: Team, ana: User, general: Channel) -> None:
    meta = {"event_type": "card", "event_payload": {"id": 7}}
    blocks = [{"type": "section", "text": plain("Card")}]
    notes = [{"text": "note", "fallback": "note"}]
    sent = await web.chat_postMessage(channel=general.id, text="a", blocks=blocks, attachments=notes, metadata=meta)
    (message,) = general.bot_messages
    await web.api_call("chat.update", json={"channel": general.id, "ts": sent["ts"], "attachments": notes})
    assert (message.text, message.shown, message.attachments, message.metadata) == ("a", "Card", notes, meta)
    await web.chat_update(channel=general.id, ts=sent["ts"], text="b", blocks=blocks)
    assert "edited" not in message.json()
    await web.chat_update(channel=general.id, ts=sent["ts"], text="c", metadata={})
    assert (message.shown, message.attachments, message.metadata) == ("c", notes, None)
    assert message.json()["edited"]["user"] == team.bot.id
    general.archive(ana)
    with pytest.raises(SlackApiError, match="is_inactive"):
        await web.chat_update(channel=general.id, ts=sent["ts"], text="d")


async def test_an_ephemeral_answer_in_a_thread_is_seen_once_somebody_replied_there(
    web: AsyncWebClient, ana: User, ben: User, general: Channel
) -> None:
    said = general.say(ana, "hello")
    await web.chat_postEphemeral(channel=general.id, user=ana.id, text="psst", thread_ts=said.ts)
    assert general.visible_to(ana) == [said]
    general.say(ben, "yes?", thread_ts=said)
    assert [one.text for one in general.visible_to(ana)] == ["hello", "psst", "yes?"]


async def test_tabs_that_are_switched_off(web: AsyncWebClient, slack: FakeSlack, ana: User) -> None:
    slack.home_tab = slack.messages_tab = False
    with pytest.raises(SlackApiError, match="not_enabled"):
        await web.views_publish(user_id=ana.id, view={"type": "home", "blocks": []})
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        await web.chat_postMessage(channel=ana.id, text="x")


async def test_the_app_hears_of_its_own_messages(web: AsyncWebClient, slack: FakeSlack, general: Channel) -> None:
    sent = await web.chat_postMessage(channel=general.id, text="mine")
    await web.chat_update(channel=general.id, ts=sent["ts"], text="still mine")
    events = [one.payload["event"] for one in slack.dispatch.log]
    assert [one.get("subtype", "") for one in events] == ["", "message_changed"]
    assert events[0]["bot_id"] == events[1]["message"]["bot_id"] == general.team.bot.bot_id
    # What was changed by the app itself does not say so at the top of the event.
    assert "user" not in events[1]


async def test_messages_that_slack_refuses(web: AsyncWebClient, team: Team, ana: User, general: Channel) -> None:
    said = general.say(ana, "mine")
    secret = team.channel("secret", [ana], private=True, bot=False)
    outside = team.channel("outside", [ana], bot=False)
    old = team.channel("old", [ana])
    old.archive(ana)
    for error, call in (
        ("channel_not_found", web.chat_postMessage(channel="C404", text="x")),
        ("channel_not_found", web.chat_postMessage(channel=secret.id, text="x")),
        ("not_in_channel", web.chat_postMessage(channel=outside.id, text="x")),
        ("is_archived", web.chat_postMessage(channel=old.id, text="x")),
        ("no_text", web.api_call("chat.postMessage", json={"channel": general.id, "text": " "})),
        ("thread_not_found", web.chat_postMessage(channel=general.id, text="x", thread_ts="1.000001")),
        ("cant_update_message", web.chat_update(channel=general.id, ts=said.ts, text="x")),
        ("cant_delete_message", web.chat_delete(channel=general.id, ts=said.ts)),
        ("message_not_found", web.chat_delete(channel=general.id, ts="1.000001")),
        ("invalid_metadata_schema", web.chat_postMessage(channel=general.id, text="x", metadata={"a": 1})),
        ("invalid_blocks_format", web.chat_postMessage(channel=general.id, text="x", blocks="{")),
        ("markdown_text_conflict", web.chat_postMessage(channel=general.id, text="x", markdown_text="y")),
        ("msg_too_long", web.chat_postMessage(channel=general.id, markdown_text="y" * 12_001)),
        ("unknown_method", web.api_call("chat.shout")),
    ):
        with pytest.raises(SlackApiError) as refusal:
            await call
        assert refusal.value.response["error"] == error
    long = await web.chat_postMessage(channel=general.id, text="x" * 40_001)
    assert len(long["message"]["text"]) == 40_000
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await web.chat_update(channel=general.id, ts=long["ts"], text="x" * 4_001)


async def test_tokens(slack: FakeSlack, team: Team, general: Channel, web: AsyncWebClient) -> None:
    who = await web.auth_test()
    assert (who["team_id"], who["user_id"], who["bot_id"]) == (team.id, team.bot.id, team.bot.bot_id)
    assert "chat:write" in who.headers["x-oauth-scopes"].split(",")
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client(slack, "xoxb-no").auth_test()
    with pytest.raises(SlackApiError, match="not_authed"):
        await AsyncWebClient(base_url=slack.api_base_url).auth_test()
    team.scopes -= {"chat:write", "channels:read"}
    with pytest.raises(SlackApiError) as refusal:
        await web.chat_postMessage(channel=general.id, text="x")
    answer = refusal.value.response
    assert (answer["error"], answer["needed"], "im:write" in answer["provided"]) == (
        "missing_scope",
        "chat:write",
        True,
    )
    with pytest.raises(SlackApiError, match="channels:read"):
        await web.conversations_info(channel=general.id)
    other = slack.team("Other")
    foreign = other.channel("general")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await web.conversations_info(channel=foreign.id)
    assert (await client(slack, other.bot_token).auth_test())["team"] == "Other"
    team.uninstall()
    with pytest.raises(SlackApiError, match="account_inactive"):
        await web.auth_test()
    assert [one.event_type for one in slack.dispatch.log] == ["tokens_revoked", "app_uninstalled"]
    assert (await client(slack, other.bot_token).auth_revoke())["revoked"] is True
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client(slack, other.bot_token).auth_test()


async def test_people_and_conversations_in_pages(
    web: AsyncWebClient, team: Team, ana: User, ben: User, general: Channel
) -> None:
    hidden = team.channel("hidden", [ana], private=True, bot=False)
    team.channel("private", [ana], private=True)
    names: list[str] = []
    async for page in await web.conversations_list(types="public_channel,private_channel", limit=1):
        names += [one["name"] for one in page["channels"]]
    assert names == ["general", "private"]
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await web.conversations_info(channel=hidden.id)
    mine = await web.users_conversations(types="public_channel")
    assert [one["id"] for one in mine["channels"]] == [general.id]
    members = await web.conversations_members(channel=general.id)
    assert members["members"] == [ana.id, ben.id, team.bot.id]
    person = (await web.users_info(user=ana.id, include_locale=True))["user"]
    assert (person["profile"]["email"], person["locale"], person["is_bot"]) == ("ana@example.org", "en-US", False)
    assert len((await web.users_list())["members"]) == 3
    assert (await web.bots_info(bot=team.bot.bot_id))["bot"]["user_id"] == team.bot.id
    assert (await web.team_info())["team"]["name"] == "Harbour"
    group = team.usergroup("mods", [ana])
    team.change_usergroup(group, [ana, ben])
    assert (await web.usergroups_users_list(usergroup=group.id))["users"] == [ana.id, ben.id]
    listed = (await web.usergroups_list(include_users=True))["usergroups"]
    assert listed[0]["users"] == [ana.id, ben.id]
    for error, call in (
        ("user_not_found", web.users_info(user="U404")),
        ("invalid_types", web.conversations_list(types="rooms")),
        ("invalid_cursor", web.conversations_list(cursor="what")),
        ("invalid_limit", web.conversations_list(limit=2000)),
        ("no_such_subteam", web.usergroups_users_list(usergroup="S404")),
        ("bot_not_found", web.bots_info(bot="B404")),
    ):
        with pytest.raises(SlackApiError, match=error):
            await call


async def test_direct_messages(web: AsyncWebClient, team: Team, ana: User, ben: User) -> None:
    opened = (await web.conversations_open(users=[ana.id]))["channel"]["id"]
    assert opened == team.im(ana).id
    await web.chat_postMessage(channel=ana.id, text="Hi")
    assert [one.text for one in team.im(ana).bot_messages] == ["Hi"]
    group = (await web.conversations_open(users=[ana.id, ben.id]))["channel"]["id"]
    assert team.rooms[group].kind == "mpim"
    for error, users in (("user_not_found", ["U1"]), ("cannot_dm_bot", [team.bot.id]), ("users_list_not_supplied", [])):
        with pytest.raises(SlackApiError, match=error):
            await web.conversations_open(users=users)
    team.change_user(ben, deleted=True)
    with pytest.raises(SlackApiError, match="user_disabled"):
        await web.conversations_open(users=[ben.id])


async def test_coming_going_and_reactions(
    web: AsyncWebClient, team: Team, ana: User, ben: User, general: Channel
) -> None:
    room = team.channel("room", [ana], bot=False)
    await web.conversations_join(channel=room.id)
    await web.conversations_invite(channel=room.id, users=[ben.id])
    assert set(room.members) == {ana.id, ben.id, team.bot.id}
    await web.conversations_kick(channel=room.id, user=ben.id)
    assert ben.id not in room.members
    with pytest.raises(SlackApiError, match="cant_kick_from_general"):
        await web.conversations_kick(channel=general.id, user=ben.id)
    said = room.say(ana, "hm")
    await web.reactions_add(channel=room.id, timestamp=said.ts, name="eyes")
    assert said.reactions == {"eyes": [team.bot.id]}
    with pytest.raises(SlackApiError, match="already_reacted"):
        await web.reactions_add(channel=room.id, timestamp=said.ts, name="eyes")
    await web.reactions_remove(channel=room.id, timestamp=said.ts, name="eyes")
    assert said.reactions == {}
    await web.conversations_leave(channel=room.id)
    assert not room.has_bot


async def test_who_can_be_removed_from_what(
    web: AsyncWebClient, team: Team, ana: User, ben: User, general: Channel
) -> None:
    port, secret = team.channel("port", [ana, ben]), team.channel("secret", [ana, ben], private=True)
    cleo = team.user("Cleo", owner=True)
    port.join(cleo)

    async def refusal(room: Channel, user: User | str) -> str:
        name = user if isinstance(user, str) else user.id
        with pytest.raises(SlackApiError) as caught:
            await web.conversations_kick(channel=room.id, user=name)
        return str(caught.value.response["error"])

    assert await refusal(port, team.bot) == "cant_kick_self"
    assert await refusal(port, "U0NOBODY") == "user_not_found"
    assert await refusal(port, cleo) == "restricted_action"
    assert await refusal(team.channel("quiet", [ben], bot=False), ben) == "not_in_channel"
    assert await refusal(team.channel("hidden", [ben], bot=False, private=True), ben) == "channel_not_found"
    assert await refusal(team.im(ben), ben) == "method_not_supported_for_channel_type"
    team.removal |= {"channel": "admins", "group": "everyone"}
    assert await refusal(port, ben) == "restricted_action"
    await web.conversations_kick(channel=secret.id, user=ben.id)
    assert await refusal(secret, ben) == "not_in_channel"
    team.removal["channel"] = "everyone"
    team.scopes.discard("channels:manage")
    assert await refusal(port, ben) == "missing_scope"
    team.scopes.add("channels:manage")
    port.archive(ana)
    assert await refusal(port, ben) == "is_archived"


async def test_ranks(web: AsyncWebClient, team: Team) -> None:
    people = {
        "member": team.user("member"),
        "admin": team.user("admin", admin=True),
        "owner": team.user("owner", owner=True),
        "primary": team.user("primary", primary_owner=True),
        "guest": team.user("guest", guest=True),
    }
    ranks = ("is_admin", "is_owner", "is_primary_owner", "is_restricted")
    seen = {name: (await web.users_info(user=user.id))["user"] for name, user in people.items()}
    assert {name: tuple(user[one] for one in ranks) for name, user in seen.items()} == {
        "member": (False, False, False, False),
        "admin": (True, False, False, False),
        "owner": (True, True, False, False),
        "primary": (True, True, True, False),
        "guest": (False, False, False, True),
    }


async def test_what_others_are_in(web: AsyncWebClient, team: Team, ana: User, ben: User, general: Channel) -> None:
    quiet = team.channel("quiet", [ben], bot=False)
    secret = team.channel("secret", [ben], private=True)
    team.channel("hidden", [ben], bot=False, private=True)
    theirs = (await web.users_conversations(user=ben.id, types="public_channel,private_channel"))["channels"]
    assert [one["id"] for one in theirs] == [general.id, quiet.id, secret.id]
    assert not any("is_member" in one or "num_members" in one for one in theirs)
    with pytest.raises(SlackApiError, match="user_not_found"):
        await web.users_conversations(user="U0NOBODY")


async def test_who_may_write(web: AsyncWebClient, team: Team, ana: User, ben: User) -> None:
    port = team.channel("port", [ana, ben])
    await web.conversations_kick(channel=port.id, user=ben.id)
    with pytest.raises(ValueError, match="not in"):
        port.say(ben, "hm")
    with pytest.raises(ValueError, match="not in"):
        port.forward(ben, port.messages[0])
    port.join(ben)
    port.say(ben, "I am back")
    team.change_user(ben, deleted=True)
    with pytest.raises(ValueError, match="deactivated"):
        port.say(ben, "hm")
    with pytest.raises(ValueError, match="deactivated"):
        port.join(ben)
    quiet = team.channel("quiet", [ana])
    with pytest.raises(SlackApiError, match="cant_invite"):
        await web.conversations_invite(channel=quiet.id, users=[ben.id])
    quiet.archive(ana)
    with pytest.raises(ValueError, match="archived"):
        quiet.say(ana, "hm")


async def test_forwarded_and_broadcast_messages(web: AsyncWebClient, team: Team, ana: User, general: Channel) -> None:
    root = general.say(ana, "hello")
    general.say(ana, "hello all", thread_ts=root, broadcast=True)
    elsewhere = team.channel("elsewhere", [ana])
    forwarded = elsewhere.forward(ana, root, "look")
    (shared,) = forwarded.json()["attachments"]
    assert (forwarded.text, shared["text"], shared["is_share"]) == ("look", "hello", True)
    shown = (await web.conversations_history(channel=general.id))["messages"][0]
    assert (shown["subtype"], shown["root"]["text"], shown["root"]["reply_count"]) == ("thread_broadcast", "hello", 1)


async def test_streams(web: AsyncWebClient, slack: FakeSlack, team: Team, ana: User, general: Channel) -> None:
    root = team.assistant_thread(ana)
    room = team.im(ana)
    stream = await web.chat_stream(channel=room.id, thread_ts=root.ts, buffer_size=1)
    await stream.append(markdown_text="**Hello")
    (message,) = [one for one in room.bot_messages if one.streaming]
    assert (message.text, message.streaming, message.thread_ts) == ("**Hello", "in_progress", root.ts)
    with pytest.raises(SlackApiError, match="streaming_state_conflict"):
        await web.chat_update(channel=room.id, ts=message.ts, text="x")
    await stream.append(markdown_text=" you**")
    await stream.stop(blocks=[{"type": "section", "text": plain("A card")}])
    assert (message.text, message.streaming) == ("**Hello you**", "completed")
    assert message.shown == "**Hello you**\nA card"
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        await web.chat_appendStream(channel=room.id, ts=message.ts, markdown_text="x")
    said = general.say(ana, "?")
    with pytest.raises(SlackApiError, match="missing_recipient_team_id"):
        await web.chat_startStream(channel=general.id, thread_ts=said.ts, markdown_text="x")
    with pytest.raises(SlackApiError, match="invalid_chunks"):
        await web.chat_startStream(channel=room.id, thread_ts=root.ts, chunks=[{"type": "song"}])
    stream = await web.chat_stream(channel=room.id, thread_ts=root.ts, buffer_size=1)
    await stream.append(markdown_text="slow")
    slack.advance(301)
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        await stream.append(markdown_text="er")
    late = await web.chat_startStream(channel=room.id, thread_ts=root.ts, markdown_text="x")
    growing = room.find(late["ts"])
    assert growing is not None
    room.stop_stream(ana, growing)
    with pytest.raises(SlackApiError, match="stopped_by_user"):
        await web.chat_stopStream(channel=room.id, ts=growing.ts)
    team.streaming = False
    with pytest.raises(SlackApiError, match="unknown_method"):
        await web.chat_startStream(channel=room.id, thread_ts=root.ts, markdown_text="x")


async def test_assistant_threads(
    web: AsyncWebClient, slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    slack.subscribed = None
    root = team.assistant_thread(ana, viewing=general)
    room = team.im(ana)
    await web.assistant_threads_setTitle(channel_id=room.id, thread_ts=root.ts, title="A need")
    await web.assistant_threads_setSuggestedPrompts(
        channel_id=room.id, thread_ts=root.ts, prompts=[{"title": "Need", "message": "I need …"}]
    )
    await web.assistant_threads_setStatus(channel_id=room.id, thread_ts=root.ts, status="is thinking…")
    thread = room.assistant_threads[root.ts]
    assert (thread["title"], thread["status"], thread["prompts"][0]["title"]) == ("A need", "is thinking…", "Need")
    await web.chat_postMessage(channel=room.id, thread_ts=root.ts, text="Here")
    assert (thread["status"], thread["statuses"]) == ("", ["is thinking…"])
    said = room.say(ana, "I need a lamp", thread_ts=root)
    assert "assistant_thread" in said.deliveries[0].payload["event"]
    team.change_context(ana, root, general)
    kinds = [one.event_type for one in slack.dispatch.log]
    assert kinds == ["assistant_thread_started", "message", "message", "assistant_thread_context_changed"]
    started = slack.dispatch.log[0].payload["event"]["assistant_thread"]
    assert started["context"]["channel_id"] == general.id
    await web.assistant_threads_setStatus(channel_id=general.id, thread_ts=general.say(ana, "?").ts, status="reads")
    with pytest.raises(SlackApiError, match="invalid_thread_ts"):
        await web.assistant_threads_setTitle(channel_id=general.id, thread_ts=general.messages[-1].ts, title="x")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await web.assistant_threads_setSuggestedPrompts(channel_id=room.id, thread_ts=root.ts, prompts=[])
    team.assistant = False
    with pytest.raises(SlackApiError, match="access_denied"):
        await web.assistant_threads_setTitle(channel_id=room.id, thread_ts=root.ts, title="x")
