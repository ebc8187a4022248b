"""People who are seen on a platform, and what its roles give them: set-up for the tests of mappings."""

from __future__ import annotations

from core.nexuses.members import roles_here
from core.people import linking
from core.places.mapped import Seen, apply
from core.places.maps import add_mapping, drop_mapping, mappings
from core.store import Unit
from tests.world import World

NEXUSES = ("Parser", "Other")
ACCOUNTS = ("Tom", "Tom 2", "Ida")  # the first two are one person
PEOPLE = ("Tom", "Ida")
G1 = ("discord", "g1")


def people_of(world: World) -> World:
    """Two Nexuses, owned by others; Tom with two accounts on Discord, Ida with one."""
    for name in NEXUSES:
        world.nexus(name, owner="Olga")
    for name in ACCOUNTS:
        world.person(name, platform="discord")
    world.write(lambda unit: linking.merge(unit, old=world.id_of("Tom 2"), new=world.id_of("Tom")))
    return world


def sight(world: World, who: str, roles: tuple[str, ...] | None = None, *, gone: bool = False) -> Seen:
    someone = world.person(who)
    person_id = world.id_of("Tom") if who == "Tom 2" else someone.person_id
    return Seen(person_id, someone.account_id, *G1, roles, gone)


def see(world: World, who: str, *roles: str) -> None:
    world.write(lambda unit: apply(unit, [sight(world, who, roles)]))


def mapped(world: World, external: str, role: str, nexus: str = "Parser", ground: str = "g1") -> int:
    made: int = world.write(
        lambda unit: add_mapping(
            unit,
            platform="discord",
            ground=ground,
            external_role=external,
            title=external,
            nexus_id=world.nexuses[nexus].id,
            role=role,
            made_by=world.id_of("Olga"),
        )
    )
    return made


def unmap(world: World, map_id: int) -> None:
    def unit(unit: Unit) -> None:
        drop_mapping(unit, next(m for m in mappings(unit, *G1) if m.id == map_id))

    world.write(unit)


def held(world: World, who: str, nexus: str = "Parser") -> set[str]:
    return set(world.read(lambda unit: roles_here(unit, world.id_of(who), world.nexuses[nexus].id)))
