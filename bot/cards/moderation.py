"""Decisions of moderators, cases, reports and appeals, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.errors import N_
from core.moderation.appeal_operations import AppealDecided, Appealed, Reported
from core.moderation.case_operations import CaseList, CaseView, Completed, Undone
from core.moderation.person_operations import Decision
from core.moderation.place_operations import PlaceDecision

# What was decided, and not what was done: that is said by the platforms, below it.
_DECIDED = {
    "warn": N_("{name} is warned{reason}. That makes {points} points. It is case {number}."),
    "timeout": N_("Case {number}: {name} is not to write{until}{reason}."),
    "kick": N_("Case {number}: {name} is to leave{reason}."),
    "ban": N_("Case {number}: {name} is to stay out{until}{reason}."),
    "unban": N_("Case {number}: {name} may come back{reason}."),
}
_NOWHERE = N_("I know no account of theirs here, so nothing was done on a platform.")
_PLACE = {
    "lock": N_("Case {number}: nobody but moderators is to write here{until}{reason}."),
    "unlock": N_("Case {number}: people may write here again{reason}."),
    "slow": N_("Case {number}: everybody is to write here once in {pause}{until}{reason}."),
    "fast": N_("Case {number}: slow mode ends here{reason}."),
    "purge": N_("Case {number}: the newest {count} messages here are to go{reason}."),
    "purge of": N_("Case {number}: the newest {count} messages of {whose} here are to go{reason}."),
}
KINDS = {
    "warn": N_("warning"),
    "timeout": N_("timeout"),
    "kick": N_("removal"),
    "ban": N_("ban"),
    "unban": N_("end of a ban"),
    "purge": N_("deleted messages"),
    "lock": N_("closed place"),
    "unlock": N_("opened place"),
    "slow": N_("slow mode"),
    "report": N_("report"),
    "raid": N_("closed up against a raid"),
}
STATES = {
    "open": N_("open"),
    "standing": N_("stands"),
    "lifted": N_("over"),
    "undone": N_("undone"),
    "not done": N_("not done, so it counts nothing"),
    "closed": N_("closed"),
}
_APPEALS = {
    "open": N_("Appealed, nobody has decided yet: “{text}”"),
    "upheld": N_("Appealed, and it stands: “{text}”"),
    "overturned": N_("Appealed, and overturned: “{text}”"),
}
_POWERS = {
    "delete": N_("delete messages"),
    "timeout": N_("timeout"),
    "release": N_("end of the timeout"),
    "kick": N_("removal"),
    "ban": N_("ban"),
    "unban": N_("end of the ban"),
    "lock": N_("close"),
    "unlock": N_("open"),
    "slow": N_("slow mode"),
    "close_door": N_("pause invitations"),
    "open_door": N_("allow invitations"),
}
_HOW = {
    "waiting": N_("in progress"),
    "done": N_("done"),
    "partly": N_("done in part"),
    "refused": N_("not done"),
    "failed": N_("not done"),
    "dropped": N_("not needed any more"),
}


def _because(reason: str, words: Words) -> str:
    return words(N_(" because of “{reason}”"), reason=reason) if reason else ""


def _until(until: str, words: Words) -> str:
    return words(N_(" until {until}"), until=until) if until else ""


def decision(result: Decision, words: Words) -> Reply:
    """What was decided about a person; what the platform made of it is added when it has answered."""
    text = words(
        _DECIDED[result.kind],
        name=result.name,
        reason=_because(result.reason, words),
        until=_until(result.until, words),
        points=result.points,
        number=result.number,
    )
    if result.kind == "warn" and result.points == 1:
        text = words(
            N_("{name} is warned{reason}. It is the first point, and case {number}."),
            name=result.name,
            reason=_because(result.reason, words),
            number=result.number,
        )
    if result.unreached:
        text += f" {words(_NOWHERE)}"
    for number in result.reports:
        text += " " + words(N_("Report {number} is closed."), number=number)
    return Reply(text)


def place_decision(result: PlaceDecision, words: Words) -> Reply:
    """What was decided about a place."""
    kind = result.kind
    if kind == "purge" and result.whose:
        kind = "purge of"
    if kind == "slow" and not result.pause:
        kind = "fast"
    return Reply(
        words(
            _PLACE[kind],
            count=result.count,
            whose=result.whose,
            pause=result.pause,
            until=_until(result.until, words),
            reason=_because(result.reason, words),
            number=result.number,
        )
    )


def case(result: CaseView, words: Words) -> Reply:
    """One case: what, who, why, what was really done, and what was said against it."""
    fields = [(words(N_("State")), words(STATES[result.state])), (words(N_("Since")), result.day)]
    if result.name:
        fields.insert(0, (words(N_("About")), result.name))
    if result.until:
        fields.append((words(N_("Until")), result.until))
    if result.decided_by:
        fields.append((words(N_("Decided by")), f"{result.decided_by} ({words(result.why)})"))
    if result.rule:
        fields.append((words(N_("Rule")), result.rule))
    if result.points:
        fields.append((words(N_("Points left")), str(result.points)))
    lines = [words(N_("Message: “{text}”"), text=text) for text in result.evidence]
    if result.evidence_gone:
        lines.append(words(N_("The message was kept for three months and is gone.")))
    for one in result.done:
        said = f". {one.said}" if one.said else ""
        done = f"{one.platform.capitalize()}: {words(_POWERS[one.power])}, {words(_HOW[one.state])}{said}".rstrip()
        if done not in lines:  # the same of several places, or of several deletions, is said once
            lines.append(done)
    lines += result.notes
    if result.appeal:
        lines.append(words(_APPEALS[result.appeal_state], text=result.appeal))
    title = words(N_("Case {number}: {kind}"), number=result.number, kind=words(KINDS[result.kind]))
    text = words(N_("Reason: {reason}"), reason=result.reason) if result.reason else ""
    return Reply(card=Card(title=title, text=text, fields=tuple(fields), lines=tuple(lines)))


def case_list(result: CaseList, words: Words) -> Reply:
    """The newest cases."""
    if not result.items:
        nothing = (
            words(N_("There is no case about {name} in {nexus}."), name=result.name, nexus=result.nexus)
            if result.name
            else words(N_("There are no cases in {nexus} yet."), nexus=result.nexus)
        )
        return Reply(nothing)
    lines = []
    for one in result.items:
        about = f", {one.name}" if one.name else ""
        reason = f": {one.reason}" if one.reason else ""
        lines.append(f"{one.number}. {words(KINDS[one.kind])}{about}{reason} ({one.day}, {words(STATES[one.state])})")
    title = (
        words(N_("Cases about {name}"), name=result.name)
        if result.name
        else words(N_("Cases in {nexus}"), nexus=result.nexus)
    )
    text = words(N_("Points now: {points}."), points=result.points) if result.name else ""
    footer = words(N_("These are the newest.")) if result.more else ""
    return Reply(card=Card(title=title, text=text, lines=tuple(lines), footer=footer))


def completed(result: Completed, words: Words) -> Reply:
    """A reason or a note."""
    return Reply(words(N_("It stands in case {number} now."), number=result.number))


def _lasting(lasting: tuple[str, ...], words: Words) -> str:
    return "".join(" " + words(one) for one in lasting)


def undone(result: Undone, words: Words) -> Reply:
    """A case that was taken back, and what cannot come back."""
    about = words(N_(" about {name}"), name=result.name) if result.name else ""
    kind = words(KINDS[result.kind])
    text = words(N_("Undone: case {number} ({kind}{about})."), number=result.number, kind=kind, about=about)
    return Reply(text + _lasting(result.lasting, words))


def reported(result: Reported, words: Words) -> Reply:
    """A report, for who made it."""
    if not result.told:
        return Reply(
            words(N_("Kept as report {number}. Nobody here moderates yet who could look at it."), number=result.number)
        )
    return Reply(
        words(N_("Thank you. The moderators know, and nobody else: it is report {number}."), number=result.number)
    )


def dismissed(result: Reported, words: Words) -> Reply:
    """A report that was closed."""
    return Reply(words(N_("Report {number} is closed."), number=result.number))


def appealed(result: Appealed, words: Words) -> Reply:
    """An appeal, for who made it."""
    template = (
        N_("Another moderator will look at case {number}. I tell you what they decide.")
        if result.told
        else N_("I keep your appeal against case {number}. Nobody else moderates there yet: an owner can appoint one.")
    )
    return Reply(words(template, number=result.number))


def upheld(result: AppealDecided, words: Words) -> Reply:
    """An appeal that was refused."""
    return Reply(words(N_("Case {number} stands. {name} is told."), number=result.number, name=result.name))


def overturned(result: AppealDecided, words: Words) -> Reply:
    """An appeal that was right."""
    text = words(N_("Case {number} is overturned and undone. {name} is told."), number=result.number, name=result.name)
    return Reply(text + _lasting(result.lasting, words))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    **dict.fromkeys(("warn", "timeout", "kick", "ban", "unban", "reported.warn", "sanction.also"), decision),
    **dict.fromkeys(("purge", "lock", "unlock", "slowmode"), place_decision),
    "case": case,
    "cases": case_list,
    "reason": completed,
    "note": completed,
    "undo": undone,
    "report": reported,
    "dismiss": dismissed,
    "appeal": appealed,
    "uphold": upheld,
    "overturn": overturned,
}
