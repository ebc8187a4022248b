"""Decisions of moderators, cases, reports and appeals, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.clock import MINUTE
from core.errors import N_
from core.moderation.appeal_operations import AppealDecided, Appealed, Reported
from core.moderation.case_operations import CaseList, CaseView, Completed, Undone
from core.moderation.guards.operations import Accepted, GuardLine, GuardList, GuardSet, Unwanted
from core.moderation.guards.raid_operations import ClosedUp, Verified
from core.moderation.guards.report import RuleFigures
from core.moderation.guards.report_operations import ModerationReport
from core.moderation.person_operations import Decision
from core.moderation.place_operations import PlaceDecision
from core.operations.fields import say_duration

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
    return Reply(f"{text} {words(_NOWHERE)}" if result.unreached else text)


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
        lines.append(
            f"{one.platform.capitalize()}: {words(_POWERS[one.power])}, {words(_HOW[one.state])}{said}".rstrip()
        )
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


_MAY = {
    "off": N_("off"),
    "shadow": N_("counts in shadow"),
    "ask": N_("asks moderators"),
    "act": N_("acts"),
}
_SET = {
    "off": N_("The rule “{rule}” rests in {nexus}."),
    "shadow": N_("The rule “{rule}” counts in {nexus} what it would do, and does nothing."),
    "ask": N_("The rule “{rule}” asks the moderators of {nexus} from now on."),
    "act": N_("The rule “{rule}” acts by itself in {nexus} from now on. If it is wrong too often, it asks again."),
}
_SET_ALL = {
    "off": N_("All rules rest in {nexus}."),
    "shadow": N_(
        "All rules count in {nexus} what they would do, and do nothing; only a raid asks the moderators. "
        "In a week “automod status” shows whom they met."
    ),
    "ask": N_("All rules ask the moderators of {nexus} from now on."),
    "act": N_("All rules act by themselves in {nexus} from now on. One that is wrong too often asks again."),
}


_NO_RULES = N_("No rule looks after {nexus} yet. Say “put all moderation rules in shadow”: they count, and do nothing.")


def _guard_line(line: GuardLine, words: Words) -> str:
    found = words(N_("met nobody in seven days"))
    if line.found:
        names = ", ".join(line.people)
        if line.more:
            names += words(N_(" and {count} more"), count=line.more)
        found = words(N_("met {names}"), names=names)
    judged = ""
    if line.right or line.wrong:
        judged = words(N_("; {right} right, {wrong} wrong"), right=line.right, wrong=line.wrong)
    back = words(N_(" (it was wrong too often)")) if line.fell_back else ""
    own = ""
    if line.own:
        whose = words(N_("rule of {nexus}"), nexus=line.whose) if line.whose else words(N_("your own"))
        own = f" ({whose}: {line.own})"
    return f"{line.rule}{own}: {words(_MAY[line.mode])}{back}, {found}{judged}"


def guard_list(result: GuardList, words: Words) -> Reply:
    """Each rule, what it may do and whom it met."""
    if not result.on:
        return Reply(words(_NO_RULES, nexus=result.nexus))
    title = words(N_("Rules of {nexus}"), nexus=result.nexus)
    return Reply(card=Card(title=title, lines=tuple(_guard_line(line, words) for line in result.items)))


def guard_set(result: GuardSet, words: Words) -> Reply:
    """What a rule may do from now on."""
    template = _SET_ALL[result.mode] if result.rule == "all" else _SET[result.mode]
    return Reply(words(template, rule=result.rule, nexus=result.nexus))


def unwanted(result: Unwanted, words: Words) -> Reply:
    """The words that are not wanted."""
    if not result.items:
        return Reply(words(N_("No words are unwanted in {nexus}."), nexus=result.nexus))
    return Reply(words(N_("Not wanted in {nexus}: {words}."), nexus=result.nexus, words=", ".join(result.items)))


def accepted(result: Accepted, words: Words) -> Reply:
    """A proposal that was carried out."""
    return Reply(
        words(
            N_("Done, as case {number}: {kind}, {name}."),
            number=result.number,
            kind=words(KINDS[result.kind]),
            name=result.name,
        )
    )


def closed_up(result: ClosedUp, words: Words) -> Reply:
    """A Nexus that is closed up."""
    template = N_("{nexus} is closed up until {until}. It is case {number}.")
    return Reply(words(template, nexus=result.nexus, until=result.until, number=result.number))


def verified(result: Verified, words: Words) -> Reply:
    """Somebody who may write now."""
    return Reply(words(N_("Thank you. You can write in {nexus} now."), nexus=result.nexus))


def _rule_figures(one: RuleFigures, words: Words) -> str:
    judged = one.right + one.wrong
    if not judged:
        return words(N_("Rule “{rule}”: met {found} times, not judged yet."), rule=one.rule, found=one.found)
    return words(
        N_("Rule “{rule}”: met {found} times, {right} of {judged} right."),
        rule=one.rule,
        found=one.found,
        right=one.right,
        judged=judged,
    )


def month(result: ModerationReport, words: Words) -> Reply:
    """A month in figures; it names nobody."""
    figures = result.figures
    title = words(N_("Moderation in {nexus}, {month}"), nexus=result.nexus, month=figures.month)
    if not figures.kinds and not figures.rules:
        return Reply(card=Card(title=title, text=words(N_("Nothing happened that month."))))
    kinds = ", ".join(f"{words(KINDS[kind])}: {count}" for kind, count in figures.kinds)
    text = words(
        N_("{kinds}. {people} people; {rules} of it by rules, {undone} undone."),
        kinds=kinds or words(N_("No cases")),
        people=figures.people,
        rules=figures.by_rules,
        undone=figures.undone,
    )
    lines = [_rule_figures(one, words) for one in figures.rules]
    if figures.appeals:
        lines.append(
            words(
                N_("Appeals: {appeals}, {overturned} overturned, {upheld} stood."),
                appeals=figures.appeals,
                overturned=figures.overturned,
                upheld=figures.upheld,
            )
        )
    if figures.appeal_minutes is not None:
        lines.append(words(N_("An appeal was answered in {time}."), time=_length(figures.appeal_minutes)))
    if figures.report_minutes is not None:
        lines.append(words(N_("A report was answered in {time}."), time=_length(figures.report_minutes)))
    return Reply(card=Card(title=title, text=text, lines=tuple(lines)))


def _length(minutes: int) -> str:
    return say_duration(max(1, minutes) * MINUTE)


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    **dict.fromkeys(("warn", "timeout", "kick", "ban", "unban", "sanction.also"), decision),
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
    "guard.show": guard_list,
    "guard.set": guard_set,
    "guard.words": unwanted,
    "proposal.accept": accepted,
    "raid.begin": closed_up,
    "raid.verify": verified,
    "guard.report": month,
}
