"""Reply markup: inline keyboards and their kin, checked as Telegram checks them."""

import json
import re
from typing import Any

from tests.fakes.telegram.errors import bad_request
from tests.fakes.wire import Json

CALLBACK_BYTES = 64
MAX_BUTTONS = 100
# Exactly one of these makes an inline button.
_DOES = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_OTHER = ("keyboard", "remove_keyboard", "force_reply")
_LINK = re.compile(r"(?:https?://|tg://|ton://)?[^\s/]+\.?[^\s]*\Z")


def read_markup(value: Any) -> tuple[list[list[Json]], Json | None]:
    """Rows of inline buttons, and any other markup as it was given. Raises ApiError 400."""
    if value in (None, ""):
        return [], None
    if isinstance(value, str):
        raise bad_request("can't parse reply keyboard markup JSON object")
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in value:
        if value and not any(name in value for name in _OTHER):
            raise bad_request("can't parse reply markup: unexpected reply markup type")
        return [], value or None
    rows = value["inline_keyboard"]
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse inline keyboard: field "inline_keyboard" must be an Array of Arrays')
    keyboard = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, keyboard)) > MAX_BUTTONS or len(json.dumps(keyboard).encode()) > 10_240:
        raise bad_request("reply markup is too long")
    return keyboard, None


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    does = [name for name in _DOES if name in button]
    if not does:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not _LINK.match(str(url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button
