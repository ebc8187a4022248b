"""What the classifier looks at: words, meanings, their order, and which stand together; never what fills a slot.

Words outside the vocabulary (that of the phrasings) all look alike, so that a sentence becomes its frame:
"make priya a moderator in bakers" is `make ◦ a <role> into ◦`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from bot.cofounder.offline.lexicon import ARTICLES, COMMON, FILLERS, FIRST_NAMES, MEANING
from bot.cofounder.offline.words import MONEY, Shape, Word

OTHER = "◦"  # any word outside the vocabulary
NAME = "●"  # the same with a capital: probably a name
FIRST = "<first>"  # a person's first name
QUOTED = "“”"
_WEAK = ARTICLES | frozenset(
    "i you me my your be was were to of in into for with that this it and or do does did have has had "
    "not can would want should there here from on at as by will us please so just if when".split()
)


def frame(words: Sequence[Word], vocabulary: frozenset[str]) -> list[str]:
    """The words as the classifier sees them, slot fillers folded together."""
    seen: list[str] = []
    everything_quoted = all(w.quoted for w in words if w.shape is not Shape.MARK)
    for word in words:
        if word.shape is Shape.MARK or word.norm in FILLERS:
            continue
        if word.quoted and not everything_quoted:
            item = QUOTED
        elif word.means.startswith("<") and word.shape is not Shape.AT:
            item = word.means
        elif word.shape is Shape.AT or word.norm in FIRST_NAMES:
            item = FIRST
        elif word.means in vocabulary and not (word.capital and not word.opens and word.norm not in COMMON):
            item = word.means
        else:
            item = NAME if word.capital and not word.opens else OTHER
        if not (seen and item == seen[-1] and item in (OTHER, NAME, QUOTED, FIRST, MONEY)):
            seen.append(item)
    return seen


def features(words: Sequence[Word], vocabulary: frozenset[str], core: int = 0) -> set[str]:
    """The features of one sentence. Its first `core` words are greetings and politeness, and count little."""
    polite, words = words[:core], words[core:]
    head = words[0].means if words else ""
    items = frame(words, vocabulary)
    found = {f"1{item}" for item in items}
    found.update(f"w{w.norm}" for w in words if w.norm in MEANING and w.norm in vocabulary and not w.quoted)
    bounded = ["^", *items, "$"]
    solid = [item for item in bounded if item not in ARTICLES]
    found.update(f"2{a} {b}" for a, b in itertools.pairwise(solid))
    found.update(f"3{a} {b} {c}" for a, b, c in zip(solid, solid[1:], solid[2:], strict=False))
    found.update(f"s{a} {b}" for a, b in zip(solid, solid[2:], strict=False))
    strong = sorted({item for item in items if item not in _WEAK and item not in (OTHER, NAME)})[:8]
    found.update(f"p{a} {b}" for i, a in enumerate(strong) for b in strong[i + 1 :])
    if head:
        found.add(f"h{head if head in vocabulary or head.startswith('<') else OTHER}")
        found.update(f"g{head} {item}" for item in strong)
        if words[0].norm in MEANING:  # "approve" and "accept" mean the same of an invitation, not of a grant
            found.update(f"G{words[0].norm} {item}" for item in strong)
    found.update(f"q{w.means}" for w in polite if w.shape is not Shape.MARK)
    last = next((w.text for w in reversed(words)), "")
    found.add(f"e{last if last in '?!' else ''}")
    found.add(f"n{min(len(items), 9) // 3}")
    return found


def vocabulary_of(sentences: Iterable[Sequence[Word]]) -> frozenset[str]:
    """All words and meanings of the phrasings, but no sum: "500 eur" is one word with a space in it."""
    parts = (part for words in sentences for w in words if w.shape is not Shape.MARK for part in (w.norm, w.means))
    return frozenset(part for part in parts if " " not in part)
