"""What the tests of four eyes do again and again in a circle with somebody above it."""

from __future__ import annotations

from core.clock import DAY
from core.people.linking import merge
from tests.core.grants.circle import Circle
from tests.world import World


def circle_below_hilda(world: World) -> Circle:
    """Olga owns Parser, Stan is its steward, Tom its treasurer; Hilda owns Home above; Mia, Ana and Ben are members."""
    made = Circle(world)
    world.join("Hilda", "Home", "owner")
    world.clock.advance(2 * DAY)
    return made


def one_below_500(circle: Circle) -> None:
    circle.world.do("Olga", "policy.set", approvals=2, amount="500 EUR", at={"here": "Parser"})


def needed(circle: Circle, handle: str) -> int:
    return circle.grant(handle).needed


def approve(circle: Circle, handle: str, *names: str) -> None:
    for name in names:
        circle.world.do(name, "grant.approve", grant=f"#{handle}")


def become_one(circle: Circle, one: str, other: str) -> None:
    world = circle.world
    world.write(lambda unit: merge(unit, old=world.id_of(other), new=world.id_of(one)))
