"""Amounts in a sentence: money and time, each for the argument that takes it.

Decision rule: an argument gets an amount as it was typed, also a doubtful one, since its field then asks what is meant;
nothing is worked out here. Of several amounts of one kind an argument gets the one that stands by its name ("a fee of
2 EUR"), or the first where the others come later in what it is for ("500 EUR for the 20 EUR plan"); otherwise none,
and it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.typed import Found
from bot.cofounder.offline.words import Shape, Word, text_of
from core.operations import Operation, Parameter
from core.operations.fields import Amount
from core.operations.fields.minutes import read_minutes

_LONGEST = 8  # words of a length of time: "three quarters of an hour"
_TIMELY = frozenset("h hr hrs hour hours m min mins minute minutes".split())
_GLUED = re.compile(r"\d+(?:[.,]\d+)?(?:h(?:\d{1,2}m?|rs?|ours?)?|m|min|mins)", re.ASCII)
_VAGUE = frozenset("about around roughly approximately approx circa ca nearly almost some".split())
_OF_BOUNDS = ("mandate", "policy")  # there "up to 200 EUR" is exactly what is meant
_BOUND = re.compile(r"^(?:up to|at most)\s+", re.IGNORECASE)
_LATER = frozenset("for because since as so that which to towards on of".split())
_JOINING = frozenset("and or plus & + , then also".split())


def find_amounts(
    operation: Operation, wanted: Sequence[Parameter], sentence: str, words: Sequence[Word], reading: Reading
) -> None:
    """Fill the arguments that are amounts. What no argument gets is no name either, though it may be free words."""
    fields = [(p, p.field) for p in wanted if isinstance(p.field, Amount)]
    if not fields:
        return
    sums = [Found(w.text, i, i + 1) for i, w in enumerate(words) if w.shape is Shape.SUM]
    if operation.subject in _OF_BOUNDS:
        sums = [Found(_BOUND.sub("", one.value), one.start, one.end) for one in sums]
    times = [one for one in lengths(sentence, words) if not reading.covers(one.start)]
    money = [p for p, field in fields if field.money]
    time = [p for p, field in fields if field.time and not (field.money and sums)]
    if sums and times and not any(not field.money for _, field in fields):
        joined = _together(sentence, words, sums[0], times[0])
        if joined is not None and len(money) == 1:  # "500 EUR and 3h" where one amount is taken: which?
            sums, times = [joined], []
    left = _share(money, sums, words, reading)
    left += _share([p for p in time if p.name not in reading.values], times, words, reading)
    for number, one in enumerate(left):
        reading.spans[f"amount {number}"] = (one.start, one.end)


def lengths(sentence: str, words: Sequence[Word]) -> list[Found]:
    """Lengths of time in hours and minutes as they were typed; with what makes one doubtful ("about", "2 or 3")."""
    found: list[Found] = []
    i = 0
    while i < len(words):
        end = _length_at(sentence, words, i)
        if not end:
            i += 1
            continue
        start = _doubt_before(words, i, found[-1].end if found else 0)
        found.append(Found(text_of(sentence, list(words[start:end])), start, end))
        i = end
    return found


def _length_at(sentence: str, words: Sequence[Word], i: int) -> int:
    """Where the longest length of time that begins at `i` ends; 0 if there is none."""
    if words[i].shape in (Shape.MARK, Shape.SUM, Shape.CODE, Shape.HANDLE) or words[i].quoted:
        return 0
    for end in range(min(len(words), i + _LONGEST), i, -1):
        last = words[end - 1]
        if last.norm in _TIMELY or _GLUED.fullmatch(last.norm) or (end - i > 1 and last.norm in ("half", "quarter")):
            said = " ".join(text_of(sentence, list(words[i:end])).split())
            if read_minutes(said) is not None or _doubtful(said):
                return end
        elif end - i > 1 and last.norm.isdigit() and len(last.norm) == 2:
            said = " ".join(text_of(sentence, list(words[i:end])).split())  # "1 h 30"
            if read_minutes(said) is not None:
                return end
    return 0


def _doubtful(said: str) -> bool:
    """Numbers of hours that are read in no way, or in two: "1.500 h", "1h5", "1.33 hours"."""
    return re.fullmatch(r"\d[\d.,'’ ]* ?(?:h|hrs?|hours?|m|mins?|minutes?)|\d+h\d{1,2}", said.lower()) is not None


def _doubt_before(words: Sequence[Word], i: int, least: int) -> int:
    """Where what makes an amount inexact begins, if that stands before it: "about", "2 to", "-"."""
    if i - 1 >= least and words[i - 1].norm in _VAGUE:
        return i - 1
    if i - 2 >= least and words[i - 1].norm in ("to", "or", "-", "–", "—") and words[i - 2].norm.isdigit():
        return i - 2
    joined = i - 1 >= least and words[i - 1].text in ("-", "−", "–") and words[i - 1].end == words[i].start
    return i - 1 if joined and (i < 2 or words[i - 2].end < words[i - 1].start) else i


def ends_at(words: Sequence[Word], at: int, floor: int = 0) -> int | None:
    """Where an amount begins that stands right before the word `at`, else None. For what phrasings have around it."""
    if at <= floor:
        return None
    if words[at - 1].shape is Shape.SUM:
        return at - 1
    sentence = _rebuilt(words)
    for start in range(max(floor, at - _LONGEST), at):
        if _length_at(sentence, words[:at], start) == at:
            return start
    return None


def begins_at(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether an amount begins with the word `at`."""
    if at >= end:
        return False
    return words[at].shape is Shape.SUM or _length_at(_rebuilt(words), words[:end], at) > 0


