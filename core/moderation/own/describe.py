"""A rule of a Nexus's own, said back in a sentence that is read as the very same rule. Pure.

`reason_of` says what was met without quoting what is looked for: whom a rule met reads it, and so does the platform's
log.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.moderation.own.looks import USUAL
from core.moderation.own.sentence import POINTS, USUAL_TIMEOUT
from core.moderation.signals.own import ABOUT_AUTHORS, Look, Own
from core.operations.fields import say_duration

_DOES = {
    "note": "ask us about messages",
    "delete": "delete messages",
    "warn": "warn for messages",
    "timeout": "time out for {length} for messages",
    "kick": "remove people for messages",
    "ban": "ban for messages",
}
_BAN_FOR = "ban for {length} for messages"
_SAYS = {
    "link": "with a link",
    "invite": "with an invitation",
    "hidden": "with a hidden link",
    "domain": "with a link to a known bad site",
    "everyone": "with a call to everyone",
    "forwarded": "that are forwarded",
    "newcomer": "from newcomers",
    "wave": "from people who arrived in a wave",
}


def describe(own: Own) -> str:
    """The rule: "delete messages with “free nitro” from people who joined less than 1 day ago"."""
    said = f"{deed_of(own)} {looks_of(own)}"
    if own.points != POINTS[own.action]:
        said += ", " + ("no points" if not own.points else f"{own.points} point{'s' if own.points > 1 else ''}")
    return said


def deed_of(own: Own) -> str:
    """What it does, as the beginning of a sentence about messages."""
    if own.action == "timeout":
        return _DOES["timeout"].format(length=say_duration(1000 * (own.seconds or USUAL_TIMEOUT)))
    if own.action == "ban" and own.seconds:
        return _BAN_FOR.format(length=say_duration(1000 * own.seconds))
    return _DOES[own.action]


def looks_of(own: Own) -> str:
    """What it looks for, after "messages"."""
    return _joined([[_look(one) for one in group] for group in own.groups], own)


def reason_of(own: Own) -> str:
    """What was met, quoting nothing: "a message with words that are not wanted here, from newcomers"."""
    return "a message " + _joined([[_quiet(one) for one in group] for group in own.groups], own)


def _joined(groups: Sequence[Sequence[str]], own: Own) -> str:
    said = ""
    for index, (group, words) in enumerate(zip(own.groups, groups, strict=True)):
        about_author = group[0].what in ABOUT_AUTHORS
        before_too = index and own.groups[index - 1][0].what in ABOUT_AUTHORS
        apart = "" if not index else " " if about_author and not before_too else ", and "
        said += apart + " or ".join(words)
    if own.times > 1:
        said += f", {own.times} times or more in {_length(own.within)}"
    return said


def _length(seconds: int) -> str:
    return say_duration(1000 * seconds)


def _look(look: Look) -> str:
    match look.what:
        case "words":
            quoted = [f"“{word}”" for word in look.words]
            return f"with both {_listing(quoted, 'and')}" if look.every else f"with {_listing(quoted, 'or')}"
        case "pattern":
            return f"matching /{_escaped(look.words[0])}/"
        case "link to":
            return f"with a link to {_listing(look.words, 'or')}"
        case "link but":
            return f"with a link (except to {_listing(look.words, 'or')})"
        case _:
            return _SAYS.get(look.what) or _counted(look)


def _counted(look: Look) -> str:
    number = look.least
    usual = USUAL.get(look.what) == number
    match look.what:
        case "mentions":
            return f"with {number} mentions or more" if number > 1 else "with a mention"
        case "caps":
            return "in capitals" if usual else f"in capitals ({number} %)"
        case "repeat":
            return f"with the same text {number} times or more in {_length(look.seconds)}"
        case "flood":
            return f"in a flood of {number} messages or more in {_length(look.seconds)}"
        case "crowd":
            return f"with the same text from {number} people or more"
        case "spam" | "abuse":
            return f"that read like {look.what}" + ("" if usual else f" ({number} %)")
        case "files":
            return f"with {number} files or more" if number > 1 else "with a file"
        case "length":
            return f"of {number} characters or more"
        case "first":
            return f"among their first {number} messages" if number > 1 else "that are their first message"
        case "joined":
            return f"from people who joined less than {_length(look.seconds)} ago"
        case _:
            return f"from accounts younger than {_length(look.seconds)}"


def _quiet(look: Look) -> str:
    match look.what:
        case "words":
            return "with words that are not wanted here"
        case "pattern":
            return "with something that is not wanted here"
        case "link to":
            return "with a link that is not wanted here"
        case "link but":
            return "with a link"
        case _:
            return _look(look)


def _listing(words: Sequence[str], joined_by: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}"


def _escaped(pattern: str) -> str:
    """With slashes escaped, those that are escaped already left as they are."""
    said, escaped = [], False
    for one in pattern:
        said.append("\\/" if one == "/" and not escaped else one)
        escaped = one == "\\" and not escaped
    return "".join(said)
