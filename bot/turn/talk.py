"""A turn with the offline brain: understand, then one step, or a question, or a thought kept."""

from __future__ import annotations

from dataclasses import replace

from adapters.contract import Button, ButtonStyle, Card, Reply
from bot.cofounder.brain import Kind, Understanding
from bot.inbox.inbox import Entry
from bot.talk import questions
from bot.turn.context import Setting
from bot.turn.step import Said, take_step
from bot.words import Words
from core.access.records import search_records
from core.buttons.buttons import Choice, offer
from core.errors import N_
from core.operations import Origin, Registry
from core.operations.context import Audience, AudienceKind
from core.store import Unit

MOST_HELP = 2  # records that are mentioned beside a kept thought


def answer(
    unit: Unit, registry: Registry, words: Words, entry: Entry, setting: Setting, understood: Understanding
) -> list[Said]:
    """What is said to a message that was understood so."""
    if understood.kind is Kind.SMALL_TALK:
        questions.close(unit, entry.talk_key)
        return [Said(Reply(understood.reply))]
    if understood.operation is None:
        return _statement(unit, registry, words, entry, setting)
    if len(understood.alternatives) > 1:
        close = _close_call(unit, registry, words, setting, understood)
        if close is not None:
            return [close]
    return [
        take_step(
            unit,
            registry,
            words,
            entry,
            setting,
            understood.operation,
            understood.arguments,
            Origin.TALK,
            entry.key,
        )
    ]


def _statement(unit: Unit, registry: Registry, words: Words, entry: Entry, setting: Setting) -> list[Said]:
    """Nothing was asked for. In a direct chat it is kept as a thought; beside it stands what may help."""
    questions.close(unit, entry.talk_key)
    if not setting.place.direct:
        return [Said(Reply(words(N_("I'm not sure what you'd like. Say “help” to see what I can do here."))))]
    kept = take_step(
        unit, registry, words, entry, setting, "thought.add", {"text": entry.event.text}, Origin.TALK, entry.key
    )
    helps = _what_helps(unit, words, entry, setting)
    if not helps or kept.reply.card is None:
        return [kept]
    card = kept.reply.card
    title = words(N_("That may help:"))
    text = f"{card.text}\n\n{title}" if card.text else title
    lines = tuple(line for _, line in helps)
    shown = frozenset(kept.shows).union(record_id for record_id, _ in helps)
    return [Said(Reply(card=Card(card.title, text, card.fields, lines, card.footer, card.buttons)), True, shows=shown)]


def _what_helps(unit: Unit, words: Words, entry: Entry, setting: Setting) -> list[tuple[int, str]]:
    """Ids of records, each with the line that tells of it."""
    me = Audience(AudienceKind.PERSON, setting.person.id)
    found = [
        record
        for kind in ("offer", "need")
        for record in search_records(unit, me, entry.event.text, kind, most=MOST_HELP)
        if record.author_id != setting.person.id
    ]
    templates = {"offer": N_("{author} offers: {text} (#{handle})"), "need": N_("{author} needs: {text} (#{handle})")}
    return [(r.id, words(templates[r.kind], author=r.author, text=r.name, handle=r.handle)) for r in found[:MOST_HELP]]


def _close_call(
    unit: Unit, registry: Registry, words: Words, setting: Setting, understood: Understanding
) -> Said | None:
    """Ask which of two or three things was meant; each choice is a button that goes on with the words at hand."""
    choices = []
    for name in understood.alternatives[:3]:
        operation = registry.get(name)
        known = {k: v for k, v in understood.arguments.items() if operation.parameter(k) is not None and v is not None}
        if operation.main and operation.main not in known and "text" in understood.arguments:
            known[operation.main] = understood.arguments["text"]
        if all(p.name in known for p in operation.parameters if p.required):
            choices.append(Choice(words(operation.summary).rstrip("."), name, known, asks=True))
    if len(choices) < 2:
        return None
    choices.append(Choice(words(N_("None of these"))))
    specs = offer(unit, choices, person_id=setting.person.id, nexus_id=setting.nexus_id)
    buttons = tuple(Button(s.label, s.token, ButtonStyle(s.style)) for s in specs)
    return Said(Reply(card=Card(text=words(N_("Which of these do you mean?")), buttons=buttons)), went="asked")


def with_aside(said: Said, aside: str) -> Said:
    """Say why the offline brain answers, in small print."""
    if not aside:
        return said
    reply = said.reply
    if reply.card is None:
        return replace(said, reply=Reply(f"{reply.text}\n{aside}" if reply.text else aside))
    card = reply.card
    footer = f"{card.footer} {aside}".strip()
    shown = Card(card.title, card.text, card.fields, card.lines, footer, card.buttons, card.picture)
    return replace(said, reply=Reply(reply.text, shown, reply.files))
