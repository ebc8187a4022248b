"""Slack: acknowledged within a second whatever is slow, answered where it was asked, to those who may read it."""

from __future__ import annotations

import asyncio

from tests.contract.house import Stub, found_code, request, until
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.office import plain
from tests.contract.wire.hall import Hall
from tests.contract.wire.slow import held_writer
from tests.fakes import openai as ai
from tests.fakes.openai import FakeOpenAI, Gate
from tests.fakes.slack import Message

AT_ONCE = 1.0  # seconds within which Slack has our acknowledgement; it waits for three


async def test_a_slow_model_holds_no_acknowledgement_up(clever: Hall, endpoint: FakeOpenAI) -> None:
    gate = Gate()
    endpoint.queue(ai.pause("Thought about it.", gate))
    asked = clever.channel.say(clever.user("Ana"), "<@BOT> think hard")
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)

    ana = clever.user("Ana")
    since = clever.slack.tick()
    command = clever.team.slash(ana, clever.channel, "/nexus", "needs")
    await command.acked(PATIENCE)
    await clever.channel.wait_for_reply(after=since, contains="no open needs", user=ana, timeout=PATIENCE)
    form = clever.team.slash(ana, clever.channel, "/nexus", "need post")
    await form.acked(PATIENCE)
    await until(lambda: clever.team.views_of(ana))
    sent = clever.team.send_view(ana, clever.team.views_of(ana)[-1], {"text": "a quiet desk"})
    await sent.acked(PATIENCE)
    await clever.channel.wait_for_reply(after=since, contains="a quiet desk", user=ana, timeout=PATIENCE)
    binding = clever.team.slash(ana, clever.channel, "/nexus", "bind audience=members")
    await binding.acked(PATIENCE)
    await until(lambda: [m for m in clever.seen("Ana") if "Yes" in m.buttons])
    pressed = clever.channel.press(ana, clever.card("Ana", "Yes"), "Yes")
    await pressed.acked(PATIENCE)
    for one in (*asked.deliveries, command, form, sent, binding, pressed):
        assert one.ack_seconds is not None
        assert one.ack_seconds < AT_ONCE
    await clever.channel.wait_for_reply(after=since, contains="belongs to Home now", user=ana, timeout=PATIENCE)
    assert clever.answers("Thought") == []

    gate.release()
    await clever.house.settle()
    assert clever.answers("Thought") == ["Thought about it."]


async def test_nothing_is_acknowledged_before_it_is_stored(hall: Hall) -> None:
    await hall.command("Ana", "bind audience=public")
    card = hall.card("Ana", "Yes")
    with held_writer(hall.house):
        said = hall.channel.say(hall.user("Ana"), "<@BOT> /need post a desk")
        command = hall.team.slash(hall.user("Ben"), hall.channel, "/nexus", "need post a mast")
        pressed = hall.channel.press(hall.user("Ana"), card, "Yes")
        sent = [*said.deliveries, command, pressed]
        await hall.slack.wait_for(lambda: all(one.attempts for one in sent))
        assert not [one for one in sent if one.is_acked]
        hall.slack.redeliver(sent[0])  # Slack has waited for three seconds
    await hall.house.settle()
    assert all(one.is_acked for one in sent)
    assert hall.records("a desk") == hall.records("a mast") == 1
    assert len(hall.answers("a desk")) == 1


# -- for one person's eyes --------------------------------------------------------------------------------------------


async def test_a_private_command_is_answered_where_it_was_asked_for_the_asker_alone(hall: Hall) -> None:
    await hall.office.say("Ana", "/note the mast is cracked")
    before, public = len(hall.dm("Ana").messages), hall.public()
    assert "the mast is cracked" in await hall.command("Ana", "thoughts")
    for other in ("Ben", "Cleo"):
        assert "mast" not in repr([m.shown for m in hall.seen(other)])
    assert hall.public() == public
    assert len(hall.dm("Ana").messages) == before


async def test_what_is_private_and_was_asked_aloud_is_answered_to_the_asker_alone(hall: Hall, stub: Stub) -> None:
    await hall.office.say("Ana", "/note the mast is cracked")
    stub.knows["my thoughts"] = request("thought.list")
    public = hall.public()
    assert "the mast is cracked" in await hall.mention("Ana", "my thoughts")
    assert "no thoughts kept" in await hall.mention("Ben", "my thoughts")
    # In a thread that has begun, where Slack would show such a message to nobody otherwise.
    root = hall.channel.say(hall.user("Cleo"), "shall we?")
    hall.channel.say(hall.user("Ben"), "let us", thread_ts=root)
    assert "the mast is cracked" in await hall.mention("Ana", "my thoughts", thread=root)
    assert hall.public() == public
    for other in ("Ben", "Cleo"):
        assert "mast" not in repr([m.shown for m in hall.seen(other)])


async def test_where_the_app_is_no_member_a_command_is_answered_all_the_same(hall: Hall) -> None:
    elsewhere = hall.team.channel("elsewhere", [hall.user("Ana"), hall.user("Cleo")], bot=False)
    assert "no open needs" in await hall.command("Ana", "needs", elsewhere)
    assert "no thoughts kept" in await hall.command("Cleo", "thoughts", elsewhere)
    assert "thoughts" not in repr([m.shown for m in hall.seen("Ana", elsewhere)])


