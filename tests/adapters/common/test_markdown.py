"""The Markdown subset as runs, and what a platform may say about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.common.markdown import Reader
from adapters.common.runs import BOLD, BULLET, ITALIC, PLAIN, Run, Style, plain

READER = Reader()


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("plain", [Run("plain")]),
        ("**bold** *italic*", [Run("bold", BOLD), Run(" "), Run("italic", ITALIC)]),
        ("***both***", [Run("both", Style(bold=True, italic=True))]),
        ("**`x`**", [Run("x", Style(code=True))]),
        ("2 * 3 * 4", [Run("2 * 3 * 4")]),
        ("**one\n\ntwo**", [Run("**one"), Run("\n\n"), Run("two**")]),
        ("- one\n  - two", [Run("• one\n  • two")]),
        ("[site](https://x.org/(y))", [Run("site", Style(href="https://x.org/(y)"))]),
        ("[**bad**](javascript:x)", [Run("[**bad**](javascript:x)")]),
        ("```py\n**raw**\n```\nafter", [Run("**raw**", Style(pre="py")), Run("\n"), Run("after")]),
        ("before\n```\nnever closed", [Run("before"), Run("\n"), Run("never closed", Style(pre=""))]),
    ],
)
def test_runs(text: str, runs: list[Run]) -> None:
    assert READER.read(text) == runs


@given(st.text(alphabet=st.characters(exclude_characters="*`[-", exclude_categories=["C"]), max_size=60))
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    assert plain(READER.read(text)) == text


def test_a_hostile_text_takes_no_quadratic_time() -> None:
    for hostile in ("**a " * 4_000, "*a " * 4_000, "[" * 10_000, "[a](" * 4_000):
        assert plain(READER.read(hostile)) == hostile


def test_a_bare_address_is_a_link_without_the_punctuation_around_it() -> None:
    link = Run("https://x.org/a_(b)", Style(href="https://x.org/a_(b)"))
    reader = Reader(bare=True)
    assert reader.read("(see https://x.org/a_(b)).") == [Run("(see "), link, Run(").")]
    assert reader.read("[https://x.org](https://y.org)") == [Run("https://x.org", Style(href="https://y.org"))]


def test_a_bullet_is_a_run_where_there_are_lists_and_ends_emphasis() -> None:
    reader = Reader(bullets=True)
    assert reader.read("**a\n- b**") == [Run("**a\n"), Run("- ", BULLET), Run("b**")]
    assert reader.read("- one\n  - two") == [Run("- ", BULLET), Run("one\n"), Run("  - ", BULLET), Run("two")]


def test_an_address_as_a_label_is_shown_beside_the_other_one() -> None:
    reader = Reader(address_labels=False)
    assert reader.read("[https://x.org](https://y.org)") == [Run("https://x.org (https://y.org)", PLAIN)]
