"""What moderators do about a place: delete its newest messages, close it, slow it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.targets import Target, TargetField
from core.buttons.buttons import Choice
from core.clock import DAY, HOUR
from core.errors import N_, BadInput
from core.moderation import says
from core.moderation.cases import acts, cases, decide, undo
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Case
from core.nexuses.members import standing_in
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import Duration, Text, Whole, show_moment
from core.places.places import Place
from core.quotas.quota import Quota

ASKS_FROM = 20  # messages: a purge of more is confirmed first
MOST = 500  # messages at once
PURGED = Quota("moderation_purge", 10, HOUR)

PERSON = TargetField(N_("whose messages; everybody's if nobody is named"))
REASON = Text(N_("the reason"), maximum=400, line=True)
LENGTH = Duration(N_("how long"), maximum=30 * DAY)


@dataclass(frozen=True, slots=True)
class PlaceDecision:
    """What was decided about a place. `count` messages at most, "" or a name in `whose`; `until` as people read it."""

    case_id: int
    number: int
    kind: str
    place: str
    count: int
    whose: str
    pause: str
    until: str
    reason: str


def _here(context: Context) -> Place:
    here = decide.here_of(context)
    if here is None:
        raise BadInput(N_("Say that in the channel or group that it is about, please."))
    return here


def _open(
    context: Context, here: Place, kind: str, reason: str, *, person: Target | None = None, until: int | None = None
) -> Case:
    _, why = standing_in(context.unit, context.actor.person_id, context.nexus_id)
    case = cases.open_case(
        context.unit,
        nexus_id=context.nexus_id,
        kind=kind,
        person_id=person.person_id if person is not None else None,
        account_id=(person.account_id or None) if person is not None else None,
        place_id=here.id,
        reason=reason,
        by_id=context.actor.person_id,
        why=why,
        until=until,
    )
    context.note(case_id=case.id, kind=kind)
    return case


def _queue(context: Context, here: Place, case: Case, power: str, *, seconds: int = 0) -> None:
    todo = Todo(
        here.platform,
        here.workspace,
        power,
        place=here.external_id,
        thread=context.where.thread,
        by_id=decide.by_account(context, here.platform),
        until=case.until,
        seconds=seconds,
        reason=decide.log_reason(context, case),
        turn=context.key,
        asker_id=context.actor.person_id,
    )
    acts.queue(context.unit, case.id, todo)


def _undo(context: Context, result: PlaceDecision) -> Sequence[Choice]:
    return [Choice(N_("Undo"), "undo", {"case": f"={result.case_id}"})]


def _many(count: int, person: Target | None = None, reason: str = "") -> bool:
    return count > ASKS_FROM


def _check_writes_here(person: Target) -> None:
    """Raises `BadInput` for somebody without an account here: deleting nobody's messages must not mean everybody's."""
    if not person.account_id:
        raise BadInput(
            N_("I know no account of {name} here, so there is nothing of theirs to delete."), name=person.name
        )


def _to_purge(context: Context, count: int, person: Target | None = None, reason: str = "") -> Mapping[str, str]:
    _here(context)
    if person is not None:
        decide.check_may_act(context, person, context.nexus_id)
        _check_writes_here(person)
        template = N_("Delete the newest {count} messages of {name} here? They cannot come back.")
    else:
        template = N_("Delete the newest {count} messages here? They cannot come back.")
    return {"question": template.format(count=count, name=person.name if person is not None else "")}


@operation(
    "purge",
    writes=True,
    who=Who.MODERATOR,
    says=says.PURGE,
    asks="{question}",
    preview=_to_purge,
    heavy=_many,
    quota=PURGED,
)
def purge(
    context: Context,
    count: Annotated[int, Whole(N_("how many of the newest messages"), minimum=1, maximum=MOST)],
    person: Annotated[Target | None, PERSON] = None,
    reason: Annotated[str, REASON] = "",
) -> PlaceDecision:
    """Delete the newest messages here, of everybody or of one person. Above twenty I ask first."""
    here = _here(context)
    if person is not None:
        decide.check_may_act(context, person, context.nexus_id)
        _check_writes_here(person)
    case = _open(context, here, "purge", reason, person=person)
    todo = Todo(
        here.platform,
        here.workspace,
        "delete",
        place=here.external_id,
        thread=context.where.thread,
        account_id=(person.account_id or None) if person is not None else None,
        by_id=decide.by_account(context, here.platform),
        newest=count,
        reason=decide.log_reason(context, case),
        turn=context.key,
        asker_id=context.actor.person_id,
    )
    acts.queue(context.unit, case.id, todo)
    return PlaceDecision(
        case.id, case.number, "purge", here.title, count, person.name if person is not None else "", "", "", reason
    )


@operation(
    "lock", writes=True, who=Who.MODERATOR, says=says.LOCK, asks=N_("Close this place for writing?"), follows=_undo
)
def lock(
    context: Context,
    duration: Annotated[int | None, LENGTH] = None,
    reason: Annotated[str, REASON] = "",
) -> PlaceDecision:
    """Let nobody but moderators write here, for a while or until you unlock it."""
    here = _here(context)
    until = None if duration is None else context.now + duration
    case = _open(context, here, "lock", reason, until=until)
    _queue(context, here, case, "lock")
    return PlaceDecision(
        case.id, case.number, "lock", here.title, 0, "", "", show_moment(until) if until else "", reason
    )


def _is_here(context: Context, case: Case) -> bool:
    """Whether a case is about this very thread, or the place without its threads."""
    return all(row["thread"] == context.where.thread for row in acts.acts_of(context.unit, case.id))


@operation("unlock", writes=True, who=Who.MODERATOR, says=says.UNLOCK, asks=N_("Open this place again?"))
def unlock(context: Context, reason: Annotated[str, REASON] = "") -> PlaceDecision:
    """Let people write here again, as it was before it was locked."""
    here = _here(context)
    standing = [
        case
        for case in cases.standing_in_place(context.unit, here.id)
        if case.kind == "lock" and _is_here(context, case)
    ]
    if not standing:
        raise BadInput(N_("I did not lock this place, so I cannot tell how it was before."))
    case = _open(context, here, "unlock", reason)
    for one in standing:
        undo.end(context.unit, one, decide.who_asks(context), decide.log_reason(context, case))
    return PlaceDecision(case.id, case.number, "unlock", here.title, 0, "", "", "", reason)


@operation(
    "slowmode", writes=True, who=Who.MODERATOR, says=says.SLOWMODE, asks=N_("Slow this place down?"), follows=_undo
)
def slowmode(
    context: Context,
    pause: Annotated[int, Duration(N_("the pause between two messages of one person"), minimum=0, maximum=6 * HOUR)],
    duration: Annotated[int | None, LENGTH] = None,
    reason: Annotated[str, REASON] = "",
) -> PlaceDecision:
    """Let everybody write here only once in a while: 30 seconds, a minute, up to six hours; 0 ends it."""
    here = _here(context)
    until = None if duration is None else context.now + duration
    case = _open(context, here, "slow", reason, until=until)
    _queue(context, here, case, "slow", seconds=pause // 1000)
    return PlaceDecision(
        case.id,
        case.number,
        "slow",
        here.title,
        0,
        "",
        Duration("").show(pause) if pause else "",
        show_moment(until) if until else "",
        reason,
    )


OPERATIONS = (purge, lock, unlock, slowmode)
