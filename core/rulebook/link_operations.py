"""Links between Nexuses: one proposes, the other accepts or declines, either ends it.

A link shows nothing by itself. The cards say what the rules on either side let members of linked Nexuses do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from core.access.fields import NexusField
from core.access.names import best_named
from core.access.nexuses import may_know_nexus, named_or_here
from core.buttons.buttons import Choice, offer
from core.clock import DAY, show_day
from core.errors import N_, BadInput, Conflict, NotFound
from core.nexuses.members import memberships_of, standing_in, stewards_of
from core.nexuses.roles import STANDING
from core.nexuses.tree import Nexus, nexus_of
from core.notices.notices import notify
from core.operations.context import AudienceKind, Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Reference
from core.operations.fields.base import frozen_id
from core.people.people import fold
from core.rulebook import says
from core.rulebook.describe import doing, in_effect, kinds_in_words
from core.rules import links
from core.rules.decide import word_of
from core.rules.kinds import SHARED
from core.rules.links import Link
from core.rules.masks import rules_on_chain
from core.rules.words import LINKED_MEMBER, Action, audiences_of, pack_actions, unpack_actions

ASKED = 5  # stewards of the other side who are asked
LIFETIME = 14 * DAY  # of the buttons that ask them
NEXUS = NexusField(N_("your Nexus"))
OTHER = NexusField(N_("the other Nexus"))


@dataclass(frozen=True, slots=True)
class Linked:
    """A link as people name it: by the Nexus on its other side."""

    id: int
    name: str
    link: Link


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link that was proposed, decided about, or ended."""

    nexus: str
    other: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link of a Nexus: with whom, and how it stands."""

    LINE: ClassVar[str] = "{other} ({state})"
    other: str
    state: str


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a Nexus."""

    nexus: str
    items: tuple[LinkLine, ...]


class LinkField(Reference):
    """A link of a Nexus for which the caller decides, by the name of the Nexus on its other side."""

    kind = "nexus"

    def resolve(self, value: Any, context: Context) -> Linked:
        """See `Field.resolve`."""
        mine = _decided_for(context)
        number = frozen_id(value)
        found = links.link_of(context.unit, number) if number is not None else None
        if found is not None and {found.nexus_id, found.other_id} & mine and _sayable(context, found):
            return _named(context, found)
        ones = {link.id: link for nexus_id in mine for link in links.links_of(context.unit, nexus_id)}
        named = [_named(context, link) for link in ones.values() if _sayable(context, link)]
        here = [one for one in named if context.nexus_id in (one.link.nexus_id, one.link.other_id)]
        wanted = fold(value.removeprefix("the ").removesuffix(" nexus"))
        chosen = best_named(wanted, [(one, fold(one.name)) for one in here or named])
        if chosen is None:
            raise NotFound(N_("I know no link with {name} here."), name=value)
        return chosen


LINK = LinkField(N_("the Nexus on the other side of the link"))


def _decided_for(context: Context) -> set[int]:
    """Nexuses for which the caller decides: here, if so, and those with a role of their own there."""
    unit, me = context.unit, context.actor.person_id
    mine = {row["id"] for row in memberships_of(unit, me) if STANDING[row["role"]] >= Who.STEWARD}
    if standing_in(unit, me, context.nexus_id)[0] >= Who.STEWARD:
        mine.add(context.nexus_id)
    return mine


def _named(context: Context, link: Link) -> Linked:
    """The link by the name of the Nexus that is not here."""
    return Linked(link.id, nexus_of(context.unit, _beyond(context, link)).name, link)


def _beyond(context: Context, link: Link) -> int:
    """The Nexus of a link that is not here."""
    return link.beside(context.nexus_id if context.nexus_id in (link.nexus_id, link.other_id) else link.nexus_id)


def _sayable(context: Context, link: Link) -> bool:
    """Whether every side that is not here may be named to those who listen. Whoever decides was told in private."""
    alone = context.audience.kind is AudienceKind.PERSON
    sides = {link.nexus_id, link.other_id} - {context.nexus_id}
    return alone or all(may_know_nexus(context.unit, context.audience, side) for side in sides)


# -- proposing ---------------------------------------------------------------------------------------------------


def _proposable(context: Context, other: Nexus, nexus: Nexus | None = None) -> Mapping[str, str]:
    here = named_or_here(context, nexus)
    if here.id == other.id:
        raise BadInput(N_("A Nexus cannot be linked with itself."))
    known = links.link_between(context.unit, here.id, other.id)
    if known is not None and known.state == "active":
        raise Conflict(N_("{nexus} and {other} are linked already."), nexus=here.name, other=other.name)
    if known is not None and known.state == "proposed":
        raise Conflict(N_("That link is proposed already and waits for an answer."))
    question = N_("Propose a link between {nexus} and {other}? The stewards of {other} have to agree.")
    return {"question": f"{question.format(nexus=here.name, other=other.name)}\n{_effects(context, here, other)}"}


