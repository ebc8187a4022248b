"""What rules would have met in messages that were written before, in the order in which they were written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core.moderation.signals.defaults import Rule, hits
from core.moderation.signals.history import History
from core.moderation.signals.newcomers import NEWCOMER, OLD
from core.moderation.signals.notice import notice
from core.moderation.signals.seen import Author, Message
from core.moderation.signals.settings import Settings


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of the past and who wrote it; how many they had written before is counted here."""

    message: Message
    author: Author


def met(spoken: Iterable[Spoken], rules: Mapping[str, Rule], settings: Settings) -> dict[str, dict[str, int]]:
    """How many messages of whom each rule would have met: by the rule's name and the author's key.

    The messages are looked at as if they came now one by one, each with what was written before it. Who came within a
    week before their first message here counts as somebody new; of others it is not known what they wrote earlier.
    """
    history = History()
    written: dict[str, int] = {}
    found: dict[str, dict[str, int]] = {}
    for one in sorted(spoken, key=lambda one: (one.message.at, one.message.id)):
        key, came = one.author.key, one.author.joined_at
        if key not in written:
            written[key] = 0 if came is not None and one.message.at - came < NEWCOMER else OLD
        author = replace(one.author, messages=written[key])
        written[key] += 1
        for name in hits(rules, notice(one.message, author, history, settings)):
            people = found.setdefault(name, {})
            people[key] = people.get(key, 0) + 1
    return found
