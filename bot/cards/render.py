"""The general renderer: an outcome of `core.operations.run` as a reply."""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Mapping
from typing import Any

from adapters.contract import Button, ButtonStyle, Card, Reply
from bot.cards.own import RENDERERS
from bot.words import Words
from core.buttons.tables import ButtonSpec
from core.errors import N_, NexusError
from core.operations.run import Ask, Dismissed, Done, Outcome

LABELS = {
    "nexus": N_("In"),
    "parent": N_("Inside"),
    "door": N_("Who may come in"),
    "uses": N_("People"),
    "expires": N_("Valid for"),
    "approval": N_("A steward approves each"),
    "role": N_("Role"),
    "outcome": N_("How it ended"),
    "audience": N_("Who is here"),
    "kind": N_("Kind"),
    "everyone": N_("Everyone here is a member"),
    "gives": N_("What it gives"),
    "what": N_("What"),
}


def buttons_of(specs: tuple[ButtonSpec, ...], words: Words) -> tuple[Button, ...]:
    """Buttons as adapters show them."""
    return tuple(Button(words(b.label), b.token, ButtonStyle(b.style)) for b in specs)


def reply_for(outcome: Outcome, words: Words, buttons: tuple[ButtonSpec, ...] = ()) -> Reply:
    """What is said about an outcome. `buttons` are further choices that go with it (an Undo, say)."""
    if isinstance(outcome, Dismissed):
        return Reply(words(N_("All right, I left it as it was.")))
    if isinstance(outcome, Ask):
        return _question(outcome, words)
    if outcome.repeated:
        return Reply(words(N_("That was done already.")))
    own = RENDERERS.get(outcome.operation.name)
    reply = own(outcome.result, words) if own else _general(outcome, words)
    if not buttons:
        return reply
    card = reply.card or Card(text=reply.text)
    card = dataclasses.replace(card, buttons=buttons_of(buttons, words))
    return Reply("" if reply.card is None else reply.text, card)


def reply_for_error(error: NexusError, words: Words) -> Reply:
    """What is said when something cannot be done."""
    return Reply(words.error(error))


def _question(ask: Ask, words: Words) -> Reply:
    """The card repeats the reading: in its question, and in fields for what the question does not mention.

    A preview words everything itself, so nothing is added to it.
    """
    mentioned = {name for _, name, _, _ in string.Formatter().parse(ask.question) if name}
    fields = tuple(
        (words(LABELS.get(p.name, p.name.capitalize())), ask.arguments[p.name])
        for p in ask.operation.parameters
        if p.name in ask.arguments and p.name not in mentioned and ask.operation.preview is None
    )
    question = words(ask.question, **ask.arguments)
    return Reply(card=Card(text=question, fields=fields, buttons=buttons_of(ask.buttons, words)))


def _general(done: Done, words: Words) -> Reply:
    result, operation = done.result, done.operation
    values = dict(_values(result)) | {k: v for k, v in done.arguments.items() if v}
    items = getattr(result, "items", None)
    if items is not None:
        if not items:
            return Reply(words(operation.empty or N_("There is nothing."), **values))
        line = type(items[0]).LINE
        return Reply(
            card=Card(title=words(operation.tells, **values), lines=tuple(words(line, **_values(i)) for i in items))
        )
    return Reply(words(operation.tells or N_("Done."), **values))


def _values(result: Any) -> Mapping[str, Any]:
    return {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
