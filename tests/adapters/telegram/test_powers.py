"""What is done to people in a group: mutes, kicks, bans and their ends, against the fake with the real library."""

import pytest

from adapters.contract import Did, EventKind, Power, TooManyRequests, Transient
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.rights import PERMISSIONS
from tests.adapters.store import Store
from tests.adapters.telegram.moderated import HOUR, Group
from tests.fakes.telegram import faults

DONE = Did(True)


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
