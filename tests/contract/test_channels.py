"""A private channel hears what all who can read it may see; who comes later changes that, and is told of once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from bot.turn import readers
from core.clock import HOUR, MINUTE
from tests.contract.conftest import Move, furnished
from tests.contract.house import Stub, until
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.server import plain
from tests.contract.wire.hall import Hall
from tests.contract.wire.harbour import Harbour
from tests.fakes.discord import Channel as DiscordChannel
from tests.fakes.discord import faults as discord_faults
from tests.fakes.slack import Channel as SlackChannel
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import faults as slack_faults

ONE_CAME = (
    "New here: one more person. They can read what I said here before. "
    "From now on I say only what everybody here may see."
)
TWO_CAME = ONE_CAME.replace("one more person", "2 people")
NOTHING = "no open needs"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the fakes is waited for, however busy the machine is."""
    monkeypatch.setattr(readers, "PATIENCE", PATIENCE)


# -- Discord ----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgres"])
async def harbour(request: pytest.FixtureRequest, move: Move, stub: Stub) -> AsyncIterator[Harbour]:
    """Ana (owner of Home and of the server) and Ben are in Home, where he needs a hull painter; Cleo is in nothing."""
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, "discord")
        house = await stack.enter_async_context(move(request.param, offline=stub, **fakes))
        here = await Harbour.of(house)
        await here.server.say("Ben", "/need post a hull painter")
        yield here


@pytest.fixture
async def cabin(harbour: Harbour) -> DiscordChannel:
    """A channel that only Ana, Ben and the bot may view."""
    made = harbour.guild.channel("cabin")
    made.deny(harbour.guild.everyone, "view_channel")
    made.allow(harbour.discord.app.user, "view_channel", "send_messages", "embed_links", "read_message_history")
    made.allow(harbour.user("Ben"), "view_channel")
    await harbour.discord.gateway.wait_until_received()
    return made


def lines(channel: DiscordChannel, said: str) -> int:
    """How often the bot said exactly that in a channel."""
    return [plain(m.words) for m in channel.bot_messages].count(said)


async def test_a_private_channel_hears_what_its_readers_may_see(harbour: Harbour, cabin: DiscordChannel) -> None:
    for who in ("Ana", "Ben"):
        assert "Ben: a hull painter" in await harbour.mention(who, "/needs", cabin)
        assert NOTHING in await harbour.mention(who, "/needs")  # where the whole server reads
    shown = await harbour.mention("Ana", "/place", cabin)
    assert "only what everybody who can read this may see" in shown
    assert "People who can read here: 2, as I was told just now." in shown


async def test_who_may_view_it_now_changes_the_next_answer_and_is_told_of_once(
    harbour: Harbour, cabin: DiscordChannel
) -> None:
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)
    cabin.allow(harbour.user("Cleo"), "view_channel")
    await cabin.wait_for_reply(after=0, contains=ONE_CAME, timeout=PATIENCE)
    for who in ("Ana", "Ben", "Cleo"):
        assert NOTHING in await harbour.mention(who, "/needs", cabin)
    assert lines(cabin, ONE_CAME) == 1
    cabin.deny(harbour.user("Cleo"), "view_channel")
    await harbour.discord.gateway.wait_until_received()
    harbour.house.clock.advance(MINUTE)
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)
    assert lines(cabin, ONE_CAME) == 1


async def test_who_gets_a_role_that_opens_it_is_noticed_and_further_ones_are_told_of_after_an_hour(
    harbour: Harbour, cabin: DiscordChannel
) -> None:
    crew = harbour.guild.role("Crew")
    cabin.allow(crew, "view_channel")
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)
    harbour.guild.give(harbour.user("Cleo"), crew)
    await cabin.wait_for_reply(after=0, contains=ONE_CAME, timeout=PATIENCE)
    assert NOTHING in await harbour.mention("Ana", "/needs", cabin)
    for who in ("Dora", "Emil"):
        harbour.guild.join(harbour.user(who), roles=[crew])
    await harbour.discord.gateway.wait_until_received()
    harbour.house.clock.advance(HOUR - 1)
    assert NOTHING in await harbour.mention("Ana", "/needs", cabin)
    assert lines(cabin, TWO_CAME) == 0
    harbour.house.clock.advance(MINUTE)
    assert NOTHING in await harbour.mention("Ana", "/needs", cabin)
    assert (lines(cabin, ONE_CAME), lines(cabin, TWO_CAME)) == (1, 1)


async def test_a_private_thread_in_a_channel_for_all_hears_what_those_in_it_may(harbour: Harbour) -> None:
    people = [harbour.user("Ben"), harbour.discord.app.user]
    thread = harbour.channel.thread(harbour.user("Ana"), "Plans", private=True, members=people)
    await harbour.discord.gateway.wait_until_received()
    assert "a hull painter" in await harbour.mention("Ana", "/needs", thread)
    assert NOTHING in await harbour.mention("Ana", "/needs")
    thread.enter(harbour.user("Cleo"))
    await thread.wait_for_reply(after=0, contains=ONE_CAME, timeout=PATIENCE)
    assert NOTHING in await harbour.mention("Ana", "/needs", thread)
    assert lines(harbour.channel, ONE_CAME) == 0


async def test_opened_to_everybody_it_is_public_at_once(harbour: Harbour, cabin: DiscordChannel) -> None:
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)
    cabin.allow(harbour.guild.everyone, "view_channel")
    await harbour.discord.gateway.wait_until_received()
    assert NOTHING in await harbour.mention("Ana", "/needs", cabin)


