"""What is done to messages and to whole groups, and what happens when Telegram is busy or out of reach."""

import pytest

from adapters.contract import Did, Power, TooManyRequests, Transient, Unauthorized
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.powers import POWERS
from adapters.telegram.rights import WRITING
from tests.adapters.telegram.moderated import HOUR, Group, new_group
from tests.fakes.telegram import FakeTelegram, faults

DONE = Did(True)
TWO_DAYS = 48 * 3600


def written(group: Group, count: int) -> tuple[str, ...]:
    """The ids of so many new messages, oldest first."""
    for number in range(count):
        group.chat.say(group.eve, f"spam {number}")
    return tuple(str(message.message_id) for message in group.chat.messages[-count:])


# -- messages ----------------------------------------------------------------------------------------------------


async def test_messages_are_deleted_by_the_hundred(group: Group) -> None:
    ids = written(group, 250)
    group.chat.say(group.mira, "this stays")
    for _ in range(2):
        assert await group.do(Power.DELETE, message_ids=ids) == DONE
    assert [len(one.params["message_ids"]) for one in group.tg.calls("deleteMessages")] == [100, 100, 50] * 2
    assert [message.text for message in group.chat.messages] == ["this stays"]
    assert await group.do(Power.DELETE) == DONE
    assert await group.do(Power.DELETE, message_ids=("77777", "x")) == DONE


async def test_what_is_older_than_two_days_is_left(group: Group) -> None:
    old = written(group, 30)
    group.tg.ahead += TWO_DAYS
    for message in group.chat.messages:
        message.date -= 1
    ids = written(group, 150)
    for message in group.chat.messages[30:]:
        message.date = int(group.tg.now())
    did = await group.do(Power.DELETE, message_ids=(*ids, *old))
    assert did.done
    assert did.said == (
        "30 of 180 messages could not be deleted: Telegram lets a bot delete only what is less than 48 hours old."
    )
    assert set(did.left) == set(old)
    assert [str(message.message_id) for message in group.chat.messages] == list(old)
    assert group.tg.counts["deleteMessages"] < 25
    again = await group.do(Power.DELETE, message_ids=(*ids, *old))
    assert (again.said, set(again.left)) == (did.said, set(old))


async def test_only_old_messages_cost_few_requests(group: Group) -> None:
    old = written(group, 300)
    group.tg.ahead += TWO_DAYS + 60
    did = await group.do(Power.DELETE, message_ids=old)
    assert (did.done, did.left) == (False, old)
    assert group.tg.counts["deleteMessages"] < 15
    assert len(group.chat.messages) == 300


async def test_one_that_cannot_be_deleted_does_not_protect_the_others(
    tg: FakeTelegram, moderator: TelegramAdapter
) -> None:
    group = new_group(tg, moderator, forum=True)
    ids = written(group, 20)
    topic = str(group.chat.topic(group.eve, "Jobs"))
    ids = (*ids, topic, *written(group, 20))
    did = await group.do(Power.DELETE, message_ids=ids)
    assert (did.done, did.left) == (True, (topic,))
    assert [str(message.message_id) for message in group.chat.messages] == [topic]


async def test_messages_of_those_above_are_left(group: Group) -> None:
    group.chat.say(group.owner, "rules")
    group.chat.say(group.admin, "more rules")
    first, second = (str(message.message_id) for message in group.chat.messages)
    did = await group.do(Power.DELETE, group.owner, message_ids=(first,), by=str(group.mira.id))
    assert did == Did(False, "Olga is the owner of this chat.", (first,))
    did = await group.do(Power.DELETE, group.admin, message_ids=(second,))
    assert did == Did(False, "Adam is an administrator of this chat.", (second,))
    did = await group.do(Power.DELETE, group.tg.bot.user, message_ids=(second,))
    assert did.left == (second,)
    assert group.changes() == []


async def test_own_messages_and_those_of_a_stranger_may_be_deleted(group: Group) -> None:
    group.chat.say(group.mira, "oops")
    mine = str(group.chat.last.message_id)
    assert await group.do(Power.DELETE, group.mira, message_ids=(mine,), by=str(group.mira.id)) == DONE
    assert group.chat.messages == []


