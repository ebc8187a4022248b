"""Who hears each month what a Nexus gave, and when it is due.

A place hears it once somebody who decides for the Nexus said so there; a person, in private, who asked for it. It is
told from the third day of the next month on, so that what was entered late is in it, and once for each month; a month
in which nothing was given, or of which those who listen may not hear, is passed over in silence.

    more = digest.sweep(unit)    # in a job, now and then: tells what is due; True if there may be more
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from core.access.books import may_see_fund
from core.clock import DAY, as_datetime
from core.errors import N_
from core.funds.funds import given
from core.funds.period import Period, month_of
from core.funds.tables import digest_wish
from core.nexuses.tree import nexus_of
from core.notices.notices import announce, notify
from core.operations.context import Audience, AudienceKind
from core.people.people import numbers_of, person_of
from core.places.places import audience_unasked, place_of
from core.store import Unit

LATER = 2 * DAY  # after the end of a month: what is entered late is to be in it


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who, or a place that, hears it: the other one of the two is 0. `told_until` in ms."""

    id: int
    nexus_id: int
    place_id: int
    person_id: int
    told_until: int


_DUE = (
    select(digest_wish)
    .where(digest_wish.c.told_until < bindparam("end"))
    .order_by(digest_wish.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TOLD = (
    update(digest_wish)
    .where(digest_wish.c.id == bindparam("wish_id"), digest_wish.c.told_until == bindparam("seen"))
    .values(told_until=bindparam("end"))
)
_OF = select(digest_wish.c.id).where(
    digest_wish.c.nexus_id == bindparam("nexus_id"),
    digest_wish.c.place_id == bindparam("place_id"),
    digest_wish.c.person_id.in_(bindparam("people", expanding=True)),
)
_ADD = insert(digest_wish)
_DROP = delete(digest_wish).where(
    digest_wish.c.nexus_id == bindparam("nexus"),
    digest_wish.c.place_id == bindparam("place"),
    digest_wish.c.person_id.in_(bindparam("people", expanding=True)),
)


def _people(unit: Unit, person_id: int) -> list[int]:
    return numbers_of(unit, person_id) if person_id else [0]


def wish(unit: Unit, nexus_id: int, *, place_id: int = 0, person_id: int = 0, by: int) -> bool:
    """Tell it from now on in a place, or to a person. False if that was so already."""
    if unit.value(_OF, nexus_id=nexus_id, place_id=place_id, people=_people(unit, person_id)) is not None:
        return False
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "nexus_id": nexus_id,
            "place_id": place_id,
            "person_id": person_id,
            "made_by": by,
            "made_at": unit.now,
            "told_until": last_month(unit.now).end,
        },
    )
    return True


def unwish(unit: Unit, nexus_id: int, *, place_id: int = 0, person_id: int = 0) -> bool:
    """Tell it there no more. False if it was not told."""
    return unit.changed(_DROP, nexus=nexus_id, place=place_id, people=_people(unit, person_id)) > 0


def last_month(now: int) -> Period:
    """The last month that is over."""
    at = as_datetime(now)
    return month_of(at.year, at.month - 1)


def due(unit: Unit, most: int = 50) -> list[Wish]:
    """Those who have not heard of the last month that has been over for two days; locked against other workers."""
    rows = unit.rows(_DUE, end=last_month(unit.now - LATER).end, most=most)
    return [Wish(row["id"], row["nexus_id"], row["place_id"], row["person_id"], row["told_until"]) for row in rows]


def sweep(unit: Unit, most: int = 50) -> bool:
    """Tell those to whom it is due. True if there may be more."""
    month = last_month(unit.now - LATER)
    found: Sequence[Wish] = due(unit, most)
    told = set()
    for one in found:
        if unit.changed(_TOLD, wish_id=one.id, seen=one.told_until, end=month.end) != 1:
            continue
        person_id = person_of(unit, one.person_id).id if one.person_id else 0
        if (one.nexus_id, one.place_id, person_id) not in told:
            told.add((one.nexus_id, one.place_id, person_id))
            _tell(unit, one, person_id, month)
    return len(found) == most


def _tell(unit: Unit, one: Wish, person_id: int, month: Period) -> None:
    nexus = nexus_of(unit, one.nexus_id)
    gave = given(unit, nexus.id, month.start, month.end)
    if nexus.state != "active" or not (gave.money or gave.minutes):
        return
    place = place_of(unit, one.place_id) if one.place_id else None
    heard = Audience(AudienceKind.PERSON, person_id) if place is None else audience_unasked(unit, place)
    if not may_see_fund(unit, heard, nexus.id):
        return
    template = N_("What {nexus} gave in {period}:")
    data = {"nexus": nexus.name, "period": month.said}
    card = ("fund.digest", {"nexus": f"={nexus.id}", "period": f"{month.start}..{month.end}"})
    if place is None:
        notify(unit, person_id, template, data, card=card)
    else:
        announce(unit, place.id, template, data, card=card)
