"""Whether moderators are asked to act: words such as ban, kick, lock or case stand in much that asks for nothing.

"Tom was banned yesterday", "should we ban Tom?", "they kicked the ball", "lock the door", "in any case", "my report on
the meeting" ask for nothing. What is asked for has somebody, a place, or a case to act on.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cofounder.offline import cues
from bot.cofounder.offline.lexicon import ARTICLES, CHAT_NOUNS, FILLERS, FIRST_NAMES, NEXUS_NOUNS
from bot.cofounder.offline.moderation import numbers_of_cases
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.words import Shape, Word
from core.operations import Operation

OF_CASES = frozenset("reason note dismiss appeal uphold overturn undo".split())
_OF_PEOPLE = frozenset("warn timeout kick ban unban".split())
_OF_PLACES = frozenset("lock unlock slowmode".split())
_SOMEBODY = frozenset(
    "him her them user guy person account member one bot spammer troll scammer raider people idiot guest newcomer "
    "man woman".split()
)
_POINTING = frozenset("this that these those".split())
_ALONE = frozenset("ban kick mute warn timeout silence boot eject gag caution".split())  # what is answered says whom
_SOMEWHERE = (
    CHAT_NOUNS
    | NEXUS_NOUNS
    | frozenset("it this here everything down place writing posting messages discord room lockdown".split())
)
_ALL_OR_MODERATORS = frozenset("all everybody everyone anybody people moderators moderator mods admins us".split())
_AFTER = frozenset("for because from until again".split())
_DONE = frozenset(
    "banned kicked muted warned silenced locked unlocked blocked removed timed unbanned expelled ejected booted "
    "purged deleted reported overturned upheld frozen".split()
)
_DECIDED = frozenset(
    "overturned upheld rejected dismissed closed undone reverted reversed denied granted appealed discarded refused "
    "accepted noted".split()
)
_NAMES_ONE = frozenset("case cases report reports number no nr please".split())
_UNDECIDED = frozenset("open pending undecided waiting".split())
_WHO = frozenset("i we they he she somebody someone mods the".split())
_WAS = frozenset("was were got has had have been gets getting is are s".split())
_SHALL = frozenset("should must be needs need deserves shall want wants to".split())
_REPORTED_TO = frozenset("moderator moderators mod mods moderation admins".split())
_REPORTABLE = frozenset(
    "this that it him her them message messages post something someone somebody user guy person account spam "
    "harassment abuse scam insult insults bullying".split()
)
_NO_REPORT = frozenset("on back card cards about".split())
_PURGING = frozenset("purge delete remove clear wipe nuke clean erase sweep get take bulk-remove bulk drop".split())
_ABOUT_CASES = frozenset(
    "cases warning warnings warned points sanctions sanction sanctioned punished banned record moderation against "
    "mods moderators muted".split()
)


def idle_for_moderators(operation: Operation, words: Sequence[Word], core: int, reading: Reading) -> str:
    """Why moderators are not asked to act, or an empty text. None of these is outvoted by a probability."""
    name, norms = operation.name, [w.norm for w in words]
    if norms[core] in cues.QUESTIONS and name not in ("report", "appeal") and not core:
        return "asked about"
    if name in OF_CASES:
        if name != "appeal" and _decided(words, core):
            return "happened"
        if not any(w.shape is Shape.WORD and w.norm not in _NAMES_ONE for w in words):
            return "no case"
        if name in ("uphold", "overturn") and _UNDECIDED & set(norms):
            return "undecided"
        return "" if "case" in reading.values or _speaks_of_one(name, norms, core) else "no case"
    if _happened(words, core) and name not in ("report", "unban", "unlock"):
        return "happened"
    if name in _OF_PEOPLE:
        return _of_somebody(name, words, core, reading)
    if name in _OF_PLACES:
        return _of_a_place(name, words, core, reading)
    if name == "purge" and not (_PURGING & set(norms[core : core + 4]) or _has_to_go(norms)):
        return "nothing to delete"
    return _of_a_report(words, core, reading) if name == "report" else ""


def no_case(operation: Operation, words: Sequence[Word], reading: Reading) -> str:
    """Why a case, or the list of them, is not asked for."""
    norms = {w.norm for w in words}
    if operation.name == "case":
        return "" if "case" in reading.values else "no case"
    if numbers_of_cases(words):
        return "one case"
    return "" if _ABOUT_CASES & norms else "no cases"


def says_no(operation: Operation, early: Sequence[str], every: Sequence[str]) -> bool:
    """Whether a "no", "not" or "nobody" is what the operation is about: "nobody may write", "case 7 isn't fair"."""
    if early[:2] == ["do", "not"] or early[:1] in (["not"], ["never"]):
        return False
    if operation.name in OF_CASES:
        return True
    if operation.name in ("lock", "timeout"):
        return bool({"write", "post", "writing", "posting", "messages"} & set(every)) and "never" not in early
    return operation.name == "unban" and "more" in early


def _speaks_of_one(name: str, norms: Sequence[str], core: int) -> bool:
    """ "undo the case", "I want to appeal": the number is asked for."""
    rest = [n for n in norms[core:] if n not in FILLERS and n not in ARTICLES and n.isalpha()]
    if name == "appeal":
        return rest[:1] == ["appeal"] and len(rest) < 4
    return len(rest) < 5 and bool(rest) and rest[0] in cues.IMPERATIVE and rest[-1] in ("case", "report", "appeal")


def _happened(words: Sequence[Word], core: int) -> bool:
    """Whether it is told that something was done: "Tom was banned", "the mods have muted him"."""
    for i in range(core, len(words)):
        if words[i].norm not in _DONE or words[i].quoted:
            continue
        before = [w.norm for w in words[max(core, i - 3) : i]]
        if _WAS & set(before) and not (_SHALL - {"need", "want"}) & set(before) and i - core < 8:
            return True
    return False


def _decided(words: Sequence[Word], core: int) -> bool:
    """Whether it is told what became of a case: "case 7 was overturned", "Mira dismissed report 4"."""
    for i in range(core, len(words)):
        if words[i].norm not in _DECIDED or words[i].quoted:
            continue
        before = [w.norm for w in words[max(core, i - 3) : i]]
        whoever = i - core in (1, 2) and (words[core].capital or words[core].norm in _WHO)
        if {"was", "were", "has", "have", "had", "got"} & set(before) or whoever:
            return "is" not in before
    return any(w.norm in cues.PAST_TIMES for w in words)


def _of_somebody(name: str, words: Sequence[Word], core: int, reading: Reading) -> str:
    span = reading.spans.get("person")
    if span is not None:
        return "" if _nameable(words[span[0] : span[1]]) and _out_of_here(words, core) else "a thing"
    if sum(w.shape is Shape.AT for w in words) > 1:
        return ""  # whom of them, is asked
    if name == "unban" or (words[core].norm not in cues.IMPERATIVE and not core):
        return "nobody named"
    following = [w for w in words[core + 1 :] if w.norm not in FILLERS and w.norm not in ARTICLES]
    if following and following[0].norm in ("out", "up"):
        following = following[1:]
    first = following[0] if following else None
    if first is None or first.shape is Shape.MARK:
        return "" if words[core].norm in _ALONE - {"timeout", "silence"} else "a thing"
    if first.norm in _AFTER or reading.covers(words.index(first)):
        return "" if words[core].norm in _ALONE else "a thing"
    if first.norm in _POINTING:
        return "" if len(following) < 2 or following[1].norm in _SOMEBODY | _AFTER else "a thing"
    return "" if first.norm in _SOMEBODY else "a thing"


def _out_of_here(words: Sequence[Word], core: int) -> bool:
    """Not "get Tom out of bed" and "show him the door of the workshop"."""
    norms = [w.norm for w in words]
    if norms[core] in ("throw", "get", "show", "put", "take") and not {"out", "door", "warning", "timeout"} & set(
        norms
    ):
        return any(w.means in ("ban", "mute", "warn", "write", "message") for w in words)
    for i in range(core, len(words) - 2):
        if norms[i] in ("out", "door") and norms[i + 1] == "of":
            rest = [w for w in words[i + 2 : i + 6] if w.norm not in ARTICLES]
            return any(w.norm in _SOMEWHERE or w.means in ("chat", "nexus") or w.capital for w in rest[:3])
    return True


def _nameable(said: Sequence[Word]) -> bool:
    """Whether that may be somebody's name, and not "plastic bags"."""
    first = said[0]
    known = first.capital or first.quoted or first.shape is not Shape.WORD or first.norm in FIRST_NAMES
    if known or any(c.isdigit() or c in "_." for c in first.norm):
        return True
    if len(said) > 1:
        return said[-1].capital
    plural = first.norm.endswith("s") and not first.norm.endswith(("as", "is", "os", "us", "ys"))
    return not plural and first.norm not in cues.NO_PERSON


