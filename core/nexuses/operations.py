"""Nexuses: make, show, list, join, leave, move, rename, archive; who is in; claiming a fresh store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField
from core.access.listeners import all_inside
from core.access.nexuses import joinable, may_know_nexus, named_or_here, path_of, visible_children
from core.errors import N_, Conflict, NotAllowed
from core.nexuses import founding, member_says, says, tree
from core.nexuses.members import (
    count_members,
    is_suspended,
    leave,
    members_of,
    memberships_of,
    roles_here,
    standing_in,
)
from core.nexuses.members import join as join_nexus
from core.nexuses.roles import STANDING
from core.nexuses.tree import ROOT_ID, Nexus, nexus_of
from core.operations.context import AudienceKind, Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice, Code, Text
from core.people.people import move_here, set_here
from core.quotas.quota import CODE_GUESSES, GUEST_NEXUSES
from core.quotas.quotas import spend
from core.rulebook.sharing import SHARING, sees_in, sharing_in_words
from core.rules.rules import apply_preset

MOST_LINES = 50  # Nexuses on one card
NEXUS = NexusField(N_("the Nexus"))
NAME = Text(N_("the name"), maximum=80, line=True)
DOOR = Choice(
    N_("who may come in"),
    ("open", "members", "private"),
    also={"public": "open", "closed": "private", "invite-only": "private", "invite": "private", "hidden": "private"},
)


@dataclass(frozen=True, slots=True)
class NexusLine:
    """One Nexus in a list: `role` is the caller's own, empty if none."""

    nexus_id: int
    name: str
    slug: str
    people: int
    role: str


@dataclass(frozen=True, slots=True)
class NexusPage:
    """A Nexus with what is around it. `door` says who may come in: open, members (of the one above), private."""

    nexus_id: int
    name: str
    slug: str
    path: str
    door: str
    people: int
    role: str
    children: tuple[NexusLine, ...]


