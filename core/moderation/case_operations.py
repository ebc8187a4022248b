"""Cases as people read and complete them, and undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.cases import CaseField, is_about_caller, may_see_case, moderates
from core.access.people import may_know_person
from core.access.targets import Target, TargetField
from core.buttons.buttons import Choice
from core.clock import show_day
from core.errors import N_, BadInput, NotAllowed
from core.moderation import says
from core.moderation.cases import acts, appeals, cases, decide, undo
from core.moderation.cases.cases import Case
from core.moderation.guards import judged
from core.nexuses.members import standing_in
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import Text, show_moment
from core.people.people import person_of

CASE = CaseField(N_("the number of the case"))
SHOWN = 20  # cases in a list


@dataclass(frozen=True, slots=True)
class Done:
    """What was done on a platform: what, where, how it went, and what the platform says of it."""

    power: str
    platform: str
    state: str
    said: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a person may see it. For who it is about: without notes, reporters and other people's names."""

    case_id: int
    number: int
    kind: str
    state: str
    name: str
    nexus: str
    reason: str
    decided_by: str
    rule: str
    why: str
    day: str
    until: str
    points: int
    evidence: tuple[str, ...]
    evidence_gone: bool
    done: tuple[Done, ...]
    notes: tuple[str, ...]
    appeal: str
    appeal_state: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    number: int
    kind: str
    state: str
    name: str
    reason: str
    day: str


@dataclass(frozen=True, slots=True)
class CaseList:
    """The newest cases, of one person or of all; `points` are those of the person now."""

    items: tuple[CaseLine, ...]
    name: str
    nexus: str
    points: int
    more: bool


@dataclass(frozen=True, slots=True)
class Completed:
    """A case that got another reason or a note."""

    case_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Undone:
    """A case that was taken back. `lasting`: what cannot come back."""

    case_id: int
    number: int
    kind: str
    name: str
    lasting: tuple[str, ...]


def _name(context: Context, person_id: int | None) -> str:
    return "" if person_id is None else person_of(context.unit, person_id).name


def view_of(context: Context, case: Case) -> CaseView:
    """A case as the caller may see it."""
    unit = context.unit
    full = moderates(context, case.nexus_id) and not is_about_caller(context, case)
    evidence = cases.evidence_of(unit, case.id)
    appeal = appeals.of_case(unit, case.id)
    notes = cases.notes_of(unit, case.id) if full else ()
    return CaseView(
        case.id,
        case.number,
        case.kind,
        case.stands_as,
        _name(context, case.person_id),
        nexus_of(unit, case.nexus_id).name,
        case.reason,
        _name(context, case.by_id) if full else "",
        case.rule,
        case.allowed_by if full else "",
        show_day(case.made_at),
        show_moment(case.until) if case.until else "",
        cases.points_now(case, unit.now),
        tuple(row["words"] for row in evidence if row["words"]),
        case.kind != "report" and not evidence and unit.now - case.made_at > cases.EVIDENCE_FOR,
        tuple(Done(r["power"], r["platform"], r["state"], r["said"]) for r in acts.acts_of(unit, case.id)),
        tuple(f"{_name(context, row['by_id'])}: {row['words']}" for row in notes),
        appeal.words if appeal is not None else "",
        appeal.state if appeal is not None else "",
    )


def _line(context: Context, case: Case) -> CaseLine:
    name = _name(context, case.person_id)
    return CaseLine(case.number, case.kind, case.stands_as, name, case.reason, show_day(case.made_at))


def _may_undo(context: Context, result: CaseView) -> Sequence[Choice]:
    case = cases.case_of(context.unit, result.case_id)
    if case.state != "standing" or case.kind in ("unban", "unlock") or not moderates(context, case.nexus_id):
        return []
    return [Choice(N_("Undo"), "undo", {"case": f"={case.id}"})]


@operation("case", private=True, sealed=True, says=says.CASE, follows=_may_undo)
def show_case(context: Context, case: Annotated[Case, CASE]) -> CaseView:
    """Show a case: what happened, who decided and why they could, what was really done.

    Moderators see all of it; whom it is about sees what is said against them.
    """
    return view_of(context, case)


