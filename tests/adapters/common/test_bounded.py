"""The memory that forgets."""

from adapters.common.bounded import Bounded


def test_the_longest_untouched_entry_is_forgotten() -> None:
    kept: Bounded[str, int] = Bounded(2)
    kept.put("a", 1)
    kept.put("b", 2)
    kept.put("a", 3)
    kept.put("c", 4)
    assert kept.values() == [3, 4]
    assert "a" in kept
    assert "b" not in kept
    assert kept.get("b") is None


def test_what_is_taken_out_is_forgotten() -> None:
    kept: Bounded[str, int] = Bounded(2)
    kept.put("a", 1)
    assert kept.pop("a") == 1
    assert kept.pop("a") is None
    assert kept.values() == []