async def test_a_card_in_a_channel_is_only_for_who_asked(hall: Hall, stub: Stub) -> None:
    await hall.bind()
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    assert "Post this need in Home: “a sail”?" in await hall.mention("Ben", "I need a sail")
    card = hall.card("Ben", "Yes")
    before, shown = hall.house.dump("record", "audit"), card.shown
    for who, label in (("Ana", "Yes"), ("Cleo", "No")):
        since = hall.slack.tick()
        await hall.press(who, label, on=card)
        assert hall.since(who, since) == "That button is for somebody else."
        assert "somebody else" not in "".join(hall.public())
    assert hall.house.dump("record", "audit") == before
    assert (card.shown, card.buttons) == (shown, ["Yes", "No"])
    await hall.press("Ben", "Yes", on=card)
    assert "Posted in Home: you need “a sail”" in plain(card.shown)
    assert card.buttons == []
    assert hall.records("a sail") == 1


async def test_a_card_for_one_person_is_replaced_in_place_and_nobody_else_ever_sees_it(hall: Hall) -> None:
    public = hall.public()
    await hall.command("Ana", "link")
    card = hall.card("Ana", "Yes")
    assert card.ephemeral_to is hall.user("Ana")
    alone = len(hall.seen("Ana"))
    await hall.press("Ana", "Yes", on=card)
    code = found_code(card.shown)
    assert card.buttons == []
    assert len(hall.seen("Ana")) == alone
    assert hall.public() == public
    for other in ("Ben", "Cleo"):
        assert code not in repr([m.shown for m in hall.seen(other)])
    assert code not in repr([m.shown for m in hall.dm("Ana").messages])


# -- where ------------------------------------------------------------------------------------------------------------


async def test_a_thread_is_answered_in_the_thread(hall: Hall, stub: Stub) -> None:
    root = hall.channel.say(hall.user("Cleo"), "shall we?")
    await hall.mention("Ana", "/needs", thread=root)
    assert [plain(m.shown) for m in hall.channel.thread(root)[1:]] == ["I see no open needs in Home."]
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    await hall.mention("Ben", "I need a sail", thread=root)
    card = hall.card("Ben", "Yes")
    assert card.thread_ts == root.ts
    await hall.press("Ben", "Yes", on=card)
    assert "Posted in Home" in plain(card.shown)


async def test_a_mention_opens_a_thread_in_which_one_goes_on_without_mentioning(hall: Hall) -> None:
    asked = hall.channel.say(hall.user("Ana"), "<@BOT> hello")
    await hall.house.settle()
    (answer,) = hall.channel.thread(asked)
    assert "What are you working on?" in answer.shown
    hall.channel.say(hall.user("Ana"), "hello", thread_ts=asked)
    await hall.house.settle()
    assert len([m for m in hall.channel.thread(asked) if m.from_bot]) == 2
    hall.channel.say(hall.user("Ben"), "what do you two talk about?", thread_ts=asked)
    await hall.house.settle()
    assert len([m for m in hall.channel.thread(asked) if m.from_bot]) == 2


async def test_a_form_says_what_is_wrong_beside_the_field_and_keeps_it(hall: Hall) -> None:
    ana = hall.user("Ana")
    await hall.team.slash(ana, hall.channel, "/nexus", "need post").acked(PATIENCE)
    await until(lambda: hall.team.views_of(ana))
    view = hall.team.views_of(ana)[-1]
    answer = await hall.team.submit_view(ana, view, {"text": "   x   "})
    assert answer is not None
    assert answer["response_action"] == "errors"
    assert "a bit short" in answer["errors"]["text"]
    assert hall.team.views_of(ana) == [view]
    assert hall.records("x") == 0
    since = hall.slack.tick()
    assert not await hall.team.submit_view(ana, view, {"text": "an axe"})
    await hall.house.settle()
    assert "an axe" in hall.since("Ana", since)
    assert hall.records("an axe") == 1


async def test_an_assistant_thread_streams_its_answer(clever: Hall, endpoint: FakeOpenAI) -> None:
    ana, chat = clever.user("Ana"), clever.dm("Ana")
    root = clever.team.assistant_thread(ana)
    await clever.house.settle()
    gate = Gate()
    endpoint.queue(ai.pause("One step at a time.", gate))
    chat.say(ana, "how do I start?", thread_ts=root)
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)

    def answer() -> Message:
        return next(m for m in reversed(chat.thread(root)) if m.from_bot)

    assert answer().streaming == "in_progress"
    gate.release()
    await clever.house.settle()
    assert answer().streaming == "completed"
    assert plain(answer().shown) == "One step at a time."
    assert len([m for m in chat.thread(root) if m.from_bot]) == 1


async def test_without_streaming_an_assistant_thread_gets_an_edited_message(clever: Hall, endpoint: FakeOpenAI) -> None:
    clever.team.streaming = False
    ana, chat = clever.user("Ana"), clever.dm("Ana")
    root = clever.team.assistant_thread(ana)
    endpoint.queue(ai.say("One step at a time."))
    chat.say(ana, "how do I start?", thread_ts=root)
    await clever.house.settle()
    assert [plain(m.shown) for m in chat.thread(root) if m.from_bot] == ["One step at a time."]
