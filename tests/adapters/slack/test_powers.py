"""Removing people from channels, as far as Slack lets a bot do it, and bans, which it does not have."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.contract import Act, Did, Power, TooManyRequests, Transient, Unauthorized
from adapters.slack import removal as module
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import MENU, new_adapter
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults

CANNOT_KEEP_OUT = "A bot on Slack cannot keep anybody out: an admin of the workspace has to deactivate the account."
NOT_THE_WORKSPACE = "A bot on Slack cannot remove anybody from the workspace itself."


@pytest.fixture
def harbour(team: Team, ana: User, ben: User) -> Channel:
    """A public channel that is not #general."""
    return team.channel("harbour", [ana, ben])


@pytest.fixture
def secret(team: Team, ana: User, ben: User) -> Channel:
    """A private channel."""
    return team.channel("secret", [ana, ben], private=True)


def about(power: Power, user: User | str, where: Channel | Team, **more: Any) -> Act:
    """An act upon somebody, in a channel or in the whole workspace."""
    team = where if isinstance(where, Team) else where.team
    place = where.id if isinstance(where, Channel) else ""
    account = user if isinstance(user, str) else user.id
    return Act(power, team.id, "act-1", place_id=place, account_id=account, **more)


async def carried_out(adapter: SlackAdapter, act: Act) -> tuple[Act, Did]:
    """An act as the bot does it: what was before is asked first, and kept with it."""
    before = await adapter.before(act)
    act = Act(act.power, act.workspace, act.key, act.place_id, account_id=act.account_id, by=act.by, before=before)
    return act, await adapter.act(act)


def test_what_slack_has(slack: FakeSlack, team: Team) -> None:
    assert new_adapter(slack, team).capabilities.powers == {Power.DELETE, Power.KICK}


@pytest.mark.parametrize("private", [False, True])
async def test_somebody_is_removed_from_a_channel_once(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, ana: User, ben: User, private: bool
) -> None:
    place = team.channel("harbour", [ana, ben], private=private)
    act = about(Power.KICK, ben, place, by=ana.id, reason="spam")
    assert await adapter.before(act) == {}
    assert await adapter.act(act) == Did(True)
    assert ben.id not in place.members
    with pytest.raises(ValueError, match="not in"):
        place.say(ben, "hello again")
    assert await adapter.act(act) == Did(True)  # repeated after a crash
    assert [call.error for call in slack.calls("conversations.kick")] == ["", "not_in_channel"]


async def test_a_kick_that_seemed_to_fail_is_repeated(
    adapter: SlackAdapter, slack: FakeSlack, harbour: Channel, ben: User
) -> None:
    act = about(Power.KICK, ben, harbour)
    slack.fail("conversations.kick", faults.drop(after=True))
    with pytest.raises(Transient):
        await adapter.act(act)
    assert await adapter.act(act) == Did(True)


async def test_from_general_nobody_is_removed(adapter: SlackAdapter, general: Channel, ben: User) -> None:
    did = await adapter.act(about(Power.KICK, ben, general))
    assert did == Did(False, "Slack lets nobody be removed from #general.")
    assert ben.id in general.members


async def test_the_workspace_does_not_let_apps_remove_people(
    adapter: SlackAdapter, team: Team, harbour: Channel, secret: Channel, ben: User
) -> None:
    team.removal["channel"] = "admins"
    did = await adapter.act(about(Power.KICK, ben, harbour))
    assert not did.done
    assert did.said == (
        "The settings of the workspace do not let an app remove people from this channel. An owner can change that "
        "under Permissions, Channel Management."
    )
    assert await adapter.act(about(Power.KICK, ben, secret)) == Did(True)


@pytest.mark.parametrize(("scope", "private"), [("channels:manage", False), ("groups:write", True)])
async def test_a_missing_scope_is_named(
    adapter: SlackAdapter, team: Team, ana: User, ben: User, scope: str, private: bool
) -> None:
    place = team.channel("harbour", [ana, ben], private=private)
    team.scopes.discard(scope)
    did = await adapter.act(about(Power.KICK, ben, place))
    assert did == Did(
        False,
        f"I lack the scope {scope}, so I cannot remove people from this channel. Install the app again to grant it.",
    )
    _, (said,) = await adapter.look()
    assert scope in said
    assert "when a moderator decides it" in said


