"""Thoughts, needs and offers: keep, list, search, close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField, RecordField
from core.access.nexuses import named_or_here
from core.access.records import Record, open_records, open_records_by, search_records
from core.buttons.buttons import Choice as ButtonChoice
from core.errors import N_
from core.nexuses.tree import Nexus
from core.operations.context import Audience, AudienceKind, Context
from core.operations.declare import Confirm, Shortcut, Who, operation
from core.operations.fields import Choice, Text
from core.records import need_says, offer_says, says, thought_says
from core.records.records import add_record, close_record

THOUGHT = Text(N_("the thought"), maximum=4000)
NEED = Text(N_("what you need"), minimum=3, maximum=1000)
OFFER = Text(N_("what you offer"), minimum=3, maximum=1000)
NEXUS = NexusField(N_("the Nexus"))


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted, and the short name it can be called by."""

    record_id: int
    handle: str
    text: str
    nexus: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of records."""

    LINE: ClassVar[str] = "{author}: {text} (#{handle})"
    handle: str
    kind: str
    text: str
    author: str
    author_id: int
    nexus: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of records, best or newest first."""

    nexus: str
    items: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """What was closed or taken back."""

    handle: str
    text: str


def entry(record: Record) -> Entry:
    """A record as a line."""
    return Entry(
        record.handle, record.kind, record.body, record.author, record.author_id, record.nexus, record.created_at
    )


def _post(context: Context, kind: str, text: str, nexus: Nexus | None) -> Posted:
    where = named_or_here(context, nexus)
    record_id, handle = add_record(context.unit, kind, nexus_id=where.id, author_id=context.actor.person_id, body=text)
    context.note(record_id=record_id, nexus=where.id)
    return Posted(record_id, handle, text, where.name)


def _list(context: Context, kind: str, nexus: Nexus | None) -> Entries:
    where = named_or_here(context, nexus)
    found = open_records(context.unit, context.audience, kind, nexus_id=where.id)
    return Entries(where.name, tuple(entry(r) for r in found))


def _close(context: Context, record: Record, *, state: str = "closed", outcome: str = "") -> Closed:
    close_record(context.unit, record.id, record.version, state=state, outcome=outcome)
    context.note(record_id=record.id, nexus=record.nexus_id)
    return Closed(record.handle, record.name)


def _undo(context: Context, posted: Posted) -> Sequence[ButtonChoice]:
    return (ButtonChoice(N_("Undo"), "thought.remove", {"thought": f"={posted.record_id}"}),)


@operation(
    "thought.add",
    writes=True,
    confirm=Confirm.NEVER,
    private=True,
    direct_only=True,
    common=True,
    says=thought_says.THOUGHT_ADD,
    tells=N_("Kept, for you alone: “{text}” (#{handle})."),
    follows=_undo,
    shortcut=Shortcut(N_("Keep as a thought"), "message", "text"),
)
def add_thought(context: Context, text: Annotated[str, THOUGHT]) -> Posted:
    """Keep a thought, for yourself alone."""
    return _post(context, "thought", text, None)


@operation(
    "thought.list",
    private=True,
    says=thought_says.THOUGHT_LIST,
)
def list_thoughts(context: Context) -> Entries:
    """Your own thoughts, newest first."""
    me = Audience(AudienceKind.PERSON, context.actor.person_id)
    found = open_records_by(context.unit, me, "thought", context.actor.person_id)
    return Entries("", tuple(entry(r) for r in found))


@operation(
    "thought.remove",
    writes=True,
    private=True,
    says=thought_says.THOUGHT_REMOVE,
    asks=N_("Delete this thought for good: “{thought}”?"),
    tells=N_("Gone: “{text}”."),
)
def remove_thought(context: Context, thought: Annotated[Record, RecordField(N_("which thought"), "thought")]) -> Closed:
    """Delete one of your thoughts for good."""
    return _close(context, thought, state="removed")


