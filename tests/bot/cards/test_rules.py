"""Rules, previews and reasons as people read them."""

from __future__ import annotations

from typing import Any

from bot.cards import reply_for
from bot.cards.plain import as_text
from bot.words import Words
from core.catalogue import REGISTRY
from core.operations.run import Done
from core.rulebook.operations import Preview, Reasons, RuleAbove, Rules


def said(operation: str, result: Any) -> list[str]:
    return as_text(reply_for(Done(REGISTRY.get(operation), result, {}), Words())).split("\n")


def test_rules_with_where_they_come_from() -> None:
    found = Rules("Parser", ("Needs: members may see them; nobody else.",), ("Guests may count needs",), (), True)
    assert said("rule.show", found) == [
        "The rules of Parser:",
        "- Needs: members may see them; nobody else.",
        "- Our own rule: Guests may count needs.",
        "Whoever wrote something always sees it. Thoughts are always their author's alone. "
        "To change a rule, say “the public may see offers”, for example.",
    ]
    above = Rules("Parser", ("x",), (), (RuleAbove("Home", "Members may see needs"),), False)
    assert said("rule.show", above)[2:] == [
        "- From Home: Members may see needs.",
        "Whoever wrote something always sees it. Thoughts are always their author's alone.",
    ]


def test_a_preview_says_that_nothing_has_changed() -> None:
    found = Preview(
        "Parser",
        ("Guests may see needs",),
        ("Guests could then see 6 needs.",),
        ("Lab: 6 needs",),
        ("a desk (#k7m2p)",),
    )
    assert said("rule.preview", found) == [
        "If this held in Parser:",
        "Guests may see needs.",
        "- Guests could then see 6 needs.",
        "- Newly visible in Lab: 6 needs",
        "- For example: a desk (#k7m2p)",
        "Nothing is changed so far.",
    ]


def test_reasons_come_one_a_line() -> None:
    assert said("why", Reasons(("Yes: you can see #k7m2p.", "You wrote it."))) == [
        "Yes: you can see #k7m2p.",
        "You wrote it.",
    ]
