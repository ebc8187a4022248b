"""Who can read in a place, as its platform said a moment ago: kept in the store, with what the place is told of it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from adapters.contract import Adapter, Address, DeliveryError, Reply
from bot.log import log
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.shown import Shows
from bot.unit import AsyncStore
from bot.words import Words
from core.clock import MINUTE
from core.places.places import Place, place_of
from core.places.readers import MOST, ONE_CAME, SOME_CAME, note_readers, widened
from core.store import Unit

FRESH = MINUTE


def keep_readers(
    unit: Unit, words: Words, place: Place, to: Address, found: Collection[str] | None, *, asked_at: int
) -> Outgoing | None:
    """Write down who can read in a place (None: it is not known), and what the place has to be told of who came."""
    new = note_readers(unit, place.id, found, asked_at=asked_at)
    count = widened(unit, place.id, new) if found is not None else 0
    if not count:
        return None
    return outbox.say(
        unit,
        inbox_id=-unit.new_id(),  # it answers nothing; a negative id keeps (turn, position) unique
        position=0,
        place_key=to.place_key,
        address=to,
        reply=Reply(words(ONE_CAME) if count == 1 else words(SOME_CAME, count=count)),
    )


async def ask_readers(store: AsyncStore, adapter: Adapter, words: Words, found: Shows, to: Address) -> Outgoing | None:
    """Ask the platform again, before something that nobody asked for is said in a place where exactly its readers hear.

    Nobody may have spoken there for hours, so what is known of them is too old to be gone by.
    """
    if found.person or not adapter.capabilities.readers:
        return None
    asked_at = store.clock.now()
    place = await store.read(partial(_asked_about, place_id=found.place, before=asked_at - FRESH))
    if place is None:
        return None
    told: tuple[str, ...] | None = None
    try:
        told = await adapter.readers(place.workspace, place.thread or place.external_id, MOST)
    except DeliveryError as error:
        log.info("who can read in a place is not known", extra={"why": type(error).__name__})
    there = frozenset(told) if told is not None and len(told) <= MOST else None
    return await store.write(partial(keep_readers, words=words, place=place, to=to, found=there, asked_at=asked_at))


def _asked_about(unit: Unit, place_id: int, before: int) -> Place | None:
    """The place whose readers decide who hears, if they are not known or were asked for too long ago."""
    try:
        place = place_of(unit, place_id)
        place = place if place.roster_id == place.id else place_of(unit, place.roster_id)
    except LookupError:
        return None
    decided = place.bound and place.audience in ("members", "public")
    if place.direct or decided or (place.readers_at is not None and place.readers_at > before):
        return None
    return place
