"""The in-process picture of the tree, the links and what rules come to: exact for the transaction that asks.

A picture belongs to one number of `rule_epoch` and never changes. A newer one is made from an older one and the rows
that changed since; several are kept for the process, as readers with an older snapshot may still be at work. What a
unit has written itself it sees in a picture of its own, which others get only once it is committed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from core.rules.decide import word_of
from core.rules.kinds import PRIVATE
from core.rules.masks import rules_on_chain
from core.rules.words import ANY, WIDTH, Action
from core.store import Unit
from core.store.unit import Raw

KEPT = 4  # pictures of this process
FEW = 1_000  # changed Nexuses, for which what is worked out is put right rather than worked out anew
NEVER = 1 << 62
_PICTURES = "rules.structure"

_EPOCH = Raw("SELECT epoch FROM rule_epoch")
_NEXUSES = Raw("SELECT id, parent_id, state FROM nexus WHERE epoch > ?")
_MASKS = Raw("SELECT nexus_id, kind, word, until FROM rule_mask WHERE epoch > ?")
_LINKS = Raw("SELECT nexus_id, other_id, state FROM nexus_link WHERE epoch > ?")


@dataclass(slots=True)
class Structure:
    """A picture. `words` has the stored word by kind and Nexus; a kind that is not there is decided as "*" is."""

    epoch: int = 0
    parents: dict[int, int | None] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)  # archived: nobody sees into them
    words: dict[str, dict[int, int]] = field(default_factory=dict)
    ends: dict[tuple[int, str], int] = field(default_factory=dict)
    next_end: int = NEVER
    links: dict[int, frozenset[int]] = field(default_factory=dict)
    _granting: dict[tuple[str, int], frozenset[int]] = field(default_factory=dict)
    _ordered: dict[tuple[str, int], tuple[list[int], list[int]]] = field(default_factory=dict)
    _spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def word(self, nexus_id: int, kind: str) -> int:
        """What the rules of a Nexus allow for a kind. Nothing in an archived one, nor for what is private."""
        if kind in PRIVATE or nexus_id in self.closed:
            return 0
        named = self.words.get(kind)
        if named is not None:
            word = named.get(nexus_id)
            if word is not None:
                return word
        return self.words[ANY].get(nexus_id, 0) if ANY in self.words else 0

    def above(self, nexus_id: int) -> list[int]:
        """The Nexuses above, nearest first."""
        found = []
        parent = self.parents.get(nexus_id)
        while parent is not None:
            found.append(parent)
            parent = self.parents.get(parent)
        return found

    def granting(self, kind: str, audience: int) -> frozenset[int]:
        """The Nexuses in which this audience (one bit) may see this kind."""
        key = (kind, audience)
        known = self._granting.get(key)
        if known is None:
            shifted = audience << (WIDTH * Action.SEE)
            named = self.words.get(kind, {})
            general = self.words.get(ANY, {})
            known = frozenset(
                [n for n, word in named.items() if word & shifted and n not in self.closed]
                + [n for n, word in general.items() if word & shifted and n not in named and n not in self.closed]
                if kind not in PRIVATE
                else ()
            )
            self._granting[key] = known
        return known

    def granting_below(self, kind: str, audience: int, nexus_id: int) -> Sequence[int]:
        """Those of them that are below a Nexus."""
        key = (kind, audience)
        spans, known = self._in_order(), self._ordered.get(key)
        if known is None:
            nexuses = sorted((n for n in self.granting(kind, audience) if n in spans), key=lambda n: spans[n][0])
            known = self._ordered[key] = ([spans[n][0] for n in nexuses], nexuses)
        places, nexuses = known
        if not places or nexus_id not in spans:
            return ()
        first, last = spans[nexus_id]
        return nexuses[bisect_right(places, first) : bisect_right(places, last)]

    def take_over(self, older: Structure, changed: Collection[int], *, moved: bool) -> None:
        """What an older picture has worked out already, where only some Nexuses are different, or their places too."""
        if not moved:
            self._spans = older._spans
        if len(changed) > FEW:
            return
        for key, known in list(older._granting.items()):
            kind, audience = key
            shifted = audience << (WIDTH * Action.SEE)
            now = known.difference(changed) | {n for n in changed if self.word(n, kind) & shifted}
            self._granting[key] = now
            ordered = older._ordered.get(key)
            if ordered is not None and not moved and now == known:
                self._ordered[key] = ordered

    def _in_order(self) -> dict[int, tuple[int, int]]:
        """For each Nexus its place when all stand in a line, each with all below it right behind; and their last."""
        if not self._spans:
            below: dict[int | None, list[int]] = {}
            for nexus_id, parent_id in self.parents.items():
                below.setdefault(parent_id, []).append(nexus_id)
            spans: dict[int, tuple[int, int]] = {}
            place, open_ones = 0, [(one, False) for one in below.get(None, ())]
            while open_ones:
                nexus_id, done = open_ones.pop()
                if done:
                    spans[nexus_id] = (spans[nexus_id][0], place)
                    continue
                place += 1
                spans[nexus_id] = (place, place)
                open_ones.append((nexus_id, True))
                open_ones += [(one, False) for one in below.get(nexus_id, ())]
            self._spans = spans
        return self._spans


def epoch_of(unit: Unit) -> int:
    """The number of the newest change that this transaction sees."""
    found = unit.fetch(_EPOCH)
    return int(found[0][0]) if found else 0


def structure_at(unit: Unit, epoch: int) -> Structure:
    """The picture for the number that the transaction sees."""
    known: dict[int, Structure] = unit.pictures.setdefault(_PICTURES, {})
    found = known.get(epoch)
    if found is None:
        older = [one for number, one in list(known.items()) if number < epoch]
        found = _newer(unit, max(older, key=lambda one: one.epoch, default=Structure()), epoch)
        _publish(unit, known, found)
    if unit.now >= found.next_end:
        found = _without_what_ended(unit, found)
        _publish(unit, known, found)
    return found


def _publish(unit: Unit, known: dict[int, Structure], made: Structure) -> None:
    """Let others use a picture: at once if it shows what is committed, else when it is."""

    def keep() -> None:
        known[made.epoch] = made
        for number in sorted(known)[:-KEPT]:
            known.pop(number, None)

    if not unit.writable:
        keep()
    elif not unit.postgres or epoch_of(unit) == made.epoch:
        unit.then.append(keep)  # else somebody committed while we read, and this shows a bit of both


def _newer(unit: Unit, base: Structure, epoch: int) -> Structure:
    made = Structure(
        epoch,
        dict(base.parents),
        set(base.closed),
        {kind: dict(words) for kind, words in base.words.items()},
        dict(base.ends),
        links=dict(base.links),
    )
    nexuses, masks = unit.fetch(_NEXUSES, base.epoch), unit.fetch(_MASKS, base.epoch)
    for nexus_id, parent_id, state in nexuses:
        made.parents[nexus_id] = parent_id
        (made.closed.discard if state == "active" else made.closed.add)(nexus_id)
    for nexus_id, kind, word, until in masks:
        made.words.setdefault(kind, {})[nexus_id] = word
        if until is not None:
            made.ends[nexus_id, kind] = until
        else:
            made.ends.pop((nexus_id, kind), None)
    for one, other, state in unit.fetch(_LINKS, base.epoch):
        for here, there in ((one, other), (other, one)):
            linked = made.links.get(here, frozenset())
            made.links[here] = linked | {there} if state == "active" else linked - {there}
    made.next_end = min(made.ends.values(), default=NEVER)
    made.take_over(base, {row[0] for row in (*nexuses, *masks)}, moved=bool(nexuses))
    return made


def _without_what_ended(unit: Unit, base: Structure) -> Structure:
    """The same picture at a later moment: rules that have ended are in force no more, though nothing was written."""
    made = Structure(
        base.epoch,
        base.parents,
        base.closed,
        {kind: dict(words) for kind, words in base.words.items()},
        dict(base.ends),
        links=base.links,
    )
    ended = [key for key, until in base.ends.items() if until <= unit.now]
    for nexus_id, kind in ended:
        word, later = word_of(rules_on_chain(unit, nexus_id), kind, unit.now)
        made.words[kind][nexus_id] = word
        if later is None:
            del made.ends[nexus_id, kind]
        else:
            made.ends[nexus_id, kind] = later
    made.next_end = min(made.ends.values(), default=NEVER)
    made.take_over(base, {nexus_id for nexus_id, _ in ended}, moved=False)
    return made
