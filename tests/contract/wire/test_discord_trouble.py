"""Discord refuses, breaks off, does the work and says it did not; a permission, a token, an intent is missing."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from adapters.discord.report import CONTENT, MEMBERS
from tests.contract.conftest import PLATFORMS, Move, furnished
from tests.contract.house import Scene, Stub, request, until
from tests.contract.surfaces.server import plain
from tests.contract.wire.conftest import Sail
from tests.contract.wire.harbour import Harbour
from tests.fakes import openai as ai
from tests.fakes.discord import FakeDiscord, faults, permissions
from tests.fakes.openai import FakeOpenAI

CHANNEL = ("POST", "/channels/*/messages")
ORIGINAL = ("PATCH", "/webhooks/*/*/messages/*")
FOLLOW_UP = ("POST", "/webhooks/*/*")
CALLBACK = ("POST", "/interactions/*/*/callback")

TROUBLE = {
    "429": lambda: faults.limited(),
    "429 without Via": lambda: faults.limited(via=False),
    "429 everywhere": lambda: faults.limited(everywhere=True),
    "500": lambda: faults.server_error(500),
    "503": lambda: faults.server_error(503),
    "500 after the work": lambda: faults.server_error(500, after=True),
    "503 after the work": lambda: faults.server_error(503, after=True),
    "dropped": lambda: faults.drop(),
    "dropped after the work": lambda: faults.drop(after=True),
    "no JSON after the work": lambda: faults.malformed(after=True),
}
AFTER = [name for name in TROUBLE if "after" in name]


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_an_answer_in_a_channel_is_there_exactly_once(trouble: str, harbour: Harbour) -> None:
    harbour.discord.fail(*CHANNEL, TROUBLE[trouble]())
    assert "a desk" in await harbour.mention("Ana", "/need post a desk")
    assert len(harbour.answers("a desk")) == 1
    assert harbour.records("a desk") == 1
    nonces = {call.json()["body"]["nonce"] for call in harbour.discord.calls(*CHANNEL)[-2:]}
    assert len(nonces) == 1  # the second attempt was the same message to Discord


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_an_answer_to_a_command_is_there_exactly_once(trouble: str, harbour: Harbour) -> None:
    harbour.discord.fail(*ORIGINAL, TROUBLE[trouble]())
    assert "a desk" in await harbour.command("Ana", "need.post", {"text": "a desk"})
    assert len(harbour.answers("a desk")) == 1
    assert harbour.records("a desk") == 1


async def long_list(harbour: Harbour) -> list[str]:
    """Ana has posted more than one message holds."""
    await harbour.bind()
    things = [f"thing {number} {'and so on ' * 60}".strip() for number in range(12)]
    for thing in things:
        await harbour.server.say("Ana", f"/need post {thing}")
    return things


@pytest.mark.parametrize("trouble", ["429", *AFTER])
async def test_each_part_of_a_long_answer_is_there_exactly_once(trouble: str, harbour: Harbour) -> None:
    things = await long_list(harbour)
    harbour.discord.fail(*FOLLOW_UP, TROUBLE[trouble]())
    asked = harbour.slash("Ben", "need.list")
    await harbour.server.settle(asked)
    assert len(asked.responses) > 1
    shown = "\n".join(plain(m.words) for m in asked.responses)
    assert [shown.count(f"thing {number} ") for number in range(len(things))] == [1] * len(things)


@pytest.mark.parametrize("trouble", [name for name in TROUBLE if "429" not in name])
async def test_an_acknowledgement_that_was_lost_is_made_once_more(trouble: str, harbour: Harbour) -> None:
    harbour.discord.fail(*CALLBACK, TROUBLE[trouble]())
    asked = harbour.slash("Ana", "need.list")
    await harbour.server.settle(asked)
    assert [plain(m.words) for m in asked.responses] == ["I see no open needs in Home."]
    assert len(harbour.answers("no open needs")) == 1


@pytest.mark.parametrize("trouble", ["500 after the work", "dropped after the work"])
async def test_a_placeholder_that_may_have_arrived_becomes_the_answer(
    trouble: str, wise: Harbour, endpoint: FakeOpenAI
) -> None:
    wise.discord.fail(*CHANNEL, TROUBLE[trouble]())
    endpoint.queue(ai.say("One step at a time."))
    await wise.mention("Ana", "how do I start?")
    assert [m.words for m in wise.channel.bot_messages][1:] == ["One step at a time."]


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_a_card_is_changed_in_spite_of(trouble: str, harbour: Harbour, stub: Stub) -> None:
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    await harbour.mention("Ana", "I need a sail")
    harbour.discord.fail(*ORIGINAL, TROUBLE[trouble]())
    card = harbour.button("Ana", "Yes")
    await harbour.press("Ana", "Yes", on=card)
    assert "Posted in Home: you need “a sail”" in plain(card.words)
    assert card.buttons == []
    assert harbour.records("a sail") == 1
    assert len(harbour.answers("a sail")) == 1


# -- what is missing --------------------------------------------------------------------------------------------------


async def test_a_missing_permission_is_named_with_the_link_that_gives_it(harbour: Harbour) -> None:
    adapter = harbour.server.adapter
    assert adapter.explain() == []
    harbour.channel.bot_may("view_channel", "read_message_history")
    await harbour.server.settle(harbour.channel.say(harbour.user("Ana"), "<@bot> /needs"))
    assert any("Send Messages" in one and "#general" in one and "Harbour" in one for one in adapter.explain())
    # A command is answered all the same: that needs no permission.
    assert "no open needs" in await harbour.command("Ana", "need.list")
    harbour.guild.everyone.permissions = 0
    harbour.guild.update_role(harbour.guild.everyone)
    harbour.guild.bot_may("view_channel")
    await until(lambda: any(adapter.join_link() in one for one in adapter.explain()))
    assert any("Read Message History" in one and "Harbour" in one for one in adapter.explain())
    harbour.guild.everyone.permissions = permissions.EVERYONE
    harbour.guild.update_role(harbour.guild.everyone)
    harbour.guild.bot_may(*permissions.names(permissions.BOT))
    harbour.channel.bot_may("view_channel", "read_message_history", "send_messages", "embed_links")
    assert "no open needs" in await harbour.mention("Ana", "/needs")
    assert adapter.explain() == []


async def test_a_channel_that_is_deleted_with_an_answer_under_way_holds_nothing_up(harbour: Harbour) -> None:
    side = harbour.guild.channel("side")
    held = harbour.discord.fail(*CHANNEL, faults.hold())
    asked = side.say(harbour.user("Ana"), "<@bot> /needs")
    await held.reached.wait()
    side.remove()
    held.release()
    await harbour.server.settle(asked)
    assert "no open needs" in await harbour.mention("Ana", "/needs")


async def test_closed_direct_messages_are_said_with_what_to_do(harbour: Harbour, stub: Stub) -> None:
    await harbour.server.say("Cleo", "hello")
    stub.knows["my thoughts"] = request("thought.list")
    harbour.user("Cleo").accepts_dms = False
    said = await harbour.mention("Cleo", "my thoughts")
    assert "I'd like to answer you in private. Please open a direct chat with me first." in said
    assert "no thoughts" not in said
    # By a command it needs no direct chat.
    assert "no thoughts kept" in await harbour.command("Cleo", "thought.list")


async def test_news_for_somebody_who_takes_none_wait_until_they_write(harbour: Harbour) -> None:
    harbour.user("Ben").accepts_dms = False
    await harbour.server.say("Ana", "/role grant Ben steward")
    await harbour.server.press("Ana", "Yes")
    assert "made you steward" not in await harbour.server.news("Ben")
    harbour.user("Ben").accepts_dms = True
    assert "Ana made you steward of Home." in await harbour.server.say("Ben", "/nexus list")


async def test_a_revoked_token_is_noticed_and_everything_else_goes_on(move: Move, stub: Stub) -> None:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(move(offline=stub, **await furnished(stack, *PLATFORMS)))
        assert house.server is not None
        assert house.phone is not None
        assert house.office is not None
        await Scene(house.phone).claimed()
        assert house.server.adapter.health().alive
        house.server.discord.revoke_token()
        await until(lambda: not house.server.adapter.health().alive)  # type: ignore[union-attr]
        assert "token" in house.server.adapter.health().detail
        assert any("token" in sentence for sentence in house.server.adapter.explain())
        assert house.server.discord.token not in repr(house.server.adapter.explain())
        for other in (house.phone, house.office):
            assert "no open needs" in await other.say("Ana", "/needs")


@pytest.mark.parametrize("granted", [[], ["members"], ["message_content"]])
async def test_without_privileged_intents_the_rest_works_and_it_says_what_does_not(
    granted: list[str], sail: Sail
) -> None:
    async with FakeDiscord(privileged=granted) as fake, sail(discord=fake) as harbour:  # type: ignore[arg-type]
        told = harbour.server.adapter.explain()
        for title, name in ((CONTENT, "message_content"), (MEMBERS, "members")):
            assert any(title in one for one in told) is (name not in granted)
        assert "no open needs" in await harbour.command("Ana", "need.list")
        assert "a desk" in await harbour.mention("Ana", "/need post a desk")
        assert "a mast" in await harbour.server.say("Ben", "/need post a mast")
        # An answer to the bot that does not name it is understood as one where Discord pings us for it.
        answered = harbour.channel.say(harbour.user("Ana"), "/needs", reply_to=harbour.channel.bot_messages[-1])
        await harbour.mention("Ana", "hello")
        assert answered in harbour.channel.messages
