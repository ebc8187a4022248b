"""Reports, appeals, cases and what is done from the platforms' own menus."""

from __future__ import annotations

from tests.contract.moderation.ground import Ground, OnDiscord, OnSlack, cases, done
from tests.contract.surfaces.server import plain


def kinds(ground: Ground) -> list[tuple[str, str]]:
    """Kind and state of all cases."""
    return [(kind, state) for _, kind, state, _ in cases(ground.house)]


# -- appeals ----------------------------------------------------------------------------------------------------------


async def appealed(ground: Ground) -> str:
    """Mo times Ben out, or warns where a bot cannot; Ben appeals by the button and says why; what Ben is told."""
    await ground.order("Mo", "/warn {Ben} loud" if ground.name == "slack" else "/timeout {Ben} 1h loud")
    await ground.surface.news("Ana")
    asked = await ground.surface.press("Ben", "Appeal")
    assert "why it is wrong" in asked
    asked = await ground.surface.say("Ben", "I only said hello")
    assert "Appeal against case 1?" in asked
    assert "I only said hello" in asked
    return await ground.surface.press("Ben", "Yes")


async def test_the_appeal_button_asks_why_and_brings_it_to_another_moderator(ground: Ground) -> None:
    assert await appealed(ground) == "Another moderator will look at case 1. I tell you what they decide."
    told = await ground.surface.news("Ana")
    assert "Ben appeals against case 1 in Home: “I only said hello”" in told
    assert ground.surface.buttons("Ana")[-2:] == ["It stands", "Overturn"]
    assert "appeals against" not in await ground.surface.news("Mo")


async def test_an_appeal_that_is_right_undoes_everything(ground: Ground) -> None:
    await appealed(ground)
    said = await ground.surface.press("Ana", "Overturn")
    assert "Case 1 is overturned and undone. Ben is told." in said
    await done(ground.house)
    assert ground.writes("Ben")
    assert "Somebody else looked at case 1 in Home: it is undone." in await ground.surface.news("Ben")
    assert kinds(ground) == [("warn" if ground.name == "slack" else "timeout", "undone")]


async def test_an_appeal_that_is_refused_leaves_it_as_it_is(ground: Ground) -> None:
    await appealed(ground)
    said = await ground.order("Mo", "/uphold 1")
    assert "You decided case 1 yourself" in said + await ground.surface.news("Mo")
    said = await ground.surface.press("Ana", "It stands")
    assert "Case 1 stands. Ben is told." in said
    assert "Somebody else looked at case 1 in Home: it stands." in await ground.surface.news("Ben")
    assert ground.writes("Ben") is (ground.name == "slack")
    assert "You have appealed already" in await ground.surface.say("Ben", "/appeal 1 please")


async def test_who_is_banned_can_still_appeal(strong: Ground) -> None:
    await strong.order("Mo", "/ban {Ben} scam")
    await strong.surface.press("Ben", "Appeal")
    await strong.surface.say("Ben", "it was my brother")
    said = await strong.surface.press("Ben", "Yes")
    assert said == "Another moderator will look at case 1. I tell you what they decide."
    await strong.surface.press("Ana", "Overturn")
    await done(strong.house)
    assert strong.comes("Ben")


async def test_nobody_appeals_for_somebody_else(ground: Ground) -> None:
    await ground.order("Mo", "/warn {Ben} spam")
    await ground.order("Cleo", "/appeal 1 he is nice")
    assert "I know no case 1 here" in await ground.surface.say("Cleo", "/appeal 1 he is nice")


# -- reports ----------------------------------------------------------------------------------------------------------


async def test_a_report_by_mention_names_whom_it_is_about_to_the_others(ground: Ground) -> None:
    """On Telegram a mention carries no id, so people who do not know each other answer the message."""
    await ground.surface.say("Cleo", "/help")
    bad = await ground.write("Ben", "you fool")
    order, on = ("/report is rude", bad) if ground.name == "telegram" else ("/report {Ben} is rude", None)
    said = await ground.order("Cleo", order, on=on)
    said = said if ground.name == "slack" else said + await ground.surface.news("Cleo")
    assert "Thank you. The moderators know, and nobody else: it is report 1." in said
    for who in ("Mo", "Ana"):
        told = await ground.surface.news(who)
        assert "A report in Home about Ben: is rude." in told
        assert ground.surface.buttons(who)[-2:] == ["Warn", "Dismiss"]
    assert "report" not in await ground.surface.news("Ben")
    said = await ground.surface.press("Mo", "Warn")
    assert "Ben is warned because of “is rude”." in said
    assert "Report 1 is closed." in said
    assert "Cleo" not in await ground.surface.news("Ben")
    assert "Case 1 is no open report." in await ground.surface.press("Ana", "Dismiss")


async def test_a_moderator_who_is_reported_is_neither_told_nor_shown_by_whom(ground: Ground) -> None:
    await ground.surface.say("Cleo", "/help")
    bad = await ground.write("Mo", "get lost, all of you")
    await ground.order("Cleo", "/report rude", on=bad)
    assert "A report in Home about Mo: rude." in await ground.surface.news("Ana")
    assert await ground.surface.news("Mo") == ""
    for order in ("/case 1", "/cases"):
        shown = await ground.surface.say("Mo", order)
        assert "Cleo" not in shown
        assert "rude" not in shown


