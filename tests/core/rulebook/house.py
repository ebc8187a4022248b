"""A house of people and things for the tests of the operations on rules, and what they ask of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.access.records import open_records
from core.errors import NexusError
from core.operations import Audience, AudienceKind
from core.operations.run import Ask
from core.records.tables import record
from core.store import Unit
from tests.world import World


def furnish(world: World) -> World:
    """Home › Parser › Lab; Ana and five more in Parser, Gus its guest, Lea owns Lab; Zoe is a steward of Home."""
    world.nexus("Parser", owner="Otto", door="open")
    world.nexus("Lab", owner="Lea", parent="Parser")
    world.join("Gus", "Parser", "guest")
    for number in range(5):
        world.join(f"Member {number}", "Parser")
    world.join("Ana", "Parser")
    world.join("Zoe", "Home", "steward")
    world.person("Eve")
    for number in range(6):
        world.do("Ana", "need.post", text=f"need {number}")
    world.do("Lea", "need.post", text="a bench")
    return world


def asked(world: World, who: str, operation: str, /, **arguments: Any) -> str:
    """The text of the card that is put first."""
    found = world.call(who, operation, **arguments)
    assert isinstance(found, Ask)
    return found.question.format(**found.arguments)


def refused(world: World, who: str, operation: str, /, **arguments: Any) -> NexusError:
    with pytest.raises(NexusError) as refusal:
        world.call(who, operation, **arguments)
    return refusal.value


def sees(world: World, who: str, where: str = "Parser", kind: str = "need") -> int:
    """How many open things of a kind somebody sees there."""

    def unit(unit: Unit) -> int:
        audience = Audience(AudienceKind.PERSON, world.id_of(who))
        return len(open_records(unit, audience, kind, nexus_id=world.nexuses[where].id))

    return int(world.read(unit))


def handle(world: World, text: str = "need 0") -> str:
    """The short name of what was posted."""
    return "#" + str(
        world.read(
            lambda unit: unit.value(record.select().with_only_columns(record.c.handle).where(record.c.body == text))
        )
    )
