"""What became of somebody and why, in plain sentences: for them, and for moderators, each as far as they may hear.

Told from facts alone: who decided, by which right or rule, what was noticed in closed words, what the platforms did. No
word of the message that a case is about is in it, so nothing that somebody wrote can steer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import bindparam, select

from core.access.cases import CaseField, is_about_caller, moderates
from core.buttons.buttons import Choice as Button
from core.clock import show_day
from core.errors import N_, NotFound
from core.moderation import explain_says
from core.moderation.case_operations import Done
from core.moderation.cases import acts, appeals, cases
from core.moderation.cases.cases import SANCTIONS, Case
from core.moderation.guards.tables import guard_hit
from core.moderation.signals.own import signal_of
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import operation
from core.operations.fields import Choice, show_moment
from core.people.people import person_of

_NOTICED = select(guard_hit.c.noticed).where(guard_hit.c.case_id == bindparam("of_case")).order_by(guard_hit.c.id)

KIND = Choice(
    N_("what was done"),
    ("warn", "timeout", "kick", "ban", "purge"),
    also={
        "warned": "warn",
        "warning": "warn",
        "muted": "timeout",
        "silenced": "timeout",
        "timed": "timeout",
        "mute": "timeout",
        "kicked": "kick",
        "removed": "kick",
        "banned": "ban",
        "deleted": "purge",
    },
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A case in facts. `mine`: who asks is whom it is about, and hears no names of moderators and no notes.

    `by`: who decided, "" for a rule or where it is not said; `role`: as what; `rule` and `noticed`: what was met, in
    closed words; `done`: what the platforms did; `ended` and `until` as people read them; `appeal`: its state.
    """

    case_id: int
    number: int
    kind: str
    state: str
    mine: bool
    name: str
    nexus: str
    day: str
    by_rule: bool
    from_list: bool
    by: str
    role: str
    rule: str
    noticed: tuple[str, ...]
    reason: str
    done: tuple[Done, ...]
    until: str
    ended: str
    points: int
    appeal: str
    may_appeal: bool


def _may(context: Context, result: Explained) -> Sequence[Button]:
    if result.may_appeal:
        return [Button(N_("Appeal"), "appeal", {"case": f"={result.case_id}"})]
    return []


@operation("explain", private=True, sealed=True, says=explain_says.EXPLAIN, follows=_may)
def explain(
    context: Context,
    case: Annotated[Case | None, CaseField(N_("the number of the case"))] = None,
    kind: Annotated[str | None, KIND] = None,
) -> Explained:
    """Explain a case in a few sentences: who decided, why they could, what was done, what you can do.

    Without a number it is the newest about you (“why was I muted?”).
    """
    found = case or _mine(context, kind)
    unit = context.unit
    mine = is_about_caller(context, found)
    full = moderates(context, found.nexus_id) and not mine
    decided_by = person_of(unit, found.by_id).name if full and found.by_id is not None else ""
    appeal = appeals.of_case(unit, found.id)
    over = found.state in ("lifted", "undone", "closed") and found.ended_at
    return Explained(
        found.id,
        found.number,
        found.kind,
        found.stands_as,
        mine,
        person_of(unit, found.person_id).name if found.person_id is not None else "",
        nexus_of(unit, found.nexus_id).name,
        show_day(found.made_at),
        found.by_id is None and bool(found.rule),
        found.from_list,
        decided_by,
        found.allowed_by if found.by_id is not None else "",
        found.rule,
        _noticed(context, found),
        found.reason.strip().rstrip("."),
        tuple(Done(row["power"], row["platform"], row["state"], row["said"]) for row in acts.acts_of(unit, found.id)),
        show_moment(found.until) if found.until and found.state == "standing" else "",
        show_day(found.ended_at) if over and found.ended_at else "",
        cases.points_now(found, unit.now),
        appeal.state if appeal is not None else "",
        mine and appeal is None and found.kind in SANCTIONS and found.state == "standing",
    )


def _mine(context: Context, kind: str | None) -> Case:
    """The newest case about who asks: here if there is one, one that stands before one that is over."""
    about = cases.about(context.unit, context.actor.person_id)
    fits = [one for one in about if one.kind != "report" and (kind is None or one.kind == kind)]
    if not fits:
        raise NotFound(N_("I know of nothing like that about you. “cases” lists what there is."))
    return max(fits, key=lambda one: (one.nexus_id == context.nexus_id, one.state == "standing", one.id))


def _noticed(context: Context, case: Case) -> tuple[str, ...]:
    """What the rule noticed, each thing once. What a rule of one's own looks for, its reason says."""
    own = signal_of(case.rule)
    details = [
        detail
        for row in context.unit.rows(_NOTICED, of_case=case.id)
        for name, _, detail in row["noticed"]
        if name != own
    ]
    return tuple(dict.fromkeys(details))


OPERATIONS = (explain,)
