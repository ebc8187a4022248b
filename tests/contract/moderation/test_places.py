"""What moderators do about a place: purge, lock, slow mode, in channels and in threads; and the way back."""

from __future__ import annotations

from core.clock import HOUR
from tests.contract.moderation.ground import Ground, OnDiscord, OnSlack, OnTelegram, cases, later
from tests.fakes.discord import Channel


async def talk(ground: Ground, count: int, who: str = "Ben") -> list[object]:
    """Somebody says something so many times."""
    return [await ground.write(who, f"line {number}") for number in range(count)]


def standing(ground: Ground, messages: list[object]) -> list[bool]:
    """Which of them are still there."""
    return [ground.there(message) for message in messages]


# -- purges -----------------------------------------------------------------------------------------------------------


async def test_a_purge_takes_the_newest_and_says_how_many(strong: Ground) -> None:
    said = await talk(strong, 4)
    shown = await strong.order("Mo", "/purge 3 cleaning up")
    assert "Case 1: the newest 3 messages here are to go because of “cleaning up”." in shown
    assert "deleted 3 messages." in shown
    assert standing(strong, said) == [True, True, False, False]  # the order itself is the newest


async def test_a_purge_of_one_person_leaves_what_others_say(strong: Ground) -> None:
    ben = await talk(strong, 2)
    cleo = await talk(strong, 2, "Cleo")
    shown = await strong.order("Mo", f"/purge 20 {strong.id('Cleo')}")
    assert "deleted 2 messages." in shown
    assert standing(strong, [*ben, *cleo]) == [True, True, False, False]
    shown = await strong.order("Mo", "/purge {Ben} 20")  # in either order
    assert "of Ben here are to go." in shown
    assert standing(strong, ben) == [False, False]


async def test_a_big_purge_asks_first(ground: Ground) -> None:
    said = await talk(ground, 3)
    shown = await ground.order("Mo", "/purge 30")
    assert shown == "Delete the newest 30 messages here? They cannot come back."
    assert standing(ground, said) == [True, True, True]
    assert cases(ground.house) == []
    await ground.press("Mo", "No")
    assert standing(ground, said) == [True, True, True]
    await ground.order("Mo", "/purge 30")
    shown = await ground.press("Mo", "Yes")
    assert "Case 1: the newest 30 messages here are to go." in shown
    if ground.name == "slack":
        assert standing(ground, said) == [True, True, True]
    else:
        assert standing(ground, said) == [False, False, False]


async def test_only_who_was_asked_confirms_a_purge(strong: Ground) -> None:
    said = await talk(strong, 2)
    await strong.order("Mo", "/purge 30")
    if strong.name == "discord":
        pressed = await strong.harbour.press("Ben", "Yes")  # type: ignore[attr-defined]
        assert (await pressed.answered()).words == "That button is for somebody else."
    else:
        assert await strong.press("Ben", "Yes") == "That button is for somebody else."
    assert standing(strong, said) == [True, True]


async def test_slack_says_whose_messages_a_bot_can_delete(slack: OnSlack) -> None:
    said = await talk(slack, 2)
    shown = await slack.order("Mo", "/purge 20 {Ben}")
    assert "Slack: not done." in shown
    assert "admin" in shown
    assert standing(slack, said) == [True, True]


async def test_undo_of_a_purge_says_what_cannot_come_back(strong: Ground) -> None:
    said = await talk(strong, 1)
    await strong.order("Mo", "/purge 2")
    assert "Deleted messages cannot come back." in await strong.order("Mo", "/undo 1")
    assert not strong.there(said[0])


# -- locks and slow mode ----------------------------------------------------------------------------------------------


async def test_a_lock_closes_for_all_but_moderators_and_undo_opens(strong: Ground) -> None:
    shown = await strong.order("Mo", "/lock 1h raid")
    assert "Case 1: nobody but moderators is to write here until" in shown
    assert "closed for writing." in shown
    assert [strong.writes(who) for who in ("Ben", "Cleo")] == [False, False]
    assert strong.writes("Ana")
    assert strong.inside("Ben")
    shown = await strong.press("Mo", "Undo")
    assert "open as before." in shown
    assert strong.writes("Ben")


async def test_a_lock_ends_by_itself_and_by_unlock(strong: Ground) -> None:
    await strong.order("Mo", "/lock 1h")
    await later(strong, HOUR + 1)
    assert strong.writes("Ben")
    await strong.order("Mo", "/lock")
    assert not strong.writes("Ben")
    shown = await strong.order("Ana", "/unlock all quiet")
    assert "Case 3: people may write here again because of “all quiet”." in shown
    assert strong.writes("Ben")
    shown = await strong.order("Ana", "/unlock")
    assert shown == "I did not lock this place, so I cannot tell how it was before."


