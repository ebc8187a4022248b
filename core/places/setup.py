"""Setting up a whole server, workspace or group in a few taps: which Nexus it belongs to, and who is in that.

What is not said is asked with buttons, one question at a time; the last answer does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField
from core.access.nexuses import may_know_nexus
from core.buttons.buttons import Choice
from core.errors import N_, Ambiguous, Missing, NotAllowed
from core.nexuses.members import memberships_of, standing_in
from core.nexuses.roles import MEMBER, MODERATOR, STANDING, STEWARD, may_grant
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context, Origin
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice as Field
from core.operations.fields import YesNo
from core.people.people import fold
from core.places import places, reveals, says
from core.places.here import Ground, check_cut, check_leave, check_manages, check_steward, cut, ground_here, shared
from core.places.maps import EVERYONE, add_mapping, mappings
from core.places.roles import roles_here

HEARS = Field(
    N_("who listens if not everyone is a member: anybody, or the people in each channel"), ("public", "people")
)
MOST = 8  # Nexuses to choose from on one card
OFFERED = 3  # roles of the platform that are offered on one card
_MODERATORS = ("mod", "helper", "guardian")
_STEWARDS = ("admin", "steward", "manager", "organiser", "organizer", "lead")


@dataclass(frozen=True, slots=True)
class SetUp:
    """Where a server or chat (`title`) belongs now: to the Nexus `name`.

    `roles`: the platform has roles that could count in the Nexus. `hears`: who listens, see `place.bind`.
    """

    title: str
    name: str
    nexus_id: int
    everyone: bool
    roles: bool
    hears: str = "public"


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
    if context.origin is Origin.TALK and not all(may_know_nexus(context.unit, context.audience, one) for one in ids):
        # A model may have chosen this: nobody here learns of a Nexus that nobody has named.
        raise Missing(N_("Something is missing: {about}."), about=N_("the Nexus it belongs to"), names=["nexus"])
    if not ids:
        raise NotAllowed(
            N_(
                "Setting up {title} takes a steward of some Nexus. Start one (“create a Nexus called …”) and ask again."
            ),
            title=ground.title,
        )
    return [nexus_of(context.unit, i) for i in ids]


def _question(
    context: Context, nexus: Nexus | None = None, everyone: bool | None = None, hears: str = "public"
) -> Mapping[str, str]:
    ground = ground_here(context)
    possible = _possible(context, ground, nexus)
    if len(possible) > 1:
        return {"question": N_("Which Nexus does {title} belong to?").format(title=ground.title)}
    where = possible[0]
    name, title = where.name, ground.title
    _check(context, ground, where, everyone)
    answer = "members" if everyone else hears
    if everyone is None:
        question = N_(
            "{title} will belong to {nexus}. Is everyone here a member of {nexus}, also who comes later? "
            "Members hear and see what {nexus} shares: its needs, offers and people. If not, I say only what anybody "
            "may know of it, or, where I am told who can read a channel, what all of them may see."
        ).format(title=title, nexus=name)
    elif everyone:
        question = N_(
            "Connect {title} to {nexus}, with everyone here as a member, also who comes later? "
            "They then hear and see what {nexus} shares: its needs, offers and people."
        ).format(title=title, nexus=name)
    elif hears == "people":
        means = reveals.in_words(context, shared(context), where, hears, server=ground.server)
        question = N_("Connect {title} to {nexus}? {means}").format(title=title, nexus=name, means=means)
    else:
        question = N_("Connect {title} to {nexus}? I then say here only what anybody may know of it.").format(
            title=title, nexus=name
        )
    # How much the readers of one channel may all see says nothing about the others of a server.
    counted = [one for one in (("members", "public") if everyone is None else (answer,)) if one != "people"]
    said = [question, reveals.in_numbers(context, shared(context), where, counted)] if counted else [question]
    if any(reveals.widens(context.audience, one) for one in counted):
        said.append(reveals.STAYS)
    return {"question": " ".join(said)}


def _answers(
    context: Context, nexus: Nexus | None = None, everyone: bool | None = None, hears: str = "public"
) -> Sequence[Choice]:
    possible = _possible(context, ground_here(context), nexus)
    if len(possible) > 1:
        more = {} if everyone is None else {"everyone": everyone, "hears": hears}
        return (
            *(Choice(n.name, "place.setup", {"nexus": f"={n.id}"} | more, asks=True) for n in possible[:MOST]),
            Choice(N_("None of these")),
        )
    given = {"nexus": f"={possible[0].id}"}
    if everyone is not None:
        arguments = given | {"everyone": everyone, "hears": hears}
        return (Choice(N_("Yes"), "place.setup", arguments, "primary"), Choice(N_("No")))
    return (
        Choice(N_("Yes, everyone here is a member"), "place.setup", given | {"everyone": True}, "primary"),
        Choice(N_("No, only those who come in"), "place.setup", given | {"everyone": False}),
        Choice(N_("No, and I go by who can read"), "place.setup", given | {"everyone": False, "hears": "people"}),
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
    hears: Annotated[str, HEARS] = "public",
) -> SetUp:
    """Set this server up: say which Nexus it belongs to, and whether everyone here is a member of it.

    Where a platform has no servers, it is this chat. What you leave out I ask with buttons. If not everyone is a
    member, I say only what anybody may know, or what all may see who can read a channel.
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
    audience = "members" if everyone else hears
    places.bind(unit, bound.id, chosen.id, audience, by=me)
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
    context.note(place=bound.id, nexus=chosen.id, audience=audience)
    return SetUp(ground.title, chosen.name, chosen.id, everyone, bool(roles_here(context)), audience)


OPERATIONS = (set_up,)
