"""Binding a chat or channel to a Nexus, and saying who can hear there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice as Button
from core.clock import MINUTE
from core.errors import N_, BadInput, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice
from core.places import map_operations, places, reveals, says, setup
from core.places.here import Ground, check_cut, check_leave, check_steward, cut, ground_here, shared
from core.places.maps import mappings

AUDIENCE = Choice(
    N_("who listens: everyone here as a member, exactly the people here, or anybody"),
    ("members", "people", "public"),
    also={
        "everyone": "public", "anyone": "public", "guests": "public", "member": "members",
        "readers": "people", "those here": "people", "exactly those here": "people", "whoever is here": "people",
        "those who are here": "people", "who can read it": "people", "just us": "people", "only us": "people",
        "the people here": "people", "only the people here": "people",
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a chat belongs. `audience` is who counts as listening: members, people, public, or you (a direct chat).

    `whole`: it belongs there because the whole server or workspace does. `people`: how many can read there, as the
    platform said `minutes` ago; None where it did not say. `exact`: exactly they are meant to listen, also while it is
    not known who they are.
    """

    title: str
    nexus: str
    audience: str
    whole: bool = False
    people: int | None = None
    minutes: int | None = None
    exact: bool = False


WHAT = Choice(
    N_("this chat, or the whole server"),
    ("chat", "server"),
    also={
        "channel": "chat", "group": "chat", "room": "chat", "thread": "chat", "topic": "chat", "here": "chat",
        "workspace": "server", "guild": "server", "team": "server", "everything": "server", "everywhere": "server",
    },
)  # fmt: skip


def _bindable(context: Context, nexus: Nexus | None, audience: str) -> tuple[Nexus, places.Place]:
    where = named_or_here(context, nexus)
    found = shared(context)
    check_steward(context, {where.id})
    check_leave(context, found.nexus_id)
    ground = ground_here(context)
    if not ground.server and found.nexus_id not in (None, where.id):
        check_cut(context, ground, found.nexus_id or 0)
    elif not ground.server and audience != "members":
        check_cut(context, ground, where.id, only_everyone=True)
    return where, found


def _question(context: Context, nexus: Nexus | None = None, audience: str | None = None) -> Mapping[str, str]:
    where, found = _bindable(context, nexus, audience or "members")
    answers = (audience,) if audience else ("members", "people", "public")
    said = [reveals.in_words(context, found, where, answer) for answer in answers]
    if audience is None:
        said = [
            N_("Does everyone here count as a member? {reveals}").format(reveals=said[0]),
            N_("Or do exactly the people here listen? {reveals}").format(reveals=said[1]),
            N_("Or anybody? {reveals}").format(reveals=said[2]),
        ]
    said.append(reveals.in_numbers(context, found, where, answers))
    if any(reveals.widens(context.audience, answer) for answer in answers):
        said.append(reveals.STAYS)
    return {"reveals": (" " if audience else "\n").join(said), "title": found.title or N_("this chat")}


def _answers(context: Context, nexus: Nexus | None = None, audience: str | None = None) -> Sequence[Button]:
    if audience is not None:
        return ()
    given = {"nexus": f"={named_or_here(context, nexus).id}"}
    return (
        Button(N_("Everyone here is a member"), "place.bind", given | {"audience": "members"}, "primary"),
        Button(N_("Exactly the people here"), "place.bind", given | {"audience": "people"}),
        Button(N_("Anybody"), "place.bind", given | {"audience": "public"}),
        Button(N_("Leave it")),
    )


@operation(
    "place.bind",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.BIND,
    preview=_question,
    choices=_answers,
    asks=N_("Connect {title} to {nexus}? {reveals}"),
    tells=N_("{title} belongs to {nexus} now."),
)
def bind(
    context: Context,
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"), as_caller=True)] = None,
    audience: Annotated[str, AUDIENCE] = "members",
) -> Binding:
    """Connect this chat to a Nexus, and say who listens here.

    Everyone in it counts as a member; or exactly the people who can read it listen, so that I say only what all of them
    may see; or it is as public as can be.
    """
    where, found = _bindable(context, nexus, audience)
    ground = ground_here(context)
    if not ground.server and found.nexus_id not in (None, where.id):
        cut(context, ground, found.nexus_id or 0)  # who was in the other one by being here is so no more
    elif not ground.server and audience != "members":
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
    known = places.people_in(context.unit, found) is not None
    return Binding(
        found.title,
        name,
        places.audience_of(context.unit, found, context.actor.person_id).kind.value,
        found.bound == "server",
        found.readers if known else None,
        (context.now - (found.readers_at or 0)) // MINUTE if known else None,
        bool(found.bound) and found.audience == "people",
    )


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
