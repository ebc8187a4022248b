"""What moderators do about people: warn, time out, remove, ban, and let back in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from core.access.cases import CaseField, moderates
from core.access.targets import Target, TargetField
from core.buttons.buttons import Choice
from core.clock import DAY, HOUR
from core.errors import N_, BadInput, Missing, NotAllowed
from core.moderation import says
from core.moderation.case_operations import check_may_undo
from core.moderation.cases import acts, cases, decide, reports, undo
from core.moderation.cases.cases import Case
from core.moderation.guards import judged
from core.nexuses.members import keep_out, lift
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Shortcut, Who, operation
from core.operations.fields import Duration, Reference, Text, show_moment
from core.operations.fields.base import frozen_id
from core.people.people import account_of, person_of
from core.quotas.quota import Quota
from core.quotas.quotas import spend

# A stolen account of a moderator must not empty a server: more in an hour than anybody needs on a bad day, and few
# enough that each of them can be looked at and undone.
OUT = Quota("moderation_out", 20, HOUR)
WARNED = Quota("moderation_warn", 60, HOUR)
LONGEST = 366 * DAY

PERSON = TargetField(N_("whom: a mention, an id, or nobody where you answer their message"))
REASON = Text(N_("the reason"), maximum=400, line=True)
LENGTH = Duration(N_("how long"), maximum=LONGEST)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a person. `until` as people read it, "" without an end; `points`: what they have now;
    `reports`: the numbers of those that are closed with it."""

    case_id: int
    number: int
    kind: str
    name: str
    nexus: str
    until: str
    reason: str
    points: int
    unreached: bool
    reports: tuple[int, ...] = ()


def _decided(context: Context, target: Target, kind: str, **more: Any) -> Decision:
    """Decide it, and close the reports about the message that is answered: they were right."""
    case = decide.sanction(context, target, kind, **more)
    about = [
        report
        for message in decide.evidence_here(context, target)
        for report in reports.about(context.unit, case.nexus_id, message)
    ]
    return _with_reports(context, case, about)


def _with_reports(context: Context, case: Case, about: Sequence[Case]) -> Decision:
    reports.upheld(context.unit, about, case, context.actor.person_id)
    for report in about:
        judged.right(context.unit, report)
    return replace(_decision(context, case), reports=tuple(report.number for report in about))


def _decision(context: Context, case: Case) -> Decision:
    assert case.person_id is not None
    unit = context.unit
    return Decision(
        case.id,
        case.number,
        case.kind,
        person_of(unit, case.person_id).name,
        nexus_of(unit, case.nexus_id).name,
        show_moment(case.until) if case.until else "",
        case.reason,
        cases.points_of(unit, case.person_id, case.nexus_id),
        case.kind in decide.POWERS and not _reached(context, case),
    )


def _reached(context: Context, case: Case) -> bool:
    """Whether anything is done on a platform: for the case itself, or by ending earlier ones in this call."""
    return bool(acts.acts_of(context.unit, case.id) or (context.key and acts.acts_of_turn(context.unit, context.key)))


def _after(context: Context, result: Decision) -> Sequence[Choice]:
    return decide.choices_after(context, cases.case_of(context.unit, result.case_id))


def _whom(context: Context, person: Target | None) -> Target:
    """Who was named, or who wrote the message that is answered."""
    if person is not None:
        return person
    answered = context.where.answered
    if answered is None or answered.author is None:
        raise Missing(N_("Whom do you mean?"), names=["person"])
    return PERSON.resolve("^", context)


def _asked(context: Context, person: Target | None = None, **given: object) -> Mapping[str, str]:
    target = _whom(context, person)
    decide.check_may_act(context, target, context.nexus_id)
    return {"person": target.name}


@operation(
    "warn",
    writes=True,
    who=Who.MODERATOR,
    says=says.WARN,
    asks=N_("Warn {person}?"),
    preview=_asked,
    follows=_after,
    quota=WARNED,
    shortcut=Shortcut(N_("Warn"), "person", "person"),
)
def warn(
    context: Context,
    person: Annotated[Target | None, PERSON] = None,
    reason: Annotated[str, REASON] = "",
) -> Decision:
    """Warn somebody: it counts a point, which fades after thirty days.

    They are told, with the reason, and can appeal. With three points I propose a day of silence, with five a week out.
    """
    return _decided(context, _whom(context, person), "warn", reason=reason, points=1)


@operation(
    "timeout",
    writes=True,
    who=Who.MODERATOR,
    says=says.TIMEOUT,
    asks=N_("Keep {person} from writing?"),
    preview=_asked,
    follows=_after,
    quota=WARNED,
)
def timeout(
    context: Context,
    person: Annotated[Target | None, PERSON] = None,
    duration: Annotated[int, LENGTH] = HOUR,
    reason: Annotated[str, REASON] = "",
) -> Decision:
    """Keep somebody from writing for a while; an hour unless you say how long."""
    target = _whom(context, person)
    return _decided(context, target, "timeout", reason=reason, until=context.now + duration, points=2)


