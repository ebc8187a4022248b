"""Which hours and which office hours an audience may hear of.

Decision rule: what nobody has confirmed is between the two people, told to either of them alone. What counts is as the
grants of its Nexus (`core.access.books`); of what concerns themselves somebody who listens alone always hears. A time
that can be booked is for those who are in its Nexus; once it is booked, it is the two people's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from core.access.books import called, may_see_hours
from core.access.listeners import all_inside
from core.access.names import several, unknown
from core.errors import N_, BadInput
from core.hours.hours import Entry, entries_concerning, entry_by_handle, entry_of
from core.hours.meetings import Meeting, meeting_by_handle, meeting_of, meetings_of, open_times
from core.nexuses.members import standing_in
from core.operations.context import Audience, AudienceKind, Context
from core.operations.declare import Who
from core.operations.fields import Reference, read_moment
from core.operations.fields.base import SUGGESTED, frozen_id
from core.people.people import fold
from core.store import Unit

_IT = frozenset({"it", "this", "that", "them", "those", "the hours", "these hours", "those hours", "hours", "my hours"})
_NEXT = frozenset({"next", "the next", "the next one", "next one", "first", "the first", "the first one"})
_HOURS = N_("I know no hours of yours that fit “{name}”.")
_TIMES = N_("I know no office hour that fits “{name}” here.")


# --- hours


def may_see_entry(unit: Unit, audience: Audience, entry: Entry) -> bool:
    """Whether the audience may see an entry with all that is said about it."""
    if audience.kind is AudienceKind.PERSON and audience.person_id in (entry.giver_id, entry.helped_id):
        return True
    return entry.state == "confirmed" and not entry.undone and may_see_hours(unit, audience, entry.nexus_id)


def access_entry(context: Context, words: str, *, own: bool) -> Entry:
    """Hours that the caller gave or was given, by short name, words of what it was about, or the other's name.

    Of several that fit, those are meant that are open, and that the caller logged (`own`) or has to say something to.
    Raises `NotFound`, `Ambiguous`.
    """
    unit, me = context.unit, context.actor.person_id
    mine = entries_concerning(unit, me)
    bare = words.strip("\"'“” ")
    number = frozen_id(words)
    entry_id = number if number is not None else entry_by_handle(unit, bare)
    if entry_id is not None:
        found = next((one for one in mine if one.id == entry_id), None) or _older(unit, me, entry_id)
        if found is not None:
            return found
        if number is not None or bare.startswith("#"):
            raise unknown(_HOURS, words, [])
    wanted = fold(bare)
    open_ones = [one for one in mine if one.state in ("logged", "disputed")]
    fits = open_ones if wanted in _IT else _about(context, mine, wanted.removesuffix("'s").removesuffix("’s"))
    some = [one for one in fits if one in open_ones] or fits
    some = [one for one in some if (one.logged_by == me) == own] or some
    if len(some) == 1:
        return some[0]
    if not some:
        raise unknown(_HOURS, words, [])
    raise several(f"#{one.handle} {_label(context, one)}" for one in some)


def _older(unit: Unit, me: int, entry_id: int) -> Entry | None:
    """One of the caller's that is not among the newest."""
    try:
        found = entry_of(unit, entry_id)
    except LookupError:
        return None
    return found if me in (found.giver_id, found.helped_id) else None


def _about(context: Context, entries: Sequence[Entry], wanted: str) -> list[Entry]:
    if not wanted:
        return []
    me = context.actor.person_id
    for removed in ("the ", "hours of ", "hours from ", "from ", "for ", "about "):
        wanted = wanted.removeprefix(removed)
    others = {one.id: fold(called(context.unit, context.audience, _other(one, me))) for one in entries}
    people = [one for one in entries if wanted == others[one.id]]
    people = people or [one for one in entries if wanted in others[one.id].split()]
    return people or [one for one in entries if wanted in fold(one.words)]


def _other(entry: Entry, me: int) -> int:
    return entry.helped_id if entry.giver_id == me else entry.giver_id


def _label(context: Context, entry: Entry) -> str:
    name = called(context.unit, context.audience, _other(entry, context.actor.person_id))
    return f"{entry.time}, {name}: {entry.words}" if entry.words else f"{entry.time}, {name}"


