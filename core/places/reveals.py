"""What each answer to "who listens here?" lets a place hear: in words, and in numbers, before anybody decides.

The card with the question stands where all can read it. So numbers are on it only where whoever reads it may hear all
that is counted, by the rules alone; otherwise they go to who asked, in private. Which of both depends on the rules and
on who listens, never on what there is.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import N_
from core.nexuses.tree import Nexus
from core.notices.notices import notify
from core.operations.context import Audience, AudienceKind, Context
from core.places.places import Place, people_in
from core.rulebook.describe import listing
from core.rules.kinds import KINDS, WRITTEN
from core.rules.lists import newest
from core.rules.resolver import may_kind
from core.rules.words import Action
from core.store import Unit

ANSWERS = ("people", "members", "public")  # from the narrowest to the widest
MOST_COUNTED = 100

IN_PRIVATE = N_("How much that is at this moment, I tell you in private.")
STAYS = N_("What I said here before stays readable.")
_NUMBERS = {
    "members": N_("If everyone there counts as a member: {things}."),
    "people": N_("If I say only what everybody who can read there may see: {things}."),
    "public": N_("If I say only what anybody may know: {things}."),
}
_TOLD = N_("What {title} would hear of {nexus} at this moment. {lines}")


def in_words(context: Context, found: Place, where: Nexus, answer: str, *, server: bool = False) -> str:
    """What one answer means for a place, or a whole server."""
    if answer == "members":
        said = N_("Everyone here then hears what members of {nexus} may see: its needs, offers and people.")
        return said.format(nexus=where.name)
    if answer == "public":
        return N_("Here I then say only what anybody may know of {nexus}.").format(nexus=where.name)
    if server:
        return N_(
            "In each channel I then say only what everybody who can read it may see. Where I am not told who that is, "
            "it is only what anybody may know."
        )
    people = people_in(context.unit, found)
    if people is None:
        return N_(
            "Here I then say only what everybody who can read this may see. I am not told who that is, so until I am, "
            "it is only what anybody may know."
        )
    said = N_("Here I then say only what everybody who can read this may see. That is {count} now, {known}.")
    known = N_("some of whom I don't know") if 0 in people else N_("and I know all of them")
    return said.format(count=found.readers, known=known)


def in_numbers(context: Context, found: Place, where: Nexus, answers: Sequence[str]) -> str:
    """How much of a Nexus each answer shows: a sentence for the card. Who asks is told in private if need be."""
    unit = context.unit
    counted = {answer: _things(unit, _then(context, found, where, answer), where) for answer in answers}
    lines = [_NUMBERS[answer].format(things=things) for answer, things in counted.items()]
    if set(answers) == {"public"} or all(
        may_kind(unit, context.audience, where.id, kind, Action.QUOTE) for kind in WRITTEN
    ):
        if len(counted) == 1:
            return N_("At this moment that is: {things}.").format(things=counted[answers[0]])
        return " ".join(lines)
    title = found.title or N_("this chat")
    notify(unit, context.actor.person_id, _TOLD, {"title": title, "nexus": where.name, "lines": "\n".join(lines)})
    return IN_PRIVATE


def widens(now: Audience, answer: str) -> bool:
    """Whether an answer lets more be said than is said now."""
    wide = {AudienceKind.PEOPLE: 0, AudienceKind.MEMBERS: 1}.get(now.kind, 2)
    return ANSWERS.index(answer) > wide


def _then(context: Context, found: Place, where: Nexus, answer: str) -> Audience:
    if answer == "members":
        return Audience(AudienceKind.MEMBERS, nexus_id=where.id)
    people = people_in(context.unit, found) if answer == "people" else None
    if people is None:
        return Audience(AudienceKind.PUBLIC)
    return Audience(AudienceKind.PEOPLE, people=tuple(sorted({*people, context.actor.person_id})))


def _things(unit: Unit, audience: Audience, where: Nexus) -> str:
    """What of a Nexus an audience may hear, counted: "3 needs and 1 offer"."""
    things = []
    for kind in WRITTEN:
        count = len(newest(unit, audience, (kind,), MOST_COUNTED + 1, nexus_id=where.id))
        if count > MOST_COUNTED:
            things.append(N_("more than {count} {kind}").format(count=MOST_COUNTED, kind=KINDS[kind].many))
        elif count:
            things.append(f"{count} {KINDS[kind].one if count == 1 else KINDS[kind].many}")
    return listing(things) or N_("nothing")
