"""Arguments that are a sentence of their own, with a grammar that their field knows: "members may see needs".

The field is the judge: what it does not understand to the last word is not taken for such a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cofounder.offline.peel import without_tail
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.words import Word, text_of
from core.errors import NexusError
from core.moderation.own.sentence import Said as Order
from core.operations import Parameter
from core.rulebook.sentence import Said

_PLACING = frozenset({"in", "at", "within", "for", "of"})
_NOT_NAMES = frozenset({"the", "nexus", "our"})


def whole_sentence(parameter: Parameter, sentence: str, words: Sequence[Word], core: int, reading: Reading) -> None:
    """Take the request, or what stands behind "if" or a colon in it, with the Nexus at its end apart."""
    end = without_tail(words, core)
    start = core
    for i in range(core, end - 1):
        if words[i].norm == "if" or (words[i].text == ":" and i - core <= 8):
            start = i + 1
    said = _understood(parameter, text_of(sentence, list(words[start:end])))
    if said is None:
        return
    if said.place:
        first = next((i for i in range(end - 1, start, -1) if words[i].norm in _PLACING), end)
        named = first + 1
        while named < end - 1 and words[named].norm in _NOT_NAMES:
            named += 1
        last = end
        while last - named > 1 and words[last - 1].norm in _NOT_NAMES:
            last -= 1
        shorter = _understood(parameter, text_of(sentence, list(words[start:first])))
        if shorter is None or shorter.place:
            return
        reading.put("nexus", text_of(sentence, list(words[named:last])), (named, last))
        end = first
    reading.put(parameter.name, text_of(sentence, list(words[start:end])).strip(" .!"), (start, end))


def _understood(parameter: Parameter, text: str) -> Said | None:
    try:
        said = parameter.field.read(text)
    except NexusError:
        return None
    return said if isinstance(said, Said) and not said.unclear else None


def whole_order(parameter: Parameter, sentence: str, words: Sequence[Word], core: int, reading: Reading) -> None:
    """A rule about messages is all that is asked for, to its last sign. What is not clear of it, its field says."""
    if core >= len(words):
        return
    text = sentence[words[core].start :].strip(" !?")
    said = parameter.field.read(text)
    if isinstance(said, Order) and said.groups:
        reading.put(parameter.name, text, (core, len(words)))