class EntryField(Reference):
    """Hours that the caller gave or was given: by short name (#k7m2p), what it was about, or the other's name."""

    kind = "record"

    def __init__(self, about: str, *, own: bool) -> None:
        super().__init__(about)
        self.own = own

    def resolve(self, value: Any, context: Context) -> Entry:
        """See `Field.resolve`."""
        return access_entry(context, value, own=self.own)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = fold(typed.strip().removeprefix("#"))
        alone = context.audience.kind is AudienceKind.PERSON
        mine = entries_concerning(context.unit, context.actor.person_id) if alone else []
        labels = [(f"{_label(context, one)} (#{one.handle})", one) for one in mine if one.state != "withdrawn"]
        return [(label, f"={one.id}") for label, one in labels if part in fold(label)][:SUGGESTED]


# --- office hours


def bookable(context: Context, nexus_id: int) -> list[Meeting]:
    """What can be booked in a Nexus, if the caller and all who listen are in it."""
    return open_times(context.unit, nexus_id) if _inside(context, nexus_id) else []


def _inside(context: Context, nexus_id: int) -> bool:
    standing, _ = standing_in(context.unit, context.actor.person_id, nexus_id)
    return standing >= Who.MEMBER and all_inside(context, nexus_id)


def access_time(context: Context, words: str, *, mine: bool) -> Meeting:
    """An office hour: one that can be booked here, or (`mine`) one that the caller offers or has booked.

    By short name, by when it is, by the other's name, or words in it. Raises `NotFound`, `Ambiguous`.
    """
    unit = context.unit
    bare = words.strip("\"'“” ")
    number = frozen_id(words)
    meeting_id = number if number is not None else meeting_by_handle(unit, bare)
    if meeting_id is not None:
        found = _one(context, meeting_id, mine=mine)
        if found is not None:
            return found
        if number is not None or bare.startswith("#"):
            raise unknown(_TIMES, words, [])
    known = _mine(context) if mine else bookable(context, context.nexus_id)
    fits = _fitting(context, known, fold(bare))
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise unknown(_TIMES, words, [])
    raise several(f"#{one.handle} {one.name}" for one in fits)


def _one(context: Context, meeting_id: int, *, mine: bool) -> Meeting | None:
    try:
        found = meeting_of(context.unit, meeting_id)
    except LookupError:
        return None
    if context.actor.person_id in (found.host_id, found.guest_id):
        return found
    # Of one that was just booked they may hear that somebody was faster, and no more.
    return found if not mine and _inside(context, found.nexus_id) else None


def _mine(context: Context) -> list[Meeting]:
    """What the caller offers or has booked and what is not over for good, the next first."""
    found = meetings_of(context.unit, context.actor.person_id)
    live = [one for one in found if one.state == "booked" or (one.state == "open" and one.starts_at > context.now)]
    return sorted(live or found, key=lambda one: one.starts_at)


def _fitting(context: Context, known: Sequence[Meeting], wanted: str) -> list[Meeting]:
    if wanted in _NEXT:
        return list(known[:1])
    if wanted in _IT | {"office hour", "office hours", "the office hour", "my office hour", "the meeting", "meeting"}:
        booked = [one for one in known if one.state == "booked"]
        return booked if len(booked) == 1 else list(known)
    with contextlib.suppress(BadInput):
        at = read_moment(wanted, context.now)
        return [one for one in known if one.starts_at == at]
    bare = wanted
    for removed in ("the ", "my ", "meeting with ", "with ", "office hours of ", "office hour of ", "of "):
        bare = bare.removeprefix(removed)
    for removed in (" office hours", " office hour", " meeting", "'s", "’s"):
        bare = bare.removesuffix(removed)
    if not bare:
        return []
    me = context.actor.person_id
    names = {
        one.id: fold(called(context.unit, context.audience, one.other_than(me)) if one.other_than(me) else "")
        for one in known
    }
    people = [one for one in known if bare == names[one.id]] or [one for one in known if bare in names[one.id].split()]
    return people or [one for one in known if bare in fold(one.words)]


class TimeField(Reference):
    """An office hour: by short name (#k7m2p), by when it is, or by the other's name."""

    kind = "record"

    def __init__(self, about: str, *, mine: bool) -> None:
        super().__init__(about)
        self.mine = mine

    def resolve(self, value: Any, context: Context) -> Meeting:
        """See `Field.resolve`."""
        return access_time(context, value, mine=self.mine)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = fold(typed.strip().removeprefix("#"))
        alone = context.audience.kind is AudienceKind.PERSON
        known = (_mine(context) if alone else []) if self.mine else bookable(context, context.nexus_id)
        me = context.actor.person_id
        labels = [
            (f"{one.name}, {called(context.unit, context.audience, one.other_than(me) or me)} (#{one.handle})", one)
            for one in known
        ]
        return [(label, f"={one.id}") for label, one in labels if part in fold(label)][:SUGGESTED]