async def test_without_knowing_who_runs_the_workspace_nothing_is_done(
    adapter: SlackAdapter, team: Team, harbour: Channel, ben: User
) -> None:
    team.scopes.discard("users:read")
    did = await adapter.act(about(Power.KICK, ben, harbour))
    assert did == Did(False, "I lack the scope users:read, so nothing was done. Install the app again to grant it.")
    assert ben.id in harbour.members


@pytest.mark.parametrize("power", [Power.KICK, Power.BAN])
@pytest.mark.parametrize(
    ("rank", "said"),
    [
        ("admin", "Cleo is an admin of this workspace"),
        ("owner", "Cleo is an owner of this workspace"),
        ("primary_owner", "Cleo is the primary owner of this workspace"),
    ],
)
async def test_who_runs_the_workspace_is_left_alone(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, harbour: Channel, ana: User, power: Power, rank: str, said: str
) -> None:
    cleo = team.user("Cleo")
    setattr(cleo, rank, True)
    ana.owner = True
    harbour.join(cleo)
    did = await adapter.act(about(power, cleo, harbour, by=ana.id))
    assert not did.done
    assert did.said.startswith(said)
    assert not slack.calls("conversations.kick")


async def test_apps_and_the_bot_itself_are_left_alone(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, harbour: Channel
) -> None:
    helper = team.other_bot("Helper")
    harbour.join(helper)
    assert await adapter.act(about(Power.KICK, helper, harbour)) == Did(
        False, "Helper is an app, and apps are left alone."
    )
    assert await adapter.act(about(Power.BAN, team.bot, team)) == Did(False, "That is me, and I do nothing to myself.")
    assert not slack.calls("conversations.kick")


async def test_a_guest_decides_nothing_about_members(
    adapter: SlackAdapter, team: Team, harbour: Channel, ana: User, ben: User
) -> None:
    cleo, dora = team.user("Cleo", guest=True), team.user("Dora", guest=True)
    harbour.join(dora)
    assert await adapter.act(about(Power.KICK, ben, harbour, by=cleo.id)) == Did(
        False, "Ben is a member of this workspace, and Cleo, who decided this, is a guest in it."
    )
    assert await adapter.act(about(Power.KICK, dora, harbour, by=cleo.id)) == Did(True)
    assert await adapter.act(about(Power.KICK, ben, harbour, by=ana.id)) == Did(True)


async def test_who_decided_has_to_be_there_still(
    adapter: SlackAdapter, team: Team, harbour: Channel, ana: User, ben: User
) -> None:
    unknown = await adapter.act(about(Power.KICK, ben, harbour, by="U0NOBODY"))
    assert unknown == Did(False, "Slack does not know who decided this in this workspace.")
    team.change_user(ana, deleted=True)
    gone = await adapter.act(about(Power.KICK, ben, harbour, by=ana.id))
    assert gone == Did(False, "Ana, who decided this, is not in this workspace any more.")
    assert ben.id in harbour.members


async def test_people_who_are_gone(adapter: SlackAdapter, team: Team, harbour: Channel, ben: User) -> None:
    unknown = Did(False, "Slack knows nobody by that id in this workspace.")
    assert await adapter.act(about(Power.KICK, "U0NOBODY", harbour)) == unknown
    assert await adapter.act(about(Power.UNBAN, "U0NOBODY", team)) == unknown
    assert await adapter.before(about(Power.BAN, "U0NOBODY", team)) == {}
    team.change_user(ben, deleted=True)
    for power in (Power.KICK, Power.BAN):
        did = await adapter.act(about(power, ben, team))
        assert did == Did(True, "The account of Ben is deactivated already.")


