"""Native commands, forms, completions, buttons and ephemeral answers, against the fake with the real library."""

import json
import re

import pytest

from adapters.contract import (
    Command,
    EventKind,
    Gone,
    MenuEntry,
    MenuOption,
    OptionKind,
    Reply,
    Shortcut,
    Suggestion,
    Target,
)
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.respond import Handle, Kind, load
from tests.adapters.discord.conftest import MENU, answer_to, new_adapter
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults

COMMAND, BUTTON = EventKind.COMMAND, EventKind.BUTTON
LONG = "\n\n".join(f"Paragraph {number}: " + "words and more words. " * 30 for number in range(6))


# -- the menu ------------------------------------------------------------------------------------------------


async def test_commands_are_put_only_when_they_changed(fake: FakeDiscord, store: Store, guild: Guild) -> None:
    for menu in (MENU, MENU, MENU[1:], MENU[1:]):
        adapter = new_adapter(fake)
        await adapter.start(store, menu)
        await adapter.stop()
    assert len(fake.calls("PUT", "/applications/*/commands")) == 2


async def test_commands_that_discord_refuses_do_not_keep_the_bot_away(
    fake: FakeDiscord, store: Store, guild: Guild
) -> None:
    fake.fail("PUT", "/applications/*/commands", faults.refused(30032))
    adapter = new_adapter(fake)
    await adapter.start(store, MENU)
    assert any("did not take the commands" in one for one in adapter.explain())
    await adapter.stop()


# -- slash commands ------------------------------------------------------------------------------------------


async def test_a_command_is_acknowledged_recorded_and_answered(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User, guild: Guild
) -> None:
    guild.give(ana, guild.role("Builders"))
    asked = general.slash(ana, "need", "post", {"text": "a designer", "kind": "skill"})
    assert await asked.acknowledged() < 1.0
    (event,) = await store.wait_for(1, COMMAND)
    assert event.event_id == str(asked.id)
    assert event.command == Command("need.post", arguments={"text": "a designer", "kind": "skill"})
    assert (event.place.id, event.place.title, event.workspace_title) == (str(general.id), "general", "Makers")
    assert (event.account.id, event.account.language, event.answers_privately) == (str(ana.id), "en-US", True)
    assert event.account.roles == (str(guild.role("Builders").id),)
    sent = await adapter.send(answer_to(event), Reply("Posted."), key="1")
    answer = await asked.answered()
    assert (answer.text, answer.ephemeral, str(answer.id)) == ("Posted.", False, sent.message_ids[0])
    await adapter.send(answer_to(event), Reply("And more."), key="2")
    assert [one.text for one in asked.responses] == ["Posted.", "And more."]
    await adapter.edit(answer_to(event), sent, Reply("Posted, really."))
    assert answer.text == "Posted, really."


async def test_typed_options_and_people(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User, ben: User, guild: Guild
) -> None:
    general.slash(guild.owner, "member", "role", {"person": ben, "days": 3, "quietly": True})
    (event,) = await store.wait_for(1, COMMAND)
    assert event.command == Command("member.role", arguments={"person": "@ben", "days": "3", "quietly": "yes"})
    assert [account.id for account in event.mentions] == [str(ben.id)]
    with pytest.raises(PermissionError):
        general.slash(ana, "member", "role", {"person": ben})


async def test_acknowledging_does_not_wait_for_the_store(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    store.gate.clear()
    asked = general.slash(ana, "help")
    assert await asked.acknowledged() < 1.0
    assert store.batches == []
    store.gate.set()
    await store.wait_for(1, COMMAND)


async def test_a_lost_acknowledgement_is_made_once_more(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    fake.fail("POST", "/interactions/**", faults.server_error(503, after=True))
    asked = general.slash(ana, "help")
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event), Reply("Help"), key="1")
    assert (await asked.answered()).text == "Help"


async def test_private_answers_to_a_public_command(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User, ben: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "12"})
    (event,) = await store.wait_for(1, COMMAND)
    assert not asked.ephemeral
    await adapter.send(answer_to(event, private=True), Reply("Only you see this."), key="1")
    (only,) = asked.responses
    assert (only.text, only.ephemeral) == ("Only you see this.", True)
    assert only not in general.visible_to(ben)
    assert general.messages == []  # nothing is left "thinking"
    await adapter.send(answer_to(event), Reply("Closed."), key="2")
    assert [one.text for one in general.bot_messages] == ["Closed."]


async def test_a_public_answer_and_then_a_private_one(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "12"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event), Reply("Closed."), key="1")
    await adapter.send(answer_to(event, private=True), Reply("Between us."), key="2")
    assert [(one.text, one.ephemeral) for one in asked.responses] == [("Closed.", False), ("Between us.", True)]


