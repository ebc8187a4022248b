"""The books against a plain model, on both engines. `make soak` runs many times as much."""

from __future__ import annotations

from core.clock import ManualClock
from core.store import Store
from tests.core.ledger.machine import explore


def test_the_books_and_a_plain_model_agree(store: Store, clock: ManualClock, engine: str) -> None:
    examples = 40 if engine == "sqlite" else 15  # a step costs three times as much there
    assert explore(store, clock, examples=examples, length=60) > 10 * examples
