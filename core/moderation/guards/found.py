"""What follows when a rule found something: it is counted, moderators are asked, or it is done.

The same rule on the same person within ten minutes is one find: what moderators are asked once is not asked again, and
what was decided covers the next message as well, which only goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import RowMapping

from core.buttons.buttons import Choice
from core.clock import MINUTE, SECOND
from core.errors import N_, Conflict
from core.moderation.cases import cases, outcome
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Case, Message
from core.moderation.cases.spots import act_on, take_away
from core.moderation.cases.telling import tell_moderators
from core.moderation.guards.counts import note_find
from core.moderation.guards.tables import guard_hit
from core.moderation.own.kept import rule_in
from core.moderation.signals.defaults import Rule
from core.moderation.signals.seen import Signal
from core.nexuses.members import keep_out, standing_in
from core.nexuses.roles import out_of_reach
from core.nexuses.tree import nexus_of
from core.people.people import person_of
from core.places.places import Place
from core.store import Unit

ONE_FIND = 10 * MINUTE
# What a rule proposes -> the kind of case, and what is done to the account.
ACTIONS = {
    "note": ("report", ""),
    "delete": ("purge", ""),
    "warn": ("warn", ""),
    "timeout": ("timeout", "timeout"),
    "quarantine": ("timeout", "timeout"),
    "kick": ("kick", "kick"),
    "ban": ("ban", "ban"),
}
SAYS = {
    "report": N_("show it to the moderators"),
    "purge": N_("delete it"),
    "warn": N_("warn them"),
    "timeout": N_("keep them from writing"),
    "kick": N_("remove them"),
    "ban": N_("ban them"),
}

_RECENT = (
    select(guard_hit)
    .where(
        guard_hit.c.nexus_id == bindparam("nexus_id"),
        guard_hit.c.person_id == bindparam("person_id"),
        guard_hit.c.rule == bindparam("rule"),
        guard_hit.c.at > bindparam("since"),
    )
    .order_by(guard_hit.c.id.desc())
    .limit(1)
)
_MORE = update(guard_hit).where(guard_hit.c.id == bindparam("hit_id")).values(times=guard_hit.c.times + 1)
_OF_CASE = update(guard_hit).where(guard_hit.c.case_id == bindparam("of_case")).values(state=bindparam("new_state"))
_TO = (
    update(guard_hit)
    .where(guard_hit.c.case_id == bindparam("of_case"))
    .values(case_id=bindparam("new_case"), state="right")
)


@dataclass(frozen=True, slots=True)
class Find:
    """What a rule found: who wrote what, where, and what was noticed. `mode`: what the rule may do there now."""

    nexus_id: int
    rule: str
    mode: str
    place: Place
    person_id: int
    account_id: int
    message: Message
    signals: Sequence[Signal]


def found(unit: Unit, find: Find) -> Case | None:
    """Count it, ask or act, as the rule may. Nobody is found who is out of its reach. The case that came of it."""
    rule = rule_in(unit, find.nexus_id, find.rule)
    if rule is None:
        return None  # it was taken back while this was looked at
    if out_of_reach(standing_in(unit, find.person_id, find.nexus_id)[0]):
        return None
    recent = unit.row(
        _RECENT,
        nexus_id=find.nexus_id,
        person_id=find.person_id,
        rule=find.rule,
        since=unit.now - ONE_FIND,
    )
    if recent is not None and recent["mode"] == find.mode:
        unit.changed(_MORE, hit_id=recent["id"])
        return _once_more(unit, find, recent)
    case = None
    if find.mode == "ask":
        case = _ask(unit, find, rule)
    elif find.mode == "act":
        case = _act(unit, find, rule)
    note_find(unit, find.nexus_id, find.rule, find.mode, find.person_id, case, find.signals)
    return case


def _once_more(unit: Unit, find: Find, recent: RowMapping) -> Case | None:
    """What was decided, by the rule or by moderators whom it asked, covers this message too, as long as it stands."""
    if recent["case_id"] is None:
        return None
    case = cases.case_of(unit, recent["case_id"])
    if case.state != "standing" or not takes_away(case):
        return None
    _delete(unit, case, find)
    return case


def takes_away(case: Case | None) -> bool:
    """Whether the message that came to this case was taken away."""
    return case is not None and case.kind not in ("warn", "report")


def _ask(unit: Unit, find: Find, rule: Rule) -> Case:
    kind, _ = ACTIONS[rule["action"]]
    case = _open(unit, find, rule, "report", points=0, until=None, state="open")
    about = person_of(unit, find.person_id).name
    details = "; ".join(dict.fromkeys(one.detail for one in find.signals))
    choices = [Choice(N_("Dismiss"), "dismiss", {"case": f"={case.id}"})]
    if kind != "report":
        choices.insert(0, Choice(_button(kind), "proposal.accept", {"case": f"={case.id}"}))
    data = {
        "rule": find.rule,
        "name": about,
        "nexus": nexus_of(unit, find.nexus_id).name,
        "details": details,
        "what": SAYS[kind],
    }
    template = N_("What {name} wrote in {nexus} meets the rule “{rule}”: {details}. Shall I {what}?")
    if kind == "report":
        template = N_("What {name} wrote in {nexus} meets the rule “{rule}”: {details}. Please look at it.")
    tell_moderators(unit, find.nexus_id, template, data, choices, shows=case)
    return case


def _button(kind: str) -> str:
    return {
        "purge": N_("Delete it"),
        "warn": N_("Warn"),
        "timeout": N_("Time out"),
        "kick": N_("Remove"),
        "ban": N_("Ban"),
    }[kind]


def act(unit: Unit, find: Find, *, by_id: int, why: str, turn: str) -> Case:
    """Do what a rule proposed, since a moderator says so. Raises `Conflict` if the rule is not there any more."""
    rule = rule_in(unit, find.nexus_id, find.rule)
    if rule is None:
        raise Conflict(N_("The rule “{rule}” is not there any more. Decide by hand, or dismiss it."), rule=find.rule)
    return _act(unit, find, rule, by_id=by_id, why=why, turn=turn)


def _act(unit: Unit, find: Find, rule: Rule, *, by_id: int | None = None, why: str = "rule", turn: str = "") -> Case:
    """The case, and what it does on the platform. People are told when it is done."""
    kind, power = ACTIONS[rule["action"]]
    until = unit.now + rule["seconds"] * SECOND if rule["seconds"] else None
    case = _open(unit, find, rule, kind, points=rule["points"], until=until, state="standing", by_id=by_id, why=why)
    if takes_away(case):
        _delete(unit, case, find, by_id=by_id, turn=turn)
    if power:
        todo = Todo(
            find.place.platform,
            "",
            power,
            account_id=find.account_id,
            until=until,
            reason=_reason(case),
            turn=turn,
            asker_id=by_id,
        )
        act_on(unit, case.id, find.nexus_id, find.place, todo)
    if kind == "ban":
        keep_out(unit, find.person_id, find.nexus_id)
    if kind == "warn":
        outcome.tell_of_warning(unit, case)
    return case


def _open(
    unit: Unit,
    find: Find,
    rule: Rule,
    kind: str,
    *,
    points: int,
    until: int | None,
    state: str,
    by_id: int | None = None,
    why: str = "rule",
) -> Case:
    return cases.open_case(
        unit,
        nexus_id=find.nexus_id,
        kind=kind,
        person_id=find.person_id,
        account_id=find.account_id,
        place_id=find.place.id,
        reason=rule["says"],
        by_id=by_id,
        why=why,
        points=points,
        until=until,
        rule=find.rule,
        state=state,
        evidence=[find.message],
    )


def _delete(unit: Unit, case: Case, find: Find, *, by_id: int | None = None, turn: str = "") -> None:
    take_away(
        unit,
        case.id,
        find.place,
        find.message,
        account_id=find.account_id,
        reason=_reason(case),
        turn=turn,
        asker_id=by_id,
    )


def _reason(case: Case) -> str:
    return f"Case {case.number}, rule “{case.rule}”: {case.reason}"


def judge(unit: Unit, case_id: int, *, right: bool) -> None:
    """What moderators said of a find: it counts in how often its rule is right."""
    unit.changed(_OF_CASE, of_case=case_id, new_state="right" if right else "wrong")


def move_to(unit: Unit, old_case: int, new_case: int) -> None:
    """The find that was asked about is now the case that was decided."""
    unit.changed(_TO, of_case=old_case, new_case=new_case)
