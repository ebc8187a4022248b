"""Events in by Socket Mode, through the real slack-bolt."""

import pytest

from adapters.contract import Account, EventKind, PlaceKind, Reply
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import to
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


async def test_a_mention_in_a_channel_is_one_event(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User
) -> None:
    message = general.say(ana, "<@BOT> I need a *designer* <soon> & cheap")
    assert len(message.deliveries) == 2  # `message` and `app_mention`
    await slack.wait_until_acknowledged()
    (event,) = store.events
    assert len(store.batches) == 2
    assert store.batches[0] == store.batches[1]
    assert event.event_id == f"{general.id}:{message.ts}"
    assert event.kind is EventKind.MESSAGE
    assert event.addressed
    assert event.text == "I need a *designer* <soon> & cheap"
    assert event.account == Account(ana.id, "Ana", "ana", team.id, language="de-DE", roles=(), manages=False)
    assert (event.workspace, event.workspace_title) == (team.id, "Harbour")
    assert (event.place.id, event.place.kind, event.place.title) == (general.id, PlaceKind.CHANNEL, "general")
    assert event.place.thread == message.ts  # the conversation goes on in the thread of its answer
    assert event.answers_privately
    assert event.sent_at == int(float(message.ts) * 1000)


async def test_people_among_themselves_do_not_address_the_app(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User, ben: User
) -> None:
    general.say(ana, f"{ben.mention} lunch?")
    (event,) = await store.wait_for(1)
    assert not event.addressed
    assert event.place.thread == ""
    assert not slack.calls("users.info")  # nobody waits for their names


async def test_a_direct_message_is_addressed(
    adapter: SlackAdapter, store: Store, direct: Channel, ana: User, ben: User
) -> None:
    message = direct.say(ana, f"Who is {ben.mention}? See https://example.org/a?b=1&c=2")
    (event,) = await store.wait_for(1)
    assert event.addressed
    assert event.place.kind is PlaceKind.DIRECT
    assert not event.place.assistant
    assert event.text == "Who is @ben? See https://example.org/a?b=1&c=2"
    assert [one.id for one in event.mentions] == [ben.id]
    assert event.message_id == message.ts
    assert not event.answers_privately


async def test_an_event_that_comes_again_is_the_same(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, direct: Channel, ana: User
) -> None:
    (delivery,) = direct.say(ana, "hello").deliveries
    await delivery.acked()
    slack.redeliver(delivery)
    await store.wait_until(lambda: len(store.batches) == 2)
    assert len(store.events) == 1


