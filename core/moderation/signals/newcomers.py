"""Signals of who writes: new accounts, first messages, and people who arrived in a wave."""

from __future__ import annotations

from collections.abc import Iterator

from core.moderation.signals.history import History
from core.moderation.signals.seen import Author, Message, Signal

HOUR = 3600.0
DAY = 24 * HOUR
FIRST = 5  # messages that count as somebody's first
NEWCOMER = 7 * DAY  # whoever came longer ago has written before, as far as rules are concerned
OLD = 100  # messages of whoever has written before: more than any rule counts
WAVE = 10  # arrivals in a minute that make the strength 1 ...
USUAL = 4  # ... if they are also so many times what the hour before had per minute


def new(message: Message, author: Author) -> Iterator[Signal]:
    """new: 1 for an account of less than a day or an arrival in the last ten minutes, 0.5 for one of less than a week
    or an arrival today. Nothing where the platform tells neither."""
    created = _age(message, author.created_at)
    joined = _age(message, author.joined_at)
    if joined is not None and joined < 600:
        yield Signal("new", 1.0, f"arrived {max(1, round(joined / 60))} min ago")
    elif created is not None and created < DAY:
        yield Signal("new", 1.0, f"an account made {max(1, round(created / HOUR))} h ago")
    elif joined is not None and joined < DAY:
        yield Signal("new", 0.5, f"arrived {max(1, round(joined / HOUR))} h ago")
    elif created is not None and created < 7 * DAY:
        yield Signal("new", 0.5, f"an account made {round(created / DAY)} days ago")


def first(author: Author) -> Iterator[Signal]:
    """first: from 1 for the very first message down to 0.2 for the fifth."""
    if author.messages < FIRST:
        detail = "their first message here" if not author.messages else f"message {author.messages + 1} of theirs here"
        yield Signal("first", 1 - author.messages / FIRST, detail)


def wave(message: Message, author: Author, history: History) -> Iterator[Signal]:
    """wave: the author is one of many who arrived within minutes."""
    if not history.joined_in_wave(author.key, message.at, 600):
        return
    arrivals, strength = join_wave(history, message.at)
    if strength >= 0.5:
        yield Signal("wave", strength, f"one of {arrivals} who arrived within a minute or shortly before")


def join_wave(history: History, at: float) -> tuple[int, float]:
    """The most arrivals in a minute over the last ten, and how much of a wave that is: 1 from WAVE, if that is USUAL
    times the pace of the hour before. For raising a place's guard before anybody wrote."""
    arrivals = history.busiest_minute(at, 600)
    usual = (history.joined(at, HOUR) - history.joined(at, 600)) / 50
    return arrivals, min(1.0, arrivals / max(WAVE, USUAL * usual))


def _age(message: Message, since: float | None) -> float | None:
    return None if since is None else max(0.0, message.at - since)
