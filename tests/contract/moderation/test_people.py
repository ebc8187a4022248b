"""What moderators do about people: the effect on the platform, what everybody reads, and who is safe."""

from __future__ import annotations

import pytest

from core.clock import DAY, HOUR, MINUTE
from tests.contract.moderation.ground import Ground, OnDiscord, OnSlack, OnTelegram, cases, later

APPEAL = "If that is wrong, tell me why: another moderator will look at it. It is case {number}."


def kinds(ground: Ground) -> list[tuple[str, str]]:
    """Kind and state of all cases."""
    return [(kind, state) for _, kind, state, _ in cases(ground.house)]


# -- warnings ---------------------------------------------------------------------------------------------------------


async def test_a_warning_by_mention_is_told_with_its_reason_and_an_appeal(ground: Ground) -> None:
    said = await ground.order("Mo", "/warn {Ben} spam in the morning")
    assert said == "Ben is warned because of “spam in the morning”. It is the first point, and case 1."
    told = await ground.surface.news("Ben")
    assert told == "You were warned in Home: spam in the morning. " + APPEAL.format(number=1)
    assert ground.surface.buttons("Ben")[-1] == "Appeal"
    assert cases(ground.house) == [(1, "warn", "standing", 1)]
    assert ground.writes("Ben")
    assert ground.reasons() == []  # a warning is nothing that the platform does


async def test_a_warning_by_answering_keeps_the_message_as_evidence(ground: Ground) -> None:
    bad = await ground.write("Ben", "buy my coins")
    said = await ground.order("Mo", "/warn that is spam", on=bad)
    assert said == "Ben is warned because of “that is spam”. It is the first point, and case 1."
    shown = await ground.surface.say("Mo", "/case 1")
    assert "Decided by" in shown
    # Slack tells in a thread whose the first message is, not what it says: only a shortcut brings its words along.
    assert ("Message: “buy my coins”" in shown) is (ground.name != "slack")


async def test_somebody_who_never_spoke_to_the_bot_is_warned_by_their_id(ground: Ground) -> None:
    said = await ground.order("Mo", f"/warn {ground.id('Cleo')} rude")
    assert "is warned because of “rude”. It is the first point, and case 1." in said
    assert cases(ground.house) == [(1, "warn", "standing", 1)]


async def test_warnings_lead_up_a_ladder_whose_next_step_is_a_button(strong: Ground) -> None:
    for number in (1, 2, 3):
        assert "Time out for a day" not in strong.buttons("Mo")
        said = await strong.order("Mo", "/warn {Ben} again")
        assert f"case {number}." in said
    assert "That makes 3 points." in said
    said = await strong.press("Mo", "Time out for a day")
    assert "Case 4: Ben is not to write until" in said
    assert not strong.writes("Ben")


# -- timeouts ---------------------------------------------------------------------------------------------------------


async def test_a_timeout_silences_and_undo_restores(strong: Ground) -> None:
    bad = await strong.write("Ben", "AAAA")
    said = await strong.order("Mo", "/timeout 1h30m too loud", on=bad)
    assert said.startswith("Case 1: Ben is not to write until ")
    assert "because of “too loud”" in said
    assert said.endswith(f"{strong.name.capitalize()}: can read, not write.")
    assert strong.inside("Ben")
    assert not strong.writes("Ben")
    told = await strong.surface.news("Ben")
    assert told.startswith("You can read but not write in Home until ")
    assert told.endswith(APPEAL.format(number=1))
    said = await strong.press("Mo", "Undo")
    assert said.endswith(f"{strong.name.capitalize()}: may write again.")
    assert "Undone: case 1 (timeout about Ben)." in said
    assert strong.writes("Ben")
    assert cases(strong.house) == [(1, "timeout", "undone", 2)]


async def test_a_timeout_ends_by_itself(strong: Ground) -> None:
    await strong.order("Mo", "/timeout {Ben} 10m")
    assert not strong.writes("Ben")
    await later(strong, 10 * MINUTE + 1)
    assert strong.writes("Ben")
    assert kinds(strong) == [("timeout", "lifted")]


async def test_slack_says_that_it_cannot_mute_and_then_nothing_stands(slack: OnSlack) -> None:
    await slack.surface.news("Ben")
    said = await slack.order("Mo", "/timeout {Ben} 1h loud")
    assert "Case 1: Ben is not to write until" in said
    assert "Slack: not done. A bot on Slack cannot mute anybody, so nothing was done." in said
    assert slack.writes("Ben")
    assert "So case 1 is marked as not done, and counts nothing." in said
    assert "Undo" not in slack.buttons("Mo")
    assert await slack.surface.news("Ben") == "", "nothing was done to them"
    assert "State" in (shown := await slack.surface.say("Mo", "/case 1"))
    assert "not done, so it counts nothing" in shown


# -- removal and bans -------------------------------------------------------------------------------------------------


async def test_who_is_kicked_is_out_and_may_come_back(ground: Ground) -> None:
    said = await ground.order("Mo", "/kick {Ben} cool down")
    assert "Case 1: Ben is to leave because of “cool down”." in said
    assert f"{ground.name.capitalize()}: removed." in said
    assert not ground.inside("Ben")
    assert "You were removed from Home: cool down. You may come back if its rules let you." in (
        await ground.surface.news("Ben")
    )
    assert ground.comes("Ben")


