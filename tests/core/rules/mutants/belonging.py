"""Who belongs where, and what authors consent to, wrongly."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from core.nexuses.roles import ROLES
from core.people import linking
from core.records import records
from core.rules import consents, reach, resolver, structure
from core.rules.words import ALL, ANY, BITS
from core.store.unit import Raw
from tests.core.rules.mutants import mutant


@mutant
def the_chain_starts_one_too_far_up(patch: pytest.MonkeyPatch) -> None:
    real = structure.Structure.above
    patch.setattr(structure.Structure, "above", lambda self, nexus_id: real(self, nexus_id)[1:])


@mutant
def what_is_handed_down_starts_one_too_far_down(patch: pytest.MonkeyPatch) -> None:
    real = reach.Reach.at

    def at(self: reach.Reach, nexus_id: int) -> int:
        return real(self, nexus_id) & ~self.down.get(self.structure.parents.get(nexus_id) or 0, 0)

    patch.setattr(reach.Reach, "at", at)


def without_ceiling(row: Any) -> Any:
    return SimpleNamespace(kind=row.kind, nexus_id=row.nexus_id, author_id=row.author_id, ceiling=ALL)


@mutant
def consent_is_dropped(patch: pytest.MonkeyPatch) -> None:
    real = resolver.Eye.may
    patch.setattr(resolver.Eye, "may", lambda self, row, action: real(self, without_ceiling(row), action))


@mutant
def any_one_consent_is_enough(patch: pytest.MonkeyPatch) -> None:
    def ceiling(said: Any, kind: str, record_id: int = 0) -> int:
        words = [one.word for one in said if one.kind in (ANY, kind) and one.record_id in (0, record_id)]
        together = 0
        for word in words:
            together |= word
        return together if words else ALL

    patch.setattr(consents, "ceiling", ceiling)


@mutant
def consent_does_not_reach_what_is_there_already(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consents, "align", lambda unit, person_id, record_id=0: None)


@mutant
def consent_does_not_reach_what_is_new(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(records, "ceiling_for", lambda unit, person_id, kind: ALL)


@mutant
def consent_gets_lost_where_two_are_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(linking, "unite_consents", lambda unit, old, new: None)


@mutant
def what_two_wrote_is_not_found_as_of_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(linking, "index_of", lambda unit, person_id: None)


@mutant
def a_guest_is_a_member(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "GUEST", "nobody")


@mutant
def who_is_suspended_still_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        reach,
        "_MEMBERSHIPS",
        Raw("SELECT nexus_id, role FROM membership WHERE person_id = ? AND state <> 'left'"),
    )


@mutant
def who_has_left_still_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        reach,
        "_MEMBERSHIPS",
        Raw("SELECT nexus_id, role FROM membership WHERE person_id = ? AND state <> 'suspended'"),
    )


@mutant
def above_and_below_are_mistaken_for_each_other(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "SUB_MEMBER", BITS["ancestor-member"])
    patch.setattr(reach, "ANCESTOR_MEMBER", BITS["sub-member"])


@mutant
def every_role_reaches_down(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "INHERITED", frozenset(ROLES))


@mutant
def a_role_reaches_down_no_more(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "INHERITED", frozenset({"owner", "steward", "moderator"}))


def in_the_picture(patch: pytest.MonkeyPatch, change: Callable[[structure.Structure], None]) -> None:
    real = structure._newer

    def newer(*values: Any) -> structure.Structure:
        made = real(*values)
        change(made)
        return made

    patch.setattr(structure, "_newer", newer)


@mutant
def links_go_on_and_on(patch: pytest.MonkeyPatch) -> None:
    def change(made: structure.Structure) -> None:
        direct = dict(made.links)
        for one, others in direct.items():
            beyond = frozenset().union(*(direct.get(other, frozenset()) for other in others))
            made.links[one] = (others | beyond) - {one}

    in_the_picture(patch, change)


@mutant
def links_go_one_way(patch: pytest.MonkeyPatch) -> None:
    def change(made: structure.Structure) -> None:
        for one, others in list(made.links.items()):
            made.links[one] = frozenset(other for other in others if other > one)

    in_the_picture(patch, change)


@mutant
def what_is_archived_is_visible(patch: pytest.MonkeyPatch) -> None:
    in_the_picture(patch, lambda made: made.closed.clear())


@mutant
def thoughts_are_like_everything_else(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(structure, "PRIVATE", frozenset())
