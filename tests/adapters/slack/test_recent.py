"""What people wrote lately, read once: a conversation with its threads, or all that the app is in."""

from __future__ import annotations

import pytest

from adapters.contract import EventKind, Reply, TooManyRequests, Transient
from adapters.slack import recent as module
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import to
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


async def texts(adapter: SlackAdapter, team: Team, place: str, since: int = 0, most: int = 100) -> list[str] | None:
    """What is told of a place."""
    found = await adapter.recent(team.id, place, since, most)
    return None if found is None else [event.text for event in found]


async def test_oldest_first_with_names_and_without_bots(
    adapter: SlackAdapter, general: Channel, team: Team, ana: User, ben: User
) -> None:
    root = general.say(ana, f"one <@{ben.id}> <!channel>")
    general.say(ben, "two", thread_ts=root)
    general.say(ben, "three")
    general.webhook("Build", "it broke")
    await adapter.send(to(general), Reply("hello"), key="1")
    gone = general.say(ana, "oops")
    general.delete(ana, gone)
    found = await adapter.recent(team.id, general.id, 0, 100)
    assert found is not None
    assert [event.kind for event in found] == [EventKind.MESSAGE] * 3
    assert [event.text for event in found][1:] == ["two", "three"]
    assert [event.account.name for event in found] == ["Ana", "Ben", "Ben"]
    assert (found[0].everyone, [one.id for one in found[0].mentions]) == (True, [ben.id])
    assert found[0].sent_at <= found[1].sent_at <= found[2].sent_at


async def test_only_since_then_and_the_newest(
    adapter: SlackAdapter, general: Channel, team: Team, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    said = []
    for number in range(7):
        said.append(general.say(ana, str(number)))
        team.slack.clock.advance(1)  # two of one millisecond are told apart by nobody
    since = int(float(said[2].ts) * 1000) + 1
    assert await texts(adapter, team, general.id, since) == ["3", "4", "5", "6"]
    assert await texts(adapter, team, general.id, 0, 3) == ["4", "5", "6"]


async def test_a_whole_workspace_as_far_as_the_app_is_in_it(
    adapter: SlackAdapter, general: Channel, team: Team, ana: User
) -> None:
    general.say(ana, "here")
    team.channel("lounge", [ana]).say(ana, "there")
    away = team.channel("away", [ana], bot=False)
    away.say(ana, "unseen")
    assert await texts(adapter, team, "") == ["here", "there"]
    assert await texts(adapter, team, away.id) is None
    assert await texts(adapter, team, "C0NOWHERE") is None
    assert await texts(adapter, team, team.id) is None
    team.scopes.discard("channels:history")
    assert await texts(adapter, team, general.id) is None


async def test_where_slack_lets_the_rest_wait_what_it_gave_is_told(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, team: Team, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    for number in range(5):
        general.say(ana, str(number))
    slack.fail("conversations.history", faults.rate_limited(600), skip=1)
    assert await texts(adapter, team, general.id) == ["3", "4"]
    slack.fail("conversations.history", faults.rate_limited(600))
    with pytest.raises(TooManyRequests):
        await texts(adapter, team, general.id)
    slack.fail("conversations.history", faults.server_error(), skip=1)
    with pytest.raises(Transient):
        await texts(adapter, team, general.id)
    slack.fail("conversations.history", faults.drop(), times=2)
    with pytest.raises(Transient):
        await texts(adapter, team, general.id)
