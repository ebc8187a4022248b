"""The rules of a Nexus: reading, setting, clearing them, and the presets that a Nexus starts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from core.errors import N_, BadInput
from core.rules.decide import Carry, Rule, settle_all
from core.rules.kinds import KINDS, PRIVATE
from core.rules.masks import Chain, bump, recompile, rules_on_chain
from core.rules.tables import rule
from core.rules.words import (
    ALL,
    ANY,
    AUDIENCES,
    BITS,
    Action,
    Effect,
    Scope,
    audiences_of,
    names_of,
    pack_actions,
    spread,
)
from core.store import Unit

_OF = select(rule).where(rule.c.nexus_id == bindparam("nexus_id")).order_by(rule.c.id)
_ADD = insert(rule)
_DROP = delete(rule).where(rule.c.id == bindparam("rule_id"))
_LESS = update(rule).where(rule.c.id == bindparam("rule_id")).values(actions=bindparam("left"))

_OPEN = spread(BITS["member"] | BITS["public"], (Action.SEE, Action.QUOTE, Action.AGGREGATE, Action.DERIVE))
PRESETS = {
    # Anybody sees it, and members may take it along.
    "open": _OPEN | spread(BITS["member"], (Action.EXPORT,)),
    # Members see it, and it may be said in channels whose readers are members.
    "members": spread(BITS["member"], (Action.SEE, Action.QUOTE, Action.AGGREGATE, Action.DERIVE)),
    # Members see it when they ask in private; nothing is said in a channel, and nothing is counted.
    "private": spread(BITS["member"], (Action.SEE, Action.DERIVE)),
}
"""What each preset comes to for every kind, as a word; thoughts stay their author's alone whatever it says."""


@dataclass(frozen=True, slots=True)
class Change:
    """A rule as it is to be set, before it has a Nexus, an id and an author."""

    kind: str
    audience: str
    actions: int
    effect: str
    scope: str = Scope.SUBTREE
    locked: bool = False
    not_after: int | None = None

    def in_nexus(self, nexus_id: int, *, by: int = 0, at: int = 0) -> Rule:
        """The rule that it makes in a Nexus."""
        return Rule(
            nexus_id,
            self.kind,
            self.audience,
            self.actions,
            self.effect,
            self.scope,
            self.locked,
            self.not_after,
            by,
            at,
        )


def rules_of(unit: Unit, nexus_id: int) -> list[Rule]:
    """The rules of exactly this Nexus, oldest first; also those that have ended."""
    return [Rule(**row) for row in unit.rows(_OF, nexus_id=nexus_id)]


def changed_rules(own: Sequence[Rule], nexus_id: int, changes: Sequence[Change], *, by: int, now: int) -> list[Rule]:
    """The rules of a Nexus after changes. Pure.

    Each takes the place of what was said before about the same kind, audience and actions, lifted locks included: of
    two rules that contradict each other only the later one is meant.
    """
    after = list(own)
    for change in changes:
        after = without(after, kind=change.kind, audience=change.audience, actions=change.actions)
        after.append(change.in_nexus(nexus_id, by=by, at=now))
    return after


def without(
    own: Sequence[Rule], *, kind: str | None = None, audience: str | None = None, actions: int | None = None
) -> list[Rule]:
    """The rules that are left when these are cleared: None is whatever it says. Pure."""
    left = []
    for one in own:
        if kind not in (None, one.kind) or audience not in (None, one.audience):
            left.append(one)
        elif actions is not None and one.actions & ~actions:
            left.append(replace(one, actions=one.actions & ~actions))
    return left


def set_rule(
    unit: Unit,
    nexus_id: int,
    *,
    kind: str,
    audience: str,
    actions: int,
    effect: str,
    scope: str = Scope.SUBTREE,
    locked: bool = False,
    not_after: int | None = None,
    by: int,
) -> None:
    """Set one rule: see `set_rules`."""
    set_rules(unit, nexus_id, (Change(kind, audience, actions, effect, scope, locked, not_after),), by=by)


def set_rules(unit: Unit, nexus_id: int, changes: Sequence[Change], *, by: int) -> None:
    """Set rules; see `changed_rules` for what each replaces. Raises `BadInput` for what no rule can say."""
    for change in changes:
        check_change(change, unit.now)
    bump(unit)  # first: whoever changes rules at the same time waits here, and then sees what was changed
    own = rules_of(unit, nexus_id)
    _write(unit, own, changed_rules(own, nexus_id, changes, by=by, now=unit.now))
    recompile(unit, nexus_id)


