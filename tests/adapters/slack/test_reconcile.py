"""What seemed to fail, or was said by a process that died, is said once."""

import pytest

from adapters.contract import (
    Gone,
    Reply,
    TooManyRequests,
    Transient,
)
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import MENU, new_adapter, to
from tests.adapters.slack.samples import LONG, NOTES, message
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


async def test_a_429_is_told_at_once_and_loses_nothing(
    adapter: SlackAdapter, slack: FakeSlack, direct: Channel
) -> None:
    slack.fail("chat.postMessage", faults.rate_limited(7), skip=1)
    with pytest.raises(TooManyRequests) as caught:
        await adapter.send(to(direct), Reply(LONG), key="1")
    assert caught.value.after == 7
    sent = await adapter.send(to(direct), Reply(LONG), key="1")
    assert [m.ts for m in direct.bot_messages] == list(sent.message_ids)


@pytest.mark.parametrize(
    "fault", [faults.server_error(after=True), faults.drop(after=True), faults.malformed(after=True)]
)
@pytest.mark.parametrize("threaded", [False, True])
async def test_what_was_said_although_it_seemed_to_fail_is_not_said_again(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, ana: User, fault: faults.Fault, threaded: bool
) -> None:
    asked = general.say(ana, "hello")
    address = to(general, thread=asked.ts) if threaded else to(general)
    slack.fail("chat.postMessage", fault, skip=1)
    with pytest.raises(Transient) as caught:
        await adapter.send(address, Reply(LONG), key="1")
    assert caught.value.maybe_done
    sent = await adapter.send(address, Reply(LONG), key="1")
    assert [m.ts for m in general.bot_messages] == list(sent.message_ids)


async def test_a_failure_before_it_was_said_is_said_again(
    adapter: SlackAdapter, slack: FakeSlack, direct: Channel
) -> None:
    slack.fail("chat.postMessage", faults.server_error())
    with pytest.raises(Transient):
        await adapter.send(to(direct), Reply("Hi"), key="1")
    await adapter.send(to(direct), Reply("Hi"), key="1")
    assert [m.shown for m in direct.bot_messages] == ["Hi"]


async def test_what_a_process_said_before_it_died_is_found(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, direct: Channel, ana: User
) -> None:
    await adapter.send(to(direct), Reply("Hi"), key="1")
    second = new_adapter(slack, team)
    await second.start(Store(), MENU)
    try:
        sent = await second.send(to(direct), Reply("Hi"), key="1")
        await second.send(to(direct), Reply("Other"), key="2")
    finally:
        await second.stop()
    assert [m.shown for m in direct.bot_messages] == ["Hi", "Other"]
    assert sent.message_ids == (direct.bot_messages[0].ts,)
    assert (
        len([c for c in slack.calls("conversations.history") if c.arguments["channel"] == direct.id]) == 2
    )  # one each


async def test_what_a_process_left_half_said_is_completed(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, direct: Channel
) -> None:
    await adapter.send(to(direct), Reply("…"), key="1")  # a placeholder, and then the process dies
    second = new_adapter(slack, team)
    await second.start(Store(), MENU)
    try:
        await second.send(to(direct), Reply("The answer", files=(NOTES,)), key="1")
    finally:
        await second.stop()
    assert [m.shown for m in direct.bot_messages] == ["The answer", ""]


async def test_a_placeholder_that_somebody_deleted_is_said_anew(adapter: SlackAdapter, direct: Channel) -> None:
    sent = await adapter.send(to(direct), Reply("…"), key="1")
    direct.remove(message(direct, sent))
    with pytest.raises(Gone):
        await adapter.edit(to(direct), sent, Reply("The answer"))
    await adapter.send(to(direct), Reply("The answer"), key="1")
    assert [m.shown for m in direct.bot_messages] == ["The answer"]


async def test_later_nothing_is_looked_for(slack: FakeSlack, team: Team, direct: Channel) -> None:
    now = [1_000_000]
    adapter = SlackAdapter(
        bot_token=team.bot_token, app_token=slack.app_token, api_base_url=slack.api_base_url, clock=lambda: now[0]
    )
    await adapter.start(Store(), MENU)
    try:
        now[0] += 3 * 60 * 1000
        await adapter.send(to(direct), Reply("Hi"), key="1")
    finally:
        await adapter.stop()
    assert not slack.calls("conversations.history")


async def test_what_can_be_looked_for_only_in_part(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, general: Channel
) -> None:
    """Where the history cannot be read the answer is said; where Slack asks to wait, it waits."""
    slack.fail("conversations.history", faults.rate_limited(3))
    with pytest.raises(TooManyRequests):
        await adapter.send(to(general), Reply("Hi"), key="1")
    team.scopes.discard("channels:history")
    await adapter.send(to(general), Reply("Hi"), key="2")
    assert [m.shown for m in general.bot_messages] == ["Hi"]


async def test_a_message_among_many_is_found(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, ana: User
) -> None:
    slack.subscribed = set()
    root = general.say(ana, "hello")
    for number in range(120):
        general.say(ana, str(number), thread_ts=root)
    slack.fail("chat.postMessage", faults.server_error(after=True))
    address = to(general, thread=root.ts)
    with pytest.raises(Transient):
        await adapter.send(address, Reply("Hi"), key="1")
    await adapter.send(address, Reply("Hi"), key="1")
    assert [m.shown for m in general.bot_messages] == ["Hi"]
