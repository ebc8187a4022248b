"""The default rules on ordinary chat and on attacks, replayed."""

import json

import pytest

from benchmarks.moderation.replay import caught, people_hit
from benchmarks.moderation.streams import KINDS
from core.moderation.signals.defaults import DEFAULT_RULES, hits
from core.moderation.signals.seen import Signal

ACTIONS = {"note", "delete", "warn", "timeout", "kick", "ban", "quarantine", "lock", "slow"}
SIGNALS = {
    *"flood repeat drip crowd again domain invite hidden link mentions everyone caps word".split(),
    *"spam abuse new first wave".split(),
}


def test_rules_are_plain_data() -> None:
    assert json.loads(json.dumps(DEFAULT_RULES)) == DEFAULT_RULES
    for rule in DEFAULT_RULES.values():
        assert rule["action"] in ACTIONS
        assert all(set(case) <= SIGNALS and case for case in rule["when"])


def test_a_rule_needs_all_signals_of_a_case() -> None:
    spam, first = Signal("spam", 0.92, "."), Signal("first", 0.2, ".")
    assert hits(DEFAULT_RULES, [spam]) == []
    assert hits(DEFAULT_RULES, [spam, first]) == ["spam"]
    assert hits(DEFAULT_RULES, [Signal("first", 0.1, "."), spam]) == []
    assert hits({}, [spam, first]) == []


@pytest.mark.parametrize("newcomers", [False, True])
@pytest.mark.parametrize("spread", [False, True])
def test_nobody_in_ordinary_chat_is_hit(newcomers: bool, spread: bool) -> None:
    assert people_hit(newcomers=newcomers, spread=spread) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_attackers_are_caught_within_five_messages(kind: str) -> None:
    found, people, _, _ = caught(kind, 3 if kind == "raid" else 40, seed=7)
    assert found >= 0.9 * people
