"""Facts about oneself: tell, list, change who may know them, take them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField, RecordField
from core.access.nexuses import named_or_here
from core.access.records import Record, open_records_by
from core.buttons.buttons import Choice as Button
from core.consent.words import LEVELS, people
from core.errors import N_
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import Choice, Text
from core.profiles import says
from core.records.records import add_record, close_record
from core.rules.consents import Consent, ceiling, consents_of, set_consent
from core.rules.decide import word_of
from core.rules.masks import rules_on_chain
from core.rules.words import ALL, Action, audiences_of, spread
from core.store import Unit

FACT = "fact"
MOST = 50  # facts of one person on a card
TEXT = Text(N_("what others may know about you"), minimum=3, maximum=500)
READERS = Choice(
    N_("who may know it"),
    ("only-me", "members", "anyone"),
    also={
        "nobody": "only-me",
        "private": "only-me",
        "member": "members",
        "everyone": "anyone",
        "everybody": "anyone",
        "anybody": "anyone",
        "public": "anyone",
    },
)
_LEVEL = {"only-me": "only-me", "members": "members", "anyone": "everyone"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about the caller. `readers` says in words who can read it now, by the rules and by the caller's word."""

    LINE: ClassVar[str] = "“{text}”, for {readers} (#{handle})"
    record_id: int
    handle: str
    text: str
    readers: str
    nexus: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The caller's own facts, newest first."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A fact whose readers have changed. `before` and `after` are words of `core.rules.words`."""

    record_id: int
    handle: str
    text: str
    readers: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A fact that was taken back."""

    handle: str
    text: str


def word_for(readers: str) -> int:
    """The consent that a choice of readers is. Pure."""
    return spread(LEVELS[_LEVEL[readers]], tuple(Action))


def readers_of(unit: Unit, nexus_id: int, consents: Sequence[Consent], record_id: int, own: int) -> str:
    """Who can read a fact, in words: what the rules of its Nexus and all that its author has said come to."""
    rules, _ = word_of(rules_on_chain(unit, nexus_id), FACT, unit.now)
    others = [c for c in consents if c.record_id != record_id or not record_id]
    allowed = rules & own & ceiling(others, FACT, record_id)
    return people(audiences_of(allowed, Action.SEE), N_("you alone"))


def _fact(context: Context, record: Record) -> Fact:
    rules, _ = word_of(rules_on_chain(context.unit, record.nexus_id), FACT, context.now)
    readers = people(audiences_of(rules & record.ceiling, Action.SEE), N_("you alone"))
    return Fact(record.id, record.handle, record.body, readers, record.nexus)


def _would_read(context: Context, text: str, readers: str = "members", nexus: Nexus | None = None) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    consents = consents_of(context.unit, context.actor.person_id)
    who = readers_of(context.unit, where.id, consents, 0, word_for(readers))
    return {"text": text, "readers": who, "nexus": where.name}


def _take_back(context: Context, result: Fact) -> Sequence[Button]:
    return (Button(N_("Undo"), "fact.remove", {"fact": f"={result.record_id}"}),)


@operation(
    "fact.add",
    writes=True,
    who=Who.MEMBER,
    private=True,
    says=says.ADD,
    preview=_would_read,
    asks=N_("Keep this about you in {nexus}, where {readers} can read it: “{text}”?"),
    tells=N_("Kept about you in {nexus}, where {readers} can read it: “{text}” (#{handle})."),
    follows=_take_back,
)
def add_fact(
    context: Context,
    text: Annotated[str, TEXT],
    readers: Annotated[str, READERS] = "members",
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None,
) -> Fact:
    """Tell something about yourself that others may know.

    `readers`: only-me, the members of the Nexus, or anyone, as far as the rules of the Nexus allow.
    """
    unit, me, where = context.unit, context.actor.person_id, named_or_here(context, nexus)
    who = readers_of(unit, where.id, consents_of(unit, me), 0, word_for(readers))
    record_id, handle = add_record(unit, FACT, nexus_id=where.id, author_id=me, body=text)
    set_consent(unit, me, kind=FACT, record_id=record_id, word=word_for(readers))
    context.note(record_id=record_id, nexus=where.id)
    return Fact(record_id, handle, text, who, where.name)


@operation(
    "fact.list",
    private=True,
    says=says.LIST,
    tells=N_("What you have told about yourself, and who can read it:"),
    empty=N_("You have told nothing about yourself yet. For example: “about me: I live in Lisbon”."),
)
def list_facts(context: Context) -> Facts:
    """What you have told about yourself, and who can read it."""
    mine = open_records_by(context.unit, context.audience, FACT, context.actor.person_id, MOST)
    return Facts(tuple(_fact(context, record) for record in mine))


def _would_change(context: Context, fact: Record, readers: str) -> Mapping[str, str]:
    unit = context.unit
    consents = consents_of(unit, context.actor.person_id)
    return {
        "fact": fact.name,
        "readers": readers_of(unit, fact.nexus_id, consents, fact.id, word_for(readers)),
    }


def _as_before(context: Context, result: Opened) -> Sequence[Button]:
    if result.before == result.after:
        return ()
    arguments = {"kind": FACT, "thing": str(result.record_id), "before": result.before, "after": result.after}
    return (Button(N_("Undo"), "consent.restore", arguments),)


@operation(
    "fact.change",
    writes=True,
    private=True,
    says=says.CHANGE,
    preview=_would_change,
    asks=N_("From now on, {readers} can read this about you: “{fact}”. Shall I change it?"),
    tells=N_("From now on, {readers} can read this about you: “{text}” (#{handle})."),
    follows=_as_before,
)
def change_fact(
    context: Context,
    fact: Annotated[Record, RecordField(N_("which fact about you"), FACT)],
    readers: Annotated[str, READERS],
) -> Opened:
    """Change who may know something that you told about yourself."""
    unit, me, after = context.unit, context.actor.person_id, word_for(readers)
    consents = consents_of(unit, me)
    before = next((c.word for c in consents if c.record_id == fact.id), ALL)
    set_consent(unit, me, kind=FACT, record_id=fact.id, word=after)
    context.note(record_id=fact.id, nexus=fact.nexus_id)
    who = readers_of(unit, fact.nexus_id, consents, fact.id, after)
    return Opened(fact.id, fact.handle, fact.name, who, str(before), str(after))


@operation(
    "fact.remove",
    writes=True,
    private=True,
    says=says.REMOVE,
    asks=N_("Forget this about you for good: “{fact}”?"),
    tells=N_("Gone: “{text}”."),
)
def remove_fact(context: Context, fact: Annotated[Record, RecordField(N_("which fact about you"), FACT)]) -> Forgotten:
    """Take back something that you told about yourself, for good."""
    close_record(context.unit, fact.id, fact.version, state="removed")
    set_consent(context.unit, context.actor.person_id, kind=FACT, record_id=fact.id, word=ALL)
    context.note(record_id=fact.id, nexus=fact.nexus_id)
    return Forgotten(fact.handle, fact.name)


OPERATIONS = (add_fact, list_facts, change_fact, remove_fact)
