"""A whole Discord server or Slack workspace comes to a Nexus: set up in a few clicks, with its roles and its people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select

from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from core.nexuses.members import roles_here
from core.nexuses.tables import nexus
from core.people.people import known_speaker
from core.store import Unit
from tests.contract.conftest import Move, furnished
from tests.contract.house import House, Stub, until
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.office import plain as slack_plain
from tests.contract.surfaces.server import plain
from tests.contract.wire.hall import Hall
from tests.contract.wire.harbour import Harbour
from tests.fakes.slack import FakeSlack, Usergroup


def roles(house: House, where: str, *, platform: str, workspace: str, account: str) -> set[str]:
    """What somebody is in a Nexus; nothing for one whom the bot has not met."""

    def unit(unit: Unit) -> set[str]:
        who = known_speaker(unit, platform=platform, workspace=workspace, external_id=account)
        number = unit.value(select(nexus.c.id).where(nexus.c.name == where))
        return set() if who is None else set(roles_here(unit, who.person_id, number))

    return house.store.read(unit).result()


# -- Discord ----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgres"])
async def harbour(request: pytest.FixtureRequest, move: Move, stub: Stub) -> AsyncIterator[Harbour]:
    """Ana decides for Home and Parser; her server has the roles Mods and Crew. Ben is in Home, Cleo nowhere."""
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, "discord")
        house = await stack.enter_async_context(move(request.param, offline=stub, **fakes))
        here = await Harbour.of(house, roles=["Mods", "Crew"])
        await here.server.say("Ana", "/create Parser door=private")
        await here.server.say("Ana", "/enter Home")
        yield here


def is_in(harbour: Harbour, who: str, where: str = "Parser") -> set[str]:
    """What somebody is in a Nexus."""
    return roles(harbour.house, where, platform="discord", workspace="", account=str(harbour.user(who).id))


async def shown(harbour: Harbour, label: str, who: str = "Ana") -> str:
    """Somebody presses a button; what stands there then."""
    since = harbour.discord.sequence
    await harbour.press(who, label)
    return "\n".join(plain(m.words) for m in harbour.seen(who) if m.changed > since)


async def set_up(harbour: Harbour, everyone: str, nexus: str = "Parser") -> str:
    """Ana sets her server up; what she is shown in the end."""
    await harbour.command("Ana", "place.setup")
    await shown(harbour, nexus)
    return await shown(harbour, everyone)


ALL, ONLY = "Yes, everyone here is a member", "No, only those who come in"


async def test_a_server_is_set_up_with_a_few_clicks(harbour: Harbour) -> None:
    asked = await harbour.command("Ana", "place.setup")
    assert "Which Nexus does Harbour belong to?" in asked
    assert harbour.seen("Ana")[-1].buttons == ["Home", "Parser", "None of these"]
    asked = await shown(harbour, "Parser")
    assert "Harbour will belong to Parser. Is everyone here a member of Parser" in asked
    said = await shown(harbour, ALL)
    assert "Harbour" in said
    assert "Parser" in said
    assert harbour.seen("Ana")[-1].buttons == ["Mods are moderators", "That's all"]
    asked = await shown(harbour, "Mods are moderators")
    assert "Whoever has the role Mods on Harbour becomes moderator of Parser" in asked
    said = await shown(harbour, "Yes")
    assert "Mods gives moderator of Parser from now on" in said
    assert not [m for m in harbour.seen("Ana") if "Yes" in m.buttons]
    listed = await harbour.command("Ben", "place.roles")
    assert "Mods: moderator of Parser" in listed
    assert "everyone: member of Parser" in listed
    assert "Crew" in listed


async def test_it_takes_who_manages_the_server_and_decides_for_the_nexus(harbour: Harbour) -> None:
    before = harbour.house.dump("place", "membership")
    assert "takes somebody who manages it on the platform" in await harbour.command("Cleo", "place.setup")
    assert "takes somebody who manages it on the platform" in await harbour.mention("Cleo", "/setup")
    harbour.guild.give(harbour.user("Cleo"), harbour.guild.role("Keepers", permissions_=("manage_guild",)))
    assert "takes a steward of some Nexus" in await harbour.command("Cleo", "place.setup")
    await harbour.command("Ana", "place.setup")
    card = harbour.button("Ana", "Parser")
    pressed = await harbour.press("Ben", "Parser", on=card)
    assert plain((await pressed.answered()).words) == "That button is for somebody else."
    assert harbour.house.dump("place", "membership") == before
    assert "Parser" in card.buttons


async def test_with_everyone_a_member_whoever_speaks_or_comes_is_one(harbour: Harbour) -> None:
    await harbour.server.say("Ana", "/enter Parser")
    await harbour.server.say("Ana", "/need post a hull painter")
    await set_up(harbour, ALL)
    assert is_in(harbour, "Cleo") == set()
    assert "a hull painter" in await harbour.mention("Cleo", "/needs")
    assert is_in(harbour, "Cleo") == {"member"}
    assert "as member" in await harbour.server.say("Cleo", "/help")
    # Who comes later is a member with their first word, in any channel.
    dora, side = harbour.user("Dora"), harbour.guild.channel("side")
    harbour.guild.join(dora)
    assert "a hull painter" in await harbour.command("Dora", "need.list", channel=side)
    assert is_in(harbour, "Dora") == {"member"}


async def test_without_that_a_server_hears_only_what_anybody_may_know(harbour: Harbour) -> None:
    await harbour.server.say("Ana", "/enter Parser")
    await harbour.server.say("Ana", "/need post a hull painter")
    await set_up(harbour, ONLY)
    for who in ("Ana", "Cleo"):
        assert "hull painter" not in await harbour.mention(who, "/needs")
    assert is_in(harbour, "Cleo") == set()
    assert "hull painter" not in repr([m.words for m in harbour.channel.bot_messages])


async def mapped(harbour: Harbour, everyone: str = ONLY) -> None:
    """The server belongs to Parser, and whoever has the role Mods moderates there."""
    await set_up(harbour, everyone)
    await shown(harbour, "Mods are moderators")
    await shown(harbour, "Yes")


async def test_a_role_of_the_server_counts_from_when_its_holder_is_seen(harbour: Harbour) -> None:
    await mapped(harbour)
    harbour.guild.give(harbour.user("Cleo"), harbour.guild.role("Mods"))
    assert "no open needs" in await harbour.mention("Cleo", "/needs")
    assert is_in(harbour, "Cleo") == {"member", "moderator"}
    await harbour.mention("Ben", "/needs")
    assert is_in(harbour, "Ben") == set()
    harbour.guild.give(harbour.user("Ben"), harbour.guild.role("Crew"))
    await harbour.mention("Ben", "/needs")
    assert is_in(harbour, "Ben") == set()


async def changed(harbour: Harbour, who: str, change: Callable[[], object], wanted: set[str]) -> None:
    """Something happens to somebody in the server: what they are in Parser follows, without a word of theirs."""
    change()
    await harbour.discord.gateway.wait_until_received()
    await harbour.mention("Ana", "/needs")  # behind it
    await until(lambda: is_in(harbour, who) == wanted)


async def test_a_role_that_is_lost_is_lost_in_the_nexus_at_once(harbour: Harbour) -> None:
    await mapped(harbour)
    ben, mods = harbour.user("Ben"), harbour.guild.role("Mods")
    await changed(harbour, "Ben", lambda: harbour.guild.give(ben, mods), {"member", "moderator"})
    await changed(harbour, "Ben", lambda: harbour.guild.take(ben, mods), set())
    assert is_in(harbour, "Ben", "Home") == {"member"}
    await changed(harbour, "Ben", lambda: harbour.guild.give(ben, mods), {"member", "moderator"})
    await changed(harbour, "Ben", lambda: harbour.guild.leave(ben), set())


async def test_with_everyone_a_member_a_lost_role_leaves_the_membership_and_leaving_takes_it(harbour: Harbour) -> None:
    await mapped(harbour, ALL)
    ben, mods = harbour.user("Ben"), harbour.guild.role("Mods")
    await harbour.mention("Ben", "/needs")
    assert is_in(harbour, "Ben") == {"member"}
    await changed(harbour, "Ben", lambda: harbour.guild.give(ben, mods), {"member", "moderator"})
    await changed(harbour, "Ben", lambda: harbour.guild.take(ben, mods), {"member"})
    await changed(harbour, "Ben", lambda: harbour.guild.leave(ben), set())
    assert is_in(harbour, "Ben", "Home") == {"member"}


async def test_what_was_given_by_hand_is_not_taken_with_a_role(harbour: Harbour) -> None:
    await mapped(harbour)
    ben, mods = harbour.user("Ben"), harbour.guild.role("Mods")
    await harbour.server.say("Ana", "/role grant Ben steward nexus=Parser")
    await harbour.server.press("Ana", "Yes")
    assert is_in(harbour, "Ben") == {"member", "steward"}
    await changed(harbour, "Ben", lambda: harbour.guild.give(ben, mods), {"member", "moderator", "steward"})
    await changed(harbour, "Ben", lambda: harbour.guild.leave(ben), {"member", "steward"})


async def test_a_role_that_was_lost_while_nobody_listened_is_lost_with_the_next_word(harbour: Harbour) -> None:
    await mapped(harbour)
    ben, mods = harbour.user("Ben"), harbour.guild.role("Mods")
    await changed(harbour, "Ben", lambda: harbour.guild.give(ben, mods), {"member", "moderator"})
    harbour.discord.gateway.invalidate(resumable=False)
    harbour.guild.take(ben, mods)  # told to nobody
    await harbour.discord.gateway.wait_until_connected(timeout=PATIENCE)
    await harbour.mention("Ben", "/needs")
    assert is_in(harbour, "Ben") == set()


async def test_ending_the_mapping_takes_what_it_gave(harbour: Harbour) -> None:
    await mapped(harbour)
    harbour.guild.give(harbour.user("Ben"), harbour.guild.role("Mods"))
    await harbour.mention("Ben", "/needs")
    assert is_in(harbour, "Ben") == {"member", "moderator"}
    asked = await harbour.command("Ana", "place.unmap", {"role": "Mods", "nexus": "Parser"})
    assert "Shall Mods no longer give moderator of Parser?" in asked
    await shown(harbour, "Yes")
    assert is_in(harbour, "Ben") == set()


async def test_a_channel_can_be_bound_apart_and_a_thread_goes_with_its_channel(harbour: Harbour) -> None:
    await harbour.server.say("Ana", "/need post a lighthouse keeper")  # in Home
    await harbour.server.say("Ana", "/enter Parser")
    await harbour.server.say("Ana", "/need post a hull painter")
    await set_up(harbour, ALL)
    side = harbour.guild.channel("side")
    await harbour.command("Ana", "place.bind", {"nexus": "Home", "audience": "members"}, channel=side)
    await harbour.press("Ana", "Yes", side)
    thread, other = side.thread(harbour.user("Ana"), "Keepers"), harbour.channel.thread(harbour.user("Ana"), "Painters")
    for place, wanted, unwanted in (
        (side, "lighthouse keeper", "hull painter"),
        (thread, "lighthouse keeper", "hull painter"),
        (harbour.channel, "hull painter", "lighthouse keeper"),
        (other, "hull painter", "lighthouse keeper"),
    ):
        said = await harbour.mention("Ben", "/needs", place)
        assert wanted in said
        assert unwanted not in said
    assert "Home" in await harbour.command("Ana", "place.show", channel=side)
    assert "Parser" in await harbour.command("Ana", "place.show")


async def test_a_server_that_is_let_go_knows_nothing_any_more(harbour: Harbour) -> None:
    await harbour.server.say("Ana", "/enter Parser")
    await harbour.server.say("Ana", "/need post a hull painter")
    await mapped(harbour, ALL)
    await harbour.mention("Cleo", "/needs")
    assert is_in(harbour, "Cleo") == {"member"}
    await harbour.command("Ana", "place.unbind", {"what": "server"})
    await shown(harbour, "Yes")
    assert is_in(harbour, "Cleo") == set()
    assert "hull painter" not in await harbour.mention("Cleo", "/needs")


# -- Slack ------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def hall(move: Move, stub: Stub) -> AsyncIterator[Hall]:
    """The same on Slack, where Ana is an admin: user groups Mods and Crew."""
    async with (
        FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES) as slack,
        move(terminal=False, slack=slack, offline=stub) as house,
    ):
        team = next(iter(slack.teams.values()))
        team.usergroup("mods")
        team.usergroup("crew")
        assert house.office is not None
        house.office.users["Ana"] = team.user("Ana", admin=True)
        here = await Hall.of(house)
        await here.office.say("Ana", "/create Parser door=private")
        await here.office.say("Ana", "/enter Home")
        yield here


def group(hall: Hall, handle: str) -> Usergroup:
    """A user group by its handle."""
    return next(one for one in hall.team.usergroups.values() if one.handle == handle)


def stands(hall: Hall, who: str, where: str = "Parser") -> set[str]:
    """What somebody is in a Nexus."""
    return roles(hall.house, where, platform="slack", workspace=hall.team.id, account=hall.user(who).id)


async def tapped(hall: Hall, label: str) -> str:
    """Ana presses a button; what she is shown then."""
    since = hall.slack.tick()
    await hall.press("Ana", label)
    return hall.since("Ana", since)


async def hall_set_up(hall: Hall, everyone: str) -> str:
    """Ana sets the workspace up."""
    assert "Which Nexus does Office belong to?" in await hall.command("Ana", "setup")
    assert "Office will belong to Parser." in await tapped(hall, "Parser")
    return await tapped(hall, everyone)


async def test_a_workspace_is_set_up_with_a_few_clicks_and_its_groups_count(hall: Hall) -> None:
    said = await hall_set_up(hall, ONLY)
    assert "Office" in said
    assert "Whoever has the role Mods on Office becomes moderator of Parser" in await tapped(
        hall, "Mods are moderators"
    )
    assert "Mods gives moderator of Parser from now on" in await tapped(hall, "Yes")
    for who in ("Ben", "Cleo"):
        await hall.mention(who, "/needs")
        assert stands(hall, who) == set()
    for members, wanted in ((["Ben"], {"member", "moderator"}), ([], set()), (["Ben"], {"member", "moderator"})):
        hall.team.change_usergroup(group(hall, "mods"), [hall.user(who) for who in members])
        await hall.house.settle()
        assert stands(hall, "Ben") == wanted
        assert stands(hall, "Cleo") == set()
    hall.team.change_user(hall.user("Ben"), deleted=True)
    await hall.house.settle()
    assert stands(hall, "Ben") == set()
    assert stands(hall, "Ben", "Home") == {"member"}


async def test_it_takes_an_admin_of_the_workspace(hall: Hall) -> None:
    assert "takes somebody who manages it on the platform" in await hall.command("Ben", "setup")
    assert "takes somebody who manages it on the platform" in await hall.mention("Cleo", "/setup")


async def test_with_everyone_a_member_whoever_speaks_in_the_workspace_is_one(hall: Hall) -> None:
    await hall.office.say("Ana", "/enter Parser")
    await hall.office.say("Ana", "/need post a hull painter")
    await hall_set_up(hall, ALL)
    assert stands(hall, "Cleo") == set()
    assert "a hull painter" in await hall.mention("Cleo", "/needs")
    assert stands(hall, "Cleo") == {"member"}
    hall.channel.leave(hall.user("Cleo"))  # a channel is not the workspace
    await hall.house.settle()
    assert stands(hall, "Cleo") == {"member"}


async def test_a_channel_of_a_workspace_can_be_bound_apart(hall: Hall) -> None:
    await hall.office.say("Ana", "/need post a lighthouse keeper")
    await hall.office.say("Ana", "/enter Parser")
    await hall.office.say("Ana", "/need post a hull painter")
    await hall_set_up(hall, ALL)
    side = hall.team.channel("side", [hall.user("Ana"), hall.user("Ben")])
    await hall.command("Ana", "bind Home audience=members", side)
    await hall.press("Ana", "Yes", side)
    said = await hall.mention("Ben", "/needs", side)
    assert "lighthouse keeper" in said
    assert "hull painter" not in said
    root = hall.channel.say(hall.user("Ben"), "who paints?")
    said = await hall.mention("Ben", "/needs", thread=root)
    assert "hull painter" in said
    assert "lighthouse keeper" not in said
    assert slack_plain(hall.channel.thread(root)[-1].shown) == said
