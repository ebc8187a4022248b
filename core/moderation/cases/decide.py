"""Deciding about a person: the checks, the case, and what is to be done on platforms.

Decision rule for who may be acted on: nobody acts on themselves, or on somebody whose standing in the Nexus is not
below their own; about whoever keeps the money it takes a steward. What the platform's own hierarchy forbids, the
platform is asked right before an act is carried out. A decision holds on the platform where it is made, in every place
of the Nexus there; for the person's accounts on other platforms it is only proposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.access.targets import Target
from core.buttons.buttons import Choice
from core.clock import DAY
from core.errors import N_, NotAllowed
from core.moderation.cases import acts, cases, outcome, undo
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Case, Message
from core.moderation.cases.elsewhere import also_choices
from core.moderation.cases.spots import act_on, spots_of
from core.nexuses.members import keep_out, standing_in
from core.nexuses.roles import out_of_reach
from core.operations.context import Context
from core.people.people import accounts_of
from core.places.places import Place, place_of

POWERS = {"timeout": "timeout", "kick": "kick", "ban": "ban", "unban": "unban"}

# What the ladder proposes when a person has so many points: a kind of case and how long (ms; 0: without end).
LADDER = ((3, "timeout", DAY), (5, "ban", 7 * DAY), (8, "ban", 0))


@dataclass(frozen=True, slots=True)
class Step:
    """What the ladder proposes: a kind of case, and how long (ms; 0: without end)."""

    kind: str
    length: int


def check_may_act(context: Context, target: Target, nexus_id: int) -> str:
    """Raises `NotAllowed` where the person stands too high. Returns why the caller may, for the case."""
    unit = context.unit
    if target.person_id == context.actor.person_id:
        raise NotAllowed(N_("That would be you. I don't do that to the one who asks."))
    mine, why = standing_in(unit, context.actor.person_id, nexus_id)
    theirs, role = standing_in(unit, target.person_id, nexus_id)
    if out_of_reach(theirs, mine):
        raise NotAllowed(
            N_("{name} is {role} here, and that is not below your own role. Somebody above both has to decide it."),
            name=target.name,
            role=role.split(" ")[0] if theirs > 0 else "a guest",
        )
    return why


def standing_of(context: Context, nexus_id: int) -> str:
    """Why the caller may decide in a Nexus."""
    return standing_in(context.unit, context.actor.person_id, nexus_id)[1]


def here_of(context: Context) -> Place | None:
    """The shared place in which it is said, with its thread; None in a direct chat and on the command line."""
    if not context.where.place_id:
        return None
    found = place_of(context.unit, context.where.place_id)
    return None if found.direct else replace(found, thread=context.where.thread or found.thread)


def evidence_here(context: Context, target: Target | None) -> list[Message]:
    """The message that is answered, as evidence: nobody else's words count against the target."""
    answered, here = context.where.answered, here_of(context)
    if answered is None or here is None:
        return []
    if target is not None and (answered.author is None or answered.author.external_id != target.external_id):
        return []
    return [
        Message(
            here.platform,
            here.workspace,
            here.external_id,
            answered.message_id,
            target.person_id if target is not None else None,
            answered.words,
            here.thread,
        )
    ]


def sanction(
    context: Context,
    target: Target,
    kind: str,
    *,
    reason: str = "",
    until: int | None = None,
    points: int = 0,
    evidence: Sequence[Message] | None = None,
) -> Case:
    """Decide about a person, have it done on this platform, and have them told. `until` in ms since epoch.

    `evidence`: what it is about; None: the message that is answered.
    """
    unit, nexus_id, here = context.unit, context.nexus_id, here_of(context)
    why = check_may_act(context, target, nexus_id)
    case = cases.open_case(
        unit,
        nexus_id=nexus_id,
        kind=kind,
        person_id=target.person_id,
        account_id=target.account_id or None,
        place_id=here.id if here is not None else None,
        reason=reason,
        by_id=context.actor.person_id,
        why=why,
        points=points,
        until=until,
        evidence=evidence_here(context, target) if evidence is None else evidence,
    )
    context.note(case_id=case.id, kind=kind)
    if kind in POWERS and target.account_id:
        carry_out(context, case, POWERS[kind], target.account_id, context.where.platform, here)
    if kind == "ban":
        keep_out(unit, target.person_id, nexus_id)
    if not acts.acts_of(unit, case.id) and kind in ("warn", "ban"):
        outcome.tell_of_decision(unit, case)  # all of it is done; where platforms act, they are told when one has
    return case


def carry_out(context: Context, case: Case, power: str, account_id: int, platform: str, here: Place | None) -> None:
    """Queue what a case does to an account, wherever the Nexus is on its platform."""
    todo = Todo(
        platform,
        "",
        power,
        account_id=account_id,
        by_id=by_account(context, platform),
        until=case.until,
        reason=log_reason(context, case),
        turn=context.key,
        asker_id=context.actor.person_id,
    )
    act_on(context.unit, case.id, case.nexus_id, here, todo)


def by_account(context: Context, platform: str) -> int | None:
    """The account of who decides on that platform: the one they speak through, or theirs there; None: none."""
    own = accounts_of(context.unit, context.actor.person_id)
    there = [one["id"] for one in own if one["platform"] == platform]
    if context.actor.account_id in there:
        return context.actor.account_id
    return there[0] if there else None


def who_asks(context: Context) -> undo.Who:
    """The caller, as the one who takes something back."""
    platforms = {spot.platform for spot in spots_of(context.unit, context.nexus_id)} | {context.where.platform}
    mine = {platform: by_account(context, platform) for platform in platforms}
    return undo.Who(context.actor.person_id, mine, context.key)


def log_reason(context: Context, case: Case) -> str:
    """What stands in the platform's own log: the number of the case, who decided, and the reason."""
    said = f"Case {case.number}, {context.actor.name}"
    return f"{said}: {case.reason}" if case.reason else said


def next_step(points: int) -> Step | None:
    """What the ladder proposes for so many points. Pure."""
    found = None
    for least, kind, length in LADDER:
        if points >= least:
            found = Step(kind, length)
    return found


def choices_after(context: Context, case: Case) -> Sequence[Choice]:
    """The buttons below a decision: the same on other platforms, the next step of the ladder, and undo."""
    made = also_choices(context.unit, case, context.where.platform) if case.kind in POWERS else []
    if case.kind == "warn" and case.person_id is not None:
        step = next_step(cases.points_of(context.unit, case.person_id, case.nexus_id))
        if step is not None:
            made.append(_proposed(case, step))
    return [*made, Choice(N_("Undo"), "undo", {"case": f"={case.id}"})]


def _proposed(case: Case, step: Step) -> Choice:
    whom = f"=@{case.account_id}" if case.account_id else f"={case.person_id}"
    given = {"person": whom, "reason": N_("too many warnings")}
    if step.length:
        given["duration"] = f"{step.length // DAY}d"
    if step.kind == "timeout":
        return Choice(N_("Time out for a day"), "timeout", given)
    return Choice(N_("Ban for a week") if step.length else N_("Ban"), "ban", given)
