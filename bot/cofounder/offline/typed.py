"""Arguments that are recognised by what they look like: codes, counts, lengths of time, words of a list, yes or no."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cofounder.offline import lasting
from bot.cofounder.offline.words import ROLE_WORDS, Shape, Word
from core.errors import NexusError
from core.moderation.guards.fields import ALL, RuleField
from core.operations import Parameter
from core.operations.fields import Choice, read_duration, show_duration
from core.operations.fields.base import NUMBER_WORDS


@dataclass(frozen=True, slots=True)
class Found:
    """A value for an argument, and the words [start, end) that it came from."""

    value: Any
    start: int
    end: int


_COUNTED = frozenset(
    "people persons person guests guest members member uses use users user folks friends friend times time others "
    "colleagues coworkers teammates participants visitors newcomers seats places slots invitations invites invitees "
    "humans guys students volunteers moderators stewards treasurers owners admins mods approvals messages msgs "
    "posts".split()
)
_UNITS_AHEAD = {"hour": "1h", "day": "1d", "week": "7d", "month": "30d"}
_UNTIL = frozenset("until till expires expire expiring valid ends by".split())
_HANDLE = re.compile(r"(?=.*\d)(?=.*[a-z])[0-9a-z]{5}", re.IGNORECASE)
_RECEIPT = re.compile(r"\d{4}-\d{4,}", re.ASCII)
_NUMBERED = re.compile(r"[a-z]{2,12}_(?=\w*\d)\w{6,}", re.ASCII)
_TIME_START = re.compile(r"\d")
_JOINED = re.compile(r"(?<=\w)-(?=[a-z])")
_APPROVAL = ("approv", "vett", "vet", "confirm", "review", "screen", "check")


def codes(words: Sequence[Word]) -> list[Found]:
    """Codes such as KF3M-9TQ2-X7PD, however they were typed."""
    return [Found(w.text, i, i + 1) for i, w in enumerate(words) if w.shape is Shape.CODE]


def handles(words: Sequence[Word]) -> list[Found]:
    """Short names such as #k7m2p, also without their sign if they cannot be a word."""
    return [
        Found(w.text, i, i + 1)
        for i, w in enumerate(words)
        if w.shape is Shape.HANDLE or (w.shape is Shape.WORD and _HANDLE.fullmatch(w.text))
    ]


def numbered(words: Sequence[Word]) -> list[Found]:
    """What somebody is called in the numbers of a provider, such as acct_1MTfjCQ9PRzxEwkZ."""
    return _shaped(words, _NUMBERED)


def receipts(words: Sequence[Word]) -> list[Found]:
    """Numbers of receipts: 2026-0001."""
    return _shaped(words, _RECEIPT)


def _shaped(words: Sequence[Word], shape: re.Pattern[str]) -> list[Found]:
    return [Found(w.text, i, i + 1) for i, w in enumerate(words) if shape.fullmatch(w.text)]


def durations(words: Sequence[Word]) -> list[Found]:
    """Lengths of time, in the shortest exact form."""
    found, i = [], 0
    while i < len(words):
        word = words[i]
        first = word.norm.partition("-")[0]  # "a two-week ban"
        starts = _TIME_START.match(word.norm) or first in NUMBER_WORDS or word.norm in ("half", "couple")
        best = None
        if starts and word.shape is not Shape.CODE:
            for j in range(min(len(words), i + 6), i, -1):
                if any(_parts(words, k) for k in range(i, j)):
                    continue
                said = " ".join(w.norm for w in words[i:j] if w.norm not in ("whole", "full", "entire", "-"))
                said = _JOINED.sub(" ", said) if j == i + 1 else said
                length = read_duration(said)
                if length:
                    best = Found(show_duration(length), i, j)
                    break
        if best is None and word.norm in _UNITS_AHEAD and [w.norm for w in words[max(0, i - 2) : i]] == ["the", "next"]:
            best = Found(_UNITS_AHEAD[word.norm], i, i + 1)  # "for the next hour"
        if best is None and word.norm == "tomorrow" and any(w.norm in _UNTIL for w in words[max(0, i - 3) : i]):
            best = Found("1d", i, i + 1)
        if best is None:
            i += 1
        else:
            found.append(best)
            i = best.end
    return found


