"""A message read once, for all signals and both classifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.moderation.text.leet import without_leet
from core.moderation.text.letters import plain
from core.moderation.text.links import Link, links, open_links
from core.moderation.text.spaced import joined

LONGEST = 4000  # characters that are read, Discord's longest message; what stands after them is not looked at
LINK = "\x01"  # stands in `words` where a link stood
_FOLDED = str.maketrans({"l": "i", "|": "i", "\n": " ", "\t": " ", "\r": " "})
_REPEATED = re.compile(r"(.)\1{3,}")


@dataclass(frozen=True, slots=True)
class Reading:
    """`plain`: the text in plain letters, case and digits kept, disguised links made whole. `words`: small letters
    without leet, each link as LINK, "l" folded into "i" (the two look alike), for comparing with `folded` words.
    `run_together`: letters were set apart in a way that hides where words end; `words` may have lost spaces."""

    text: str
    plain: str
    words: str
    links: tuple[Link, ...]
    run_together: bool


def read(text: str) -> Reading:
    """Take the disguises off a text. Never fails, whatever is in it."""
    text = text[:LONGEST]
    seen = plain(text)
    close, run_together = joined(seen)
    whole = open_links(close)
    found = links(whole, hidden=False)
    found += _foreign(text, {link.host for link in found})
    shown = {link.host for link in links(text)} if whole != text and found else None
    rest: list[str] = []
    at = 0
    for link in found:
        if link.start < 0:
            continue
        rest += (whole[at : link.start], LINK)
        at = link.end
    rest.append(whole[at:])
    body = "".join(rest)
    letters = without_leet(body)
    if letters != body and (more := links(letters)):
        pieces: list[str] = []
        at = 0
        for link in more:
            pieces += (letters[at : link.start], LINK)
            at = link.end
        letters = "".join((*pieces, letters[at:]))
        found += [Link(one.host, one.path, True, -1, -1) for one in more]
    if shown is not None:
        found = [one if one.host in shown else replace(one, hidden=True) for one in found]
    return Reading(text, whole, folded(letters), tuple(found), run_together)


def _foreign(text: str, known: set[str]) -> list[Link]:
    """Links as they really lead, where a host has letters of another alphabet; mixed alphabets are a disguise."""
    if text.isascii():
        return []
    return [
        Link(one.host, one.path, any(map(_mixed, one.host.split("."))), -1, -1)
        for one in links(text)
        if not one.host.isascii() and one.host not in known
    ]


def _mixed(label: str) -> bool:
    letters = [one.isascii() for one in label if one.isalpha()]
    return any(letters) and not all(letters)


def folded(text: str) -> str:
    """Small letters with lookalikes among ASCII made one, runs of a character cut to three, single spaces."""
    text = text.lower().translate(_FOLDED)
    return " ".join(_REPEATED.sub(r"\1\1\1", text).split())
