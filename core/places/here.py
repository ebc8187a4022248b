"""The place that an operation was called in, and what of it is bound together: the chat, or the whole server."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_, BadInput, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.roles import may_unmap
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Who
from core.places import places
from core.places.maps import EVERYONE, drop_mapping, ground_of, mappings
from core.places.workspaces import title_of


@dataclass(frozen=True, slots=True)
class Ground:
    """A server or workspace, or the chat itself where the platform has neither. `id`: see `core.places.maps`."""

    id: str
    platform: str
    title: str
    server: bool
    nexus_id: int | None


def here(context: Context) -> places.Place:
    """The place of the call. Raises `BadInput` where there is none."""
    if not context.where.place_id:
        raise BadInput(N_("That works in a chat only."))
    return places.place_of(context.unit, context.where.place_id)


def shared(context: Context) -> places.Place:
    """The place of the call, which is no direct chat. Raises `BadInput`."""
    found = here(context)
    if found.direct:
        raise BadInput(N_("This is our direct chat, which is yours alone. Say that in a group or channel instead."))
    return found


def ground_here(context: Context) -> Ground:
    """What the place of the call is bound with. Raises `BadInput` in a direct chat and where there is no place."""
    chat = shared(context)
    ground, whole = ground_of(context.unit, chat.platform, chat.workspace, chat.external_id)
    if not whole:
        return Ground(ground, chat.platform, chat.title or N_("this chat"), False, chat.nexus_id)
    server = places.server_of(context.unit, chat.platform, chat.workspace)
    title = title_of(context.unit, chat.platform, chat.workspace) or (server.title if server else "")
    return Ground(
        ground,
        chat.platform,
        title or N_("this server"),
        True,
        server.nexus_id if server else None,
    )


def check_manages(context: Context, ground: Ground) -> None:
    """Raise `NotAllowed` for somebody of whom the platform says that they do not manage this server.

    A steward of some Nexus elsewhere must not be able to take somebody else's server for it.
    """
    if ground.server and context.where.manages is False:
        raise NotAllowed(N_("Setting up {title} takes somebody who manages it on the platform."), title=ground.title)


def check_say(context: Context, ground: Ground) -> None:
    """Raise `NotAllowed` for somebody with no say over a ground: a steward of its Nexus has it, or who manages it.

    Being a steward of some Nexus elsewhere is not enough to make the people here members of that.
    """
    if ground.nexus_id is None:
        check_manages(context, ground)
    elif not (ground.server and context.where.manages):
        check_steward(context, {ground.nexus_id})


def check_leave(context: Context, nexus_id: int | None) -> None:
    """Raise `NotAllowed` unless the caller may take the place out of a Nexus: its steward, or who manages the server.

    Nobody has to bear in their own server what a steward of somewhere else has connected there.
    """
    if not context.where.manages:
        check_steward(context, {nexus_id})


def check_steward(context: Context, nexus_ids: set[int | None]) -> None:
    """Raise `NotAllowed` unless the caller is at least a steward of all of these Nexuses."""
    for nexus_id in nexus_ids - {None}:
        assert nexus_id is not None
        if standing_in(context.unit, context.actor.person_id, nexus_id)[0] < Who.STEWARD:
            raise NotAllowed(
                N_("Connecting a chat takes a steward of {nexus}."), nexus=nexus_of(context.unit, nexus_id).name
            )


def check_cut(context: Context, ground: Ground, nexus_id: int, *, only_everyone: bool = False) -> None:
    """Raise `NotAllowed` where the caller may not end every mapping of a ground to a Nexus."""
    own = standing_in(context.unit, context.actor.person_id, nexus_id)[0]
    for one in mappings(context.unit, ground.platform, ground.id):
        if one.nexus_id != nexus_id or (only_everyone and one.external_role != EVERYONE):
            continue
        if not may_unmap(own, one.role, made_it=one.made_by == context.actor.person_id):
            raise NotAllowed(
                N_("That would take the role {role} of {nexus} from people, which takes someone above them."),
                role=one.role,
                nexus=nexus_of(context.unit, nexus_id).name,
            )


def cut(context: Context, ground: Ground, nexus_id: int, *, only_everyone: bool = False) -> None:
    """End the mappings of a ground to a Nexus, and what they gave. See `check_cut`."""
    check_cut(context, ground, nexus_id, only_everyone=only_everyone)
    for one in mappings(context.unit, ground.platform, ground.id):
        if one.nexus_id == nexus_id and (one.external_role == EVERYONE or not only_everyone):
            drop_mapping(context.unit, one)
