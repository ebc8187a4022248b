"""Binding a chat or channel to a Nexus, and saying who can hear there."""

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
from core.places import map_operations, places, says, setup
from core.places.here import Ground, check_cut, check_leave, check_steward, cut, ground_here, shared
from core.places.maps import mappings

AUDIENCE = Choice(
    N_("who is here"),
    ("members", "public"),
    also={"everyone": "public", "anyone": "public", "guests": "public", "member": "members"},
)


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a chat belongs. `audience` is who counts as listening: members, public, or you (a direct chat).

    `whole`: it belongs there because the whole server or workspace does.
    """

    title: str
    nexus: str
    audience: str
    whole: bool = False


WHAT = Choice(
    N_("this chat, or the whole server"),
    ("chat", "server"),
    also={
        "channel": "chat", "group": "chat", "room": "chat", "thread": "chat", "topic": "chat", "here": "chat",
        "workspace": "server", "guild": "server", "team": "server", "everything": "server", "everywhere": "server",
    },
)  # fmt: skip


def _bindable(context: Context, nexus: Nexus | None = None, audience: str = "members") -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    found = shared(context)
    check_steward(context, {where.id})
    check_leave(context, found.nexus_id)
    ground = ground_here(context)
    if not ground.server and found.nexus_id not in (None, where.id):
        check_cut(context, ground, found.nexus_id or 0)
    elif not ground.server and audience == "public":
        check_cut(context, ground, where.id, only_everyone=True)
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
    found, ground = shared(context), ground_here(context)
    if not ground.server and found.nexus_id not in (None, where.id):
        cut(context, ground, found.nexus_id or 0)  # who was in the other one by being here is so no more
    elif not ground.server and audience == "public":
        cut(context, ground, where.id, only_everyone=True)
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
    return Binding(found.title, name, found.audience, found.bound == "server")


def _unbound(context: Context, what: str) -> tuple[Ground | None, places.Place, int]:
    """What is to be disconnected: the ground with all of its mappings, or one chat inside it; the row; its Nexus."""
    chat, ground = shared(context), ground_here(context)
    if what == "chat" and ground.server:
        found, whole = chat, None
    else:
        server = places.server_of(context.unit, chat.platform, chat.workspace)
        found, whole = server or chat, ground
        if ground.server and server is None:
            raise BadInput(N_("{title} is not connected to anything."), title=ground.title)
    if found.nexus_id is None:
        if whole is not None and whole.server:
            raise BadInput(N_("{title} is not connected to anything."), title=ground.title)
        raise BadInput(N_("This chat is not connected to anything."))
    if standing_in(context.unit, context.actor.person_id, found.nexus_id)[0] < Who.STEWARD:
        raise NotAllowed(N_("Disconnecting a chat takes a steward."))
    if whole is not None:
        check_cut(context, whole, found.nexus_id)
    return whole, found, found.nexus_id


def _unbindable(context: Context, what: str = "chat") -> Mapping[str, str]:
    whole, _, nexus_id = _unbound(context, what)
    ends = ""
    if whole is not None and any(m.nexus_id == nexus_id for m in mappings(context.unit, whole.platform, whole.id)):
        ends = N_(" Whoever is in {nexus} only by being here is in it no more.").format(
            nexus=nexus_of(context.unit, nexus_id).name
        )
    if whole is not None and whole.server:
        return {
            "question": N_("Disconnect all of {title}? I then say nothing there that is not for everybody.").format(
                title=whole.title
            )
            + ends
        }
    return {"question": N_("Disconnect this chat? I then say nothing here that is not for everybody.") + ends}


@operation(
    "place.unbind",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.UNBIND,
    preview=_unbindable,
    asks="{question}",
    tells=N_("{title} belongs to no Nexus any more."),
)
def unbind(context: Context, what: Annotated[str, WHAT] = "chat") -> Binding:
    """Disconnect this chat, or the whole server, from its Nexus."""
    whole, found, nexus_id = _unbound(context, what)
    if whole is not None:
        cut(context, whole, nexus_id)
    places.bind(context.unit, found.id, None, "public", by=context.actor.person_id)
    context.note(place=found.id, nexus=nexus_id)
    title = whole.title if whole is not None and whole.server else found.title or N_("This chat")
    return Binding(title, "", "public")


OPERATIONS = (*setup.OPERATIONS, bind, show, unbind, *map_operations.OPERATIONS)
