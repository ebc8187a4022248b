"""Set phrases that look like a request and are none: "I need a hug", "call me later", "I found peace"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from bot.cofounder.offline import cues
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.words import Shape, Word
from core.operations import Operation


def idle(operation: Operation, words: Sequence[Word], reading: Reading) -> str:
    """ "idle" if what fills the main slot makes no sense there, else an empty text."""
    judge = _JUDGES.get(operation.name)
    span = reading.spans.get(operation.main or "")
    if judge is None or span is None:
        return ""
    said = [w.norm for w in words[span[0] : span[1]] if w.shape is not Shape.MARK]
    early = [w.norm for w in words[: span[0]]]
    return "idle" if said and judge(said, early) else ""


def _need(said: list[str], early: list[str]) -> bool:
    if said[0] == "my" and {"looking", "searching"} & set(early):
        return True  # what is lost
    return (said[0] in cues.NO_NEED and len(said) < 12) or (len(said) <= 3 and said[-1] in cues.IDLE)


def _offer(said: list[str], early: list[str]) -> bool:
    forced = ("have", "to") in itertools.pairwise(early) or "must" in early
    can = early in (["i", "can"], ["i", "could"], ["we", "can"], ["we", "could"])
    if can and (len(said) < 3 or said[0] in cues.NO_SERVICE):
        return True
    if said[0] in ("for", "at", "up", "off", "away", "from", "on"):
        return True
    return said[0] in cues.NO_OFFER or said[-1] in cues.NO_OFFER or forced


def _closed_need(said: list[str], early: list[str]) -> bool:
    if said[0] in cues.NO_RECORD or said[-1] in cues.NO_RECORD or (len(said) < 4 and cues.FOUND_WITHIN & set(said)):
        return True
    found = "found" in early or "got" in early
    return found and bool({"out", "it", "on", "in", "at", "each"} & set(said))


def _closed_offer(said: list[str], early: list[str]) -> bool:
    return _closed_need(said, early) or (said[0] in cues.NO_SERVICE and "offer" not in early)


def _name(said: list[str], early: list[str]) -> bool:
    if early[-1:] in (["a"], ["an"]):
        return True  # "call me a taxi"
    return said[0] in cues.NOT_CALLED or said[-1] in ("back", "later") or bool({"him", "her", "it"} & set(early))


def _new_name(said: list[str], early: list[str]) -> bool:
    return bool({"him", "her"} & set(early))


def _nexus(said: list[str], early: list[str]) -> bool:
    return said in (["hands"], ["forces"], ["in"], ["me"], ["us"])


_JUDGES = {
    "need.post": _need,
    "offer.post": _offer,
    "need.close": _closed_need,
    "offer.close": _closed_offer,
    "person.rename": _name,
    "nexus.rename": _new_name,
    "nexus.join": _nexus,
}
