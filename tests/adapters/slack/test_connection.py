"""Connections that end, and what was said meanwhile."""

import asyncio
from dataclasses import replace

from adapters.contract import Heard, PlaceKind
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import MENU, new_adapter
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


async def test_asked_to_reconnect_nothing_is_lost(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, direct: Channel, ana: User
) -> None:
    await slack.wait_connected()
    first = slack.connections[0]
    slack.disconnect()
    await slack.wait_for(lambda: first not in slack.connections and len(slack.connections) == 1)
    direct.say(ana, "hello")
    await store.wait_for(1)


async def test_a_connection_that_breaks_is_made_again(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, direct: Channel, ana: User
) -> None:
    await slack.wait_connected()
    store.gate.clear()
    direct.say(ana, "before")
    await store.entered.wait()
    slack.fail("apps.connections.open", faults.server_error(), times=2)
    slack.abort_connections()
    await slack.wait_for(lambda: not slack.connections)
    direct.say(ana, "meanwhile")
    store.gate.set()
    events = await store.wait_for(2)
    assert [event.text for event in events] == ["before", "meanwhile"]
    await slack.wait_until_acknowledged()
    assert adapter.health().alive


async def test_what_was_said_while_nobody_listened_is_fetched(
    slack: FakeSlack, team: Team, store: Store, general: Channel, direct: Channel, ana: User, ben: User
) -> None:
    slack.subscribed = set()  # nothing is told
    root = general.say(ana, "<@BOT> I need a designer")
    general.say(ben, "<@BOT> me too", thread_ts=root)
    general.say(ben, "nobody asked the app")
    talk = direct.say(ana, "hello?")
    slack.fail("conversations.history", faults.rate_limited(0))
    store.places = [
        Heard(team.id, general.id, PlaceKind.CHANNEL, 0),
        Heard(team.id, direct.id, PlaceKind.DIRECT, 0),
        Heard("T0GONE", "C0GONE", PlaceKind.CHANNEL, 0),
        Heard(team.id, "C0GONE", PlaceKind.CHANNEL, 0),
    ]
    adapter = new_adapter(slack, team)
    await adapter.start(store, MENU)
    try:
        events = await store.wait_for(3)
        assert [event.text for event in events] == ["I need a designer", "me too", "hello?"]
        assert events[2].event_id == f"{direct.id}:{talk.ts}"
        assert all(event.addressed for event in events)
        slack.subscribed = None
        general.announce(root)  # told after all
        await slack.wait_until_acknowledged()
        assert len(store.events) == 3
        again = store.batches[-1][0]
        assert again == replace(events[0], sent_at=again.sent_at)
    finally:
        await adapter.stop()


async def test_what_was_heard_before_is_not_fetched_again(
    slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    slack.subscribed = set()
    direct.say(ana, "long ago")
    slack.advance(3600)
    direct.say(ana, "since then")
    last_heard = int((slack.clock.time() - 60) * 1000)
    store.places = [Heard(team.id, direct.id, PlaceKind.DIRECT, last_heard)]
    adapter = new_adapter(slack, team)
    await adapter.start(store, MENU)
    try:
        (event,) = await store.wait_for(1)
        assert event.text == "since then"
    finally:
        await adapter.stop()


async def test_after_a_connection_was_lost_the_gap_is_fetched(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    await slack.wait_connected()
    store.places = [Heard(team.id, direct.id, PlaceKind.DIRECT, 0)]
    slack.subscribed = set()
    direct.say(ana, "did you hear that?")
    slack.abort_connections()
    (event,) = await store.wait_for(1)
    assert event.text == "did you hear that?"


async def test_what_is_being_stored_is_finished_before_the_end(
    slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    adapter = new_adapter(slack, team)
    await adapter.start(store, MENU)
    store.gate.clear()
    (delivery,) = direct.say(ana, "hello").deliveries
    await store.entered.wait()
    stopping = asyncio.create_task(adapter.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    store.gate.set()
    await stopping
    assert [event.text for event in store.events] == ["hello"]
    await slack.wait_for(lambda: not slack.connections)
    assert delivery.is_acked
