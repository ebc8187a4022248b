"""From a sentence to words: spelled out, in one spelling, each with its place in the sentence as it was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.cofounder.offline.lexicon import MEANING, PLATFORMS, SPELLED_OUT
from bot.cofounder.offline.money import SUM
from core.nexuses.roles import ALSO, ROLES

MONEY = "<money>"  # what a sum of money means, whatever it is


class Shape(StrEnum):
    """What a word looks like."""

    WORD = "word"
    NUMBER = "number"
    CODE = "code"
    HANDLE = "handle"  # #k7m2p
    AT = "at"  # @name, or <@123> as platforms write it
    SUM = "sum"  # 500 EUR
    MARK = "mark"  # punctuation


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `norm` is lower case, spelled out and with plain slips of the keyboard mended; `means` stands for all
    words of the same meaning; `text` is what was typed, between `start` and `end`. `quoted`: inside quotation marks.
    """

    norm: str
    means: str
    text: str
    start: int
    end: int
    shape: Shape = Shape.WORD
    quoted: bool = False
    opens: bool = False  # the first word of a sentence

    @property
    def capital(self) -> bool:
        """Typed with a capital."""
        return self.text[:1].isupper() and self.norm != "i" and self.text[:2] not in ("I", "I'", "I’")


_CODE = r"[0-9A-Za-z]{4}(?:[-–—]\s?[0-9A-Za-z]{4}){1,3}(?![0-9A-Za-z-])"
_TOKEN = re.compile(
    rf"(?P<code>(?<![\w#@-]){_CODE})"
    r"|(?P<handle>#(?!\d{1,4}\b)[0-9A-Za-z]{2,12}\b)"  # "#12" is a mark and a number: cases are numbered
    r"|(?P<at><@!?\w{2,40}(?:\|[^<>]*)?>|@[\w.]{2,40}\b)"
    r"|(?P<url>https?://\S+)"
    rf"|(?P<sum>(?i:{SUM}))"
    r"|(?P<span>(?<![\w.,])\d+[.,]\d+[hk](?:rs?|ours?)?\b)"
    r"|(?P<poss>(?<![^\W_])['’]s\b)"
    r"|(?P<number>\d+(?:[.,]\d+)*(?![\w]))"
    r"|(?P<word>w/o\b|w/|&|[^\W_](?:[^\W_]|[-_.+&](?=[^\W_])|['’](?=[^\W_])|[+#]+(?!\w))*)"
    r"|(?P<arrow>->|=>|→|⇒|➜)"
    r"|(?P<mark>\.\.\.|…|[^\w\s])",
    re.UNICODE,
)
_WHOLE_CODE = re.compile(r"(?=.*\d.*\d)(?=.*\d[a-z])(?:[0-9a-z]{4}){2,4}", re.IGNORECASE)
_GROUP = re.compile(r"[0-9A-Za-z]{4}")
_ABBREVIATED = frozenset("dr mr mrs ms prof st jr sr vs etc eg ie e.g i.e no".split())
_OPENING = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’", "'": "'", "`": "`"}
_KEYBOARD_SLIPS = (
    "nexus nexuses invite invites invitation invitations moderator moderators steward stewards treasurer owner member "
    "members create search searching looking thought thoughts account accounts approve approval reject archive rename "
    "connect connected disconnect channel accept people someone somebody anyone anybody everyone offer offers needs "
    "revoke withdraw promote demote remove delete switch leave cancel community designer developer called profile "
    "private public guest guests valid expires remember notes commands"
).split()


def _slips() -> dict[str, str]:
    near: dict[str, str] = {}
    for word in _KEYBOARD_SLIPS:
        for i in range(1, len(word)):
            near.setdefault(word[:i] + word[i + 1 :], word)
    return near


_NEAR = _slips()
_RIGHT = frozenset(_KEYBOARD_SLIPS)
_REAL = frozenset("ember remembers inert invitee dependents starch owed offed nodes".split())
ROLE_WORDS = {**{role: role for role in ROLES}, **ALSO}
ROLE_WORDS.update({f"{word}s": role for word, role in list(ROLE_WORDS.items())})


def mend(word: str) -> str:
    """A word with one slip of the keyboard (a letter too many, too few, wrong or swapped) put right."""
    if len(word) < 5 or word in MEANING or word in _RIGHT or word in _REAL or word in ROLE_WORDS:
        return word
    if word in _NEAR:  # one letter is missing
        return _NEAR[word]
    if word.endswith("s") and word[:-1] in MEANING:
        return word
    for i in range(1, len(word)):
        shorter = word[:i] + word[i + 1 :]
        if shorter in _RIGHT:  # one letter too many, unless it is an ending ("approved")
            if i == len(word) - 1 and word[i] in "drsn":
                return word
            return shorter if len(word) > 5 or word[i] == word[i - 1] else word
        found = _NEAR.get(shorter)
        if found is None or len(found) != len(word):
            continue
        swapped = sorted(found) == sorted(word)
        if swapped or len(word) >= 7:
            return found
    return word


