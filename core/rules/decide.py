"""The decision, for every kind, action and audience at once. Pure.

Decision rule, for one (kind, action, audience), along the chain from the root to the Nexus of a record:
1. a locked deny in force anywhere on the chain stands;
2. otherwise the nearest Nexus on the chain with a rule in force decides; within one Nexus deny beats permit, and a
   rule for the kind counts as much as one for every kind;
3. otherwise: denied.
A rule of scope `self` holds in its own Nexus alone, one of scope `subtree` also in everything below.

As sets of bits this is worked out for all actions and audiences in a few operations: see `settle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from core.rules.words import ANY, BITS, NOTHING, Effect, Scope, spread, unpack_actions


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a Nexus. `actions` is packed (`core.rules.words`); times are milliseconds since the epoch.

    `made_by` is 0 for a rule that came with the Nexus.
    """

    nexus_id: int
    kind: str
    audience: str
    actions: int
    effect: str
    scope: str = Scope.SUBTREE
    locked: bool = False
    not_after: int | None = None
    made_by: int = 0
    made_at: int = 0
    id: int = 0

    @property
    def word(self) -> int:
        """The bits that this rule speaks of."""
        return _word(self.audience, self.actions)

    def in_force(self, now: int) -> bool:
        """Whether it holds at this moment."""
        return self.not_after is None or now < self.not_after


@cache
def _word(audience: str, actions: int) -> int:
    return spread(BITS[audience], unpack_actions(actions))


@dataclass(frozen=True, slots=True)
class Carry:
    """What a Nexus hands down to those below, for one kind: what is allowed, and what is denied for good."""

    allowed: int = NOTHING
    locked: int = NOTHING
    until: int | None = None  # when a rule that went into this ends


@dataclass(frozen=True, slots=True)
class Settled:
    """What the rules come to in one Nexus, for one kind: its word, until when, and what is handed down."""

    word: int
    until: int | None
    down: Carry


def settle(own: Iterable[Rule], kind: str, above: Carry, now: int) -> Settled:
    """Work out one Nexus from its own rules and what comes from above. `kind` may be `ANY`: a kind nobody names."""
    denied = permitted = denied_down = permitted_down = locked = locked_down = 0
    until = down_until = None
    for rule in own:
        if rule.kind not in (ANY, kind) or not rule.in_force(now):
            continue
        below = rule.scope == Scope.SUBTREE
        until = sooner(until, rule.not_after)
        if below:
            down_until = sooner(down_until, rule.not_after)
        if rule.effect == Effect.DENY:
            denied |= rule.word
            denied_down |= rule.word if below else 0
            if rule.locked:
                locked |= rule.word
                locked_down |= rule.word if below else 0
        else:
            permitted |= rule.word
            permitted_down |= rule.word if below else 0
    return Settled(
        _nearest(above.allowed, permitted, denied) & ~(above.locked | locked),
        sooner(until, above.until),
        Carry(
            _nearest(above.allowed, permitted_down, denied_down),
            above.locked | locked_down,
            sooner(down_until, above.until),
        ),
    )


def _nearest(above: int, permitted: int, denied: int) -> int:
    """What is decided here counts before what is decided above; deny beats permit."""
    return (above & ~(permitted | denied)) | (permitted & ~denied)


def settle_all(own: Sequence[Rule], above: Mapping[str, Carry], now: int) -> dict[str, Settled]:
    """One Nexus for every kind that is named on its chain, and for `ANY`. `above` is what its parent hands down."""
    kinds = {ANY, *above, *(rule.kind for rule in own)}
    return {kind: settle(own, kind, above.get(kind) or above.get(ANY) or Carry(), now) for kind in kinds}


def word_of(chain: Sequence[Sequence[Rule]], kind: str, now: int) -> tuple[int, int | None]:
    """The word of a Nexus from the rules of its chain, nearest first, and when it has to be worked out anew."""
    carry = Carry()
    settled = Settled(NOTHING, None, carry)
    for own in reversed(chain):
        settled = settle(own, kind, carry, now)
        carry = settled.down
    return settled.word, settled.until


def sooner(one: int | None, other: int | None) -> int | None:
    """The earlier of two moments; None is never."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)
