"""The way in: everything that is noticed about one message."""

from __future__ import annotations

from core.moderation.classify import model
from core.moderation.classify.model import Classifiers
from core.moderation.signals import newcomers, own, said, written
from core.moderation.signals.history import History
from core.moderation.signals.patterns import Phrases
from core.moderation.signals.prints import Print, print_of
from core.moderation.signals.seen import Author, Message, Signal, strongest
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
    found = _signals(message, author, history, settings, reading, mark, classifiers, remember=True)
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
    return _signals(message, author, history, settings, reading, print_of(reading), classifiers, remember=False)


def _signals(
    message: Message,
    author: Author,
    history: History,
    settings: Settings,
    reading: Reading,
    mark: Print,
    classifiers: Classifiers | None,
    *,
    remember: bool,
) -> list[Signal]:
    strengths = (classifiers or model.load()).strengths(reading)
    found = [
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
    if settings.own:
        links = said.strange_links(reading, settings)
        seen = own.Seen(message, author, reading, Phrases(reading), mark, history, links, strongest(found))
        found += own.met(settings.own, seen, remember=remember)
    return found
