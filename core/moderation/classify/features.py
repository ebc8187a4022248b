"""What the classifiers see of a message: its words and pairs of words, what they are about, its links and its shape.

One pass for both models. Every feature is present or not; how often does not count. Nothing here tells a disguised
message from a plain one: a disguise is no offence, and most who write in styled letters mean no harm.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise

from core.moderation.classify.groups import MANNERS, TOPICS
from core.moderation.text import counting
from core.moderation.text.reading import Reading

LONGEST = 800  # characters whose words are looked at; nine in ten spam messages of the data are shorter
_DIGITS = str.maketrans("123456789", "000000000")
_LONG_NUMBER = re.compile("0{6,}")  # five digits are a short code, six and more are one kind
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff]")
_MONEY = re.compile(r"[$£€₽₴¥₿%]")
_PHONE = re.compile("00000|000[ -]000")
_QUOTED = re.compile(r"[\"“”«»]|(?<!\w)'\w")
_APOSTROPHES = str.maketrans({"'": None, "’": None})


_COSTS = {2: 2.3, 3: 1.7}  # of a word of so many letters among letters without spaces; a longer one costs 1


@lru_cache(maxsize=8192)
def _groups(word: str) -> tuple[str, str]:
    return TOPICS.of(word), MANNERS.of(word)


def features(reading: Reading, known: Container[str] = frozenset()) -> set[str]:
    """The features of a message. A letter and a colon in front say their kind; words have none. `known`: words that
    letters set apart are parted into, where the spaces between the words were lost."""
    words = reading.words[:LONGEST].translate(_APOSTROPHES)
    digits = counting.digits(words)
    if digits:
        words = words.translate(_DIGITS)
        if "000000" in words:
            words = _LONG_NUMBER.sub("000000", words)
    tokens = _parted(words, known) if reading.run_together else _TOKEN.findall(words)
    found = set(tokens)
    found.update(map(" ".join, pairwise(tokens)))
    topics: dict[str, int] = {}
    manners: set[str] = set()
    for topic, manner in map(_groups, tokens):
        if topic:
            topics[topic] = topics.get(topic, 0) + 1
        if manner:
            manners.add(manner)
    _shape(reading, words, digits, found, topics)
    count = sum(topics.values())
    found.add(f"n:{min(len(topics), 7)}")
    found.add(f"d:{min(7, 10 * count // (len(tokens) + 3))}")
    for topic, times in topics.items():
        found.add(f"t:{topic}")
        if times > 1:
            found.add(f"tt:{topic}")
    if _QUOTED.search(reading.plain):
        manners.add("quoted")
    met = sorted(manners)
    found.update(f"m:{one}" for one in met)
    found.update(f"m:{one} {other}" for at, one in enumerate(met) for other in met[at + 1 :])
    return found


def _shape(reading: Reading, words: str, digits: int, found: set[str], topics: dict[str, int]) -> None:
    for link in reading.links:
        topics["link"] = 1
        found.add(f"h:{link.host}")
        found.add(f"e:{link.host.rpartition('.')[2]}")
        if link.invite:
            topics["invite"] = 1
    found.add(f"l:{len(words).bit_length()}")
    found.add(f"0:{digits.bit_length()}")
    if (letters := counting.letters(words)) > 8:
        found.add(f"c:{min(5 * counting.capitals(reading.plain) // letters, 5)}")
    if cries := words.count("!"):
        found.add(f"!:{cries.bit_length()}")
    if not words.isascii() and (emoji := len(_EMOJI.findall(words))):
        found.add(f"em:{emoji.bit_length()}")
        topics["emoji"] = 1
    if _MONEY.search(words):
        topics["sum"] = 1
    if digits > 4 and _PHONE.search(words):
        topics["phone"] = 1


def _parted(words: str, known: Container[str]) -> list[str]:
    """The tokens of a text whose spaces were lost in places: unknown long words become the fewest known ones."""
    tokens = []
    for token in _LETTERS_OR_DIGITS.findall(words):
        if len(token) < 6 or token in known or not token.isalpha():
            tokens.append(token)
        else:
            tokens += _words_in(token, known)
    return tokens


def _words_in(run: str, known: Container[str]) -> list[str]:
    """The cheapest way to read a run: long known words and stems cost little, short ones and strange letters much."""
    best = [
        (0.0, 0, False)
    ]  # for each length of the run: the cost, where its last piece begins, whether that is a word
    for end in range(1, len(run) + 1):
        choice = (best[end - 1][0] + 1.5, end - 1, False)
        for start in range(max(0, end - 14), end - 1):
            cost = best[start][0] + _COSTS.get(end - start, 1.0)
            if cost < choice[0]:
                piece = run[start:end]
                if piece in known or TOPICS.begins(piece):
                    choice = (cost, start, True)
        best.append(choice)
    pieces: list[str] = []
    end = len(run)
    strange = ""
    while end:
        _, start, word = best[end]
        if word:
            piece = run[start:end]
            if strange and piece not in known:  # a stem and its ending
                piece, strange = piece + strange, ""
            pieces += (strange, piece) if strange else (piece,)
            strange = ""
        else:
            strange = run[start:end] + strange
        end = start
    return [*([strange] if strange else []), *pieces[::-1]]
