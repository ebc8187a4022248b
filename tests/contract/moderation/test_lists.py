"""The ban list of another community, on the platforms: a card, a press, a ban whose reason names whose list it was."""

from __future__ import annotations

from sqlalchemy import select

from core.moderation.cases.cases import open_case
from core.moderation.lists import shares
from core.nexuses import tree
from core.people.tables import account
from core.store import Unit
from tests.contract.moderation.ground import Ground, OnDiscord, OnSlack, OnTelegram, cases, done


async def listed(ground: Ground) -> None:
    """Cleo is banned in Bakers, which shares its list and why with everyone."""
    await ground.surface.say("Cleo", "hello")

    def unit(unit: Unit) -> None:
        bakers = tree.add_nexus(unit, "Bakers", parent_id=tree.ROOT_ID, door="members")
        row = unit.row(select(account).where(account.c.external_id == ground.id("Cleo")))
        assert row is not None
        open_case(
            unit,
            nexus_id=bakers.id,
            kind="ban",
            person_id=row["person_id"],
            account_id=row["id"],
            reason="stolen flour",
            by_id=None,
            why="moderator of Bakers",
        )
        shares.share(unit, bakers.id, shares.ANY, reasons=True, by_id=0)

    ground.house.store.write(unit).result()


async def followed(ground: Ground, mode: str) -> str:
    """Ana follows it; what she is asked first."""
    name = "banlist_follow" if ground.name == "telegram" else "banlist follow"
    asked = await ground.surface.say("Ana", f"/{name} source=Bakers mode={mode}")
    await ground.surface.press("Ana", "Yes")
    await done(ground.house)
    return asked


async def asked_and_banned(ground: Ground) -> str:
    """From the card to the ban; what Mo reads when he presses."""
    await listed(ground)
    said = await followed(ground, "ask")
    assert "It has one person on it; nobody of them is among you." in said
    assert "Cleo" not in said
    await ground.write("Cleo", "good morning, all")
    card = await ground.surface.news("Mo")
    assert "Cleo is in Home, and on the ban list of Bakers since" in card.replace("cleo", "Cleo")
    assert "(stolen flour). Ban them here as well?" in card
    pressed = await ground.surface.press("Mo", "Ban")
    await done(ground.house)
    assert [(kind, state) for _, kind, state, _ in cases(ground.house)][1:] == [
        ("report", "closed"),
        ("ban", "standing"),
    ]
    told = await ground.surface.news("Cleo")
    assert "You are banned from Home: you are on the ban list of Bakers, and Home goes by that (stolen flour)." in told
    return str(pressed)


async def test_on_discord_the_log_says_whose_list_it_was(discord: OnDiscord) -> None:
    said = await asked_and_banned(discord)
    assert "Done, as case 2: " in said
    assert "is banned, as on the list of Bakers." in said
    assert "Discord: banned." in said
    assert discord.reasons() == ["Case 2, ban list of Bakers: stolen flour"]
    assert not discord.comes("Cleo")


async def test_on_telegram_in_ask(telegram: OnTelegram) -> None:
    said = await asked_and_banned(telegram)
    assert "Telegram: banned." in said
    assert not telegram.inside("Cleo")
    assert not telegram.comes("Cleo")


async def test_on_slack_it_is_said_what_a_bot_cannot(slack: OnSlack) -> None:
    said = await asked_and_banned(slack)
    assert "Slack: done in part. " in said
    assert "A bot on Slack cannot keep anybody out" in said
    assert not slack.inside("Cleo")
