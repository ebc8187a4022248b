"""One process, every platform: the same people, one person everywhere, and answers where they were asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.contract.conftest import PLATFORMS, Move, furnished
from tests.contract.house import House, Scene, Stub, found_code
from tests.contract.surfaces.office import Office
from tests.contract.surfaces.phone import Phone
from tests.contract.surfaces.server import Server


class Town:
    """The house with all of its surfaces, each known to be there."""

    def __init__(self, house: House) -> None:
        assert house.office is not None
        assert house.phone is not None
        assert house.server is not None
        self.house = house
        self.office: Office = house.office
        self.phone: Phone = house.phone
        self.server: Server = house.server


@pytest.fixture(params=["sqlite", "postgres"])
async def town(request: pytest.FixtureRequest, move: Move, stub: Stub) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, *PLATFORMS)
        yield Town(await stack.enter_async_context(move(request.param, offline=stub, **fakes)))


async def test_an_invitation_made_in_slack_is_accepted_in_telegram_and_seen_in_discord(town: Town) -> None:
    office, phone, server = town.office, town.phone, town.server
    await Scene(office).claimed()
    code = found_code(await office.say("Ana", "/invite role=moderator"))
    assert "Welcome to Home. You came in as moderator." in await phone.say("Ben", f"/accept {code}")
    assert "Ben used your invitation and is in Home now." in await office.news("Ana")

    # Ben is somebody else in Discord, until both sides say that they are one.
    assert "guest" in await server.say("Benjamin", "/help")
    await phone.say("Ben", "/link")
    code = found_code(await phone.press("Ben", "Yes"))
    said = await server.say("Benjamin", f"/link code={code}")
    assert "That code was made by Ben" in said
    await server.press("Benjamin", "Yes")
    await phone.press("Ben", "Yes, that is me")
    assert "as moderator" in await server.say("Benjamin", "/help")

    # And what he is given in Slack is his in Discord at once.
    await office.say("Ana", "/role grant Ben steward")
    await office.press("Ana", "Yes")
    assert "as steward" in await server.say("Benjamin", "/help")


async def test_a_reply_goes_to_where_the_person_spoke(town: Town) -> None:
    office, phone, server = town.office, town.phone, town.server
    await Scene(office).claimed()
    await office.say("Ana", "/link")
    code = found_code(await office.press("Ana", "Yes"))
    await phone.say("Annie", f"/link {code}")
    await phone.press("Annie", "Yes")
    await office.press("Ana", "Yes, that is me")
    await phone.news("Annie")
    assert "you need “a desk”" in await office.say("Ana", "/need post a desk")
    assert await phone.news("Annie") == ""
    assert "a desk" in await phone.say("Annie", "/needs")
    assert await office.news("Ana") == ""
    assert server.discord.calls("POST", "/channels/*/messages") == []


async def test_the_same_id_on_two_platforms_is_two_people(town: Town) -> None:
    await Scene(town.office).claimed()
    assert "guest" in await town.phone.say("Ana", "/help")
    assert "guest" in await town.server.say("Ana", "/help")
    assert town.house.count("account") == 3


async def test_a_thought_of_one_is_nowhere_for_the_others(town: Town) -> None:
    await Scene(town.office).claimed()
    await town.office.say("Ana", "/note the lighthouse keeper sings")
    for surface, who in ((town.phone, "Ben"), (town.server, "Cleo")):
        assert "lighthouse" not in await surface.say(who, "/search lighthouse")
        assert "lighthouse" not in await surface.say(who, "/thoughts")


async def test_a_platform_that_refuses_its_token_does_not_keep_the_others_away(move: Move, stub: Stub) -> None:
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, "telegram", "discord")
        fakes["discord"].revoke_token()
        house = await stack.enter_async_context(move(offline=stub, **fakes))
        assert house.phone is not None
        await Scene(house.phone).claimed()
