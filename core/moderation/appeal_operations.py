"""Reports and appeals: what anybody may ask moderators to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.cases import CaseField, moderates
from core.access.targets import Target, TargetField
from core.buttons.buttons import Choice
from core.clock import HOUR
from core.errors import N_, BadInput, Missing, NotAllowed, NotFound
from core.moderation import says
from core.moderation.cases import appeals, cases, decide, undo
from core.moderation.cases.cases import Case
from core.moderation.cases.telling import tell_moderators
from core.moderation.guards import judged
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Shortcut, Who, operation
from core.operations.fields import Text
from core.people.people import numbers_of, person_of
from core.quotas.quota import Quota

REPORTS = Quota("moderation_report", 10, HOUR)

CASE = CaseField(N_("the number of the case"))


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that moderators were told of; `told` is how many."""

    case_id: int
    number: int
    name: str
    told: int


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal that others were told of; `told` is how many, 0 if nobody else moderates there."""

    case_id: int
    number: int
    told: int


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """An appeal that was decided; `lasting`: what cannot come back."""

    case_id: int
    number: int
    name: str
    lasting: tuple[str, ...] = ()


@operation(
    "report",
    writes=True,
    says=says.REPORT,
    asks=N_("Report that to the moderators?"),
    private=True,
    quota=REPORTS,
    shortcut=Shortcut(N_("Report message"), "message", "message"),
)
def report(
    context: Context,
    reason: Annotated[str, Text(N_("what is wrong"), maximum=400, line=True)] = "",
    person: Annotated[Target | None, TargetField(N_("whom it is about"))] = None,
    message: Annotated[str, Text(N_("the message"), maximum=4000)] = "",
) -> Reported:
    """Tell the moderators of a message or of somebody. Nobody else learns that it was you."""
    unit, me = context.unit, context.actor.person_id
    answered = context.where.answered
    if person is None and answered is not None and answered.author is not None:
        person = TargetField("").resolve("^", context)
    if person is None and not reason and not message:
        raise Missing(N_("What is it about?"), names=["reason"])
    if person is not None and person.person_id == me:
        raise BadInput(N_("That would be you yourself."))
    here = decide.here_of(context)
    case = cases.open_case(
        unit,
        nexus_id=context.nexus_id,
        kind="report",
        person_id=person.person_id if person is not None else None,
        account_id=(person.account_id or None) if person is not None else None,
        place_id=here.id if here is not None else None,
        reason=reason,
        by_id=None,
        why="report",
        state="open",
        evidence=decide.evidence_here(context, person),
    )
    cases.add_note(unit, case.id, me, "report", reason or message or N_("(no words)"))
    told = _tell_of_report(context, case, person, but=[me, person.person_id if person is not None else None])
    context.note(case_id=case.id)
    return Reported(case.id, case.number, person.name if person is not None else "", told)


def _tell_of_report(context: Context, case: Case, person: Target | None, *, but: Sequence[int | None]) -> int:
    unit, name = context.unit, person.name if person is not None else ""
    choices = [Choice(N_("Dismiss"), "dismiss", {"case": f"={case.id}"})]
    if case.person_id is not None:
        choices.insert(0, Choice(N_("Warn"), "reported.warn", {"case": f"={case.id}"}))
    template = N_("A report in {nexus} about {name}: {reason}.") if name else N_("A report in {nexus}: {reason}.")
    reason = case.reason or N_("no reason given")
    data = {"nexus": nexus_of(unit, case.nexus_id).name, "name": name, "reason": reason}
    return tell_moderators(unit, case.nexus_id, template, data, choices, shows=case, but=but)


@operation("dismiss", writes=True, who=Who.MODERATOR, says=says.DISMISS, asks=N_("Close report {case}?"), private=True)
def dismiss(context: Context, case: Annotated[Case, CASE]) -> Reported:
    """Close a report: there is nothing to do, or it was done."""
    if not moderates(context, case.nexus_id):
        raise NotAllowed(N_("Only moderators can do that."))
    if case.kind != "report" or case.state != "open":
        raise BadInput(N_("Case {number} is no open report."), number=case.number)
    cases.move(context.unit, case, "closed", context.actor.person_id)
    judged.wrong(context.unit, case)
    context.note(case_id=case.id)
    name = person_of(context.unit, case.person_id).name if case.person_id is not None else ""
    return Reported(case.id, case.number, name, 0)


@operation("appeal", writes=True, says=says.APPEAL, asks=N_("Appeal against case {case}?"), private=True)
def appeal(
    context: Context,
    case: Annotated[Case, CASE],
    text: Annotated[str, Text(N_("why it is wrong, in your words"), maximum=1000)],
) -> Appealed:
    """Ask another moderator to look at what was decided about you."""
    unit, me = context.unit, context.actor.person_id
    if case.person_id is None or case.person_id not in numbers_of(unit, me):
        raise NotFound(N_("I know no case {number} here that is about you."), number=case.number)
    if case.kind not in cases.SANCTIONS or case.state != "standing":
        raise BadInput(N_("Case {number} is over; there is nothing to appeal against."), number=case.number)
    appeals.make(unit, case.id, me, text)
    data = {
        "name": person_of(unit, me).name,
        "number": case.number,
        "nexus": nexus_of(unit, case.nexus_id).name,
        "text": text,
    }
    choices = [
        Choice(N_("It stands"), "uphold", {"case": f"={case.id}"}),
        Choice(N_("Overturn"), "overturn", {"case": f"={case.id}"}),
    ]
    template = N_("{name} appeals against case {number} in {nexus}: “{text}”")
    but = [me, _decider(context, case)]
    told = tell_moderators(unit, case.nexus_id, template, data, choices, shows=case, but=but)
    context.note(case_id=case.id)
    return Appealed(case.id, case.number, told)


def _decider(context: Context, case: Case) -> int | None:
    """Who decided a case, also where that number has become part of somebody since; None: a rule."""
    return None if case.by_id is None else person_of(context.unit, case.by_id).id


def _check_decides(context: Context, case: Case) -> None:
    if not moderates(context, case.nexus_id):
        raise NotAllowed(N_("Only moderators can do that."))
    if _decider(context, case) == context.actor.person_id:
        raise NotAllowed(
            N_("You decided case {number} yourself: another moderator has to look at it."), number=case.number
        )
    if case.person_id is not None and case.person_id in numbers_of(context.unit, context.actor.person_id):
        raise NotAllowed(N_("That case is about you: somebody else has to decide."))


ANSWER = Text(N_("what you answer them"), maximum=400, line=True)


@operation(
    "uphold",
    writes=True,
    who=Who.MODERATOR,
    says=says.UPHOLD,
    confirm=Confirm.WHEN_GUESSED,
    asks=N_("Leave case {case} as it is?"),
    private=True,
)
def uphold(context: Context, case: Annotated[Case, CASE], answer: Annotated[str, ANSWER] = "") -> AppealDecided:
    """Decide an appeal: what was decided stands. They are told."""
    _check_decides(context, case)
    appeals.decide(context.unit, case.id, "upheld", answer, context.actor.person_id)
    judged.right(context.unit, case)
    appeals.tell(context.unit, case, appeals.STANDS, answer)
    context.note(case_id=case.id)
    assert case.person_id is not None
    return AppealDecided(case.id, case.number, person_of(context.unit, case.person_id).name)


@operation(
    "overturn",
    writes=True,
    who=Who.MODERATOR,
    says=says.OVERTURN,
    asks=N_("Overturn case {case}? Everything in it is undone."),
    private=True,
)
def overturn(context: Context, case: Annotated[Case, CASE], answer: Annotated[str, ANSWER] = "") -> AppealDecided:
    """Decide an appeal: it was wrong, and everything in the case is undone. They are told."""
    _check_decides(context, case)
    appeals.decide(context.unit, case.id, "overturned", answer, context.actor.person_id)
    lasting = undo.undo(context.unit, case, decide.who_asks(context), decide.log_reason(context, case))
    judged.wrong(context.unit, case)
    appeals.tell(context.unit, case, appeals.OVERTURNED, answer)
    context.note(case_id=case.id)
    assert case.person_id is not None
    return AppealDecided(case.id, case.number, person_of(context.unit, case.person_id).name, tuple(lasting))


OPERATIONS = (report, dismiss, appeal, uphold, overturn)
