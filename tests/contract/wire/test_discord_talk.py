"""Talk on a Discord server: changed, deleted, said by machines; whom an answer pings; threads, files, length."""

from __future__ import annotations

import base64

import pytest

from adapters.contract import Address, File, Reply
from tests.contract.house import Stub, request
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.server import plain
from tests.contract.wire.harbour import Harbour
from tests.contract.wire.test_discord_trouble import long_list
from tests.fakes import openai as ai
from tests.fakes.discord import Message
from tests.fakes.openai import FakeOpenAI

POSTS = ("POST", "/channels/*/messages")


async def test_people_among_themselves_are_left_alone_and_not_kept(harbour: Harbour) -> None:
    posts = len(harbour.discord.calls(*POSTS))
    await harbour.server.settle(harbour.channel.say(harbour.user("Ana"), "Ben, did you see the tide?"))
    await harbour.server.settle(harbour.channel.say(harbour.user("Ben"), "/weather now"))
    assert len(harbour.discord.calls(*POSTS)) == posts
    assert "tide" not in repr(harbour.house.dump("inbox"))


async def test_an_edited_message_is_not_a_new_command(harbour: Harbour) -> None:
    ana = harbour.user("Ana")
    said = harbour.channel.say(ana, "<@bot> /need post a desk")
    await harbour.server.settle(said)
    among = harbour.channel.say(ana, "Ben, a boat?")
    before, posts = harbour.house.dump(), len(harbour.discord.calls(*POSTS))
    harbour.channel.edit(ana, said, "<@bot> /need post a boat")
    harbour.channel.edit(ana, among, "<@bot> /need post a boat")
    harbour.channel.unfurl(said, {"title": "A page"})
    await harbour.mention("Cleo", "/needs")  # behind them
    assert harbour.house.dump("record", "audit") == {name: before[name] for name in ("record", "audit")}
    assert len(harbour.discord.calls(*POSTS)) == posts + 1


async def test_a_deleted_message_undoes_nothing_and_breaks_nothing(harbour: Harbour) -> None:
    said = harbour.channel.say(harbour.user("Ana"), "<@bot> /need post a desk")
    await harbour.server.settle(said)
    harbour.channel.delete(said)
    await harbour.house.until_heard("discord", f"{said.id}.deleted")
    await harbour.house.settle()
    assert harbour.records("a desk") == 1
    # The question is gone before its answer: it is given all the same, answering nothing.
    posts = len(harbour.discord.calls(*POSTS))
    gone = harbour.channel.say(harbour.user("Ana"), "<@bot> /need post a boat")
    harbour.channel.delete(gone)
    await harbour.server.settle(gone)
    assert len(harbour.answers("a boat")) == 1
    assert len(harbour.discord.calls(*POSTS)) == posts + 1


async def test_a_card_that_somebody_deleted_is_answered_anew(harbour: Harbour, stub: Stub) -> None:
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    await harbour.mention("Ana", "I need a sail")
    card = harbour.button("Ana", "Yes")
    harbour.channel.delete(card)
    await harbour.server.settle(harbour.channel.forged(harbour.user("Ana"), card, _token(card, "Yes")))
    assert harbour.records("a sail") == 1
    assert len(harbour.answers("Posted in Home: you need “a sail”")) == 1


def _token(card: Message, label: str) -> str:
    return next(str(part["custom_id"]) for part in card.parts if part.get("label") == label)


async def test_bots_and_webhooks_are_not_people_and_no_loop_begins(harbour: Harbour) -> None:
    robot = harbour.discord.user("Robot", bot=True)
    harbour.guild.join(robot)
    before, posts = harbour.house.dump(), len(harbour.discord.calls(*POSTS))
    await harbour.server.settle(harbour.channel.say(robot, "<@bot> /need post a desk"))
    await harbour.server.settle(harbour.channel.say(robot, "hello", reply_to=harbour.channel.bot_messages[-1]))
    hook = harbour.channel.say(harbour.user("Cleo"), "hello")
    await harbour.server.settle(hook)
    number = str(harbour.discord.ids.new())
    harbour.discord.gateway.raw(
        "MESSAGE_CREATE",
        hook.json()
        | {"id": number, "webhook_id": number, "content": f"<@{harbour.discord.application_id}> /need post a desk"}
        | {"author": {**hook.author.json(), "id": number, "bot": True}, "guild_id": str(harbour.guild.id)},
    )
    await harbour.house.until_heard("discord", number)
    await harbour.house.settle()
    assert harbour.house.dump() == before
    assert len(harbour.discord.calls(*POSTS)) == posts

    # Another bot that answers whatever is said: each word of ours is spoken to a wall.
    for turn in range(3):
        words = await harbour.mention("Ana", "/needs")
        count = len(harbour.discord.calls(*POSTS))
        answer = harbour.channel.say(robot, f"<@bot> {words} {turn}", reply_to=harbour.channel.bot_messages[-1])
        await harbour.server.settle(answer)
        assert len(harbour.discord.calls(*POSTS)) == count


# -- pings ------------------------------------------------------------------------------------------------------------


def loud(harbour: Harbour) -> str:
    """Words that would ping everybody, somebody and a role."""
    role = harbour.guild.role("Crew", mentionable=True)
    return f"@everyone @here {harbour.user('Ben').mention} {role.mention} all hands"


async def test_an_answer_pings_nobody(harbour: Harbour) -> None:
    words = loud(harbour)
    await harbour.command("Ana", "need.post", {"text": words})
    await harbour.bind()
    await harbour.command("Cleo", "need.list")
    await harbour.mention("Cleo", "/needs")
    await harbour.server.say("Ana", "/needs")
    shown = [m for m in (*harbour.channel.bot_messages, *harbour.dm("Ana").bot_messages) if "all hands" in m.words]
    assert len(shown) == 4
    assert [m.pings for m in shown] == [[]] * 4


