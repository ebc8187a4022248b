"""Sharing one's own ban list with others, and ending that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.buttons.buttons import Choice as Button
from core.buttons.buttons import offer
from core.clock import DAY
from core.errors import N_, BadInput, Conflict, Missing
from core.moderation.lists import follows, giving, says, shares, telling
from core.moderation.lists.fields import EVERY, Named, ReaderField
from core.moderation.lists.listed import on_list
from core.moderation.lists.words import people
from core.nexuses.members import stewards_of
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice

ASKED = 5  # stewards of the other side who are told
LIFETIME = 14 * DAY  # of the button that they get
READER = ReaderField(N_("who may follow it: a Nexus, or everyone"))
SHOWN = Choice(
    N_("whether they also see why: names or reasons"),
    ("names", "reasons"),
    also={"reason": "reasons", "why": "reasons", "name": "names"},
)
_OFFER = N_(
    "{nexus} shares its ban list with {reader}; it has {people} on it. Do you want to follow it in shadow? Then I "
    "count who of them is among you, and nothing happens to anybody."
)


@dataclass(frozen=True, slots=True)
class ListShared:
    """Who may follow a ban list from now on, with reasons or without; `count` people are on it."""

    nexus: str
    reader: str
    reasons: bool
    count: int


@dataclass(frozen=True, slots=True)
class ListTaken:
    """Who may follow a ban list no more ("" for nobody at all), and how many followed it."""

    nexus: str
    reader: str
    followers: int


def _reader(context: Context, reader: Named | None) -> Named:
    if reader is None:
        raise Missing(N_("Who may follow it? Name a Nexus, or say everyone."), names=["reader"])
    if reader.id == context.nexus_id:
        raise BadInput(N_("That is this very Nexus. Whom do you want to share it with?"))
    return reader


def _to_share(context: Context, reader: Named | None = None, shown: str = "names") -> Mapping[str, str]:
    to, nexus = _reader(context, reader), nexus_of(context.unit, context.nexus_id)
    count = len(on_list(context.unit, nexus.id))
    what = N_("with your reasons") if shown == "reasons" else N_("without your reasons")
    question = N_(
        "Share the ban list of {nexus} with {reader}, {what}? It has {people} on it. Moderators there see whom of them "
        "they know, and whoever is banned there because of it is told that it is your list."
    )
    return {"question": question.format(nexus=nexus.name, reader=to.name, what=what, people=people(count))}


@operation(
    "banlist.share",
    writes=True,
    who=Who.STEWARD,
    private=True,
    confirm=Confirm.ALWAYS,
    says=says.SHARE,
    preview=_to_share,
    asks="{question}",
)
def share(
    context: Context,
    reader: Annotated[Named | None, READER] = None,
    shown: Annotated[str, SHOWN] = "names",
) -> ListShared:
    """Let another Nexus, or every one here, follow the bans of this one; with your reasons or without.

    Only what was decided here is on the list: what came from the lists of others is not passed on.
    """
    unit, to = context.unit, _reader(context, reader)
    nexus = nexus_of(unit, context.nexus_id)
    shares.share(unit, nexus.id, to.id, reasons=shown == "reasons", by_id=context.actor.person_id)
    context.note(reader_id=to.id, shown=shown)
    count = len(on_list(unit, nexus.id))
    if to.id != EVERY.id and follows.between(unit, to.id, nexus.id) is None:
        for steward in stewards_of(unit, to.id)[:ASKED]:
            choices = [
                Button(N_("Follow it"), "banlist.follow", {"source": f"={nexus.id}", "mode": "shadow"}, asks=True),
                Button(N_("No")),
            ]
            buttons = offer(unit, choices, person_id=steward, nexus_id=to.id, lifetime=LIFETIME)
            data = {"nexus": nexus.name, "reader": to.name, "people": people(count)}
            notify(unit, steward, _OFFER, data, buttons=buttons)
    return ListShared(nexus.name, to.name, shown == "reasons", count)


def _to_stop(context: Context, reader: Named | None = None) -> Mapping[str, str]:
    unit, nexus = context.unit, nexus_of(context.unit, context.nexus_id)
    open_to = shares.shares_of(unit, nexus.id)
    if not open_to or (reader is not None and reader.id not in {one.reader_id for one in open_to}):
        raise Conflict(N_("{nexus} does not share its ban list that way."), nexus=nexus.name)
    question = N_("Stop sharing the ban list of {nexus} with {reader}? Moderators who follow it are told.")
    return {"question": question.format(nexus=nexus.name, reader=reader.name if reader else N_("anybody"))}


@operation(
    "banlist.stop",
    writes=True,
    who=Who.STEWARD,
    private=True,
    says=says.STOP,
    preview=_to_stop,
    asks="{question}",
)
def stop(context: Context, reader: Annotated[Named | None, READER] = None) -> ListTaken:
    """Share the ban list of this Nexus no more: with one Nexus, or with nobody."""
    _to_stop(context, reader)
    unit, nexus = context.unit, nexus_of(context.unit, context.nexus_id)
    for one in shares.shares_of(unit, nexus.id):
        if reader is None or reader.id == one.reader_id:
            shares.take_back(unit, nexus.id, one.reader_id)
    ended = [
        one for one in follows.followers_of(unit, nexus.id) if shares.share_for(unit, nexus.id, one.nexus_id) is None
    ]
    for gone in ended:
        giving.end(unit, gone, context.actor.person_id)
        telling.ended(unit, gone, len(giving.bans_of(unit, gone)))
    context.note(followers=len(ended))
    return ListTaken(nexus.name, reader.name if reader is not None else "", len(ended))


OPERATIONS = (share, stop)
