"""The weights belong to the phrasings; a registry of its own is learned when it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.cofounder.offline import OfflineBrain
from bot.cofounder.offline.classifier import FILE, fingerprint, load
from bot.cofounder.offline.train import train
from core.catalogue import REGISTRY
from core.operations import Context, Registry, operation
from core.operations.fields import Text, Whole


def test_the_weights_are_current() -> None:
    written = FILE.read_text(encoding="utf-8").partition("\n")[0]
    assert written == fingerprint(REGISTRY), "run: python -m bot.cofounder.offline.train"


def test_training_is_deterministic() -> None:
    """With few operations; that the shipped weights are what training gives is looked at by `make soak`."""
    few = Registry([o for o in REGISTRY if o.name in ("help", "nexus.join", "need.post")])
    assert train(few).dump() == train(few).dump()


def test_loading_gives_back_what_was_trained() -> None:
    assert load(REGISTRY).dump() == FILE.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Booked:
    """A table was booked."""

    seats: int


@operation(
    "table.book",
    writes=True,
    says=(
        "book a table for {seats}",
        "reserve a table for {seats} people",
        "a table for {seats} please",
        "I want to book a table",
        "book a table for {seats}, {wish}",
    ),
)
def book(
    context: Context,
    seats: Annotated[int, Whole("how many seats")],
    wish: Annotated[str, Text("what you wish")] = "",
) -> Booked:
    """Book a table."""
    return Booked(seats)


def test_a_new_operation_needs_nothing_but_its_phrasings() -> None:
    few = [o for o in REGISTRY if o.name in ("help", "nexus.join", "nexus.leave", "need.post", "person.show")]
    brain = OfflineBrain(Registry([*few, book]))
    understood = brain.understand("could you book a table for 4 people?")
    assert (understood.operation, understood.arguments) == ("table.book", {"seats": 4})
    assert brain.understand("join Parser").operation == "nexus.join"
