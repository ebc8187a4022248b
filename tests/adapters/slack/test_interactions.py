"""Slash commands, forms, buttons, completions, shortcuts and the App Home, through the real slack-bolt."""

from typing import Any

import pytest

from adapters.contract import Button, ButtonStyle, Card, Command, EventKind, PlaceKind, Reply, Sent, Suggestion
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import answer_to, to
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, View, faults

CARD = Reply(
    card=Card("Confirm", "Really?", buttons=(Button("Yes", "t-yes", ButtonStyle.PRIMARY), Button("No", "t-no")))
)


async def form(team: Team, user: User, channel: Channel, text: str, command: str = "/nexus") -> View:
    """The form that a command opens."""
    await team.slash(user, channel, command, text).acked()
    (view,) = team.views_of(user)
    return view


async def test_a_command_with_words_is_answered_where_it_was_typed(
    adapter: SlackAdapter, team: Team, store: Store, ana: User, ben: User
) -> None:
    elsewhere = team.channel("elsewhere", [ana], bot=False)
    delivery = team.slash(ana, elsewhere, "/nexus", f"need post a designer for <@{ben.id}|ben> &amp; me")
    assert await delivery.acked() is None
    (event,) = store.events
    assert event.kind is EventKind.COMMAND
    assert event.command == Command("need", "post a designer for @ben & me")
    assert [one.id for one in event.mentions] == [ben.id]
    assert event.account.name == "Ana"
    assert event.place.kind is PlaceKind.CHANNEL
    assert event.answers_privately
    assert delivery.response_url not in repr(event.text)
    shown = await adapter.send(answer_to(event), Reply("Posted"), key="1")  # the app is no member
    assert [m.shown for m in elsewhere.bot_messages] == ["Posted"]
    assert not elsewhere.bot_messages[0].ephemeral
    await adapter.send(answer_to(event, private=True), Reply("Only you"), key="2")
    assert elsewhere.bot_messages[1].ephemeral_to is ana
    assert shown.message_ids


