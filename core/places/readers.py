"""Who can read in a place, as its platform says: kept, renewed, and what follows when there are more of them.

Who comes later can read what was said before, so a growing roster widens what was said already. Answers adapt by
themselves (`core.places.places.audience_of`); here it is decided who is told of it, and how often:
- where exactly the people there listen: the place, at most once an hour, and who connected it;
- where everyone counts as a member of a Nexus: who decided that, at most once a day, and only of people who are none;
- where anybody listens: nobody.
What is told depends on how many came, and never on what was said or hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from core.clock import DAY, HOUR
from core.errors import N_
from core.nexuses.tables import membership
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.people.people import person_of
from core.people.tables import account
from core.places.places import Place, place_of
from core.places.tables import place, place_reader
from core.store import Unit

MOST = 200  # people whose names a platform is asked for; more than that are as good as anybody

ONE_CAME = N_(
    "New here: one more person. They can read what I said here before. "
    "From now on I say only what everybody here may see."
)
SOME_CAME = N_(
    "New here: {count} people. They can read what I said here before. "
    "From now on I say only what everybody here may see."
)
_BY_PEOPLE = N_(
    "New in {title} since I told you last: {count}. They can read what I said there before. "
    "From now on I say there only what everybody there may see."
)
_BY_MEMBERS = N_(
    "New in {title} since I told you last: {count} who are not in {nexus}. Everyone there counts as a member, so they "
    "hear what members hear."
)

_NOTE = (
    update(place)
    .where(
        place.c.id == bindparam("place_id"), or_(place.c.readers_at.is_(None), place.c.readers_at <= bindparam("asked"))
    )
    .values(readers=bindparam("number"), readers_at=bindparam("asked"))
)
_LISTED = select(place_reader.c.external_id).where(place_reader.c.place_id == bindparam("place_id"))
_ADD = insert(place_reader)
_DROP = delete(place_reader).where(
    place_reader.c.place_id == bindparam("place_id"),
    place_reader.c.external_id.in_(bindparam("gone", expanding=True)),
)
_COUNT = (
    update(place).where(place.c.id == bindparam("place_id")).values(newcomers=place.c.newcomers + bindparam("more"))
)
_UNTOLD = select(place.c.newcomers, place.c.told_at).where(place.c.id == bindparam("place_id"))
_TOLD = update(place).where(place.c.id == bindparam("place_id")).values(newcomers=0, told_at=bindparam("at"))
_FORGET = update(place).where(place.c.id == bindparam("place_id"), place.c.newcomers > 0).values(newcomers=0)
_MEMBERS_AMONG = (
    select(func.count(func.distinct(account.c.external_id)))
    .join(
        membership,
        and_(
            membership.c.person_id == account.c.person_id,
            membership.c.nexus_id == bindparam("nexus"),
            membership.c.state == "active",
            membership.c.role != "guest",
        ),
    )
    .where(
        account.c.platform == bindparam("platform"),
        account.c.workspace.in_([bindparam("workspace"), ""]),
        account.c.external_id.in_(bindparam("accounts", expanding=True)),
    )
)


def note_readers(
    unit: Unit, place_id: int, external_ids: Collection[str] | None, *, asked_at: int | None = None
) -> tuple[str, ...]:
    """Keep who can read in a place (None: it is not known), as the platform said at `asked_at`. Returns who is new.

    Nobody is new where nobody was known before. What is not known any more is still kept, to tell who is new once it
    is known again; an answer older than the last one changes nothing.
    """
    asked = unit.now if asked_at is None else asked_at
    known = external_ids is not None and len(external_ids) <= MOST
    now = frozenset(external_ids or ()) if known else frozenset()
    # First of all: it holds off others who note the same.
    if not unit.changed(_NOTE, place_id=place_id, asked=asked, number=len(now) if known else None) or not known:
        return ()
    before = frozenset(row["external_id"] for row in unit.rows(_LISTED, place_id=place_id))
    new = sorted(now - before)
    if gone := sorted(before - now):
        unit.changed(_DROP, place_id=place_id, gone=gone)
    if new:
        unit.execute(_ADD, [{"place_id": place_id, "external_id": one, "since": unit.now} for one in new])
    return tuple(new) if before else ()


def widened(unit: Unit, place_id: int, new: Sequence[str]) -> int:
    """People began to read in a place. Returns how many newcomers the place has to be told of now, 0 for none.

    Called after each `note_readers`, also with nobody new: those who could not be told of yet may be due.
    """
    found = place_of(unit, place_id)
    members = found.nexus_id is not None and found.audience == "members"
    if found.bound and found.audience == "public":
        unit.changed(_FORGET, place_id=place_id)
        return 0
    more = _strangers(unit, found, new) if members else len(new)
    if more:
        unit.changed(_COUNT, place_id=place_id, more=more)
    row = unit.row(_UNTOLD, place_id=place_id)
    if row is None or not row["newcomers"]:
        return 0
    if row["told_at"] is not None and unit.now - row["told_at"] < (DAY if members else HOUR):
        return 0
    unit.changed(_TOLD, place_id=place_id, at=unit.now)
    count = int(row["newcomers"])
    _tell_who_decided(unit, found, _BY_MEMBERS if members else _BY_PEOPLE, count)
    return 0 if members else count


def _strangers(unit: Unit, found: Place, new: Sequence[str]) -> int:
    """How many of these accounts belong to nobody who is in the place's Nexus."""
    if not new:
        return 0
    known = unit.value(
        _MEMBERS_AMONG,
        nexus=found.nexus_id,
        platform=found.platform,
        workspace=found.workspace,
        accounts=list(new),
    )
    return len(new) - int(known or 0)


def _tell_who_decided(unit: Unit, found: Place, template: str, count: int) -> None:
    if not found.bound_by:
        return
    try:
        person_id = person_of(unit, found.bound_by).id
    except LookupError:  # they are not here any more
        return
    name = nexus_of(unit, found.nexus_id).name if found.nexus_id else ""
    notify(unit, person_id, template, {"title": found.title or N_("a chat"), "count": count, "nexus": name})