async def test_a_command_whose_answers_are_private(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "help")
    (event,) = await store.wait_for(1, COMMAND)
    sent = await adapter.send(answer_to(event, private=True), Reply(LONG), key="1")
    assert len(sent.message_ids) == len(asked.responses) > 1
    assert all(one.ephemeral for one in asked.responses)
    await adapter.edit(answer_to(event, private=True), sent, Reply("Short"))
    assert [one.text for one in asked.responses] == ["Short"]
    await adapter.send(answer_to(event), Reply("Still between us."), key="2")
    assert all(one.ephemeral for one in asked.responses)
    direct = fake.dm(ana).slash(ana, "help")
    event = (await store.wait_for(2, COMMAND))[1]
    assert (event.workspace, event.answers_privately) == ("", False)
    await adapter.send(answer_to(event), Reply("In the direct chat."), key="3")
    assert not (await direct.answered()).ephemeral


async def test_a_turn_without_an_answer_leaves_nothing_thinking(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "12"})
    (event,) = await store.wait_for(1, COMMAND)
    await asked.acknowledged()
    adapter.turn_done(event.event_id)
    adapter.turn_done("404")
    await fake.wait_for_calls("DELETE", "/webhooks/*/*/messages/@original")
    assert general.messages == []
    general.slash(ana, "need", "close", {"need": "13"})
    event = (await store.wait_for(2, COMMAND))[1]
    await adapter.send(answer_to(event), Reply("Closed."), key="1")
    adapter.turn_done(event.event_id)
    await adapter.stop()
    assert [one.text for one in general.messages] == ["Closed."]


async def test_an_expired_token_falls_back(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    general.slash(ana, "need", "close", {"need": "12"})
    general.slash(ana, "help")
    public, private = await store.wait_for(2, COMMAND)
    sent = await adapter.send(answer_to(public), Reply("In time."), key="0")
    hidden = await adapter.send(answer_to(private, private=True), Reply("In time, for you."), key="1")
    fake.clock.advance(20 * 60)
    await adapter.send(answer_to(public), Reply("Late."), key="2")
    assert general.last.text == "Late."
    await adapter.send(answer_to(private), Reply("Late, for you."), key="3")  # private by its nature
    assert fake.dm(ana).last.text == "Late, for you."
    await adapter.edit(answer_to(public), sent, Reply("In time, edited."))
    assert "In time, edited." in [one.text for one in general.messages]
    with pytest.raises(Gone):
        await adapter.edit(answer_to(private, private=True), hidden, Reply("never"))


async def test_a_token_that_discord_refuses_falls_back(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    for number, code in enumerate((50027, 10015, 10062)):
        general.slash(ana, "need", "close", {"need": "12"})
        event = (await store.wait_for(number + 1, COMMAND))[number]
        fake.fail("PATCH", "/webhooks/**", faults.refused(code))
        await adapter.send(answer_to(event), Reply(f"By another way {code}."), key=str(code))
        assert general.last.text == f"By another way {code}."


async def test_a_waiting_answer_that_somebody_deleted(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "12"})
    (event,) = await store.wait_for(1, COMMAND)
    await asked.acknowledged()
    general.delete(general.last)
    await adapter.send(answer_to(event), Reply("Closed."), key="1")
    assert [one.text for one in general.messages] == ["Closed."]


async def test_a_command_told_twice_is_acknowledged_once(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "12"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event), Reply("Closed."), key="1")
    asked.send()
    await fake.gateway.wait_until_received()
    await adapter.send(answer_to(event), Reply("Really."), key="2")
    assert [one.text for one in asked.responses] == ["Closed.", "Really."]
    assert len(fake.calls("POST", "/interactions/**")) == 1


async def test_an_unacknowledged_interaction_is_answered_in_the_channel(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    fake.fail("POST", "/interactions/**", faults.refused(10062))
    general.slash(ana, "need", "close", {"need": "12"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event), Reply("A little late."), key="1")
    assert general.last.text == "A little late."


async def test_after_a_restart_the_waiting_answer_is_found_again(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    fresh_, used_ = (
        general.slash(ana, "need", "close", {"need": "1"}),
        general.slash(ana, "need", "close", {"need": "2"}),
    )
    first, second = await store.wait_for(2, COMMAND)
    sent = await adapter.send(answer_to(second), Reply("Said before."), key="1")
    await adapter.stop()
    again = new_adapter(fake)
    await again.start(store, MENU)
    await again.send(answer_to(first), Reply("One."), key="2")
    await again.send(answer_to(second), Reply("Two."), key="3")
    assert [one.text for one in fresh_.responses] == ["One."]
    assert [one.text for one in used_.responses] == ["Said before.", "Two."]
    await again.edit(answer_to(second), sent, Reply("Edited."))
    assert used_.responses[0].text == "Edited."
    await again.stop()


@pytest.mark.parametrize("private", [False, True])
async def test_what_a_process_answered_before_it_died_is_not_said_again(
    private: bool, fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "help") if private else general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event, private=private), Reply("Said before."), key="1")
    await adapter.stop()
    again = new_adapter(fake)
    await again.start(store, MENU)
    for text, key in (("Said before.", "1"), ("And more.", "2")):
        await again.send(answer_to(event, private=private), Reply(text), key=key)
    assert [one.text for one in asked.responses] == ["Said before.", "And more."]
    assert {one.ephemeral for one in asked.responses} == {private}
    await again.stop()


