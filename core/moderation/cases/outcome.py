"""What follows when platforms have answered: people are told of what was done, and of nothing else.

Decision rule: whom a case is about is told once a platform has done it; of a removal after which a platform lets
nothing reach them, right before it, when the platform has said that it will do it. Where in the end none has, the case
is not done: its points, the suspension and whatever may have had an effect after all are taken back, and it counts
nowhere. Acts of one case are settled one after the other, so that of two platforms that answer at once one is the last.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import RowMapping

from core.buttons.buttons import Choice
from core.errors import N_
from core.moderation.cases import acts, cases, undo
from core.moderation.cases.cases import Case
from core.moderation.cases.telling import tell_moderators, tell_of_case
from core.moderation.lists import telling as lists
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.operations.fields import show_moment
from core.people.people import person_of
from core.store import Unit

# What a case is about: it is done where that is done, whatever else was.
MAIN = {"timeout": "timeout", "kick": "kick", "ban": "ban", "purge": "delete", "lock": "lock", "slow": "slow"}
DONE = ("done", "partly")
NO_ANSWER = N_("The platform did not answer, several times.")

_DECIDED = {
    "warn": N_("You were warned in {nexus}{reason}."),
    "timeout": N_("You can read but not write in {nexus}{until}{reason}."),
    "kick": N_("You were removed from {nexus}{reason}. You may come back if its rules let you."),
    "ban": N_("You are banned from {nexus}{until}{reason}."),
}
_MAY_APPEAL = N_("If that is wrong, tell me why: another moderator will look at it. It is case {number}.")
_MET = N_("What you wrote in {nexus} meets its rule “{rule}”: {what}.")
_MET_APPEAL = N_("If that is wrong, tell me why: a moderator will look at it. It is case {number}.")
_WHAT = {
    "purge": N_("the message was removed"),
    "warn": N_("take it as a warning"),
    "timeout": N_("you can read, not write, for a while"),
    "kick": N_("you were removed"),
    "ban": N_("you are banned"),
}
_NOT_AFTER_ALL = N_("What I told you of case {number} in {nexus} was not done after all, and counts nothing.")
_ACTED = N_("The rule “{rule}” acted on {name} in {nexus}. It is case {number}.")
_COULD_NOT = N_(
    "What {name} wrote in {nexus} meets the rule “{rule}”, and no platform let me act on it: case {number} is not done."
)


def about_to(unit: Unit, act: RowMapping) -> None:
    """An act begins after which nothing reaches them: whom it is about is told now."""
    case = cases.case_of(unit, act["case_id"], lock=True)
    if case.state == "standing" and case.kind in MAIN:
        begun = [row["id"] for row in _forward(unit, case) if row["before"] is not None]
        if begun == [act["id"]]:
            _tell(unit, case, act)


def settled(unit: Unit, act: RowMapping, state: str, said: str, left: Sequence[str], *, told: bool = False) -> bool:
    """An act is over: "done", "partly", "refused" or "failed". False if it was so before.

    `told`: people were told when it began.
    """
    case = cases.case_of(unit, act["case_id"], lock=True)
    if not acts.settle(unit, act["id"], state, said, left):
        return False
    if act["reverses"] is None and case.kind in MAIN and case.state == "standing":
        _look(unit, case, act, told=told)
    return True


def later(unit: Unit, act: RowMapping, pause: int, *, counts: bool, told: bool = False) -> bool:
    """Try again after `pause` ms. False if it was tried often enough: then it is over, as failed."""
    if counts and act["tries"] + 1 >= acts.MOST_TRIES:
        settled(unit, act, "failed", NO_ANSWER, (), told=told)
        return False
    acts.later(unit, act, pause, counts=counts)
    return True


def _forward(unit: Unit, case: Case) -> list[RowMapping]:
    """What the case itself is about, without what takes it back."""
    rows = acts.acts_of(unit, case.id)
    return [row for row in rows if row["reverses"] is None and row["power"] == MAIN[case.kind]]


def _look(unit: Unit, case: Case, act: RowMapping, *, told: bool) -> None:
    main = _forward(unit, case)
    done = [row for row in main if row["state"] in DONE]
    if [row["id"] for row in done] == [act["id"]]:
        if not told:
            _tell(unit, case, act)
        return
    rows = [row for row in acts.acts_of(unit, case.id) if row["reverses"] is None]
    if not done and not any(row["state"] == "waiting" for row in rows):
        _not_done(unit, case, removed=any(row["state"] in DONE for row in rows if row["power"] == "delete"))
        if told and case.person_id is not None and any(row["before"] is not None for row in main):
            data = {"number": case.number, "nexus": nexus_of(unit, case.nexus_id).name}
            notify(unit, case.person_id, _NOT_AFTER_ALL, data)


def _tell(unit: Unit, case: Case, act: RowMapping) -> None:
    if case.person_id is None or case.parent_id is not None:
        return
    if case.kind == "ban" and act["planned_at"] > case.made_at:
        return  # added on another platform: they know since it was decided
    if case.from_list:
        lists.done(unit, case)
    elif case.rule:
        _tell_of_rule(unit, case)
    elif case.kind != "purge":
        tell_of_decision(unit, case)


def tell_of_decision(unit: Unit, case: Case) -> None:
    """Tell somebody what a moderator decided about them, with a button to appeal."""
    until = N_(" until {when}").format(when=show_moment(case.until)) if case.until else ""
    reason = f": {case.reason.rstrip('.')}" if case.reason else ""
    nexus = nexus_of(unit, case.nexus_id).name
    data = {"nexus": nexus, "until": until, "reason": reason, "number": case.number}
    tell_of_case(unit, case, _DECIDED[case.kind] + " " + _MAY_APPEAL, data)


def tell_of_warning(unit: Unit, case: Case) -> None:
    """Tell of a warning of a rule: nothing is done for it on a platform."""
    _tell_of_rule(unit, case)


def _tell_of_rule(unit: Unit, case: Case) -> None:
    tell_of_case(unit, case, _MET + " " + _MET_APPEAL, _met(unit, case, case.kind))
    if case.by_id is None:
        choices = [Choice(N_("Undo"), "undo", {"case": f"={case.id}"})]
        tell_moderators(unit, case.nexus_id, _ACTED, _names(unit, case), choices, shows=case)


def _not_done(unit: Unit, case: Case, *, removed: bool) -> None:
    undo.undo(unit, case, undo.Who(), f"Case {case.number} was not done")
    if not case.rule or case.parent_id is not None or case.person_id is None:
        return
    if case.from_list:
        lists.not_done(unit, case)
        return
    if removed:
        notify(unit, case.person_id, _MET, _met(unit, case, "purge"))
    if case.by_id is None:
        tell_moderators(unit, case.nexus_id, _COULD_NOT, _names(unit, case), (), shows=case)


def _met(unit: Unit, case: Case, kind: str) -> dict[str, object]:
    nexus = nexus_of(unit, case.nexus_id).name
    return {"nexus": nexus, "rule": case.rule, "what": _WHAT[kind], "number": case.number}


def _names(unit: Unit, case: Case) -> dict[str, object]:
    assert case.person_id is not None
    nexus, name = nexus_of(unit, case.nexus_id).name, person_of(unit, case.person_id).name
    return {"rule": case.rule, "name": name, "nexus": nexus, "number": case.number}
