"""What stands in a place, from Slack's history."""

import pytest

from adapters.contract import Gone, NotPermitted, Reply, TooManyRequests, Transient, Unauthorized, Written
from adapters.slack import written as module
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import to
from tests.fakes.slack import Channel, FakeSlack, Message, Team, User, faults


def seen(*messages: Message) -> list[Written]:
    """What is told of messages of people, in this order."""
    assert all(one.user is not None for one in messages)
    return [Written(one.ts, one.user.id, int(float(one.ts) * 1000)) for one in messages if one.user]


async def test_the_newest_first_of_everybody_and_of_one(
    adapter: SlackAdapter, general: Channel, team: Team, ana: User, ben: User
) -> None:
    first, second, third = (general.say(who, "words that nobody is told") for who in (ana, ben, ana))
    sent = await adapter.send(to(general), Reply("hello"), key="1")
    everybody = await adapter.written(team.id, general.id, 10)
    assert everybody is not None
    assert everybody[0].message_id == sent.message_ids[0]
    assert everybody[1:] == seen(third, second, first)
    assert await adapter.written(team.id, general.id, 2) == everybody[:2]
    assert await adapter.written(team.id, general.id, 10, ana.id) == seen(third, first)
    assert await adapter.written(team.id, general.id, 1, ben.id) == seen(second)
    assert "words" not in repr(everybody)


async def test_what_nobody_wrote_is_left_out(
    adapter: SlackAdapter, general: Channel, team: Team, ana: User, ben: User
) -> None:
    cleo = team.user("Cleo")
    general.join(cleo)
    gone = general.say(ana, "oops")
    general.delete(ana, gone)
    shared = general.share_file(ben, "notes.txt", b"hello", "look")
    hook = general.webhook("Build", "it broke")
    assert await adapter.written(team.id, general.id, 10) == [
        Written(hook.ts, hook.extra["bot_id"], int(float(hook.ts) * 1000)),
        *seen(shared),
    ]


async def test_answers_in_threads(adapter: SlackAdapter, general: Channel, team: Team, ana: User, ben: User) -> None:
    root = general.say(ana, "hello")
    answer = general.say(ben, "spam", thread_ts=root)
    shown = general.say(ben, "spam for all", thread_ts=root, broadcast=True)
    last = general.say(ana, "bye")
    assert await adapter.written(team.id, general.id, 10) == seen(last, shown, answer, root)
    assert await adapter.written(team.id, general.id, 10, ben.id) == seen(shown, answer)


async def test_one_thread_alone(
    adapter: SlackAdapter, general: Channel, team: Team, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    root = general.say(ana, "hello")
    answers = [general.say(ben, f"spam {number}", thread_ts=root) for number in range(4)]
    general.say(ben, "outside")
    inside = {"thread": root.ts}
    assert await adapter.written(team.id, general.id, 10, **inside) == seen(*reversed(answers), root)
    assert await adapter.written(team.id, general.id, 2, ben.id, **inside) == seen(answers[3], answers[2])


async def test_a_long_history_is_looked_through_as_far_as_it_is_needed(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, team: Team, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    monkeypatch.setattr(module, "_MOST_PAGES", 3)
    said = [general.say(ana, str(number)) for number in range(9)]
    assert await adapter.written(team.id, general.id, 3) == seen(*said[:-4:-1])
    assert len(slack.calls("conversations.history")) == 2
    assert await adapter.written(team.id, general.id, 100) == seen(*said[:-7:-1])


async def test_places_without_a_history(adapter: SlackAdapter, team: Team) -> None:
    assert await adapter.written(team.id, "", 10) is None
    assert await adapter.written(team.id, team.id, 10) is None


async def test_what_slack_refuses(adapter: SlackAdapter, slack: FakeSlack, team: Team, ana: User) -> None:
    elsewhere = team.channel("elsewhere", [ana], bot=False)
    with pytest.raises(NotPermitted, match="membership"):
        await adapter.written(team.id, elsewhere.id, 10)
    with pytest.raises(Gone):
        await adapter.written(team.id, "C0NOWHERE", 10)
    with pytest.raises(Unauthorized):
        await adapter.written("T0000", elsewhere.id, 10)
    slack.fail("conversations.history", faults.drop(), times=2)  # aiohttp repeats a GET once
    with pytest.raises(Transient):
        await adapter.written(team.id, elsewhere.id, 10)
    team.scopes.discard("channels:history")
    with pytest.raises(NotPermitted, match="channels:history"):
        await adapter.written(team.id, elsewhere.id, 10)


async def test_where_slack_lets_the_rest_wait_what_it_gave_is_told(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, team: Team, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    said = [general.say(ana, str(number)) for number in range(5)]
    slack.fail("conversations.history", faults.rate_limited(60), skip=1)
    assert await adapter.written(team.id, general.id, 5) == seen(*said[:-3:-1])
    slack.fail("conversations.history", faults.rate_limited(60))
    with pytest.raises(TooManyRequests):
        await adapter.written(team.id, general.id, 5)
    slack.fail("conversations.history", faults.server_error(), skip=1)
    with pytest.raises(Transient):
        await adapter.written(team.id, general.id, 5)
