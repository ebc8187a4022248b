"""The rules that every Nexus starts with, as plain data, and which of them a message's signals meet.

A rule is met when one of its `when` is: when every signal named there has at least the strength beside it. Almost no
rule stands on one signal, because a fixed threshold punishes the innocent: what makes a repeated text, a link or a call
to everyone a matter for moderators is that it comes together with something else. The thresholds were set on six
streams of ordinary chat (nobody hit, whether or not the platform tells how new people are) and generated attacks;
`make bench-moderation` measures both.

`action` is what a rule proposes (note, delete, warn, timeout, kick, ban, quarantine, lock, slow), `seconds` for how
long (None: not of a length), `points` what a confirmed case weighs on the ladder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from core.moderation.signals.seen import Signal, strongest

MINUTE, HOUR, DAY = 60, 3600, 86_400


class Rule(TypedDict):
    """A rule as plain data, fit for JSON."""

    says: str
    when: list[dict[str, float]]
    action: str
    seconds: int | None
    points: int


DEFAULT_RULES: dict[str, Rule] = {
    "bad link": {
        "says": "a link to a known bad domain",
        "when": [{"domain": 1.0}],
        "action": "timeout",
        "seconds": DAY,
        "points": 4,
    },
    "raid": {
        "says": "many arrive at once and write what raiders write",
        "when": [
            *({"wave": 0.8, one: least} for one, least in (
                ("crowd", 0.5), ("repeat", 0.3), ("spam", 0.5), ("mentions", 0.6), ("flood", 0.6), ("abuse", 0.9),
            )),
            *({"wave": 0.5, one: least} for one, least in (
                ("crowd", 0.75), ("repeat", 0.6), ("spam", 0.9), ("mentions", 1.0), ("everyone", 1.0), ("invite", 1.0),
            )),
        ],
        "action": "quarantine",
        "seconds": DAY,
        "points": 3,
    },
    "crowd": {
        "says": "several people post nearly the same within minutes",
        "when": [{"crowd": 0.75, "spam": 0.5}, {"crowd": 0.75, "link": 1.0, "first": 0.2}, {"crowd": 0.75, "new": 0.5},
                 {"crowd": 0.5, "invite": 1.0}, {"crowd": 0.5, "spam": 0.9}, {"crowd": 0.5, "everyone": 1.0},
                 {"crowd": 1.0, "link": 1.0}, {"crowd": 1.0, "first": 0.2}],
        "action": "quarantine",
        "seconds": DAY,
        "points": 3,
    },
    "mention bomb": {
        "says": "many mentions, or a call to everyone by somebody new or with a link",
        "when": [{"mentions": 1.0}, {"everyone": 1.0, "link": 1.0}, {"everyone": 1.0, "new": 0.5},
                 {"everyone": 1.0, "first": 0.2}, {"everyone": 1.0, "spam": 0.5}, {"everyone": 1.0, "repeat": 0.3}],
        "action": "timeout",
        "seconds": HOUR,
        "points": 2,
    },
    "repeat": {
        "says": "the same text over and over",
        "when": [{"repeat": 1.0}, {"repeat": 0.6, "link": 1.0}, {"repeat": 0.6, "spam": 0.5},
                 {"repeat": 0.6, "new": 0.5}, {"repeat": 0.3, "spam": 0.9}, {"repeat": 0.3, "invite": 1.0},
                 {"drip": 0.6, "spam": 0.5},
                 {"drip": 0.6, "invite": 1.0}, {"drip": 0.6, "link": 1.0, "new": 0.5},
                 {"drip": 0.6, "link": 1.0, "first": 0.2}, {"drip": 1.0, "link": 1.0}],
        "action": "timeout",
        "seconds": HOUR,
        "points": 2,
    },
    "invite": {
        "says": "an invitation into a group elsewhere from somebody new, or one that looks like advertising",
        "when": [{"invite": 1.0, "first": 0.2}, {"invite": 1.0, "new": 0.5}, {"invite": 1.0, "spam": 0.5},
                 {"invite": 1.0, "hidden": 1.0}],
        "action": "delete",
        "seconds": None,
        "points": 1,
    },
    "spam": {
        "says": "it reads like spam, and something else speaks for it",
        "when": [{"spam": 0.9, "new": 0.5}, {"spam": 0.9, "first": 0.2}, {"spam": 0.95, "link": 1.0},
                 {"spam": 0.7, "hidden": 1.0}, {"spam": 0.7, "first": 0.2, "link": 1.0}, {"again": 1.0},
                 {"again": 0.6, "new": 0.5}, {"spam": 0.99}],
        "action": "timeout",
        "seconds": DAY,
        "points": 2,
    },
    "flood": {
        "says": "a flood of messages that says little new",
        "when": [{"flood": 1.0, "new": 0.5, "first": 0.2}, {"flood": 1.0, "repeat": 0.3}, {"flood": 1.0, "caps": 0.7},
                 {"flood": 1.0, "mentions": 0.6}, {"flood": 1.0, "spam": 0.5}],
        "action": "timeout",
        "seconds": 10 * MINUTE,
        "points": 1,
    },
    "abuse": {
        "says": "it reads like abuse",
        "when": [{"abuse": 0.9}],
        "action": "warn",
        "seconds": None,
        "points": 1,
    },
    "unwanted words": {
        "says": "a word that this Nexus does not want to read",
        "when": [{"word": 1.0}],
        "action": "delete",
        "seconds": None,
        "points": 1,
    },
}  # fmt: skip


def hits(rules: Mapping[str, Rule], signals: Iterable[Signal]) -> list[str]:
    """The names of the rules that the signals meet, in the order of the rules."""
    strength = strongest(signals)
    return [
        name
        for name, rule in rules.items()
        if any(all(strength.get(one, 0.0) >= least for one, least in case.items()) for case in rule["when"])
    ]