async def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again(
    adapter: SlackAdapter,
    slack: FakeSlack,
    store: Store,
    direct: Channel,
    ana: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.failures = 1
    (delivery,) = direct.say(ana, "my secret wish").deliveries
    await store.entered.wait()
    (quiet,) = direct.say(ana, "another").deliveries
    await quiet.acked()
    assert not delivery.is_acked
    assert adapter.explain() == []
    slack.redeliver(delivery)
    await delivery.acked()
    assert [event.text for event in store.events] == ["another", "my secret wish"]
    assert "will come again" in caplog.text
    assert "secret" not in caplog.text


async def test_the_acknowledgement_comes_after_storing_and_waits_for_nothing_else(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User
) -> None:
    slow = slack.fail("users.info", faults.hold())
    store.gate.clear()
    message = general.say(ana, "<@BOT> hello")
    await store.entered.wait()
    assert not any(delivery.is_acked for delivery in message.deliveries)
    store.gate.set()
    for delivery in message.deliveries:
        await delivery.acked()
        assert delivery.ack_seconds is not None
        assert delivery.ack_seconds < 3
    (event,) = store.events
    assert event.account.name == ana.id  # not known yet, and nobody waits for ever
    slow.release()
    await slack.wait_for_calls("users.info")
    general.say(ana, "<@BOT> hello again")
    assert (await store.wait_for(2))[1].account.name == "Ana"


async def test_events_of_a_place_are_stored_in_order_however_long_names_take(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User, ben: User
) -> None:
    held = slack.fail("users.info", faults.hold(), where={"user": ana.id})
    general.say(ana, "<@BOT> first")
    await held.reached.wait()
    general.say(ben, "<@BOT> second")
    held.release()
    events = await store.wait_for(2)
    assert [event.text for event in events] == ["first", "second"]


async def test_an_edit_is_an_event_and_a_preview_is_none(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, direct: Channel, ana: User
) -> None:
    message = direct.say(ana, "I need a desiner https://example.org")
    direct.unfurl(message)
    direct.edit(ana, message, "I need a designer")
    direct.unfurl(message)
    await slack.wait_until_acknowledged()
    said, edited = store.events
    assert said.kind is EventKind.MESSAGE
    assert edited.kind is EventKind.EDIT
    assert edited.text == "I need a designer"
    assert edited.message_id == said.message_id
    assert edited.event_id != said.event_id


async def test_a_deletion_is_an_event(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User
) -> None:
    message = general.say(ana, "oops")
    general.delete(ana, message)
    await slack.wait_until_acknowledged()
    deleted = store.events[1]
    assert deleted.kind is EventKind.DELETE
    assert deleted.message_id == message.ts
    assert deleted.account.id == ana.id


async def test_other_apps_are_marked_and_the_app_does_not_hear_itself(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User
) -> None:
    general.say(team.other_bot("Weather"), f"{team.bot.mention} it rains")
    general.webhook("Build", "it broke")
    await slack.wait_until_acknowledged()
    sent = await adapter.send(to(general), Reply("Hello"), key="1")
    await adapter.edit(to(general), sent, Reply("Hello all"))
    await slack.wait_until_acknowledged()
    assert [event.account.is_bot for event in store.events] == [True, True]
    assert store.events[1].account.name == "Build"


async def test_thread_replies(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    sent = await adapter.send(to(general), Reply("Good morning"), key="1")
    own = general.find(sent.message_ids[0])
    assert own is not None
    general.say(ana, "and to you", thread_ts=own)
    other = general.say(ben, "lunch?")
    general.say(ana, "yes", thread_ts=other)
    await slack.wait_until_acknowledged()
    answer, _, among_people = store.events
    assert answer.addressed
    assert answer.place.thread == own.ts
    assert answer.reply_to_account is not None
    assert answer.reply_to_account.is_bot
    assert not among_people.addressed


async def test_who_asked_goes_on_in_the_thread_without_a_mention(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User, ben: User
) -> None:
    root = general.say(ana, "<@BOT> I need something")
    await slack.wait_until_acknowledged()
    general.say(ana, "a designer", thread_ts=root)
    general.say(ana, f"{ben.mention} what do you think?", thread_ts=root)
    general.say(ben, "good idea", thread_ts=root)
    await slack.wait_until_acknowledged()
    assert [event.addressed for event in store.events] == [True, True, False, False]
    assert {event.place.thread for event in store.events} == {root.ts}


async def test_files_come_with_their_message_and_can_be_fetched(
    adapter: SlackAdapter, store: Store, direct: Channel, ana: User
) -> None:
    direct.share_file(ana, "notes.txt", b"a designer", "look")
    (event,) = await store.wait_for(1)
    (file,) = event.attachments
    assert (file.name, file.media_type, file.size) == ("notes.txt", "text/plain", 10)
    assert await adapter.fetch(file) == b"a designer"


async def test_coming_and_going(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    cora = team.user("Cora")
    general.join(cora, by=ana)
    general.leave(cora)
    quiet = team.channel("quiet", [ana], bot=False)
    quiet.join(team.bot, by=ana)
    quiet.leave(team.bot)
    await slack.wait_until_acknowledged()
    joined, left = (event for event in store.events if event.place.id == general.id)
    added, *removed = (event for event in store.events if event.place.id == quiet.id)
    assert (joined.kind, joined.account.name) == (EventKind.JOINED, "Cora")
    assert joined.account.joined_at == joined.sent_at > 0
    assert left.account.joined_at == added.account.joined_at == 0
    assert left.kind is EventKind.LEFT
    assert (added.kind, added.place.id, added.account.name) == (EventKind.BOT_ADDED, quiet.id, "Ana")
    assert {event.kind for event in removed} == {EventKind.BOT_REMOVED}


async def test_who_comes_into_the_workspace_is_told_without_a_request(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store
) -> None:
    cora = team.user("Cora", guest=True, announced=True)
    (event,) = await store.wait_for(1)
    assert (event.kind, event.place.id, event.place.kind) == (EventKind.JOINED, team.id, PlaceKind.GROUP)
    assert (event.account.id, event.account.name, event.account.username) == (cora.id, "Cora", "cora")
    assert (event.account.manages, event.account.is_bot) == (False, False)
    assert event.account.joined_at == event.sent_at > 0
    assert not slack.calls("users.info")


async def test_what_a_pipeline_looks_at(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    """Calls to everybody, forwarded words and edits, told of people whom nobody talks with, without any request."""
    asked = len(slack.requests)
    call = general.say(ana, "<!channel> cheap coins")
    general.say(ben, "write @channel to call them all")
    original = team.channel("elsewhere", [ana]).say(ana, "buy https://coins.example")
    general.forward(ben, original)
    general.forward(ben, original, "look at this")
    general.edit(ana, call, "cheap <!here> coins")
    await slack.wait_until_acknowledged()
    events = [event for event in store.events if event.place.id == general.id]
    assert [(event.text, event.everyone, event.forwarded) for event in events] == [
        ("@channel cheap coins", True, False),
        ("write @channel to call them all", False, False),
        ("buy https://coins.example", False, True),
        ("look at this\nbuy https://coins.example", False, True),
        ("cheap @here coins", True, False),
    ]
    assert [event.kind for event in events] == [EventKind.MESSAGE] * 4 + [EventKind.EDIT]
    assert not any(event.addressed for event in events)
    assert {one.method for one in list(slack.requests)[asked:]} <= {"usergroups.list", "apps.connections.open"}


async def test_what_is_forwarded_to_the_app_is_not_what_its_sender_says(
    adapter: SlackAdapter, store: Store, team: Team, direct: Channel, ana: User, ben: User
) -> None:
    original = team.channel("elsewhere", [ben], bot=False).say(ben, "/need post my coins")
    direct.forward(ana, original)
    direct.forward(ana, original, "what is that?")
    alone, asked = await store.wait_for(2)
    assert (alone.kind, alone.command, alone.text) == (EventKind.MESSAGE, None, "/need post my coins")
    assert (asked.text, asked.forwarded) == ("what is that?", True)


async def test_an_answer_that_is_shown_to_all_brings_what_it_answers(
    adapter: SlackAdapter, store: Store, general: Channel, ana: User, ben: User
) -> None:
    root = general.say(ana, "who has a desk & a chair?")
    general.say(ben, "I have", thread_ts=root, broadcast=True)
    general.say(ben, "two even", thread_ts=root)
    _, shown, quiet = await store.wait_for(3)
    assert (shown.reply_to, shown.reply_text) == (root.ts, "who has a desk & a chair?")
    assert shown.reply_to_account is not None
    assert shown.reply_to_account.id == ana.id
    assert (quiet.reply_to, quiet.reply_text) == (root.ts, "")


async def test_user_groups_are_roles(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User, ben: User
) -> None:
    stewards = team.usergroup("stewards", [ana])
    assert await adapter.roles(team.id) == [(stewards.id, "Stewards")]
    team.change_usergroup(stewards, [ben])
    events = await store.wait_for(2)
    assert {(event.kind, event.account.id, event.account.roles) for event in events} == {
        (EventKind.ROLES, ana.id, ()),
        (EventKind.ROLES, ben.id, (stewards.id,)),
    }
    direct.say(ana, "hello")
    assert (await store.wait_for(3))[2].account.roles == ()


async def test_a_deactivated_person_leaves_the_workspace(
    adapter: SlackAdapter, team: Team, store: Store, ana: User
) -> None:
    team.change_user(ana, deleted=True)
    (event,) = await store.wait_for(1)
    assert (event.kind, event.account.id, event.place.id) == (EventKind.LEFT, ana.id, team.id)


async def test_another_name_is_known_at_once(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    direct.say(ana, "hello")
    await slack.wait_until_acknowledged()
    team.change_user(ana, name="Ana Silva")
    await slack.wait_until_acknowledged()
    direct.say(ana, "hello")
    assert (await store.wait_for(2))[1].account.name == "Ana Silva"


async def test_a_renamed_channel_has_its_new_name(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User
) -> None:
    general.say(ana, "<@BOT> hello")
    await slack.wait_until_acknowledged()
    general.rename("harbour")
    await slack.wait_until_acknowledged()
    general.say(ana, "<@BOT> hello")
    assert [event.place.title for event in await store.wait_for(2)] == ["general", "harbour"]


async def test_who_is_nobody_to_slack_has_their_id(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User
) -> None:
    team.scopes -= {"users:read", "channels:read"}
    general.say(ana, "<@BOT> hello")
    (event,) = await store.wait_for(1)
    assert (event.account.name, event.account.username, event.place.title) == (ana.id, "", "")
    general.say(ana, "<@BOT> hello again")
    await store.wait_for(2)
    await slack.wait_until_acknowledged()
    assert len(slack.calls("users.info")) == 1  # not asked again at every word


async def test_an_unreadable_event_is_passed_over_and_acknowledged(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    made = team.emit({"type": "message", "channel": "C1", "text": "private words", "channel_type": "channel"})
    assert made is not None
    await made.acked()
    unknown = team.emit({"type": "app_mention"})
    assert unknown is not None
    await unknown.acked()
    assert store.events == []
    assert "passed over" in caplog.text
    assert "private words" not in caplog.text


async def test_slack_says_that_it_holds_events_back(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"type": "app_rate_limited", "team_id": team.id, "minute_rate_limited": 1, "api_app_id": slack.app_id}
    await slack.dispatch.put(team.delivery("events_api", {"event": {"type": "app_rate_limited"}, **body})).acked()
    assert "holds events back" in caplog.text
