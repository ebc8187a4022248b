"""Why something may be done with a record, or not: the same decision, with its reasons. Slower, and in words elsewhere.

`explain` goes through the rules themselves instead of what they were worked out to, so that it and the fast path can be
held against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.operations.context import Audience, AudienceKind
from core.rules.consents import Consent, consents_of
from core.rules.decide import Rule
from core.rules.kinds import PRIVATE
from core.rules.masks import Chain, rules_on_chain
from core.rules.resolver import Eye, Guarded, eyes_of
from core.rules.words import ANY, BITS, NEEDS, WIDTH, Action, Effect, Scope, names_of, unpack_actions
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Way:
    """One audience that somebody belongs to, and what was decided about it for one action.

    `rule` decided (None: no rule in force says anything, so it is denied); `consent` is what the author said against it
    (None: nothing). `through` is the Nexus by which they belong to that audience (0: as everybody does).
    """

    audience: str
    action: Action
    rule: Rule | None
    allowed: bool
    consent: Consent | None
    through: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with its reasons.

    `why`: "author", "private" (the author's alone, whatever rules say), "closed" (its Nexus is archived), or "ways":
    then `ways` has, for each action that is needed, every audience that they belong to.
    """

    allowed: bool
    why: str
    ways: tuple[Way, ...] = ()


def explain(
    unit: Unit,
    person_id: int,
    action: Action,
    *,
    kind: str,
    nexus_id: int,
    record: Guarded | None = None,
    record_id: int = 0,
) -> Explanation:
    """Why a person may do that with a record, or, without one, with what others have of a kind in a Nexus."""
    eye = eyes_of(unit, Audience(AudienceKind.PERSON, person_id))[0]
    if record is not None and record.author_id == person_id:
        return Explanation(True, "author")
    if kind in PRIVATE:
        return Explanation(False, "private")
    if nexus_id in eye.structure.closed:
        return Explanation(False, "closed")
    chain = rules_on_chain(unit, nexus_id)
    said = consents_of(unit, record.author_id) if record is not None else ()
    ways = tuple(
        _way(eye, chain, said, audience, one, kind, nexus_id, record_id, unit.now)
        for one in NEEDS[action]
        for audience in names_of(eye.reach.at(nexus_id))
    )
    allowed = all(
        any(way.action is one and way.allowed and way.consent is None for way in ways) for one in NEEDS[action]
    )
    return Explanation(allowed, "ways", ways)


def _way(
    eye: Eye,
    chain: Chain,
    said: Sequence[Consent],
    audience: str,
    action: Action,
    kind: str,
    nexus_id: int,
    record_id: int,
    now: int,
) -> Way:
    bit = BITS[audience] << (WIDTH * action)
    rule = deciding(chain, audience, action, kind, now)
    against = next((one for one in said if _speaks_of(one, kind, record_id) and not one.word & bit), None)
    allowed = rule is not None and rule.effect == Effect.PERMIT
    return Way(audience, action, rule, allowed, against, _through(eye, audience, nexus_id))


def deciding(chain: Chain, audience: str, action: Action, kind: str, now: int) -> Rule | None:
    """The rule that decides for one audience and action: a lock, else the nearest, a deny before a permit."""
    speaking = [
        (depth, one)
        for depth, own in enumerate(chain)
        for one in own
        if one.audience == audience
        and one.kind in (ANY, kind)
        and action in unpack_actions(one.actions)
        and one.in_force(now)
        and (depth == 0 or one.scope == Scope.SUBTREE)
    ]
    locks = [one for _, one in speaking if one.locked and one.effect == Effect.DENY]
    if locks:
        return locks[-1]  # the highest: the one that those below cannot lift
    return min(speaking, key=lambda found: (found[0], found[1].effect != Effect.DENY), default=(0, None))[1]


def _speaks_of(one: Consent, kind: str, record_id: int) -> bool:
    return one.kind in (ANY, kind) and one.record_id in (0, record_id)


def _through(eye: Eye, audience: str, nexus_id: int) -> int:
    """A Nexus by which this reader belongs to an audience of another."""
    bit = BITS[audience]
    structure, reach = eye.structure, eye.reach
    if audience == "public":
        return 0
    mine = [where for where, role in reach.memberships if where not in structure.closed and role != "guest"]
    if audience == "sub-member":
        return next((where for where in mine if nexus_id in structure.above(where)), 0)
    if audience == "linked-member":
        return next((where for where in mine if nexus_id in structure.links.get(where, ())), 0)
    if reach.direct.get(nexus_id, 0) & bit:
        return nexus_id
    return next((above for above in structure.above(nexus_id) if reach.down.get(above, 0) & bit), 0)
