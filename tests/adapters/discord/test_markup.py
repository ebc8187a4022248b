"""The Markdown subset as Discord's Markdown, and cutting it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.common.runs import plain
from adapters.common.text import utf16_units
from adapters.discord.markup import clean, escape, parse, render
from adapters.discord.split import split

GAP = "\N{ZERO WIDTH SPACE}"
WILD = st.text(alphabet=st.sampled_from("ab1 \n\\*_~`|[]()<>@#!&:-.+/🙂e\u0301"), max_size=120)
MENTIONS = re.compile(r"@everyone|@here|<@[!&]?\d|<#\d|(?<!\\)<a?:\w+:\d|(?<!\\)<t:\d|(?<!\\)</\w")


def shown(markdown: str) -> str:
    """What Discord shows of escaped text without formatting: backslashes escape, autolinks lose their brackets."""
    markdown = re.sub(r"(?<!\\)<(https?://[^>]*)>", r"\1", markdown)
    return re.sub(r"\\([\\*_~`|\[\]<>#+.)-])", r"\1", markdown).replace(GAP, "")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("**bold** and *italic*", "**bold** and *italic*"),
        ("*all **strong** of it*", "*all **strong** of it*"),
        ("**all *soft* of it**", "**all *soft* of it**"),
        ("**a***b*", "**a\\***b\\*"),
        ("**a** *b*", "**a** *b*"),
        ("`co*de` and `", "`co*de` and \\`"),
        ("```python\na_b = [1]\n```", "```python\na_b = [1]\n```"),
        ("```\nfence ``` inside", f"```\nfence `{GAP}`` inside\n```"),
        ("[the page](https://example.org/a_b)", "[the page](<https://example.org/a_b>)"),
        ("[https://a.org](https://b.org)", "<https://a.org> (<https://b.org>)"),
        ("[x](javascript:alert)", "\\[x\\](javascript:alert)"),
        ("see https://example.org/a_b_c.", "see <https://example.org/a_b_c>."),
        ("(https://example.org/x_(y))", "(<https://example.org/x_(y)>)"),
        ("- one\n- two *soft*\n\nend", "- one\n- two *soft*\n\nend"),
        ("- # one", "- \\# one"),
        ("# no heading\n### none\n-# small", "\\# no heading\n\\### none\n\\-# small"),
        ("> no quote\n>>> nor this\n1. list\n+ plus", "\\> no quote\n\\>>> nor this\n1\\. list\n\\+ plus"),
        ("#tag -1 >:(", "#tag -1 >:("),
        ("snake_case ~~no~~ ||no||", "snake\\_case \\~\\~no\\~\\~ \\|\\|no\\|\\|"),
        ("hi @everyone and <@123> <#4> <@&5>", f"hi @{GAP}everyone and \\<@{GAP}123> \\<{GAP}#4> \\<@{GAP}&5>"),
        ("<t:123> </nexus:1> <:party:2>", "\\<t:123> \\</nexus:1> \\<:party:2>"),
    ],
)
def test_rendering(text: str, markdown: str) -> None:
    assert render(parse(text)) == markdown


@given(WILD)
def test_what_is_escaped_is_shown_as_it_stands_and_mentions_nobody(text: str) -> None:
    markdown = escape(clean(text))
    assert shown(markdown) == clean(text)
    assert not MENTIONS.search(markdown)


@given(
    st.sampled_from(["@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "<:a:1>", "<t:1>", "</a:1>"]), WILD, WILD
)
def test_no_mention_forms_whatever_is_around_it(mention: str, before: str, after: str) -> None:
    outside = "".join(
        run.text for run in parse(before + mention + after) if not run.style.code and run.style.pre is None
    )
    assert not MENTIONS.search(escape(outside))


@given(
    st.lists(st.sampled_from(["word ", "**bold** ", "*soft*, ", "`code` ", "sentence. ", "\n\n", "\n- entry ", "🙂 "]))
)
def test_parts_keep_within_the_limit_and_lose_nothing(pieces: list[str]) -> None:
    runs = parse("".join(pieces) * 8)
    parts = split(runs, 600)
    assert all(0 < utf16_units(part) <= 600 for part in parts)
    assert "".join("".join(parts).split()).replace("*", "").replace("`", "") == "".join(
        render(runs).replace("*", "").replace("`", "").split()
    )


@given(WILD, st.integers(600, 800))
def test_hostile_text_is_cut_within_the_limit(text: str, limit: int) -> None:
    runs = parse(text * 12)
    parts = split(runs, limit)
    assert all(0 < utf16_units(part) <= limit for part in parts)
    assert not "".join(plain(runs).split()) or parts


def test_borders() -> None:
    paragraphs = [("word " * 60).strip() for _ in range(4)]
    assert split(parse("\n\n".join(paragraphs)), 700) == ["\n\n".join(paragraphs[:2]), "\n\n".join(paragraphs[2:])]
    sentences = "This is one sentence of several. " * 40
    assert all(part.endswith(".") for part in split(parse(sentences), 700))
    code = "\n".join(f"line_{number} = {number}" for number in range(60))
    first, second = split(parse(f"```python\n{code}\n```"), 700)
    assert first.startswith("```python\nline_0")
    assert first.endswith("\n```")
    assert second.startswith("```python\nline_")
    assert split(parse("x" * 1500), 700) == ["x" * 700, "x" * 700, "x" * 100]


def test_escapes_count() -> None:
    assert [utf16_units(part) <= 2000 for part in split(parse("_" * 2000), 2000)] == [True, True]
