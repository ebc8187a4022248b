"""Answers for one reader: whispered where they were asked, or in the direct chat."""

from dataclasses import replace

import pytest

from adapters.contract import (
    Address,
    Button,
    Card,
    Reply,
    Sent,
    TooManyRequests,
    Transient,
    Unreachable,
)
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import answer_to, to
from tests.adapters.slack.samples import NOTES, message
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


async def test_private_answers(
    adapter: SlackAdapter, store: Store, general: Channel, direct: Channel, ana: User, ben: User
) -> None:
    general.say(ana, "<@BOT> what do you know about me?")
    (event,) = await store.wait_for(1)
    sent = await adapter.send(answer_to(event, private=True), Reply("A lot", files=(NOTES,)), key="1")
    (whisper,) = general.bot_messages
    assert whisper.ephemeral_to is ana
    assert [one.files[0].name for one in direct.bot_messages] == ["notes.txt"]  # a file cannot be whispered
    assert sent.message_ids[0] == f"whisper:{whisper.ts}"
    again = await adapter.edit(answer_to(event, private=True), Sent(general.id, sent.message_ids[:1]), Reply("Little"))
    assert [one.shown for one in general.bot_messages] == ["A lot", "Little"]  # nothing can be taken back there
    assert again.place_id == general.id


async def test_a_private_answer_in_a_running_thread_stays_in_it(
    adapter: SlackAdapter, store: Store, general: Channel, ana: User, ben: User
) -> None:
    root = general.say(ben, "shall we?")
    general.say(ana, "<@BOT> what do you know about me?", thread_ts=root)
    event = (await store.wait_for(2))[1]
    await adapter.send(answer_to(event, private=True), Reply("A lot"), key="1")
    (whisper,) = general.bot_messages
    assert (whisper.ephemeral_to, whisper.thread_ts) == (ana, root.ts)


async def test_a_private_answer_that_cannot_be_whispered_goes_to_the_direct_chat(
    adapter: SlackAdapter, store: Store, general: Channel, direct: Channel, ana: User
) -> None:
    general.say(ana, "<@BOT> what do you know about me?")
    (event,) = await store.wait_for(1)
    general.leave(ana)
    sent = await adapter.send(answer_to(event, private=True), Reply("A lot"), key="1")
    assert general.bot_messages == []
    assert direct.bot_messages[0].shown == "A lot"
    edited = await adapter.edit(answer_to(event, private=True), sent, Reply("Little"))
    assert edited == sent
    assert [one.shown for one in direct.bot_messages] == ["Little"]


async def test_somebody_is_told_something_unasked(
    adapter: SlackAdapter, team: Team, direct: Channel, ana: User, ben: User
) -> None:
    for place in (ana.id, direct.id):
        address = Address("slack", place, workspace=team.id, account_id=ana.id, private=True)
        await adapter.send(address, Reply("News"), key=place)
    assert [m.shown for m in direct.bot_messages] == ["News", "News"]
    assert adapter.reaches(ana.id)
    assert adapter.invite_link("code") == ""
    adapter.turn_done("1")


async def test_who_cannot_be_reached(adapter: SlackAdapter, team: Team, general: Channel, ana: User) -> None:
    other = team.other_bot("Weather")
    for who in (other.id, "U0NOBODY0000"):
        with pytest.raises(Unreachable):
            await adapter.send(
                Address("slack", who, workspace=team.id, account_id=who, private=True), Reply("News"), key=who
            )
    with pytest.raises(Unreachable):
        await adapter.send(Address("slack", general.id, workspace=team.id, private=True), Reply("News"), key="x")


async def test_a_response_url_takes_five_answers(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User
) -> None:
    await team.slash(ana, general, "/nexus", "help").acked()
    (event,) = store.events
    slack.fail("response_url", faults.rate_limited(4))
    with pytest.raises(TooManyRequests) as caught:
        await adapter.send(answer_to(event, private=True), Reply("0"), key="0")
    assert caught.value.after == 4
    for number in range(7):
        await adapter.send(answer_to(event, private=True), Reply(str(number)), key=str(number))
    assert [m.shown for m in general.bot_messages] == list("0123456")
    assert {m.ephemeral_to for m in general.bot_messages} == {ana}
    assert len(slack.calls("chat.postEphemeral")) == 2


async def test_a_press_that_is_too_old_is_not_answered(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User
) -> None:
    sent = await adapter.send(to(general), Reply(card=Card("T", buttons=(Button("Yes", "t"),))), key="1")
    await general.press(ana, message(general, sent), "Yes").acked()
    (event,) = store.events
    slack.advance(31 * 60)
    await adapter.answer_press(event, "Too late")
    await adapter.answer_press(event)
    await adapter.answer_press(replace(event, respond=""), "Nowhere")
    assert len(general.bot_messages) == 1


async def test_the_words_of_a_whisper_that_meets_trouble_come_again(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User
) -> None:
    general.say(ana, "<@BOT> hello")
    (event,) = await store.wait_for(1)
    slack.fail("chat.postEphemeral", faults.server_error())
    with pytest.raises(Transient):
        await adapter.send(answer_to(event, private=True), Reply("A lot"), key="1")
    await adapter.send(answer_to(event, private=True), Reply("A lot"), key="1")
    assert [m.ephemeral_to for m in general.bot_messages] == [ana]


async def test_a_card_of_one_reader_waits_while_slack_has_trouble(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User
) -> None:
    general.say(ana, "<@BOT> hello")
    (event,) = await store.wait_for(1)
    card = Reply(card=Card("T", buttons=(Button("Yes", "t"),)))
    await adapter.send(answer_to(event, private=True), card, key="1")
    (shown,) = general.bot_messages
    await general.press(ana, shown, "Yes").acked()
    pressed = store.events[1]
    slack.fail("response_url", faults.server_error())
    with pytest.raises(Transient):
        await adapter.edit(answer_to(pressed, private=True), Sent(general.id, (shown.ts,)), Reply("Done"))
    await adapter.edit(answer_to(pressed, private=True), Sent(general.id, (shown.ts,)), Reply("Done"))
    assert [m.shown for m in general.bot_messages] == ["Done"]
