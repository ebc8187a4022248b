"""Replies as Slack messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Button, ButtonStyle, Card, File, Reply
from adapters.slack.compose import MESSAGE_LIMIT, SECTION_LIMIT, Part, compose
from tests.fakes.slack.blocks import valid_blocks

PICTURE = File("tree.png", "image/png", content="iVBORw0KGgo=")
WORDS = st.text(alphabet=st.sampled_from("ab &<>*`\n.-"), max_size=6_000)


def kinds(part: Part) -> list[str]:
    """The types of the blocks."""
    return [block["type"] for block in part.blocks]


def test_a_card_has_title_text_fields_lines_footer_and_buttons() -> None:
    card = Card(
        title="Post <1>",
        text="A *need*.",
        fields=(("By", "Ana"), ("Until", "tomorrow")),
        lines=("first", "`second`"),
        footer="Seen by members & friends",
        buttons=(
            Button("Yes", "t1", ButtonStyle.PRIMARY),
            Button("No", "t2", ButtonStyle.DANGER),
            Button("Why?", "t3"),
        ),
    )
    (part,) = compose(Reply(text="Here you are:", card=card))
    assert kinds(part) == ["section", "header", "section", "section", "section", "context", "actions"]
    assert part.blocks[1]["text"] == {"type": "plain_text", "text": "Post <1>", "emoji": False}
    assert [field["text"] for field in part.blocks[3]["fields"]] == ["*By*\nAna", "*Until*\ntomorrow"]
    assert part.blocks[4]["text"]["text"] == "• first\n• `second`"
    buttons = part.blocks[6]["elements"]
    assert [(one["text"]["text"], one["value"], one.get("style")) for one in buttons] == [
        ("Yes", "t1", "primary"),
        ("No", "t2", "danger"),
        ("Why?", "t3", None),
    ]
    assert part.text.startswith("Here you are:\n\nPost &lt;1&gt;")
    assert "Seen by members &amp; friends" in part.text


def test_buttons_alone_stand_under_something() -> None:
    (part,) = compose(Reply(card=Card(buttons=tuple(Button(f"b{i}", f"t{i}") for i in range(7)))))
    assert kinds(part) == ["section", "actions", "actions"]
    assert part.text == "…"
    with pytest.raises(ValueError):
        compose(Reply(card=Card(buttons=(Button("x", ""),))))


def test_a_long_label_is_shortened() -> None:
    (part,) = compose(Reply(card=Card("T", buttons=(Button("x" * 100, "t"),))))
    assert part.blocks[1]["elements"][0]["text"]["text"] == "x" * 74 + "…"


def test_buttons_stand_under_the_last_message() -> None:
    parts = compose(Reply("word " * 2_000, Card("T", buttons=(Button("Yes", "t"),))))
    assert len(parts) > 1
    assert ["actions" in kinds(part) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_a_long_title_is_bold() -> None:
    (part,) = compose(Reply(card=Card("t" * 151)))
    assert part.blocks[0]["text"]["text"] == f"*{'t' * 151}*"


def test_a_long_field_gets_room_and_many_fields_rows() -> None:
    (part,) = compose(Reply(card=Card(fields=(("a", "b"), ("long", "x" * 2_500), ("c", "d")))))
    assert [len(block.get("fields", ())) for block in part.blocks] == [1, 0, 1]
    (part,) = compose(Reply(card=Card(fields=tuple((f"k{i}", "v") for i in range(12)))))
    assert [len(block["fields"]) for block in part.blocks] == [10, 2]


def test_a_picture_stands_before_the_buttons() -> None:
    (part,) = compose(Reply(card=Card("T", picture=PICTURE, buttons=(Button("Yes", "t"),))))
    assert part.picture is PICTURE
    assert [block["type"] for block in part.with_picture("F1")] == ["header", "image", "actions"]


def test_a_picture_that_slack_cannot_show_is_a_file() -> None:
    drawing = File("tree.svg", "image/svg+xml", content="PHN2Zy8+")
    parts = compose(Reply(card=Card("T", picture=drawing), files=(PICTURE,)))
    assert [(part.picture, part.file) for part in parts] == [(None, None), (None, drawing), (None, PICTURE)]


def test_files_come_last_and_nothing_is_nothing() -> None:
    parts = compose(Reply("Here", files=(PICTURE, PICTURE)))
    assert [part.file for part in parts] == [None, PICTURE, PICTURE]
    assert compose(Reply()) == []


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=3), st.lists(WORDS, max_size=3), WORDS)
def test_every_message_is_one_that_slack_takes(
    text: str, body: str, fields: list[tuple[str, str]], lines: list[str], footer: str
) -> None:
    card = Card(text[:200], body, tuple(fields), tuple(lines), footer, (Button("Yes", "t"),))
    for part in compose(Reply(text, card)):
        valid_blocks(list(part.blocks))
        assert 0 < len(part.text) <= MESSAGE_LIMIT
        for block in part.blocks:
            if block["type"] == "section" and "text" in block:
                assert len(block["text"]["text"]) <= SECTION_LIMIT
