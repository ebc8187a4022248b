"""Deciding and showing how long things are kept, and keeping one's own on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from core.access.fields import NexusField
from core.access.nexuses import may_know_nexus, named_or_here
from core.access.things import my_thing
from core.clock import DAY
from core.errors import N_, BadInput, Conflict, NotFound
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice, Field, Text, read_duration
from core.operations.fields.base import as_word
from core.privacy import retention_says as says
from core.privacy.retention import FOR_EVER, LONGEST, SHORTEST, keep_on, kept_in, overdue, set_retention
from core.rules.kinds import KINDS, WRITTEN
from core.rules.words import ANY

AS_ABOVE = -1
_EVER = frozenset({"for ever", "forever", "ever", "always", "until closed", "until they are closed", "no end", "0"})
_ABOVE = frozenset({"as above", "like above", "default", "inherit", "whatever is above"})
EVERYTHING = "everything"


def read_days(text: str) -> int | None:
    """Days, `FOR_EVER`, `AS_ABOVE`, or None where the text says nothing of the kind. A bare number is days. Pure."""
    text = " ".join(text.casefold().split()).strip(" .!")
    if text in _EVER:
        return FOR_EVER
    if text in _ABOVE:
        return AS_ABOVE
    text = re.sub(r"^for (?:the )?", "", text)
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    length = read_duration(text)
    return None if length is None else -(-length // DAY)


def show_days(days: int) -> str:
    """As people read it."""
    if days == FOR_EVER:
        return N_("for ever")
    return N_("as above") if days == AS_ABOVE else f"{days} days"


class Days(Field):
    """How long something is kept: whole days, for ever, or as the Nexus above decides."""

    kind = "days"

    def read(self, raw: object) -> int:
        """See `Field.read`."""
        text = as_word(raw, self.about)
        days = read_days(text)
        if days is None:
            raise BadInput(N_("I could not read {text} as a length of time. Try 90 days, or for ever."), text=text)
        if days > 0 and not SHORTEST <= days <= LONGEST:
            raise BadInput(
                N_("Things can be kept for {shortest} to {longest} days, or for ever: people are told a week ahead."),
                shortest=SHORTEST,
                longest=LONGEST,
            )
        return days

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return show_days(value)

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return show_days(value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold()
        return [(one, one) for one in ("30 days", "90 days", "365 days", "for ever", "as above") if part in one]


@dataclass(frozen=True, slots=True)
class Decided:
    """How long a kind is kept in a Nexus from now on."""

    sentence: str
    nexus: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long one kind is kept."""

    LINE: ClassVar[str] = "{sentence}"
    kind: str
    days: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Keepings:
    """How long things are kept in a Nexus."""

    nexus: str
    items: tuple[Keeping, ...]


@dataclass(frozen=True, slots=True)
class KeptOn:
    """What is kept on: how many things."""

    number: int


_SENTENCES = {
    FOR_EVER: (
        N_("everything in {nexus} is kept until its author closes or forgets it"),
        N_("{things} in {nexus} are kept until their authors close or forget them"),
    ),
    AS_ABOVE: (
        N_("how long everything in {nexus} is kept is decided by what is above it"),
        N_("how long {things} in {nexus} are kept is decided by what is above it"),
    ),
}
_AFTER = (
    N_("everything in {nexus} is deleted {days} days after it was closed or posted"),
    N_("{things} in {nexus} are deleted {days} days after they were closed or posted"),
)


def _sentence(kind: str, days: int, nexus: str) -> str:
    everything, some = _SENTENCES.get(days, _AFTER)
    if kind == ANY:
        return everything.format(nexus=nexus, days=days)
    return some.format(things=KINDS[kind].many, nexus=nexus, days=days)


def _consequence(context: Context, nexus: Nexus, kind: str, days: int) -> str:
    closed, opened = overdue(context.unit, nexus.id, kind, None if days == AS_ABOVE else days)
    if not closed and not opened:
        return N_("Nothing would go now.")
    going = N_("{closed} of them would go at once, and {opened} once their authors have had a week.")
    return going.format(closed=closed, opened=opened)


def _kind(kind: str) -> str:
    return ANY if kind == EVERYTHING else kind


def _preview(context: Context, kind: str, keep: int, nexus: Nexus | None = None) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    return {
        "sentence": _sentence(_kind(kind), keep, where.name),
        "nexus": where.name,
        "consequence": _consequence(context, where, _kind(kind), keep),
    }


KIND = Choice(N_("what it is about"), (*WRITTEN, EVERYTHING), also={"all": EVERYTHING, "things": EVERYTHING})


@operation(
    "retention.set",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.SET,
    preview=_preview,
    asks=N_("From now on, {sentence}? {consequence} That cannot be undone for what is gone."),
    tells=N_("From now on, {sentence}. Whoever wrote something open hears from me a week ahead and can keep it on."),
)
def set_keeping(
    context: Context,
    kind: Annotated[str, KIND],
    keep: Annotated[int, Days(N_("how long, such as 90 days or for ever"))],
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None,
) -> Decided:
    """Decide how long things are kept in a Nexus and in what is inside it.

    Days count from when something was closed, or from when it was posted if it is still open. `as above` takes the
    decision back. Thoughts are their authors' alone and stay as long as those want.
    """
    where = named_or_here(context, nexus)
    set_retention(context.unit, where.id, _kind(kind), None if keep == AS_ABOVE else keep, by=context.actor.person_id)
    context.note(nexus=where.id, kind=kind, days=keep)
    return Decided(_sentence(_kind(kind), keep, where.name), where.name)


@operation(
    "retention.show",
    who=Who.MEMBER,
    says=says.SHOW,
    tells=N_("How long things are kept in {nexus}:"),
)
def show_keeping(context: Context, nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None) -> Keepings:
    """How long needs, offers and facts are kept in a Nexus."""
    where = named_or_here(context, nexus)
    lines = []
    for kept in kept_in(context.unit, where.id):
        sentence = _upper(_sentence(kept.kind, kept.days, where.name))
        known = kept.nexus_id not in (0, where.id) and may_know_nexus(context.unit, context.audience, kept.nexus_id)
        if known:
            name = nexus_of(context.unit, kept.nexus_id).name
            sentence += N_(" ({above} decided so)").format(above=name)
        lines.append(Keeping(kept.kind, kept.days, f"{sentence}."))
    return Keepings(where.name, tuple(lines))


@operation(
    "retention.keep",
    writes=True,
    private=True,
    internal=True,
    tells=N_("Kept, as if you had posted it today."),
)
def keep_things(context: Context, things: Annotated[str, Text(N_("what to keep"), maximum=8000, line=True)]) -> KeptOn:
    """Keep on what would be deleted otherwise."""
    found = []
    for reference in things.split():
        try:
            found.append(my_thing(context, reference).id)
        except NotFound:
            continue  # closed meanwhile
    if not found:
        raise Conflict(N_("It is gone already. Just post it anew."))
    keep_on(context.unit, found)
    return KeptOn(len(found))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


OPERATIONS = (set_keeping, show_keeping, keep_things)
