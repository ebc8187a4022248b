"""What is done to people in a group: mutes, kicks, bans and their ends, against the fake with the real library."""

import pytest

from adapters.contract import Did, EventKind, Power, TooManyRequests, Transient
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.rights import PERMISSIONS
from tests.adapters.store import Store
from tests.adapters.telegram.moderated import HOUR, Group, new_group
from tests.fakes.telegram import FakeTelegram, faults

DONE = Did(True)
ON_PEOPLE = (Power.TIMEOUT, Power.RELEASE, Power.KICK, Power.BAN, Power.UNBAN)
AGAINST = (Power.TIMEOUT, Power.KICK, Power.BAN)


# -- timeouts --------------------------------------------------------------------------------------------------


async def test_a_timeout_silences_until_its_end(group: Group) -> None:
    until = group.now + HOUR
    assert await group.do(Power.TIMEOUT, group.eve, until=until) == DONE
    assert await group.status(group.eve) == ("restricted", -(-until // 1000))
    assert not group.writes(group.eve)
    assert group.writes(group.mira)
    (request,) = group.tg.calls("restrictChatMember")
    assert request.params["permissions"] == dict.fromkeys(PERMISSIONS, False)
    group.tg.ahead += 3601
    assert group.writes(group.eve)


async def test_a_timeout_repeated_is_one_timeout(group: Group) -> None:
    for until in (group.now + HOUR, 0):
        act = group.asked(Power.TIMEOUT, group.eve, until=until)
        before = len(group.changes())
        for _ in range(3):
            assert await group.adapter.act(act) == DONE
        assert len(group.changes()) == before + 1
        assert await group.status(group.eve) == ("restricted", -(-until // 1000))


async def test_a_timeout_without_end(group: Group) -> None:
    assert await group.do(Power.TIMEOUT, group.eve) == DONE
    group.tg.ahead += 400 * 24 * 3600
    assert not group.writes(group.eve)


@pytest.mark.parametrize("power", [Power.TIMEOUT, Power.BAN])
async def test_what_is_too_short_for_telegram_lasts_a_minute_and_not_for_ever(group: Group, power: Power) -> None:
    did = await group.do(power, group.eve, until=group.now + 10_000)
    _, until = await group.status(group.eve)
    assert 55 <= until - group.tg.now() <= 62
    assert did.done
    assert "lasts a minute" in did.said
    assert did.until == until * 1000
    group.tg.ahead += 63
    assert (await group.status(group.eve))[0] in ("member", "left")


@pytest.mark.parametrize("power", [Power.TIMEOUT, Power.BAN])
async def test_what_is_too_long_for_telegram_has_to_be_renewed(group: Group, power: Power) -> None:
    asked = group.now + 500 * 24 * HOUR
    did = await group.do(power, group.eve, until=asked)
    _, until = await group.status(group.eve)
    assert did == Did(
        True, "Telegram ends this after 366 days at the latest; then it has to be renewed.", (), until * 1000
    )
    assert 365 * 24 * HOUR < did.until - group.now < 366 * 24 * HOUR
    group.tg.ahead += 366 * 24 * 3600
    assert await group.do(power, group.eve, until=asked) == DONE
    assert await group.status(group.eve) == ({"timeout": "restricted", "ban": "kicked"}[power], -(-asked // 1000))


@pytest.mark.parametrize("power", [Power.TIMEOUT, Power.BAN])
async def test_a_time_that_is_over_does_nobody_harm(group: Group, power: Power) -> None:
    """Carried out late, or repeated after a crash: never "for ever"."""
    did = await group.do(power, group.eve, until=group.now - 1)
    assert did == Did(True, "That time is over already.")
    assert group.changes() == []
    assert group.writes(group.eve)


async def test_the_end_of_a_timeout_gives_back_what_everybody_may(group: Group) -> None:
    await group.do(Power.TIMEOUT, group.eve, until=group.now + HOUR)
    for _ in range(2):
        assert await group.do(Power.RELEASE, group.eve) == DONE
    assert await group.status(group.eve) == ("member", 0)
    assert group.writes(group.eve)
    assert group.changes() == ["restrictChatMember", "restrictChatMember"]
    assert await group.do(Power.RELEASE, group.admin) == DONE


async def test_limits_set_by_an_administrator_come_back_with_the_end_of_a_timeout(group: Group) -> None:
    group.chat.set_status(group.eve, "restricted", by=group.admin, rights=["can_send_messages"])
    act = group.asked(Power.TIMEOUT, group.eve, until=group.now + HOUR)
    before = await group.adapter.before(act)
    assert before == {"limited": "can_send_messages", "limited_until": "0"}
    await group.adapter.act(act)
    assert not group.writes(group.eve)
    did = await group.do(Power.RELEASE, group.eve, before=before)
    assert did.done
    assert "limits" in did.said
    assert group.chat.members[group.eve.id].rights == {"can_send_messages"}
    assert group.writes(group.eve)


async def test_a_timeout_before_a_timeout_does_not_survive_the_release(group: Group) -> None:
    await group.do(Power.TIMEOUT, group.eve, until=group.now + HOUR)
    act = group.asked(Power.TIMEOUT, group.eve, until=group.now + 2 * HOUR)
    before = await group.adapter.before(act)
    await group.adapter.act(act)
    assert await group.do(Power.RELEASE, group.eve, before=before) == DONE
    assert group.writes(group.eve)


async def test_a_timeout_waits_for_somebody_who_left(group: Group) -> None:
    group.chat.leave(group.eve)
    assert await group.do(Power.TIMEOUT, group.eve, until=group.now + HOUR) == DONE
    assert not group.chat.standing(group.eve).present
    group.chat.join(group.eve)
    assert not group.writes(group.eve)


async def test_neither_a_timeout_nor_its_end_lets_somebody_banned_in(group: Group) -> None:
    """`restrictChatMember` would lift the ban."""
    await group.do(Power.BAN, group.eve)
    did = await group.do(Power.TIMEOUT, group.eve, until=group.now + HOUR)
    assert did == Did(False, "They are banned from this chat, so they cannot write in any case.")
    assert await group.do(Power.RELEASE, group.eve) == DONE
    assert not group.comes(group.eve)


# -- kicks -----------------------------------------------------------------------------------------------------


async def test_a_kick_is_out_and_free_to_come_back(group: Group, store: Store) -> None:
    for _ in range(2):
        assert await group.do(Power.KICK, group.eve) == DONE
        assert await group.status(group.eve) == ("left", 0)
    assert group.changes() == ["banChatMember", "unbanChatMember"]
    assert group.tg.calls("unbanChatMember")[0].params["only_if_banned"] is True
    (left,) = await store.wait_for(1)
    assert (left.kind, left.account.id) == (EventKind.LEFT, str(group.eve.id))
    assert not group.writes(group.eve)
    assert group.comes(group.eve)
    assert group.writes(group.eve)


@pytest.mark.parametrize("fault", [faults.drop(), faults.server_error(502), faults.flood(0.01)])
async def test_a_kick_that_stopped_halfway_is_finished_when_repeated(group: Group, fault: faults.Fault) -> None:
    act = group.asked(Power.KICK, group.eve)
    group.tg.fail("unbanChatMember", fault)
    with pytest.raises((Transient, TooManyRequests)):
        await group.adapter.act(act)
    assert (await group.status(group.eve))[0] == "kicked"
    fresh = await _again(group)
    try:
        assert await fresh.act(act) == DONE
    finally:
        await fresh.stop()
    assert group.comes(group.eve)


async def _again(group: Group) -> TelegramAdapter:
    """The adapter of the process after a crash."""
    adapter = TelegramAdapter(group.tg.token, base_url=group.tg.base_url, clock=lambda: group.now)
    await adapter.start(Store(), ())
    return adapter


async def test_a_kick_that_stopped_halfway_and_is_never_repeated_ends_by_itself(group: Group) -> None:
    group.tg.fail("unbanChatMember", faults.server_error(500))
    with pytest.raises(Transient):
        await group.do(Power.KICK, group.eve)
    assert not group.comes(group.eve)
    group.tg.ahead += 301
    assert group.comes(group.eve)


async def test_a_kick_does_not_end_a_ban(group: Group) -> None:
    for until in (0, group.now + HOUR):
        await group.do(Power.BAN, group.eve, until=until)
        did = await group.do(Power.KICK, group.eve)
        assert did == Did(False, "They are banned from this chat already, and a kick does not change that.")
        assert not group.comes(group.eve)


async def test_a_kick_is_no_way_out_of_a_timeout(group: Group) -> None:
    until = group.now + HOUR
    await group.do(Power.TIMEOUT, group.eve, until=until)
    act = group.asked(Power.KICK, group.eve)
    before = await group.adapter.before(act)
    group.tg.fail("restrictChatMember", faults.server_error(500))  # halfway
    with pytest.raises(Transient):
        await group.adapter.act(act)
    did = await group.do(Power.KICK, group.eve, before=before)
    assert did == Did(True, "The limits that they had in this chat before still hold.")
    assert not group.chat.standing(group.eve).present
    assert group.comes(group.eve)
    assert not group.writes(group.eve)
    assert await group.status(group.eve) == ("restricted", -(-until // 1000))


async def test_somebody_who_left_is_not_kicked(group: Group) -> None:
    group.chat.leave(group.eve)
    assert await group.do(Power.KICK, group.eve) == DONE
    assert group.changes() == []


# -- bans ------------------------------------------------------------------------------------------------------


async def test_a_ban_keeps_out_until_its_end(group: Group) -> None:
    until = group.now + HOUR
    for _ in range(3):
        assert await group.do(Power.BAN, group.eve, until=until) == DONE
    assert group.changes() == ["banChatMember"]
    assert await group.status(group.eve) == ("kicked", -(-until // 1000))
    assert not group.comes(group.eve)
    group.tg.ahead += 3601
    assert group.comes(group.eve)


async def test_who_is_not_there_is_kept_out_as_well(group: Group) -> None:
    stranger = group.tg.user("Stranger")
    assert await group.do(Power.BAN, stranger) == DONE
    assert not group.comes(stranger)


async def test_the_end_of_a_ban_puts_nobody_out(group: Group) -> None:
    await group.do(Power.BAN, group.eve)
    for _ in range(2):
        assert await group.do(Power.UNBAN, group.eve) == DONE
    assert group.changes() == ["banChatMember", "unbanChatMember"]
    assert group.comes(group.eve)
    assert await group.do(Power.UNBAN, group.eve) == DONE
    assert group.writes(group.eve)


async def test_a_timeout_that_ran_before_a_ban_goes_on_after_it(group: Group) -> None:
    await group.do(Power.TIMEOUT, group.eve, until=group.now + HOUR)
    act = group.asked(Power.BAN, group.eve)
    before = await group.adapter.before(act)
    await group.adapter.act(act)
    assert (await group.do(Power.UNBAN, group.eve, before=before)).said
    assert group.comes(group.eve)
    assert not group.writes(group.eve)
    await group.adapter.act(act)
    group.tg.ahead += 3601  # over by now
    assert await group.do(Power.UNBAN, group.eve, before=before) == DONE
    assert group.comes(group.eve)
    assert group.writes(group.eve)


async def test_a_timeout_without_end_is_forgotten_by_a_ban(group: Group) -> None:
    """It may have been lifted in the meantime, and nobody would ever lift it again."""
    await group.do(Power.TIMEOUT, group.eve)
    act = group.asked(Power.BAN, group.eve)
    before = await group.adapter.before(act)
    await group.adapter.act(act)
    assert await group.do(Power.UNBAN, group.eve, before=before) == DONE
    assert group.comes(group.eve)
    assert group.writes(group.eve)


# -- who and who not ---------------------------------------------------------------------------------------------


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