def _parts(words: Sequence[Word], i: int) -> bool:
    """Whether a mark stands there that no length of time goes on after, unlike a comma and the hyphen of "24-hour"."""
    if words[i].shape is not Shape.MARK or words[i].text == ",":
        return False
    joins = words[i].text == "-" and 0 < i < len(words) - 1 and words[i - 1].end + 1 == words[i + 1].start
    return not joins


def counts(words: Sequence[Word], taken: Sequence[Found]) -> list[Found]:
    """Whole numbers that count people or uses."""
    found = []
    for i, word in enumerate(words):
        if any(f.start <= i < f.end for f in taken):
            continue
        following = [w for w in words[i + 1 : i + 4] if w.shape is not Shape.MARK]
        times = re.fullmatch(r"(\d{1,4})x", word.norm)
        if times:
            found.append(Found(int(times[1]), i, i + 1))
            continue
        number = int(word.norm) if word.shape is Shape.NUMBER and word.norm.isdigit() else NUMBER_WORDS.get(word.norm)
        if number is None or word.norm in ("a", "an", "zero", "dozen"):
            if word.norm == "dozen" or (word.norm == "couple" and following and following[0].norm == "of"):
                found.append(Found(12 if word.norm == "dozen" else 2, i, i + 1))
            continue
        near = next((k for k, w in enumerate(following) if w.norm in _COUNTED or w.norm in ROLE_WORDS), None)
        before = words[i - 1].norm if i else ""
        plain = word.norm in ("once", "twice", "single")
        at_end = not following or following[0].shape is Shape.MARK or following[0].norm in ("please", "thanks", "valid")
        several = number > 1
        if (
            (
                near is not None
                and (several or near == 0)
                and (several or before not in ("each", "every", "this", "that"))
            )
            or (plain and (word.norm != "single" or near is not None))
            or (several and before in ("for", "to", "of", "x", "max", "maximum") and at_end)
            or (several and word.shape is Shape.NUMBER and i and near is None and before in ("for", "max"))
            or before in ("part", "parts", "instalment", "installment", "tranche")
        ):
            found.append(Found(number, i, i + 1))
    return found


def choices(parameter: Parameter, words: Sequence[Word]) -> list[Found]:
    """Words of the parameter's closed list, or words that stand for one of them."""
    field = parameter.field
    assert isinstance(field, Choice)
    special = _SPECIAL.get(field.options)
    if special:
        return special(words)
    found = []
    for i, word in enumerate(words):
        if word.shape is Shape.MARK:
            continue
        try:
            field.read(word.norm)
        except NexusError:
            continue
        found.append(Found(_canonical(field, word.norm), i, i + 1))
    return found


def rules(parameter: Parameter, words: Sequence[Word]) -> list[Found]:
    """Rules that every Nexus has, by their names of up to two words, or by words that stand for one of them."""
    field = parameter.field
    assert isinstance(field, RuleField)
    # Another word for a rule of every Nexus may be the name of one of its own: that, the field knows.
    known = {name: name for name in field.options} | {n: m if m == ALL else n for n, m in field.also.items()}
    found: list[Found] = []
    for i in range(len(words)):
        if found and found[-1].end > i:
            continue
        for end in (i + 2, i + 1):
            said = " ".join(word.norm for word in words[i:end] if word.shape is not Shape.MARK)
            name = known.get(said) or known.get(said.removesuffix("s"))
            if name is not None and end <= len(words):
                found.append(Found(name, i, end))
                break
    return found


def _canonical(field: Choice, word: str) -> str:
    return field.read(word)


