"""Moments and days in a sentence, as they were typed, for the arguments that take them."""

from __future__ import annotations

from typing import Annotated

import pytest

from bot.cofounder.offline.slots import Slots
from bot.cofounder.offline.words import split
from core.ledger.units import Money
from core.operations import Context, Registry, operation
from core.operations.fields import Amount, Moment
from core.operations.fields.past import Past


@operation("time.offer")
def offer(
    context: Context,
    when: Annotated[int, Moment("when")],
    length: Annotated[Money | None, Amount("how long", money=False)] = None,
) -> None:
    """Offer a time."""


@operation("time.log")
def log(
    context: Context,
    time: Annotated[Money, Amount("how long", money=False)],
    day: Annotated[int | None, Past("the day")] = None,
) -> None:
    """Log a time."""


SLOTS = Slots(Registry((offer, log)))
OFFERS = [
    ("offer office hours on Thursday at 15:00 for 45m about parsers", "on Thursday at 15:00", "45m"),
    ("I have time for people friday 15:00", "friday 15:00", None),
    ("next friday 9:30am, 1h each, for 3 weeks", "next friday 9:30am", "1h"),
    ("an hour of mine in two weeks at noon", "in two weeks at noon", "an hour"),
    ("friday 15h for 2h", "friday 15h", "2h"),
    ("office hours friday 15:00 CET please", "friday 15:00 CET", None),  # the field says that it knows UTC
    ("office hours thursday at 3", "thursday at 3", None),  # the field asks which
    ("office hours every thursday", "thursday", None),  # the field asks at what time
    ("offer 2026-12-03T15:00", "2026-12-03T15:00", None),
    ("I offer 2h of my time", None, "2h"),
    ("offer office hours", None, None),
    ('offer a talk called "friday 15:00"', None, None),
]
LOGS = [
    ("I helped Ana yesterday for 2h", "yesterday", "2h"),
    ("Tom sat with me for 1h30 because of taxes", None, "1h30"),
    ("I worked 3h with Ben on the parser last friday", "last friday", "3h"),
    ("log 2h for Ana on 3 Dec: parser", "on 3 Dec", "2h"),
    ("the sun was out when I spent 2h with wed", None, "2h"),
    ("3 days ago I helped Ana for 2h", "3 days ago", "2h"),
]


@pytest.mark.parametrize(("sentence", "when", "length"), OFFERS)
def test_moments(sentence: str, when: str | None, length: str | None) -> None:
    reading = SLOTS.read(offer, sentence, split(sentence))
    assert (reading.values.get("when"), reading.values.get("length")) == (when, length)


@pytest.mark.parametrize(("sentence", "day", "time"), LOGS)
def test_days_that_are_over(sentence: str, day: str | None, time: str | None) -> None:
    reading = SLOTS.read(log, sentence, split(sentence))
    assert (reading.values.get("day"), reading.values.get("time")) == (day, time)
