"""Fingerprints: whether two texts are the same, or nearly, without keeping either.

A print is two whole numbers of 64 bits. `exact` is a hash of the words with numbers and punctuation left out, so that a
counter at the end changes nothing. `sketch` is a one-permutation minhash (Li, Owen, Zhang, 2012) of words and pairs of
words in eight buckets of eight bits: the share of equal buckets estimates the share of equal words and pairs.
Hashes are seeded anew in every process: a print means nothing outside of it, and a text cannot be looked up by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from secrets import randbits

from core.moderation.text.reading import LINK, Reading

_SEED = randbits(64)
_WORD = re.compile(r"[^\W\d_]+|" + LINK)
_MENTION = re.compile(r"[@#][\w.\-]+|<[@#][^>]*>")
BUCKETS = 8
NEAR = 5  # equal buckets, of eight, from which two texts count as nearly the same
LONG = 12  # letters; a shorter text without a link ("thanks", "+1") is said by many, and often
LONGEST = 1000  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of a text; `long` says whether it is long enough to be told from other people's."""

    exact: int
    sketch: int
    long: bool


def print_of(reading: Reading) -> Print:
    """The fingerprint of a message."""
    text = _MENTION.sub("", reading.words[:LONGEST])
    words = _WORD.findall(text)
    hosts = [link.host for link in reading.links]
    if not words and not hosts:  # nothing but emoji or numbers
        words = text.split()
    exact = hash((_SEED, *words, *hosts)) & 0xFFFFFFFFFFFFFFFF
    lowest = [255] * BUCKETS
    before = _SEED
    for word in words:
        single = hash((_SEED, word))
        low = (single >> 3) & 0xFF
        if low < lowest[single & 7]:
            lowest[single & 7] = low
        pair = hash((before, single))
        low = (pair >> 3) & 0xFF
        if low < lowest[pair & 7]:
            lowest[pair & 7] = low
        before = single
    letters = sum(map(len, words))
    return Print(exact, int.from_bytes(bytes(lowest)), letters >= LONG or bool(hosts))


def alike(one: int, other: int) -> int:
    """How many of the eight buckets of two sketches are equal. Empty buckets equal nothing."""
    same = 0
    for shift in range(0, 64, 8):
        low = (one >> shift) & 0xFF
        same += low != 255 and low == (other >> shift) & 0xFF
    return same
