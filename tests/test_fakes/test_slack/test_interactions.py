"""Buttons, menus, modals, the App Home, shortcuts and response URLs through Bolt."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import CannotSubmitError, Channel, FakeSlack, Team, User
from tests.fakes.slack.blocks import valid_view
from tests.test_fakes.test_slack.tools import Json, actions, bolt, button, field, modal, plain, sockets

TEXT = {"type": "plain_text_input", "action_id": "value"}


@pytest.fixture
async def app(slack: FakeSlack, team: Team) -> AsyncIterator[AsyncApp]:
    app, _ = bolt(slack, team)
    async with sockets(slack, app):
        yield app


async def test_a_press_replaces_the_message_it_was_on(
    app: AsyncApp, web: AsyncWebClient, team: Team, ana: User, ben: User, general: Channel
) -> None:
    bodies: list[Json] = []

    @app.action("yes")
    async def yes(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        await ack()
        bodies.append(body)
        await respond("Done.", replace_original=True)
        await respond("For your eyes.")
        await respond("For all.", response_type="in_channel")

    sent = await web.chat_postMessage(
        channel=general.id, text="Sure?", blocks=actions(button("Yes", "yes", "a:1"), button("No", "no"))
    )
    message = general.find(sent["ts"])
    assert message is not None
    assert message.buttons == ["Yes", "No"]
    pressed = general.press(ana, message, "Yes")
    assert await pressed.acked() is None
    await general.wait_for_reply(after=pressed, contains="For all.")
    assert (message.text, message.buttons, message.edits) == ("Done.", [], 1)
    (action,) = bodies[0]["actions"]
    assert (action["value"], action["text"]["text"], action["type"]) == ("a:1", "Yes", "button")
    assert bodies[0]["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": general.id,
        "is_ephemeral": False,
    }
    assert [one.text for one in general.visible_to(ana)] == ["Done.", "For your eyes.", "For all."]
    assert [one.text for one in general.visible_to(ben)] == ["Done.", "For all."]
    with pytest.raises(LookupError, match="no button 'Yes'"):
        general.press(ana, message, "Yes")


async def test_an_ephemeral_message_is_changed_only_by_its_response_url(
    app: AsyncApp, web: AsyncWebClient, ana: User, ben: User, general: Channel
) -> None:
    @app.action("go")
    async def go(ack: AsyncAck, respond: AsyncRespond, body: Json) -> None:
        await ack()
        assert "message" not in body
        assert body["container"]["is_ephemeral"] is True
        await respond("Changed.", replace_original=True, blocks=actions(button("Away", "away")))

    @app.action("away")
    async def away(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(delete_original=True)

    made = await web.chat_postEphemeral(
        channel=general.id, user=ana.id, text="Only you", blocks=actions(button("Go", "go"))
    )
    (message,) = general.visible_to(ana)
    assert message.ts == made["message_ts"]
    assert general.visible_to(ben) == []
    for call in (web.chat_update(channel=general.id, ts=message.ts, text="x"),):
        with pytest.raises(SlackApiError, match="message_not_found"):
            await call
    with pytest.raises(LookupError, match="does not see"):
        general.press(ben, message, "Go")
    pressed = general.press(ana, message, "Go")
    assert (await general.wait_for_reply(after=pressed)) is message
    await general.press(ana, message, "Away").acked()
    await general.team.slack.wait_for(lambda: general.visible_to(ana) == [])
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await web.chat_postEphemeral(channel=general.id, user=general.team.user("Out").id, text="x")


async def test_a_response_url_has_five_uses_and_thirty_minutes(
    app: AsyncApp, slack: FakeSlack, team: Team, ana: User, general: Channel
) -> None:
    @app.command("/nexus")
    async def command(ack: AsyncAck) -> None:
        await ack()

    asked = team.slash(ana, general, "/nexus")
    await asked.acked()
    url = AsyncWebhookClient(asked.response_url)
    bad = await url.send(text="x", blocks=[{"type": "section"}])
    assert bad.status_code == 400
    assert "invalid_blocks" in bad.body
    for number in range(5):
        assert (await url.send(text=str(number))).status_code == 200
    used = await url.send(text="once more")
    assert (used.status_code, "used_url" in used.body) == (404, True)
    assert [one.text for one in general.visible_to(ana)] == list("01234")
    later = team.slash(ana, general, "/nexus")
    slack.advance(30 * 60 + 1)
    expired = await AsyncWebhookClient(later.response_url).send(text="late")
    assert (expired.status_code, "expired_url" in expired.body) == (404, True)
    assert [one.error for one in slack.calls("response_url")] == [
        "invalid_blocks",
        *[""] * 5,
        "used_url",
        "expired_url",
    ]


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: FakeSlack, team: Team, web: AsyncWebClient, ana: User
) -> None:
    view = modal(field("Name", TEXT))
    trigger = team.trigger(ana)
    await web.views_open(trigger_id=trigger, view=view)
    assert [one.title for one in team.views_of(ana)] == ["Form"]
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await web.views_open(trigger_id=trigger, view=view)
    late = team.trigger(ana)
    slack.advance(3.5)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await web.views_open(trigger_id=late, view=view)
    foreign = slack.team("Other").trigger(ana)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await web.views_open(trigger_id=foreign, view=view)


async def test_a_form_with_every_kind_of_field(app: AsyncApp, team: Team, ana: User, ben: User) -> None:
    states: list[Json] = []

    @app.view("form")
    async def submitted(ack: AsyncAck, view: Json) -> None:
        states.append(view["state"]["values"])
        name = view["state"]["values"]["name"]["value"]["value"]
        match name:
            case "taken":
                await ack(response_action="errors", errors={"name": "Taken."})
            case "more":
                await ack(response_action="push", view=modal(title="More"))
            case "other":
                await ack(response_action="update", view=modal(field("Name", TEXT), title="Other"))
            case "all":
                await ack(response_action="clear")
            case _:
                await ack()

    options = [{"text": plain(one), "value": one.lower()} for one in ("Red", "Blue")]
    view = modal(
        field("Name", {**TEXT, "max_length": 5}),
        field("Colour", {"type": "static_select", "action_id": "c", "options": options}),
        field("Who", {"type": "users_select", "action_id": "w"}, optional=True),
        field("Several", {"type": "checkboxes", "action_id": "s", "options": options}, optional=True),
        field("Count", {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "max_value": "9"}),
        field("Day", {"type": "datepicker", "action_id": "d", "initial_date": "2026-01-02"}),
    )
    shown = team.views.open(ana, _named(view))
    good: dict[str, Any] = {"Name": "x", "Colour": "Blue", "Who": ben, "Several": ["Red"], "Count": 4}
    for problem, match in (
        ({"Name": "much too long"}, "longer than 5"),
        ({"Name": ""}, "'Name' is required"),
        ({"Colour": "Green"}, "no option 'Green'"),
        ({"Count": 10}, "more than 9"),
        ({"Count": "two"}, "not a number"),
    ):
        with pytest.raises(CannotSubmitError, match=match):
            await team.submit_view(ana, shown, {**good, **problem})
    with pytest.raises(LookupError, match="no field 'Size'"):
        await team.submit_view(ana, shown, {**good, "Size": "1"})
    answer = await team.submit_view(ana, shown, {**good, "Name": "taken"})
    assert answer == {"response_action": "errors", "errors": {"name": "Taken."}}
    assert states[-1] == {
        "name": {"value": {"type": "plain_text_input", "value": "taken"}},
        "colour": {"c": {"type": "static_select", "selected_option": options[1]}},
        "who": {"w": {"type": "users_select", "selected_user": ben.id}},
        "several": {"s": {"type": "checkboxes", "selected_options": options[:1]}},
        "count": {"n": {"type": "number_input", "value": "4"}},
        "day": {"d": {"type": "datepicker", "selected_date": "2026-01-02"}},
    }
    await team.submit_view(ana, shown, {**good, "Name": "more"})
    assert [one.title for one in team.views_of(ana)] == ["Form", "More"]
    team.close_view(ana, team.views_of(ana)[-1])
    await team.submit_view(ana, shown, {**good, "Name": "other"})
    assert (shown.title, shown.labels) == ("Other", ["Name"])
    await team.submit_view(ana, shown, {"Name": "all"})
    assert team.views_of(ana) == []
    with pytest.raises(AssertionError, match="not open"):
        await team.submit_view(ana, shown)


def _named(view: Json) -> Json:
    return valid_view(view, "modal")


async def test_errors_must_be_about_inputs_of_the_form(app: AsyncApp, team: Team, ana: User) -> None:
    @app.view("form")
    async def submitted(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"nose": "Hm."})

    shown = team.views.open(ana, _named(modal(field("Name", TEXT))))
    with pytest.raises(AssertionError, match="not about the inputs"):
        await team.submit_view(ana, shown, {"Name": "x"})


async def test_modals_are_updated_by_hash_and_pushed_at_most_three_deep(
    app: AsyncApp, team: Team, web: AsyncWebClient, ana: User
) -> None:
    first = (await web.views_open(trigger_id=team.trigger(ana), view=modal(external_id="e1")))["view"]
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await web.views_push(trigger_id=team.trigger(ana, team.views_of(ana)[0]), view=modal(external_id="e1"))
    updated = await web.views_update(view_id=first["id"], hash=first["hash"], view=modal(title="Second"))
    assert updated["view"]["title"]["text"] == "Second"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await web.views_update(view_id=first["id"], hash=first["hash"], view=modal())
    for _ in range(2):
        await web.views_push(trigger_id=team.trigger(ana, team.views_of(ana)[-1]), view=modal())
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await web.views_push(trigger_id=team.trigger(ana, team.views_of(ana)[-1]), view=modal())
    with pytest.raises(SlackApiError, match="not_found"):
        await web.views_update(view_id="V404", view=modal())


async def test_a_closed_modal_is_told_only_if_asked(app: AsyncApp, team: Team, ana: User) -> None:
    closed: list[str] = []

    @app.view_closed("form")
    async def told(ack: AsyncAck, body: Json) -> None:
        await ack()
        closed.append(body["view"]["id"])

    quiet = team.views.open(ana, _named(modal()))
    assert team.close_view(ana, quiet) is None
    loud = team.views.open(ana, _named(modal(notify_on_close=True)))
    delivery = team.close_view(ana, loud)
    assert delivery is not None
    await delivery.acked()
    assert closed == [loud.id]


async def test_app_home_menus_suggestions_and_feedback(
    app: AsyncApp, slack: FakeSlack, team: Team, web: AsyncWebClient, ana: User, general: Channel
) -> None:
    slack.subscribed = None
    got: list[Json] = []

    @app.event("app_home_opened")
    async def opened(event: Json) -> None:
        blocks = [
            *actions(
                button("Refresh", "refresh"),
                {"type": "external_select", "action_id": "pick", "placeholder": plain("Pick")},
            )
        ]
        await web.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("refresh")
    @app.action("pick")
    @app.action("vote")
    async def acted(ack: AsyncAck, body: Json) -> None:
        await ack()
        got.append(body)

    @app.options("pick")
    async def suggest(ack: AsyncAck, payload: Json) -> None:
        await ack(options=[{"text": plain(payload["value"] + "!"), "value": "1"}])

    assert team.home_of(ana) is None
    team.open_home(ana)
    await slack.wait_for(lambda: team.home_of(ana) is not None)
    home = team.home_of(ana)
    assert home is not None
    await team.press_view(ana, home, "Refresh").acked()
    assert got[-1]["container"] == {"type": "view", "view_id": home.id}
    assert got[-1]["view"]["type"] == "home"
    (option,) = await team.suggest(ana, home, "Pick", "lam")
    assert option["text"]["text"] == "lam!"
    await team.choose_view(ana, home, "Pick", option).acked()
    assert got[-1]["actions"][0]["selected_option"]["value"] == "1"
    vote = {
        "type": "feedback_buttons",
        "action_id": "vote",
        "positive_button": {"text": plain("Good"), "value": "up"},
        "negative_button": {"text": plain("Bad"), "value": "down"},
    }
    await web.chat_postMessage(channel=general.id, text="Hm", blocks=[{"type": "context_actions", "elements": [vote]}])
    await general.press(ana, general.bot_messages[-1], "Bad").acked()
    assert got[-1]["actions"][0]["value"] == "down"


async def test_shortcuts(app: AsyncApp, team: Team, ana: User, ben: User, general: Channel) -> None:
    got: list[Json] = []

    @app.shortcut("report")
    @app.shortcut("post")
    async def used(ack: AsyncAck, body: Json) -> None:
        await ack()
        got.append(body)

    said = general.say(ben, "rude words")
    await team.shortcut(ana, said, "report").acked()
    assert (got[-1]["type"], got[-1]["message"]["text"], got[-1]["message"]["user"]) == (
        "message_action",
        "rude words",
        ben.id,
    )
    await team.global_shortcut(ana, "post").acked()
    assert (got[-1]["type"], "channel" in got[-1]) == ("shortcut", False)
    assert got[-1]["trigger_id"]
