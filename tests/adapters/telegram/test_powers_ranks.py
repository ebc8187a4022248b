"""On whom nobody acts, who does not decide, and what is said when it cannot be done."""

import pytest

from adapters.contract import Did, Power
from adapters.telegram.adapter import TelegramAdapter
from tests.adapters.telegram.moderated import HOUR, Group, new_group
from tests.fakes.telegram import FakeTelegram, faults

DONE = Did(True)
ON_PEOPLE = (Power.TIMEOUT, Power.RELEASE, Power.KICK, Power.BAN, Power.UNBAN)
AGAINST = (Power.TIMEOUT, Power.KICK, Power.BAN)


@pytest.mark.parametrize("power", AGAINST)
async def test_owner_and_administrators_are_not_acted_on(group: Group, power: Power) -> None:
    for by in ("", str(group.mira.id), str(group.owner.id)):
        assert await group.do(power, group.owner, by=by) == Did(
            False, "Nobody does that to themselves." if by == str(group.owner.id) else "Olga is the owner of this chat."
        )
        assert await group.do(power, group.admin, by=by) == Did(False, "Adam is an administrator of this chat.")
    assert group.changes() == []


@pytest.mark.parametrize("power", ON_PEOPLE)
async def test_the_bot_and_oneself_are_not_acted_on(group: Group, power: Power) -> None:
    assert await group.do(power, group.tg.bot.user) == Did(False, "I do not do that to myself.")
    did = await group.do(power, group.mira, by=str(group.mira.id))
    assert did == Did(False, "Nobody does that to themselves.")
    assert group.changes() == []


@pytest.mark.parametrize("power", ON_PEOPLE)
@pytest.mark.parametrize("account", ["chat", "-1009", "777000", "1087968824", "136817688", ""])
async def test_who_is_no_person_is_not_acted_on(group: Group, power: Power, account: str) -> None:
    act = group.asked(power)
    named = str(group.chat.id) if account == "chat" else account
    did = await group.adapter.act(type(act)(power, act.workspace, act.key, act.place_id, account_id=named))
    assert not did.done
    assert did.said.startswith("That is not a person")
    assert group.changes() == []


@pytest.mark.parametrize("power", [*ON_PEOPLE, Power.DELETE, Power.LOCK])
async def test_who_is_shut_out_decides_nothing(group: Group, power: Power) -> None:
    by = str(group.mira.id)
    group.chat.set_status(group.mira, "restricted", by=group.owner)
    did = await group.do(power, group.eve, by=by, message_ids=("1",))
    assert (did.done, did.said) == (False, "Mira may not write in this chat now, and so decides nothing in it.")
    group.chat.set_status(group.mira, "kicked", by=group.owner)
    did = await group.do(power, group.eve, by=by, message_ids=("1",))
    assert did.said == "Mira is banned from this chat, and so decides nothing in it."
    assert group.changes() == []


async def test_a_moderator_without_rank_on_the_platform_acts_on_their_equals(group: Group) -> None:
    assert await group.do(Power.KICK, group.eve, by=str(group.mira.id)) == DONE
    assert await group.do(Power.BAN, group.eve, by=str(group.tg.user("Elsewhere").id)) == DONE


@pytest.mark.parametrize("power", AGAINST)
async def test_a_missing_right_is_named(tg: FakeTelegram, moderator: TelegramAdapter, power: Power) -> None:
    group = new_group(tg, moderator, rights=("can_delete_messages",))
    did = await group.do(power, group.eve)
    assert did == Did(False, "I lack the right “Ban users” in this chat.")
    assert f"In the chat {group.chat.id} the bot lacks the right “Ban users”." in moderator.explain()
    group.chat.demote(tg.bot.user)
    did = await group.do(power, group.eve)
    assert did == Did(False, "I am not an administrator of this chat. For this I need the right “Ban users”.")
    group.chat.promote(tg.bot.user)
    assert await group.do(power, group.eve) == DONE
    assert not any("lacks the right" in line for line in moderator.explain())


