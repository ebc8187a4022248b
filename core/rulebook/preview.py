"""What a change of rules would show to whom, and hide from whom, before anything is written.

The rules that a Nexus would have are worked out for it and everything inside; where that differs from what holds now,
the open records are counted and the people with it: by the same reach that decides later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, or_, select

from core.access.records import count_open
from core.nexuses.tables import membership, nexus_tree
from core.nexuses.tree import below
from core.operations.context import Audience, AudienceKind
from core.rulebook.describe import in_effect
from core.rules.decide import Rule
from core.rules.kinds import SHARED
from core.rules.masks import rules_inside, settled_below
from core.rules.reach import reach_from
from core.rules.resolver import eyes_of
from core.rules.rules import Change
from core.rules.structure import Structure
from core.rules.words import ANY, BITS, NEEDS, PUBLIC, WIDTH, Action, audiences_of, names_of, spread
from core.store import Unit

MOST_ROLES = 20_000  # memberships that are looked at to count people; beyond that it is "more than"
MOST_LOOKS = 200_000  # (person, Nexus) pairs looked at for the same
_ROLES = ("owner", "steward", "treasurer", "moderator")

_INSIDE = select(nexus_tree.c.descendant_id).where(nexus_tree.c.ancestor_id == bindparam("nexus_id"))
_ABOVE = select(nexus_tree.c.ancestor_id).where(nexus_tree.c.descendant_id == bindparam("nexus_id"))
_MEMBERSHIPS = (
    select(membership.c.person_id, membership.c.nexus_id, membership.c.role)
    .where(
        membership.c.state == "active",
        or_(
            membership.c.nexus_id.in_(_INSIDE),
            membership.c.nexus_id.in_(_ABOVE),
            membership.c.nexus_id.in_(bindparam("linked", expanding=True)),
        ),
    )
    .order_by(membership.c.person_id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that changes: whom (audiences that see the same change), what they could or could no longer do.

    `counts` are open records by kind. `people`: how many they are, None for anybody; `more`: at least as many.
    """

    gained: bool
    audience: str
    actions: tuple[Action, ...]
    counts: tuple[tuple[str, int], ...]
    people: int | None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after. `opened`: Nexuses, with open records by kind, in which something newly becomes visible.

    `keeping`: Nexuses inside with rules of their own about the same, which stay. `inside`: how many there are at all.
    `after`: what the rules of the Nexus itself come to, by kind; `changed`: the kinds for which that is new.
    """

    shifts: tuple[Shift, ...]
    opened: Mapping[int, Mapping[str, int]]
    keeping: tuple[int, ...]
    inside: int
    after: Mapping[str, int]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Difference:
    """The words of one kind in one Nexus, as the rules have them."""

    kind: str
    before: int
    after: int


_Key = tuple[bool, str, Action]
_Touched = dict[tuple[bool, str, Action, str], tuple[set[int], set[int]]]
"""By what changes for whom, and kind: the people, and the Nexuses in which it changes something for one of them."""


def compare(unit: Unit, nexus_id: int, rules: Sequence[Rule], changes: Iterable[Change]) -> Comparison:
    """What would change if the Nexus had these rules; `changes` are what leads to them."""
    now = settled_below(unit, nexus_id)
    then = settled_below(unit, nexus_id, {nexus_id: list(rules)})
    inside = list(below(unit, nexus_id))
    differences: dict[int, list[_Difference]] = {}
    for where in (nexus_id, *inside):
        for kind in SHARED:
            before = (now.get((where, kind)) or now[where, ANY]).word
            after = (then.get((where, kind)) or then[where, ANY]).word
            if before != after and in_effect(before) != in_effect(after):
                differences.setdefault(where, []).append(_Difference(kind, before, after))
    places = _places(differences)
    counts = {kind: count_open(unit, sorted(differences), kind) for kind in SHARED} if differences else {}
    touched, more = _touched(unit, nexus_id, differences)
    after_here = {kind: (then.get((nexus_id, kind)) or then[nexus_id, ANY]).word for kind in SHARED}
    return Comparison(
        tuple(_shifts(places, counts, touched, more)),
        _opened(differences, counts),
        _keeping(unit, nexus_id, set(inside), list(changes)),
        len(inside),
        after_here,
        tuple(one.kind for one in differences.get(nexus_id, ())),
    )


@lru_cache(maxsize=1024)
def _sides(before: int, after: int, action: Action) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    """Who gains and who loses an action. Where anybody does, nobody else need be named."""
    had, has = audiences_of(in_effect(before), action), audiences_of(in_effect(after), action)
    sides: list[tuple[bool, tuple[str, ...]]] = []
    for gained, bits in ((True, has & ~had), (False, had & ~has)):
        if bits & PUBLIC:
            sides.append((gained, ("public",)))
        elif bits:
            names = names_of(bits)
            sides.append((gained, tuple(name for name in names if not (name in _ROLES and "member" in names))))
    return tuple(sides)


def _places(differences: Mapping[int, Sequence[_Difference]]) -> dict[_Key, dict[str, list[int]]]:
    """Where each shift happens: Nexuses by kind."""
    found: dict[_Key, dict[str, list[int]]] = {}
    for where, ones in differences.items():
        for one in ones:
            for action in Action:
                for gained, names in _sides(one.before, one.after, action):
                    for name in names:
                        found.setdefault((gained, name, action), {}).setdefault(one.kind, []).append(where)
    return found


def _shifts(
    places: Mapping[_Key, Mapping[str, list[int]]],
    counts: Mapping[str, Mapping[int, Mapping[int, int]]],
    touched: _Touched,
    more: bool,
) -> Iterator[Shift]:
    """Actions that concern the same people and as much are told together; what is gained comes first.

    Where people are concerned, only what lies where it makes a difference to one of them counts.
    """
    alike: dict[tuple[bool, str, tuple[tuple[str, int], ...]], list[Action]] = {}
    for (gained, audience, action), by_kind in places.items():
        word = spread(BITS[audience], NEEDS[action])
        numbers = []
        for kind in SHARED:
            if kind in by_kind:
                _, felt = touched.get((gained, audience, action, kind), (set(), set()))
                where = by_kind[kind] if audience == "public" or more or not felt else felt
                numbers.append((kind, sum(_covered(counts[kind].get(one, {}), word) for one in where)))
        alike.setdefault((gained, audience, tuple(numbers)), []).append(action)
    for (gained, audience, told), actions in sorted(alike.items(), key=_order):
        known = None
        if audience != "public":
            keys = [(gained, audience, action, kind) for action in actions for kind, _ in told]
            known = len(set().union(*(touched[key][0] for key in keys if key in touched)))
        yield Shift(gained, audience, tuple(sorted(actions)), told, known, more and known is not None)


def _order(item: tuple[tuple[bool, str, tuple[tuple[str, int], ...]], list[Action]]) -> tuple[bool, bool, int]:
    (gained, audience, _), actions = item
    return not gained, Action.SEE not in actions, -BITS[audience] if audience == "public" else BITS[audience]


def _covered(by_ceiling: Mapping[int, int], word: int) -> int:
    """How many of these records have the consent of their authors for all bits of a word."""
    return sum(count for ceiling, count in by_ceiling.items() if ceiling & word == word)


def _opened(
    differences: Mapping[int, Sequence[_Difference]], counts: Mapping[str, Mapping[int, Mapping[int, int]]]
) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for where, ones in differences.items():
        for one in ones:
            names = [name for gained, names in _sides(one.before, one.after, Action.SEE) if gained for name in names]
            if names:
                by_ceiling = counts[one.kind].get(where, {})
                most = max(_covered(by_ceiling, spread(BITS[name], (Action.SEE,))) for name in names)
                found.setdefault(where, {})[one.kind] = most
    return found


def _touched(unit: Unit, nexus_id: int, differences: Mapping[int, Sequence[_Difference]]) -> tuple[_Touched, bool]:
    """Who gains or loses what by which audience, and whether there may be more than were looked at."""
    found: _Touched = {}
    if not differences:
        return found, False
    structure = eyes_of(unit, Audience(AudienceKind.PUBLIC))[0].structure
    concerned = _concerned(differences)
    if not concerned:
        return found, False  # anybody's, so that nobody need be counted
    linked = sorted({there for where in differences for there in structure.links.get(where, ())})
    rows = unit.rows(_MEMBERSHIPS, nexus_id=nexus_id, linked=linked or [0], most=MOST_ROLES + 1)
    by_person: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        by_person.setdefault(row["person_id"], []).append((row["nexus_id"], row["role"]))
    more = len(rows) > MOST_ROLES
    if more:
        by_person.popitem()  # whose roles may not all be among those that were read
    left = MOST_LOOKS
    within = _within(structure, differences)
    for person_id, roles in by_person.items():
        for where, bits in _bits(structure, roles, differences, within, concerned):
            left -= 1
            for one in differences[where]:
                for gained, name, action in _changes_for(one.before, one.after, bits):
                    people, felt = found.setdefault((gained, name, action, one.kind), (set(), set()))
                    people.add(person_id)
                    felt.add(where)
        if left <= 0:
            return found, True
    return found, more


def _within(structure: Structure, differences: Iterable[int]) -> dict[int, list[int]]:
    """By Nexus, those that differ and lie inside it."""
    found: dict[int, list[int]] = {}
    for where in differences:
        for above in structure.above(where):
            found.setdefault(above, []).append(where)
    return found


def _concerned(differences: Mapping[int, Sequence[_Difference]]) -> int:
    """The audiences other than anybody for which something changes somewhere."""
    words = {(one.before, one.after) for ones in differences.values() for one in ones}
    bits = 0
    for before, after in words:
        for action in Action:
            for _, names in _sides(before, after, action):
                for name in names:
                    bits |= BITS[name]
    return bits & ~PUBLIC


def _bits(
    structure: Structure,
    roles: Sequence[tuple[int, str]],
    differences: Mapping[int, Sequence[_Difference]],
    within: Mapping[int, Sequence[int]],
    concerned: int,
) -> Iterator[tuple[int, int]]:
    """What somebody is in those Nexuses in which it may matter."""
    reach = reach_from(structure, roles)
    places = {where for where in reach.direct if where in differences}
    for above, bits in reach.down.items():
        if bits & concerned:
            places.update(within.get(above, ()))
    for where in places:
        yield where, reach.at(where)


@lru_cache(maxsize=4096)
def _changes_for(before: int, after: int, bits: int) -> tuple[tuple[bool, str, Action], ...]:
    """What changes for somebody who is that, and by which of the audiences that they belong to."""
    return tuple(
        (gained, name, action)
        for action in Action
        if _allows(before, bits, action) != _allows(after, bits, action)
        for gained, names in _sides(before, after, action)
        if gained == _allows(after, bits, action)
        for name in names
        if bits & BITS[name]
    )


def _allows(word: int, bits: int, action: Action) -> bool:
    return all(word & (bits << (WIDTH * needed)) for needed in NEEDS[action])


def _keeping(unit: Unit, nexus_id: int, inside: set[int], changes: Sequence[Change]) -> tuple[int, ...]:
    """The Nexuses inside that have rules of their own in force about something of this, nearest first.

    Against what is fixed for everything inside, no rule there is kept.
    """
    changes = [one for one in changes if not one.locked]
    found = []
    for own in rules_inside(unit, nexus_id):
        if own.nexus_id in inside and own.in_force(unit.now) and any(_about_the_same(own, one) for one in changes):
            found.append(own.nexus_id)
    return tuple(dict.fromkeys(found))


def _about_the_same(own: Rule, change: Change) -> bool:
    kinds = own.kind == change.kind or ANY in (own.kind, change.kind)
    return kinds and own.audience == change.audience and bool(own.actions & change.actions)
