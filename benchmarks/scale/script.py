"""What people say. Every line bears the marker of its place, or asks for something that is answered with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.scale.world import Place

Line = dict[str, Any]  # see tests.fakes.crowd
Script = list[dict[str, Any]]


def offline(places: Sequence[Place]) -> Script:
    """Commands, mentions, plain talk and private questions, for the offline brain. One need is posted in each place."""
    return [_talk(place, _offline(place)) for place in places]


def _offline(place: Place) -> list[Line]:
    ana, ben, cleo = place.people
    word = place.marker
    return [
        _line(ana, f"we look for a carpenter, {word} first", f"{word} first", command=["need", "post"]),
        _line(ben, f"{{bot}} which needs are open in {place.name}?", word),
        _line(ben, f"lunch at noon by the {word} gate?", None),
        _line(cleo, "", word, command=["need", "list"]),
        _line(cleo, f"{{bot}} I need a bricklayer for {word}", word),
        _line(ana, f"{{bot}} hello, this is {word}", ""),
        _line(ana, "", word, command=["need", "list"], direct=True),
        _line(ben, f"which needs are open in {place.name}?", word, direct=True),
        _line(cleo, f"who is in {place.name}?", word, direct=True),
    ]


def quiet(places: Sequence[Place], times: int) -> Script:
    """A group's question and four private ones, over and over: the same mixture however many places there are."""
    return [_talk(place, [line for _ in range(times) for line in _quiet(place)]) for place in places]


def _quiet(place: Place) -> list[Line]:
    ana, ben, cleo = place.people
    word = place.marker
    return [
        _line(ana, "", word, command=["need", "list"]),
        _line(ana, "", word, command=["need", "list"], direct=True),
        _line(ben, f"which needs are open in {place.name}?", word, direct=True),
        _line(cleo, "", word, command=["need", "list"], direct=True),
        _line(ben, f"who is in {place.name}?", word, direct=True),
    ]


def model(places: Sequence[Place]) -> Script:
    """Talk for the model, which says it back. All ask for what every Nexus has, so a wrong fact would be found."""
    return [_talk(place, _model(place)) for place in places]


def _model(place: Place) -> list[Line]:
    ana, ben, cleo = place.people
    word = place.marker
    return [
        _line(ana, f"{{bot}} any news about the carpenter, {word} second?", f"{word} second"),
        _line(ben, f"tell me about the carpenter, {word} third", f"{word} third", direct=True),
        _line(cleo, f"do we have a carpenter by now, {word} fourth", f"{word} fourth", direct=True),
    ]


def quiet_model(places: Sequence[Place], times: int) -> Script:
    """Private questions to the model, over and over."""
    return [_talk(place, [line for n in range(times) for line in _quiet_model(place, n)]) for place in places]


def _quiet_model(place: Place, number: int) -> list[Line]:
    words = [f"any carpenter yet, {place.marker} {number} {name}" for name in ("a", "b", "c")]
    return [_line(who, text, text, direct=True) for who, text in zip(place.people, words, strict=True)]


def _line(who: str, text: str, expect: str | None, **more: Any) -> Line:
    return {"who": who, "text": text, "expect": expect} | more


def _talk(place: Place, lines: list[Line]) -> dict[str, Any]:
    return {"platform": place.platform, "place": place.channel, "lines": lines}