@operation(
    "kick",
    writes=True,
    who=Who.MODERATOR,
    says=says.KICK,
    asks=N_("Remove {person}? They can come back."),
    preview=_asked,
    follows=_after,
    quota=OUT,
)
def kick(
    context: Context,
    person: Annotated[Target | None, PERSON] = None,
    reason: Annotated[str, REASON] = "",
) -> Decision:
    """Remove somebody, who may come back."""
    return _decided(context, _whom(context, person), "kick", reason=reason, points=2)


@operation(
    "ban",
    writes=True,
    who=Who.MODERATOR,
    says=says.BAN,
    asks=N_("Ban {person}?"),
    preview=_asked,
    follows=_after,
    quota=OUT,
)
def ban(
    context: Context,
    person: Annotated[Target | None, PERSON] = None,
    duration: Annotated[int | None, LENGTH] = None,
    reason: Annotated[str, REASON] = "",
) -> Decision:
    """Remove somebody and keep them out, for good or for a while; also somebody who is not there."""
    until = None if duration is None else context.now + duration
    target = _whom(context, person)
    return _decided(context, target, "ban", reason=reason, until=until, points=3)


@operation(
    "unban",
    writes=True,
    who=Who.MODERATOR,
    says=says.UNBAN,
    asks=N_("Let {person} come back?"),
    preview=_asked,
    quota=OUT,
)
def unban(
    context: Context,
    person: Annotated[Target, PERSON],
    reason: Annotated[str, REASON] = "",
) -> Decision:
    """Let somebody who is banned come back; also one who was banned by hand."""
    unit, nexus_id = context.unit, context.nexus_id
    why = decide.check_may_act(context, person, nexus_id)
    standing = [
        case
        for case in cases.cases_of(unit, person.person_id, nexus_id, most=500)
        if case.kind == "ban" and case.state == "standing"
    ]
    for one in standing:
        check_may_undo(context, one)
    case = cases.open_case(
        unit,
        nexus_id=nexus_id,
        kind="unban",
        person_id=person.person_id,
        account_id=person.account_id or None,
        reason=reason,
        by_id=context.actor.person_id,
        why=why,
    )
    for one in standing:
        undo.end(unit, one, decide.who_asks(context), decide.log_reason(context, case))
    lift(unit, person.person_id, nexus_id)  # also who is kept out by a case that no longer knows whom it was about
    handled = {row["account_id"] for row in acts.acts_of_turn(unit, context.key)} if context.key else set()
    if person.account_id and person.account_id not in handled:
        here = decide.here_of(context)
        decide.carry_out(context, case, "unban", person.account_id, context.where.platform, here)
    context.note(case_id=case.id, kind="unban")
    return _decision(context, case)


class _AccountField(Reference):
    """An account by its row, from a button."""

    kind = "target"

    def resolve(self, value: object, context: Context) -> int:
        number = frozen_id(str(value))
        if number is None:
            raise BadInput(N_("That only works with the button that I sent for it."))
        return number

    def freeze(self, value: object) -> str:
        return f"={value}"

    def show(self, value: object) -> str:
        return ""


@operation("reported.warn", writes=True, internal=True, private=True, follows=_after)
def warn_for_report(context: Context, case: Annotated[Case, CaseField(N_("which report"))]) -> Decision:
    """Warn whom a report is about: it was right, and is closed."""
    unit = context.unit
    if not moderates(context, case.nexus_id):
        raise NotAllowed(N_("Only moderators can do that."))
    if case.kind != "report" or case.state != "open" or case.person_id is None:
        raise BadInput(N_("Somebody has just dealt with case {number}."), number=case.number)
    spend(unit, context.actor.person_id, WARNED)
    about = person_of(unit, case.person_id)
    target = Target(about.id, about.name, case.account_id or 0, "")
    evidence = reports.evidence_for(unit, case)
    made = decide.sanction(context, target, "warn", reason=case.reason, points=1, evidence=evidence)
    return _with_reports(context, made, [case])


@operation("sanction.also", writes=True, internal=True, asks=N_("Do the same there?"))
def also(
    context: Context,
    case: Annotated[Case, CaseField(N_("which case"))],
    account: Annotated[int, _AccountField(N_("which account"))],
) -> Decision:
    """Carry a decision out on another account of the same person."""
    if not moderates(context, case.nexus_id):
        raise NotAllowed(
            N_("Only moderators of {nexus} can do that."), nexus=nexus_of(context.unit, case.nexus_id).name
        )
    row = account_of(context.unit, account)
    if (
        case.person_id is None
        or row["person_id"] != person_of(context.unit, case.person_id).id
        or not (case.state == "standing" or case.not_done)
        or case.kind not in decide.POWERS
    ):
        raise BadInput(N_("That is not open any more."))
    target = Target(row["person_id"], row["name"], account, row["external_id"])
    decide.check_may_act(context, target, case.nexus_id)
    spend(context.unit, context.actor.person_id, OUT)
    if case.not_done:
        cases.stand_again(context.unit, case)
        if case.kind == "ban":
            keep_out(context.unit, row["person_id"], case.nexus_id)
    decide.carry_out(context, case, decide.POWERS[case.kind], account, row["platform"], None)
    return _decision(context, case)


OPERATIONS = (warn, timeout, kick, ban, unban, warn_for_report, also)