@dataclass(frozen=True, slots=True)
class NexusList:
    """The Nexuses that the caller is in, and those that they could join."""

    mine: tuple[NexusLine, ...]
    open: tuple[NexusLine, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A Nexus after a change."""

    nexus_id: int
    name: str
    slug: str
    path: str


@dataclass(frozen=True, slots=True)
class Created(Changed):
    """A Nexus that was made; `sees` says who may see what in it."""

    sees: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a Nexus, with their highest role."""

    LINE: ClassVar[str] = "{name} ({role})"
    person_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Members:
    """The people of a Nexus."""

    nexus: str
    items: tuple[Member, ...]


def _changed(context: Context, nexus: Nexus) -> Changed:
    return Changed(nexus.id, nexus.name, nexus.slug, path_of(context, nexus.id))


def _own_role(context: Context, nexus_id: int) -> str:
    if context.audience.kind is not AudienceKind.PERSON:
        return ""  # nobody else's business
    roles = roles_here(context.unit, context.actor.person_id, nexus_id)
    return max(roles, key=lambda r: STANDING[r], default="")


def _lines(context: Context, nexuses: Sequence[Nexus]) -> tuple[NexusLine, ...]:
    people = count_members(context.unit, [n.id for n in nexuses])
    return tuple(NexusLine(n.id, n.name, n.slug, people[n.id], _own_role(context, n.id)) for n in nexuses)


@operation(
    "owner.claim",
    writes=True,
    private=True,
    confirm=Confirm.NEVER,
    quota=CODE_GUESSES,
    says=says.CLAIM,
    tells=N_("Welcome. {name} is yours now: you are its owner."),
)
def claim(context: Context, code: Annotated[str, Code(N_("the code that the operator's terminal shows"))]) -> Changed:
    """Become the first owner of this place, with the code that the operator's terminal shows."""
    return _changed(context, founding.claim(context.unit, context.actor.person_id, code))


_DOOR_WORDS = {"open": N_(", open to anybody"), "members": "", "private": N_(", by invitation only")}


def _creatable(
    context: Context, name: str, parent: Nexus | None = None, door: str = "members", sharing: str | None = None
) -> Mapping[str, str]:
    where = _parent(context, parent)
    inside = N_(" inside {parent}").format(parent=where.name) if where.id != ROOT_ID else ""
    shares = f" {sharing_in_words(context.unit, where.id, sharing)}" if sharing else ""
    return {"where": inside + _DOOR_WORDS[door], "sharing": shares}


def _parent(context: Context, parent: Nexus | None) -> Nexus:
    """Where a new Nexus goes: the named parent, or here if the caller is a member, or the top.

    Anybody may start one at the top (guests within a quota); inside another it takes a member of that one.
    """
    standing = standing_in(context.unit, context.actor.person_id, (parent or named_or_here(context, None)).id)[0]
    if parent is None:
        return named_or_here(context, None) if standing >= Who.MEMBER else nexus_of(context.unit, ROOT_ID)
    if standing < Who.MEMBER and parent.id != ROOT_ID:
        raise NotAllowed(N_("You can start something inside {name} once you are a member of it."), name=parent.name)
    return parent


@operation(
    "nexus.create",
    writes=True,
    common=True,
    says=says.CREATE,
    preview=_creatable,
    asks=N_("Start a Nexus called {name}{where}?{sharing} You would be its owner."),
    tells=N_("{path} is there, and you are its owner. {sees} We are talking about it from now on."),
)
def create(
    context: Context,
    name: Annotated[str, NAME],
    parent: Annotated[Nexus | None, NexusField(N_("the Nexus it goes into"))] = None,
    door: Annotated[str, DOOR] = "members",
    sharing: Annotated[str | None, SHARING] = None,
) -> Created:
    """Start a Nexus, inside another one or on its own; you become its owner.

    Its rules are those of the Nexus that it is in, unless you say how it shares: open, members or private.
    """
    where = _parent(context, parent)
    if standing_in(context.unit, context.actor.person_id, where.id)[0] < Who.MEMBER:
        spend(context.unit, context.actor.person_id, GUEST_NEXUSES)
    made = tree.add_nexus(context.unit, name, parent_id=where.id, door=door)
    founding.make_owner(context.unit, context.actor.person_id, made.id)
    if sharing:
        apply_preset(context.unit, made.id, sharing, by=context.actor.person_id)
    if context.where.direct:
        set_here(context.unit, context.actor.person_id, made.id)
    context.note(nexus=made.id)
    return Created(made.id, made.name, made.slug, path_of(context, made.id), sees_in(context.unit, made.id))


@operation(
    "nexus.show",
    common=True,
    says=says.SHOW,
)
def show(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> NexusPage:
    """Show a Nexus: what is in it, how many people, your role."""
    found = named_or_here(context, nexus)
    known = may_know_nexus(context.unit, context.audience, found.id)
    return NexusPage(
        found.id,
        found.name,
        found.slug,
        path_of(context, found.id),
        found.door,
        count_members(context.unit, [found.id])[found.id] if known else 0,
        _own_role(context, found.id),
        _lines(context, visible_children(context.unit, context.audience, found.id, MOST_LINES)),
    )


@operation(
    "nexus.list",
    private=True,
    says=says.LIST,
)
def list_nexuses(context: Context) -> NexusList:
    """The Nexuses you are in, and those you could join."""
    ids = dict.fromkeys(row["id"] for row in memberships_of(context.unit, context.actor.person_id))
    mine = [nexus_of(context.unit, i) for i in list(ids)[:MOST_LINES]]
    free = joinable(context.unit, context.actor.person_id, most=20)
    return NexusList(_lines(context, mine), _lines(context, free))


@operation(
    "nexus.members",
    who=Who.MEMBER,
    common=True,
    says=member_says.MEMBERS,
    tells=N_("In {nexus}:"),
    empty=N_("Nobody is in {nexus} yet."),
)
def members(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Members:
    """Who is in a Nexus, and with which role."""
    found = named_or_here(context, nexus)
    if not all_inside(context, found.id):
        raise NotAllowed(N_("I can't say that here. Ask me in a direct message."))
    best: dict[int, Member] = {}
    for row in members_of(context.unit, found.id):
        held = best.get(row["id"])
        if held is None or STANDING[row["role"]] > STANDING[held.role]:
            best[row["id"]] = Member(row["id"], row["name"], row["role"])
    everyone = sorted(best.values(), key=lambda m: -STANDING[m.role])
    return Members(found.name, tuple(everyone[:100]))


@operation(
    "nexus.join",
    writes=True,
    common=True,
    says=member_says.JOIN,
    asks=N_("Join {nexus}?"),
    tells=N_("Welcome to {name}."),
)
def join(context: Context, nexus: Annotated[Nexus, NEXUS]) -> Changed:
    """Join a Nexus whose door is open to you."""
    unit, me = context.unit, context.actor.person_id
    if is_suspended(unit, me, nexus.id):
        raise NotAllowed(N_("Your membership of {name} is suspended. Its moderators can lift that."), name=nexus.name)
    if "member" in roles_here(unit, me, nexus.id):
        raise Conflict(N_("You are in {name} already."), name=nexus.name)
    inside = nexus.parent_id is not None and standing_in(unit, me, nexus.parent_id)[0] >= Who.MEMBER
    above = standing_in(unit, me, nexus.id)[0] >= Who.STEWARD
    if not (nexus.door == "open" or (nexus.door == "members" and inside) or above):
        raise NotAllowed(N_("{name} takes an invitation. Ask someone who is in it for a code."), name=nexus.name)
    join_nexus(unit, me, nexus.id, "member", granted_by=me)
    if context.where.direct:
        set_here(unit, me, nexus.id)
    return _changed(context, nexus)


@operation(
    "nexus.enter",
    writes=True,
    confirm=Confirm.NEVER,
    says=member_says.ENTER,
    tells=N_("We are in {path} now."),
)
def enter(context: Context, nexus: Annotated[Nexus, NEXUS]) -> Changed:
    """Say which Nexus our direct talk is about."""
    if standing_in(context.unit, context.actor.person_id, nexus.id)[0] < 0:
        raise NotAllowed(N_("You are not in {name} yet. You could join it first."), name=nexus.name)
    set_here(context.unit, context.actor.person_id, nexus.id)
    return _changed(context, nexus)


@operation(
    "nexus.leave",
    writes=True,
    confirm=Confirm.ALWAYS,
    common=True,
    says=member_says.LEAVE,
    asks=N_("Leave {nexus}? Your roles in it end; what you posted stays until you close it."),
    tells=N_("You have left {name}."),
)
def leave_nexus(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Changed:
    """Leave a Nexus."""
    found = named_or_here(context, nexus)
    if not leave(context.unit, context.actor.person_id, found):
        raise Conflict(N_("You are not in {name}."), name=found.name)
    context.note(nexus=found.id)
    return _changed(context, found)


def _movable(context: Context, nexus: Nexus, parent: Nexus) -> Mapping[str, str]:
    if standing_in(context.unit, context.actor.person_id, parent.id)[0] < Who.STEWARD:
        raise NotAllowed(N_("You need to be a steward of {name} too, since it would go there."), name=parent.name)
    if tree.is_within(context.unit, parent.id, nexus.id):
        raise Conflict(N_("{name} cannot be inside itself."), name=nexus.name)
    return {}


@operation(
    "nexus.move",
    writes=True,
    confirm=Confirm.ALWAYS,
    who=Who.OWNER,
    says=says.MOVE,
    preview=_movable,
    asks=N_("Move {nexus} with everything in it into {parent}? Whoever decides there then decides for it too."),
    tells=N_("Moved: {path}."),
)
def move(
    context: Context,
    nexus: Annotated[Nexus, NEXUS],
    parent: Annotated[Nexus, NexusField(N_("the Nexus it goes into"))],
) -> Changed:
    """Move a Nexus under another one."""
    if nexus.id == ROOT_ID:
        raise Conflict(N_("{name} is the top of everything here and stays there."), name=nexus.name)
    _movable(context, nexus, parent)
    tree.move(context.unit, nexus, parent)
    return _changed(context, nexus)


@operation(
    "nexus.rename",
    writes=True,
    who=Who.STEWARD,
    says=says.RENAME,
    asks=N_("Rename {nexus} to {name}?"),
    tells=N_("It is called {name} now."),
)
def rename(context: Context, name: Annotated[str, NAME], nexus: Annotated[Nexus | None, NEXUS] = None) -> Changed:
    """Give a Nexus another name."""
    found = named_or_here(context, nexus)
    tree.rename(context.unit, found, name)
    context.note(nexus=found.id)
    return _changed(context, nexus_of(context.unit, found.id))


@operation(
    "nexus.archive",
    writes=True,
    who=Who.OWNER,
    confirm=Confirm.ALWAYS,
    says=says.ARCHIVE,
    asks=N_("Archive {nexus}? Nobody can find or use it any more; nothing in it is deleted."),
    tells=N_("{name} is archived."),
)
def archive(context: Context, nexus: Annotated[Nexus, NEXUS]) -> Changed:
    """Archive a Nexus: it is kept, but closed."""
    if nexus.id == ROOT_ID:
        raise Conflict(N_("{name} is the top of everything here and stays there."), name=nexus.name)
    tree.archive(context.unit, nexus)
    move_here(context.unit, nexus.id, nexus.parent_id or ROOT_ID)
    return _changed(context, nexus)


OPERATIONS = (
    claim,
    create,
    show,
    list_nexuses,
    members,
    join,
    enter,
    leave_nexus,
    move,
    rename,
    archive,
)
