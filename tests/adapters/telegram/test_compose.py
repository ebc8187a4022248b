"""Replies as Telegram messages."""

import pytest

from adapters.common.runs import plain
from adapters.contract import Button, ButtonStyle, Card, File, Reply
from adapters.telegram.compose import (
    Part,
    caption_payload,
    compose,
    formatted,
    keyboard_markup,
    text_payload,
)

PICTURE = File("tree.png", "image/png", content="iVBORw0KGgo=")


def html(part: Part) -> str:
    return str(formatted(part, "text")["text"])


def test_a_card_has_title_text_fields_lines_and_footer() -> None:
    card = Card(
        title="Post <1>",
        text="A *need*.",
        fields=(("By", "Ana"), ("Until", "tomorrow")),
        lines=("first", "`second`"),
        footer="Seen by members & friends",
    )
    (part,) = compose(Reply(text="Here you are:", card=card))
    assert html(part) == (
        "Here you are:\n\n<b>Post &lt;1&gt;</b>\nA <i>need</i>.\n\n<b>By: </b>Ana\n<b>Until: </b>tomorrow\n\n"
        "• first\n• <code>second</code>\n\n<i>Seen by members &amp; friends</i>"
    )
    assert text_payload(part)["parse_mode"] == "HTML"
    assert "reply_markup" not in text_payload(part)


def test_plain_text_carries_no_tags() -> None:
    (part,) = compose(Reply("**a** < b"))
    payload = text_payload(part, as_plain=True)
    assert payload["text"] == "a < b"
    assert "parse_mode" not in payload


def test_buttons_stand_in_rows_under_the_last_part() -> None:
    buttons = (
        Button("Yes", "t1", ButtonStyle.PRIMARY),
        Button("No", "t2", ButtonStyle.DANGER),
        Button("Show me everything there is about it", "t3"),
    )
    parts = compose(Reply("word " * 1_000, Card(title="Sure?", buttons=buttons)))
    assert len(parts) == 2
    assert keyboard_markup(parts[0]) == {}
    assert keyboard_markup(parts[1])["reply_markup"]["inline_keyboard"] == [
        [
            {"text": "Yes", "callback_data": "t1", "style": "primary"},
            {"text": "No", "callback_data": "t2", "style": "danger"},
        ],
        [{"text": "Show me everything there is about it", "callback_data": "t3"}],
    ]


@pytest.mark.parametrize("token", ["", "x" * 65, "é" * 33])
def test_a_token_longer_than_the_platform_takes_is_a_mistake_of_ours(token: str) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        compose(Reply(card=Card(title="x", buttons=(Button("b", token),))))


def test_a_picture_carries_a_short_text_and_follows_a_long_one() -> None:
    button = Button("Open", "t")
    (part,) = compose(Reply(card=Card(title="Tree", buttons=(button,), picture=PICTURE)))
    assert part.photo
    assert caption_payload(part)["caption"] == "<b>Tree</b>"
    assert "reply_markup" in caption_payload(part)
    text, picture = compose(Reply("long " * 300, Card(buttons=(button,), picture=PICTURE)))
    assert keyboard_markup(text)
    assert picture == Part(file=PICTURE, photo=True)


def test_files_follow_as_documents_even_when_they_are_pictures() -> None:
    drawing = File("tree.svg", "image/svg+xml", content="AA==")
    first, second, third = compose(Reply("text", files=(PICTURE, drawing)))
    assert (plain(first.runs), second.photo, third.file) == ("text", False, drawing)
    (as_file,) = compose(Reply(card=Card(picture=drawing)))
    assert not as_file.photo


def test_nothing_to_say_is_no_message_but_buttons_always_are() -> None:
    assert compose(Reply("  \n")) == []
    (part,) = compose(Reply(card=Card(buttons=(Button("b", "t"),))))
    assert html(part) == "…"