async def test_a_ban_keeps_out_until_unban_by_name(strong: Ground) -> None:
    said = await strong.order("Mo", "/ban {Ben} 7d scam")
    assert "Case 1: Ben is to stay out until" in said
    assert f"{strong.name.capitalize()}: banned." in said
    assert not strong.inside("Ben")
    assert not strong.comes("Ben")
    assert "You are banned from Home until " in await strong.surface.news("Ben")
    assert "Ana could help" not in await strong.surface.say("Ben", "/needs")
    said = await strong.order("Mo", "/unban {Ben} mistaken")  # who is kept out is no member, and found all the same
    assert "Case 2: Ben may come back because of “mistaken”." in said
    assert f"{strong.name.capitalize()}: may come back." in said
    assert "I know no account" not in said
    assert strong.comes("Ben")
    assert kinds(strong) == [("ban", "lifted"), ("unban", "standing")]


async def test_undo_of_a_ban_lets_back_in(strong: Ground) -> None:
    await strong.order("Mo", "/ban {Ben}")
    said = await strong.press("Mo", "Undo")
    assert "Undone: case 1 (ban about Ben)." in said
    assert strong.comes("Ben")
    assert "guest" not in await strong.surface.say("Ben", "/help")


async def test_somebody_absent_is_banned_by_id(strong: Ground) -> None:
    await strong.order("Mo", f"/kick {strong.id('Cleo')}")
    assert not strong.inside("Cleo")
    said = await strong.order("Mo", f"/ban {strong.id('Cleo')} no way back")
    assert f"{strong.name.capitalize()}: banned." in said
    assert not strong.comes("Cleo")


async def test_a_ban_on_slack_says_what_was_done_and_what_was_not(slack: OnSlack) -> None:
    said = await slack.order("Mo", "/ban {Ben} scam")
    assert "Case 1: Ben is to stay out because of “scam”." in said
    assert (
        "Slack: done in part. Ben was removed from 1 channel. A bot on Slack cannot keep anybody out: "
        "an admin of the workspace has to deactivate the account."
    ) in said
    assert not slack.inside("Ben")
    said = await slack.order("Mo", "/unban {Ben}")
    assert "they can join public channels by themselves" in said
    assert slack.comes("Ben")


async def test_the_platforms_log_has_case_moderator_and_reason(discord: OnDiscord) -> None:
    await discord.order("Mo", "/timeout {Ben} 1h loud")
    await discord.press("Mo", "Undo")
    await discord.order("Mo", "/kick {Ben}")
    discord.comes("Ben")
    await discord.order("Mo", "/ban {Ben} for good")
    assert discord.reasons() == ["Case 1, Mo: loud", "Case 1, Mo: loud", "Case 2, Mo", "Case 3, Mo: for good"]


# -- who is safe ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["warn", "timeout", "kick", "ban"])
async def test_nobody_acts_on_somebody_above_in_the_nexus(ground: Ground, word: str) -> None:
    said = await ground.order("Mo", f"/{word} {{Ana}}")
    assert said == "Ana is owner here, and that is not below your own role. Somebody above both has to decide it."
    said = await ground.order("Mo", f"/{word} {{Mo}}")
    assert said == "That would be you. I don't do that to the one who asks."
    assert cases(ground.house) == []
    assert ground.reasons() == []
    assert "You were" not in await ground.surface.news("Ana")


async def test_the_platforms_own_administrator_is_left_alone_and_that_is_said(ground: Ground) -> None:
    said = await ground.order("Mo", f"/kick {ground.id('Ada')} enough")
    assert "is to leave because of “enough”" in said
    assert f"{ground.name.capitalize()}: not done. Ada is an admin" in said
    assert "removed" not in said
    assert ground.inside("Ada")


@pytest.mark.parametrize("who", ["Ben", "Cleo"])
@pytest.mark.parametrize(
    "order", ["/warn {Ana}", "/timeout {Ana} 1h", "/kick {Ana}", "/ban {Ana}", "/unban {Ana}", "/purge 2", "/lock"]
)
async def test_members_and_strangers_are_told_what_it_takes(ground: Ground, who: str, order: str) -> None:
    said = await ground.order(who, order)
    # By which of their names a platform told of Ana first depends on who was heard of first there.
    assert (
        said.replace("ana could", "Ana could") == "That takes a moderator of Home, which you are not. Ana could help."
    )
    assert cases(ground.house) == []


async def test_a_role_on_discord_counts_beside_the_one_in_the_nexus(discord: OnDiscord) -> None:
    """Mo moderates Home, but Ben's role on the server is above his there."""
    guild = discord.guild
    guild.give(discord.harbour.user("Ben"), guild.role("Elders", position=25))
    said = await discord.order("Mo", "/ban {Ben}")
    assert "Discord: not done. Ben's role is not below the moderator's." in said
    assert discord.inside("Ben")
    assert discord.reasons() == []


async def test_a_missing_right_of_the_bots_is_named(telegram: OnTelegram) -> None:
    me = telegram.phone.tg.bot.user
    telegram.group.promote(me, ["can_delete_messages"])
    await telegram.house.settle()
    said = await telegram.order("Mo", "/timeout {Ben} 1h")
    assert "Telegram: not done. " in said
    assert "Ban users" in said
    assert telegram.writes("Ben")


async def test_a_temporary_ban_holds_through_its_time_and_not_longer(strong: Ground) -> None:
    await strong.order("Mo", "/ban {Ben} 2d")
    await later(strong, 2 * DAY - HOUR)
    assert not strong.comes("Ben")
    await later(strong, HOUR + 1)
    assert strong.comes("Ben")
    assert kinds(strong) == [("ban", "lifted")]
