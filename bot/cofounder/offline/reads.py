"""Questions about the world, which look like questions about the network and are none."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from bot.cofounder.offline import cues
from bot.cofounder.offline.lexicon import NOT_A_NEXUS
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.sanctions import no_case
from bot.cofounder.offline.words import Word
from core.operations import Operation

_WORLD = "question about the world"


def closed_for_reads(operation: Operation, words: Sequence[Word], core: int, reading: Reading) -> str:
    """Why a reading operation is not asked for, or an empty text."""
    norms = [w.norm for w in words[core:]]
    if (
        norms[0] in ("if", "maybe", "suppose")
        or norms[:2] == ["what", "if"]
        or (norms[0] == "why" and operation.name not in ("help", "why"))
    ):
        return _WORLD
    if norms[0] in cues.OTHERS - {"everyone", "everybody", "people", "someone", "somebody"}:
        return "about others"
    if any(n in ("mean", "means", "stand", "stands") for n in norms) and norms[0] == "what":
        return _WORLD
    nexus = reading.spans.get("nexus")
    if nexus and all(w.norm in NOT_A_NEXUS for w in words[nexus[0] : nexus[1]]):
        return _WORLD
    if operation.name in ("case", "cases"):
        return no_case(operation, words, reading)
    judge = _JUDGES.get(operation.name)
    return judge(words, norms, reading) if judge else ""


def _find(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    if "query" not in reading.values:
        return "nothing to find"
    a, b = reading.spans["query"]
    said = [w.norm for w in words[a:b]]
    if said[0] == "what" and said[1:2] != ["time"] and len(said) > 3 and "to" in said:
        return ""
    if said[0] in cues.NO_SKILL or said[-1] in cues.NOBODY_IN_PARTICULAR:
        return _WORLD
    return ""


def _person(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    if {"was", "were"} & set(norms[:2]) or norms[0] == "does":
        return _WORLD
    if norms[:2] == ["what", "does"] and not cues.ABOUT_SOMEBODY & set(norms[2:]):
        return _WORLD
    if "person" in reading.values or norms in (["me"], ["myself"]):
        return ""
    pairs = set(itertools.pairwise(norms))
    if not cues.ABOUT_ME & pairs or norms[:3] == ["do", "you", "know"]:
        return "nobody named"
    return ""


def _nexus(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    return _WORLD if norms[0] == "does" else ""


def _search(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    query = reading.spans.get("query", (0, 1))
    if ("did", "you") in itertools.pairwise(norms) or words[query[0]].norm in ("at", "like", "out", "into", "forward"):
        return _WORLD
    return "about others" if norms[0] in cues.POINTING else ""


def _audit(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    if "nexus" in reading.values or cues.HAPPENINGS & set(norms) or {"who", "what"} <= set(norms):
        return ""
    if norms[-1] in ("changed", "happened", "yesterday", "today", "week") and norms[0] in ("what", "who"):
        return ""
    return _WORLD


def _listeners(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    return "" if any(w.norm in cues.LISTENING or w.means == "chat" for w in words) else _WORLD


def _members(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    if "nexus" in reading.values or any(w.norm in cues.AROUND or w.means in ("nexus", "members") for w in words):
        return ""
    return _WORLD


def _why(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    """Why something may be seen: asked about things that are here, not about the world."""
    seeing = {"see", "seeing", "visible", "hidden", "repeat", "count", "export", "read", "rule"} & set(norms)
    thing = str(reading.values.get("thing", "")).casefold().rstrip("?").split()
    if not thing:
        return "" if seeing and {"this", "it", "these", "here"} & set(norms) else _WORLD
    if thing[0].startswith("#"):
        return ""
    return "" if seeing and thing[-1] in _THINGS else _WORLD


def _count(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    """How many people need or offer something: asked about those here, not about the world."""
    return "" if "kind" in reading.values else _WORLD


def _help(words: Sequence[Word], norms: list[str], reading: Reading) -> str:
    if norms[0] != "i" or "topic" in reading.values or cues.LOST & set(norms):
        return ""
    return _WORLD


_THINGS = frozenset("need needs offer offers fact facts profile profiles thought thoughts this it these that".split())
_JUDGES = {
    "why": _why,
    "help": _help,
    "place.show": _listeners,
    "nexus.members": _members,
    "people.find": _find,
    "people.count": _count,
    "person.show": _person,
    "nexus.show": _nexus,
    "record.search": _search,
    "audit.list": _audit,
}
