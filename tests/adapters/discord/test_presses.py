"""Forms and buttons, against the fake Discord with the real library."""

import asyncio

import pytest

from adapters.contract import Button, Card, Command, EventKind, MenuEntry, MenuOption, OptionKind, Reply, Transient
from adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord.conftest import MENU, answer_to, new_adapter, to
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, User, faults

COMMAND, BUTTON = EventKind.COMMAND, EventKind.BUTTON


async def test_a_form_asks_for_what_is_missing(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "post", {"kind": "money"})
    form = await asked.modal()
    assert (form.title, form.labels) == ("Say what you need", ["What you need"])
    assert (form.fields[0]["style"], form.fields[0]["max_length"]) == (2, 900)
    sent = asked.submit({"text": "two lines\nof need"})
    (event,) = await store.wait_for(1, COMMAND)
    assert event.event_id == str(sent.id)
    assert event.command == Command("need.post", arguments={"kind": "money", "text": "two lines\nof need"})
    await adapter.send(answer_to(event), Reply("Posted."), key="1")
    assert (await sent.answered()).text == "Posted."


async def test_a_wrong_value_can_be_corrected_and_nothing_is_lost(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "post")
    await asked.modal()
    wrong = asked.submit({"text": "need 4 chairs"})
    answer = await wrong.answered()
    assert (answer.text, answer.ephemeral) == ("Please write it without digits.", True)
    again = general.press(ana, answer, "Try again")
    form = await again.modal()
    assert form.fields[0]["value"] == "need 4 chairs"
    again.submit({"text": "need four chairs"})
    (event,) = await store.wait_for(1, COMMAND)
    assert event.command == Command("need.post", arguments={"text": "need four chairs"})
    assert store.of(BUTTON) == []
    used_up = general.press(ana, answer, "Try again")
    assert "use the command again" in (await used_up.answered()).text


async def test_forms_of_many_parts(fake: FakeDiscord, store: Store, general: Channel, ana: User, ben: User) -> None:
    names = ("one", "two", "three", "four", "five", "six")
    options = (
        *(MenuOption(name, f"part {name}", OptionKind.LONG, required=True) for name in names),
        MenuOption("who", "whom", OptionKind.PERSON),
    )
    adapter = new_adapter(fake)
    await adapter.start(store, [MenuEntry("grant.apply", "Apply", options=options)])
    asked = general.slash(ana, "grant", "apply", {"who": ben})
    form = await asked.modal()
    assert form.labels == ["Part one", "Part two", "Part three", "Part four", "Part five"]
    first = asked.submit({name: f"about {name}" for name in names[:5]})
    more = general.press(ana, await first.answered(), "Go on")
    assert (await more.modal()).labels == ["Part six"]
    more.submit({"six": "about six"})
    (event,) = await store.wait_for(1, COMMAND)
    assert event.command == Command(
        "grant.apply", arguments={"who": "@ben"} | {name: f"about {name}" for name in names}
    )
    assert [account.id for account in event.mentions] == [str(ben.id)]
    await adapter.stop()


