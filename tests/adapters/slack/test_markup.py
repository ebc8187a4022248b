"""The Markdown subset as mrkdwn, and cutting long texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.common.runs import plain
from adapters.slack.markup import escape, parse, render
from adapters.slack.split import split
from adapters.slack.text import read, unescape

_SPECIAL = re.compile(r"<([^<>]*)>")
ANYTHING = st.text(alphabet=st.sampled_from("ab *_`~<>&|@#!:()[]\n-.h/é\u200d🙂"), max_size=400) | st.text(max_size=200)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("**bold** and *italic*", "*bold* and _italic_"),
        ("***both***", "*_both_*"),
        ("**two\nlines**", "*two*\n*lines*"),
        ("a**b**c", "a\u200b*b*\u200bc"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("`a < b`", "`a &lt; b`"),
        ("- one\n- two", "• one\n• two"),
        ("[our page](https://example.org/a?b=1&c=2)", "<https://example.org/a?b=1&amp;c=2|our page>"),
        ("**[our page](https://example.org)**", "*<https://example.org|our page>*"),
        ("[bad](javascript:alert)", "[bad](javascript:alert)"),
        ("[a|b>](https://example.org/|>)", "<https://example.org/%7C%3E|a∣b&gt;>"),
        ("see https://example.org/a_(b).", "see <https://example.org/a_(b)>."),
        ("(https://example.org)", "(<https://example.org>)"),
        ("<!channel> <@U1> <#C1>", "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;"),
        ("```python\nif a < b:\n    pass\n```\nafter", "```\nif a &lt; b:\n    pass\n```\nafter"),
        ("```\na``` b\n```", "```\na`\u200b`` b\n```"),
        ("```\nstill growing", "```\nstill growing\n```"),
    ],
)
def test_markdown_becomes_mrkdwn(written: str, shown: str) -> None:
    assert render(parse(written)) == shown


@given(ANYTHING)
def test_nothing_but_links_of_ours_stands_between_angle_brackets(text: str) -> None:
    shown = render(parse(text))
    for found in _SPECIAL.finditer(shown):
        assert found[1].startswith(("https://", "http://", "mailto:"))
        assert "\n" not in found[0]
    rest = _SPECIAL.sub("", shown)
    assert "<" not in rest
    assert ">" not in rest


@given(ANYTHING)
def test_escaping_is_undone_by_reading(text: str) -> None:
    assert unescape(escape(text)) == text


@given(ANYTHING, st.integers(min_value=64, max_value=300))
def test_parts_are_short_enough_and_lose_nothing(text: str, limit: int) -> None:
    runs = parse(text)
    parts = split(runs, limit)
    assert all(len(render(part)) <= limit for part in parts)
    assert "".join("".join(map(plain, parts)).split()) == "".join(plain(runs).split())


def test_a_text_is_cut_where_a_reader_would() -> None:
    text = f"{'word ' * 30}\n\n{'word ' * 10}. {'Word ' * 20}"
    first, second = split(parse(text), 200)
    assert plain(first) == ("word " * 30).strip()
    assert plain(second).startswith("word word")
    code = "Look " * 10 + "\n```\n" + "line of code\n" * 8 + "```"
    assert [render(part).count("```") for part in split(parse(code), 130)] == [0, 2]


def test_an_address_too_long_for_a_part_is_plain_text() -> None:
    parts = split(parse(f"[a](https://example.org/{'x' * 200}) b"), 100)
    assert [render(part) for part in parts] == ["a b"]


NAMES = {"U1": "ana", "U2": "ben"}


def name_of(user: str, label: str) -> str:
    """As an adapter knows people."""
    return NAMES.get(user, label or user)


@pytest.mark.parametrize(
    ("source", "text", "addressed"),
    [
        ("hello", "hello", False),
        ("<@U0> hello", "hello", True),
        ("<@U0>, hello", "hello", True),
        ("hello <@U0>", "hello", True),
        ("what, <@U0>, now", "what,, now", True),
        ("say <@U0> hello", "say hello", True),
        ("<@U0|nexus> hi", "hi", True),
        ("<@U1> and <@U3|cora> and <@U4>", "@ana and @cora and @U4", False),
        ("<#C1|general> <#C2>", "#general #C2", False),
        ("<!here> <!channel> <!subteam^S1|@crew> <!subteam^S2>", "@here @channel @crew @S2", False),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18", False),
        ("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2", False),
        ("<https://example.org/|our page>", "our page (https://example.org/)", False),
        ("<https://example.org/|example.org>", "https://example.org/", False),
        ("<mailto:ana@example.org|ana@example.org>", "ana@example.org", False),
        ("1 &lt; 2 &amp;amp; 3", "1 < 2 &amp; 3", False),
        ("&lt;@U0&gt; hello", "<@U0> hello", False),
    ],
)
def test_what_people_write_is_readable(source: str, text: str, addressed: bool) -> None:
    assert read(source, "U0", name_of) == (text, addressed)


@given(ANYTHING)
def test_reading_takes_anything(text: str) -> None:
    read(text, "U0", name_of)
