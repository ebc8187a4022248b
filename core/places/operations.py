"""Binding a chat, channel or topic to a Nexus, and saying who can hear there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.errors import N_, BadInput, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice
from core.places import places, says

AUDIENCE = Choice(
    N_("who is here"),
    ("members", "public"),
    also={"everyone": "public", "anyone": "public", "guests": "public", "member": "members"},
)


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a chat belongs. `audience` is who counts as listening: members, public, or you (a direct chat)."""

    title: str
    nexus: str
    audience: str


def _here(context: Context) -> places.Place:
    if not context.where.place_id:
        raise BadInput(N_("That works in a chat only."))
    return places.place_of(context.unit, context.where.place_id)


def _shared(context: Context) -> places.Place:
    found = _here(context)
    if found.direct:
        raise BadInput(N_("This is our direct chat, which is yours alone. Say that in a group or channel instead."))
    return found


def _bindable(context: Context, nexus: Nexus | None = None, audience: str = "members") -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    found = _shared(context)
    for concerned in {where.id, found.nexus_id or where.id}:
        if standing_in(context.unit, context.actor.person_id, concerned)[0] < Who.STEWARD:
            raise NotAllowed(
                N_("Connecting a chat takes a steward of {nexus}."), nexus=nexus_of(context.unit, concerned).name
            )
    reveals = {
        "members": N_("Everyone here then hears what members of {nexus} may see: its needs, offers and people."),
        "public": N_("Here I then say only what anybody may know of {nexus}."),
    }[audience]
    return {"reveals": reveals.format(nexus=where.name), "title": found.title or N_("this chat")}


@operation(
    "place.bind",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.BIND,
    preview=_bindable,
    asks=N_("Connect {title} to {nexus}? {reveals}"),
    tells=N_("{title} belongs to {nexus} now."),
)
def bind(
    context: Context,
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"), as_caller=True)] = None,
    audience: Annotated[str, AUDIENCE] = "members",
) -> Binding:
    """Connect this chat to a Nexus, and say whether everyone in it counts as a member."""
    where = named_or_here(context, nexus)
    _bindable(context, nexus, audience)
    found = _shared(context)
    places.bind(context.unit, found.id, where.id, audience, by=context.actor.person_id)
    context.note(place=found.id, nexus=where.id, audience=audience)
    return Binding(found.title or N_("This chat"), where.name, audience)


@operation(
    "place.show",
    says=says.SHOW,
)
def show(context: Context) -> Binding:
    """Which Nexus this chat belongs to, and who can hear."""
    if not context.where.place_id:
        return Binding("", nexus_of(context.unit, context.nexus_id).name, "you")
    found = places.place_of(context.unit, context.where.place_id)
    if found.direct:
        return Binding("", nexus_of(context.unit, context.nexus_id).name, "you")
    name = nexus_of(context.unit, found.nexus_id).name if found.nexus_id else ""
    return Binding(found.title, name, found.audience)


@operation(
    "place.unbind",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.UNBIND,
    asks=N_("Disconnect this chat? I then say nothing here that is not for everybody."),
    tells=N_("{title} belongs to no Nexus any more."),
)
def unbind(context: Context) -> Binding:
    """Disconnect this chat from its Nexus."""
    found = _shared(context)
    if found.nexus_id is None:
        raise BadInput(N_("This chat is not connected to anything."))
    if standing_in(context.unit, context.actor.person_id, found.nexus_id)[0] < Who.STEWARD:
        raise NotAllowed(N_("Disconnecting a chat takes a steward."))
    places.bind(context.unit, found.id, None, "public", by=context.actor.person_id)
    context.note(place=found.id, nexus=found.nexus_id)
    return Binding(found.title or N_("This chat"), "", "public")


OPERATIONS = (bind, show, unbind)
