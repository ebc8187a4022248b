"""Deleting messages: the bot's own, and none of anybody else's."""

from collections.abc import Callable

import pytest

from adapters.contract import Act, Did, Power, Reply, TooManyRequests, Transient, Unauthorized
from adapters.slack import deletion as module
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import MENU, new_adapter, to
from tests.adapters.slack.samples import message
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


def delete(channel: Channel, *ids: str, thread: str = "") -> Act:
    """The act of deleting messages."""
    return Act(Power.DELETE, channel.team.id, "act-1", place_id=channel.id, message_ids=ids, thread=thread)


async def spoken(adapter: SlackAdapter, channel: Channel, *texts: str, thread: str = "") -> list[str]:
    """What the bot says, by its ids."""
    return [
        (await adapter.send(to(channel, thread=thread), Reply(text), key=f"{thread}:{text}")).message_ids[0]
        for text in texts
    ]


async def test_its_own_messages_are_deleted_once(adapter: SlackAdapter, slack: FakeSlack, general: Channel) -> None:
    ids = await spoken(adapter, general, "one", "two", "three")
    act = delete(general, *ids, ids[0])
    assert await adapter.before(act) == {}
    for _ in range(2):
        assert await adapter.act(act) == Did(True)
    assert general.bot_messages == []
    assert len(slack.calls("chat.delete")) == 3


async def test_those_of_others_stay_and_an_admin_is_asked_for(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, team: Team, ana: User, ben: User
) -> None:
    own = await spoken(adapter, general, "one")
    others = [general.say(who, "spam").ts for who in (ana, ben, team.other_bot("Helper"))]
    did = await adapter.act(delete(general, others[0], *own, *others[1:]))
    assert did == Did(
        False,
        "A bot on Slack can delete only its own messages. An admin of the workspace has to delete these 3.",
        tuple(others),
    )
    assert general.bot_messages == []
    assert len(general.messages) == 3
    assert len(slack.calls("chat.delete")) == 1  # Slack is not asked in vain for each of the others'


async def test_a_single_one_of_somebody_else(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, ana: User
) -> None:
    spam = general.say(ana, "spam")
    said = "A bot on Slack can delete only its own messages. An admin of the workspace has to delete this one."
    for _ in range(2):
        assert await adapter.act(delete(general, spam.ts)) == Did(False, said, (spam.ts,))
    assert len(slack.calls("chat.delete")) == 1
    assert not slack.calls("conversations.history")


async def test_what_is_gone_is_deleted(adapter: SlackAdapter, general: Channel, ana: User) -> None:
    own = await spoken(adapter, general, "one")
    spam = general.say(ana, "spam")
    general.delete(ana, spam)
    general.remove(message(general, await adapter.send(to(general), Reply("two"), key="2")))
    assert await adapter.act(delete(general, *own, spam.ts, "1.000001")) == Did(True)


async def test_answers_in_a_thread(adapter: SlackAdapter, slack: FakeSlack, general: Channel, ana: User) -> None:
    root = general.say(ana, "hello")
    own = await spoken(adapter, general, "one", "two", thread=root.ts)
    theirs = general.say(ana, "spam", thread_ts=root).ts
    did = await adapter.act(delete(general, theirs, *own, thread=root.ts))
    assert (did.done, did.left) == (False, (theirs,))
    assert len(slack.calls("chat.delete")) == 2
    # Without the thread being named each is tried.
    again = general.say(ana, "spam", thread_ts=root).ts
    did = await adapter.act(delete(general, theirs, again))
    assert did.left == (theirs, again)


async def test_where_the_bot_is_no_member_its_own_are_deleted(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, ana: User
) -> None:
    place = team.channel("harbour", [ana])
    own = await spoken(adapter, place, "one", "two")
    spam = place.say(ana, "spam").ts
    place.leave(team.bot)
    did = await adapter.act(delete(place, *own, spam))
    assert (did.done, did.left) == (False, (spam,))
    assert place.bot_messages == []


async def test_what_only_one_person_saw_cannot_be_deleted(adapter: SlackAdapter, general: Channel) -> None:
    did = await adapter.act(delete(general, "whisper:1.0", "answer:key.0"))
    assert did.left == ("whisper:1.0", "answer:key.0")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("channel_not_found", "I cannot see that channel, or it is gone."),
        (
            "compliance_exports_prevent_deletion",
            "The workspace keeps all messages, for compliance, and lets nobody delete them.",
        ),
        ("no_permission", "Slack does not let me delete this one (no_permission)."),
    ],
)
async def test_other_refusals(adapter: SlackAdapter, slack: FakeSlack, general: Channel, code: str, said: str) -> None:
    own = await spoken(adapter, general, "one")
    slack.fail("chat.delete", faults.refused(code))
    assert await adapter.act(delete(general, *own)) == Did(False, said, tuple(own))
    assert await adapter.act(delete(general, *own)) == Did(True)  # a setting may have changed: it is tried again


async def test_many_are_looked_through_page_by_page(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    spam = [general.say(ana, f"spam {number}").ts for number in range(5)]
    did = await adapter.act(delete(general, *spam))
    assert did.left == tuple(spam)
    assert len(slack.calls("conversations.history")) == 3
    assert not slack.calls("chat.delete")


@pytest.mark.parametrize("method", ["chat.delete", "conversations.history"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (lambda: faults.rate_limited(30), TooManyRequests),
        (lambda: faults.server_error(), Transient),
        (lambda: faults.drop(), Transient),
        (lambda: faults.refused("token_revoked"), Unauthorized),
    ],
)
async def test_what_passes_is_raised_and_the_act_goes_on_when_it_is_repeated(
    adapter: SlackAdapter,
    slack: FakeSlack,
    general: Channel,
    ana: User,
    method: str,
    fault: Callable[[], faults.Fault],
    error: type[Exception],
) -> None:
    own = await spoken(adapter, general, "one", "two")
    spam = general.say(ana, "spam").ts
    slack.fail(method, fault(), times=2, skip=1 if method == "chat.delete" else 0)  # aiohttp repeats a GET once
    with pytest.raises(error):
        await adapter.act(delete(general, *own, spam))
    slack.faults.clear()
    assert general.bot_messages
    assert (await adapter.act(delete(general, *own, spam))).left == (spam,)
    assert general.bot_messages == []


async def test_slacks_limits_never_keep_an_act_from_its_end(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, ana: User
) -> None:
    """Answers in threads, tried one by one: each attempt gets as far as Slack lets it."""
    root = general.say(ana, "hello")
    spam = [general.say(ana, "spam", thread_ts=root).ts for _ in range(4)]
    for tried in range(1, 4):
        slack.fail("chat.delete", faults.rate_limited(60), skip=1)
        with pytest.raises(TooManyRequests):
            await adapter.act(delete(general, *spam))
        assert len(slack.calls("chat.delete")) == 2 * tried
    assert (await adapter.act(delete(general, *spam))).left == tuple(spam)


async def test_another_process_finishes_it(slack: FakeSlack, team: Team, general: Channel) -> None:
    first, second = new_adapter(slack, team), new_adapter(slack, team)
    await first.start(Store(), MENU)
    own = await spoken(first, general, "one", "two")
    slack.fail("chat.delete", faults.server_error(after=True), skip=1)
    with pytest.raises(Transient):
        await first.act(delete(general, *own))
    await first.stop()
    await second.start(Store(), MENU)
    try:
        assert await second.act(delete(general, *own)) == Did(True)
    finally:
        await second.stop()
    assert general.bot_messages == []