async def test_what_has_ended_already_needs_no_right(tg: FakeTelegram, moderator: TelegramAdapter) -> None:
    group = new_group(tg, moderator, rights=())
    assert await group.do(Power.RELEASE, group.eve) == DONE
    assert await group.do(Power.UNBAN, group.eve) == DONE


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("Bad Request: user is an administrator of the chat", "They are an administrator of this chat."),
        ("Bad Request: can't remove chat owner", "They are the owner of this chat."),
        (
            "Bad Request: not enough rights to restrict/unrestrict chat member",
            "I lack the right “Ban users” in this chat.",
        ),
        ("Bad Request: CHAT_ADMIN_REQUIRED", "I lack the right “Ban users” in this chat."),
        ("Bad Request: USER_ID_INVALID", "Telegram does not tell me of such an account in this chat."),
        ("Bad Request: SOMETHING_NEW", "Telegram did not do it, for what it calls “Something_new”."),
    ],
)
async def test_what_changed_in_between_is_said(group: Group, refusal: str, said: str) -> None:
    group.tg.fail("banChatMember", faults.refused(400, refusal))
    assert await group.do(Power.BAN, group.eve) == Did(False, said)


@pytest.mark.parametrize("power", ON_PEOPLE)
async def test_somebody_telegram_does_not_know(group: Group, power: Power) -> None:
    act = group.asked(power)
    nobody = type(act)(power, act.workspace, act.key, act.place_id, account_id="999999")
    did = await group.adapter.act(nobody)
    assert did == Did(
        power in (Power.RELEASE, Power.UNBAN), "Telegram does not tell me of such an account in this chat."
    )
    assert await group.adapter.before(nobody) == {}


@pytest.mark.parametrize("power", ON_PEOPLE)
async def test_a_chat_that_the_bot_is_not_in(group: Group, power: Power) -> None:
    group.chat.leave(group.tg.bot.user, by=group.owner)
    assert await group.do(power, group.eve) == Did(False, "I am not in that chat any more.")
    assert await group.adapter.before(group.asked(power, group.eve)) == {}
    assert await group.do(power, group.eve, place_id="-100555") == Did(False, "I am not in that chat any more.")


@pytest.mark.parametrize("place", ["", "5", "-x"])
async def test_no_group(group: Group, place: str) -> None:
    for power in (*ON_PEOPLE, Power.LOCK, Power.DELETE):
        act = group.asked(power, group.eve, place_id=place)
        assert await group.adapter.before(act) == {}
        assert await group.adapter.act(act) == Did(False, "On Telegram that is done in a group, and none was named.")


async def test_a_small_group(tg: FakeTelegram, moderator: TelegramAdapter) -> None:
    group = new_group(tg, moderator, supergroup=False)
    assert await group.do(Power.UNBAN, group.eve) == DONE
    assert await group.do(Power.RELEASE, group.eve) == DONE
    muted = await group.do(Power.TIMEOUT, group.eve, until=group.now + HOUR)
    assert not muted.done
    assert "supergroup" in muted.said
    for _ in range(2):
        assert await group.do(Power.KICK, group.eve) == DONE
    group.chat.join(group.eve)
    banned = await group.do(Power.BAN, group.eve)
    assert not banned.done
    assert banned.said.startswith("They were removed. But")
    assert not group.chat.standing(group.eve).present


async def test_a_group_that_became_a_supergroup_is_followed(tg: FakeTelegram, moderator: TelegramAdapter) -> None:
    group = new_group(tg, moderator, supergroup=False)
    new = group.chat.migrate()
    act = group.asked(Power.TIMEOUT, group.eve, until=group.now + HOUR)
    assert await moderator.before(act) == {}
    assert await moderator.act(act) == DONE
    assert new.standing(group.eve).status == "restricted"
    lock = group.asked(Power.LOCK)
    assert "can_send_messages" in (await moderator.before(lock))["allowed"]
    assert await moderator.act(lock) == DONE
    assert not new.permissions()["can_send_messages"]