async def test_channels_in_which_nothing_can_be_done(
    adapter: SlackAdapter, team: Team, harbour: Channel, ana: User, ben: User, direct: Channel
) -> None:
    elsewhere = team.channel("elsewhere", [ana, ben], bot=False)
    hidden = team.channel("hidden", [ana, ben], bot=False, private=True)
    harbour.archive(ana)
    said = {
        elsewhere: "I am not in this channel myself. Bring me in with /invite, then I can remove people from it.",
        hidden: "I cannot see this channel, or it is gone.",
        harbour: "This channel is archived, so nobody writes in it.",
        direct: "Nobody can be removed from a direct chat or a group chat on Slack.",
        team.mpim([ana, ben]): "Nobody can be removed from a direct chat or a group chat on Slack.",
    }
    for place, why in said.items():
        assert await adapter.act(about(Power.KICK, ben, place)) == Did(False, why)


async def test_any_other_refusal_is_told_by_its_code(
    adapter: SlackAdapter, slack: FakeSlack, harbour: Channel, ben: User
) -> None:
    slack.fail("conversations.kick", faults.refused("user_is_restricted"))
    assert await adapter.act(about(Power.KICK, ben, harbour)) == Did(
        False, "Slack does not let me remove this account from this channel (user_is_restricted)."
    )
    slack.fail("users.info", faults.refused("enterprise_is_restricted"))
    assert await adapter.act(about(Power.KICK, ben, harbour)) == Did(
        False, "Slack refused this, so nothing was done (enterprise_is_restricted)."
    )
    assert ben.id in harbour.members


async def test_out_of_all_channels_that_the_bot_is_in(
    adapter: SlackAdapter, team: Team, harbour: Channel, secret: Channel, ana: User, ben: User
) -> None:
    elsewhere = team.channel("elsewhere", [ana, ben], bot=False)
    old = team.channel("old", [ana, ben])
    old.archive(ana)
    act, did = await carried_out(adapter, about(Power.KICK, ben, team, by=ana.id))
    assert did == Did(True, f"Ben was removed from 2 channels. {NOT_THE_WORKSPACE}")
    assert [ben.id in one.members for one in (harbour, secret, elsewhere, old)] == [False, False, True, True]
    assert await adapter.act(act) == did  # repeated: the same is told
    assert await adapter.act(about(Power.KICK, ben, team)) == Did(
        True, f"Ben is in no channel that I am in. {NOT_THE_WORKSPACE}"
    )


async def test_the_workspace_may_be_named_as_the_place(
    adapter: SlackAdapter, team: Team, harbour: Channel, ben: User
) -> None:
    _, did = await carried_out(adapter, Act(Power.KICK, team.id, "1", place_id=team.id, account_id=ben.id))
    assert did.said.startswith("Ben was removed from 1 channel.")
    assert ben.id not in harbour.members


async def test_a_ban_is_done_as_far_as_it_can_be(
    adapter: SlackAdapter, team: Team, general: Channel, harbour: Channel, secret: Channel, ana: User, ben: User
) -> None:
    team.channel("port", [ana, ben])
    team.removal["channel"] = "admins"
    act, did = await carried_out(adapter, about(Power.BAN, ben, team, by=ana.id))
    assert did == Did(
        False,
        "Ben was removed from 1 channel. Slack lets nobody be removed from #general. The settings of the workspace do "
        "not let an app remove people from 2 channels. An owner can change that under Permissions, Channel Management. "
        + CANNOT_KEEP_OUT,
        part=True,
    )
    assert [ben.id in one.members for one in (general, harbour, secret)] == [True, True, False]
    assert await adapter.act(act) == did
    for channel in (secret, harbour):
        channel.leave(ben)
    assert (await adapter.act(act)).said.startswith("Ben was removed from 2 channels.")


async def test_a_ban_from_one_channel(adapter: SlackAdapter, harbour: Channel, general: Channel, ben: User) -> None:
    for _ in range(2):
        assert await adapter.act(about(Power.BAN, ben, harbour)) == Did(
            False, f"Ben is out of the channel. {CANNOT_KEEP_OUT}", part=True
        )
    assert ben.id not in harbour.members
    assert await adapter.act(about(Power.BAN, ben, general)) == Did(
        False, f"Slack lets nobody be removed from #general. {CANNOT_KEEP_OUT}"
    )


