"""What a picture shows: the money of a fund as parts of a whole, and how it came to that. Pure data, kept as JSON."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass

from adapters.contract import File

KIND = "application/vnd.nexus.chart+json"  # the media type of a picture that is not drawn yet
MEDIA_TYPE = "image/png"
MOST_POINTS = 400  # of a line: more than that are narrower than a pixel


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with its words: "free", 120000, "1,200.00 EUR"."""

    label: str
    minor: int
    shown: str


@dataclass(frozen=True, slots=True)
class Moment:
    """How it stood at the end of a day (ms since the epoch): what was there, and what had been given away by then."""

    day_ms: int
    there: int
    given: int


@dataclass(frozen=True, slots=True)
class Pot:
    """One unit of money: what came in, what became of it (given, reserved, free, in this order), the plan, the story.

    `scale` is how many decimals its minor units have. `plan` is None where nothing is planned.
    """

    code: str
    scale: int
    came: Amount
    parts: tuple[Amount, Amount, Amount]
    plan: Amount | None
    story: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Time given, in minutes, beside what is promised; and how it grew, as (day, minutes so far)."""

    given: Amount
    promised: Amount | None
    story: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: pots below one another, then time. `given_by_then` and `there` name the two colours of a story."""

    title: str
    given_by_then: str
    there: str
    pots: tuple[Pot, ...]
    hours: Hours | None
    nothing: str  # what is written where there is nothing to draw


def as_file(chart: Chart, name: str, alt: str, plain: str) -> File:
    """A chart as the picture of a card."""
    content = json.dumps(asdict(chart), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return File(name, KIND, content=base64.b64encode(content).decode("ascii"), alt=alt, plain=plain)


def load_chart(content: bytes) -> Chart:
    """The chart that `as_file` wrote."""
    data = json.loads(content)
    hours = data["hours"]
    return Chart(
        data["title"],
        data["given_by_then"],
        data["there"],
        tuple(
            Pot(
                pot["code"],
                pot["scale"],
                Amount(**pot["came"]),
                (Amount(**pot["parts"][0]), Amount(**pot["parts"][1]), Amount(**pot["parts"][2])),
                Amount(**pot["plan"]) if pot["plan"] else None,
                tuple(Moment(**one) for one in pot["story"]),
            )
            for pot in data["pots"]
        ),
        Hours(
            Amount(**hours["given"]),
            Amount(**hours["promised"]) if hours["promised"] else None,
            tuple((day, minutes) for day, minutes in hours["story"]),
        )
        if hours
        else None,
        data["nothing"],
    )