async def test_a_stale_command_is_explained(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    await adapter.stop()
    again = new_adapter(fake)
    fake.fail("PUT", "/applications/*/commands", faults.refused(30032))
    await again.start(store, MENU[1:])
    answer = await general.slash(ana, "help").answered()
    assert "changed" in answer.text
    assert answer.ephemeral
    await again.stop()


async def test_menus_of_messages_and_people(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User, ben: User, guild: Guild
) -> None:
    bad = general.say(ben, f"{ana.mention} is a fool")
    general.context_message(ana, "Report message", bad)
    (event,) = await store.wait_for(1, COMMAND)
    assert event.command == Command("report", arguments={"text": "@ana is a fool"})
    assert (event.reply_to, event.reply_to_account and event.reply_to_account.id) == (str(bad.id), str(ben.id))
    assert event.reply_text == "@ana is a fool"
    assert [account.id for account in event.mentions] == [str(ana.id)]
    guild.context_user(guild.owner, "Give a role", ben)
    event = (await store.wait_for(2, COMMAND))[1]
    assert event.command == Command("member.role", arguments={"person": "@ben"})
    assert [account.id for account in event.mentions] == [str(ben.id)]


async def test_a_shortcut_whose_form_is_filled_in_keeps_its_message(
    fake: FakeDiscord, store: Store, general: Channel, ana: User, ben: User, guild: Guild
) -> None:
    reason = MenuOption("reason", "why", OptionKind.LONG, required=True)
    warn = MenuEntry("warn", "Warn somebody", options=(reason,), shortcut=Shortcut("Warn", Target.MESSAGE, ""))
    adapter = new_adapter(fake)
    await adapter.start(store, [warn])
    bad = general.say(ben, "rude words")
    asked, lost = general.context_message(ana, "Warn", bad), general.context_message(ana, "Warn", bad)
    assert (await asked.modal()).labels == ["Why"]
    asked.submit({"reason": "be kind"})
    (event,) = await store.wait_for(1, COMMAND)
    assert event.command == Command("warn", arguments={"reason": "be kind"})
    assert (event.reply_to, event.reply_text) == (str(bad.id), "rude words")
    assert event.reply_to_account is not None
    assert (event.reply_to_account.id, event.reply_to_account.is_bot) == (str(ben.id), False)
    await lost.modal()
    await adapter.stop()
    again = new_adapter(fake)
    await again.start(store, [warn])
    answer = await lost.submit({"reason": "be kind"}).answered()  # nobody knows any more about what
    assert "no longer know what this was about" in answer.text
    assert "be kind" in answer.text
    assert [one.kind for one in store.events].count(COMMAND) == 1
    await again.stop()


# -- completions ---------------------------------------------------------------------------------------------


async def test_completions(adapter: DiscordAdapter, store: Store, general: Channel, ana: User) -> None:
    store.suggestions = [Suggestion(f"Need {number} {'x' * 100}", str(number)) for number in range(30)]
    store.suggestions.insert(1, Suggestion("too long", "y" * 101))
    choices = await general.autocomplete(ana, "need", "close", {"need": "des"}, focused="need")
    assert len(choices) == 25
    assert (choices[0]["value"], len(choices[0]["name"]), choices[1]["value"]) == ("0", 100, "1")
    ((event, option, typed),) = store.asked
    assert (option, typed, event.command) == ("need", "des", Command("need.close", arguments={"need": "des"}))
    assert store.events == []


async def test_no_completion_in_time_is_an_empty_one(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.receive._COMPLETE_WITHIN", 0.01)
    store.completing.clear()
    assert await general.autocomplete(ana, "need", "close", {"need": "d"}, focused="need") == []


def test_handles_are_text_that_does_not_show_itself() -> None:
    handle = Handle(Kind.COMMAND, "1", "2", "very-secret", 99, True, True, "3")
    text = handle.dump()
    assert "very-secret" not in repr(text) + repr(handle) + repr({"respond": text})
    assert load(json.loads(json.dumps(text))) == handle
    assert load("") is None
    assert load("nonsense") is None
    assert load("[1, 2]") is None
    assert re.search("secret", str(text))
