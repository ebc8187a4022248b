"""Rules that look after a Nexus, raids, and a month of moderation in figures, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.cards.moderation import KINDS
from bot.words import Words
from core.clock import MINUTE
from core.errors import N_
from core.moderation.guards.operations import Accepted, GuardLine, GuardList, GuardSet, Unwanted
from core.moderation.guards.raid_operations import ClosedUp, Verified
from core.moderation.guards.report import RuleFigures
from core.moderation.guards.report_operations import ModerationReport
from core.operations.fields import say_duration

_MAY = {
    "off": N_("off"),
    "shadow": N_("counts in shadow"),
    "ask": N_("asks moderators"),
    "act": N_("acts"),
}
_SET = {
    "off": N_("The rule “{rule}” rests in {nexus}."),
    "shadow": N_("The rule “{rule}” only counts in {nexus} what it would have done."),
    "ask": N_("The rule “{rule}” asks the moderators of {nexus} from now on."),
    "act": N_("The rule “{rule}” acts by itself in {nexus} from now on. If it is wrong too often, it asks again."),
}
_SET_ALL = {
    "off": N_("All rules rest in {nexus}."),
    "shadow": N_(
        "In {nexus} all rules only count what they would have done; a raid alone asks the moderators. "
        "In a week “automod status” shows whom they met."
    ),
    "ask": N_("All rules ask the moderators of {nexus} from now on."),
    "act": N_("All rules act by themselves in {nexus} from now on. One that is wrong too often asks again."),
}


_MANY = {
    "warn": N_("warnings"),
    "timeout": N_("timeouts"),
    "kick": N_("removals"),
    "ban": N_("bans"),
    "unban": N_("ends of bans"),
    "purge": N_("deletions of messages"),
    "lock": N_("closed places"),
    "unlock": N_("opened places"),
    "slow": N_("slow modes"),
    "report": N_("reports"),
    "raid": N_("raids"),
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
        return words(
            N_("Rule “{rule}”: met {found} times, nobody has looked at it yet."), rule=one.rule, found=one.found
        )
    return words(
        N_("Rule “{rule}”: met {found} times; of {judged} that somebody looked at, {right} right."),
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
    kinds = ", ".join(f"{words(_MANY[kind])}: {count}" for kind, count in figures.kinds)
    text = kinds[:1].upper() + kinds[1:] + "." if kinds else words(N_("There were no cases."))
    if figures.people:
        whom = N_("They were about one person.") if figures.people == 1 else N_("They were about {people} people.")
        did = N_("Rules decided {rules} of them, and {undone} were undone.")
        text += " " + words(whom, people=figures.people)
        text += " " + words(
            did, rules=figures.by_rules or words(N_("none")), undone=figures.undone or words(N_("none"))
        )
    lines = [_rule_figures(one, words) for one in figures.rules]
    if figures.appeals:
        lines.append(
            words(
                N_("Appeals: {appeals}. Of those {overturned} overturned, {upheld} stood."),
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
    "guard.show": guard_list,
    "guard.set": guard_set,
    "guard.words": unwanted,
    "proposal.accept": accepted,
    "raid.begin": closed_up,
    "raid.verify": verified,
    "guard.report": month,
}
