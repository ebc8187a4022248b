"""What is remembered, listed, searched and said to others, wrongly."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from core.access import matches
from core.access import records as access
from core.operations.context import Audience, AudienceKind
from core.records.search import query_words, rank
from core.rules import lists, reach, resolver, structure
from core.rules.words import WIDTH, Action
from core.store import Unit
from tests.core.rules.mutants import mutant
from tests.core.rules.worlds import NARROW


@mutant
def the_picture_of_the_tree_gets_stale(patch: pytest.MonkeyPatch) -> None:
    real = structure.structure_at

    def structure_at(unit: Unit, epoch: int) -> structure.Structure:
        known = unit.pictures.get(structure._PICTURES)
        return max(known.values(), key=lambda one: one.epoch) if known else real(unit, epoch)

    patch.setattr(resolver, "structure_at", structure_at)


@mutant
def the_reach_of_a_person_gets_stale(patch: pytest.MonkeyPatch) -> None:
    real = reach.reach_of
    patch.setattr(resolver, "reach_of", lambda unit, structure, person_id, epoch: real(unit, structure, person_id, 0))


@mutant
def others_use_what_is_not_committed(patch: pytest.MonkeyPatch) -> None:
    def publish(unit: Unit, known: Any, made: structure.Structure) -> None:
        known[made.epoch] = made

    patch.setattr(structure, "_publish", publish)


@mutant
def what_a_unit_has_written_it_does_not_see(patch: pytest.MonkeyPatch) -> None:
    real = resolver.eyes_of

    def eyes_of(unit: Unit, audience: Audience) -> Any:
        known = unit.kept.setdefault("mutant", {})
        if audience not in known:
            known[audience] = real(unit, audience)
        return known[audience]

    patch.setattr(resolver, "eyes_of", eyes_of)


@mutant
def quoting_needs_no_seeing(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(resolver._SHIFTS, Action.QUOTE, (WIDTH,))


@mutant
def exporting_needs_no_quoting(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(resolver._SHIFTS, Action.EXPORT, (0, WIDTH * Action.EXPORT))


@mutant
def a_channel_hears_what_it_may_only_see(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(resolver, "said_as", lambda audience: Action.SEE)


@mutant
def an_author_may_in_a_channel_too(patch: pytest.MonkeyPatch) -> None:
    real = resolver.may

    def may(unit: Unit, audience: Audience, row: Any, action: Action = Action.SEE) -> bool:
        return row.author_id in audience.people or real(unit, audience, row, action)

    patch.setattr(resolver, "may", may)


@mutant
def one_of_the_readers_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        resolver,
        "may",
        lambda unit, audience, row, action=Action.SEE: any(
            eye.may(row, action) for eye in resolver.eyes_of(unit, audience)
        ),
    )


@mutant
def an_empty_room_hears_everything(patch: pytest.MonkeyPatch) -> None:
    real = resolver.eyes_of

    def eyes_of(unit: Unit, audience: Audience) -> Any:
        return () if audience.kind is AudienceKind.PEOPLE and not audience.people else real(unit, audience)

    patch.setattr(resolver, "eyes_of", eyes_of)


@mutant
def a_list_is_cut_before_it_is_filtered(patch: pytest.MonkeyPatch) -> None:
    real = lists.newest

    def newest(unit: Unit, audience: Audience, *values: Any, nexus_id: int | None = None, **more: Any) -> Any:
        return [
            one
            for one in real(unit, audience, *values, nexus_id=nexus_id, **more)
            if nexus_id in (None, one.nexus_id) and resolver.may_hear(unit, audience, one)
        ]

    patch.setattr(lists._Question, "admits", lambda self, row: True)
    for module in (lists, access):
        patch.setattr(module, "newest", newest)


@mutant
def a_search_is_cut_before_it_is_filtered(patch: pytest.MonkeyPatch) -> None:
    real = matches._fitting
    patch.setattr(matches, "_fitting", lambda *values: islice(real(*values), 2))


@mutant
def a_search_is_ranked_with_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    def search_records(unit: Unit, audience: Audience, query: str, kind: str | None = None, most: int = 10) -> Any:
        every = [*unit.rows(access._FULL)]
        found = [access.Record(**row) for row in every if row["state"] == "open" and kind in (None, row["kind"])]
        ranked = rank(query_words(query), found)
        return [one for one in ranked if resolver.may_hear(unit, audience, one)][:most]

    patch.setattr(access, "search_records", search_records)


def narrow(patch: pytest.MonkeyPatch) -> None:
    """Pages and walks so short that a small world needs several."""
    for name, value in NARROW.items():
        patch.setattr(lists, name, value)


@mutant
def a_walk_that_finds_nothing_gives_up(patch: pytest.MonkeyPatch) -> None:
    narrow(patch)
    patch.setattr(lists._Walk, "rest", lambda self, question: ())


@mutant
def one_page_is_taken_for_all(patch: pytest.MonkeyPatch) -> None:
    narrow(patch)
    real = lists._Stream._read

    def read(self: Any, question: Any) -> int:
        found = real(self, question)
        self._ended = True
        return found

    patch.setattr(lists._Stream, "_read", read)


@mutant
def what_one_wrote_elsewhere_is_not_listed(patch: pytest.MonkeyPatch) -> None:
    real = lists._open
    patch.setattr(
        lists,
        "_open",
        lambda question, statement, *rest: () if statement is lists._BY_AUTHOR else real(question, statement, *rest),
    )