def _of_a_place(name: str, words: Sequence[Word], core: int, reading: Reading) -> str:
    norms = {w.norm for w in words}
    if name == "slowmode":
        return "" if "pause" in reading.values or {"slowmode", "mode"} & norms else "no pause"
    where = any(w.norm in _SOMEWHERE or w.means == "chat" for w in words[core:] if not w.quoted)
    alone = words[core].means == name and len([w for w in words[core:] if w.shape is not Shape.MARK]) < 3
    if not (where or alone or (reading.values and words[core].means == name)):
        return "no place"
    if norms & {"stop", "only"} and words[core].norm in ("stop", "only") and not norms & _ALL_OR_MODERATORS:
        return "no place"
    if {"door", "doors", "gate", "shed", "bike", "phone", "key", "keys", "window", "house", "car"} & norms:
        return "a thing"
    return ""


def _has_to_go(norms: Sequence[str]) -> bool:
    return "go" in norms or "deleted" in norms or "gone" in norms or "rid" in norms


def _of_a_report(words: Sequence[Word], core: int, reading: Reading) -> str:
    norms = [w.norm for w in words]
    at = next((i for i, w in enumerate(words) if w.means == "report"), None)
    if at is not None and at + 1 < len(words) and norms[at + 1] in _NO_REPORT and "person" not in reading.values:
        return "a report about something"
    span = reading.spans.get("person")
    if span is not None and span[1] < len(words) and norms[span[1]] == "'s":
        return "a thing of somebody"
    if _REPORTED_TO & set(norms) or "person" in reading.values:
        return ""
    if at is None and not {"flag", "complaint"} & set(norms):
        return "no report"
    if any(w.text == ":" for w in words):
        return ""
    of_what = [n for i, n in enumerate(norms) if n in _REPORTABLE and (n not in _POINTING or _ends(words, i + 1))]
    return "" if of_what else "no report"


def _ends(words: Sequence[Word], i: int) -> bool:
    return i >= len(words) or words[i].shape is Shape.MARK or words[i].norm in FILLERS | {"here", "to"}
