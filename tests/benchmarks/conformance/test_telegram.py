"""Calls of the Bot API against its contract."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.conformance.telegram import Telegram
from tests.benchmarks.conformance.contracts import TELEGRAM, request


def wrong(method: str, body: Any = None, **more: Any) -> list[str]:
    return [f"{one.where}: {one.why}" for one in Telegram(TELEGRAM).check(request("telegram", method, body, **more))]


def keyboard(**button: Any) -> dict[str, Any]:
    return {"chat_id": 1, "text": "x", "reply_markup": {"rows": [[button]]}}


@pytest.mark.parametrize(
    ("method", "body", "more"),
    [
        ("getMe", None, {}),
        ("sendMessage", {"chat_id": 1, "text": "x"}, {}),
        ("sendMessage", {"chat_id": "@room", "text": 5}, {"form": True}),  # the text "5" came as a form field
        ("sendMessage", keyboard(text="Yes", callback_data="x" * 64), {}),
        ("sendDocument", {"document": "a file's id"}, {}),
        ("sendDocument", {}, {"files": ["document"], "form": True}),
        ("sendMediaGroup", {"media": [{"type": "photo", "media": "attach://one"}]}, {"files": ["one"], "form": True}),
        ("sendMediaGroup", {"media": [{"type": "video", "media": "id", "width": 5}]}, {}),
    ],
)
def test_what_the_contract_allows(method: str, body: Any, more: dict[str, Any]) -> None:
    assert wrong(method, body, **more) == []


@pytest.mark.parametrize(
    ("method", "body", "more", "expected"),
    [
        ("sendHologram", {}, {}, "sendHologram: the contract has no such method"),
        ("getMe", {"x": 1}, {}, "x: getMe has no such argument"),
        ("sendMessage", {"chat_id": 1}, {}, "text: sendMessage requires it"),
        ("sendMessage", {"chat_id": [1], "text": "x"}, {}, "chat_id: Integer is expected, not list"),
        ("sendMessage", {"chat_id": 1, "text": 5}, {}, "text: String is expected, not int"),
        ("sendMessage", {"chat_id": True, "text": "x"}, {}, "chat_id: Integer is expected, not bool"),
        ("sendMessage", keyboard(callback_data="x"), {}, "reply_markup.rows[0][0].text: Button requires it"),
        (
            "sendMessage",
            keyboard(text="x", colour=1),
            {},
            "reply_markup.rows[0][0].colour: Button has no such argument",
        ),
        (
            "sendMessage",
            keyboard(text="x", callback_data="ü" * 33),
            {},
            "reply_markup.rows[0][0].callback_data: 1 to 64 bytes are allowed, not 66",
        ),
        ("sendDocument", {"document": "x"}, {"files": ["thumb"]}, "thumb: sendDocument has no such argument"),
        (
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "x", "width": 5}]},
            {},
            "media[0].width: Photo has no such argument",
        ),
    ],
)
def test_what_it_does_not(method: str, body: Any, more: dict[str, Any], expected: str) -> None:
    assert wrong(method, body, **more) == [expected]