async def test_what_a_model_says_pings_nobody(wise: Harbour, endpoint: FakeOpenAI) -> None:
    endpoint.queue(ai.say(loud(wise)))
    assert "all hands" in await wise.mention("Ana", "wake them all")
    assert [m.pings for m in wise.channel.bot_messages] == [[]] * len(wise.channel.bot_messages)
    sent = [call.json()["body"] for call in wise.discord.requests if "allowed_mentions" in repr(call.json()["body"])]
    assert sent
    assert {repr(body["allowed_mentions"]) for body in sent} == {"{'parse': [], 'replied_user': False}"}


# -- where, how long, with what ---------------------------------------------------------------------------------------


async def test_a_long_answer_is_split_and_arrives_whole_and_in_order(harbour: Harbour) -> None:
    things = await long_list(harbour)
    asked = harbour.slash("Ben", "need.list")
    await harbour.server.settle(asked)
    shown = "\n".join(plain(m.words) for m in asked.responses)
    numbers = [shown.index(f"thing {number} ") for number in range(len(things))]
    assert numbers == sorted(numbers, reverse=numbers[0] > numbers[-1])
    assert asked.responses[0] is asked.original
    assert len(asked.responses) > 1
    said = await harbour.mention("Ben", "/needs")
    assert [said.count(f"thing {number} ") for number in range(len(things))] == [1] * len(things)


async def test_a_long_answer_of_a_model_is_split_in_discords_own_unit(wise: Harbour, endpoint: FakeOpenAI) -> None:
    words = "\n\n".join(f"Paragraph {number}: {'ahoy 🚢 ' * 60}".strip() for number in range(9))
    endpoint.queue(ai.say(words))
    await wise.mention("Ana", "tell me everything")
    parts = [m for m in wise.channel.bot_messages if "ahoy" in m.text]
    assert len(parts) > 1
    assert max(len(m.text.encode("utf-16-le")) // 2 for m in parts) <= 2000
    assert "".join("".join(m.text.split()) for m in parts) == "".join(words.split())
    assert not [m for m in wise.channel.messages if m.text.strip() == "…"]


async def test_a_thread_is_answered_in_the_thread(harbour: Harbour, stub: Stub) -> None:
    thread = harbour.channel.thread(harbour.user("Ana"), "Sails", members=[harbour.user("Ben")])
    there = len(harbour.channel.bot_messages)
    assert "no open needs" in await harbour.mention("Ana", "/needs", thread)
    assert "no open needs" in await harbour.command("Ben", "need.list", channel=thread)
    assert "no thoughts kept" in await harbour.command("Ben", "thought.list", channel=thread)
    assert thread.bot_messages[-1].reply_to is None or thread.bot_messages[-1].reply_to.channel is thread
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    await harbour.mention("Ana", "I need a sail", thread)
    await harbour.press("Ana", "Yes", thread)
    assert harbour.answers("Posted in Home", thread)
    assert len(harbour.channel.bot_messages) == there


async def test_two_people_talk_in_one_channel_without_mixing(harbour: Harbour, stub: Stub) -> None:
    await harbour.bind()
    assert "what you need" in await harbour.mention("Ana", "/need post")
    assert "I'm not sure" in await harbour.mention("Ben", "a rope")
    assert "Post this need in Home: “an anchor”?" in await harbour.mention("Ana", "an anchor")


async def test_an_answer_to_the_bot_needs_no_mention(harbour: Harbour) -> None:
    await harbour.mention("Ana", "/needs")
    since = harbour.discord.sequence
    last = harbour.channel.bot_messages[-1]
    await harbour.server.settle(harbour.channel.say(harbour.user("Ana"), "/need post a desk", reply_to=last))
    assert [m for m in harbour.channel.bot_messages if m.changed > since and "a desk" in m.words]


async def test_files_go_both_ways(harbour: Harbour) -> None:
    chat, ana = harbour.dm("Ana"), harbour.user("Ana")
    said = chat.say(ana, "", files=[("idea.txt", b"The tide clock could ring a bell.")])
    await harbour.server.settle(said)
    assert "The tide clock could ring a bell." in plain(chat.bot_messages[-1].words)

    picture = base64.b64encode(b"\x89PNG fake").decode()
    reply = Reply("Here it is.", files=(File("map.png", "image/png", content=picture),))
    for channel, workspace in ((chat, ""), (harbour.channel, str(harbour.guild.id))):
        to = Address("discord", str(channel.id), workspace=workspace)
        await harbour.server.adapter.send(to, reply, key=f"file {channel.id}")
        (file,) = channel.bot_messages[-1].attachments
        assert (file.filename, file.content, file.content_type) == ("map.png", b"\x89PNG fake", "image/png")


@pytest.mark.parametrize("where", ["channel", "direct"])
async def test_who_is_thinking_is_shown(where: str, wise: Harbour, endpoint: FakeOpenAI) -> None:
    gate = ai.Gate()
    endpoint.queue(ai.pause("Thought about it.", gate))
    here = wise.channel if where == "channel" else wise.dm("Ana")
    said = here.say(wise.user("Ana"), "<@bot> think hard" if where == "channel" else "think hard")
    shown = await here.wait_for_reply(after=said, contains="…", timeout=PATIENCE)
    gate.release()
    await wise.server.settle(said)
    assert shown.words == "Thought about it."
