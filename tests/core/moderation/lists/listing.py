"""Two communities in one store: Bakers, which bans, and Millers, which may follow that."""

from __future__ import annotations

from typing import Any

from core.moderation.cases.cases import Case, cases_of
from core.moderation.lists import follows, reach
from core.moderation.lists.follows import Follow
from core.moderation.lists.tables import ban_entry
from core.operations.run import Done
from core.places.places import Place
from tests.core.moderation.cases.acting import group
from tests.world import World

NUMBERS = {"Ana": "200001", "Sue": "200002", "Mo": "200003", "Ben": "200004", "Max": "200005", "Otto": "200006"}
NUMBERS |= {"Lure": "200007", "Cara": "200008", "Eve": "200009"}


def towns(world: World) -> tuple[Place, Place]:
    """Ana owns Bakers and Sue Millers; Mo and Max moderate Millers; Otto and Cara are in both, Lure in Bakers alone."""
    for name, number in NUMBERS.items():
        world.person(name, platform="telegram", external_id=number, username=name.casefold())
    world.nexus("Bakers", owner="Ana", door="private")
    world.nexus("Millers", owner="Sue", door="private")
    for name in ("Mo", "Max"):
        world.join(name, "Millers", "moderator")
    for name in ("Otto", "Cara", "Lure"):
        world.join(name, "Bakers")
    for name in ("Otto", "Cara", "Ben"):
        world.join(name, "Millers")
    return group(world, "Bakery", "Bakers"), group(world, "Mill", "Millers")


def share(world: World, who: str = "Ana", source: str = "Bakers", to: str = "everyone", **more: Any) -> Any:
    """Share a list."""
    return world.do(who, "banlist.share", at={"here": source}, reader=to, **more)


def follow(world: World, mode: str = "shadow", who: str = "Sue", here: str = "Millers", source: str = "Bakers") -> Any:
    """Follow a list that is shared."""
    return world.do(who, "banlist.follow", at={"here": here}, source=source, mode=mode)


def ban(world: World, whom: str, who: str = "Ana", nexus: str = "Bakers", place: str = "Bakery", **more: Any) -> Any:
    """Ban somebody by hand."""
    at = {"here": nexus, "place": world.place(place, external_id=f"-{place}")}
    return world.do(who, "ban", at=at, person=NUMBERS[whom], **more)


def undo(world: World, number: int, who: str = "Ana", nexus: str = "Bakers") -> Any:
    """Undo a case."""
    return world.do(who, "undo", at={"here": nexus}, case=str(number))


def pressed(world: World, who: str, token: str) -> Any:
    """What came of a press."""
    done = world.press(who, token)
    assert isinstance(done, Done)
    return done.result


def sweep(world: World) -> None:
    """What the job does."""
    world.write(reach.sweep)


def about(world: World, whom: str, nexus: str = "Millers") -> list[Case]:
    """The cases about somebody, oldest first."""
    found = world.read(lambda unit: cases_of(unit, world.id_of(whom), world.nexuses[nexus].id))
    return list(reversed(found))


def kinds(world: World, whom: str, nexus: str = "Millers") -> list[tuple[str, str, str]]:
    """Those cases in short: kind, state and rule."""
    return [(case.kind, case.state, case.rule) for case in about(world, whom, nexus)]


def the_follow(world: World, here: str = "Millers", source: str = "Bakers") -> Follow:
    """How one follows the other."""
    ids = world.nexuses[here].id, world.nexuses[source].id
    found: Follow | None = world.read(lambda unit: follows.between(unit, *ids))
    assert found is not None
    return found


def entries(world: World) -> dict[str, str]:
    """What came of whom, by name."""
    rows = world.read(lambda unit: unit.rows(ban_entry.select()))
    names = {someone.person_id: name for name, someone in world.people.items()}
    return {names[row["person_id"]]: row["state"] for row in rows}
