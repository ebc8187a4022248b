"""Arguments of moderation as they stand in a sentence: numbers of cases, ids of accounts, pauses, and reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cofounder.offline import cues
from bot.cofounder.offline.lexicon import ARTICLES, FILLERS, HARD_STOPS
from bot.cofounder.offline.peel import without_tail
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.spans import sentence_end, skip_marks
from bot.cofounder.offline.typed import Found, durations
from bot.cofounder.offline.words import Shape, Word, text_of
from core.operations import Operation, Parameter

_ID = re.compile(r"\d{5,21}|(?=\w*\d)[UW][A-Z0-9]{6,14}", re.ASCII)
_CALLED = frozenset("case cases report reports number no nr #".split())
_VERBS = frozenset("undo revert reverse uphold overturn overrule quash annul dismiss appeal reopen discard".split())
_UNIT = {"second": "1s", "minute": "1m", "hour": "1h", "day": "1d"}
_EVERY = frozenset("every each per a once".split())
_LASTING = frozenset("for next during until till coming lasting".split())
_OVER = frozenset("off disable end stop deactivate remove without away".split())
_NEWEST = frozenset("last newest latest recent most past".split())
_PURGES = frozenset("purge nuke clear wipe".split())
_TIMES = frozenset(
    "day days night today tonight rest weekend life moment time being evening morning week weeks month hour hours "
    "minute minutes bit while good ever now sure once year years next".split()
)
_CLOSED = frozenset("writing messages posting posts".split())
_NO_REASON = _TIMES | frozenset(
    "me us mods moderators moderator review everyone everybody all anyone members case him her them it".split()
)
_EVERYONE = frozenset("everyone everybody anyone anybody".split())
_GOES_ON = frozenset(
    "and or but not no without so then just which who until till except only also never kindly ok okay thanks".split()
)
_RETURNS = frozenset("back rejoin return again stand stands stays remains thing".split())
_SUBJECTS = frozenset("he she they it this we".split())
_UNFAIR = frozenset("not fair unfair unjust wrong a mistake at all very so again".split())
_WRITTEN = frozenset(
    "a an the new different another better note notes comment remark reason for from of to by moderator moderators "
    "mods mod only team needs need should be is".split()
)
_TOLD = frozenset(
    "with by namely again ) ; that 's ' s reason note comment saying : because to should is was be read reads as and "
    "now say says , - – — → = please ? . !".split()
)


def numbers_of_cases(words: Sequence[Word]) -> list[Found]:
    """Numbers of cases and reports: "case 12", "#12", "report no. 7", "undo 12"."""
    found, doubtful = [], []
    for i, word in enumerate(words):
        if word.shape is Shape.HANDLE and word.text[1:].isdigit():
            found.append(Found(word.text[1:], i, i + 1))
        if word.shape is not Shape.NUMBER or not word.norm.isdigit() or len(word.norm) > 9:
            continue
        at = i - 1
        while at > 0 and words[at].text in (".", ":", "#") and words[at - 1].norm in _CALLED:
            at -= 1
        before = words[at].norm if at >= 0 else ""
        one = Found(word.norm, at + 1 if before != "#" else at, i + 1)
        if before in _CALLED:
            found.append(one)
        elif before in _VERBS:
            doubtful.append(one)
    return found or doubtful


def readers(words: Sequence[Word]) -> list[Found]:
    """Who may follow a ban list, where that is everyone; a Nexus is found by its name."""
    return [Found(word.text, i, i + 1) for i, word in enumerate(words) if word.text.casefold() in _EVERYONE][:1]


def ids(words: Sequence[Word]) -> list[Found]:
    """What platforms call accounts: <@123>, 204255221017214977, U02AB34CD."""
    return [
        Found(w.text, i, i + 1)
        for i, w in enumerate(words)
        if not w.quoted and (_ID.fullmatch(w.text) or (w.shape is Shape.AT and w.text.startswith("<")))
    ]


def lengths(words: Sequence[Word], name: str) -> list[Found]:
    """Of two lengths of time the pause between messages ("every 30 seconds") and how long that holds ("for 2h")."""
    all_of_them = durations(words)
    lasting = [one for one in all_of_them if any(w.norm in _LASTING for w in words[max(0, one.start - 2) : one.start])]
    pauses = [one for one in all_of_them if one not in lasting] or _every(words)
    if not pauses and any(w.norm in _OVER for w in words):
        at = next(i for i, w in enumerate(words) if w.norm in _OVER)
        pauses = [Found("0s", at, at + 1)]
    if not pauses:
        pauses, lasting = lasting[:1], lasting[1:]
    return pauses if name == "pause" else lasting


def _every(words: Sequence[Word]) -> list[Found]:
    return [
        Found(_UNIT[words[i].norm], i, i + 1)
        for i in range(1, len(words))
        if words[i].norm in _UNIT and words[i - 1].norm in _EVERY
    ]


def newest(words: Sequence[Word], taken: Sequence[Found]) -> list[Found]:
    """How many of the newest messages: "the last 20", "purge 50", "the last message"."""
    for i, word in enumerate(words):
        if any(f.start <= i < f.end for f in taken) or not i:
            continue
        before = words[i - 1].norm
        if word.shape is Shape.NUMBER and word.norm.isdigit() and before in _NEWEST | _PURGES:
            return [Found(int(word.norm), i, i + 1)]
        if word.norm == "message" and before in _NEWEST:
            return [Found(1, i, i + 1)]
    return []


def reason(parameter: Parameter, sentence: str, words: Sequence[Word], core: int, reading: Reading) -> None:
    """Why: after "because" and the like, after "for", or what follows after a comma or a colon."""
    span = _because(words)
    if span is None and parameter.name == "reason":
        span = _after_for(words, core, reading)
    _put(parameter, sentence, words, span or _after_mark(words, core, reading), reading)


def because(parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """Why, if that is said outright: then nobody is looked for in these words ("reason: ban evasion")."""
    _put(parameter, sentence, words, _because(words), reading)


def _put(
    parameter: Parameter, sentence: str, words: Sequence[Word], span: tuple[int, int] | None, reading: Reading
) -> None:
    if span is None:
        return
    start, end = span
    end = _without_slots(words, start, end, reading)
    end = start + without_tail(words[start:end])
    if start < end and any(w.norm not in FILLERS for w in words[start:end] if w.shape is not Shape.MARK):
        reading.put(parameter.name, text_of(sentence, list(words[start:end])), (start, end))


def _because(words: Sequence[Word]) -> tuple[int, int] | None:
    for i, word in enumerate(words[:-1]):
        if word.quoted:
            continue
        after = words[i + 1].norm
        if word.norm == "because":
            start = i + 1 + (after == "of")
        elif (word.norm, after) in (("due", "to"), ("account", "of")):
            start = i + 2
        elif word.norm == "reason" and (after in ("is", ":", "-", "–", "—", "=", ",") or words[i - 1].text in ",-:("):
            start = i + 1 + (after == "is")
        elif word.norm == "with" and after == "reason":
            start = i + 2
        elif word.norm in ("since", "as") and after in _SUBJECTS and words[i + 2 : i + 3] and i + 4 < len(words):
            start = i + 1
        else:
            continue
        start = skip_marks(words, start, len(words))
        if start < len(words):
            return start, sentence_end(words, start)
    return None


def _after_for(words: Sequence[Word], core: int, reading: Reading) -> tuple[int, int] | None:
    for i in range(core + 1, len(words) - 1):
        if words[i].norm != "for" or words[i].quoted or reading.covers(i) or reading.covers(i + 1):
            continue
        near = {w.norm for w in words[i + 1 : i + 4]}
        first = next((w for w in words[i + 1 : i + 3] if w.norm not in ARTICLES), words[i + 1])
        if first.norm in _NO_REASON or (near & _TIMES and first.shape is not Shape.WORD) or first.shape is Shape.MARK:
            continue
        if words[i + 1].norm in ARTICLES and near & _TIMES:
            continue
        if words[i + 1].norm in _CLOSED and _stops(words, i + 2):
            continue  # "close it for writing"
        end = sentence_end(words, i + 1)
        if any(a > i for a, _ in (reading.spans[n] for n in ("person", "case") if n in reading.spans)):
            continue  # "time for a warning to Tom"
        return i + 1, end
    return None


def _stops(words: Sequence[Word], i: int) -> bool:
    return i >= len(words) or words[i].shape is Shape.MARK or words[i].norm in HARD_STOPS


def _after_mark(words: Sequence[Word], core: int, reading: Reading) -> tuple[int, int] | None:
    for i in range(core + 1, len(words) - 1):
        if words[i].text not in (",", ":", ";", "-", "–", "—", "(") or words[i].quoted or reading.covers(i):
            continue
        start, end = skip_marks(words, i + 1, len(words)), sentence_end(words, i)
        said = [w for w in words[start:end] if w.shape is not Shape.MARK]
        if not said or any(reading.covers(k) for k in range(start, end)):
            continue
        norms = [w.norm for w in said if w.norm not in FILLERS]
        told = words[i].text == ":" and norms[:1] == ["no"]  # "a warning to Tom: no ads here"
        if not norms or (norms[0] in _GOES_ON | cues.IMPERATIVE and not told) or _RETURNS & set(norms):
            continue
        if norms[0] in _TIMES or (norms[0] in ("he", "she", "they") and norms[1:2] in (["may"], ["can"])):
            continue
        return start, end
    return None


def _without_slots(words: Sequence[Word], start: int, end: int, reading: Reading) -> int:
    """Without another argument at the end: "spamming | for 2 hours", "spam | in case 12"."""
    first = next((i for i in range(start, end) if reading.covers(i)), end)
    rest = range(first, without_tail(words[:end], start))
    if first == end or not all(reading.covers(i) or words[i].shape is Shape.MARK for i in rest):
        return end
    while first > start and (words[first - 1].norm in ("for", "in", "of", "to", "until", "case", "from", "the", ",")):
        first -= 1
    return first


def after_case(parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """What is said of a case after its number: "appeal case 7, I never insulted anyone"."""
    span = reading.spans.get("case")
    if span is None:
        return
    start = _after_colon(words, span[1], len(words)) or span[1]
    quoted = next((i for i in range(start, len(words)) if words[i].quoted), None)
    if quoted is not None and start == span[1]:
        end = next((i for i in range(quoted, len(words)) if not words[i].quoted), len(words))
        reading.put(parameter.name, text_of(sentence, list(words[quoted:end])), (quoted, end))
        return
    while start < len(words) and words[start].norm in _TOLD and not words[start].quoted:
        start += 1
    end = without_tail(words, start, only_thanks=True)
    if start > span[1] and start < end:
        reading.put(parameter.name, text_of(sentence, list(words[start:end])), (start, end))


def without_what_it_is(
    operation: Operation, parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading
) -> None:
    """Of "reason: insults", "a note for the mods: …" and "it was insults" only what is to be written."""
    span = reading.spans.get(parameter.name)
    if span is None or words[span[0]].quoted:
        return
    start, end = span
    start = _after_colon(words, start, min(end, start + 6)) or start
    if operation.name == "reason" and words[start].norm == "it" and words[start + 1].norm in ("is", "was"):
        start += 2
    if operation.name == "appeal":
        if all(w.norm in _UNFAIR for w in words[start:end] if w.shape is not Shape.MARK):
            del reading.values[parameter.name], reading.spans[parameter.name]
            return  # why, the next sentence says, or it is asked
        mark = next((i for i in range(start, min(end, start + 5)) if words[i].shape is Shape.MARK), start)
        if mark > start and all(w.norm in _UNFAIR for w in words[start:mark]):
            start = skip_marks(words, mark, end)
    if span[0] < start < end:
        reading.put(parameter.name, text_of(sentence, list(words[start:end])), (start, end))


def _after_colon(words: Sequence[Word], start: int, end: int) -> int | None:
    """After a colon before which only is said what follows it."""
    for i in range(start, end):
        if words[i].text == ":" and not words[i].quoted:
            return i + 1
        if words[i].shape is not Shape.MARK and words[i].norm not in _WRITTEN:
            return None
    return None


def of_moderation(operation: Operation) -> bool:
    """Whether somebody or something is acted on as moderators do: it has a target, a case or a pause to fill."""
    return operation.name in cues.MODERATION


def only_one(wanted: Sequence[Parameter], words: Sequence[Word], reading: Reading) -> None:
    """Of several who are mentioned one after the other none is picked: "mute @tom and @lena"."""
    for parameter in wanted:
        span = reading.spans.get(parameter.name)
        if parameter.field.kind != "target" or span is None or words[span[0]].shape is not Shape.AT:
            continue
        around = (_beside(words, span[0], -1), _beside(words, span[1] - 1, 1))
        if any(w is not None and w.shape is Shape.AT for w in around):
            del reading.values[parameter.name], reading.spans[parameter.name]


def _beside(words: Sequence[Word], i: int, step: int) -> Word | None:
    i += step
    while 0 <= i < len(words) and words[i].norm in ("and", "or", "&", ",", "plus"):
        i += step
    return words[i] if 0 <= i < len(words) else None


def told_of(parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """ "tell the moderators that Tom sends me insults": what he does, without him where he stands first."""
    that = next((i for i in range(2, len(words) - 1) if words[i].norm == "that" and not words[i].quoted), 0)
    if not that or not {"moderators", "moderator", "mods", "mod", "moderation"} & {w.norm for w in words[:that]}:
        return
    start, end = that + 1, sentence_end(words, that)
    person = reading.spans.get("person")
    if person is not None and person[0] == start:
        start = person[1]
    end = start + without_tail(words[start:end])
    if end > start:
        reading.put(parameter.name, text_of(sentence, list(words[start:end])), (start, end))