def _rebuilt(words: Sequence[Word]) -> str:
    """The sentence as far as its words tell: blanks between them do not matter here."""
    text = ""
    for word in words:
        text = text.ljust(word.start) + word.text if word.start >= len(text) else text
    return text


def _together(sentence: str, words: Sequence[Word], first: Found, second: Found) -> Found | None:
    """Two amounts with nothing but "and" between them, as one."""
    first, second = sorted((first, second), key=lambda one: one.start)
    between = words[first.end : second.start]
    if any(w.norm not in _JOINING for w in between):
        return None
    return Found(text_of(sentence, list(words[first.start : second.end])), first.start, second.end)


def _share(parameters: Sequence[Parameter], found: list[Found], words: Sequence[Word], reading: Reading) -> list[Found]:
    """Give each argument its amount. Returns those that it is not known for what they are."""
    left = [one for one in found if not reading.covers(one.start)]
    unnamed = []
    for parameter in parameters:
        named = [one for one in left if _stands_by_its_name(parameter, one, words)]
        if len(named) == 1 and (len(left) > 1 or not parameter.required):
            reading.put(parameter.name, named[0].value, (named[0].start, named[0].end))
            left.remove(named[0])
        else:
            unnamed.append(parameter)
    main = next((p for p in unnamed if p.required), unnamed[0] if unnamed else None)
    if main is None or not left or _only_by_name(main):
        return left
    if all(_is_part_of_what_follows(left[0], one, words) for one in left[1:]):
        reading.put(main.name, left[0].value, (left[0].start, left[0].end))
        return []
    return left


def _only_by_name(parameter: Parameter) -> bool:
    """A fee is none unless it is called one."""
    return parameter.name == "fee"


def _stands_by_its_name(parameter: Parameter, one: Found, words: Sequence[Word]) -> bool:
    """ "with a fee of 2 EUR", "2 EUR fee"."""
    if parameter.name in ("amount", "time"):
        return False
    around = [w.norm for w in (*words[max(0, one.start - 3) : one.start], *words[one.end : one.end + 1])]
    return any(norm.rstrip("s") == parameter.name for norm in around)


def _is_part_of_what_follows(first: Found, one: Found, words: Sequence[Word]) -> bool:
    between = [w.norm for w in words[first.end : one.start]]
    return bool(_LATER & set(between)) and not _JOINING & set(between)
