"""Where long texts are cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.common.runs import plain
from adapters.common.text import utf16_units
from adapters.telegram.markup import parse, render
from adapters.telegram.split import split
from tests.adapters.telegram.test_markup import read

PIECES = ["word", "Sentence.", "**bold text**", "`code`", "🎉", "👩‍💻", "é", "\n", "\n\n", "\n- item", " ", "x" * 40]
PIECES += ["\n```py\nif x:\n    y = 1\n\n    z = 2\n```\n", "[link](https://example.org)", "🏳️‍🌈" * 9]
WORDS = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)


def words(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=300)
@given(WORDS, st.integers(min_value=8, max_value=120))
def test_parts_fit_are_balanced_and_lose_nothing(text: str, limit: int) -> None:
    runs = parse(text)
    parts = split(runs, limit)
    for part in parts:
        shown = plain(part)
        assert 0 < utf16_units(shown) <= limit
        assert shown.strip()
        assert read(render(part)) == shown
        assert shown.encode()  # no half of a surrogate pair
    assert words("".join(plain(part) for part in parts)) == words(plain(runs))


def texts(text: str, limit: int) -> list[str]:
    return [plain(part) for part in split(parse(text), limit)]


def test_lengths_are_utf16_units() -> None:
    assert utf16_units("a🎉é") == 4
    assert [len(part) for part in texts("🎉" * 30, 20)] == [10, 10, 10]


def test_a_code_fence_is_left_whole_where_it_fits() -> None:
    text = "Some words of introduction.\n```\nfirst line\n\nsecond line\n```\nAfter it."
    assert texts(text, 40) == ["Some words of introduction.", "first line\n\nsecond line\nAfter it."]
    assert render(split(parse(text), 40)[1]) == "<pre>first line\n\nsecond line</pre>\nAfter it."


def test_a_long_fence_is_cut_at_lines_and_keeps_its_indentation_and_tags() -> None:
    text = "```py\n" + "\n".join(f"    line{number} = {number}" for number in range(10)) + "\n```"
    parts = split(parse(text), 60)
    assert len(parts) > 1
    for part in parts:
        assert render(part).startswith('<pre><code class="language-py">    line')
        assert render(part).endswith("</code></pre>")


def test_an_emoji_sequence_or_an_accent_is_not_torn() -> None:
    family = "👩‍👩‍👧"
    assert all(part.startswith("👩") for part in texts(family * 10, 20))
    assert texts("e\N{COMBINING ACUTE ACCENT}" * 10, 9) == ["e\N{COMBINING ACUTE ACCENT}" * 4] * 2 + [
        "e\N{COMBINING ACUTE ACCENT}" * 2
    ]
