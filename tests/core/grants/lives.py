"""A grant that lives: proposed, approved and accepted, by the operations themselves."""

from __future__ import annotations

from typing import Any

from core.grants.sweep import sweep
from tests.core.grants.circle import Circle


def accepted(circle: Circle, who: str = "Mia", **more: Any) -> str:
    """500 EUR for Ana, or what is said otherwise, up to her yes; the handle."""
    handle = circle.propose(who, **more)
    for decider in ("Stan", "Tom"):
        if circle.grant(handle).state == "proposed":
            circle.world.do(decider, "grant.approve", grant=f"#{handle}")
    circle.world.do(more.get("person", "Ana"), "grant.accept", grant=f"#{handle}")
    return handle


def swept(circle: Circle, ahead: int = 0) -> None:
    """Time goes by, and what is due then happens; twice, as a repeat must do nothing."""
    circle.world.clock.advance(ahead)
    while circle.world.write(lambda unit: sweep(unit, 5)):
        pass
    before = circle.world.dump()
    assert circle.world.write(sweep) is False
    assert circle.world.dump() == before


def states(circle: Circle, handle: str) -> list[str]:
    """The states of the parts of a grant."""
    return [one.state for one in circle.grant(handle).tranches]
