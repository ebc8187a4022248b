"""Saying what may be done with one's own things, taking that back, and seeing all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.access.records import Record
from core.access.things import ThingField, my_thing
from core.buttons.buttons import Choice as Button
from core.consent import says
from core.consent.words import EVERYTHING, USE, WHAT, WHO, by_rules, kind_of, own_word, said, sentence, together
from core.errors import N_, BadInput, Conflict, NotFound
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import operation
from core.operations.fields import Text
from core.rules.consents import consents_of, set_consent
from core.rules.decide import word_of
from core.rules.kinds import KINDS, WRITTEN
from core.rules.masks import rules_on_chain
from core.rules.words import ALL, ANY


@dataclass(frozen=True, slots=True)
class Said:
    """What holds now for a kind, for everything, or for one thing. The words are numbers of `core.rules.words`."""

    kind: str
    thing_id: int
    before: str
    after: str
    sentence: str
    where: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What was said about one kind or thing, or what the rules of a Nexus allow at most."""

    LINE: ClassVar[str] = "{sentence}."
    sentence: str


@dataclass(frozen=True, slots=True)
class Limits:
    """All that a person has said, then the rules of one Nexus for each kind."""

    nexus: str
    items: tuple[Limit, ...]


def _topic(context: Context, what: str, thing: Record | None) -> tuple[str, int, str, str]:
    """What a saying is about: kind, record id (0: all), the words of a thing, and the Nexus whose rules hold too."""
    if thing is not None:
        return thing.kind, thing.id, thing.name, thing.nexus
    return kind_of(what), 0, "", nexus_of(context.unit, context.nexus_id).name


def _change(context: Context, what: str, thing: Record | None, who: str | None, use: str | None) -> Said:
    """What is to hold. Raises `BadInput` when nothing was said."""
    if who is None and use is None:
        raise BadInput(N_("Who may, or what may nobody do? For example: “only members may see my needs”."))
    kind, thing_id, name, nexus = _topic(context, what, thing)
    consents = consents_of(context.unit, context.actor.person_id)
    before = own_word(consents, kind, thing_id)
    after = said(before, who or "only-me", use)
    others = [c for c in consents if (c.kind, c.record_id) != (kind, thing_id)]
    now = together(others, kind, thing_id) & after
    return Said(kind, thing_id, str(before), str(after), sentence(kind, now, name), nexus)


def _preview(
    context: Context,
    what: str = EVERYTHING,
    thing: Record | None = None,
    who: str | None = None,
    use: str | None = None,
) -> Mapping[str, str]:
    change = _change(context.private(), what, thing, who, use)
    return {"sentence": change.sentence, "nexus": change.where}


def _undo(context: Context, result: Said) -> Sequence[Button]:
    if result.before == result.after:
        return ()
    arguments = {"kind": result.kind, "thing": str(result.thing_id), "before": result.before, "after": result.after}
    return (Button(N_("Undo"), "consent.restore", arguments),)


@operation(
    "consent.set",
    writes=True,
    private=True,
    says=says.SET,
    preview=_preview,
    asks=N_("From now on, for {sentence}. Shall I keep to that?"),
    tells=N_("From now on, for {sentence}. The rules of {where} may still be narrower."),
    follows=_undo,
)
def set_limits(
    context: Context,
    what: Annotated[str, WHAT] = EVERYTHING,
    thing: Annotated[Record | None, ThingField(N_("one thing of yours, by its short name such as #k7m2p"))] = None,
    who: Annotated[str | None, WHO] = None,
    use: Annotated[str | None, USE] = None,
) -> Said:
    """Say who may see what is yours, and what may be done with it.

    `who`: only-me; members of its Nexus; nexuses: also those above, inside and linked; everyone: as the rules say.
    `use`: repeat in channels, count, build on it, export; without it, all of them. It only ever narrows what the rules
    of a Nexus allow.
    """
    change = _change(context, what, thing, who, use)
    set_consent(
        context.unit, context.actor.person_id, kind=change.kind, record_id=change.thing_id, word=int(change.after)
    )
    context.note(record_id=change.thing_id or None, kind=change.kind)
    return change


WORD = Text(N_("what held"), maximum=20, line=True)


@operation(
    "consent.restore",
    writes=True,
    private=True,
    internal=True,
    tells=N_("As it was, for {sentence}. The rules of {where} may still be narrower."),
)
def restore_limits(
    context: Context,
    kind: Annotated[str, Text(N_("what it is about"), maximum=20, line=True)],
    thing: Annotated[str, Text(N_("which thing"), maximum=20, line=True)],
    before: Annotated[str, WORD],
    after: Annotated[str, WORD],
) -> Said:
    """Take back what you said last, as long as it still holds."""
    unit, me = context.unit, context.actor.person_id
    if kind not in (*WRITTEN, ANY) or not all(n.isascii() and n.isdigit() for n in (thing, before, after)):
        raise BadInput(N_("That only works with the button that I sent for it."))
    thing_id, name, nexus = int(thing), "", nexus_of(unit, context.nexus_id).name
    if thing_id:
        found = my_thing(context, f"={thing_id}")
        if found.kind != kind:
            raise NotFound(N_("I found nothing of yours that fits."))
        name, nexus = found.name, found.nexus
    if own_word(consents_of(unit, me), kind, thing_id) != int(after):
        raise Conflict(N_("That changed in the meantime. Please look again."))
    set_consent(unit, me, kind=kind, record_id=thing_id, word=int(before) & ALL)
    context.note(record_id=thing_id or None, kind=kind)
    now = together(consents_of(unit, me), kind, thing_id)
    return Said(kind, thing_id, after, before, sentence(kind, now, name), nexus)


@operation(
    "consent.show",
    private=True,
    says=says.SHOW,
    tells=N_("What you said about your own things, and what the rules of {nexus} allow others at most:"),
)
def show_limits(
    context: Context, nexus: Annotated[Nexus | None, NexusField(N_("the Nexus whose rules to show"))] = None
) -> Limits:
    """What you have said about who may see and use what is yours."""
    unit, where = context.unit, named_or_here(context, nexus)
    lines = []
    for one in consents_of(unit, context.actor.person_id):
        try:
            name = my_thing(context, f"={one.record_id}").name if one.record_id else ""
        except NotFound:
            continue  # it is closed
        lines.append(_upper(sentence(one.kind, one.word, name)))
    if not lines:
        lines.append(N_("You have set no limits of your own"))
    chain = rules_on_chain(unit, where.id)
    for kind in WRITTEN:
        word, _ = word_of(chain, kind, unit.now)
        rules = {"kind": KINDS[kind].many.capitalize(), "nexus": where.name, "rules": by_rules(word)}
        lines.append(N_("{kind} in {nexus}, by its rules: {rules}").format(**rules))
    return Limits(where.name, tuple(Limit(line) for line in lines))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


OPERATIONS = (set_limits, restore_limits, show_limits)