async def test_commands_without_words_ask_for_help(
    adapter: SlackAdapter, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    await team.slash(ana, direct, "/nexus").acked()
    await team.slash(ana, direct, "/grant").acked()
    await team.slash(ana, direct, "/grant", "list open").acked()
    assert [event.command for event in store.events] == [
        Command("help"),
        Command("help", "grant"),
        Command("grant", "list open"),
    ]
    assert all(event.place.kind is PlaceKind.DIRECT for event in store.events)


async def test_a_command_between_two_people_is_not_in_the_direct_chat(
    adapter: SlackAdapter, team: Team, store: Store, ana: User, ben: User, direct: Channel
) -> None:
    """The channel of two other people begins with D too; the app's answer there can be read by both."""
    theirs = team.channel("", [ana, ben], bot=False)
    del team.rooms[theirs.id]
    theirs.id = "D0THEIRS0001"
    team.rooms[theirs.id] = theirs
    await team.slash(ana, theirs, "/nexus", "help").acked()
    (event,) = store.events
    assert event.place.kind is PlaceKind.GROUP
    assert event.answers_privately


async def test_a_command_that_is_not_stored_fails_visibly(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    store.failures = 1
    delivery = team.slash(ana, direct, "/nexus", "help")
    await store.entered.wait()
    await team.slash(ana, direct, "/nexus", "help").acked()
    assert not delivery.is_acked
    slack.dispatch.forget()


async def test_what_a_command_lacks_is_asked_for_in_a_form(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User
) -> None:
    view = await form(team, ana, general, "need post")
    assert view.labels == ["What you need", "When it ends"]
    assert store.events == []
    answer = await team.submit_view(ana, view, {"text": "a designer"})
    assert answer == {"response_action": "errors", "errors": {"text": "Please say it in more than three words."}}
    assert store.events == []
    assert await team.submit_view(ana, view, {"text": "a designer for our page"}) is None
    assert view.closed
    (event,) = store.events
    assert event.command == Command("need.post", arguments={"text": "a designer for our page"})
    assert event.place.id == general.id
    await adapter.send(answer_to(event, private=True), Reply("Posted"), key="1")
    assert general.bot_messages[0].ephemeral_to is ana


async def test_grants_have_a_command_of_their_own(
    adapter: SlackAdapter, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    view = await form(team, ana, direct, "propose", "/grant")
    await team.submit_view(ana, view, {"title": "A greenhouse"})
    (event,) = store.events
    assert event.command == Command("grant.propose", arguments={"title": "A greenhouse"})


async def test_every_kind_of_field(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    view = await form(team, ana, general, "role grant")
    store.suggestions = [Suggestion("Parser guild", "parser")]
    (option,) = await team.suggest(ana, view, "nexus", "par")
    assert (option["text"]["text"], option["value"]) == ("Parser guild", "parser")
    (event, name, typed) = store.asked[0]
    assert event.command is not None
    assert (event.command.name, name, typed) == ("role.grant", "nexus", "par")
    values: dict[str, Any] = {"person": ben, "role": "steward", "nexus": option, "days": 30, "tell": "yes"}
    await team.submit_view(ana, view, values)
    (event,) = store.events
    assert event.command == Command(
        "role.grant",
        arguments={"person": "@ben", "role": "steward", "nexus": "parser", "days": "30", "tell": "yes"},
    )
    assert [(one.id, one.username) for one in event.mentions] == [(ben.id, "ben")]


async def test_a_form_that_is_sent_twice_is_one_event(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User
) -> None:
    view = await form(team, ana, general, "need post")
    delivery = team.send_view(ana, view, {"text": "a designer for our page"})
    await delivery.acked()
    slack.redeliver(delivery)
    await store.wait_until(lambda: len(store.batches) == 2)
    assert len(store.events) == 1


async def test_a_form_that_comes_too_late_says_what_to_do(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, general: Channel, ana: User
) -> None:
    slack.fail("views.open", faults.refused("expired_trigger_id"))
    answer = await team.slash(ana, general, "/nexus", "need post").acked()
    assert answer is not None
    assert "try again" in answer["text"]
    assert general.bot_messages[0].ephemeral_to is ana


async def test_a_button_is_pressed_and_its_card_replaced(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User
) -> None:
    sent = await adapter.send(to(general), CARD, key="1")
    card = general.find(sent.message_ids[0])
    assert card is not None
    delivery = general.press(ana, card, "Yes")
    await delivery.acked()
    slack.redeliver(delivery)
    await store.wait_until(lambda: len(store.batches) == 2)
    (event,) = store.events
    assert event.kind is EventKind.BUTTON
    assert event.press is not None
    assert (event.press.token, event.press.message_id, event.press.private) == ("t-yes", card.ts, False)
    assert event.account.name == "Ana"
    await adapter.answer_press(event, "Only <you> see this")
    note = general.bot_messages[-1]
    assert note.ephemeral_to is ana
    assert note.text == "Only &lt;you&gt; see this"
    assert card.buttons == ["Yes", "No"]
    edited = await adapter.edit(answer_to(event), sent, Reply("Done"))
    assert edited == sent
    assert (card.shown, card.buttons) == ("Done", [])


async def test_a_card_that_one_person_sees_is_replaced_by_its_button(
    adapter: SlackAdapter, store: Store, general: Channel, ana: User, ben: User
) -> None:
    asked = general.say(ana, "<@BOT> make me a steward")
    (event,) = await store.wait_for(1)
    await adapter.send(answer_to(event, private=True), CARD, key="1")
    (card,) = general.bot_messages
    assert card.ephemeral_to is ana
    assert not card.thread_ts  # nobody has answered in that thread: there nobody would see it
    await general.press(ana, card, "No").acked()
    pressed = (await store.wait_for(2))[1]
    assert pressed.press is not None
    assert pressed.press.private
    sent = Sent(pressed.place.id, (pressed.press.message_id,))
    await adapter.edit(answer_to(pressed, private=True), sent, Reply("Left as it was"))
    assert card.shown == "Left as it was"
    assert len(general.bot_messages) == 1
    assert asked.ts


async def test_a_button_that_lasts_too_long_is_answered_anew(
    adapter: SlackAdapter, slack: FakeSlack, store: Store, general: Channel, ana: User
) -> None:
    general.say(ana, "<@BOT> hello")
    (event,) = await store.wait_for(1)
    await adapter.send(answer_to(event, private=True), CARD, key="1")
    (card,) = general.bot_messages
    await general.press(ana, card, "No").acked()
    pressed = (await store.wait_for(2))[1]
    assert pressed.press is not None
    slack.advance(31 * 60)
    sent = Sent(pressed.place.id, (pressed.press.message_id,))
    await adapter.edit(answer_to(pressed, private=True), sent, Reply("Left as it was"))
    assert [m.shown for m in general.bot_messages][-1] == "Left as it was"
    assert general.bot_messages[-1].ephemeral_to is ana


async def test_a_card_where_the_app_is_no_member_is_replaced_by_its_button(
    adapter: SlackAdapter, team: Team, store: Store, ana: User
) -> None:
    elsewhere = team.channel("elsewhere", [ana], bot=False)
    await team.slash(ana, elsewhere, "/nexus", "need list").acked()
    await adapter.send(answer_to(store.events[0]), CARD, key="1")
    (card,) = elsewhere.bot_messages
    await elsewhere.press(ana, card, "Yes").acked()
    pressed = store.events[1]
    assert pressed.press is not None
    await adapter.edit(answer_to(pressed), Sent(elsewhere.id, (pressed.press.message_id,)), Reply("Done"))
    assert [m.shown for m in elsewhere.bot_messages] == ["Done"]


async def test_a_form_of_an_older_menu_is_closed(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User
) -> None:
    view = await form(team, ana, general, "need post")
    view.content["private_metadata"] = view.content["private_metadata"].replace("need.post", "need.gone")
    assert await team.submit_view(ana, view, {"text": "a designer"}) is None
    assert await team.suggest(ana, await form(team, ana, general, "role grant"), "nexus", "x") == []
    assert store.events == []


async def test_an_unreadable_interaction_is_passed_over(
    adapter: SlackAdapter, team: Team, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for body in (
        {"type": "block_actions"},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "nexus_form"}},
    ):
        payload = {**body, "team": {"id": team.id}, "user": {"id": "U1"}, "secret": "private words"}
        await team.slack.dispatch.put(team.delivery("interactive", payload)).acked()
    assert caplog.text.count("passed over") == 2
    assert "private words" not in caplog.text


async def test_the_home_shows_where_one_stands(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    store.page = Reply("**Hello Ana**", Card("Yours", lines=("a need", "an offer"), buttons=(Button("Close", "t-9"),)))
    opened = team.open_home(ana)
    assert opened is not None
    await opened.acked()
    await slack.wait_for_calls("views.publish")
    (event,) = store.homes
    assert (event.account.name, event.place.kind, event.place.id) == ("Ana", PlaceKind.DIRECT, direct.id)
    home = team.home_of(ana)
    assert home is not None
    await team.press_view(ana, home, "Close").acked()
    (press,) = store.events
    assert press.press is not None
    assert (press.press.token, press.place.id, press.place.kind) == ("t-9", direct.id, PlaceKind.DIRECT)
    await adapter.send(answer_to(press), Reply("Closed"), key="1")
    assert direct.bot_messages[0].shown == "Closed"


async def test_the_home_opens_forms(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    team.open_home(ana)
    await slack.wait_for_calls("views.publish")
    home = team.home_of(ana)
    assert home is not None
    await team.press_view(ana, home, "Say what you need").acked()
    (view,) = team.views_of(ana)
    await team.submit_view(ana, view, {"text": "a designer for our page"})
    (event,) = store.events
    assert (event.place.id, event.place.kind) == (direct.id, PlaceKind.DIRECT)


async def test_a_home_that_is_not_taken_is_made_anew_the_next_time(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, ana: User
) -> None:
    slack.fail("views.publish", faults.server_error())
    team.open_home(ana)
    await slack.wait_for_calls("views.publish")
    team.open_home(ana)
    await slack.wait_for(lambda: team.home_of(ana) is not None)


async def test_the_home_is_acknowledged_before_it_is_made(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, ana: User
) -> None:
    held = slack.fail("views.publish", faults.hold())
    opened = team.open_home(ana)
    assert opened is not None
    await opened.acked()
    await held.reached.wait()
    assert team.open_home(ana, "messages") is not None
    await slack.wait_until_acknowledged()
    assert len(store.homes) == 1
