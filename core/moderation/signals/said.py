"""Signals of what a message says: links, invitations, mentions, capitals, unwanted words, spam, abuse."""

from __future__ import annotations

from collections.abc import Iterator

from core.moderation.classify.model import Strengths
from core.moderation.signals.history import History
from core.moderation.signals.patterns import matches
from core.moderation.signals.seen import Message, Signal
from core.moderation.signals.settings import Settings
from core.moderation.text import counting
from core.moderation.text.links import Link
from core.moderation.text.reading import Reading

MENTIONS = 8  # of people in a minute that make the strength 1; in 6,830 messages of ordinary talk nobody made 4
CAPITALS = 20  # letters from which capitals are looked at
WORTH_TELLING = 0.5  # strengths of the classifiers below it are no signal


def strange_links(reading: Reading, settings: Settings) -> list[Link]:
    """The links to hosts that are not trusted."""
    return [link for link in reading.links if settings.trusted.match(link.host) is None]


def in_links(reading: Reading, settings: Settings) -> Iterator[Signal]:
    """domain (1), invite (1), hidden (1), link (1): known bad, into a group elsewhere, made to be overlooked, any."""
    strange = strange_links(reading, settings)
    bad = next((found for link in strange if (found := settings.bad.match(link.host, link.path))), None)
    if bad is not None:
        yield Signal("domain", 1.0, f"a link to {bad}, known to be bad")
    if any(link.invite and (link.host + link.path).lower() not in settings.own_invites for link in strange):
        yield Signal("invite", 1.0, "an invitation into a group elsewhere")
    if any(link.hidden for link in strange):
        yield Signal("hidden", 1.0, "a link written so that filters overlook it")
    if strange:
        yield Signal("link", 1.0, "a link" if len(strange) == 1 else f"{len(strange)} links")


def mentions(message: Message, history: History) -> Iterator[Signal]:
    """mentions (1 from MENTIONS in a minute), everyone (1)."""
    if message.mentions:
        count = message.mentions + history.mentions(message.author, message.at, 60)
        yield Signal("mentions", min(1.0, count / MENTIONS), f"{count} mentions within a minute")
    if message.everyone:
        yield Signal("everyone", 1.0, "a call to everyone")


def capitals(reading: Reading) -> Iterator[Signal]:
    """caps: the share of capitals in a text of CAPITALS letters or more, from two thirds."""
    capital = counting.capitals(reading.plain)
    if capital < CAPITALS * 2 / 3:
        return
    letters = counting.letters(reading.plain)
    if letters >= CAPITALS and (share := capital / letters) >= 2 / 3:
        yield Signal("caps", share, f"{share:.0%} capitals")


def unwanted(reading: Reading, settings: Settings) -> Iterator[Signal]:
    """word (1): a word or an expression of the Nexus's own lists."""
    if settings.words and settings.words.found(reading):
        yield Signal("word", 1.0, "a word from the list of unwanted words")
    for name, pattern in settings.patterns.items():
        if matches(pattern, reading):
            yield Signal("word", 1.0, f"what the expression {name} looks for")
            return


def classified(strengths: Strengths) -> Iterator[Signal]:
    """spam, abuse: the strengths of the two classifiers, from WORTH_TELLING."""
    if strengths.spam >= WORTH_TELLING:
        yield Signal("spam", strengths.spam, f"it reads like spam ({strengths.spam:.0%})")
    if strengths.abuse >= WORTH_TELLING:
        yield Signal("abuse", strengths.abuse, f"it reads like abuse ({strengths.abuse:.0%})")
