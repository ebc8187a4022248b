"""Styled runs, cut and joined."""

from adapters.common.runs import BOLD, BULLET, PLAIN, Run, Style, joined, section


def test_section_cuts_inside_runs() -> None:
    runs = [Run("abc", BOLD), Run("def"), Run("ghi", Style(code=True))]
    assert section(runs, 1, 7) == [Run("bc", BOLD), Run("def", PLAIN), Run("g", Style(code=True))]
    assert section(runs, 3, 3) == []


def test_a_piece_of_a_bullet_is_none() -> None:
    runs = [Run("- ", BULLET), Run("one")]
    assert section(runs, 0, 5) == runs
    assert section(runs, 1, 5) == [Run(" ", PLAIN), Run("one")]


def test_joined_puts_a_text_between_blocks() -> None:
    assert joined([[Run("a")], [Run("b", BOLD)]], "\n") == [Run("a"), Run("\n"), Run("b", BOLD)]
    assert joined([], "\n") == []