def _effects(context: Context, one: Nexus, other: Nexus) -> str:
    """What a link makes visible on either side, as the rules are now."""
    return "\n".join(f"• {_effect(context, *pair)}" for pair in ((one, other), (other, one)))


def _effect(context: Context, there: Nexus, coming: Nexus) -> str:
    chain = rules_on_chain(context.unit, there.id)
    by_actions: dict[int, list[str]] = {}
    for kind in SHARED:
        word = in_effect(word_of(chain, kind, context.now)[0])
        actions = pack_actions(action for action in Action if audiences_of(word, action) & LINKED_MEMBER)
        if actions:
            by_actions.setdefault(actions, []).append(kind)
    if not by_actions:
        return N_("In {nexus}, the link shows nothing to members of {other} until a rule there says so.").format(
            nexus=there.name, other=coming.name
        )
    done = "; ".join(doing(unpack_actions(packed), kinds_in_words(kinds)) for packed, kinds in by_actions.items())
    return N_("In {nexus}, members of {other} may then {done}.").format(nexus=there.name, other=coming.name, done=done)


@operation(
    "link.propose",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.LINK_PROPOSE,
    preview=_proposable,
    asks="{question}",
    tells=N_("I've asked the stewards of {other} whether they want the link. You'll hear from me."),
)
def propose(
    context: Context, other: Annotated[Nexus, OTHER], nexus: Annotated[Nexus | None, NEXUS] = None
) -> LinkChange:
    """Propose a link to another Nexus.

    Rules of either side can then say what members of the other may see.
    """
    here = named_or_here(context, nexus)
    _proposable(context, other, nexus)
    unit, me = context.unit, context.actor.person_id
    link_id = links.propose(unit, here.id, other.id, by=me)
    context.note(nexus=here.id, link_id=link_id)
    for steward in stewards_of(unit, other.id)[:ASKED]:
        buttons = offer(
            unit,
            (
                Choice(N_("Link them"), "link.accept", {"link": f"={link_id}"}, "primary"),
                Choice(N_("Decline"), "link.decline", {"link": f"={link_id}"}, "danger"),
            ),
            person_id=steward,
            nexus_id=other.id,
            lifetime=LIFETIME,
        )
        notify(
            unit,
            steward,
            N_("{who} would like to link {nexus} with {other}. Do you want that?\n{effects}"),
            {
                "who": context.actor.name,
                "nexus": here.name,
                "other": other.name,
                "effects": _effects(context, other, here),
            },
            buttons=buttons,
        )
    return LinkChange(here.name, other.name)


# -- deciding ----------------------------------------------------------------------------------------------------


def _proposed_to(context: Context, link: Linked, nexus: Nexus | None) -> tuple[Nexus, Nexus]:
    """The side that was asked, which is the caller's, and the one that asked. Raises `Conflict`, `NotFound`."""
    here = named_or_here(context, nexus)
    if here.id not in (link.link.nexus_id, link.link.other_id):
        raise NotFound(N_("{nexus} has no link with {other}."), nexus=here.name, other=link.name)
    if link.link.state != "proposed":
        raise Conflict(N_("That was already decided."))
    if here.id != link.link.other_id:
        raise Conflict(N_("{nexus} proposed that link itself; the other side has to say yes."), nexus=here.name)
    return here, nexus_of(context.unit, link.link.nexus_id)


def _acceptable(context: Context, link: Linked, nexus: Nexus | None = None) -> Mapping[str, str]:
    here, other = _proposed_to(context, link, nexus)
    question = N_("Link {nexus} with {other}?").format(nexus=here.name, other=other.name)
    return {"question": f"{question}\n{_effects(context, here, other)}"}


@operation(
    "link.accept",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.LINK_ACCEPT,
    preview=_acceptable,
    asks="{question}",
    tells=N_("{nexus} and {other} are linked now."),
)
def accept(context: Context, link: Annotated[Linked, LINK], nexus: Annotated[Nexus | None, NEXUS] = None) -> LinkChange:
    """Accept a link that another Nexus has proposed."""
    here, other = _proposed_to(context, link, nexus)
    links.accept(context.unit, link.id, by=context.actor.person_id)
    _tell_others(context, link, here, other, N_("{here} and {there} are linked now: {who} said yes."))
    return LinkChange(here.name, other.name)