async def test_what_cannot_be_read_any_more_counts_as_unknown(harbour: Harbour, cabin: DiscordChannel) -> None:
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)
    harbour.house.clock.advance(10 * MINUTE)
    fault = harbour.discord.fail("GET", "/guilds/*/members", discord_faults.refused(50001))
    assert NOTHING in await harbour.mention("Ana", "/needs", cabin)
    assert fault.reached.is_set()
    harbour.house.clock.advance(MINUTE)
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)


async def test_bound_for_exactly_the_people_there_its_steward_is_told_of_newcomers(
    harbour: Harbour, cabin: DiscordChannel
) -> None:
    asked = await harbour.command("Ana", "place.bind", {"audience": "people"}, channel=cabin)
    assert "That is 2 now, and I know all of them. At this moment that is: 1 need." in asked
    await harbour.press("Ana", "Yes", cabin)
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)
    since = harbour.discord.sequence
    cabin.allow(harbour.user("Cleo"), "view_channel")
    await harbour.dm("Ana").wait_for_reply(after=since, contains="New in cabin since I told you last: 1.")
    await cabin.wait_for_reply(after=since, contains=ONE_CAME)  # the two are told beside each other
    assert lines(cabin, ONE_CAME) == 1


async def test_bound_for_members_it_stays_so_and_its_steward_is_told_of_strangers(
    harbour: Harbour, cabin: DiscordChannel
) -> None:
    await harbour.command("Ana", "place.bind", {"audience": "members"}, channel=cabin)
    await harbour.press("Ana", "Yes", cabin)
    assert "a hull painter" in await harbour.mention("Ana", "/needs", cabin)
    since = harbour.discord.sequence
    cabin.allow(harbour.user("Cleo"), "view_channel")
    await harbour.dm("Ana").wait_for_reply(after=since, contains="1 who are not in Home", timeout=PATIENCE)
    assert "a hull painter" in await harbour.mention("Cleo", "/needs", cabin)
    assert lines(cabin, ONE_CAME) == 0


# -- Slack ------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgres"])
async def hall(request: pytest.FixtureRequest, move: Move, stub: Stub) -> AsyncIterator[Hall]:
    """The same on Slack."""
    async with (
        FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES) as slack,
        move(request.param, terminal=False, slack=slack, offline=stub) as house,
    ):
        here = await Hall.of(house)
        await here.office.say("Ben", "/need post a hull painter")
        yield here


@pytest.fixture
def booth(hall: Hall) -> SlackChannel:
    """A private channel with Ana, Ben and the app."""
    return hall.team.channel("booth", [hall.user("Ana"), hall.user("Ben")], private=True)


def said(hall: Hall, channel: SlackChannel, words: str) -> int:
    """How often the app said exactly that in a channel."""
    return hall.public(channel).count(words)


async def came(hall: Hall, channel: SlackChannel, *who: str) -> None:
    """People are added to a channel, and that was noticed."""
    for one in who:
        told = channel.join(hall.user(one))
        assert told is not None
        await told.acked(PATIENCE)
    await hall.house.settle()


async def test_a_stranger_who_joins_a_private_channel_changes_the_next_answer(hall: Hall, booth: SlackChannel) -> None:
    assert "a hull painter" in await hall.mention("Ana", "/needs", booth)
    assert NOTHING in await hall.mention("Ana", "/needs")  # a public channel
    await came(hall, booth, "Cleo")
    assert said(hall, booth, ONE_CAME) == 1
    for who in ("Ana", "Cleo"):
        assert NOTHING in await hall.mention(who, "/needs", booth)
    left = booth.leave(hall.user("Cleo"))
    assert left is not None
    await left.acked(PATIENCE)
    assert "a hull painter" in await hall.mention("Ana", "/needs", booth)
    await came(hall, booth, "Cleo", "Dora")
    assert said(hall, booth, TWO_CAME) == 0
    hall.house.clock.advance(HOUR)
    assert NOTHING in await hall.mention("Ana", "/needs", booth)
    assert (said(hall, booth, ONE_CAME), said(hall, booth, TWO_CAME)) == (1, 1)


async def test_a_thread_of_a_private_channel_is_read_by_the_same_people(hall: Hall, booth: SlackChannel) -> None:
    root = booth.say(hall.user("Ben"), "who paints?")
    assert "a hull painter" in await hall.mention("Ben", "/needs", booth, thread=root)
    await came(hall, booth, "Cleo")
    assert NOTHING in await hall.mention("Ben", "/needs", booth, thread=root)


@pytest.mark.parametrize(
    "fault",
    [lambda: slack_faults.rate_limited(30), lambda: slack_faults.refused("missing_scope", needed="groups:read")],
)
async def test_a_roster_that_slack_refuses_is_unknown(
    hall: Hall, booth: SlackChannel, fault: Callable[[], slack_faults.Fault]
) -> None:
    assert "a hull painter" in await hall.mention("Ana", "/needs", booth)
    hall.house.clock.advance(MINUTE)
    hall.slack.fail("conversations.members", fault())
    assert NOTHING in await hall.mention("Ana", "/needs", booth)
    hall.house.clock.advance(readers.AGAIN)
    assert "a hull painter" in await hall.mention("Ana", "/needs", booth)


async def test_a_slow_roster_holds_no_acknowledgement_up(
    hall: Hall, booth: SlackChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    held = hall.slack.fail("conversations.info", slack_faults.hold(), where={"include_num_members": "1"})
    message = booth.say(hall.user("Ana"), "<@BOT> /needs")
    for delivery in message.deliveries:
        await delivery.acked(PATIENCE)
    await asyncio.wait_for(held.reached.wait(), PATIENCE)
    await hall.house.settle()
    assert NOTHING in hall.public(booth)[-1]  # nobody knows yet who reads it
    held.release()
    await until(lambda: hall.house.count("place_reader") == 2)
    assert "a hull painter" in await hall.mention("Ana", "/needs", booth)
