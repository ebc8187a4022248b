"""Raids: many arrive at once. For a while the door is closed, talk is slowed, and newcomers read before they write.

A raid is a case of the Nexus with an end, which is moved on while people keep arriving; what it did is reversed when it
is over, or at once when it is undone. Whoever arrives meanwhile has a case of their own below it, ends it by showing
that they are somebody, and is released with the raid in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, bindparam, func, or_, select, update

from core.buttons.buttons import Choice, offer
from core.clock import DAY, HOUR, MINUTE
from core.errors import N_
from core.moderation.cases import acts, cases
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Case
from core.moderation.cases.spots import Spot, act_in, spots_of
from core.moderation.cases.tables import mod_act, mod_case
from core.moderation.cases.telling import tell_moderators
from core.nexuses.members import standing_in
from core.nexuses.roles import out_of_reach
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.people.tables import account
from core.places.places import Place
from core.places.tables import place
from core.store import Unit

RULE = "raid"
LASTS = 15 * MINUTE
AT_MOST = 6 * HOUR  # released by us with the raid; should we be gone, the platform releases them then
GOES_ON = 5 * MINUTE  # of its end from which a raid that goes on is made longer
SLOW = 30  # seconds between two messages of one person
# Newcomers of one raid who are asked in private whether they are a person. Platforms take a bot that writes to hundreds
# of strangers for a spammer itself; whoever comes later reads until it is over, or until a moderator lets them write.
MOST_ASKED = 50
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
_server = place.alias("server")
_PLACES = (
    select(place.c.platform, place.c.workspace, place.c.external_id)
    .outerjoin(
        _server,
        and_(
            _server.c.platform == place.c.platform,
            _server.c.workspace == place.c.workspace,
            _server.c.external_id == "",
            place.c.nexus_id.is_(None),
            place.c.bound_by.is_(None),
        ),
    )
    .where(
        or_(place.c.nexus_id == bindparam("nexus_id"), _server.c.nexus_id == bindparam("nexus_id")),
        place.c.kind != "direct",
        place.c.external_id.not_in(("", place.c.workspace)),
        place.c.thread == "",
    )
    .order_by(place.c.nexus_id.is_(None), place.c.id)
    .limit(MOST_PLACES)
)
_QUARANTINED = select(mod_case.c.state).where(
    mod_case.c.parent_id == bindparam("raid_id"), mod_case.c.person_id == bindparam("person_id")
)
_HOW_MANY = select(func.count()).select_from(mod_case).where(mod_case.c.parent_id == bindparam("raid_id"))
_KEPT = (
    select(account.c.platform, account.c.workspace, account.c.external_id, mod_case.c.state)
    .join(mod_case, mod_case.c.account_id == account.c.id)
    .where(mod_case.c.parent_id == bindparam("raid_id"))
)
# How long the platforms keep somebody quiet by themselves: as it was said last.
_LAST = (
    select(func.max(mod_act.c.id).label("id"))
    .join(mod_case, mod_case.c.id == mod_act.c.case_id)
    .where(
        mod_case.c.parent_id == bindparam("raid_id"),
        mod_case.c.state == "standing",
        mod_act.c.reverses.is_(None),
        mod_act.c.state.in_(("waiting", "done")),
    )
    .group_by(mod_act.c.case_id, mod_act.c.platform, mod_act.c.workspace, mod_act.c.place)
    .subquery()
)
_TOO_SHORT = select(mod_act).where(mod_act.c.id.in_(select(_LAST.c.id)), mod_act.c.until < bindparam("least"))


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
    if here is not None and not here.direct and here.external_id not in ("", here.workspace):
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
    """People keep arriving: it lasts longer, also where a platform would end it by itself before that."""
    assert raid.until is not None
    if raid.until - unit.now < GOES_ON:
        later = unit.now + LASTS
        unit.changed(_LONGER, case_id=raid.id, later=later)
        unit.changed(_CHILDREN_LONGER, of_case=raid.id, later=later)
        for act in unit.rows(_TOO_SHORT, raid_id=raid.id, least=later + HOUR):
            acts.renew(unit, {**act, "until": later + AT_MOST}, unit.now)
    return cases.case_of(unit, raid.id)


def kept_quiet(unit: Unit, raid: Case) -> dict[tuple[str, str, str], bool]:
    """Who arrived during a raid (platform, workspace, the platform's id), and whether they are kept from writing."""
    rows = unit.rows(_KEPT, raid_id=raid.id)
    return {(row["platform"], row["workspace"], row["external_id"]): row["state"] == "standing" for row in rows}


def take_away(unit: Unit, raid: Case, here: Place, thread: str, messages: Sequence[str]) -> None:
    """What they wrote all the same, before the platform kept them from it, goes: many in one deletion."""
    said = f"Case {raid.number}: arrived during a raid"
    todo = Todo(here.platform, here.workspace, "delete", place=here.external_id, thread=thread, reason=said)
    for at in range(0, len(messages), acts.AT_ONCE):
        acts.delete_too(unit, raid.id, replace(todo, messages=tuple(messages[at : at + acts.AT_ONCE])))


def arrived(unit: Unit, raid: Case, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Whoever arrives during a raid reads before they write; the first are told how to show that they are somebody.

    Returns those whom it keeps quiet from now on: also where that was decided before, and they have not shown it yet.
    """
    spots: dict[int, list[Spot]] = {}
    nexus = nexus_of(unit, raid.nexus_id)
    asked = int(unit.value(_HOW_MANY, raid_id=raid.id))
    kept = []
    for one in arrivals:
        if out_of_reach(standing_in(unit, one.person_id, raid.nexus_id)[0]):
            continue
        earlier = unit.value(_QUARANTINED, raid_id=raid.id, person_id=one.person_id)
        if earlier is not None:
            kept += [one] * (earlier == "standing")
            continue
        if one.here.id not in spots:
            spots[one.here.id] = spots_of(unit, raid.nexus_id, one.here)
        case = _keep_quiet(unit, raid, one, spots[one.here.id])
        if asked < MOST_ASKED:
            asked += 1
            _ask(unit, case, one, nexus.name)
        kept.append(one)
    return kept


def _keep_quiet(unit: Unit, raid: Case, one: Arrival, spots: Sequence[Spot]) -> Case:
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
    act_in(unit, case.id, spots, todo)
    return case


def _ask(unit: Unit, case: Case, one: Arrival, nexus: str) -> None:
    template = N_(
        "Welcome to {nexus}. Many arrive there right now, so newcomers only read for a while. Are you a person?"
    )
    choices = [Choice(N_("I am, let me write"), "raid.verify", {"case": f"={case.id}"})]
    buttons = offer(unit, choices, person_id=one.person_id, nexus_id=case.nexus_id, lifetime=DAY)
    notify(unit, one.person_id, template, {"nexus": nexus}, buttons=buttons)
