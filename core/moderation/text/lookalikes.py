"""One table from characters to the plain letter they look like, for `str.translate`.

Not a copy of Unicode's confusables.txt. It is made here from three sources: the names in Python's own `unicodedata`
(small capitals, letters with a stroke or hook, negative circled and squared letters, which NFKD leaves alone), and
the lists below of letters of other scripts that common fonts draw like Latin ones, written down by hand. Everything
is folded in one direction, to Latin, in every text: a Russian word becomes the same skeleton whether its "a" was
Cyrillic or Latin, so mixing alphabets changes nothing in either language. The skeleton is for comparing, not to show.
"""

from __future__ import annotations

import re
import unicodedata

# Letters of other scripts, each beside the Latin letter it is mistaken for; a capital follows its small letter, so
# that a Russian word has one skeleton in both cases.
_DRAWN_LIKE = {
    "a": "аα", "b": "вьƅ", "c": "сϲⅽ", "d": "ԁⅾժ", "e": "еєҽ℮ε", "f": "ϝғք", "g": "ɡցԍ", "h": "һհн", "i": "іιɩӏı",
    "j": "јϳ", "k": "кκқ", "l": "ⅼ", "m": "мⅿ", "n": "пηոռ", "o": "оοσօ๐໐", "p": "рρϱ", "q": "ԛզ", "r": "гґ",
    "s": "ѕ", "t": "тτ", "u": "υսц", "v": "νѵⅴ", "w": "ωԝѡшщ", "x": "хχⅹ", "y": "уγүყ", "z": "ᴢ",
}  # fmt: skip
# Capitals whose shape says something else than their small letter's, and Cherokee, which has lent many.
_CAPITALS = {
    "A": "Ꭺ", "B": "ΒᏴ", "C": "Ꮯ", "D": "Ꭰ", "E": "ΕᎬ", "G": "Ꮐ", "H": "ΗᎻ", "I": "ΙᏆ", "J": "Ꭻ", "K": "Ꮶ", "L": "Ꮮ",
    "M": "ΜᎷ", "N": "Ν", "P": "Ꮲ", "R": "Ꭱ", "S": "Ꮪ", "T": "Ꭲ", "V": "Ꮩ", "W": "Ꮃ", "Y": "Υ", "Z": "ΖᏃ",
}  # fmt: skip

# Letters turned upside down, as toy generators make them.
_TURNED = dict(zip("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ", "acefghijkmrtvwy", strict=True))

# Characters that are not seen at all: they part words for a machine and not for the eye.
_UNSEEN = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F), (0xE0100, 0xE01EF),
)  # fmt: skip
# Marks that are piled on letters. Only those that no living script needs for reading: vowels of Arabic, Hebrew or
# Devanagari are in blocks of their own and stay.
_PILED = ((0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))

_NAMED = re.compile(r"LATIN (SMALL|CAPITAL)? ?LETTER (?:SMALL CAPITAL )?([A-Z])(?: WITH [A-Z ]+)?")
_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")


def _named() -> dict[int, str]:
    """Latin letters beyond ASCII whose name says which plain letter they are (ł, ø, ᴀ, ƒ)."""
    found = {}
    for code in (*range(0x00C0, 0x02B0), *range(0x1D00, 0x1D80), *range(0x2C60, 0x2C80), *range(0xA720, 0xA800)):
        name = unicodedata.name(chr(code), "")
        if match := _SMALL_CAPITAL.fullmatch(name):
            found[code] = match[1].lower()
        elif match := _NAMED.fullmatch(name):
            found[code] = match[2].lower() if match[1] == "SMALL" else match[2]
    return found


def _styled() -> dict[int, str]:
    """White letters on dark circles and squares, which have no decomposition in Unicode."""
    return {start + offset: chr(ord("A") + offset) for start in (0x1F150, 0x1F170) for offset in range(26)}


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {**_named(), **_styled()}
    for plain, drawn in _DRAWN_LIKE.items():
        for one in drawn:
            table[ord(one)] = plain
            if len(one.upper()) == 1 and one.upper() != one:
                table[ord(one.upper())] = plain.upper()
    table.update((ord(one), plain) for plain, drawn in _CAPITALS.items() for one in drawn)
    table.update((ord(one), plain) for one, plain in _TURNED.items())
    for first, last in _UNSEEN + _PILED:
        table.update(dict.fromkeys(range(first, last + 1)))
    return {code: value for code, value in table.items() if code > 0x7F}


TABLE = _table()
