"""Texts as evaders write them, made from plain ones: for training, which learns from some of them, and for measuring,
which takes all. Each function takes a text and a random source and changes letters only, never the words.
"""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Callable

Disguise = Callable[[str, random.Random], str]

_LOOKALIKES = str.maketrans(
    "aeopcxyisjhknuABEKMHOPCTXIаеорсхук", "аеорсхуіѕјһкոυАВЕКМНОРСТХΙaeopcxyk"
)  # Latin to Cyrillic, Greek and Armenian, and Russian to Latin
_SMALL_CAPITALS = str.maketrans(string.ascii_letters, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀsᴛᴜᴠᴡxʏᴢ" * 2)
_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_SIGNS = str.maketrans("aeiostlbgAEIOSTLBG", "@3!0$+189@3!0$+189")
_STYLES = (0x1D400, 0x1D434, 0x1D468, 0x1D5D4, 0x1D63C, 0x1D670)  # bold, italic, both, sans bold, sans both, typewriter
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


def homoglyphs(text: str, chance: random.Random) -> str:
    """Every letter that has a lookalike in another alphabet becomes it."""
    return text.translate(_LOOKALIKES)


def some_homoglyphs(text: str, chance: random.Random) -> str:
    """Half of them do."""
    return "".join(one.translate(_LOOKALIKES) if chance.random() < 0.5 else one for one in text)


def zero_width(text: str, chance: random.Random) -> str:
    """Invisible characters after every second letter."""
    return "".join(one + (chance.choice(_INVISIBLE) if chance.random() < 0.5 else "") for one in text)


def leet(text: str, chance: random.Random) -> str:
    """Digits for letters."""
    return text.translate(_LEET)


def leet_signs(text: str, chance: random.Random) -> str:
    """Digits and signs for letters."""
    return text.translate(_SIGNS)


def some_leet(text: str, chance: random.Random) -> str:
    """Digits for half of the letters."""
    return "".join(one.translate(_LEET) if chance.random() < 0.5 else one for one in text)


def spaced(text: str, chance: random.Random) -> str:
    """A space between all characters; words stay parted by three."""
    return " ".join(text)


def spaced_evenly(text: str, chance: random.Random) -> str:
    """A space between all characters, also where words end."""
    return " ".join(" ".join(word) for word in text.split())


def some_spaced(text: str, chance: random.Random) -> str:
    """A space between the letters of half of the longer words."""
    return " ".join(
        " ".join(word) if word.isalpha() and len(word) > 3 and chance.random() < 0.5 else word for word in text.split()
    )


def dotted(text: str, chance: random.Random) -> str:
    """A dot between the letters of every word."""
    return " ".join(".".join(word) if word.isalpha() and len(word) > 2 else word for word in text.split())


def styled(text: str, chance: random.Random) -> str:
    """The mathematical alphabets."""
    start = chance.choice(_STYLES)
    return "".join(_styled(one, start) for one in text)


def _styled(one: str, start: int) -> str:
    if one not in string.ascii_letters:
        return one
    drawn = chr(start + string.ascii_uppercase.index(one)) if one.isupper() else chr(start + 26 + ord(one) - ord("a"))
    return drawn if unicodedata.name(drawn, "") else one


def full_width(text: str, chance: random.Random) -> str:
    """The wide letters of East Asian typography."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def small_capitals(text: str, chance: random.Random) -> str:
    """Small capitals out of the phonetic alphabet."""
    return text.translate(_SMALL_CAPITALS)


def zalgo(text: str, chance: random.Random) -> str:
    """One to five marks piled on every letter."""
    return "".join(
        one + "".join(chr(chance.randint(0x300, 0x36F)) for _ in range(chance.randint(1, 5))) if one.isalpha() else one
        for one in text
    )


DISGUISES: tuple[Disguise, ...] = (
    homoglyphs, some_homoglyphs, zero_width, leet, leet_signs, some_leet, spaced, spaced_evenly, some_spaced, dotted,
    styled, full_width, small_capitals, zalgo,
)  # fmt: skip
