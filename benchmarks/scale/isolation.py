"""The judgement whether places are kept apart, from everything that the fakes received.

Decision rule, for each thing that was sent and has markers in it:
- all of them are the same marker, also in what goes to the model: a prompt mixes nobody's words;
- what goes to a place or to somebody in private bears the marker of that place, or of theirs;
- what goes nowhere in particular (a menu, a login) bears none, except to the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.scale.world import Place

MODEL = "openai"


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that bears markers which do not belong where it went."""

    platform: str
    where: str
    words: tuple[str, ...]
    count: int
    example: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.platform} {self.where}".strip()
        return f"{place}: {self.reason} ({', '.join(self.words)}; {self.count} times): {self.example}"


def judge(found: Iterable[Mapping[str, Any]], places: Sequence[Place]) -> list[Violation]:
    """The violations in what `CrowdOperations.op_heard` found."""
    home = {(place.platform, where): place.marker.lower() for place in places for where in place.wheres}
    violations = []
    for entry in found:
        platform, where, words = entry["platform"], entry["where"], tuple(entry["words"])
        reason = _wrong(platform, where, words, home)
        if reason:
            violations.append(Violation(platform, where, words, entry["count"], entry["example"], reason))
    return violations


def _wrong(platform: str, where: str, words: tuple[str, ...], home: Mapping[tuple[str, str], str]) -> str:
    if len(words) > 1:
        return "it mixes places"
    if platform == MODEL:
        return ""
    # On Slack a workspace is the place, whichever conversation in it; elsewhere names have one word, or two.
    own = home.get((platform, where)) or (home.get((platform, where.split(" ")[0])) if platform == "slack" else None)
    if own is None:
        return "it went to nobody's place"
    return "" if own == words[0] else "it went to another place"
