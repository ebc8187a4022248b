"""Mistakes to be planted into the engine, one function each: the properties have to find every one of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Mutant = Callable[[pytest.MonkeyPatch], None]
MUTANTS: dict[str, Mutant] = {}


def mutant(plant: Mutant) -> Mutant:
    """Note a mistake; its name says what is wrong."""
    MUTANTS[plant.__name__] = plant
    return plant
