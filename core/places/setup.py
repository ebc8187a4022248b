"""Setting up a whole server, workspace or group in a few taps: which Nexus it belongs to, and who is in that.

What is not said is asked with buttons, one question at a time; the last answer does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField
from core.buttons.buttons import Choice
from core.errors import N_, Ambiguous, Missing, NotAllowed
from core.nexuses.members import memberships_of, standing_in
from core.nexuses.roles import MEMBER, MODERATOR, STANDING, STEWARD, may_grant
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import YesNo
from core.people.people import fold
from core.places import places, says
from core.places.here import Ground, check_cut, check_leave, check_manages, check_steward, cut, ground_here, shared
from core.places.maps import EVERYONE, add_mapping, mappings
from core.places.roles import roles_here

MOST = 8  # Nexuses to choose from on one card
OFFERED = 3  # roles of the platform that are offered on one card
_MODERATORS = ("mod", "helper", "guardian")
_STEWARDS = ("admin", "steward", "manager", "organiser", "organizer", "lead")


@dataclass(frozen=True, slots=True)
class SetUp:
    """Where a server or chat (`title`) belongs now: to the Nexus `name`.

    `roles`: the platform has roles that could count in the Nexus.
    """

    title: str
    name: str
    nexus_id: int
    everyone: bool
    roles: bool


def _possible(context: Context, ground: Ground, nexus: Nexus | None) -> list[Nexus]:
    """What the ground may belong to: the Nexus named, the one that it belongs to, or those the caller decides for."""
    check_manages(context, ground)
    if nexus is not None:
        check_steward(context, {nexus.id})
        check_leave(context, ground.nexus_id)
        return [nexus]
    if ground.nexus_id is not None:
        check_steward(context, {ground.nexus_id})
        return [nexus_of(context.unit, ground.nexus_id)]
    rows = memberships_of(context.unit, context.actor.person_id)
    ids = dict.fromkeys(row["id"] for row in rows if STANDING[row["role"]] >= Who.STEWARD)
    if not ids:
        raise NotAllowed(
            N_(
                "Setting up {title} takes a steward of some Nexus. Start one (“create a Nexus called …”) and ask again."
            ),
            title=ground.title,
        )
    return [nexus_of(context.unit, i) for i in ids]


def _question(context: Context, nexus: Nexus | None = None, everyone: bool | None = None) -> Mapping[str, str]:
    ground = ground_here(context)
    possible = _possible(context, ground, nexus)
    if len(possible) > 1:
        return {"question": N_("Which Nexus does {title} belong to?").format(title=ground.title)}
    name, title = possible[0].name, ground.title
    _check(context, ground, possible[0], everyone)
    if everyone is None:
        return {
            "question": N_(
                "{title} will belong to {nexus}. Is everyone here a member of {nexus}, also who comes later? "
                "Members hear and see what {nexus} shares: its needs, offers and people."
            ).format(title=title, nexus=name)
        }
    if everyone:
        return {
            "question": N_(
                "Connect {title} to {nexus}, with everyone here as a member, also who comes later? "
                "They then hear and see what {nexus} shares: its needs, offers and people."
            ).format(title=title, nexus=name)
        }
    return {
        "question": N_("Connect {title} to {nexus}? I then say here only what anybody may know of it.").format(
            title=title, nexus=name
        )
    }


def _answers(context: Context, nexus: Nexus | None = None, everyone: bool | None = None) -> Sequence[Choice]:
    possible = _possible(context, ground_here(context), nexus)
    if len(possible) > 1:
        more = {} if everyone is None else {"everyone": everyone}
        return (
            *(Choice(n.name, "place.setup", {"nexus": f"={n.id}"} | more, asks=True) for n in possible[:MOST]),
            Choice(N_("None of these")),
        )
    chosen = f"={possible[0].id}"
    if everyone is not None:
        arguments = {"nexus": chosen, "everyone": everyone}
        return (Choice(N_("Yes"), "place.setup", arguments, "primary"), Choice(N_("No")))
    return (
        Choice(N_("Yes, everyone here is a member"), "place.setup", {"nexus": chosen, "everyone": True}, "primary"),
        Choice(N_("No, only those who come in"), "place.setup", {"nexus": chosen, "everyone": False}),
        Choice(N_("Leave it")),
    )


def _check(context: Context, ground: Ground, nexus: Nexus, everyone: bool | None) -> None:
    if ground.nexus_id is not None and ground.nexus_id != nexus.id:
        check_cut(context, ground, ground.nexus_id)
    if everyone is False:
        check_cut(context, ground, nexus.id, only_everyone=True)


def _next(context: Context, result: SetUp) -> Sequence[Choice]:
    return offers(context, ground_here(context), result.nexus_id)


def offers(context: Context, ground: Ground, nexus_id: int) -> Sequence[Choice]:
    """Buttons that let roles of the platform which sound like it count in the Nexus."""
    own = standing_in(context.unit, context.actor.person_id, nexus_id)[0]
    mapped = {m.external_role for m in mappings(context.unit, ground.platform, ground.id) if m.nexus_id == nexus_id}
    found = []
    for role in roles_here(context):
        name = fold(role.name)
        gives = STEWARD if name.startswith(_STEWARDS) else MODERATOR if name.startswith(_MODERATORS) else ""
        if gives and role.id not in mapped and may_grant(own, gives):
            label = N_("{role} are moderators") if gives == MODERATOR else N_("{role} are stewards")
            arguments = {"role": f"={role.id}", "gives": gives, "nexus": f"={nexus_id}"}
            found.append(Choice(label.format(role=role.name[:40]), "place.map", arguments, asks=True))
    return (*found[:OFFERED], Choice(N_("That's all"))) if found else ()


@operation(
    "place.setup",
    writes=True,
    confirm=Confirm.ALWAYS,
    common=True,
    says=says.SETUP,
    preview=_question,
    choices=_answers,
    asks="{question}",
    follows=_next,
)
def set_up(
    context: Context,
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus it belongs to"), as_caller=True)] = None,
    everyone: Annotated[bool | None, YesNo(N_("whether everyone here is a member"))] = None,
) -> SetUp:
    """Set this server up: say which Nexus it belongs to, and whether everyone here is a member of it.

    Where a platform has no servers, it is this chat. What you leave out I ask with buttons.
    """
    ground, unit, me = ground_here(context), context.unit, context.actor.person_id
    possible = _possible(context, ground, nexus)
    if len(possible) > 1:
        raise Ambiguous(
            N_("Which Nexus does {title} belong to? It could be: {choices}."),
            title=ground.title,
            choices=", ".join(n.name for n in possible[:MOST]),
        )
    chosen = possible[0]
    if everyone is None:
        raise Missing(
            N_("Something is missing: {about}."), about=N_("whether everyone here is a member"), names=["everyone"]
        )
    _check(context, ground, chosen, everyone)
    chat = shared(context)
    bound = places.add_server(unit, chat.platform, chat.workspace, ground.title) if ground.server else chat
    if ground.nexus_id is not None and ground.nexus_id != chosen.id:
        cut(context, ground, ground.nexus_id)
    places.bind(unit, bound.id, chosen.id, "members" if everyone else "public", by=me)
    if not everyone:
        cut(context, ground, chosen.id, only_everyone=True)
    elif not any(
        m.external_role == EVERYONE and m.nexus_id == chosen.id for m in mappings(unit, ground.platform, ground.id)
    ):
        add_mapping(
            unit,
            platform=ground.platform,
            ground=ground.id,
            external_role=EVERYONE,
            title=EVERYONE,
            nexus_id=chosen.id,
            role=MEMBER,
            made_by=me,
        )
    context.note(place=bound.id, nexus=chosen.id, audience="members" if everyone else "public")
    return SetUp(ground.title, chosen.name, chosen.id, everyone, bool(roles_here(context)))


OPERATIONS = (set_up,)
