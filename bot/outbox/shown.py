"""What of others a message shows, and whether it may still be said: asked again immediately before it is sent.

A message shows records that are named in it, or a card that is only looked up then (`bot.outbox.looked`).

Who is asked about is whoever hears the message at that moment: the person whom it is for alone, or everybody in the
place where it goes, by what is known of the place now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.contract import Address, Reply
from bot.unit import AsyncStore
from bot.words import Words
from core.access.again import still_heard
from core.errors import N_
from core.notices.notices import Card
from core.operations import Audience, AudienceKind
from core.people.people import person_of
from core.places.places import Place, audience_of, audience_unasked, place_at, place_of
from core.store import Unit

CHANGED = N_("Who may hear this has changed in the meantime, so I leave it. Ask me again.")


@dataclass(frozen=True, slots=True)
class Shows:
    """The records of which a message tells something, the place in which it was asked for, and by whom.

    `person` alone hears it; 0: everybody in the place does. `asker` 0: nobody asked. `card` is an operation that only
    reads with its frozen arguments, looked up at each attempt to send. Neither records nor a card: they were withdrawn,
    and the message says so.
    """

    place: int
    asker: int
    person: int
    records: frozenset[int]
    card: Card | None = None

    @property
    def withdrawn(self) -> bool:
        """Whether the message says nothing of what it was to show."""
        return not self.records and self.card is None


def shows(place: Place, asker: int, records: Collection[int], *, private: bool) -> Shows | None:
    """What a message for this place shows; None if it shows nothing that could have to be taken back."""
    if not records:
        return None
    return Shows(place.id, asker, asker if private or place.direct else 0, frozenset(records))


def dump_shows(found: Shows | None) -> dict[str, Any] | None:
    """As JSON values."""
    if found is None:
        return None
    return {
        "place": found.place,
        "asker": found.asker,
        "person": found.person,
        "records": sorted(found.records),
    } | ({"card": list(found.card)} if found.card is not None else {})


def load_shows(data: dict[str, Any] | None) -> Shows | None:
    """What `dump_shows` wrote."""
    if not data:
        return None
    card = data.get("card")
    records = frozenset(data["records"])
    return Shows(data["place"], data["asker"], data["person"], records, (card[0], card[1]) if card else None)


def hearers(unit: Unit, found: Shows, to: Address) -> Audience:
    """Who would hear it now. Raises LookupError where that can no longer be known."""
    if found.person:
        return Audience(AudienceKind.PERSON, person_of(unit, found.person).id)
    place = place_of(unit, found.place)
    if to.thread and not place.thread:  # it may have been connected apart from its chat since
        place = place_at(
            unit,
            platform=to.platform,
            workspace=to.workspace,
            external_id=to.place_id,
            thread=to.thread,
            kind=place.kind,
            title="",
        )
    if not found.asker:
        return audience_unasked(unit, place)
    asker = found.asker if place.readers is None else person_of(unit, found.asker).id  # only a roster names people
    return audience_of(unit, place, asker)


def may_be_said(unit: Unit, found: Shows, to: Address) -> bool:
    """Whether everybody who would hear it now may hear all that it shows."""
    try:
        audience = hearers(unit, found, to)
    except LookupError:
        return False
    return still_heard(unit, audience, found.records)


async def as_it_may_be_said(store: AsyncStore, words: Words, found: Shows | None, to: Address, reply: Reply) -> Reply:
    """The reply, or one constant sentence in its place if not all that it shows may be said any more."""
    if found is None or await store.read(partial(may_be_said, found=found, to=to)):
        return reply
    return Reply(words(CHANGED))
