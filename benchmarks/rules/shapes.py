"""What the world is like: its tree, its rules, who is where. Pure, and the same for the same size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from core.ids import EPOCH
from core.nexuses.tree import ROOT_ID
from core.rules.words import ALL, ANY, EVERYBODY, MEMBER, Action, Effect, Scope, pack_actions, spread

DEPTH = 12  # of the deepest Nexus below the root
NOW = 1_767_225_600_000  # 2026-01-01: when the world was made; its records are of the year before
YEAR = 365 * 86_400_000
LATER = NOW + 5 * YEAR  # when rules end that have an end
_FOUNDED, _PEOPLED = EPOCH + YEAR // 12, EPOCH + YEAR // 6  # all of it before the first record
_SEED = 4


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything; memberships and rules follow from people and Nexuses."""

    people: int
    nexuses: int
    records: int

    @property
    def busy(self) -> int:
        """How many people are in very many Nexuses."""
        return max(self.people * 3 // 1000, 1)


FULL = Size(100_000, 20_000, 1_000_000)
TENTH = Size(10_000, 2_000, 100_000)

_FOUR = pack_actions(set(Action) - {Action.EXPORT})
_FIVE = pack_actions(Action)
_SEE, _QUOTE, _EXPORT = (pack_actions([one]) for one in (Action.SEE, Action.QUOTE, Action.EXPORT))
_COUNT = pack_actions([Action.AGGREGATE])
PERMIT, DENY, SELF, SUBTREE = Effect.PERMIT, Effect.DENY, Scope.SELF, Scope.SUBTREE


@dataclass(frozen=True, slots=True)
class Shape:
    """A rule that this share of all Nexuses has."""

    share: float
    kind: str
    audience: str
    actions: int
    effect: Effect
    scope: Scope
    locked: float = 0.0  # share of these that are locked
    ends: float = 0.0  # share that has an end


# About five in each Nexus. Little is for members above, and only a few Nexuses are public, in a world of any size: by
# such rules people reach everything, so that worlds of two sizes would not be asked the same.
RULES = (
    Shape(0.9, ANY, "member", _FOUR, PERMIT, SUBTREE),
    Shape(0.7, ANY, "owner", _FIVE, PERMIT, SUBTREE),
    Shape(0.6, ANY, "steward", _FIVE, PERMIT, SUBTREE),
    Shape(0.5, "fact", "member", _QUOTE, DENY, SUBTREE),
    Shape(0.4, "need", "sub-member", _SEE, PERMIT, SELF),
    Shape(0.4, "fact", "ancestor-member", _COUNT, PERMIT, SUBTREE),
    Shape(0.3, "offer", "linked-member", _SEE, PERMIT, SELF),
    Shape(0.3, ANY, "member", _EXPORT, DENY, SUBTREE, locked=0.2),
    Shape(0.25, "need", "guest", _SEE, PERMIT, SELF, ends=0.1),
    Shape(0.2, ANY, "bridge", _SEE | _COUNT, PERMIT, SELF, ends=0.5),
    Shape(0.15, ANY, "moderator", _SEE, PERMIT, SELF),
    Shape(0.15, "fact", "member", _SEE, DENY, SELF),
    Shape(0.1, ANY, "public", _SEE | _QUOTE, DENY, SUBTREE, locked=0.1),
    Shape(0.02, "offer", "ancestor-member", _SEE, PERMIT, SELF),
)
CONSENTS = (
    spread(EVERYBODY, [Action.SEE]),
    spread(EVERYBODY, [Action.SEE, Action.AGGREGATE]),
    spread(MEMBER, [Action.SEE, Action.QUOTE]),
    ALL & ~spread(EVERYBODY, [Action.EXPORT]),
)
KINDS = {"thought": 35, "need": 30, "offer": 25, "fact": 10}
STATES = {"open": 70, "closed": 27, "removed": 3}
_FEW = {1: 35, 2: 28, 3: 20, 4: 11, 5: 6}  # Nexuses of most people
_BUSY = 180  # Nexuses of the few who are everywhere
_PUBLIC = Shape(0.0, "offer", "public", _SEE, PERMIT, SELF)
_PUBLIC_NEXUSES = 20
TOP = 20  # whoever decides for a Nexus with one in so many of all below it reaches far


class Plan:
    """A world of one size, in numbers from 0: the tree, how popular each Nexus is, whose roles reach far."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.random = Random(f"{_SEED} {size}")
        self.parents, self.depths = _tree(self.random, size.nexuses)
        # Older Nexuses, which are higher up, are larger: a few big ones, and most small.
        self._popular = list(accumulate((number + 1) ** -0.8 for number in range(size.nexuses)))
        sizes = [1] * size.nexuses
        for number in range(size.nexuses - 1, 0, -1):
            sizes[self.parents[number]] += sizes[number]
        large = [number for number in range(1, size.nexuses) if sizes[number] >= size.nexuses / TOP]
        self.tops = sorted(large, key=lambda number: -sizes[number])

    def some(self, count: int) -> list[int]:
        """Nexuses drawn by how popular they are."""
        return self.random.choices(range(self.size.nexuses), cum_weights=self._popular, k=count)

    def closure(self) -> Iterator[tuple[int, int, int]]:
        """(ancestor, descendant, depth) of every pair."""
        for number in range(self.size.nexuses):
            above, depth = number, 0
            yield number, number, 0
            while above:
                above, depth = self.parents[above], depth + 1
                yield above, number, depth

    def memberships(self) -> Iterator[tuple[int, int, str]]:
        """(person, Nexus, role) of every membership, each once."""
        people, busy = self.size.people, self.size.busy
        counts = self.random.choices(list(_FEW), list(_FEW.values()), k=people)
        counts[:busy] = [min(_BUSY, self.size.nexuses // 2)] * busy
        drawn = iter(self.some(sum(counts)))
        for person, count in enumerate(counts):
            for number in {next(drawn) for _ in range(count)}:
                chance = self.random.random()
                yield person, number, "guest" if chance < 0.05 else "member"
                if chance > 0.98:
                    yield person, number, "moderator"
        for number in range(self.size.nexuses):
            yield self.random.randrange(busy, people), number, "owner"
        for top in self.tops:
            yield self.random.randrange(busy, people), top, "steward"

    def rules(self) -> Iterator[tuple[int, Shape, bool, int | None]]:
        """(Nexus, shape, locked, not after) of every rule."""
        for number in self.random.sample(range(self.size.nexuses), min(_PUBLIC_NEXUSES, self.size.nexuses)):
            yield number, _PUBLIC, False, None
        for number in range(self.size.nexuses):
            for shape in RULES:
                if self.random.random() < shape.share:
                    locked = self.random.random() < shape.locked
                    yield number, shape, locked, LATER if self.random.random() < shape.ends else None

    def links(self) -> Iterator[tuple[int, int, str]]:
        """(Nexus, other, state), each pair once."""
        count = self.size.nexuses // 10
        pairs = {(min(a, b), max(a, b)) for a, b in zip(self.some(count), self.some(count), strict=True) if a != b}
        for a, b in sorted(pairs):
            yield a, b, "active" if self.random.random() < 0.8 else "proposed"


def _tree(random: Random, count: int) -> tuple[list[int], list[int]]:
    """Parents and depths. The first go straight down to the deepest, then each below one that is there already."""
    parents, depths = [0], [0]
    for number in range(1, count):
        parent = number - 1 if number <= DEPTH else 0
        if number > DEPTH and random.random() > 0.04:
            parent = random.randrange(number)
            while depths[parent] == DEPTH:
                parent = random.randrange(number)
        parents.append(parent)
        depths.append(depths[parent] + 1)
    return parents, depths


def nexus_id(number: int) -> int:
    """The row id of a Nexus; number 0 is the root, which every store has."""
    return ROOT_ID if number == 0 else row_id(_FOUNDED, number)


def person_id(number: int) -> int:
    """The row id of a person."""
    return row_id(_PEOPLED, number)


def row_id(at: int, number: int) -> int:
    """An id as `core.ids` makes them: of the moment, then counted."""
    return ((at - EPOCH + number // 4096) << 22) | number
