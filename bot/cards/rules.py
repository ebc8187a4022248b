"""Rules, what a change of them would do, and the reasons of a decision, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.errors import N_
from core.rulebook.operations import Preview, Reasons, Rules


def rules(result: Rules, words: Words) -> Reply:
    """What the rules of a Nexus come to, the rules themselves, and where those from above are from."""
    lines = list(result.items)
    lines += [words(N_("Our own rule: {rule}."), rule=rule) for rule in result.own]
    lines += [words(N_("From {nexus}: {rule}."), nexus=one.nexus, rule=one.rule) for one in result.above]
    footer = words(N_("Whoever wrote something always sees it. Thoughts are always their author's alone."))
    if result.may_change:
        footer += " " + words(N_("To change a rule, say “the public may see offers”, for example."))
    title = words(N_("The rules of {nexus}:"), nexus=result.nexus)
    return Reply(card=Card(title=title, lines=tuple(lines), footer=footer))


def preview(result: Preview, words: Words) -> Reply:
    """What a change would show and hide; nothing is changed by looking."""
    lines = list(result.items)
    lines += [words(N_("Newly visible in {what}"), what=line) for line in result.nexuses]
    lines += [words(N_("For example: {what}"), what=line) for line in result.examples]
    title = words(N_("If this held in {nexus}:"), nexus=result.nexus)
    text = " ".join(f"{rule}." for rule in result.rules)
    footer = words(N_("Nothing is changed so far."))
    return Reply(card=Card(title=title, text=text, lines=tuple(lines), footer=footer))


def why(result: Reasons, words: Words) -> Reply:
    """The answer first, then its reasons."""
    return Reply("\n".join(result.items) or words(N_("I can tell no reason for that.")))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {"rule.show": rules, "rule.preview": preview, "why": why}
