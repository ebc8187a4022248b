"""A line -> what it means; a reply -> plain text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Button, Card, Command, EventKind, File, PlaceKind, Reply
from adapters.terminal import account_of, markup
from adapters.terminal.translate import Leave, Line, SendFile, Slash, SpeakAs, Talk, as_plain, parse, said
from tests.adapters.terminal.bot import QUESTION


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/need post x", Slash(Command("need", "post x"))),
        ("/need.post  x y", Slash(Command("need", "post x y"))),
        ("/need.post", Slash(Command("need", "post"))),
        ("/Need", Slash(Command("need"))),
        ("/note keep\nfirst\nsecond", Slash(Command("note", "keep\nfirst\nsecond"))),
        ("/quit", Leave()),
        (" /EXIT ", Leave()),
        ("/quit riverside", Slash(Command("quit", "riverside"))),
        ("/as Tom  Bell", SpeakAs("Tom Bell")),
        ("/as", SpeakAs("")),
        ("/file a.txt have a look", SendFile("a.txt", "have a look")),
        ("/file 'my notes.txt' look", SendFile("my notes.txt", "look")),
        ('/file "my notes.txt"', SendFile("my notes.txt")),
        ("/file", SendFile("")),
        ("hello /quit", Talk("hello /quit")),
        ("/", Talk("/")),
        ("/ need", Talk("/ need")),
        ("/.post", Talk("/.post")),
        ("a\n/quit", Talk("a\n/quit")),
    ],
)
def test_what_a_line_means(line: str, meant: Line) -> None:
    assert parse(line) == meant


@given(st.text())
def test_every_line_means_something_and_nothing_is_lost(line: str) -> None:
    meant = parse(line)
    if isinstance(meant, Talk):
        assert meant.text == line.strip()
    if isinstance(meant, Slash):
        assert meant.command.name
        assert not set(meant.command.name) & set(" .\n/") or "/" in meant.command.name
        event = said(meant, account_of("Ana"), line, event_id="e", now=1)
        assert event.kind is EventKind.COMMAND
        assert event.addressed


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text())
def test_a_dot_or_a_space_between_subject_and_verb_is_the_same(subject: str, verb: str, rest: str) -> None:
    if subject in ("as", "file", "quit", "exit"):
        subject += "x"
    assert parse(f"/{subject}.{verb} {rest}") == parse(f"/{subject} {verb} {rest.strip()}")


def test_an_account_is_its_name_in_any_case_and_its_place_is_direct() -> None:
    assert account_of(" Ana   RUIZ ").id == account_of("ana ruiz").id == "ana ruiz"
    assert account_of(" Ana   RUIZ ").name == "Ana RUIZ"
    event = said(Talk("hi"), account_of("Straße"), " hi ", event_id="e", now=7)
    assert (event.place.id, event.place.kind) == ("terminal:strasse", PlaceKind.DIRECT)
    assert (event.text, event.sent_at, event.platform) == ("hi", 7, "terminal")
    with pytest.raises(ValueError, match="name"):
        account_of(" \x1b ")


def test_a_card_as_plain_text() -> None:
    assert as_plain(Reply("I read:", QUESTION), range(1, 3)) == (
        "I read:\n== A need ==\n  A designer for the page\n  Where: Riverside\n  - Tom may know someone\n"
        "  Nothing is posted yet.\n  [1] Yes, post it   [2] No"
    )


def test_only_the_subset_of_markdown_is_read() -> None:
    text = "**a *b* c** `d*e*` [f](https://g.h)\n- one\n# 2 * 3 * 4, snake_case_name, **open\n```py\n**x**\n```\nend"
    assert as_plain(Reply(text)) == (
        "a b c d*e* f (https://g.h)\n- one\n# 2 * 3 * 4, snake_case_name, **open\n    **x**\nend"
    )


def test_nothing_that_others_wrote_reaches_the_terminal_as_a_control() -> None:
    evil = "\x1b[2Ja\x07\x9b31m\u202eb\rc"
    card = Card(evil, evil, ((evil, evil),), (evil,), evil, (Button(evil, "t"),))
    shown = as_plain(Reply(evil, card, (File(evil),)), [1], [evil])
    assert {c for c in shown if unicodedata.category(c) in ("Cc", "Cf")} == {"\n"}


@given(st.text())
def test_markup_takes_any_text_and_invents_no_characters(text: str) -> None:
    for line in markup.lines(text):
        for span in line.spans:
            assert span.text in markup.clean(text)
