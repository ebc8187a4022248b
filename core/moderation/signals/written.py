"""Signals of how often and with whom somebody writes: flood, repeat, drip, crowd, again."""

from __future__ import annotations

from collections.abc import Iterator

from core.moderation.signals.history import DAY, WINDOW, History
from core.moderation.signals.prints import Print
from core.moderation.signals.seen import Message, Signal

# Messages in seconds that make a flood. In the three streams of ordinary technical chat with times to the second (3,564
# messages) nobody wrote more than 5 messages in 10 seconds or 8 in a minute. A fixed "5 in a row" would hit 57 people.
FLOODS = ((8, 10.0), (20, 60.0))
REPEATS = 4  # of nearly the same long text in WINDOW that make the strength 1; nobody in the streams made 3
DRIPS = 4  # the same within a day; two people in the streams did that with a set phrase of meetings
SHORT = 8  # repeats of a short text that make the strength 1
CROWD = 4  # people who say nearly the same long text within WINDOW that make the strength 1
AGAIN = 3  # messages of a day that read like spam, if they are at least half of what the person wrote


def flood(message: Message, history: History) -> Iterator[Signal]:
    """flood: 1 from either of FLOODS."""
    found = [(history.rate(message.author, message.at, seconds), most) for most, seconds in FLOODS]
    rate, most = max(found, key=lambda one: one[0].count / one[1])
    if (strength := min(1.0, rate.count / most)) >= 0.5 and rate.count > 3:
        yield Signal("flood", strength, f"{rate.count} messages in {_spell(rate.seconds)}")


def repeated(message: Message, mark: Print, history: History) -> Iterator[Signal]:
    """repeat: 1 from REPEATS of a long or SHORT of a short text within ten minutes; drip: 1 from DRIPS within a day."""
    near = history.repeats(message, mark, WINDOW)
    most = REPEATS if mark.long else SHORT
    if near.count > 1:
        places = f" in {near.places} places" if near.places > 1 else ""
        yield Signal(
            "repeat",
            min(1.0, (near.count - 1) / (most - 1)),
            f"nearly the same text {near.count} times in {_spell(near.seconds)}{places}",
        )
    if mark.long and (day := history.repeats(message, mark, DAY)).count > max(near.count, 2):
        places = f" in {day.places} places" if day.places > 1 else ""
        yield Signal(
            "drip",
            min(1.0, (day.count - 1) / (DRIPS - 1)),
            f"nearly the same text {day.count} times in {_spell(day.seconds)}{places}",
        )


def crowd(message: Message, mark: Print, history: History) -> Iterator[Signal]:
    """crowd: 1 from CROWD people with nearly the same long text within ten minutes."""
    people = history.sharers(message, mark)
    if people > 1:
        yield Signal("crowd", min(1.0, people / CROWD), f"nearly the same text from {people} people within ten minutes")


def again(message: Message, history: History, spam: float) -> Iterator[Signal]:
    """again: 1 from AGAIN messages that read like spam, if they are half of the person's or more."""
    if spam < 0.5:
        return
    before, all_before = history.spam(message.author)
    count = before + 1
    if count > 1 and 2 * count >= all_before + 1:
        yield Signal(
            "again", min(1.0, count / AGAIN), f"{count} messages that read like spam, of their last {all_before + 1}"
        )


def _spell(seconds: float) -> str:
    for name, size in (("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}s"
    whole = max(1, round(seconds))
    return f"{whole} second" if whole == 1 else f"{whole} seconds"
