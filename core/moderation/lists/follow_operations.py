"""Following the ban list of another Nexus: looking at it first, and ending that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.buttons.buttons import Choice as Button
from core.clock import show_day
from core.errors import N_, Conflict, NotAllowed
from core.moderation.case_operations import check_may_undo
from core.moderation.cases import decide
from core.moderation.cases.cases import FROM_LIST
from core.moderation.lists import follows, giving, reach, says, shares
from core.moderation.lists.fields import ListField, Named
from core.moderation.lists.follows import Follow
from core.moderation.lists.listed import Listed
from core.moderation.lists.words import of_them_are, people, people_are
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice
from core.people.people import person_of

NAMED = 7  # people who are named in a line

SOURCE = ListField(N_("whose ban list"))
FOLLOWED = ListField(N_("whose ban list"), followed=True)
MODE = Choice(
    N_("what follows when somebody of it is here: shadow, ask or act"),
    follows.MODES,
    also={"count": "shadow", "counts": "shadow", "watch": "shadow", "asks": "ask", "acts": "act", "automatic": "act"},
)
BANS = Choice(
    N_("what becomes of the bans that came from it: keep or lift"),
    ("keep", "lift"),
    also={"kept": "keep", "keeping": "keep", "lifted": "lift", "lifting": "lift", "undo": "lift", "unban": "lift"},
)


@dataclass(frozen=True, slots=True)
class ListFollowed:
    """A list that is followed; `here` are those of it whom the Nexus knows and that it did not ban itself."""

    nexus: str
    source: str
    mode: str
    count: int
    here: int


@dataclass(frozen=True, slots=True)
class ListLeft:
    """A list that is followed no more: `kept` bans that came from it stand, `lifted` ended with it."""

    nexus: str
    source: str
    kept: int
    lifted: int


_MAY = {
    "shadow": N_("I only count who of them is among you; nothing happens to anybody."),
    "ask": N_("Your moderators get a card for each of them who is or comes here."),
    "act": N_("I ban each of them who is or comes here, tell them why, and tell your moderators."),
}


def _readable(context: Context, source: Named) -> shares.Share:
    found = shares.share_for(context.unit, source.id, context.nexus_id)
    if found is None:  # a button that is older than the end of it
        raise NotAllowed(N_("{source} does not share its ban list with you any more."), source=source.name)
    return found


def _to_follow(context: Context, source: Named, mode: str = "shadow") -> Mapping[str, str]:
    unit, here = context.unit, nexus_of(context.unit, context.nexus_id)
    shown = _readable(context, source).reasons
    known = follows.between(unit, here.id, source.id)
    if known is not None and known.state == "active" and known.mode == mode:
        raise Conflict(N_("{nexus} follows that list so already."), nexus=here.name)
    count, met = reach.would_meet(unit, here.id, source.id)
    among = of_them_are(len(met))
    if met:
        more = N_(" and {count} more").format(count=len(met) - NAMED) if len(met) > NAMED else ""
        named = ", ".join(_about(context, one, reasons=shown) for one in met[:NAMED])
        among = N_("{some} among you: {named}{more}").format(some=among, named=named, more=more)
    else:
        among = N_("{some} among you").format(some=among)
    question = N_("Follow the ban list of {source} in {nexus}? It has {people} on it; {among}. {what}")
    said = question.format(source=source.name, nexus=here.name, people=people(count), among=among, what=_MAY[mode])
    if mode != "shadow":
        said += " " + N_(
            "Whoever moderates here is left alone, and no more than {most} people are met in an hour."
        ).format(most=follows.MOST_IN_AN_HOUR)
    return {"question": said}


def _about(context: Context, one: Listed, *, reasons: bool) -> str:
    name, since = person_of(context.unit, one.person_id).name, show_day(one.since)
    if reasons and one.reason:
        return N_("{name} ({reason}, since {since})").format(name=name, reason=one.reason.rstrip("."), since=since)
    return N_("{name} (since {since})").format(name=name, since=since)


@operation(
    "banlist.follow",
    writes=True,
    who=Who.STEWARD,
    private=True,
    confirm=Confirm.ALWAYS,
    says=says.FOLLOW,
    preview=_to_follow,
    asks="{question}",
)
def follow(
    context: Context,
    source: Annotated[Named, SOURCE],
    mode: Annotated[str, MODE] = "shadow",
) -> ListFollowed:
    """Follow the bans of another Nexus that shares them: count in shadow, ask the moderators, or act.

    I say first who of them is among you. Start in shadow. Do it again with another word to let it do more, or less.
    """
    unit, here = context.unit, nexus_of(context.unit, context.nexus_id)
    _readable(context, source)
    count, met = reach.would_meet(unit, here.id, source.id)
    made = follows.follow(unit, here.id, source.id, mode, by_id=context.actor.person_id)
    reach.settle(unit, made)
    context.note(source_id=source.id, mode=mode)
    return ListFollowed(here.name, source.name, mode, count, len(met))


def _standing(context: Context, source: Named) -> Follow:
    found = follows.between(context.unit, context.nexus_id, source.id)
    assert found is not None  # the field found it
    return found


def _to_unfollow(context: Context, source: Named, bans: str | None = None) -> Mapping[str, str]:
    count = len(giving.bans_of(context.unit, _standing(context, source)))
    here = nexus_of(context.unit, context.nexus_id).name
    question = N_("Stop following the ban list of {source} in {nexus}?").format(source=source.name, nexus=here)
    if not count:
        what = N_("Nobody is banned here because of it.")
    elif bans is None:
        what = N_("Here {some} banned because of it. Shall that stay so?")
    elif bans == "lift":
        what = N_("Here {some} banned because of it: I let them back in.")
    else:
        what = N_("Here {some} banned because of it, and that stays.")
    return {"question": f"{question} {what.format(some=people_are(count))}"}


def _bans(context: Context, source: Named, bans: str | None = None) -> Sequence[Button]:
    if bans is not None or not giving.bans_of(context.unit, _standing(context, source)):
        return ()
    given = {"source": f"={source.id}"}
    return (
        Button(N_("Keep the bans"), "banlist.unfollow", given | {"bans": "keep"}, "primary"),
        Button(N_("Lift them all"), "banlist.unfollow", given | {"bans": "lift"}),
        Button(N_("No, go on following")),
    )


@operation(
    "banlist.unfollow",
    writes=True,
    who=Who.STEWARD,
    private=True,
    confirm=Confirm.ALWAYS,
    says=says.UNFOLLOW,
    preview=_to_unfollow,
    choices=_bans,
    asks="{question}",
)
def unfollow(
    context: Context,
    source: Annotated[Named, FOLLOWED],
    bans: Annotated[str | None, BANS] = None,
) -> ListLeft:
    """Follow a ban list no more. The bans that came from it stay, unless you lift them."""
    one = _standing(context, source)
    giving.end(context.unit, one, context.actor.person_id)
    context.note(source_id=source.id)
    return lift_all(context, one) if bans == "lift" else left(context, one)


def left(context: Context, one: Follow, lifted: int = 0) -> ListLeft:
    """How it stands with what came of a list."""
    unit = context.unit
    names = nexus_of(unit, one.nexus_id).name, nexus_of(unit, one.source_id).name
    return ListLeft(*names, len(giving.bans_of(unit, one)), lifted)


def lift_all(context: Context, one: Follow) -> ListLeft:
    """Lift the bans that came from a list, but for those that somebody above the caller decided."""
    unit, lifted = context.unit, 0
    why = f"{FROM_LIST} {decide.standing_of(context, one.nexus_id)}"
    for case in giving.bans_of(unit, one):
        try:
            check_may_undo(context, case)
        except NotAllowed:
            continue
        giving.let_back(unit, one, case, undone=False, who=decide.who_asks(context), why=why, reason=giving.UNFOLLOWED)
        for entry in follows.entries_with(unit, case.id):  # should the list be followed again, they are met again
            follows.move(unit, entry, "over")
        lifted += 1
    context.note(lifted=lifted)
    return left(context, one, lifted)


OPERATIONS = (follow, unfollow)
