"""Replies as messages: limits of Discord kept, whatever the reply."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.common.text import utf16_units
from adapters.contract import Button, ButtonStyle, Card, File, Reply
from adapters.discord.compose import Part, compose, file_name, nonce, payload

WORDS = st.text(alphabet="ab c_*\n🙂", max_size=40)


def sizes(part: Part) -> list[int]:
    """The sizes of the embeds of a message, in characters as Discord counts them."""
    found = []
    for embed in part.embeds:
        texts = [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
        texts += [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
        found.append(sum(utf16_units(text) for text in texts))
    return found


def test_text_and_card_share_a_message() -> None:
    (part,) = compose(Reply("Hello", Card("Title", "Text", buttons=(Button("Yes", "t"),))))
    assert part.content == "Hello"
    assert part.embeds == ({"title": "Title", "description": "Text"},)
    assert part.rows[0]["components"] == [{"type": 2, "style": 2, "label": "Yes", "custom_id": "t"}]


def test_styles_and_rows() -> None:
    styles = [ButtonStyle.PRIMARY, ButtonStyle.PLAIN, ButtonStyle.DANGER]
    (part,) = compose(Reply(card=Card(buttons=tuple(Button(f"B{n}", f"t{n}", styles[n % 3]) for n in range(7)))))
    assert part.content == "…"
    assert [len(row["components"]) for row in part.rows] == [5, 2]
    assert [one["style"] for one in part.rows[0]["components"]] == [1, 2, 4, 1, 2]
    with pytest.raises(ValueError):
        compose(Reply(card=Card(buttons=tuple(Button("b", f"t{n}") for n in range(126)))))


def test_what_discord_does_not_take_is_mended() -> None:
    card = Card("T" * 300, fields=(("", ""), ("Label", "v" * 1025), ("Line", "a\nb")), footer="f" * 3000)
    (part,) = compose(Reply(card=card))
    (embed,) = part.embeds
    assert (len(embed["title"]), len(embed["footer"]["text"])) == (256, 2048)
    assert [(field["name"], field["value"], field["inline"]) for field in embed["fields"]] == [
        ("\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH SPACE}", True),
        ("Line", "a\nb", False),
    ]
    assert embed["description"] == "**Label:**\n" + "v" * 1025


def test_files_are_spread_over_messages() -> None:
    files = tuple(File(f"f{number}.txt", content="") for number in range(23))
    assert [len(part.files) for part in compose(Reply("So:", files=files))] == [10, 10, 3]
    assert [len(part.files) for part in compose(Reply(files=files[:1]))] == [1]


def test_nothing_is_no_message() -> None:
    assert compose(Reply("  \n ")) == []
    assert compose(Reply(card=Card())) == []


def test_an_edit_replaces_everything() -> None:
    assert payload(Part("Hi"), editing=True) == {
        "content": "Hi",
        "embeds": [],
        "components": [],
        "attachments": [],
        "allowed_mentions": {"parse": [], "replied_user": False},
    }


def test_names_of_files() -> None:
    assert [file_name(File(name)) for name in ("a b.png", "../../etc/passwd", "ä.txt", "", "c:\\x\\y.doc")] == [
        "a_b.png",
        "passwd",
        "txt",
        "file",
        "y.doc",
    ]


def test_nonces_tell_messages_apart() -> None:
    part = Part("Hi")
    marks = {nonce("1", 0, part), nonce("1", 1, part), nonce("2", 0, part), nonce("1", 0, Part("Ho"))}
    assert len(marks) == 4
    assert nonce("1", 0, part) == nonce("1", 0, Part("Hi"))
    assert all(len(mark) <= 25 for mark in marks)


@settings(max_examples=40)
@given(
    st.integers(0, 400),
    WORDS,
    st.lists(st.tuples(WORDS, WORDS, st.integers(1, 60)), max_size=60),
    st.lists(WORDS, max_size=80),
)
def test_limits_hold(repeat: int, words: str, fields: list[tuple[str, str, int]], lines: list[str]) -> None:
    card = Card(
        words * 20,
        words * repeat,
        tuple((label * 20, value * count) for label, value, count in fields),
        tuple(lines),
        words * 100,
        (Button("Go", "t"),),
    )
    parts = compose(Reply(words * repeat, card))
    for part in parts:
        assert utf16_units(part.content) <= 2000
        assert len(part.embeds) <= 10
        assert sum(sizes(part)) <= 6000
        assert part.content or part.embeds
        for embed in part.embeds:
            assert embed
            assert utf16_units(embed.get("title", "")) <= 256
            assert utf16_units(embed.get("description", "")) <= 4096
            assert len(embed.get("fields", ())) <= 25
            for field in embed.get("fields", ()):
                assert 0 < utf16_units(field["name"]) <= 256
                assert 0 < utf16_units(field["value"]) <= 1024
    assert [bool(part.rows) for part in parts] == [False] * (len(parts) - 1) + [True]