async def test_only_moderators_see_cases_and_everybody_their_own(ground: Ground) -> None:
    await ground.order("Mo", "/warn {Ben} spam")
    shown = await ground.surface.say("Ben", "/case 1")
    assert "Case 1: warning" in shown
    assert "Mo" not in shown
    assert "I know no case 1 here that you may see." in await ground.surface.say("Cleo", "/case 1")
    assert "spam" not in await ground.surface.say("Cleo", "/cases")
    await ground.surface.say("Mo", "/note 1 keep an eye on him")
    await ground.surface.say("Mo", "/reason 1 advertising")
    shown = await ground.surface.say("Mo", "/case 1")
    assert "Reason: advertising" in shown
    assert "keep an eye on him" in shown
    assert "keep an eye" not in await ground.surface.say("Ben", "/case 1")
    assert "1. warning, Ben: advertising" in await ground.surface.say("Mo", "/cases")


async def test_cases_are_not_shown_where_all_can_read(ground: Ground) -> None:
    await ground.order("Mo", "/warn {Ben} spam")
    await ground.order("Mo", "/case 1")
    await ground.order("Mo", "/cases")
    for who in ("Ben", "Ada"):
        assert "Decided by" not in repr(shown_in(ground, who))


def shown_in(ground: Ground, who: str) -> list[str]:
    """What somebody sees of the bot in the place."""
    if isinstance(ground, OnDiscord):
        return [plain(m.words) for m in ground.harbour.seen(who)]
    if isinstance(ground, OnSlack):
        return [m.shown for m in ground.hall.seen(who)]
    return [m.text for m in ground.group.bot_messages]  # type: ignore[attr-defined]


# -- the platforms' own menus -----------------------------------------------------------------------------------------


async def test_native_commands_on_discord(discord: OnDiscord) -> None:
    said = await discord.harbour.command("Mo", "timeout", {"person": f"<@{discord.id('Ben')}>", "duration": "2h"})
    assert "Case 1: Ben is not to write until" in said
    assert "Discord: can read, not write." in said
    assert not discord.writes("Ben")
    said = await discord.harbour.command("Mo", "purge", {"count": 25})
    assert said == "Delete the newest 25 messages here? They cannot come back."
    keys = discord.guild.role("Keys", permissions_=["moderate_members"], position=5)
    discord.guild.give(discord.harbour.user("Cleo"), keys)  # Discord offers it, which does not make her a moderator
    said = await discord.harbour.command("Cleo", "ban", {"person": f"<@{discord.id('Ben')}>"})
    assert said == "That takes a moderator of Home, which you are not. Ana could help."


async def test_the_slash_command_on_slack(slack: OnSlack) -> None:
    said = await slack.hall.command("Mo", f"warn <@{slack.id('Ben')}|ben> too many links")
    assert "Ben is warned because of “too many links”." in said
    said = await slack.hall.command("Mo", f"kick <@{slack.id('Ben')}|ben>")
    assert "Ben was removed from 1 channel." in said
    assert not slack.inside("Ben")


async def test_a_message_is_reported_from_discords_menu(discord: OnDiscord) -> None:
    bad = await discord.write("Ben", "buy my coins")
    since = discord.harbour.discord.sequence
    await discord.harbour.server.settle(
        discord.channel.context_message(discord.harbour.user("Cleo"), "Report message", bad)
    )
    seen = [plain(m.words) for m in discord.harbour.seen("Cleo") if m.changed > since]
    assert seen == ["Thank you. The moderators know, and nobody else: it is report 1."]
    assert not [m for m in discord.harbour.seen("Ben") if m.changed > since]
    told = await discord.surface.news("Mo")
    assert "A report in Home about Ben: no reason given." in told
    assert "Message: “buy my coins”" in told


async def test_somebody_is_warned_from_discords_menu(discord: OnDiscord) -> None:
    used = discord.guild.context_user(discord.harbour.user("Mo"), "Warn", discord.harbour.user("Ben"), discord.channel)
    await discord.harbour.server.settle(used)
    assert [(number, kind) for number, kind, _, _ in cases(discord.house)] == [(1, "warn")]
    assert "You were warned in Home." in await discord.surface.news("Ben")
    discord.guild.give(
        discord.harbour.user("Ben"), discord.guild.role("Keys", permissions_=["moderate_members"], position=5)
    )
    used = discord.guild.context_user(
        discord.harbour.user("Ben"), "Warn", discord.harbour.user("Cleo"), discord.channel
    )
    await discord.harbour.server.settle(used)
    assert plain((await used.answered()).words).startswith("That takes a moderator of Home")


async def test_a_message_is_reported_from_slacks_menu(slack: OnSlack) -> None:
    bad = await slack.write("Ben", "buy my coins")
    since = slack.hall.slack.tick()
    used = slack.hall.team.shortcut(slack.hall.user("Cleo"), bad, "nexus_shortcut:report")
    await used.acked()
    await slack.house.settle()
    assert "it is report 1." in slack.hall.since("Cleo", since)
    assert slack.hall.since("Ben", since) == ""
    told = await slack.surface.news("Mo")
    assert "A report in Home about Ben" in told
    assert "Message: “buy my coins”" in told
