"""Ban lists, held against a naive reading in many more worlds than the ordinary suite has time for."""

from __future__ import annotations

from core.clock import ManualClock
from tests.conftest import StoreFactory
from tests.core.moderation.lists.test_machine import hold


def test_lists_do_what_a_naive_reading_says_for_long(new_store: StoreFactory, clock: ManualClock) -> None:
    hold(new_store, clock, examples=150, steps=50)
