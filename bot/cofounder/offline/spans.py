"""Names and free words in a sentence: where they end, and whether they can be what they are taken for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bot.cofounder.offline.cues import IMPERATIVE
from bot.cofounder.offline.lexicon import (
    ARTICLES,
    COMMON,
    FILLERS,
    FIRST_NAMES,
    HARD_STOPS,
    NOT_A_NEXUS,
    PLATFORMS,
)
from bot.cofounder.offline.words import Shape, Word

Span = tuple[int, int]
_NOUNS = frozenset("nexus group community server subnexus space".split())
_HERE = frozenset("this here it that there current same".split())
_JOINING = frozenset("of and & the for de la von van".split())
_CLOSING = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’", "'": "'", "`": "`"}
_NOT_A_NAME = frozenset(
    "grabs name moment time times day days week weeks weekend month months morning evening meantime past "
    "always never often sometimes whether folks something anything nothing everything someone somebody "
    "anyone anybody everyone everybody nobody all people members active current connected quiet archive "
    "trash list bin above below public membership kind place parent child top bottom end start other others one it him "
    "her them me us him this that these those new friend link code invite invitation approval uses use "
    "steward moderator owner treasurer guest member chat channel room world internet future end".split()
)
_OWNED = ARTICLES | frozenset("his her their your my our some any every each".split())
_ROLE_MEANING = "<role>"
_NO_NAME_ENDS = ("ity", "ness", "tion", "ies", "ment", "ism", "ing")
_WHAT_FOLLOWS = frozenset(
    "quiet quietly silent gone leaves leave keeps keep sends send posts writes spams already ban".split()
)
_NO_BEGINNING = frozenset("used going getting being having fun nice so very really".split())
_VERBS = frozenset(
    "make create call start invite let give show set put move rename archive close add tell post erase "
    "delete remove join leave switch connect bind".split()
)


def quoted_span(words: Sequence[Word], at: int, end: int) -> Span | None:
    """The words inside quotation marks that open at `at`."""
    closing = _CLOSING.get(words[at].text) if at < end and words[at].shape is Shape.MARK else None
    if closing is None or at + 1 >= end or not words[at + 1].quoted:
        return None
    last = at + 1
    while last < end and words[last].quoted:
        last += 1
    return (at + 1, last)


def skip_marks(words: Sequence[Word], at: int, end: int) -> int:
    """The first place from `at` on that is not a mark (an opening quotation mark counts as a word)."""
    while at < end and words[at].shape is Shape.MARK and words[at].text not in _CLOSING:
        at += 1
    return at


def name_span(
    words: Sequence[Word], at: int, end: int, kind: str, is_taken: Callable[[int], bool], *, most: int = 5
) -> Span | None:
    """The name of a person, of a Nexus or of something new ("name") that begins at `at`, or None."""
    at = skip_marks(words, at, end)
    if at < end and words[at].quoted and at and not words[at - 1].quoted:
        at -= 1  # the quotation mark itself
    quoted = quoted_span(words, at, end)
    if quoted:
        return quoted
    while kind == "name" and at < end - 1 and words[at].norm in FILLERS | {"actually"}:
        at += 1
    first = at - 1 if at and words[at - 1].norm in _OWNED else at
    while at < end and (words[at].norm in ARTICLES or (kind == "name" and words[at].norm == "my")):
        if _title(words, at):
            break
        at += 1
    if kind == "nexus":
        before, at = at, _after_noun(words, at, end)
        first = at if at > before else first
    quoted = quoted_span(words, at, end)
    if quoted:
        return quoted
    if at >= end or not _may_begin(words[at], kind) or is_taken(at):
        return None
    i = at + 1
    while i < end and i - at < most and not is_taken(i) and _goes_on(words, at, i, end, kind):
        i += 1
    while i - at > 1 and (words[i - 1].norm in _JOINING or words[i - 1].shape is Shape.MARK):
        i -= 1
    noun = kind == "nexus" and i < end and words[i].norm in _NOUNS
    while kind == "nexus" and i - at > 1 and words[i - 1].norm in _NOUNS and not words[i - 1].capital:
        i, noun = i - 1, True
    if kind in ("nexus", "person") and at > first and not noun and not any(w.capital for w in words[at:i]):
        return None  # "the window", "a book": no name is written so
    if kind == "nexus" and all(w.norm in _NOUNS or w.norm in _NOT_A_NAME for w in words[at:i]):
        return None
    return (at, i)


def _title(words: Sequence[Word], at: int) -> bool:
    """ "The Workshop" as a name: a capital article inside a sentence, before another capital."""
    return words[at].capital and not words[at].opens and at + 1 < len(words) and words[at + 1].capital


def _after_noun(words: Sequence[Word], at: int, end: int) -> int:
    """Past "nexus", "group called" and the like, where a name follows."""
    i = at
    while i < end and words[i].norm in _NOUNS and not (words[i].capital and not words[i].opens and i + 1 == end):
        i += 1
    while i > at and i < end and words[i].norm in ("called", "named", "of", ":"):
        i += 1
    return i if i < end and words[i].shape is not Shape.MARK and words[i].norm not in HARD_STOPS else at


def _may_begin(word: Word, kind: str) -> bool:
    if word.shape in (Shape.MARK, Shape.CODE, Shape.HANDLE):
        return False
    if word.shape is Shape.AT:
        return kind == "person"
    if word.shape is Shape.NUMBER:
        return kind == "name"
    if word.capital and not word.opens:
        return word.norm not in _NOT_A_NAME or kind == "name"
    if kind == "person":
        return (
            word.norm not in COMMON
            and word.norm not in PLATFORMS
            and word.means != _ROLE_MEANING
            and not word.norm[:1].isdigit()
            and not word.norm.endswith(_NO_NAME_ENDS)
        )
    if kind == "nexus":
        return not (word.norm in HARD_STOPS or word.norm in _NOT_A_NAME or word.norm in _HERE or word.norm in _VERBS)
    if word.norm in _NOUNS and not word.quoted:
        return False
    return word.norm not in _NO_BEGINNING and (word.norm not in HARD_STOPS or word.opens)


def _goes_on(words: Sequence[Word], at: int, i: int, end: int, kind: str) -> bool:
    word, before = words[i], words[i - 1]
    if word.quoted or word.opens:
        return False
    if word.shape is Shape.MARK:
        return word.text == "." and before.norm in ("dr", "mr", "mrs", "ms", "prof", "st") and kind != "nexus"
    if word.shape in (Shape.CODE, Shape.HANDLE, Shape.AT):
        return False
    capital_before = before.capital or (before.text == "." and words[i - 2].capital)
    if word.capital:
        return capital_before or before.norm in _JOINING or kind == "name" or word.norm not in HARD_STOPS
    if word.norm in _JOINING and i + 1 < end and words[i + 1].capital and capital_before and kind != "person":
        return word.norm not in ("for", "the") or words[i + 1].norm not in HARD_STOPS
    if word.norm == "&":
        return i + 1 < end
    if word.norm in HARD_STOPS or (kind == "nexus" and word.norm in _NOUNS | _NOT_A_NAME):
        return False
    if word.means == _ROLE_MEANING or (kind == "person" and word.norm in COMMON):
        return False
    if kind == "nexus" and word.norm in _VERBS:
        return False
    if words[at].capital and (not words[at].opens or kind == "person"):
        return word.shape is Shape.NUMBER or (kind == "nexus" and word.norm in _NOUNS)
    return True


def orders(words: Sequence[Word], span: Span) -> bool:
    """Whether what looks like a name begins with the verb of an order: "revoke Oskar" in "revoke Oskar's ban"."""
    first = words[span[0]]
    named = first.norm in FIRST_NAMES or first.quoted or (first.capital and not first.opens)
    return first.norm in IMPERATIVE and not named


def end_of_target(words: Sequence[Word], span: Span) -> int:
    """Where the name ends of whom is acted on: before what they do or are ("sven quiet", "@anouk leaves the chat")."""
    start, end = span
    if words[start].shape is Shape.AT:
        return start + 1
    while end - start > 1 and not words[end - 1].capital and words[end - 1].norm.endswith(("ed", "ing")):
        end -= 1
    return next((i for i in range(start + 1, end) if words[i].norm in _WHAT_FOLLOWS), end)


def is_first_name(words: Sequence[Word], span: Span) -> bool:
    """Whether these words begin with a person's first name."""
    return words[span[0]].norm in FIRST_NAMES or words[span[0]].shape is Shape.AT


def named_nexus(words: Sequence[Word], span: Span, end: int) -> bool:
    """Whether these words stand beside a noun such as "nexus" or "group"."""
    around = (words[i].norm for i in (span[0] - 1, span[1]) if 0 <= i < end)
    return any(norm in _NOUNS for norm in around)


def looks_like_a_nexus(words: Sequence[Word], span: Span, end: int, known: Iterable[str]) -> bool:
    """Whether the words after "in" in free words rather name a Nexus than a town, a time, a language or a tool."""
    said = " ".join(w.norm for w in words[span[0] : span[1]])
    if said in known or named_nexus(words, span, end):
        return True
    first = words[span[0]]
    if not (first.capital or first.quoted):
        return False
    return not all(w.norm in NOT_A_NEXUS for w in words[span[0] : span[1]]) and not re.search(r"\d{3}", said)


def sentence_end(words: Sequence[Word], at: int) -> int:
    """Where the sentence that holds `at` ends."""
    for i in range(at + 1, len(words)):
        if words[i].opens:
            return i
    return len(words)
