"""Rules of a Nexus's own, and cases told in plain sentences, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.errors import N_
from core.moderation.explain_operations import Explained
from core.moderation.own.operations import Drafted

# What was done, as it is said of somebody else and to whom it was done.
_OTHER = {
    "warn": N_("{name} was warned"),
    "timeout": N_("{name} was kept from writing"),
    "kick": N_("{name} was removed"),
    "ban": N_("{name} was banned"),
    "unban": N_("the ban of {name} was ended"),
    "purge": N_("messages of {name} were deleted"),
    "report": N_("{name} was reported"),
}
_YOU = {
    "warn": N_("you were warned"),
    "timeout": N_("you were kept from writing"),
    "kick": N_("you were removed"),
    "ban": N_("you were banned"),
    "unban": N_("your ban was ended"),
    "purge": N_("what you wrote was deleted"),
    "report": N_("you were reported"),
}
_PLACE = {
    "purge": N_("messages were deleted"),
    "lock": N_("a place was closed for writing"),
    "unlock": N_("a place was opened again"),
    "slow": N_("a place was slowed down"),
    "raid": N_("everything was closed up against a raid"),
    "report": N_("something was reported"),
}
_HOW = {
    "waiting": N_("{platform} has not answered yet."),
    "done": N_("It was done on {platform}."),
    "partly": N_("On {platform} it was done in part. {said}"),
    "refused": N_("On {platform} it was not done. {said}"),
    "failed": N_("On {platform} it was not done. {said}"),
}
_OVER = {
    "lifted": N_("It ended on {day}."),
    "undone": N_("It was taken back on {day}; its points are gone."),
    "not done": N_("No platform did it, so it counts nothing."),
    "closed": N_("It was dealt with on {day}."),
}
_APPEALED = {
    "open": N_("It was appealed, and nobody has decided yet."),
    "upheld": N_("It was appealed, and another moderator let it stand."),
    "overturned": N_("It was appealed, and overturned."),
}


def explained(result: Explained, words: Words) -> Reply:
    """Who decided what and why they could, what was done where, until when, and what can be done now."""
    said = [_decided(result, words), *_noticed(result, words), *_done(result, words), *_stands(result, words)]
    title = words(N_("Case {number}, in short"), number=result.number)
    return Reply(card=Card(title=title, text=" ".join(said)))


def _what(result: Explained, words: Words) -> str:
    if result.mine:
        return words(_YOU.get(result.kind) or _PLACE[result.kind])
    if result.name and result.kind in _OTHER:
        return words(_OTHER[result.kind], name=result.name)
    return words(_PLACE.get(result.kind) or _OTHER[result.kind], name=words(N_("somebody")))


def _decided(result: Explained, words: Words) -> str:
    data: dict[str, Any] = {
        "day": result.day,
        "what": _what(result, words),
        "nexus": result.nexus,
        "rule": result.rule,
        "by": result.by or words(N_("a moderator")),
        "role": words(result.role) if result.by else "",
        "reason": _reason(result, words),
    }
    if result.from_list:
        return words(_by_list(result), **data)
    if result.kind == "report":
        template = (
            N_("On {day} the rule “{rule}” asked the moderators of {nexus} to look at it{reason}.")
            if result.rule
            else N_("On {day} {what} in {nexus}{reason}.")
        )
        return words(template, **data)
    if result.by_rule:
        template = N_("On {day} {what} in {nexus}, by the rule “{rule}”, which acts by itself there{reason}.")
    elif result.rule:
        template = (
            N_("On {day} {what} in {nexus}: the rule “{rule}” proposed it{reason}, and {by} ({role}) agreed.")
            if result.by
            else N_("On {day} {what} in {nexus}: the rule “{rule}” proposed it{reason}, and {by} agreed.")
        )
    else:
        template = (
            N_("On {day} {what} in {nexus}, by {by}, {role} there{reason}.")
            if result.by
            else N_("On {day} {what} in {nexus}, by {by}{reason}.")
        )
    return words(template, **data)


def _by_list(result: Explained) -> str:
    """The name of such a case's rule is “list of …”."""
    if result.kind == "report":
        return N_("On {day} I asked the moderators of {nexus} because of the ban {rule}{reason}.")
    if result.by_rule:
        return N_("On {day} {what} in {nexus}, by the ban {rule}, which {nexus} follows{reason}.")
    if result.by:
        return N_("On {day} {what} in {nexus}, by the ban {rule}{reason}, and {by} ({role}) agreed.")
    return N_("On {day} {what} in {nexus}, by the ban {rule}{reason}, and {by} agreed.")


def _reason(result: Explained, words: Words) -> str:
    if not result.reason:
        return ""
    return (
        words(N_(" ({reason})"), reason=words(result.reason))
        if result.rule
        else words(N_(", because of “{reason}”"), reason=result.reason)
    )


def _noticed(result: Explained, words: Words) -> list[str]:
    return [words(N_("What it noticed: {details}."), details="; ".join(result.noticed))] if result.noticed else []


def _done(result: Explained, words: Words) -> list[str]:
    lines = [
        words(_HOW[one.state], platform=one.platform.capitalize(), said=one.said).strip()
        for one in result.done
        if one.state in _HOW
    ]
    return list(dict.fromkeys(lines))


def _stands(result: Explained, words: Words) -> list[str]:
    said = []
    if result.state in _OVER and result.ended:
        said.append(words(_OVER[result.state], day=result.ended))
    elif result.state == "open":
        said.append(words(N_("Nobody has decided yet.")))
    elif result.until:
        said.append(words(N_("It holds until {until}."), until=result.until))
    elif result.kind in ("ban", "lock"):
        said.append(words(N_("It has no end.")))
    if result.points:
        template = N_("One point is left of it.") if result.points == 1 else N_("{points} points are left of it.")
        said.append(words(template, points=result.points))
    if result.appeal:
        said.append(words(_APPEALED[result.appeal]))
    elif result.may_appeal:
        said.append(words(N_("If that is wrong, appeal: another moderator looks at it.")))
    elif not result.mine and result.state == "standing" and result.kind not in ("unban", "unlock"):
        said.append(words(N_("“Undo {number}” takes it back."), number=result.number))
    return said


def drafted(result: Drafted, words: Words) -> Reply:
    """A rule of a Nexus's own that was made or changed."""
    template = (
        N_("“{name}” is another rule now, and counts in shadow from the start: {says}.")
        if result.changed
        else N_("“{name}” counts in {nexus} from now on, in shadow: {says}. “Automod status” shows whom it meets.")
    )
    return Reply(words(template, name=result.name, nexus=result.nexus, says=result.says))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {"explain": explained, "guard.draft": drafted}
