"""Before a rule is let do anything it is said whom it would have met, where the platform shows what was written."""

from __future__ import annotations

from core.catalogue import metadata
from tests.contract.moderation.ground import Ground, OnDiscord, OnSlack, OnTelegram, done

LOOKING = "I am looking at the last seven days meanwhile"
DRAFT = "/guard draft text=\"delete messages with 'kraken'\" name=sea"


async def said(ground: Ground) -> None:
    """A bit of talk before anything is watched: Ben and Cleo write of the kraken, and so does a moderator."""
    for who, text in (
        ("Ben", "a quiet sea"),
        ("Ben", "release the kraken"),
        ("Cleo", "the kr4ken, really?"),
        ("Mo", "nobody writes of the kraken"),
        ("Ben", "KRAKEN!"),
    ):
        await ground.write(who, text)
    await done(ground.house)


async def asked(ground: Ground, text: str) -> str:
    """Ana asks for something: what she is shown at once, and what she is told when it was looked at."""
    at_once = await ground.surface.say("Ana", text)
    await done(ground.house)
    return f"{at_once}\n{await ground.surface.news('Ana')}"


def stored(ground: Ground) -> list[str]:
    """The tables in which something of the talk stands."""
    return [name for name, rows in ground.house.dump(*metadata.tables).items() if "release the" in repr(rows)]


async def told(ground: Ground) -> None:
    """A rule is drafted, and set: each time it is said whom it would have met, before anything is confirmed."""
    await said(ground)
    before = stored(ground)
    answer = await asked(ground, DRAFT)
    assert "I understood: delete messages with “kraken”." in answer
    assert LOOKING in answer
    assert "“sea” would have met Ben (2), Cleo (1). I read " in answer
    assert ground.house.count("guard_own") == 0
    await ground.surface.press("Ana", "Yes")
    answer = await asked(ground, "/guard set mode=ask rule=everything")
    assert LOOKING in answer
    assert "the rules would have met sea: Ben (2), Cleo (1). I read" in answer
    assert stored(ground) == before


async def test_on_discord(discord: OnDiscord) -> None:
    await told(discord)


async def test_on_slack(slack: OnSlack) -> None:
    await told(slack)


async def test_on_telegram_it_is_said_that_nothing_can_be_read(telegram: OnTelegram) -> None:
    await said(telegram)
    answer = await asked(telegram, DRAFT)
    assert LOOKING in answer
    assert "Telegram shows me nothing that was written before I watched" in answer
    assert "I can only count from now on." in answer
    await telegram.surface.press("Ana", "Yes")
    await telegram.write("Ben", "release the kraken")
    await done(telegram.house)
    shown = await telegram.surface.say("Mo", "/guard show")
    assert "sea (your own: delete messages with “kraken”): counts in shadow, met Ben" in shown


async def test_a_rule_is_typed_as_it_is_said(telegram: OnTelegram) -> None:
    answer = await asked(telegram, "/guard draft delete messages with 'free nitro' or /kra+ken/, call it sea")
    assert "I understood: delete messages with “free nitro” or matching /kra+ken/." in answer
    assert "as “sea”?" in answer
    answer = await asked(telegram, "/guard draft delete zitherfish")
    assert "I did not understand “zitherfish” in that rule." in answer


async def test_what_the_bot_may_not_read_it_does_not_read(discord: OnDiscord) -> None:
    await said(discord)
    discord.channel.deny(discord.guild.everyone, "read_message_history")
    answer = await asked(discord, DRAFT)
    assert "I could not read what was written on Discord lately" in answer
