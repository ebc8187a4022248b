"""Open reports: which of them a message is about, and closing them when something was done about it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from core.errors import N_
from core.moderation.cases import cases
from core.moderation.cases.cases import Case, Message
from core.moderation.cases.tables import mod_case, mod_evidence
from core.store import Unit

_ABOUT = (
    select(mod_case.c.id)
    .join(mod_evidence, mod_evidence.c.case_id == mod_case.c.id)
    .where(
        mod_case.c.state == "open",
        mod_case.c.kind == "report",
        mod_case.c.nexus_id == bindparam("nexus_id"),
        mod_evidence.c.platform == bindparam("platform"),
        mod_evidence.c.workspace == bindparam("workspace"),
        mod_evidence.c.place == bindparam("place"),
        mod_evidence.c.message_id == bindparam("message_id"),
    )
    .order_by(mod_case.c.id)
)


def about(unit: Unit, nexus_id: int, message: Message) -> list[Case]:
    """The open reports about a message."""
    if not message.message_id:
        return []
    where = {name: getattr(message, name) for name in ("platform", "workspace", "place", "message_id")}
    return [cases.case_of(unit, row["id"]) for row in unit.rows(_ABOUT, nexus_id=nexus_id, **where)]


def evidence_for(unit: Unit, report: Case) -> list[Message]:
    """What a report is about, as evidence of what is decided because of it."""
    return [
        Message(
            row["platform"],
            row["workspace"],
            row["place"],
            row["message_id"],
            row["person_id"],
            row["words"],
            row["thread"],
        )
        for row in cases.evidence_of(unit, report.id)
    ]


def upheld(unit: Unit, found: Sequence[Case], made: Case, by_id: int) -> None:
    """They were right: they are closed, and say which case came of them. Raises `Conflict` if somebody was faster."""
    for report in found:
        cases.move(unit, report, "closed", by_id)
        cases.add_note(unit, report.id, by_id, "note", N_("It led to case {number}.").format(number=made.number))