def check_change(change: Change, now: int) -> None:
    """Raise `BadInput` for a rule that cannot be."""
    if change.kind != ANY and change.kind not in KINDS:
        raise BadInput(N_("I know no rules for {kind}."), kind=change.kind)
    if change.kind in PRIVATE:
        raise BadInput(
            N_("{kind} always belong to whoever wrote them alone. No rule changes that."),
            kind=KINDS[change.kind].many.capitalize(),
        )
    if change.audience not in AUDIENCES or not change.actions:
        raise BadInput(N_("Say for whom, and what they may do."))
    if change.locked and change.effect != Effect.DENY:
        raise BadInput(N_("Only what is forbidden can be fixed for everything inside."))
    if change.not_after is not None and change.not_after <= now:
        raise BadInput(N_("That moment is over already."))


def clear_rules(
    unit: Unit, nexus_id: int, *, kind: str | None = None, audience: str | None = None, actions: int | None = None
) -> int:
    """Take rules back: what is above decides then. Returns how many were touched."""
    bump(unit)
    own = rules_of(unit, nexus_id)
    left = without(own, kind=kind, audience=audience, actions=actions)
    touched = len(own) - sum(one in own for one in left)
    if touched:
        _write(unit, own, left)
        recompile(unit, nexus_id)
    return touched


def preset_rules(unit: Unit, nexus_id: int, preset: str, by: int) -> list[Rule]:
    """The rules that make a Nexus come to a preset for every kind, now and when rules above end: few, but enough."""
    chain = rules_on_chain(unit, nexus_id)[1:]
    wanted = PRESETS[preset]
    made: dict[tuple[str, str, str], int] = {}
    for kind, (always, ever) in _handed_down(chain, unit.now).items():
        for action in Action:
            after = audiences_of(wanted, action)
            permitted = after & ~audiences_of(always, action)
            denied = audiences_of(ever, action) & ~after
            for effect, bits in ((Effect.PERMIT, permitted), (Effect.DENY, denied)):
                for audience in names_of(bits):
                    key = (kind, audience, effect.value)
                    made[key] = made.get(key, 0) | pack_actions((action,))
    general = {key[1:]: actions for key, actions in made.items() if key[0] == ANY}
    return [
        Rule(nexus_id, kind, audience, actions, effect, made_by=by, made_at=unit.now)
        for (kind, audience, effect), actions in made.items()
        if kind == ANY or actions & ~general.get((audience, effect), 0)  # said for every kind already
    ]


def _handed_down(chain: Chain, now: int) -> dict[str, tuple[int, int]]:
    """By kind, what comes from above at every moment from now on, and what does at some moment."""
    ends = {one.not_after for own in chain for one in own if one.not_after is not None and one.not_after > now}
    found: dict[str, tuple[int, int]] = {ANY: (ALL, 0)}
    for moment in (now, *ends):
        above: dict[str, Carry] = {}
        for own in reversed(chain):
            above = {kind: one.down for kind, one in settle_all(own, above, moment).items()}
        for kind, carry in (above or {ANY: Carry()}).items():
            always, ever = found.get(kind, (ALL, 0))
            found[kind] = (always & carry.allowed, ever | carry.allowed)
    return found


def apply_preset(unit: Unit, nexus_id: int, preset: str, by: int) -> None:
    """Give a Nexus the rules of a preset, instead of all that it has."""
    bump(unit)
    _write(unit, rules_of(unit, nexus_id), preset_rules(unit, nexus_id, preset, by))
    recompile(unit, nexus_id)


def _write(unit: Unit, before: Sequence[Rule], after: Sequence[Rule]) -> None:
    known = {one.id: one for one in before}
    kept = {one.id: one for one in after if one.id}
    for rule_id, one in known.items():
        if rule_id not in kept:
            unit.changed(_DROP, rule_id=rule_id)
        elif kept[rule_id] != one:
            unit.changed(_LESS, rule_id=rule_id, left=kept[rule_id].actions)
    for one in after:
        if not one.id:
            unit.execute(_ADD, _row(one) | {"id": unit.new_id()})


def _row(one: Rule) -> dict[str, Any]:
    return {
        "nexus_id": one.nexus_id,
        "kind": one.kind,
        "audience": one.audience,
        "actions": one.actions,
        "effect": str(one.effect),
        "scope": str(one.scope),
        "locked": one.locked,
        "not_after": one.not_after,
        "made_by": one.made_by,
        "made_at": one.made_at,
    }
