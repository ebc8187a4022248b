"""Invitations: make, list, withdraw, accept; approve or turn down who asks to come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField, PersonField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice as ButtonChoice
from core.buttons.buttons import offer
from core.clock import DAY, show_day
from core.errors import N_, Conflict, NotAllowed, NotFound
from core.ids import read_code
from core.invites import invites, says
from core.nexuses.members import is_suspended, join, roles_here, standing_in, stewards_of
from core.nexuses.roles import ALSO, ROLES, may_grant
from core.nexuses.tree import Nexus, nexus_of
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice, Code, Duration, Text, Whole, YesNo, say_duration
from core.people.people import Person, set_here
from core.quotas.quota import CODE_GUESSES

NEXUS = NexusField(N_("the Nexus"))
PERSON = PersonField(N_("the person"))


@dataclass(frozen=True, slots=True)
class Invitation:
    """A fresh invitation. `code` is told here once and stored nowhere; `expires` is a length of time."""

    handle: str
    code: str
    nexus: str
    role: str
    uses: int
    expires: str
    approval: bool


@dataclass(frozen=True, slots=True)
class InviteLine:
    """An invitation that still works."""

    LINE: ClassVar[str] = "#{handle}: {role}, {uses} left, until {until}, made by {maker}"
    handle: str
    role: str
    uses: int
    until: str
    maker: str
    approval: bool


@dataclass(frozen=True, slots=True)
class InviteList:
    """The invitations of a Nexus that still work."""

    nexus: str
    items: tuple[InviteLine, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an invitation did: `waiting` means that a steward has to approve."""

    nexus: str
    nexus_id: int
    role: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An invitation that no longer works."""

    handle: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A request that was decided."""

    person_id: int
    person: str
    nexus: str
    role: str


def _terms(
    context: Context,
    role: str = "member",
    uses: int = 1,
    expires: int = 7 * DAY,
    approval: bool = False,
    nexus: Nexus | None = None,
) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    own, _ = standing_in(context.unit, context.actor.person_id, where.id)
    if not invites.may_invite(own, role):
        raise NotAllowed(
            N_("To invite somebody as {role} of {nexus} you need to be that yourself, and at least a steward."),
            role=role,
            nexus=where.name,
        )
    who = N_("{uses} people").format(uses=uses) if uses > 1 else N_("one person")
    ask = N_(", after a steward's yes") if approval else ""
    return {
        "terms": N_("for {who} as {role}, valid {time}{ask}").format(
            who=who, role=role, time=say_duration(expires), ask=ask
        )
    }