def _door(words: Sequence[Word]) -> list[Found]:
    """Who may come in. "open a space" says nothing about the door, "an open space" does."""
    norms = [w.norm for w in words]
    for i, norm in enumerate(norms):
        if words[i].capital and not words[i].opens:
            continue
        if norm in ("private", "closed", "hidden", "secret", "locked", "invitation-only"):
            return [Found("private", i, i + 1)]
        if norm == "only" and i and norms[i - 1] in ("invite", "invitation", "by"):
            return [Found("private", i - 1, i + 1)]
        if norm == "members" and "only" in norms[max(0, i - 1) : i + 2]:
            return [Found("members", i, i + 1)]
    for i, norm in enumerate(norms):
        if words[i].capital and not words[i].opens:
            continue
        before = norms[i - 1] if i else ""
        after = norms[i + 1 : i + 3]
        if norm == "public" or (
            norm == "open"
            and (
                before in ("an", "is", "be", "it", "the", "new", "as", "keep", "door", ",", "and", "fully", "totally")
                or (after[:1] in (["to"], ["for"]) and after[1:] and after[1] in _ALL)
            )
            and after[:1] not in (["a"], ["up"], ["an"])
        ):
            return [Found("open", i, i + (3 if after[:1] in (["to"], ["for"]) else 1))]
        if norm in _ALL and any(n in ("join", "enter", "in") for n in norms[i + 1 : i + 5]):
            return [Found("open", i, i + 1)]
    return []


_ALL = frozenset("anyone anybody everyone everybody all".split())


def _audience(words: Sequence[Word]) -> list[Found]:
    norms = [w.norm for w in words]
    for i, norm in enumerate(norms):
        near = norms[max(0, i - 1) : i + 2]
        if norm == "public":
            return [Found("public", i, i + 1)]
        whose = norms[i + 1 : i + 2] == ["of"]
        if norm in ("members", "member") and ("only" in near or "as" in near or ("for" in near and not whose)):
            return [Found("members", i, i + 1)]
        if norm in ("guests", "guest", "outsiders", "visitors", "strangers"):
            return [Found("public", i, i + 1)]
        if norm in ("everyone", "everybody", "anyone") and norms[max(0, i - 2) : i] in (
            ["open", "to"],
            ["open", "for"],
        ):
            return [Found("public", i, i + 1)]
    return []


def _who(widest: str) -> Callable[[Sequence[Word]], list[Found]]:
    return lambda words: [Found(one.value, one.start, one.end) for one in lasting.who(words, widest)]


_ANY_WORDS = frozenset("messages message words talk texts writing posts chats conversations data stuff own".split())
_ANY_WRITING = frozenset("write say tell post type wrote said send".split())


def _whose(words: Sequence[Word]) -> list[Found]:
    """Whose words are meant: "what I write", "nothing of mine", "our talk", "what is said in …"."""
    norms = [w.norm for w in words]
    for i, norm in enumerate(norms):
        after = norms[i + 1 : i + 3]
        if norm == "what" and len(after) == 2 and after[0] in ("i", "we") and after[1] in _ANY_WRITING:
            return [Found("me" if after[0] == "i" else "nexus", i, i + 3)]
        if norm == "what" and after in (["is", "said"], ["gets", "said"], ["was", "said"], ["people", "say"]):
            return [Found("nexus", i, i + 3)]
        if norm in ("my", "our") and after[:1] and after[0] in _ANY_WORDS:
            return [Found("me" if norm == "my" else "nexus", i, i + 2)]
        if norm in ("mine", "myself") or (norm == "for" and after[:1] == ["me"]):
            return [Found("me", i, i + (2 if norm == "for" else 1))]
        if norm in ("us", "everybody", "everyone"):
            return [Found("nexus", i, i + 1)]
    return []


_SPECIAL = {
    ("me", "nexus"): _whose,
    ("open", "members", "private"): _door,
    ("members", "public"): _audience,
    ("only-me", "members", "anyone"): _who("anyone"),
    ("only-me", "members", "nexuses", "everyone"): _who("everyone"),
}


def yes_or_no(parameter: Parameter, words: Sequence[Word]) -> list[Found]:
    """Whether what the parameter is named after is wanted: "with approval", "no approval needed"."""
    stems = _APPROVAL if parameter.name == "approval" else (parameter.name[:6],)
    for i, word in enumerate(words):
        if not word.norm.startswith(stems) or word.capital:
            continue
        near = [w.norm for w in words[max(0, i - 5) : i + 5]]
        before = near[: min(i, 5)]
        if any(n in ("no", "without", "not", "skip", "skipping", "auto", "automatically", "none") for n in before):
            return [Found(False, i, i + 1)]
        after = near[min(i, 5) + 1 :]
        if "not" in after[:3] or "unnecessary" in after or "automatically" in after[:2] or "no" in after[:1]:
            return [Found(False, i, i + 1)]
        return [Found(True, i, i + 1)]
    return []
