"""Bringing announcements to places: where others read along, with what exactly those may see when it is said.

The card of an announcement is looked up at its sending (`bot.outbox.looked`); here it is only put on its way. What is
for a platform that is not connected waits a week for it. A direct chat is no place for announcements: what is for one
person is a notice (`bot.outbox.notices`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy.engine import RowMapping

from adapters.contract import Address
from bot.outbox import outbox
from bot.outbox.notices import shows_card, words_of
from bot.outbox.outbox import Outgoing
from bot.words import Words
from core.clock import DAY
from core.notices import notices
from core.places.places import Place, place_of
from core.store import Unit

PAGE = 50
PATIENCE = 7 * DAY


def take_announcements(unit: Unit, platforms: Collection[str], words: Words) -> list[Outgoing]:
    """Move what can be said now from the announcements to the outbox, and settle what never can be said."""
    rows = []
    for notice in _waiting(unit):
        place = _place(unit, notice["place_id"])
        if place is None or unit.now - notice["at"] > PATIENCE:
            notices.settle_announced(unit, notice["id"], "undeliverable")
            continue
        if place.platform not in platforms:
            continue
        to = Address(place.platform, place.external_id, thread=place.thread, workspace=place.workspace)
        rows.append(
            outbox.say(
                unit,
                inbox_id=-notice["id"],  # it answers no event; the negative id keeps (turn, position) unique
                position=0,
                place_key=to.place_key,
                address=to,
                reply=words_of(notice, words),
                shows=shows_card(notice["card"], place=place.id),
            )
        )
        notices.settle_announced(unit, notice["id"], "given")
    return rows


def _waiting(unit: Unit) -> Iterator[RowMapping]:
    """Page by page, so that what waits for a platform stands in nobody's way."""
    page = notices.announced(unit, PAGE)
    while page:
        yield from page
        page = notices.announced(unit, PAGE, after=page[-1]["id"]) if len(page) == PAGE else ()


def _place(unit: Unit, place_id: int) -> Place | None:
    """Where it is to be said; None where there is nobody to say it to."""
    try:
        place = place_of(unit, place_id)
    except LookupError:
        return None
    return place if place.external_id and not place.direct else None
