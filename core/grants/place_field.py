"""Where the life of a grant is told: the chat in which it was proposed, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.access.books import may_see_grants
from core.errors import N_, BadInput
from core.operations.context import Context, Origin
from core.operations.fields import Reference
from core.operations.fields.base import frozen_id
from core.places.places import audience_unasked, place_of
from core.store import Unit

NOWHERE = N_("nowhere")
_WORDS = {"here": True, "this chat": True, "in here": True, "nowhere": False, "nobody": False, "no": False}


@dataclass(frozen=True, slots=True)
class Told:
    """A place by its row id; 0 is nowhere. `name` is its title."""

    id: int
    name: str


class ToldField(Reference):
    """Where something is told: "here" or "nowhere". A frozen reference works only from a card that carries it."""

    kind = "told"

    def resolve(self, value: Any, context: Context) -> Told:
        """See `Field.resolve`."""
        number = frozen_id(value)
        if number == 0:
            return Told(0, NOWHERE)
        if number is not None and (number == context.where.place_id or context.origin is Origin.BUTTON):
            return Told(number, place_of(context.unit, number).title)
        wanted = _WORDS.get(str(value).casefold())
        if wanted is None:
            raise BadInput(N_("It can be told here or nowhere, not in {name}."), name=value)
        return told_here(context) if wanted else Told(0, NOWHERE)


def told_here(context: Context) -> Told:
    """The place at hand, if others read there."""
    if context.where.direct or not context.where.place_id:
        return Told(0, NOWHERE)
    return Told(context.where.place_id, place_of(context.unit, context.where.place_id).title)


def may_be_told_there(unit: Unit, place_id: int, nexus_id: int) -> bool:
    """Whether those who read in a place may hear of grants of a Nexus: else its life is not told there."""
    there = audience_unasked(unit, place_of(unit, place_id))
    return may_see_grants(unit, there, nexus_id)
