"""The judgement whether places are kept apart."""

import re
from typing import Any

import pytest

from benchmarks.scale.isolation import judge
from benchmarks.scale.world import MARKER, Place, marker


def place(platform: str, number: int, workspace: str, channel: str, *wheres: str) -> Place:
    return Place(platform, marker(platform, number), workspace, workspace or channel, channel, (), frozenset(wheres))


PLACES = (
    place("discord", 0, "11", "12", "12", "@13", "guild 11"),
    place("discord", 1, "21", "22", "22", "@23", "guild 21"),
    place("slack", 0, "T1", "C1", "T1"),
    place("slack", 1, "T2", "C2", "T2"),
    place("telegram", 0, "", "-1", "-1", "101"),
    place("telegram", 1, "", "-2", "-2", "201"),
)


def heard(platform: str, where: str, *words: str) -> dict[str, Any]:
    return {"platform": platform, "where": where, "words": words, "count": 1, "example": "…"}


@pytest.mark.parametrize(
    "entry",
    [
        heard("discord", "12", "zqdaaaqz"),
        heard("discord", "@23", "zqdaabqz"),
        heard("discord", "guild 11", "zqdaaaqz"),
        heard("slack", "T1", "zqsaaaqz"),
        heard("slack", "T2 D77", "zqsaabqz"),
        heard("telegram", "-1", "zqtaaaqz"),
        heard("telegram", "201", "zqtaabqz"),
        heard("openai", "", "zqtaabqz"),
    ],
)
def test_a_place_may_see_its_own_words(entry: dict[str, Any]) -> None:
    assert judge([entry], PLACES) == []


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (heard("discord", "12", "zqdaabqz"), "another place"),
        (heard("discord", "@13", "zqtaaaqz"), "another place"),
        (heard("slack", "T1 C1", "zqsaabqz"), "another place"),
        (heard("telegram", "-1", "zqtaabqz"), "another place"),
        (heard("telegram", "101", "zqtaabqz"), "another place"),
        (heard("telegram", "-1", "zqtaaaqz", "zqtaabqz"), "mixes"),
        (heard("openai", "", "zqtaaaqz", "zqdaaaqz"), "mixes"),
        (heard("telegram", "", "zqtaaaqz"), "nobody's place"),
        (heard("discord", "12 C1", "zqdaaaqz"), "nobody's place"),
        (heard("slack", "", "zqsaaaqz"), "nobody's place"),
    ],
)
def test_what_is_another_places_is_found(entry: dict[str, Any], reason: str) -> None:
    [found] = judge([heard("openai", "", "zqtaabqz"), entry], PLACES)
    assert reason in found.reason
    assert found.words == entry["words"]


def test_every_place_has_a_word_of_its_own_that_is_found_again() -> None:
    words = [marker(platform, n) for platform in ("discord", "slack", "telegram") for n in range(500)]
    assert len({word.lower() for word in words}) == len(words)
    text = " ".join(f"“{word} Yard”, @ana{word.lower()}" for word in words)
    assert {one.lower() for one in re.findall(MARKER, text, re.IGNORECASE)} == {word.lower() for word in words}
