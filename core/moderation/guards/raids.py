"""Raids: many arrive at once. For a while the door is closed, talk is slowed, and newcomers read before they write.

A raid is a case of the Nexus with an end, which is moved on while people keep arriving; what it did is reversed when it
is over, or at once when it is undone. Whoever arrives meanwhile has a case of their own below it, ends it by showing
that they are somebody, and is released with the raid in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from core.buttons.buttons import Choice, offer
from core.clock import DAY, HOUR, MINUTE
from core.errors import N_
from core.moderation.cases import acts, cases
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Case
from core.moderation.cases.spots import Spot, act_on, spots_of
from core.moderation.cases.tables import mod_case
from core.moderation.cases.telling import tell_moderators
from core.nexuses.members import standing_in
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.operations.declare import Who
from core.places.places import Place
from core.places.tables import place
from core.store import Unit

RULE = "raid"
LASTS = 15 * MINUTE
AT_MOST = 6 * HOUR  # released by us with the raid; should we be gone, the platform releases them then
GOES_ON = 5 * MINUTE  # of its end from which a raid that goes on is made longer
SLOW = 30  # seconds between two messages of one person
MOST_PLACES = 20  # channels that are slowed down: those of the Nexus that were bound first

_STANDING = (
    select(mod_case.c.id)
    .where(mod_case.c.nexus_id == bindparam("nexus_id"), mod_case.c.kind == "raid", mod_case.c.state == "standing")
    .order_by(mod_case.c.id.desc())
    .limit(1)
)
_ANY = select(mod_case.c.id).where(mod_case.c.kind == "raid", mod_case.c.state == "standing").limit(1)
_LONGER = update(mod_case).where(mod_case.c.id == bindparam("case_id")).values(until=bindparam("later"))
_CHILDREN_LONGER = (
    update(mod_case)
    .where(mod_case.c.parent_id == bindparam("of_case"), mod_case.c.state == "standing")
    .values(until=bindparam("later"))
)
_PLACES = (
    select(place.c.platform, place.c.workspace, place.c.external_id)
    .where(
        place.c.nexus_id == bindparam("nexus_id"),
        place.c.kind != "direct",
        place.c.external_id != "",
        place.c.thread == "",
    )
    .order_by(place.c.id)
    .limit(MOST_PLACES)
)
_QUARANTINED = select(mod_case.c.id).where(
    mod_case.c.parent_id == bindparam("raid_id"), mod_case.c.person_id == bindparam("person_id")
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who arrived while it was a raid."""

    person_id: int
    account_id: int
    here: Place


def standing(unit: Unit, nexus_id: int) -> Case | None:
    """The raid that a Nexus is guarded against now."""
    found = unit.value(_STANDING, nexus_id=nexus_id)
    return None if found is None else cases.case_of(unit, found)


def any_standing(unit: Unit) -> bool:
    """Whether any Nexus is guarded against a raid now."""
    return unit.value(_ANY) is not None


def propose(unit: Unit, nexus_id: int, detail: str) -> None:
    """Ask the moderators whether to close up."""
    template = N_("That looks like a raid of {nexus}: {detail}. Shall I close up for a quarter of an hour?")
    data = {"nexus": nexus_of(unit, nexus_id).name, "detail": detail}
    choices = [Choice(N_("Close up"), "raid.begin", {}), Choice(N_("No"))]
    tell_moderators(unit, nexus_id, template, data, choices, lifetime=DAY)


def begin(
    unit: Unit, nexus_id: int, here: Place | None, *, by_id: int | None, why: str, reason: str, turn: str = ""
) -> Case:
    """Close up: no invitations, slow talk, newcomers only read. It ends by itself."""
    case = cases.open_case(
        unit,
        nexus_id=nexus_id,
        kind="raid",
        person_id=None,
        place_id=here.id if here is not None else None,
        reason=reason,
        by_id=by_id,
        why=why,
        until=unit.now + LASTS,
        rule="" if by_id is not None else RULE,
    )
    unit.wake("guards")
    said = f"Case {case.number}, raid: {reason}"
    for spot in spots_of(unit, nexus_id, here):
        _queue(unit, case, spot, "close_door", said, by_id, turn)
    slowed = [(row["platform"], row["workspace"], row["external_id"]) for row in unit.rows(_PLACES, nexus_id=nexus_id)]
    if here is not None and not here.direct:
        slowed.insert(0, (here.platform, here.workspace, here.external_id))
    for one in dict.fromkeys(slowed):
        _queue(unit, case, Spot(*one), "slow", said, by_id, turn)
    _tell(unit, case, by_id)
    return case


def _queue(unit: Unit, case: Case, spot: Spot, power: str, said: str, by_id: int | None, turn: str) -> None:
    todo = Todo(
        spot.platform,
        spot.workspace,
        power,
        place=spot.place,
        until=case.until if power == "close_door" else None,
        seconds=SLOW if power == "slow" else 0,
        reason=said,
        turn=turn,
        asker_id=by_id,
    )
    acts.queue(unit, case.id, todo)


def _tell(unit: Unit, case: Case, by_id: int | None) -> None:
    template = N_(
        "{nexus} is closed up for a quarter of an hour: {reason}. Nobody new can write, invitations are paused "
        "where a platform can do that. It opens by itself. It is case {number}."
    )
    data = {"nexus": nexus_of(unit, case.nexus_id).name, "reason": case.reason, "number": case.number}
    choices = [Choice(N_("Undo all of it"), "undo", {"case": f"={case.id}"})]
    tell_moderators(unit, case.nexus_id, template, data, choices, but=[by_id])


def goes_on(unit: Unit, raid: Case) -> Case:
    """People keep arriving: it lasts longer."""
    assert raid.until is not None
    if raid.until - unit.now < GOES_ON:
        unit.changed(_LONGER, case_id=raid.id, later=unit.now + LASTS)
        unit.changed(_CHILDREN_LONGER, of_case=raid.id, later=unit.now + LASTS)
    return cases.case_of(unit, raid.id)


def arrived(unit: Unit, raid: Case, arrivals: Sequence[Arrival]) -> None:
    """Whoever arrives during a raid reads before they write; they are told how to show that they are somebody."""
    for one in arrivals:
        if standing_in(unit, one.person_id, raid.nexus_id)[0] >= Who.MODERATOR:
            continue
        if unit.value(_QUARANTINED, raid_id=raid.id, person_id=one.person_id) is not None:
            continue
        case = cases.open_case(
            unit,
            nexus_id=raid.nexus_id,
            kind="timeout",
            person_id=one.person_id,
            account_id=one.account_id,
            place_id=one.here.id,
            reason=N_("arrived during a raid"),
            by_id=None,
            why="rule",
            until=raid.until,
            rule=RULE,
            parent_id=raid.id,
        )
        todo = Todo(
            one.here.platform,
            "",
            "timeout",
            account_id=one.account_id,
            until=(raid.until or unit.now) + AT_MOST,
            reason=f"Case {case.number}: arrived during a raid",
        )
        act_on(unit, case.id, raid.nexus_id, one.here, todo)
        notify(
            unit,
            one.person_id,
            N_(
                "Welcome to {nexus}. Many arrive there right now, so newcomers only read for a while. Are you a person?"
            ),
            {"nexus": nexus_of(unit, raid.nexus_id).name},
            buttons=offer(
                unit,
                [Choice(N_("I am, let me write"), "raid.verify", {"case": f"={case.id}"})],
                person_id=one.person_id,
                nexus_id=raid.nexus_id,
                lifetime=DAY,
            ),
        )