async def test_slack_says_that_it_cannot_close_a_channel_nor_slow_it_down(slack: OnSlack) -> None:
    shown = await slack.order("Mo", "/lock 1h")
    assert "Slack: not done. A bot on Slack cannot close a channel, so nothing was done." in shown
    assert slack.writes("Ben")
    shown = await slack.order("Mo", "/slowmode 30s")
    assert "Slack: not done. Slack has no slow mode, so nothing was done." in shown
    assert [(kind, state) for _, kind, state, _ in cases(slack.house)] == [("lock", "undone"), ("slow", "undone")]


async def test_slow_mode_is_set_and_undo_sets_it_as_it_was(discord: OnDiscord) -> None:
    discord.channel.slow = 5
    shown = await discord.order("Mo", "/slowmode 30s everybody calm down")
    assert "Case 1: everybody is to write here once in 30 seconds because of “everybody calm down”." in shown
    assert "Discord: slowed down." in shown
    assert discord.channel.slow == 30
    shown = await discord.press("Mo", "Undo")
    assert "Discord: slow mode is as it was." in shown
    assert discord.channel.slow == 5


async def test_telegram_says_that_it_has_no_slow_mode_for_bots(telegram: OnTelegram) -> None:
    shown = await telegram.order("Mo", "/slowmode 30s")
    assert "Telegram: not done. A bot cannot set slow mode on Telegram." in shown


# -- threads ----------------------------------------------------------------------------------------------------------


async def in_thread(discord: OnDiscord, thread: Channel, who: str, text: str) -> str:
    """Somebody gives an order in a thread on Discord; what all are shown there."""
    return await discord.harbour.mention(who, text, thread)


async def test_a_purge_in_a_thread_stays_in_it(discord: OnDiscord) -> None:
    ben = discord.harbour.user("Ben")
    outside = await talk(discord, 2)
    thread = discord.channel.thread(ben, "Boats", members=[discord.harbour.user("Mo")])
    inside = [thread.say(ben, f"boat {number}") for number in range(2)]
    await discord.house.settle()
    shown = await in_thread(discord, thread, "Mo", "/purge 3")
    assert "deleted 3 messages." in shown
    assert [message.deleted for message in inside] == [True, True]
    assert standing(discord, outside) == [True, True]


async def test_a_purge_in_a_thread_on_slack_finds_what_stands_in_it(slack: OnSlack) -> None:
    root = await slack.write("Ben", "boats")
    await slack.write("Ben", "a boat", on=root)
    shown = await slack.order("Mo", "/purge 2", on=root)
    assert "Case 1: the newest 2 messages here are to go." in shown
    assert "Slack: not done. A bot on Slack can delete only its own messages. " in shown


async def test_a_lock_in_a_thread_closes_the_thread_alone(discord: OnDiscord) -> None:
    ben = discord.harbour.user("Ben")
    thread = discord.channel.thread(ben, "Boats", members=[discord.harbour.user("Mo")])
    assert "closed for writing." in await in_thread(discord, thread, "Mo", "/lock")
    assert thread.locked
    assert discord.writes("Ben")
    assert "I did not lock this place" in await discord.order("Mo", "/unlock")
    assert "open as before." in await in_thread(discord, thread, "Ana", "/unlock")
    assert not thread.locked


async def test_a_topic_on_telegram_is_a_place_of_its_own(telegram: OnTelegram) -> None:
    """In a forum an order holds in the topic where it is given."""
    phone, tg = telegram.phone, telegram.phone.tg
    people = [phone.user(who) for who in ("Mo", "Ben")]
    rights = ("can_restrict_members", "can_delete_messages", "can_manage_topics")
    telegram.group = tg.group("Forum", people, forum=True, owner=phone.user("Ana"), bot_rights=rights)
    await telegram.order("Ana", "/bind audience=members")
    await telegram.press("Ana", "Yes")
    topic = telegram.group.topic(phone.user("Ana"), "Boats")
    other = await telegram.write("Ben", "outside")
    telegram.group.say(phone.user("Ben"), "a boat", thread=topic)
    inside = telegram.group.last
    await telegram.house.settle()
    telegram.group.say(phone.user("Mo"), "/purge@nexus_test_bot 5", thread=topic)
    await telegram.house.settle()
    assert inside.deleted
    assert not other.deleted
    telegram.group.say(phone.user("Mo"), "/lock@nexus_test_bot", thread=topic)
    await telegram.house.settle()
    assert topic in telegram.group.closed_topics
    assert telegram.writes("Ben")
