"""Rules at work on the platforms: what is taken away, who is told, and how people have the last word."""

from __future__ import annotations

from tests.contract.moderation.ground import Ground, OnDiscord, OnSlack, OnTelegram, cases, done

TOLD = (
    "What you wrote in Home meets its rule “unwanted words”: the message was removed. "
    "If that is wrong, tell me why: a moderator will look at it. It is case 1."
)

DOES = {"act": "acts", "ask": "asks", "shadow": "only counts"}


async def guarded(ground: Ground, mode: str) -> None:
    """Ana lets the rule about unwanted words do that; what is unwanted is "kraken"."""
    assert "kraken" in await ground.surface.say("Ana", "/guard words add=kraken")
    said = await ground.surface.say("Ana", f"/guard set mode={mode} rule=“unwanted words”")
    assert "“unwanted words”" in said
    assert f"“unwanted words” {DOES[mode]}" in await ground.surface.press("Ana", "Yes")
    await done(ground.house)
    for who in ("Ana", "Ben"):
        await ground.surface.news(who)


async def test_a_rule_that_acts_deletes_tells_and_can_be_undone(strong: Ground) -> None:
    await guarded(strong, "act")
    good = await strong.write("Ben", "a quiet sea")
    bad = await strong.write("Ben", "release the kraken")
    await done(strong.house)
    assert strong.there(good)
    assert not strong.there(bad)
    assert await strong.surface.news("Ben") == TOLD
    assert strong.surface.buttons("Ben")[-1] == "Appeal"
    for who in ("Ana", "Mo"):
        told = await strong.surface.news(who)
        assert "The rule “unwanted words” acted on Ben in Home. It is case 1." in told
        assert "Message: “release the kraken”" in told
    assert "Undone: case 1" in await strong.surface.press("Mo", "Undo")
    assert cases(strong.house) == [(1, "purge", "undone", 1)]
    if isinstance(strong, OnDiscord):
        assert strong.reasons() == ["Case 1, rule “unwanted words”: a word that this Nexus does not want to read"]


async def test_moderators_and_who_runs_the_platform_write_what_they_like(ground: Ground) -> None:
    await guarded(ground, "act")
    said = [await ground.write(who, "release the kraken") for who in ("Ana", "Mo")]
    await done(ground.house)
    assert all(ground.there(one) for one in said)
    assert cases(ground.house) == []


async def test_a_rule_that_asks_shows_a_card_and_does_what_is_answered(strong: Ground) -> None:
    await guarded(strong, "ask")
    bad = await strong.write("Ben", "release the kraken")
    await done(strong.house)
    assert strong.there(bad)
    assert await strong.surface.news("Ben") == ""
    told = await strong.surface.news("Mo")
    assert "What Ben wrote in Home meets the rule “unwanted words”: " in told
    assert "Shall I delete it?" in told
    said = await strong.surface.press("Mo", "Delete it")
    assert "Done, as case 2: deleted messages, Ben." in said
    await done(strong.house)
    assert not strong.there(bad)
    assert "It is case 2." in await strong.surface.news("Ben")
    again = await strong.write("Ben", "the kraken again")  # what was decided covers it
    await done(strong.house)
    assert not strong.there(again)
    assert [kind for _, kind, _, _ in cases(strong.house)] == ["report", "purge"]
    said = await strong.surface.press("Ana", "Delete it")
    assert "Somebody has just dealt with case 1." in said


async def test_a_dismissed_proposal_does_nothing(ground: Ground) -> None:
    await guarded(ground, "ask")
    bad = await ground.write("Ben", "release the kraken")
    await done(ground.house)
    assert "Report 1 is closed." in await ground.surface.press("Mo", "Dismiss")
    await done(ground.house)
    assert ground.there(bad)
    assert cases(ground.house) == [(1, "report", "closed", 0)]
    assert await ground.surface.news("Ben") == ""
    shown = await ground.surface.say("Mo", "/guard show")
    assert "met Ben; 0 right, 1 wrong" in shown


async def test_a_rule_in_shadow_counts_and_nobody_notices(ground: Ground) -> None:
    await guarded(ground, "shadow")
    bad = await ground.write("Ben", "release the kraken")
    await done(ground.house)
    assert ground.there(bad)
    assert cases(ground.house) == []
    assert await ground.surface.news("Ben") == ""
    assert "unwanted words: counts in shadow, met Ben" in await ground.surface.say("Mo", "/guard show")


async def test_an_edit_is_looked_at(strong: Ground) -> None:
    await guarded(strong, "act")
    said = await strong.write("Ben", "a quiet sea")
    if isinstance(strong, OnDiscord):
        strong.channel.edit(strong.harbour.user("Ben"), said, "release the kraken")
        await strong.harbour.discord.gateway.wait_until_received()
        await strong.write("Mo", "behind it")
    else:
        strong.group.edit(strong.phone.user("Ben"), said, "release the kraken")  # type: ignore[attr-defined]
        await strong.house.settle()
    await done(strong.house)
    assert not strong.there(said)


async def test_a_slash_is_no_way_around_the_rules(strong: Ground) -> None:
    await guarded(strong, "act")
    shown = await strong.order("Ben", "/frobnicate release the kraken")
    await done(strong.house)
    assert cases(strong.house) == [(1, "purge", "standing", 1)]
    assert "kraken" not in shown
    said = strong.channel.messages if isinstance(strong, OnDiscord) else strong.group.messages  # type: ignore[attr-defined]
    assert not [one for one in said if "kraken" in one.text]


async def test_what_moderators_are_told_may_quote(telegram: OnTelegram) -> None:
    await guarded(telegram, "act")
    await telegram.surface.say("Cleo", "/help")
    await telegram.order("Cleo", "/report somebody wrote kraken here")
    await done(telegram.house)
    assert [kind for _, kind, _, _ in cases(telegram.house)] == ["report"]


async def test_a_message_in_a_thread_is_deleted_there(discord: OnDiscord) -> None:
    await guarded(discord, "act")
    ben = discord.harbour.user("Ben")
    thread = discord.channel.thread(ben, "Boats")
    bad = thread.say(ben, "release the kraken")
    await discord.harbour.server.settle(bad)
    await done(discord.house)
    assert bad.deleted


async def test_a_proposal_about_a_thread_is_carried_out_there(discord: OnDiscord) -> None:
    await guarded(discord, "ask")
    ben = discord.harbour.user("Ben")
    thread = discord.channel.thread(ben, "Boats")
    bad = thread.say(ben, "release the kraken")
    await discord.harbour.server.settle(bad)
    await done(discord.house)
    await discord.surface.press("Mo", "Delete it")
    await done(discord.house)
    assert bad.deleted


async def test_slack_leaves_the_message_and_tells_moderators(slack: OnSlack) -> None:
    await guarded(slack, "act")
    bad = await slack.write("Ben", "release the kraken")
    await done(slack.house)
    assert slack.there(bad)
    shown = await slack.surface.say("Mo", "/case 1")
    assert "Slack: delete messages, not done." in shown
    assert "Message: “release the kraken”" in shown


async def test_what_is_taken_away_is_not_answered(strong: Ground) -> None:
    await guarded(strong, "act")
    since = len(cases(strong.house))
    shown = await strong.order("Ben", "please release the kraken for me")
    await done(strong.house)
    assert shown == ""
    assert len(cases(strong.house)) == since + 1
