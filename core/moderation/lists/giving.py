"""Letting people back in whom a list had kept out, and following a list no more."""

from __future__ import annotations

from core.errors import N_
from core.moderation.cases import appeals, cases, undo
from core.moderation.cases.cases import FROM_LIST, Case
from core.moderation.guards import judged
from core.moderation.lists import follows, telling
from core.moderation.lists.follows import Follow
from core.store import Unit

OFF = N_("they are on that list no more")
UNFOLLOWED = N_("that list is not followed any more")


def let_back(
    unit: Unit,
    one: Follow,
    case: Case,
    *,
    undone: bool,
    who: undo.Who | None = None,
    why: str = FROM_LIST,
    reason: str = OFF,
) -> Case:
    """End a ban that came from a list, by a case of its own. `undone`: the list itself says that it was a mistake."""
    who = who or undo.Who()
    made = cases.open_case(
        unit,
        nexus_id=case.nexus_id,
        kind="unban",
        person_id=case.person_id,
        account_id=case.account_id,
        reason=reason,
        by_id=who.person_id,
        why=why,
        rule=follows.rule_of(unit, one),
    )
    log = f"Case {made.number}, ban {made.rule}: {reason}"
    if undone and who.person_id is not None:
        undo.undo(unit, case, who, log)
    else:
        undo.end(unit, case, who, log)  # what nobody undoes counts as not done, and this was
    if undone:
        judged.wrong(unit, case)
        appeals.granted(unit, case, reason, who.person_id)
    telling.you_may_come_back(unit, case)
    return made


def bans_of(unit: Unit, one: Follow) -> list[Case]:
    """The bans that stand because of a list and of no other that is followed."""
    return [
        case
        for entry in follows.entries_of(unit, one.id)
        if entry.state == "banned" and entry.case_id is not None and not follows.held_by_another(unit, entry)
        if (case := cases.case_of(unit, entry.case_id)).state == "standing"
    ]


def end(unit: Unit, one: Follow, by_id: int) -> None:
    """Follow a list no more. What moderators were asked is closed; bans stay until somebody lifts them."""
    for entry in follows.entries_of(unit, one.id):
        if entry.state == "asked" and entry.case_id is not None:
            case = cases.case_of(unit, entry.case_id)
            if case.state == "open":
                cases.move(unit, case, "closed", by_id)
        if entry.state in ("asked", "counted", "known"):
            follows.move(unit, entry, "over")
    follows.end(unit, one, by_id)
