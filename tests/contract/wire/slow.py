"""A store that takes its time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.contract.house import House
from tests.contract.surfaces import PATIENCE


@contextmanager
def held_writer(house: House) -> Iterator[None]:
    """The store takes nothing in until the block ends."""
    gate, reached = threading.Event(), threading.Event()

    def wait(_: object) -> None:
        reached.set()
        gate.wait(PATIENCE)

    held = house.store.write(wait)
    assert reached.wait(PATIENCE)
    try:
        yield
    finally:
        gate.set()
        held.result(PATIENCE)
