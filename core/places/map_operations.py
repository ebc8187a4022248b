"""Roles of a platform that count in a Nexus: see them, add one, end one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField
from core.access.nexuses import may_know_nexus, named_or_here
from core.buttons.buttons import Choice as Button
from core.errors import N_, BadInput, Conflict, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.roles import ALSO, MAPPABLE, MEMBER, may_grant, may_unmap
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice
from core.places import maps, says
from core.places.here import Ground, check_say, ground_here
from core.places.maps import EVERYONE, add_mapping, drop_mapping, mappings
from core.places.roles import PlatformRole, PlatformRoleField, roles_here
from core.places.setup import offers

ROLE = PlatformRoleField(N_("the role on the platform"))
GIVES = Choice(
    N_("what it gives: member, moderator or steward"),
    MAPPABLE,
    also={word: role for word, role in ALSO.items() if role in MAPPABLE},
)
NEXUS = NexusField(N_("the Nexus"), as_caller=True)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role of the platform, and what it gives."""

    LINE: ClassVar[str] = "{role}: {gives} of {nexus}"
    role: str
    gives: str
    nexus: str


@dataclass(frozen=True, slots=True)
class RoleLines:
    """What roles of a server, workspace or group give. `others`: further roles there."""

    title: str
    items: tuple[RoleLine, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleMapped:
    """A role of the platform that gives a role of a Nexus, or gave it. `people`: how many had it so."""

    role: str
    gives: str
    nexus: str
    nexus_id: int
    people: int


def _called(role: PlatformRole | maps.Mapping) -> str:
    return N_("everyone") if EVERYONE in (role.id, getattr(role, "external_role", "")) else _name(role)


def _name(role: PlatformRole | maps.Mapping) -> str:
    return role.name if isinstance(role, PlatformRole) else role.title


@operation(
    "place.roles",
    says=says.ROLES,
)
def show_roles(context: Context) -> RoleLines:
    """Which roles of this server count in a Nexus, and as what."""
    ground = ground_here(context)
    current = {role.id: role.name for role in roles_here(context)}
    found = [
        one
        for one in mappings(context.unit, ground.platform, ground.id)
        if one.nexus_id == context.nexus_id or may_know_nexus(context.unit, context.audience, one.nexus_id)
    ]
    mapped = {one.external_role for one in found}
    return RoleLines(
        ground.title,
        tuple(RoleLine(_called(one), one.role, nexus_of(context.unit, one.nexus_id).name) for one in found),
        tuple(name for role, name in current.items() if role not in mapped)[:20],
    )


def _mapping(ground: Ground, context: Context, role: PlatformRole, nexus_id: int) -> maps.Mapping | None:
    return next(
        (
            one
            for one in mappings(context.unit, ground.platform, ground.id)
            if one.external_role == role.id and one.nexus_id == nexus_id
        ),
        None,
    )


def _mappable(context: Context, role: PlatformRole, gives: str, nexus: Nexus | None = None) -> Mapping[str, str]:
    ground, where = ground_here(context), named_or_here(context, nexus)
    check_say(context, ground)
    own, _ = standing_in(context.unit, context.actor.person_id, where.id)
    if not may_grant(own, gives):
        raise NotAllowed(
            N_("To make somebody {role} of {nexus} you need to be that yourself, and at least a steward."),
            role=gives,
            nexus=where.name,
        )
    if role.id == EVERYONE and gives != MEMBER:
        raise BadInput(N_("Everyone can be a member, but not more than that."))
    earlier = _mapping(ground, context, role, where.id)
    if earlier is not None and earlier.role == gives:
        raise Conflict(
            N_("{role} gives {gives} of {nexus} already."), role=_called(role), gives=gives, nexus=where.name
        )
    if earlier is not None:
        _check_end(context, earlier, own, where)
    who = N_("Everyone on {title}") if role.id == EVERYONE else N_("Whoever has the role {role} on {title}")
    return {"nexus": where.name, "who": who.format(role=role.name, title=ground.title)}


def _check_end(context: Context, one: maps.Mapping, own: int, where: Nexus) -> None:
    if not may_unmap(own, one.role, made_it=one.made_by == context.actor.person_id):
        raise NotAllowed(
            N_("That would take the role {role} of {nexus} from people, which takes someone above them."),
            role=one.role,
            nexus=where.name,
        )


def _others(context: Context, result: RoleMapped) -> Sequence[Button]:
    return offers(context, ground_here(context), result.nexus_id)


@operation(
    "place.map",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.MAP,
    preview=_mappable,
    asks=N_("{who} becomes {gives} of {nexus}, and stays it as long as they have that there. Shall I?"),
    tells=N_("{role} gives {gives} of {nexus} from now on: to each when I see them next."),
    follows=_others,
)
def map_role(
    context: Context,
    role: Annotated[PlatformRole, ROLE],
    gives: Annotated[str, GIVES],
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> RoleMapped:
    """Let a role of this server count in a Nexus: whoever has it there is member, moderator or steward."""
    ground, where = ground_here(context), named_or_here(context, nexus)
    _mappable(context, role, gives, nexus)
    earlier = _mapping(ground, context, role, where.id)
    had = drop_mapping(context.unit, earlier) if earlier is not None else 0
    made = add_mapping(
        context.unit,
        platform=ground.platform,
        ground=ground.id,
        external_role=role.id,
        title=role.name,
        nexus_id=where.id,
        role=gives,
        made_by=context.actor.person_id,
    )
    context.note(nexus=where.id, map=made, role=gives)
    return RoleMapped(_called(role), gives, where.name, where.id, had)


def _mapped(context: Context, role: PlatformRole, nexus: Nexus | None) -> tuple[maps.Mapping, Nexus]:
    where = named_or_here(context, nexus)
    found = _mapping(ground_here(context), context, role, where.id)
    if found is None:
        raise Conflict(N_("{role} gives nothing in {nexus}."), role=_called(role), nexus=where.name)
    _check_end(context, found, standing_in(context.unit, context.actor.person_id, where.id)[0], where)
    return found, where


def _endable(context: Context, role: PlatformRole, nexus: Nexus | None = None) -> Mapping[str, str]:
    found, where = _mapped(context, role, nexus)
    return {"nexus": where.name, "gives": found.role}


@operation(
    "place.unmap",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.UNMAP,
    preview=_endable,
    asks=N_("Shall {role} no longer give {gives} of {nexus}? Who is it only by that role is it no more."),
    tells=N_("{role} no longer gives {gives} of {nexus}."),
)
def unmap_role(
    context: Context, role: Annotated[PlatformRole, ROLE], nexus: Annotated[Nexus | None, NEXUS] = None
) -> RoleMapped:
    """Let a role of this server no longer count in a Nexus; what it gave is taken."""
    found, where = _mapped(context, role, nexus)
    people = drop_mapping(context.unit, found)
    context.note(nexus=where.id, map=found.id, role=found.role, people=people)
    return RoleMapped(_called(role), found.role, where.name, where.id, people)


OPERATIONS = (show_roles, map_role, unmap_role)
