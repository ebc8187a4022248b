"""What moderators say of what came of a list: too often wrong, and it only asks from now on, as rules do."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from core.errors import N_
from core.moderation.cases.cases import Case
from core.moderation.guards.counts import COUNTED, too_often
from core.moderation.guards.tables import guard_hit
from core.moderation.lists import follows
from core.moderation.lists.follows import Follow
from core.moderation.lists.tables import ban_entry
from core.nexuses.members import stewards_of
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.store import Unit

_FELL_BACK = N_(
    "The ban list of {source} was wrong too often for {nexus}. From now on I ask the moderators before I ban anybody "
    "who is on it."
)
_ALL = (
    select(guard_hit.c.state)
    .join(ban_entry, ban_entry.c.case_id == guard_hit.c.case_id)
    .where(ban_entry.c.follow_id == bindparam("follow"), guard_hit.c.at > bindparam("since"))
)
_DONE = _ALL.where(guard_hit.c.mode == "act")


def wrong(unit: Unit, case: Case) -> None:
    """A card was dismissed, or a ban undone or overturned: it is decided there, and may have been once too often."""
    found = follows.entries_with(unit, case.id)
    follows.case_said(unit, case.id, "dismissed")
    for entry in found:
        one = follows.follow_of(unit, entry.follow_id)
        if one.state == "active" and one.mode == "act" and over_budget(unit, one):
            follows.ask_from_now_on(unit, one)
            data = {"source": nexus_of(unit, one.source_id).name, "nexus": nexus_of(unit, one.nexus_id).name}
            for steward in stewards_of(unit, one.nexus_id):
                notify(unit, steward, _FELL_BACK, data)


def over_budget(unit: Unit, one: Follow) -> bool:
    """Whether a list was wrong too often in what came of it without asking."""
    states = [row["state"] for row in unit.rows(_DONE, follow=one.id, since=unit.now - COUNTED)]
    return too_often(states.count("wrong"), len(states))


def judged(unit: Unit, one: Follow) -> list[str]:
    """What was said of whom a list met within thirty days: found (nothing yet), right or wrong."""
    return [row["state"] for row in unit.rows(_ALL, follow=one.id, since=unit.now - COUNTED)]
