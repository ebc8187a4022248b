"""Assistant threads: prompts, titles, thinking, and answers that stream."""

from adapters.contract import Button, Card, Reply
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import answer_to, to
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults

THINKING = "…"


async def test_a_new_thread_offers_prompts_and_gets_a_title(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    root = team.assistant_thread(ana)
    await slack.wait_for_calls("assistant.threads.setSuggestedPrompts")
    assert direct.thread_state(root.ts)["prompts"][0]["title"] == "What you can do here"
    direct.say(ana, "I need <https://example.org> a designer", thread_ts=root)
    (event,) = await store.wait_for(1)
    assert event.addressed
    assert event.place.assistant
    assert event.place.thread == root.ts
    await slack.wait_for_calls("assistant.threads.setTitle")
    assert direct.thread_state(root.ts)["title"] == "I need https://example.org a designer"
    direct.say(ana, "now", thread_ts=root)
    await store.wait_for(2)
    await slack.wait_until_acknowledged()
    assert len(slack.calls("assistant.threads.setTitle")) == 1


async def test_thinking_shows_in_threads(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, direct: Channel, general: Channel, ana: User
) -> None:
    root = team.assistant_thread(ana)
    await adapter.typing(to(direct, thread=root.ts))
    assert direct.thread_state(root.ts)["status"] == "is thinking…"
    asked = general.say(ana, "<@BOT> hello")
    await adapter.typing(to(general, reply_to=asked.ts))
    assert general.thread_state(asked.ts)["status"] == "is thinking…"
    team.assistant = False
    await adapter.typing(to(direct, thread=root.ts))
    await adapter.typing(to(direct))


async def test_a_growing_answer_streams(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    root = team.assistant_thread(ana)
    direct.say(ana, "hello", thread_ts=root)
    (event,) = await store.wait_for(1)
    address = answer_to(event)
    sent = await adapter.send(address, Reply(THINKING), key="1")
    answer = direct.find(sent.message_ids[0])
    assert answer is not None
    assert answer.streaming == "in_progress"
    assert answer.thread_ts == root.ts
    for text in (f"Hello {THINKING}", f"Hello <Ana> {THINKING}", f"Hello <Ana> {THINKING}"):
        assert await adapter.edit(address, sent, Reply(text)) == sent
    assert answer.text == "Hello &lt;Ana&gt;"
    assert not slack.calls("chat.update")
    assert len(slack.calls("chat.appendStream")) == 2
    final = Reply("Hello <Ana>, **well met**.", Card(buttons=(Button("Thanks", "t"),)))
    assert await adapter.edit(address, sent, final) == sent
    assert answer.streaming == "completed"
    assert answer.shown == "Hello &lt;Ana&gt;, *well met*."
    assert answer.buttons == ["Thanks"]


async def test_a_growing_answer_that_is_rewritten_is_edited(
    adapter: SlackAdapter, team: Team, direct: Channel, ana: User
) -> None:
    root = team.assistant_thread(ana)
    address = to(direct, thread=root.ts)
    sent = await adapter.send(address, Reply(THINKING), key="1")
    await adapter.edit(address, sent, Reply(f"One {THINKING}"))
    await adapter.edit(address, sent, Reply(f"Two {THINKING}"))
    answer = direct.find(sent.message_ids[0])
    assert answer is not None
    assert (answer.streaming, answer.shown) == ("completed", f"Two {THINKING}")
    await adapter.edit(address, sent, Reply("Two and more"))
    assert answer.shown == "Two and more"


async def test_a_stream_that_breaks_off_is_edited(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, direct: Channel, ana: User
) -> None:
    root = team.assistant_thread(ana)
    address = to(direct, thread=root.ts)
    sent = await adapter.send(address, Reply(THINKING), key="1")
    slack.fail("chat.appendStream", faults.server_error())
    await adapter.edit(address, sent, Reply(f"One {THINKING}"))
    answer = direct.find(sent.message_ids[0])
    assert answer is not None
    assert answer.shown == f"One {THINKING}"


async def test_a_stream_of_a_process_that_died_is_ended(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, direct: Channel, ana: User
) -> None:
    root = team.assistant_thread(ana)
    address = to(direct, thread=root.ts)
    sent = await adapter.send(address, Reply(THINKING), key="1")
    adapter._deliverer._streams._open.pop((direct.id, sent.message_ids[0]))
    await adapter.edit(address, sent, Reply("The answer"))
    answer = direct.find(sent.message_ids[0])
    assert answer is not None
    assert (answer.streaming, answer.shown) == ("completed", "The answer")


async def test_a_workspace_without_streaming_gets_edits(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, direct: Channel, ana: User
) -> None:
    team.streaming = False
    root = team.assistant_thread(ana)
    address = to(direct, thread=root.ts)
    for key in ("1", "2"):
        sent = await adapter.send(address, Reply(THINKING), key=key)
        await adapter.edit(address, sent, Reply(f"Hello {THINKING}"))
        await adapter.edit(address, sent, Reply("Hello"))
    assert [m.shown for m in direct.bot_messages if m.ts != root.ts] == ["Hello", "Hello"]
    assert len(slack.calls("chat.startStream")) == 1  # it is known now


async def test_a_complete_answer_and_one_in_a_channel_do_not_stream(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, direct: Channel, general: Channel, ana: User
) -> None:
    root = team.assistant_thread(ana)
    await adapter.send(to(direct, thread=root.ts), Reply("Hello"), key="1")
    await adapter.send(to(direct), Reply(THINKING), key="2")
    await adapter.send(to(general), Reply(THINKING), key="3")
    assert not slack.calls("chat.startStream")
