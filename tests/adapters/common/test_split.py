"""Where long texts are cut, counted in characters here."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.common.markdown import Reader
from adapters.common.runs import Run, plain, section
from adapters.common.split import cuts, furthest

PIECES = ["word", "Sentence.", "**bold text**", "`code`", "🎉", "👩‍💻", "\n", "\n\n", "\n- item", " ", "x" * 40]
PIECES += ["\n```py\nif x:\n    y = 1\n\n    z = 2\n```\n", "[link](https://example.org)", "🏳️‍🌈" * 9]
WORDS = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)


def texts(text: str, limit: int) -> list[str]:
    """The parts of at most `limit` characters."""
    runs = Reader().read(text)
    found = cuts(runs, lambda start, stop: min(start + limit, stop))
    return [plain(section(runs, start, end)) for start, end in found]


@given(WORDS, st.integers(min_value=1, max_value=120))
def test_parts_fit_and_lose_nothing_but_white_space(text: str, limit: int) -> None:
    parts = texts(text, limit)
    assert all(0 < len(part) <= limit and part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(plain(Reader().read(text)).split())


def test_a_text_that_fits_is_one_part() -> None:
    assert texts("a" * 40, 40) == ["a" * 40]
    assert [len(part) for part in texts("a" * 41, 40)] == [40, 1]
    assert texts("", 40) == []
    assert texts(" \n ", 40) == []


def test_paragraphs_come_before_sentences_before_words() -> None:
    assert texts("One two. Three\n\nfour five. Six", 25) == ["One two. Three", "four five. Six"]
    assert texts("One two three. Four five six seven", 25) == ["One two three.", "Four five six seven"]
    assert texts("one two three four five six", 15) == ["one two three", "four five six"]
    assert texts("- one two\n- three four\n- five", 24) == ["• one two\n• three four", "• five"]


def test_a_border_near_the_beginning_is_not_taken() -> None:
    assert texts("So.\n\nOne two three four five", 20) == ["So.\n\nOne two three", "four five"]


def test_a_code_fence_is_left_whole_where_it_fits() -> None:
    text = "Some words of introduction.\n```\nfirst line\n\nsecond line\n```\nAfter it."
    assert texts(text, 40) == ["Some words of introduction.", "first line\n\nsecond line\nAfter it."]


def test_a_long_fence_is_cut_at_lines_and_keeps_its_indentation() -> None:
    lines = [f"    line{number} = {number}" for number in range(10)]
    parts = texts("```py\n" + "\n".join(lines) + "\n```", 60)
    assert len(parts) > 1
    assert "\n".join(parts).split("\n") == lines


def test_an_emoji_sequence_or_an_accent_is_not_torn() -> None:
    family = "👩‍👩‍👧"
    assert texts(family * 4, 12) == [family * 2] * 2
    assert texts("e\N{COMBINING ACUTE ACCENT}" * 10, 9) == ["e\N{COMBINING ACUTE ACCENT}" * 4] * 2 + [
        "e\N{COMBINING ACUTE ACCENT}" * 2
    ]


def test_a_part_that_grows_by_the_cut_is_made_shorter() -> None:
    runs = [Run("a" * 10)]

    def fits(start: int, end: int) -> bool:
        return end - start <= 3 or end == 10

    assert list(cuts(runs, lambda start, stop: min(start + 6, stop), fits)) == [(0, 3), (3, 6), (6, 10)]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_furthest_finds_the_last_end_that_fits(least: int, room: int, limit: int) -> None:
    most = least + room
    end = furthest(lambda start, end: end - start <= limit, 0, least, most)
    assert end == max(least, min(most, limit))
