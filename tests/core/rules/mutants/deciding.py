"""What rules come to, wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.nexuses import tree
from core.rules import decide, masks, structure, why
from core.rules.words import Scope
from core.store import Unit
from tests.core.rules.mutants import mutant


def with_rules(change: Callable[[decide.Rule], decide.Rule]) -> Callable[..., decide.Settled]:
    """The decision of one Nexus, with its rules misread."""
    real = decide.settle
    return lambda own, *rest: real([change(rule) for rule in own], *rest)


@mutant
def the_lock_is_skipped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "settle", with_rules(lambda rule: replace(rule, locked=False)))


@mutant
def a_lock_for_one_nexus_holds_below_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        decide, "settle", with_rules(lambda rule: replace(rule, scope=Scope.SUBTREE) if rule.locked else rule)
    )


@mutant
def a_rule_for_one_nexus_holds_below_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "settle", with_rules(lambda rule: replace(rule, scope=Scope.SUBTREE)))


@mutant
def a_lock_ends_never(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "settle", with_rules(lambda rule: replace(rule, not_after=None) if rule.locked else rule))


@mutant
def a_rule_that_has_ended_is_in_force(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide.Rule, "in_force", lambda self, now: True)


@mutant
def a_rule_is_in_force_at_its_last_moment(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide.Rule, "in_force", lambda self, now: self.not_after is None or now <= self.not_after)


@mutant
def permit_beats_deny(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "_nearest", lambda above, permitted, denied: (above & ~denied) | permitted)


@mutant
def the_farthest_decides(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "_nearest", lambda above, permitted, denied: above | (permitted & ~denied))


@mutant
def a_rule_for_the_kind_outweighs_one_for_every_kind(patch: pytest.MonkeyPatch) -> None:
    real = decide.settle

    def settle(own: Any, kind: str, *rest: Any) -> decide.Settled:
        own = list(own)
        named = {rule.audience for rule in own if rule.kind == kind}
        return real([r for r in own if r.kind == kind or r.audience not in named], kind, *rest)

    patch.setattr(decide, "settle", settle)


@mutant
def the_root_is_left_out_of_the_chain(patch: pytest.MonkeyPatch) -> None:
    real = masks.settled_below

    def settled_below(unit: Unit, nexus_id: int, replaced: Any = None) -> Any:
        return real(unit, nexus_id, {tree.ROOT_ID: []} if nexus_id == tree.ROOT_ID else replaced)

    patch.setattr(masks, "settled_below", settled_below)


@mutant
def a_new_rule_reaches_its_own_nexus_alone(patch: pytest.MonkeyPatch) -> None:
    real = masks.settled_below

    def settled_below(unit: Unit, nexus_id: int, replaced: Any = None) -> Any:
        found = real(unit, nexus_id, replaced)
        for row in unit.rows(masks._MASKS_BELOW, nexus_id=nexus_id):
            if row["nexus_id"] != nexus_id:
                found[row["nexus_id"], row["kind"]] = decide.Settled(row["word"], row["until"], decide.Carry())
        return found

    patch.setattr(masks, "settled_below", settled_below)


@mutant
def what_is_moved_keeps_its_masks(patch: pytest.MonkeyPatch) -> None:
    real = masks.recompile

    def recompile(unit: Unit, nexus_id: int, *, moved: bool = False) -> None:
        if moved and unit.rows(masks._MASKS_BELOW, nexus_id=nexus_id):
            masks.touch(unit, nexus_id)
        else:
            real(unit, nexus_id, moved=moved)

    patch.setattr(masks, "recompile", recompile)


@mutant
def masks_are_taken_as_they_were_written(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(structure, "_without_what_ended", lambda unit, base: base)


@mutant
def the_reason_is_the_nearest_rule_whatever_is_locked(patch: pytest.MonkeyPatch) -> None:
    real = why.deciding

    def deciding(chain: Any, *rest: Any) -> Any:
        return real([[replace(rule, locked=False) for rule in own] for own in chain], *rest)

    patch.setattr(why, "deciding", deciding)