def stem(word: str) -> str:
    """A verb or noun without its ending: "repairs" and "repairing" become one."""
    for ending in ("ing", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith("ss"):
            bare = word.removesuffix(ending)
            found = MEANING.get(bare) or MEANING.get(bare + "e")
            if found and ending != "es":
                return word if found in ("thought", "need", "offer") else found
            return bare.removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word


def _quoted_spans(sentence: str) -> list[tuple[int, int]]:
    spans, i = [], 0
    while i < len(sentence):
        closing = _OPENING.get(sentence[i])
        alone = i == 0 or not sentence[i - 1].isalnum()
        if closing and alone:
            end = sentence.find(closing, i + 1)
            while end > 0 and closing in "'’" and end + 1 < len(sentence) and sentence[end + 1].isalnum():
                end = sentence.find(closing, end + 1)
            if end > i + 1:
                spans.append((i, end))
                i = end
        i += 1
    return spans


def split(sentence: str) -> list[Word]:
    """The words of a sentence, punctuation included."""
    words: list[Word] = []
    spans = _quoted_spans(sentence)
    opens = True
    for match in _TOKEN.finditer(sentence):
        text, start, end, kind = match[0], match.start(), match.end(), match.lastgroup or "word"
        quoted = any(a < start < b for a, b in spans)
        if kind == "code" and not any(c.isdigit() for c in text):
            kind = "word"
        if kind == "poss":
            words.append(Word("'s", "'s", text, start, end, Shape.MARK, quoted))
            continue
        if kind == "arrow":
            words.append(Word("to", "to", text, start, end, Shape.WORD, quoted))
            continue
        if kind == "mark":
            words.append(Word(text, text, text, start, end, Shape.MARK, quoted))
            if text in ".!?;…" or text == "...":
                last = words[-2].norm if len(words) > 1 else ""
                opens = opens or not (text == "." and last in _ABBREVIATED)
            continue
        if kind == "sum":
            words.append(Word(" ".join(text.lower().split()), MONEY, text, start, end, Shape.SUM, quoted, opens))
        elif kind in ("code", "handle", "at", "number"):
            words.append(Word(text.lower(), f"<{kind}>", text, start, end, Shape(kind), quoted, opens))
        elif kind == "url":
            words.append(Word(text, "<url>", text, start, end, Shape.WORD, quoted, opens))
        else:
            plain = text.lower().replace("’", "'")
            if plain.endswith("'s") and plain not in SPELLED_OUT:
                words.append(_word(plain[:-2], text[:-2], start, end - 2, quoted, opens))
                words.append(Word("'s", "'s", text[-2:], end - 2, end, Shape.MARK, quoted))
                opens = False
                continue
            for part in SPELLED_OUT.get(plain, plain).split():
                words.append(_word(part, text, start, end, quoted, opens))
                opens = False
        opens = False
        if "\n" in sentence[end : end + 2]:
            opens = True
    return _with_codes(sentence, words)


def _with_codes(sentence: str, words: list[Word]) -> list[Word]:
    """Codes typed in one piece, or in groups with blanks between, become one word each."""
    found: list[Word] = []
    i = 0
    while i < len(words):
        end = i + 1
        if words[i].shape is Shape.WORD and _WHOLE_CODE.fullmatch(words[i].text):
            pass
        elif _GROUP.fullmatch(words[i].text) and any(c.isdigit() for c in words[i].text):
            while end < len(words) and end - i < 4 and _GROUP.fullmatch(words[end].text):
                end += 1
            while end - i > 1 and not any(c.isdigit() for c in words[end - 1].text):
                end -= 1
            texts = [w.text for w in words[i:end]]
            mixed = [t for t in texts if any(c.isdigit() for c in t) and any(c.isalpha() for c in t)]
            end = end if len(texts) > 1 and mixed else i
        else:
            end = i
        if end > i:
            start, stop = words[i].start, words[end - 1].end
            text = sentence[start:stop]
            found.append(Word(text.lower(), "<code>", text, start, stop, Shape.CODE, words[i].quoted, words[i].opens))
        else:
            found.append(words[i])
            end = i + 1
        i = end
    return found


def _word(norm: str, text: str, start: int, end: int, quoted: bool, opens: bool) -> Word:
    inner = text[:1].isupper() and not opens
    fixed = norm if inner else mend(norm)
    means = MEANING.get(fixed) or stem(fixed)
    if fixed in ROLE_WORDS and fixed not in ("member", "members"):
        means = "<role>"
    elif fixed in PLATFORMS:
        means = "<platform>"
    return Word(fixed, means, text, start, end, Shape.WORD, quoted, opens)


def text_of(sentence: str, words: list[Word]) -> str:
    """What was typed from the first of these words to the last."""
    return sentence[words[0].start : words[-1].end] if words else ""