async def test_a_foreign_channel_s_spam_goes_and_the_linked_one_s_posts_stay(group: Group) -> None:
    act = group.asked(Power.DELETE)
    spam, ours = ({"id": number, "type": "channel", "title": "News"} for number in (-1009, -1008))
    group.chat.linked_channel = -1008
    group.chat.speak_as(spam, "buy this")
    group.chat.speak_as(ours, "our news", is_automatic_forward=True)
    group.chat.say(None, "an anonymous administrator")
    ids = [str(message.message_id) for message in group.chat.messages]
    outcome = []
    for account, message_id in zip(("-1009", "-1008", act.place_id), ids, strict=True):
        asked = type(act)(
            Power.DELETE, act.workspace, act.key, act.place_id, account_id=account, message_ids=(message_id,)
        )
        did = await group.adapter.act(asked)
        outcome.append((did.done, did.left, did.said.partition(":")[0]))
    assert outcome == [
        (True, (), ""),
        (False, (ids[1],), "That is not a person"),
        (False, (ids[2],), "That is not a person"),
    ]
    assert [str(message.message_id) for message in group.chat.messages] == ids[1:]


async def test_deleting_needs_its_right(tg: FakeTelegram, moderator: TelegramAdapter) -> None:
    group = new_group(tg, moderator, rights=("can_restrict_members",))
    ids = written(group, 2)
    did = await group.do(Power.DELETE, message_ids=ids)
    assert did == Did(False, "I lack the right “Delete messages” in this chat.", ids)
    assert group.changes() == []


async def test_ids_of_a_small_group_mean_nothing_in_the_supergroup(
    tg: FakeTelegram, moderator: TelegramAdapter
) -> None:
    group = new_group(tg, moderator, supergroup=False)
    ids = written(group, 3)
    new = group.chat.migrate()
    for number in range(3):
        new.say(group.eve, f"innocent {number}")
    did = await group.do(Power.DELETE, message_ids=ids)
    assert (did.done, did.left) == (False, ids)
    assert "has become a supergroup" in did.said
    assert len([message for message in new.messages if message.text]) == 3


# -- locks -------------------------------------------------------------------------------------------------------


async def test_a_lock_and_its_exact_end(group: Group) -> None:
    earlier = {
        name: name in ("can_send_messages", "can_send_photos", "can_invite_users") for name in group.chat.permissions()
    }
    group.chat.default_permissions = dict(earlier)
    act = group.asked(Power.LOCK)
    before = await group.adapter.before(act)
    assert before == {"allowed": "can_send_messages can_send_photos"}
    for _ in range(2):
        assert await group.adapter.act(act) == DONE
    assert group.changes() == ["setChatPermissions"]
    assert not group.writes(group.eve)
    assert group.writes(group.admin)
    assert [name for name, may in group.chat.permissions().items() if may] == ["can_invite_users"]
    for _ in range(2):
        assert await group.do(Power.UNLOCK, before=before) == DONE
    assert group.chat.permissions() == earlier
    assert group.writes(group.eve)
    assert group.changes() == ["setChatPermissions"] * 2


async def test_what_an_administrator_changed_during_a_lock_stays(group: Group) -> None:
    act = group.asked(Power.LOCK)
    before = await group.adapter.before(act)
    await group.adapter.act(act)
    group.chat.default_permissions["can_invite_users"] = False
    assert await group.do(Power.UNLOCK, before=before) == DONE
    assert not group.chat.permissions()["can_invite_users"]
    assert all(group.chat.permissions()[name] for name in WRITING)


async def test_an_end_of_a_lock_that_was_not_seen_to_begin(group: Group) -> None:
    did = await group.do(Power.UNLOCK)
    assert not did.done
    assert "I do not know" in did.said
    assert group.changes() == []


async def test_a_lock_that_meets_one_just_made(group: Group) -> None:
    group.tg.fail("setChatPermissions", faults.refused(400, "Bad Request: CHAT_NOT_MODIFIED"))
    assert await group.do(Power.LOCK) == DONE


async def test_a_lock_needs_its_right(tg: FakeTelegram, moderator: TelegramAdapter) -> None:
    group = new_group(tg, moderator, rights=("can_delete_messages",))
    assert await group.do(Power.LOCK) == Did(False, "I lack the right “Ban users” in this chat.")
    assert group.writes(group.eve)


async def test_a_topic_is_locked_alone(tg: FakeTelegram, moderator: TelegramAdapter) -> None:
    group = new_group(tg, moderator, forum=True, rights=("can_manage_topics",))
    topic = group.chat.topic(group.mira, "Jobs")
    act = group.asked(Power.LOCK, thread=str(topic))
    assert await moderator.before(act) == {}
    for _ in range(2):
        assert await moderator.act(act) == DONE
    with pytest.raises(ValueError, match="TOPIC_CLOSED"):
        group.chat.say(group.eve, "hello", thread=topic)
    assert group.writes(group.eve)
    for _ in range(2):
        assert await group.do(Power.UNLOCK, thread=str(topic)) == DONE
    group.chat.say(group.eve, "hello", thread=topic)
    gone = await group.do(Power.LOCK, thread="4711")
    assert gone == Did(False, "That topic is not there any more.")