@operation(
    "invite.create",
    writes=True,
    who=Who.MEMBER,
    private=True,
    common=True,
    says=says.CREATE,
    preview=_terms,
    asks=N_("Make an invitation to {nexus} {terms}?"),
)
def create(
    context: Context,
    role: Annotated[str, Choice(N_("the role it gives"), ROLES, also=ALSO)] = "member",
    uses: Annotated[int, Whole(N_("the number of people who may use it"), maximum=1000)] = 1,
    expires: Annotated[int, Duration(N_("how long it is valid"), maximum=365 * DAY)] = 7 * DAY,
    approval: Annotated[bool, YesNo(N_("whether a steward approves each one"))] = False,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Invitation:
    """Make an invitation code.

    Members may invite members; a higher role takes a steward who holds it.
    """
    where = named_or_here(context, nexus)
    _terms(context, role, uses, expires, approval, nexus)
    invite_id, handle, code = invites.add_invite(
        context.unit,
        nexus_id=where.id,
        role=role,
        uses=uses,
        approval=approval,
        made_by=context.actor.person_id,
        expires_at=context.now + expires,
    )
    context.note(invite_id=invite_id, nexus=where.id)
    return Invitation(handle, code, where.name, role, uses, say_duration(expires), approval)


def _opens(context: Context, code: str) -> Mapping[str, str]:
    found = invites.invite_by_code(context.unit, code)
    ask = N_(" A steward has to say yes first.") if found["approval"] else ""
    return {"nexus": nexus_of(context.unit, found["nexus_id"]).name, "role": found["role"], "ask": ask}


@operation(
    "invite.accept",
    writes=True,
    private=True,
    common=True,
    quota=CODE_GUESSES,
    says=says.ACCEPT,
    preview=_opens,
    asks=N_("That invitation lets you into {nexus} as {role}.{ask} Shall I?"),
)
def accept(context: Context, code: Annotated[str, Code(N_("the invitation code"))]) -> Accepted:
    """Accept an invitation by its code."""
    unit, me = context.unit, context.actor.person_id
    found = invites.invite_by_code(unit, code)
    where = nexus_of(unit, found["nexus_id"])
    context.note(invite_id=found["id"], nexus=where.id)
    if is_suspended(unit, me, where.id):
        raise NotFound(invites.REFUSAL, code="no_such_invite")
    if found["role"] in roles_here(unit, me, where.id):
        raise Conflict(N_("You are in {name} already."), name=where.name)
    earlier = invites.request_of(unit, found["id"], me)
    if earlier is not None and earlier["state"] == "waiting":
        raise Conflict(N_("You asked already; a steward of {name} still has to say yes."), name=where.name)
    if earlier is not None:
        raise NotFound(invites.REFUSAL, code="no_such_invite")
    invites.use(unit, found["id"])
    if not found["approval"]:
        invites.add_request(unit, found["id"], where.id, me, "joined")
        join(unit, me, where.id, found["role"], granted_by=found["made_by"])
        set_here(unit, me, where.id)
        if found["made_by"] != me:
            notify(
                unit,
                found["made_by"],
                N_("{who} used your invitation and is in {nexus} now."),
                {"who": context.actor.name, "nexus": where.name},
            )
        return Accepted(where.name, where.id, found["role"], waiting=False)
    invites.add_request(unit, found["id"], where.id, me, "waiting")
    for steward in stewards_of(unit, where.id)[:5]:
        buttons = offer(
            unit,
            (
                ButtonChoice(N_("Let them in"), "invite.approve", {"person": f"={me}"}, "primary"),
                ButtonChoice(N_("Turn down"), "invite.reject", {"person": f"={me}"}, "danger"),
            ),
            person_id=steward,
            nexus_id=where.id,
            lifetime=7 * DAY,
        )
        notify(
            unit,
            steward,
            N_("{who} would like to come into {nexus} as {role}, with an invitation."),
            {"who": context.actor.name, "nexus": where.name, "role": found["role"]},
            buttons=buttons,
        )
    return Accepted(where.name, where.id, found["role"], waiting=True)


@operation(
    "invite.list",
    who=Who.MEMBER,
    private=True,
    says=says.LIST,
    tells=N_("Invitations to {nexus} that still work:"),
    empty=N_("There are no open invitations to {nexus}."),
)
def list_invites(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> InviteList:
    """Invitations that still work: your own, or all of them for a steward."""
    where = named_or_here(context, nexus)
    decides = standing_in(context.unit, context.actor.person_id, where.id)[0] >= Who.STEWARD
    return InviteList(
        where.name,
        tuple(
            InviteLine(
                row["handle"],
                row["role"],
                row["uses_left"],
                show_day(row["expires_at"]),
                row["maker"],
                bool(row["approval"]),
            )
            for row in invites.working(context.unit, where.id)
            if decides or row["made_by"] == context.actor.person_id
        ),
    )


@operation(
    "invite.revoke",
    writes=True,
    private=True,
    says=says.REVOKE,
    asks=N_("Withdraw the invitation {invite}?"),
    tells=N_("The invitation #{handle} no longer works."),
)
def revoke(
    context: Context,
    invite: Annotated[str, Text(N_("which invitation (its short name or code)"), maximum=40, line=True)],
) -> Withdrawn:
    """Withdraw an invitation, by its short name (#k7m2p) or its code."""
    words = invite.strip().lstrip("#").casefold()
    found = invites.invite_by_handle(context.unit, words) or invites.look_up(context.unit, read_code(invite))
    own = found is not None and (
        found["made_by"] == context.actor.person_id
        or standing_in(context.unit, context.actor.person_id, found["nexus_id"])[0] >= Who.STEWARD
    )
    if found is None or not own:
        raise NotFound(N_("I know no open invitation {name} of yours."), name=invite)
    invites.revoke(context.unit, found["id"])
    context.note(invite_id=found["id"], nexus=found["nexus_id"])
    return Withdrawn(found["handle"])


def _decide(context: Context, person: Person, nexus: Nexus | None, state: str) -> Decided:
    where = named_or_here(context, nexus)
    waiting = invites.waiting_request(context.unit, where.id, person.id)
    if waiting is None:
        raise Conflict(N_("{person} is not waiting to come into {nexus}."), person=person.name, nexus=where.name)
    if person.id == context.actor.person_id:
        raise NotAllowed(N_("Nobody lets themselves in. Another steward has to say yes."))
    own, _ = standing_in(context.unit, context.actor.person_id, where.id)
    if state == "approved" and not (waiting["role"] in ("member", "guest") or may_grant(own, waiting["role"])):
        raise NotAllowed(N_("To let somebody in as {role} you need to be that yourself."), role=waiting["role"])
    if not invites.decide(context.unit, waiting["id"], state, context.actor.person_id):
        raise Conflict(N_("That was already decided."))
    context.note(nexus=where.id, invite_id=waiting["invite_id"])
    return Decided(person.id, person.name, where.name, waiting["role"])


@operation(
    "invite.approve",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.APPROVE,
    asks=N_("Let {person} into {nexus}?"),
    tells=N_("{person} is in {nexus} now, as {role}."),
)
def approve(
    context: Context, person: Annotated[Person, PERSON], nexus: Annotated[Nexus | None, NEXUS] = None
) -> Decided:
    """Let somebody in who asked with an invitation that wants approval."""
    decided = _decide(context, person, nexus, "approved")
    where = named_or_here(context, nexus)
    join(context.unit, person.id, where.id, decided.role, granted_by=context.actor.person_id)
    set_here(context.unit, person.id, where.id)
    notify(context.unit, person.id, N_("You are in: welcome to {nexus}."), {"nexus": where.name})
    return decided


@operation(
    "invite.reject",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.REJECT,
    asks=N_("Turn {person} down for {nexus}?"),
    tells=N_("{person} stays outside {nexus}."),
)
def reject(
    context: Context, person: Annotated[Person, PERSON], nexus: Annotated[Nexus | None, NEXUS] = None
) -> Decided:
    """Turn down somebody who asked to come in."""
    decided = _decide(context, person, nexus, "rejected")
    notify(context.unit, person.id, N_("{nexus} cannot take you in at the moment."), {"nexus": decided.nexus})
    return decided


OPERATIONS = (create, accept, list_invites, revoke, approve, reject)