async def test_a_form_outlives_a_restart_as_far_as_it_can(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    whole, part = general.slash(ana, "need", "post"), general.slash(ana, "report")
    await whole.modal()
    shown = await part.modal()
    await adapter.stop()
    again = new_adapter(fake)
    await again.start(store, MENU)
    whole.submit({"text": "a designer"})
    (event,) = await store.wait_for(1, COMMAND)
    assert event.command == Command("need.post", arguments={"text": "a designer"})
    shown.custom_id = shown.custom_id.replace("report", "gone")
    lost = part.submit({"text": "many dear words"})
    assert "many dear words" in (await lost.answered()).text
    await again.stop()


CARD = Card("Sure?", buttons=(Button("Yes", "tok-yes"), Button("No", "tok-no")))


async def test_a_press_is_recorded_and_the_card_changed(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User, ben: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    sent = await adapter.send(answer_to(event), Reply(card=CARD), key="1")
    card = await asked.answered()
    press = general.press(ben, card, "Yes")
    assert await press.acknowledged() < 1.0
    (pressed,) = await store.wait_for(1, BUTTON)
    assert pressed.press is not None
    assert (pressed.press.token, pressed.press.message_id, pressed.press.press_id) == (
        "tok-yes",
        sent.message_ids[0],
        str(press.id),
    )
    assert (pressed.account.id, pressed.answers_privately) == (str(ben.id), True)
    await adapter.answer_press(pressed, "Only Ana may do this.")
    assert [(one.text, one.ephemeral) for one in press.responses] == [("Only Ana may do this.", True)]
    await adapter.answer_press(pressed)
    await adapter.edit(answer_to(pressed), sent, Reply("Done."))
    assert (card.text, card.buttons, press.updates) == ("Done.", [], 1)
    await adapter.send(answer_to(pressed), Reply("More."), key="2")
    await adapter.send(answer_to(pressed, private=True), Reply("For you."), key="3")
    assert [(one.text, one.ephemeral) for one in press.responses[1:]] == [("More.", False), ("For you.", True)]


async def test_a_press_on_an_ephemeral_card(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "help")
    (event,) = await store.wait_for(1, COMMAND)
    sent = await adapter.send(answer_to(event, private=True), Reply(card=CARD), key="1")
    card = await asked.answered()
    fake.clock.advance(14 * 60)
    press = general.press(ana, card, "No")
    (pressed,) = await store.wait_for(1, BUTTON)
    await press.acknowledged()
    fake.clock.advance(5 * 60)  # the command's token has ended, the press's lives
    await adapter.edit(answer_to(pressed, private=True), sent, Reply("As you like."))
    assert (card.text, card.buttons, press.updates) == ("As you like.", [], 1)


async def test_a_press_on_an_ordinary_message(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    sent = await adapter.send(to(general), Reply(card=CARD), key="1")
    general.press(ana, general.last, "Yes")
    (pressed,) = await store.wait_for(1, BUTTON)
    fake.fail("PATCH", "/webhooks/**", faults.refused(50027))
    await adapter.edit(answer_to(pressed), sent, Reply("Done."))
    assert (general.last.text, general.last.buttons) == ("Done.", [])


async def test_many_buttons_become_a_menu(adapter: DiscordAdapter, store: Store, general: Channel, ana: User) -> None:
    many = Card("Which?", buttons=tuple(Button(f"Choice {number}", f"tok-{number}") for number in range(30)))
    await adapter.send(to(general), Reply(card=many), key="1")
    (first, second) = [row["components"][0] for row in general.last.components]
    assert (len(first["options"]), len(second["options"])) == (25, 5)
    general.choose(ana, general.last, "tok-27", menu=second["custom_id"])
    (pressed,) = await store.wait_for(1, BUTTON)
    assert pressed.press is not None
    assert pressed.press.token == "tok-27"


async def test_a_followup_that_arrived_though_its_answer_was_lost(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    fake.fail("PATCH", "/webhooks/**", faults.server_error(500, after=True))
    with pytest.raises(Transient):
        await adapter.send(answer_to(event), Reply("Once."), key="1")
    await adapter.send(answer_to(event), Reply("Once."), key="1")
    fake.fail("POST", "/webhooks/**", faults.drop(after=True))
    with pytest.raises(Transient):
        await adapter.send(answer_to(event), Reply("Twice."), key="2")
    await adapter.send(answer_to(event), Reply("Twice."), key="2")
    await adapter.send(answer_to(event), Reply("Twice."), key="3")  # the same words, said again on purpose
    assert [one.text for one in general.messages] == ["Once.", "Twice.", "Twice."]


async def test_presses_in_order_and_once(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    await adapter.send(to(general), Reply(card=CARD), key="1")
    presses = [general.press(ana, general.last, "Yes") for _ in range(3)]
    presses[0].send()  # as after a resume
    events = await store.wait_for(3, BUTTON)
    await asyncio.gather(*(one.acknowledged() for one in presses))
    assert [event.event_id for event in events] == [str(one.id) for one in presses]


@pytest.mark.parametrize("private", [False, True])
async def test_a_press_tells_whether_its_message_is_for_one_person(
    private: bool, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "help") if private else general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(
        answer_to(event, private=private), Reply(card=Card("Sure?", buttons=(Button("Yes", "t"),))), key="1"
    )
    general.press(ana, await asked.answered(), "Yes")
    (pressed,) = await store.wait_for(1, BUTTON)
    assert pressed.press is not None
    assert pressed.press.private is private
    # What follows stays with the presser, also where it is not private by itself.
    await adapter.send(answer_to(pressed), Reply("Done."), key="2")
    assert [m.ephemeral for m in general.visible_to(ana) if m.text == "Done."] == [private]
