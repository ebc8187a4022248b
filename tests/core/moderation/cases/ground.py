"""What the walk over all rights needs of cases: some about others, one about whoever walks, a report, an appeal."""

from __future__ import annotations

from core.moderation.cases import appeals
from core.moderation.cases.cases import Case, open_case
from core.moderation.lists import follows, shares
from core.moderation.own.kept import keep
from core.moderation.signals.own import Look, Own
from core.store import Unit


def _case(unit: Unit, nexus_id: int, kind: str, person_id: int | None, **more: object) -> Case:
    given: dict[str, object] = {"by_id": None, "why": "a rule", "rule": "flood", "reason": "too loud"}
    return open_case(unit, nexus_id=nexus_id, kind=kind, person_id=person_id, **(given | more))  # type: ignore[arg-type]


def case_ground(unit: Unit, nexus_id: int, place_id: int, other_id: int, third_id: int) -> dict[str, str]:
    """Cases about two others, by their numbers; the place is locked, and the Nexus has a rule of its own."""
    keep(unit, nexus_id, "nitro", Own(((Look("words", words=("free nitro",)),),), "delete", points=1), other_id)
    _case(unit, nexus_id, "lock", None, place_id=place_id)
    appealed = _case(unit, nexus_id, "warn", third_id, points=1)
    appeals.make(unit, appealed.id, third_id, "it was somebody else")
    return {
        "case": str(_case(unit, nexus_id, "warn", other_id, points=1).number),
        "report": str(_case(unit, nexus_id, "report", other_id, state="open", rule="").number),
        "appealed": str(appealed.number),
        "rule": "nitro",
    }


def list_ground(unit: Unit, nexus_id: int, offered_id: int, followed_id: int, by_id: int) -> None:
    """The lists of two others may be followed, and one is; the Nexus shares its own."""
    for source in (nexus_id, offered_id, followed_id):
        shares.share(unit, source, shares.ANY, reasons=False, by_id=by_id)
    follows.follow(unit, nexus_id, followed_id, "shadow", by_id=by_id)


def own_case(unit: Unit, nexus_id: int, person_id: int) -> str:
    """The number of a case about somebody, against which they can appeal."""
    return str(_case(unit, nexus_id, "warn", person_id, points=1).number)
