"""Telling moderators with buttons for each of them, and telling somebody of a case with a button to appeal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from core.buttons.buttons import Choice, offer
from core.clock import DAY
from core.errors import N_
from core.moderation.cases.cases import Case
from core.nexuses.members import holders_of
from core.nexuses.tree import chain
from core.notices.notices import notify
from core.store import Unit

MODERATING = ("moderator", "steward", "owner")
DECIDE_WITHIN = 7 * DAY  # how long the buttons that moderators get work
APPEAL_FOR = 30 * DAY


def moderators_of(unit: Unit, nexus_id: int, *, but: Collection[int | None] = ()) -> list[int]:
    """Who moderates a Nexus, in it or from above; without some people."""
    found: list[int] = []
    for one in chain(unit, nexus_id):
        found += holders_of(unit, one.id, MODERATING)
    return [person for person in dict.fromkeys(found) if person not in but]


def tell_moderators(
    unit: Unit,
    nexus_id: int,
    template: str,
    data: dict[str, Any],
    choices: Sequence[Choice],
    *,
    shows: Case | None = None,
    but: Collection[int | None] = (),
    lifetime: int = DECIDE_WITHIN,
) -> int:
    """Tell everybody who moderates, with buttons of their own and the case that it `shows`. Returns how many."""
    people = moderators_of(unit, nexus_id, but=but)
    for moderator in people:
        notify(
            unit,
            moderator,
            template,
            data,
            buttons=offer(unit, choices, person_id=moderator, nexus_id=nexus_id, lifetime=lifetime),
            card=("case", {"case": f"={shows.id}"}) if shows is not None else None,
        )
    return len(people)


def tell_of_case(unit: Unit, case: Case, template: str, data: dict[str, Any]) -> None:
    """Tell whom a case is about, with a button to appeal."""
    assert case.person_id is not None
    choices = [Choice(N_("Appeal"), "appeal", {"case": f"={case.id}"})]
    buttons = offer(unit, choices, person_id=case.person_id, nexus_id=case.nexus_id, lifetime=APPEAL_FOR)
    notify(unit, case.person_id, template, data, buttons=buttons)
