"""Block Kit: whole lists of blocks, views and option lists, checked as Slack checks them before anybody sees them."""

import json
from typing import Any

from tests.fakes.slack.elements import (
    BUTTON,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    mrkdwn,
    plain,
    words,
)
from tests.fakes.slack.errors import SlackError, refused
from tests.fakes.slack.shapes import Check, Walk, anything, boolean, items, one_of, shape, string, tagged, whole
from tests.fakes.wire import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_CHARACTERS = 12_000
_VIEW_BYTES = 250_000
_ID = {"block_id": string(255)}


def _section(value: Any, walk: Walk, at: str) -> None:
    shape(
        {},
        {
            **_ID,
            "text": words(3000),
            "fields": items(words(2000), 10),
            "accessory": IN_SECTION,
            "expand": boolean,
        },
    )(value, walk, at)
    if value.get("text") is None and not value.get("fields"):
        walk.wrong("missing required field: text or fields", at)


_RICH = shape({"elements": items(anything, 10_000)}, _ID)
_TASK = shape(
    {"task_id": string(255), "title": string(3000), "status": one_of("pending", "in_progress", "complete", "error")},
    {**_ID, "details": _RICH, "output": _RICH, "sources": items(anything, 100)},
)
_CARD = shape(
    {},
    {
        **_ID,
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "icon": tagged({"image": IMAGE}),
        "hero_image": tagged({"image": IMAGE}),
        "actions": items(tagged({"button": BUTTON}), 25),
    },
)
_ROWS = {"rows": items(items(anything, 20), 100)}
_EVERYWHERE: dict[str, Check] = {
    "section": _section,
    "header": shape({"text": plain(150)}, _ID),
    "divider": shape({}, _ID),
    "context": shape({"elements": items(IN_CONTEXT, 10)}, _ID),
    "actions": shape({"elements": items(IN_ACTIONS, 25)}, _ID),
    "image": shape(
        {"alt_text": string(2000)},
        {**_ID, "image_url": string(3000), "slack_file": anything, "title": plain(2000)},
    ),
    "input": shape(
        {"label": plain(2000), "element": IN_INPUT},
        {**_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _RICH,
    "alert": shape({"text": words(3000)}, {**_ID, "level": one_of("default", "info", "warning", "error", "success")}),
    "video": shape(
        {
            "alt_text": string(2000),
            "thumbnail_url": string(3000),
            "title": plain(199),
            "video_url": string(3000),
        },
        {
            **_ID,
            "author_name": string(49),
            "description": plain(200),
            "provider_icon_url": string(3000),
            "provider_name": string(200),
            "title_url": string(3000),
        },
    ),
}
_IN_MESSAGES: dict[str, Check] = {
    "markdown": shape({"text": string(MARKDOWN_CHARACTERS)}, _ID),
    "context_actions": shape({"elements": items(IN_CONTEXT_ACTIONS, 5)}, _ID),
    "table": shape(_ROWS, {**_ID, "column_settings": items(anything, 20)}),
    "data_table": shape(
        {**_ROWS, "caption": string(3000)},
        {**_ID, "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
    ),
    "task_card": _TASK,
    "plan": shape({"title": string(3000)}, {**_ID, "tasks": items(anything, 100, 0)}),
    "card": _CARD,
    "carousel": shape({"elements": items(tagged({"card": _CARD}), 10)}, _ID),
}
_BLOCK = {
    "message": tagged({**_EVERYWHERE, **_IN_MESSAGES}),
    "modal": tagged(_EVERYWHERE),
    "home": tagged(_EVERYWHERE),
}
_VIEW = {"callback_id": string(255), "private_metadata": string(3000, 0), "external_id": string(255, 0)}
_MODAL = shape(
    {"title": plain(24), "blocks": anything},
    {
        **_VIEW,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = shape({"blocks": anything}, _VIEW)


def check_blocks(blocks: Any, at: str = "/blocks", surface: str = "message") -> list[str]:
    """What is wrong with a list of blocks, in Slack's words; nothing wrong is an empty list."""
    walk = Walk(surface)
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    items(_BLOCK[surface], most, 0)(blocks, walk, at)
    if not walk.problems:
        _check_ids(blocks, walk, at)
    return walk.problems


def valid_blocks(blocks: Any) -> list[Json]:
    """Blocks of a message with the ids Slack gives to what has none. Raises SlackError `invalid_blocks`."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if problems := check_blocks(blocks):
        raise refused("invalid_blocks", problems)
    if sum(len(one["text"]) for one in blocks if one["type"] == "markdown") > MARKDOWN_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return named(blocks)


def valid_view(view: Any, kind: str) -> Json:
    """A view as it is shown, ids filled in. Raises SlackError `invalid_arguments` or `view_too_large`."""
    walk = Walk(kind)
    at = "/view"
    if not isinstance(view, dict) or view.get("type") != kind:
        walk.wrong(f"unsupported type: {view.get('type') if isinstance(view, dict) else view}", f"{at}/type")
        raise refused("invalid_arguments", walk.problems)
    if len(json.dumps(view)) > _VIEW_BYTES:
        raise SlackError("view_too_large")
    (_MODAL if kind == "modal" else _HOME)(view, walk, at)
    if view.get("blocks") is not None:
        walk.problems += check_blocks(view["blocks"], f"{at}/blocks", kind)
    if not walk.problems and kind == "modal" and not view.get("submit"):
        for number, block in enumerate(view["blocks"]):
            if block["type"] == "input":
                walk.wrong("missing required field: submit", f"{at}/blocks/{number}")
                break
    if walk.problems:
        raise refused("invalid_arguments", walk.problems)
    return {**view, "blocks": named(view["blocks"])}


def named(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id."""
    copy: list[Json] = json.loads(json.dumps(blocks))
    for number, block in enumerate(copy):
        block.setdefault("block_id", f"b{number}")
        for place, element in enumerate(elements_of(block)):
            element.setdefault("action_id", f"a{number}.{place}")
    return copy


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    found = list(block.get("elements", [])) if block["type"] in ("actions", "context_actions") else []
    found += [block[name] for name in ("accessory", "element") if name in block]
    found += block.get("actions", [])
    if block["type"] == "carousel":
        found += [one for card in block["elements"] for one in card.get("actions", [])]
    return [one for one in found if one.get("type") != "image"]


def _check_ids(blocks: list[Json], walk: Walk, at: str) -> None:
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            walk.wrong(f"`block_id` {block_id} already exists for another block", f"{at}/{number}")
        if block_id:
            seen.add(block_id)
        actions: set[str] = set()
        for element in elements_of(block):
            action_id = element.get("action_id")
            if action_id in actions:
                walk.wrong(f"`action_id` {action_id} already exists for another element", f"{at}/{number}")
            if action_id:
                actions.add(action_id)
