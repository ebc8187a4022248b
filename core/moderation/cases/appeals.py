"""Appeals: one for each case, by whom it is about, decided by somebody other than who decided the case."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from core.errors import N_, Conflict
from core.moderation.cases.cases import Case
from core.moderation.cases.tables import mod_appeal
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.store import Unit

STANDS = N_("Somebody else looked at case {number} in {nexus}: it stands{answer}.")
OVERTURNED = N_("Somebody else looked at case {number} in {nexus}: it is undone{answer}.")
TAKEN_BACK = N_("Case {number} in {nexus} was taken back and is undone{answer}.")

_ADD = insert(mod_appeal)
_OF = select(mod_appeal).where(mod_appeal.c.case_id == bindparam("case_id"))
_DECIDE = (
    update(mod_appeal)
    .where(mod_appeal.c.case_id == bindparam("which"), mod_appeal.c.state == "open")
    .values(
        state=bindparam("new_state"), answer=bindparam("said"), decided_by=bindparam("who"), decided_at=bindparam("at")
    )
)


@dataclass(frozen=True, slots=True)
class Appeal:
    """What somebody says against a case, and what came of it."""

    case_id: int
    person_id: int
    words: str
    state: str
    answer: str


def of_case(unit: Unit, case_id: int) -> Appeal | None:
    """The appeal against a case, if there is one."""
    row = unit.row(_OF, case_id=case_id)
    return None if row is None else Appeal(**{name: row[name] for name in Appeal.__slots__})


def make(unit: Unit, case_id: int, person_id: int, words: str) -> None:
    """Appeal. Raises `Conflict` if that was done before."""
    if of_case(unit, case_id) is not None:
        raise Conflict(N_("You have appealed already; a case is looked at once."))
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "case_id": case_id,
            "person_id": person_id,
            "words": words,
            "state": "open",
            "answer": "",
            "made_at": unit.now,
            "decided_by": None,
            "decided_at": None,
        },
    )


def decide(unit: Unit, case_id: int, state: str, answer: str, by_id: int | None) -> None:
    """Decide an open appeal. Raises `Conflict` if there is none, or somebody was faster."""
    if unit.changed(_DECIDE, which=case_id, new_state=state, said=answer, who=by_id, at=unit.now) != 1:
        raise Conflict(N_("No appeal is open there."))


def tell(unit: Unit, case: Case, template: str, answer: str) -> None:
    """Tell whoever appealed what came of it: one of the sentences above."""
    assert case.person_id is not None
    said = f": {answer.rstrip('.')}" if answer else ""
    data = {"number": case.number, "nexus": nexus_of(unit, case.nexus_id).name, "answer": said}
    notify(unit, case.person_id, template, data)


def granted(unit: Unit, case: Case, answer: str, by_id: int | None) -> None:
    """The case was undone without a look at the appeal: whoever waits for an answer gets it by that."""
    found = of_case(unit, case.id)
    if found is not None and found.state == "open":
        decide(unit, case.id, "overturned", answer, by_id)
        tell(unit, case, TAKEN_BACK, answer)
