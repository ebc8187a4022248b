"""The way in: everything that is noticed about one message."""

from __future__ import annotations

from core.moderation.classify import model
from core.moderation.classify.model import Classifiers
from core.moderation.signals import newcomers, own, said, written
from core.moderation.signals.history import History
from core.moderation.signals.patterns import Phrases
from core.moderation.signals.prints import Print, print_of
from core.moderation.signals.seen import Author, Message, Signal
from core.moderation.signals.settings import Settings
from core.moderation.text.reading import Reading, read

NOTHING_SET = Settings()
ARRIVAL = 3600.0  # seconds after which an arrival no longer matters to a wave


def notice(
    message: Message,
    author: Author,
    history: History,
    settings: Settings = NOTHING_SET,
    *,
    classifiers: Classifiers | None = None,
) -> list[Signal]:
    """What is noticed about a message, and remember it in the history. Of protected authors nothing is noticed and
    nothing remembered. Messages come in the order of their times, each once."""
    if author.protected:
        return []
    if author.joined_at is not None and message.at - author.joined_at < ARRIVAL:
        history.join(author.key, author.joined_at)  # where a platform does not tell of arrivals as they happen
    reading = read(message.text)
    mark = print_of(reading)
    found = _signals(message, author, history, settings, reading, mark, classifiers)
    if settings.own:
        found += _own(message, author, history, settings, reading, mark, found, remember=True)
    spam = any(one.name == "spam" for one in found)
    history.add(message, mark, link=bool(reading.links), spam=spam)
    return found


def signals(
    message: Message,
    author: Author,
    history: History,
    settings: Settings = NOTHING_SET,
    *,
    classifiers: Classifiers | None = None,
) -> list[Signal]:
    """The same without remembering: a pure look, for previews and edited messages."""
    if author.protected:
        return []
    reading = read(message.text)
    mark = print_of(reading)
    found = _signals(message, author, history, settings, reading, mark, classifiers)
    if settings.own:
        found += _own(message, author, history, settings, reading, mark, found, remember=False)
    return found


def _signals(
    message: Message,
    author: Author,
    history: History,
    settings: Settings,
    reading: Reading,
    mark: Print,
    classifiers: Classifiers | None,
) -> list[Signal]:
    strengths = (classifiers or model.load()).strengths(reading)
    return [
        *written.flood(message, history),
        *written.repeated(message, mark, history),
        *written.crowd(message, mark, history),
        *written.again(message, history, strengths.spam),
        *said.in_links(reading, settings),
        *said.mentions(message, history),
        *said.capitals(reading),
        *said.unwanted(reading, settings),
        *said.classified(strengths),
        *newcomers.new(message, author),
        *newcomers.first(author),
        *newcomers.wave(message, author, history),
    ]


def _own(
    message: Message,
    author: Author,
    history: History,
    settings: Settings,
    reading: Reading,
    mark: Print,
    found: list[Signal],
    *,
    remember: bool,
) -> list[Signal]:
    """The Nexus's own rules that are met, with what the others found."""
    strengths: dict[str, float] = {}
    for one in found:
        strengths[one.name] = max(one.strength, strengths.get(one.name, 0.0))
    links = said.strange_links(reading, settings)
    return own.met(
        settings.own,
        own.Seen(message, author, reading, Phrases(reading), mark, history, links, strengths),
        remember=remember,
    )