def _declinable(context: Context, link: Linked, nexus: Nexus | None = None) -> Mapping[str, str]:
    here, other = _proposed_to(context, link, nexus)
    return {"nexus": here.name, "other": other.name}


@operation(
    "link.decline",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.LINK_DECLINE,
    preview=_declinable,
    asks=N_("Decline the link that {other} has proposed to {nexus}?"),
    tells=N_("{nexus} and {other} are not linked."),
)
def decline(
    context: Context, link: Annotated[Linked, LINK], nexus: Annotated[Nexus | None, NEXUS] = None
) -> LinkChange:
    """Decline a link that another Nexus has proposed."""
    here, other = _proposed_to(context, link, nexus)
    links.decline(context.unit, link.id, by=context.actor.person_id)
    _tell_others(context, link, here, other, N_("{here} does not want to be linked with {there} at the moment."))
    return LinkChange(here.name, other.name)


# -- ending ------------------------------------------------------------------------------------------------------


def _standing_link(context: Context, link: Linked, nexus: Nexus | None) -> tuple[Nexus, Nexus]:
    """The caller's side and the other one of a link that is there or proposed from here."""
    here = named_or_here(context, nexus)
    if here.id not in (link.link.nexus_id, link.link.other_id):
        raise NotFound(N_("{nexus} has no link with {other}."), nexus=here.name, other=link.name)
    if link.link.state == "ended":
        raise Conflict(N_("That link is over already."))
    if link.link.state == "proposed" and here.id == link.link.other_id:
        raise Conflict(N_("That link is only proposed so far. You can accept or decline it."))
    return here, nexus_of(context.unit, link.link.beside(here.id))


def _endable(context: Context, link: Linked, nexus: Nexus | None = None) -> Mapping[str, str]:
    here, other = _standing_link(context, link, nexus)
    if link.link.state == "proposed":
        tail = N_("It is only proposed so far.")
    else:
        tail = N_("What rules show to members of linked Nexuses is then hidden on both sides.")
    return {"nexus": here.name, "other": other.name, "tail": tail}


@operation(
    "link.end",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.LINK_END,
    preview=_endable,
    asks=N_("{tail} End the link between {nexus} and {other}?"),
    tells=N_("{nexus} and {other} are not linked any more."),
)
def end(context: Context, link: Annotated[Linked, LINK], nexus: Annotated[Nexus | None, NEXUS] = None) -> LinkChange:
    """End a link with another Nexus, or take back one that you proposed."""
    here, other = _standing_link(context, link, nexus)
    if link.link.state == "proposed":
        links.decline(context.unit, link.id, by=context.actor.person_id)
        context.note(nexus=here.id, link_id=link.id)
        return LinkChange(here.name, other.name)
    links.end(context.unit, link.id, by=context.actor.person_id)
    _tell_others(context, link, here, other, N_("{who} ended the link between {here} and {there}."))
    return LinkChange(here.name, other.name)


def _tell_others(context: Context, link: Linked, here: Nexus, other: Nexus, template: str) -> None:
    """Note what was decided, and tell whoever decides on the other side."""
    context.note(nexus=here.id, link_id=link.id)
    for steward in stewards_of(context.unit, other.id)[:ASKED]:
        if steward != context.actor.person_id:
            notify(context.unit, steward, template, {"who": context.actor.name, "here": here.name, "there": other.name})


# -- looking -----------------------------------------------------------------------------------------------------


@operation(
    "link.list",
    who=Who.MEMBER,
    says=says.LINK_LIST,
    tells=N_("{nexus} is linked with:"),
    empty=N_("{nexus} is linked with no other Nexus."),
)
def list_links(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Links:
    """The Nexuses that a Nexus is linked with; for its stewards also what is proposed."""
    here = named_or_here(context, nexus)
    unit = context.unit
    alone = context.audience.kind is AudienceKind.PERSON
    decides = alone and standing_in(unit, context.actor.person_id, here.id)[0] >= Who.STEWARD
    lines = []
    for link in links.links_of(unit, here.id):
        other = link.beside(here.id)
        if not decides and (link.state != "active" or not may_know_nexus(unit, context.audience, other)):
            continue
        if link.state == "active":
            state = N_("since {day}").format(day=show_day(link.at))
        elif link.nexus_id == here.id:
            state = N_("proposed, they have not answered yet")
        else:
            state = N_("they would like it, you have not answered yet")
        lines.append(LinkLine(nexus_of(unit, other).name, state))
    return Links(here.name, tuple(lines))


OPERATIONS = (propose, accept, decline, end, list_links)