async def test_nobody_is_removed_from_anything(adapter: SlackAdapter, general: Channel, team: Team, ben: User) -> None:
    _, did = await carried_out(adapter, about(Power.KICK, ben, team))
    assert not did.done
    assert did.said.startswith("Ben was removed from no channel. Slack lets nobody be removed from #general.")


async def test_the_end_of_a_ban(adapter: SlackAdapter, team: Team, harbour: Channel, ben: User) -> None:
    await carried_out(adapter, about(Power.BAN, ben, team))
    undo = about(Power.UNBAN, ben, team)
    assert await adapter.before(undo) == {}
    did = await adapter.act(undo)
    assert did.done
    assert did.said.startswith("Nothing that I did keeps Ben out: they can join public channels by themselves")
    assert ben.id not in harbour.members  # nobody is brought back without being asked
    harbour.join(ben)
    await adapter.act(undo)
    assert ben.id in harbour.members
    team.change_user(ben, deleted=True)
    assert await adapter.act(undo) == Did(
        False, "The account of Ben is deactivated. Only an admin of the workspace can change that."
    )


async def test_channels_are_listed_page_by_page(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    for number in range(5):
        team.channel(f"room-{number}", [ana, ben])
    _, did = await carried_out(adapter, about(Power.BAN, ben, team))
    assert did.said.startswith("Ben was removed from 5 channels.")
    assert len(slack.calls("users.conversations")) == 12


FAULTS = [
    (lambda: faults.rate_limited(30), TooManyRequests),
    (lambda: faults.server_error(), Transient),
    (lambda: faults.drop(), Transient),
    (lambda: faults.refused("token_revoked"), Unauthorized),
]


@pytest.mark.parametrize("method", ["users.info", "users.conversations", "conversations.kick"])
@pytest.mark.parametrize(("fault", "error"), FAULTS)
async def test_what_passes_is_raised_and_the_act_goes_on_when_it_is_repeated(
    adapter: SlackAdapter,
    slack: FakeSlack,
    team: Team,
    harbour: Channel,
    secret: Channel,
    ben: User,
    method: str,
    fault: Callable[[], faults.Fault],
    error: type[Exception],
) -> None:
    act = about(Power.BAN, ben, team)
    before = await adapter.before(act)
    act = about(Power.BAN, ben, team, before=before)
    slack.fail(method, fault(), times=2, skip=0 if method == "users.info" else 1)  # aiohttp repeats a GET once
    with pytest.raises(error):
        await adapter.act(act)
    slack.faults.clear()
    assert ben.id in secret.members
    assert (await adapter.act(act)).said == f"Ben was removed from 2 channels. {CANNOT_KEEP_OUT}"
    assert ben.id not in {*harbour.members, *secret.members}


@pytest.mark.parametrize(("fault", "error"), FAULTS)
async def test_what_was_before_is_not_guessed(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, harbour: Channel, ben: User, fault: Any, error: type[Exception]
) -> None:
    slack.fail("users.conversations", fault(), times=2)
    with pytest.raises(error):
        await adapter.before(about(Power.BAN, ben, team))


async def test_an_act_that_another_process_began_is_finished(
    slack: FakeSlack, team: Team, harbour: Channel, secret: Channel, ben: User
) -> None:
    first, second = new_adapter(slack, team), new_adapter(slack, team)
    act = about(Power.KICK, ben, team)
    await first.start(Store(), MENU)
    act = about(Power.KICK, ben, team, before=await first.before(act))
    slack.fail("conversations.kick", faults.drop(), skip=1)
    with pytest.raises(Transient):
        await first.act(act)
    await first.stop()
    await second.start(Store(), MENU)
    try:
        assert await second.act(act) == Did(True, f"Ben was removed from 2 channels. {NOT_THE_WORKSPACE}")
    finally:
        await second.stop()


async def test_a_workspace_without_the_app(adapter: SlackAdapter, ben: User) -> None:
    act = Act(Power.KICK, "T0000", "1", account_id=ben.id)
    for asked in (adapter.act, adapter.before):
        with pytest.raises(Unauthorized):
            await asked(act)
