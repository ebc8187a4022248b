"""How people say a consent, and how it is told back to them. Pure.

Who is one of a few levels, each wider than the one before; what is done is one of a few uses. A saying about who, with
no use, is about all of them: a use that was switched off before stays off, unless nothing at all was left on, or the
rules are to decide again ("everyone").
"""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import N_
from core.operations.fields import Choice
from core.rules.consents import Consent, ceiling
from core.rules.kinds import KINDS, WRITTEN
from core.rules.words import (
    ALL,
    ANCESTOR_MEMBER,
    ANY,
    BITS,
    EVERYBODY,
    LINKED_MEMBER,
    MEMBER,
    PUBLIC,
    SUB_MEMBER,
    Action,
    audiences_of,
    names_of,
    spread,
)

# Whoever decides in a Nexus counts as a member of it: nobody who says "members" means all but the stewards.
_MEMBERS = MEMBER | BITS["owner"] | BITS["steward"] | BITS["treasurer"] | BITS["moderator"]
LEVELS = {
    "only-me": 0,
    "members": _MEMBERS,
    "nexuses": _MEMBERS | SUB_MEMBER | ANCESTOR_MEMBER | LINKED_MEMBER,
    "everyone": EVERYBODY,
}
USES = {"repeat": Action.QUOTE, "count": Action.AGGREGATE, "build": Action.DERIVE, "export": Action.EXPORT}
WHO = Choice(
    N_("who may"),
    tuple(LEVELS),
    also={
        "nobody": "only-me",
        "me": "only-me",
        "private": "only-me",
        "member": "members",
        "insiders": "members",
        "community": "nexuses",
        "anyone": "everyone",
        "anybody": "everyone",
        "everybody": "everyone",
        "public": "everyone",
        "rules": "everyone",
    },
)
USE = Choice(
    N_("what may be done with it"),
    tuple(USES),
    also={
        "quote": "repeat",
        "quoted": "repeat",
        "quoting": "repeat",
        "repeated": "repeat",
        "repeating": "repeat",
        "mention": "repeat",
        "counted": "count",
        "counting": "count",
        "statistics": "count",
        "numbers": "count",
        "built": "build",
        "building": "build",
        "derive": "build",
        "derived": "build",
        "exported": "export",
        "exporting": "export",
        "download": "export",
        "downloaded": "export",
    },
)
EVERYTHING = "everything"
WHAT = Choice(
    N_("what it is about"),
    (*WRITTEN, EVERYTHING),
    also={"all": EVERYTHING, "anything": EVERYTHING, "profile": "fact", "things": EVERYTHING},
)
_MAY = {
    Action.SEE: N_("see {it}"),
    Action.QUOTE: N_("repeat {it} in channels"),
    Action.AGGREGATE: N_("count {it}"),
    Action.DERIVE: N_("build on {it}"),
    Action.EXPORT: N_("take {it} along"),
}
_PEOPLE = {
    "public": N_("anyone"),
    "member": N_("members"),
    "sub-member": N_("members of Nexuses inside"),
    "ancestor-member": N_("members of Nexuses above"),
    "linked-member": N_("members of linked Nexuses"),
    "bridge": N_("programs that members run for it"),
    "owner": N_("owners"),
    "steward": N_("stewards"),
    "treasurer": N_("treasurers"),
    "moderator": N_("moderators"),
    "guest": N_("guests"),
}
_OF = {"fact": N_("what I know of you"), ANY: N_("everything of yours")}


def kind_of(what: str) -> str:
    """The kind that is meant by a choice of `WHAT`."""
    return ANY if what == EVERYTHING else what


def said(before: int, who: str, use: str | None) -> int:
    """The word after somebody has said who may do what, where `before` was their word about the same."""
    if use is not None:
        action = USES[use]
        return before & ~spread(EVERYBODY, (action,)) | spread(LEVELS[who], (action,))
    if who == "everyone":
        return ALL
    return spread(LEVELS[who], tuple(a for a in Action if audiences_of(before, a)) or tuple(Action))


def own_word(consents: Sequence[Consent], kind: str, record_id: int = 0) -> int:
    """What somebody has said about exactly this, apart from what they have said about more."""
    return next((c.word for c in consents if (c.kind, c.record_id) == (kind, record_id)), ALL)


def effective(word: int) -> int:
    """The word as it works: what may not be seen cannot be repeated, and what may not be repeated not be exported."""
    seen = audiences_of(word, Action.SEE)
    repeated = audiences_of(word, Action.QUOTE) & seen
    exported = audiences_of(word, Action.EXPORT) & repeated
    kept = word & spread(EVERYBODY, (Action.SEE, Action.AGGREGATE, Action.DERIVE))
    return kept | spread(repeated, (Action.QUOTE,)) | spread(exported, (Action.EXPORT,))


def together(consents: Sequence[Consent], kind: str, record_id: int = 0) -> int:
    """What everything that somebody has said comes to for a kind, or for one thing."""
    return effective(ceiling(consents, kind, record_id))


def people(audiences: int, nobody: str = N_("nobody but you")) -> str:
    """Audience bits as people say them: "members and members of Nexuses inside"."""
    if not audiences:
        return nobody
    if audiences == EVERYBODY:
        return N_("whoever the rules let")
    names = names_of(PUBLIC if audiences & PUBLIC else audiences)
    if "member" in names:
        names = tuple(n for n in names if BITS[n] & ~_MEMBERS or n == "member")
    return _and([_PEOPLE[name] for name in names])


def told(word: int, *, several: bool = False, nobody: str = N_("nobody but you")) -> str:
    """What a word allows, the widest first: "members may see it and count it; nobody but you may build on it"."""
    groups: dict[str, list[str]] = {}
    for action in sorted(Action, key=lambda a: -audiences_of(word, a).bit_count()):
        use = _MAY[action].format(it="them" if several else "it")
        groups.setdefault(people(audiences_of(word, action), nobody), []).append(use)
    return "; ".join(f"{who} may {_and(uses)}" for who, uses in groups.items())


def sentence(kind: str, word: int, name: str = "") -> str:
    """What a consent comes to, for all of a kind or for one thing: "your needs: members may see them …"."""
    about = f"“{name}”" if name else _OF[kind] if kind in _OF else f"your {KINDS[kind].many}"
    return f"{about}: {told(effective(word), several=not name and kind not in _OF)}"


def by_rules(word: int) -> str:
    """What the rules of a Nexus allow others with a kind: "members may see them …"."""
    return told(effective(word), several=True, nobody=N_("nobody but their author"))


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