async def test_a_topic_needs_its_right(tg: FakeTelegram, moderator: TelegramAdapter) -> None:
    group = new_group(tg, moderator, forum=True)
    topic = group.chat.topic(group.mira, "Jobs")
    did = await group.do(Power.LOCK, thread=str(topic))
    assert did == Did(False, "I lack the right “Manage topics” in this chat.")
    tg.fail("closeForumTopic", faults.refused(400, "Bad Request: not enough rights to close the topic"))
    group.chat.promote(tg.bot.user)
    assert await group.do(Power.LOCK, thread=str(topic)) == did


# -- what Telegram has not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", [Power.SLOW, Power.CLOSE_DOOR, Power.OPEN_DOOR])
async def test_what_no_bot_can_do_on_telegram(group: Group, power: Power) -> None:
    assert power not in group.adapter.capabilities.powers
    did = await group.do(power, seconds=30)
    assert not did.done
    assert "A bot can" in did.said
    assert "administrator can" in did.said
    assert await group.adapter.before(group.asked(power)) == {}
    assert group.changes() == []


async def test_what_it_has(group: Group) -> None:
    assert group.adapter.capabilities.powers == POWERS
    assert await group.adapter.written("", str(group.chat.id), 10) is None
    assert await group.adapter.recent("", str(group.chat.id), 0, 10) is None


# -- trouble -----------------------------------------------------------------------------------------------------

EVERY = {
    Power.TIMEOUT: "restrictChatMember",
    Power.KICK: "banChatMember",
    Power.BAN: "banChatMember",
    Power.DELETE: "deleteMessages",
    Power.LOCK: "setChatPermissions",
}


@pytest.mark.parametrize(("power", "method"), EVERY.items())
async def test_busy_and_broken_and_repeated(group: Group, power: Power, method: str) -> None:
    ids = written(group, 3)
    act = group.asked(power, group.eve if power is not Power.LOCK else None, until=group.now + HOUR, message_ids=ids)
    group.tg.fail(method, faults.server_error(502))
    with pytest.raises(Transient):
        await group.adapter.act(act)
    group.tg.fail(method, faults.server_error(502, after=True))  # it was done, and nobody was told
    with pytest.raises(Transient):
        await group.adapter.act(act)
    assert await group.adapter.act(act) == DONE
    assert await group.adapter.act(act) == DONE
    assert not group.writes(group.eve) or power is Power.DELETE


@pytest.mark.parametrize(("power", "method"), EVERY.items())
async def test_a_lost_answer_is_an_act_to_be_repeated(group: Group, power: Power, method: str) -> None:
    ids = written(group, 3)
    act = group.asked(power, group.eve if power is not Power.LOCK else None, until=group.now + HOUR, message_ids=ids)
    group.tg.fail(method, faults.drop(after=True))
    with pytest.raises(Transient) as lost:
        await group.adapter.act(act)
    assert lost.value.maybe_done
    assert await group.adapter.act(act) == DONE


@pytest.mark.parametrize("method", ["getChatMember", "restrictChatMember"])
async def test_asked_to_wait_it_does_not_ask_again_before_that(group: Group, method: str) -> None:
    act = group.asked(Power.TIMEOUT, group.eve)
    group.tg.fail(method, faults.flood(30))
    with pytest.raises(TooManyRequests) as busy:
        await group.adapter.act(act)
    assert busy.value.after == 30
    asked = len(group.tg.requests)
    with pytest.raises(TooManyRequests) as still:
        await group.adapter.act(act)
    with pytest.raises(TooManyRequests):
        await group.adapter.before(act)
    assert 29 < still.value.after <= 30
    assert len([one for one in group.tg.requests if one.method != "getUpdates"]) <= asked
    other = new_group(group.tg, group.adapter)
    assert await other.do(Power.TIMEOUT, other.eve) == DONE


async def test_a_revoked_token_and_a_lost_connection_are_no_answers(group: Group) -> None:
    act = group.asked(Power.LOCK)
    group.tg.fail("getChat", faults.drop())
    with pytest.raises(Transient):
        await group.adapter.before(act)
    group.tg.fail("getChatMember", faults.malformed())
    with pytest.raises(Transient):
        await group.adapter.act(act)
    group.tg.revoke_token()
    with pytest.raises(Unauthorized):
        await group.adapter.act(act)
    with pytest.raises(Unauthorized):
        await group.adapter.before(act)
