"""Shortcuts in the menu of a message, and from the search bar, through the real slack-bolt."""

import pytest

from adapters.contract import Command, EventKind, PlaceKind, Reply
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import answer_to, to
from tests.adapters.store import Store
from tests.fakes.slack import Channel, Team, User


async def test_a_message_shortcut_takes_the_words_of_the_message(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    bad = general.say(ben, "buy my coins")
    await team.shortcut(ana, bad, "nexus_shortcut:report.message").acked()
    event = store.events[-1]
    assert event.command == Command("report.message", arguments={"text": "buy my coins"})
    assert (event.message_id, event.reply_to, event.reply_text) == (bad.ts, bad.ts, "buy my coins")
    assert event.reply_to_account is not None
    assert (event.reply_to_account.id, event.reply_to_account.name) == (ben.id, "Ben")
    await adapter.send(answer_to(event, private=True), Reply("Thank you"), key="1")
    assert general.bot_messages[0].ephemeral_to is ana


async def test_a_shortcut_asks_for_what_the_message_does_not_tell(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    good = general.say(ben, "water <https://example.org> them in the evening")
    await team.shortcut(ana, good, "nexus_shortcut:message.keep").acked()
    (view,) = team.views_of(ana)
    await team.submit_view(ana, view, {"why": "true"})
    event = store.events[-1]
    assert event.command == Command(
        "message.keep", arguments={"text": "water https://example.org them in the evening", "why": "true"}
    )
    assert (event.place.id, event.message_id) == (general.id, good.ts)
    # What was chosen stays what it is, whatever is made of it in the form.
    assert (event.reply_to, event.reply_text) == (good.ts, "water https://example.org them in the evening")
    assert event.reply_to_account is not None
    assert event.reply_to_account.name == "Ben"


async def test_a_form_of_a_long_message_keeps_as_much_as_it_has_room_for(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    long = general.say(ben, "вода " * 900)
    delivery = team.shortcut(ana, long, "nexus_shortcut:message.keep")
    await delivery.acked()
    (view,) = team.views_of(ana)
    await team.submit_view(ana, view, {"text": "water", "why": "true"})
    event = store.events[-1]
    assert long.text.startswith(event.reply_text)
    assert len(event.reply_text) > 500
    assert event.reply_to_account is not None
    assert event.reply_to_account.id == ben.id
    await adapter.send(answer_to(event, private=True), Reply("Kept"), key="1")  # its answer still goes the way back
    assert general.bot_messages[0].ephemeral_to is ana


@pytest.mark.parametrize("callback", ["report.message", "message.keep"])
async def test_a_shortcut_says_whose_message_it_was_when_it_was_an_apps(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User, callback: str
) -> None:
    sent = await adapter.send(to(general), Reply("Good morning"), key="1")
    own = general.find(sent.message_ids[0])
    assert own is not None
    hook = general.webhook("Build", "it broke")
    helper = general.say(team.other_bot("Helper"), "helped")
    found: list[tuple[str, bool]] = []
    for message in (own, hook, helper):
        await team.shortcut(ana, message, f"nexus_shortcut:{callback}").acked()
        for view in team.views_of(ana):
            await team.submit_view(ana, view, {"why": "true"})
        event = store.events[-1]
        assert event.reply_to == message.ts
        assert event.reply_to_account is not None
        found.append((event.reply_to_account.id, event.reply_to_account.is_bot))
    assert found == [(team.bot.id, True), (hook.extra["bot_id"], True), (helper.user.id if helper.user else "", True)]


async def test_a_shortcut_on_forwarded_words_takes_them_too(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User, ben: User
) -> None:
    original = team.channel("elsewhere", [ben], bot=False).say(ben, "buy my coins")
    await team.shortcut(ana, general.forward(ben, original, "look"), "nexus_shortcut:report.message").acked()
    assert store.events[-1].reply_text == "look\nbuy my coins"


async def test_what_is_no_shortcut_answers_nothing(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User
) -> None:
    await team.slash(ana, general, "/nexus", "help").acked()
    await team.slash(ana, general, "/nexus", "need post").acked()
    (view,) = team.views_of(ana)
    await team.submit_view(ana, view, {"text": "a designer for our page"})
    assert [(one.reply_to, one.reply_to_account, one.reply_text) for one in store.events] == [("", None, "")] * 2


async def test_a_shortcut_from_the_search_bar_asks_for_everything(
    adapter: SlackAdapter, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    await team.global_shortcut(ana, "nexus_shortcut:message.keep").acked()
    (view,) = team.views_of(ana)
    await team.submit_view(ana, view, {"text": "something", "why": "true"})
    (event,) = store.events
    assert event.place.kind is PlaceKind.DIRECT
    await adapter.send(answer_to(event), Reply("Kept"), key="1")
    assert direct.bot_messages[0].shown == "Kept"


async def test_a_shortcut_from_an_older_menu_is_acknowledged(
    adapter: SlackAdapter, team: Team, store: Store, general: Channel, ana: User
) -> None:
    message = general.say(ana, "hello")
    await team.shortcut(ana, message, "something_else").acked()
    await store.wait_for(1)
    assert all(event.kind is EventKind.MESSAGE for event in store.events)
