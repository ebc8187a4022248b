"""Other accounts of whom a case is about: what was decided holds on one platform, and is proposed for the others."""

from __future__ import annotations

from core.buttons.buttons import Choice
from core.errors import N_
from core.moderation.cases import acts
from core.moderation.cases.cases import Case
from core.moderation.cases.spots import spots_of
from core.people.people import accounts_of, person_of
from core.store import Unit


def also_choices(unit: Unit, case: Case, platform: str) -> list[Choice]:
    """A button for each of them. They have a name on it where the platform alone does not tell which is meant:
    where there are several, and on `platform`, where it was decided."""
    others = _others(unit, case)
    there = [platform, *(one["platform"] for one in others)]
    made = []
    for one in others:
        label = N_("Also {name} on {platform}") if there.count(one["platform"]) > 1 else N_("Also on {platform}")
        said = label.format(name=one["name"], platform=str(one["platform"]).capitalize())
        made.append(Choice(said, "sanction.also", {"case": f"={case.id}", "account": f"={one['id']}"}))
    return made


def _others(unit: Unit, case: Case) -> list[dict[str, object]]:
    """Their other accounts, where the Nexus is as well and nothing was done to them for this case."""
    if case.person_id is None:
        return []
    where = {spot.platform for spot in spots_of(unit, case.nexus_id)}
    accounts = accounts_of(unit, person_of(unit, case.person_id).id)
    done = {row["account_id"] for row in acts.acts_of(unit, case.id)} | {case.account_id}
    return [one for one in accounts if one["platform"] in where and one["id"] not in done]
