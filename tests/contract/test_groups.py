"""Where others can hear: what a group is told, what goes to the direct chat, and what stays unsaid."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contract.conftest import Move
from tests.contract.house import House, Scene, Stub, found_code, request
from tests.contract.surfaces.phone import Phone, button
from tests.fakes.telegram import Chat, FakeTelegram

HINT = "I've answered you in our direct chat."
BOT = "@nexus_test_bot"


class Village:
    """Home with Ana (owner) and Ben in it, Cleo outside, and a group with all three."""

    def __init__(self, house: House, phone: Phone, group: Chat) -> None:
        self.house, self.phone, self.group = house, phone, group

    async def say(self, who: str, text: str, chat: Chat | None = None) -> str:
        """Somebody writes in the group; what the group is shown in answer."""
        chat, since = chat or self.group, self.house.phone.tg.sequence  # type: ignore[union-attr]
        chat.say(self.phone.user(who), text)
        await self.house.settle()
        return "\n".join(m.text for m in chat.bot_messages if m.changed > since)

    async def press(self, who: str, label: str) -> str:
        """Somebody presses the newest button of that label in the group; what pops up for them."""
        token, message_id = button(self.group, label)
        update = self.group.callback(self.phone.user(who), int(message_id), token)
        answer = await self.group.wait_for_answer(after=update)
        await self.house.settle()
        return answer.text or ""

    async def bind(self, audience: str = "members") -> None:
        """Ana connects the group to Home."""
        said = await self.say("Ana", f"/bind{BOT} audience={audience}")
        assert "Connect Harbour to Home?" in said
        await self.press("Ana", "Yes")
        assert self.group.bot_messages[-1].text == "Harbour belongs to Home now."


@pytest.fixture
async def village(move: Move, tg: FakeTelegram, stub: Stub) -> AsyncIterator[Village]:
    async with move(terminal=False, telegram=tg, offline=stub) as house:
        assert house.phone is not None
        scene = Scene(house.phone)
        await scene.claimed()
        await scene.invited("Ana", "Ben")
        group = tg.group("Harbour", [house.phone.user(who) for who in ("Ana", "Ben", "Cleo")])
        await house.phone.say("Ben", "/need post a hull painter")
        yield Village(house, house.phone, group)


async def test_the_bot_says_hello_when_it_is_added(village: Village, tg: FakeTelegram) -> None:
    group = tg.group("Quay", [village.phone.user("Ana")], bots=[])
    group.join(tg.bot.user, by=village.phone.user("Ana"))
    await village.house.settle()
    assert [m.text for m in group.bot_messages] == [
        "Hello. Mention me or reply to me to talk. A steward can connect this chat: “bind this chat to …”."
    ]


async def test_an_unbound_group_is_told_nothing(village: Village) -> None:
    assert await village.say("Ana", f"/needs{BOT}") == "I see no open needs in Home."
    assert await village.say("Ana", f"/search{BOT} hull") == "I found nothing about that."
    assert "nobody" in await village.say("Ana", f"/find{BOT} hull")
    assert "Ben" not in await village.say("Ana", f"/nexus{BOT}")
    assert "I can't say that here" in await village.say("Ana", f"/members{BOT}")
    assert "I know nobody called Ben here" in await village.say("Ana", f"/person{BOT} Ben")
    assert "painter" not in repr([m.view() for m in village.group.bot_messages])


async def test_a_bound_group_hears_what_members_may(village: Village) -> None:
    await village.bind()
    assert "Ben: a hull painter" in await village.say("Ana", f"/needs{BOT}")
    assert "Ben: a hull painter" in await village.say("Cleo", f"/needs{BOT}")
    assert "everyone here counts as a member" in await village.say("Cleo", f"/place{BOT}")


async def test_a_group_bound_for_the_public_hears_nothing_of_members(village: Village) -> None:
    await village.bind("public")
    assert await village.say("Ana", f"/needs{BOT}") == "I see no open needs in Home."


async def test_only_a_steward_binds_a_group(village: Village) -> None:
    await village.say("Ana", f"/place{BOT}")
    before = village.house.dump("place")
    said = await village.say("Ben", f"/bind{BOT}")
    assert said.startswith("That takes a steward of Home, which you are not.")
    assert await village.say("Cleo", f"/bind{BOT}")
    assert village.group.bot_messages[-1].buttons == []
    assert village.house.dump("place") == before


async def test_what_is_private_goes_to_the_direct_chat_behind_one_constant_line(village: Village, stub: Stub) -> None:
    await village.phone.say("Ana", "/note the mast is cracked")
    assert await village.say("Ana", f"/thoughts{BOT}") == HINT
    assert "the mast is cracked" in await village.phone.news("Ana")
    assert await village.say("Ben", f"/thoughts{BOT}") == HINT
    assert "no thoughts kept" in await village.phone.news("Ben")
    said = await village.say("Ana", f"/invite{BOT}")
    assert said == HINT
    found_code(await village.phone.news("Ana"))
    assert await village.say("Ben", f"/audit{BOT} list") == HINT
    assert "That takes a steward of Home" in await village.phone.news("Ben")
    assert await village.say("Ana", f"/invite{BOT} uses=nonsense") == HINT
    shown = {m.text for m in village.group.bot_messages}
    assert shown == {HINT}


async def test_whoever_never_opened_the_direct_chat_is_told_how(village: Village) -> None:
    said = await village.say("Cleo", f"/thoughts{BOT}")
    assert "I'd like to answer you in private. Please open a direct chat with me first." in said
    assert "no thoughts" not in said


async def test_a_thought_is_not_kept_from_a_group(village: Village, stub: Stub) -> None:
    before = village.house.dump("record")
    said = await village.say("Ana", f"{BOT} I dreamt of a lighthouse")
    assert said == "I'm not sure what you'd like. Say “help” to see what I can do here."
    stub.knows["keep this: a dream"] = request("thought.add", text="a dream")
    assert await village.say("Ana", f"{BOT} keep this: a dream") == HINT
    assert "Tell me that in our direct chat, please." in await village.phone.news("Ana")
    assert village.house.dump("record") == before


async def test_people_among_themselves_are_left_alone(village: Village) -> None:
    calls = village.phone.tg.counts["sendMessage"]
    assert await village.say("Ana", "Ben, did you see the tide?") == ""
    assert await village.say("Ben", "/weather@another_bot") == ""
    assert village.phone.tg.counts["sendMessage"] == calls
    assert "tide" not in repr(village.house.dump("inbox"))


async def test_another_bots_command_is_left_to_it(village: Village) -> None:
    assert await village.say("Ana", f"/frobnicate{BOT}") == ""


async def test_a_card_in_a_group_is_only_for_who_asked(village: Village, stub: Stub) -> None:
    await village.bind()
    await village.say("Cleo", f"/place{BOT}")
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    assert "Post this need in Home: “a sail”?" in await village.say("Ben", f"{BOT} I need a sail")
    before = village.house.dump()
    assert await village.press("Ana", "Yes") == "That button is for somebody else."
    assert await village.press("Cleo", "No") == "That button is for somebody else."
    assert village.house.dump() == before
    assert village.group.bot_messages[-1].buttons == ["Yes", "No"]
    await village.press("Ben", "Yes")
    assert "Posted in Home: you need “a sail”" in village.group.bot_messages[-1].text
    assert village.group.bot_messages[-1].buttons == []


async def test_two_people_talk_in_one_group_without_mixing(village: Village, stub: Stub) -> None:
    await village.bind()
    assert "what you need" in await village.say("Ana", f"/need{BOT} post")
    assert "I'm not sure" in await village.say("Ben", f"{BOT} a rope")
    assert "Post this need in Home: “an anchor”?" in await village.say("Ana", f"{BOT} an anchor")


async def test_talk_in_a_group_is_about_its_nexus_not_about_ones_own(village: Village) -> None:
    await village.bind()
    await village.phone.say("Ana", "/create name=Attic door=private")
    assert "Attic" not in await village.say("Ana", f"/nexus{BOT}")
    assert "I know no Nexus called Attic" in await village.say("Ana", f"/nexus{BOT} show Attic")
    assert "Attic" not in await village.say("Ana", f"/person{BOT} Ana")


async def test_a_group_that_becomes_a_supergroup_keeps_its_binding(move: Move, tg: FakeTelegram) -> None:
    async with move(terminal=False, telegram=tg) as house:
        assert house.phone is not None
        await Scene(house.phone).claimed()
        group = tg.group("Harbour", [house.phone.user("Ana")], supergroup=False)
        here = Village(house, house.phone, group)
        await here.bind()
        new = group.migrate()
        await house.settle()
        assert "everyone here counts as a member" in await here.say("Ana", f"/place{BOT}", new)


async def test_answers_stay_in_their_topic(village: Village, tg: FakeTelegram) -> None:
    forum = tg.group("Forum", [village.phone.user("Ana")], forum=True)
    topic = forum.topic(village.phone.user("Ana"), "Boats")
    forum.say(village.phone.user("Ana"), f"/needs{BOT}", thread=topic)
    await village.house.settle()
    assert forum.bot_messages[-1].thread == topic


async def test_a_group_is_set_up_with_two_taps(village: Village) -> None:
    """Who is in it by being there sees what members see; who is disconnected from it no longer does."""
    assert "Harbour will belong to Home. Is everyone here a member of Home" in await village.say("Ana", f"/setup{BOT}")
    await village.press("Ana", "Yes, everyone here is a member")
    assert village.group.bot_messages[-1].text.startswith("Harbour belongs to Home now, and everyone here is a member")
    assert "a hull painter" in await village.say("Cleo", f"/needs{BOT}")
    assert "a hull painter" in await village.phone.say("Cleo", "/needs")
    asked = await village.say("Ana", f"/place_unbind{BOT}")
    assert "Whoever is in Home only by being here is in it no more." in asked
    await village.press("Ana", "Yes")
    assert "a hull painter" not in await village.say("Cleo", f"/needs{BOT}")
    assert "a hull painter" not in await village.phone.say("Cleo", "/needs")
    assert "a hull painter" in await village.phone.say("Ben", "/needs")
