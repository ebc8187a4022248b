"""What rules would have met is what they do meet when the same messages come."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from core.moderation.lookback.replay import Spoken, met
from core.moderation.own.sentence import read_rule
from core.moderation.signals.defaults import DEFAULT_RULES, Rule, hits
from core.moderation.signals.history import History
from core.moderation.signals.newcomers import OLD
from core.moderation.signals.notice import notice
from core.moderation.signals.own import Compiled, Own, signal_of
from core.moderation.signals.patterns import WordList
from core.moderation.signals.seen import Author, Message
from core.moderation.signals.settings import Settings

NOW, DAY = 1_800_000_000.0, 86_400.0
TEXTS = (
    "hello there everybody, how are you?",
    "release the kraken",
    "KRAKENS ARE VERY LOUD PEOPLE TODAY",
    "see https://x.example",
    "I asked about that bug in https://discord.gg/abcdef yesterday, they said the driver is broken",
    "claim your FREE crypto bonus now!!! double your bitcoin http://win.example",
)
CAME = {"ana": None, "ben": NOW - 3600, "tim": NOW - 40 * DAY}
LOUD = Own(read_rule("warn for capitals twice in an hour").groups, "warn", times=2, within=3600)
RULES: dict[str, Rule] = {
    **DEFAULT_RULES,
    "loud": {"says": "", "when": [{signal_of("loud"): 1.0}], "action": "warn", "seconds": None, "points": 1},
}
GIVEN = Settings(words=WordList(["kraken"]), own={"loud": Compiled.of("1", LOUD)})
STREAM = st.lists(st.tuples(st.integers(0, 4000), st.sampled_from(sorted(CAME)), st.sampled_from(TEXTS)), max_size=15)


def spoken(stream: list[tuple[int, str, str]]) -> list[Spoken]:
    """The messages, each at a moment of its own."""
    return [
        Spoken(
            Message(text, NOW + after + number / 1000, who, "hall", mentions=number % 3, id=str(number)),
            Author(who, CAME[who], None),
        )
        for number, (after, who, text) in enumerate(stream)
    ]


@settings(max_examples=40, deadline=None)
@given(STREAM, st.randoms(use_true_random=False))
def test_it_is_as_if_they_came_now(stream: list[tuple[int, str, str]], chance: random.Random) -> None:
    lines = spoken(stream)
    history, expected, written = History(), {}, dict.fromkeys(CAME, 0)  # type: ignore[var-annotated]
    for one in sorted(lines, key=lambda one: one.message.at):
        who = one.author.key
        count = written[who] + (0 if who == "ben" else OLD)
        written[who] += 1
        author = Author(who, CAME[who], None, count)
        for name in hits(RULES, notice(one.message, author, history, GIVEN)):
            expected.setdefault(name, {}).setdefault(who, 0)
            expected[name][who] += 1
    shuffled = list(lines)
    chance.shuffle(shuffled)  # places are read one after the other
    assert met(shuffled, RULES, GIVEN) == expected


def test_something_is_met() -> None:
    found = met(
        spoken([(1, "ana", TEXTS[1]), (2, "ben", TEXTS[4]), (3, "tim", TEXTS[2]), (9, "tim", TEXTS[2])]), RULES, GIVEN
    )
    assert found == {"unwanted words": {"ana": 1}, "invite": {"ben": 1}, "loud": {"tim": 1}}


def test_who_came_long_ago_has_written_before() -> None:
    assert met(spoken([(1, "tim", TEXTS[4])]), RULES, GIVEN) == {}
    assert met(spoken([(1, "ben", TEXTS[4])]), RULES, GIVEN) == {"invite": {"ben": 1}}