@operation(
    "need.post",
    writes=True,
    who=Who.MEMBER,
    common=True,
    says=need_says.NEED_POST,
    asks=N_("Post this need in {nexus}: “{text}”?"),
    tells=N_("Posted in {nexus}: you need “{text}” (#{handle})."),
)
def post_need(context: Context, text: Annotated[str, NEED], nexus: Annotated[Nexus | None, NEXUS] = None) -> Posted:
    """Post something you are looking for.

    The members of the Nexus can see it until you close it.
    """
    return _post(context, "need", text, nexus)


@operation(
    "need.list",
    common=True,
    says=need_says.NEED_LIST,
    tells=N_("Open needs in {nexus}:"),
    empty=N_("I see no open needs in {nexus}."),
)
def list_needs(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Entries:
    """Open needs, newest first."""
    return _list(context, "need", nexus)


@operation(
    "need.close",
    writes=True,
    common=True,
    says=need_says.NEED_CLOSE,
    asks=N_("Close your need “{need}”?"),
    tells=N_("Closed: “{text}”."),
)
def close_need(
    context: Context,
    need: Annotated[Record, RecordField(N_("which need"), "need")],
    outcome: Annotated[str, Text(N_("how it ended"), maximum=500)] = "",
) -> Closed:
    """Close one of your needs, met or not."""
    return _close(context, need, outcome=outcome)


@operation(
    "offer.post",
    writes=True,
    who=Who.MEMBER,
    common=True,
    says=offer_says.OFFER_POST,
    asks=N_("Post this offer in {nexus}: “{text}”?"),
    tells=N_("Posted in {nexus}: you offer “{text}” (#{handle})."),
)
def post_offer(context: Context, text: Annotated[str, OFFER], nexus: Annotated[Nexus | None, NEXUS] = None) -> Posted:
    """Post something you can give or do for others."""
    return _post(context, "offer", text, nexus)


@operation(
    "offer.list",
    common=True,
    says=offer_says.OFFER_LIST,
    tells=N_("Open offers in {nexus}:"),
    empty=N_("I see no open offers in {nexus}."),
)
def list_offers(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Entries:
    """Open offers, newest first."""
    return _list(context, "offer", nexus)


@operation(
    "offer.close",
    writes=True,
    says=offer_says.OFFER_CLOSE,
    asks=N_("Close your offer “{offer}”?"),
    tells=N_("Closed: “{text}”."),
)
def close_offer(context: Context, offer: Annotated[Record, RecordField(N_("which offer"), "offer")]) -> Closed:
    """Close one of your offers."""
    return _close(context, offer)


@operation(
    "record.search",
    common=True,
    says=says.SEARCH,
    tells=N_("What I found:"),
    empty=N_("I found nothing about that."),
)
def search(
    context: Context,
    query: Annotated[str, Text(N_("what to search for"), maximum=200, line=True)],
    kind: Annotated[
        str | None, Choice(N_("what kind of thing"), ("need", "offer", "thought"), also={"note": "thought"})
    ] = None,
) -> Entries:
    """Search the needs, offers and thoughts that you may see."""
    found = search_records(context.unit, context.audience, query, kind)
    return Entries("", tuple(entry(r) for r in found))


@operation(
    "record.mine",
    says=(
        "what have I posted?",
        "show my needs and offers",
        "show me my needs",
        "list my offers",
        "my open needs",
        "what do I have open?",
        "which needs of mine are still open?",
        "what am I offering at the moment?",
        "remind me what I posted",
        "everything I have posted so far",
    ),
    tells=N_("What you have open:"),
    empty=N_("You have nothing open. Tell me what you need, or what you can offer."),
)
def list_mine(context: Context) -> Entries:
    """Your own open needs and offers, newest first."""
    me = context.actor.person_id
    mine = [r for kind in ("need", "offer") for r in open_records_by(context.unit, context.audience, kind, me)]
    return Entries("", tuple(entry(r) for r in sorted(mine, key=lambda r: -r.id)))


OPERATIONS = (
    add_thought,
    list_thoughts,
    remove_thought,
    post_need,
    list_needs,
    close_need,
    post_offer,
    list_offers,
    close_offer,
    search,
    list_mine,
)
