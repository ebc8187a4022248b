"""Limits of Block Kit: the largest that is allowed passes, one more is refused with the place where it is."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock, SectionBlock
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, Team, User
from tests.test_fakes.test_slack.tools import Json, actions, button, field, modal, plain


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def menu(options: int) -> list[Json]:
    listed = [{"text": plain(str(one)), "value": str(one)} for one in range(options)]
    return actions({"type": "static_select", "action_id": "m", "options": listed})


MESSAGES: list[tuple[list[Json], list[Json], str]] = [
    ([section("x" * 3000)], [section("x" * 3001)], "/blocks/0/text/text"),
    ([section("x")] * 50, [section("x")] * 51, "/blocks"),
    (
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "header", "text": plain("x" * 151)}],
        "/blocks/0/text/text",
    ),
    (actions(button("x" * 75, "a")), actions(button("x" * 76, "a")), "/blocks/0/elements/0/text/text"),
    (actions(button("x", "a", "v" * 2000)), actions(button("x", "a", "v" * 2001)), "/blocks/0/elements/0/value"),
    (actions(button("x", "a" * 255)), actions(button("x", "a" * 256)), "/blocks/0/elements/0/action_id"),
    (
        actions(*[button("x", str(one)) for one in range(25)]),
        actions(*[button("x", str(one)) for one in range(26)]),
        "/blocks/0/elements",
    ),
    ([{**section("x"), "block_id": "b" * 255}], [{**section("x"), "block_id": "b" * 256}], "/blocks/0/block_id"),
    (
        [{"type": "context", "elements": [plain("x")] * 10}],
        [{"type": "context", "elements": [plain("x")] * 11}],
        "/blocks/0/elements",
    ),
    (
        [{"type": "section", "fields": [plain("x" * 2000)] * 5}],
        [{"type": "section", "fields": [plain("x" * 2001)]}],
        "/blocks/0/fields/0/text",
    ),
    (menu(100), menu(101), "/blocks/0/elements/0/options"),
    (
        [{"type": "markdown", "text": "x" * 12_000}],
        [{"type": "markdown", "text": "x" * 12_001}],
        "/blocks/0/text",
    ),
    ([{"type": "divider"}], [{"type": "divider", "colour": "red"}], "/blocks/0"),
    ([section("x")], [{"type": "section"}], "/blocks/0"),
    ([section("x")], [{"type": "poem"}], "/blocks/0/type"),
    ([section("x")], [section("")], "/blocks/0/text/text"),
    (actions(button("x", "a")), actions(button("x", "a"), button("y", "a")), "/blocks/0"),
    ([{**section("x"), "block_id": "b"}], [{**section("x"), "block_id": "b"}] * 2, "/blocks/1"),
    (
        actions({**button("x", "a"), "style": "danger"}),
        actions({**button("x", "a"), "style": "pink"}),
        "/blocks/0/elements/0/style",
    ),
    (
        [section("x")],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "/blocks/0/text/type",
    ),
]


@pytest.mark.parametrize(("good", "bad", "pointer"), MESSAGES)
async def test_a_message(
    web: AsyncWebClient, general: Channel, good: list[Json], bad: list[Json], pointer: str
) -> None:
    await web.chat_postMessage(channel=general.id, text="x", blocks=good)
    with pytest.raises(SlackApiError) as refusal:
        await web.chat_postMessage(channel=general.id, text="x", blocks=bad)
    answer = refusal.value.response
    assert answer["error"] == "invalid_blocks"
    assert any(f"[json-pointer:{pointer}]" in one for one in answer["response_metadata"]["messages"])
    assert answer["errors"] == [one.removeprefix("[ERROR] ") for one in answer["response_metadata"]["messages"]]
    assert len(general.bot_messages) == 1


TEXT = {"type": "plain_text_input", "action_id": "v"}
VIEWS: list[tuple[Json, Json, str]] = [
    (modal(title="x" * 24), modal(title="x" * 25), "/view/title/text"),
    (modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25)), "/view/submit/text"),
    (modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001), "/view/private_metadata"),
    (modal(callback_id="x" * 255), modal(callback_id="x" * 256), "/view/callback_id"),
    (modal(*[section("x")] * 100), modal(*[section("x")] * 101), "/view/blocks"),
    (modal(field("A", TEXT)), modal(field("A", TEXT), submit=None), "/view/blocks/0"),
    (
        modal(field("A", {**TEXT, "placeholder": plain("x" * 150)})),
        modal(field("A", {**TEXT, "placeholder": plain("x" * 151)})),
        "/view/blocks/0/element/placeholder/text",
    ),
    (modal(), modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
    (modal(), modal() | {"type": "home"}, "/view/type"),
    (modal(), modal(colour="red"), "/view"),
]


@pytest.mark.parametrize(("good", "bad", "pointer"), VIEWS)
async def test_a_modal(web: AsyncWebClient, team: Team, ana: User, good: Json, bad: Json, pointer: str) -> None:
    await web.views_open(trigger_id=team.trigger(ana), view=good)
    trigger = team.trigger(ana)
    with pytest.raises(SlackApiError) as refusal:
        await web.views_open(trigger_id=trigger, view=bad)
    answer = refusal.value.response
    assert answer["error"] == "invalid_arguments"
    assert any(f"[json-pointer:{pointer}]" in one for one in answer["response_metadata"]["messages"])
    # A refused view does not use up the trigger.
    await web.views_open(trigger_id=trigger, view=good)


async def test_blocks_that_are_too_long_together(web: AsyncWebClient, general: Channel) -> None:
    blocks: list[Any] = [section("x" * 3000)] * 4
    await web.chat_postMessage(channel=general.id, text="x", blocks=blocks)
    for bad in ([*blocks, section("x" * 1000)], [{"type": "markdown", "text": "x" * 6001}] * 2):
        with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
            await web.chat_postMessage(channel=general.id, text="x", blocks=bad)


async def test_a_view_of_more_than_250_kilobytes(web: AsyncWebClient, ana: User) -> None:
    blocks: list[Any] = [section("x" * 3000)] * 90
    with pytest.raises(SlackApiError, match="view_too_large"):
        await web.views_publish(user_id=ana.id, view={"type": "home", "blocks": blocks})


async def test_the_sdks_own_models_and_texts_of_a_card(web: AsyncWebClient, general: Channel) -> None:
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": "R"}]}
    await web.chat_postMessage(
        channel=general.id,
        text="fallback",
        blocks=[
            HeaderBlock(text="Lamp"),
            SectionBlock(text="Needed *today*", accessory=ButtonElement(text="More", action_id="more")),
            {"type": "rich_text", "elements": [rich]},
            {"type": "context", "elements": [plain("by Ana")]},
            ActionsBlock(elements=[ButtonElement(text="Help", action_id="help")]),
        ],
    )
    (message,) = general.bot_messages
    assert message.shown == "Lamp\nNeeded *today*\nR\nby Ana"
    assert message.buttons == ["More", "Help"]
    assert all(block["block_id"] for block in message.blocks)