@operation("cases", private=True, sealed=True, says=says.CASES)
def list_cases(
    context: Context,
    person: Annotated[Target | None, TargetField(N_("whose cases"), known=True)] = None,
) -> CaseList:
    """List the newest cases here, or those about one person; anybody can see their own."""
    unit, nexus_id, me = context.unit, context.nexus_id, context.actor.person_id
    if not moderates(context, nexus_id):
        if person is not None and person.person_id != me:
            raise NotAllowed(N_("Only moderators of {nexus} can see that."), nexus=nexus_of(unit, nexus_id).name)
        found = [case for case in cases.cases_of(unit, me, nexus_id, SHOWN + 1) if case.kind != "report"]
        whom: int | None = me
    else:
        whom = person.person_id if person is not None else None
        all_of_them = (
            cases.newest(unit, nexus_id, SHOWN + 1) if whom is None else cases.cases_of(unit, whom, nexus_id, SHOWN + 1)
        )
        found = [case for case in all_of_them if may_see_case(context, case)]
    return CaseList(
        tuple(_line(context, case) for case in found[:SHOWN]),
        _name(context, whom),
        nexus_of(unit, nexus_id).name,
        cases.points_of(unit, whom, nexus_id) if whom is not None else 0,
        len(found) > SHOWN,
    )


def _moderated(context: Context, case: Case) -> None:
    if not moderates(context, case.nexus_id):
        raise NotAllowed(
            N_("Only moderators of {nexus} can do that."), nexus=nexus_of(context.unit, case.nexus_id).name
        )


@operation("reason", writes=True, who=Who.MODERATOR, says=says.REASON, asks=N_("Change the reason of case {case}?"))
def change_reason(
    context: Context,
    case: Annotated[Case, CASE],
    text: Annotated[str, Text(N_("the reason"), maximum=400, line=True)],
) -> Completed:
    """Change the reason of a case; what it was before is kept with the case."""
    _moderated(context, case)
    if case.reason:
        cases.add_note(context.unit, case.id, context.actor.person_id, "reason", case.reason)
    cases.set_reason(context.unit, case, text)
    context.note(case_id=case.id)
    return Completed(case.id, case.number)


@operation("note", writes=True, who=Who.MODERATOR, says=says.NOTE, asks=N_("Write that to case {case}?"), private=True)
def add_note(
    context: Context,
    case: Annotated[Case, CASE],
    text: Annotated[str, Text(N_("the note"), maximum=1000)],
) -> Completed:
    """Write a note to a case, for its moderators alone."""
    _moderated(context, case)
    cases.add_note(context.unit, case.id, context.actor.person_id, "note", text)
    context.note(case_id=case.id)
    return Completed(case.id, case.number)


def check_may_undo(context: Context, case: Case) -> None:
    """Raises `NotAllowed` where somebody above the caller decided."""
    unit = context.unit
    _moderated(context, case)
    if is_about_caller(context, case):
        raise NotAllowed(N_("That case is about you: somebody else has to decide."))
    if case.kind in ("unban", "unlock"):
        raise NotAllowed(N_("To end that again, ban or lock once more."))
    if case.kind == "report":
        raise BadInput(N_("Case {number} is a report; “dismiss {number}” closes it."), number=case.number)
    if case.by_id is None:
        return
    decider = person_of(unit, case.by_id).id
    if decider == context.actor.person_id:
        return
    mine, _ = standing_in(unit, context.actor.person_id, case.nexus_id)
    theirs, role = standing_in(unit, decider, case.nexus_id)
    if theirs > mine:
        known = may_know_person(unit, context.audience, decider)
        raise NotAllowed(
            N_("{name} decided that as {role}; it takes somebody of that rank to undo it."),
            name=_name(context, case.by_id) if known else N_("Somebody"),
            role=role.split(" ")[0],
        )


def _to_undo(context: Context, case: Case, reason: str = "") -> dict[str, str]:
    check_may_undo(context, case)
    return {"kind": case.kind, "name": _name(context, case.person_id) or nexus_of(context.unit, case.nexus_id).name}


@operation(
    "undo",
    writes=True,
    who=Who.MODERATOR,
    says=says.UNDO,
    asks=N_("Undo case {case} ({kind}, {name})?"),
    preview=_to_undo,
)
def undo_case(
    context: Context,
    case: Annotated[Case, CASE],
    reason: Annotated[str, Text(N_("why"), maximum=400, line=True)] = "",
) -> Undone:
    """Take a decision back: the sanction on every platform, its points and what it counted for."""
    check_may_undo(context, case)
    lasting = undo.undo(context.unit, case, decide.who_asks(context), decide.log_reason(context, case))
    judged.wrong(context.unit, case)
    if reason:
        cases.add_note(context.unit, case.id, context.actor.person_id, "note", reason)
    appeals.granted(context.unit, case, reason, context.actor.person_id)
    context.note(case_id=case.id)
    return Undone(case.id, case.number, case.kind, _name(context, case.person_id), tuple(lasting))


OPERATIONS = (show_case, list_cases, change_reason, add_note, undo_case)
