"""Rules read as people would say them, and say what they come to."""

from __future__ import annotations

import pytest

from core.rulebook.describe import comes_to, in_effect, kinds_come_to, rules_in_words
from core.rules.decide import Rule
from core.rules.rules import PRESETS
from core.rules.words import ALL, AUDIENCES, BITS, EVERYBODY, Action, audiences_of, pack_actions, spread

DAY = 86_400_000
UNTIL = 1_796_342_400_000  # the end of 3 Dec 2026


def rule(audience: str, what: str, effect: str = "permit", kind: str = "need", **more: object) -> Rule:
    actions = pack_actions(Action[name.upper()] for name in what.split())
    return Rule(1, kind, audience, actions, effect, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (0, "nobody but whoever wrote them"),
        (spread(BITS["member"], (Action.SEE,)), "members may see them; nobody else"),
        (
            PRESETS["members"],
            "members may see them, repeat them in channels, count them and build on them; nobody else",
        ),
        (
            PRESETS["open"],
            "anybody may see them, repeat them in channels, count them and build on them; members may take them along",
        ),
        (
            spread(BITS["public"], (Action.AGGREGATE,)) | spread(BITS["member"], (Action.SEE, Action.AGGREGATE)),
            "anybody may count them; members may see them; nobody else may see them",
        ),
        (
            spread(BITS["sub-member"] | BITS["guest"], (Action.SEE,)),
            "members of the Nexuses inside and guests may see them; nobody else",
        ),
        # Repeating without seeing, and taking along without repeating, come to nothing.
        (spread(BITS["guest"], (Action.QUOTE, Action.EXPORT)), "nobody but whoever wrote them"),
        (spread(BITS["guest"], (Action.SEE, Action.EXPORT)), "guests may see them; nobody else"),
    ],
)
def test_what_a_word_comes_to(word: int, said: str) -> None:
    assert comes_to(word) == said


def test_kinds_that_come_to_the_same_are_told_together() -> None:
    words = {"need": PRESETS["private"], "offer": PRESETS["private"], "fact": 0}
    assert kinds_come_to(words) == [
        "Needs and offers: members may see them and build on them; nobody else.",
        "Facts about people: nobody but whoever wrote them.",
    ]


def test_what_anybody_may_everybody_may() -> None:
    word = in_effect(spread(BITS["public"], (Action.SEE,)))
    assert audiences_of(word, Action.SEE) == EVERYBODY
    assert in_effect(ALL) == ALL
    assert in_effect(0) == 0


def test_somebody_with_a_role_sees_as_a_member_and_may_repeat_by_the_role() -> None:
    word = in_effect(spread(BITS["member"], (Action.SEE,)) | spread(BITS["steward"], (Action.QUOTE,)))
    assert audiences_of(word, Action.QUOTE) == BITS["steward"]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule("member", "see aggregate")], ["Members may see needs and count them"]),
        ([rule("public", "see", "deny")], ["The public may not see needs"]),
        ([rule("public", "see quote", "deny", kind="*")], ["The public may not see anything or repeat it in channels"]),
        ([rule("public", "see", kind="*")], ["Anybody may see everything"]),
        ([rule("member", "see"), rule("guest", "see")], ["Members and guests may see needs"]),
        ([rule("member", "see"), rule("member", "see", kind="offer")], ["Members may see needs and offers"]),
        ([rule("member", "see"), rule("guest", "aggregate")], ["Members may see needs", "Guests may count needs"]),
        ([rule("guest", "see", scope="self")], ["Guests may see needs (here only)"]),
        (
            [rule("guest", "see", "deny", locked=True, not_after=UNTIL)],
            ["Guests may not see needs (no Nexus inside can lift that, until 3 Dec 2026)"],
        ),
        (
            [rule(name, "export", "deny", kind="fact") for name in AUDIENCES],
            ["Nobody may take facts about people along"],
        ),
        ([rule("guest", "see", not_after=5)], []),  # over
    ],
)
def test_rules_in_words(rules: list[Rule], said: list[str]) -> None:
    assert rules_in_words(rules, now=10) == said
    assert sorted(rules_in_words(reversed(rules), now=10)) == sorted(said)


def test_no_word_of_the_house_is_told() -> None:
    told = rules_in_words([rule(name, action.word) for name in AUDIENCES for action in Action], now=0)
    for word in ("ancestor", "sub-member", "linked-member", "bridge", "aggregate", "derive", "quote", "*"):
        assert not any(word in line for line in told), word
