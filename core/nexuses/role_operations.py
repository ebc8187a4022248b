"""Giving and taking roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField, PersonField
from core.access.nexuses import named_or_here
from core.errors import N_, Conflict, NotAllowed
from core.nexuses import member_says
from core.nexuses.members import join, leave, remove_role, roles_by_hand, roles_here, standing_in
from core.nexuses.roles import ALSO, ROLES, may_grant, may_revoke
from core.nexuses.tree import Nexus
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice
from core.people.people import Person

ROLE = Choice(N_("which role"), ROLES, also=ALSO)
PERSON = PersonField(N_("the person"))
NEXUS = NexusField(N_("the Nexus"))


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A role given or taken."""

    person_id: int
    person: str
    role: str
    nexus: str


def _grantable(context: Context, person: Person, role: str, nexus: Nexus | None = None) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    own, _ = standing_in(context.unit, context.actor.person_id, where.id)
    if not may_grant(own, role):
        raise NotAllowed(
            N_("To make somebody {role} of {nexus} you need to be that yourself, and at least a steward."),
            role=role,
            nexus=where.name,
        )
    if role in roles_by_hand(context.unit, person.id, where.id):
        raise Conflict(N_("{person} is {role} of {nexus} already."), person=person.name, role=role, nexus=where.name)
    return {}


@operation(
    "role.grant",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    common=True,
    says=member_says.GRANT,
    preview=_grantable,
    asks=N_("Make {person} {role} of {nexus}?"),
    tells=N_("{person} is {role} of {nexus} now."),
)
def grant(
    context: Context,
    person: Annotated[Person, PERSON],
    role: Annotated[str, ROLE],
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> RoleChange:
    """Give a person a role in a Nexus."""
    where = named_or_here(context, nexus)
    _grantable(context, person, role, nexus)
    join(context.unit, person.id, where.id, role, granted_by=context.actor.person_id)
    context.note(nexus=where.id, role=role)
    if person.id != context.actor.person_id:
        notify(
            context.unit,
            person.id,
            N_("{who} made you {role} of {nexus}."),
            {"who": context.actor.name, "role": role, "nexus": where.name},
        )
    return RoleChange(person.id, person.name, role, where.name)


def _revocable(context: Context, person: Person, role: str, nexus: Nexus | None = None) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    me = context.actor.person_id
    own, _ = standing_in(context.unit, me, where.id)
    theirs, _ = standing_in(context.unit, person.id, where.id)
    if not may_revoke(own, role, theirs, oneself=person.id == me):
        raise NotAllowed(
            N_("Taking that role from {person} takes someone above them in {nexus}."),
            person=person.name,
            nexus=where.name,
        )
    if role not in roles_here(context.unit, person.id, where.id):
        raise Conflict(N_("{person} is not {role} of {nexus}."), person=person.name, role=role, nexus=where.name)
    return {}


@operation(
    "role.revoke",
    writes=True,
    confirm=Confirm.ALWAYS,
    common=True,
    says=member_says.REVOKE,
    preview=_revocable,
    asks=N_("Take the role {role} of {nexus} from {person}?"),
    tells=N_("{person} is not {role} of {nexus} any more."),
)
def revoke(
    context: Context,
    person: Annotated[Person, PERSON],
    role: Annotated[str, ROLE],
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> RoleChange:
    """Take a role from a person. Taking "member" takes every role in that Nexus."""
    where = named_or_here(context, nexus)
    _revocable(context, person, role, nexus)
    if role == "member":
        leave(context.unit, person.id, where)
    else:
        remove_role(context.unit, person.id, where, role)
    context.note(nexus=where.id, role=role)
    if person.id != context.actor.person_id:
        notify(
            context.unit,
            person.id,
            N_("{who} ended your role as {role} of {nexus}."),
            {"who": context.actor.name, "role": role, "nexus": where.name},
        )
    return RoleChange(person.id, person.name, role, where.name)


OPERATIONS = (grant, revoke)
