"""A community that is watched: the world of the cases, and finds of rules made by hand."""

from __future__ import annotations

from typing import Any

from core.moderation.cases.cases import Case, Message
from core.moderation.guards import modes
from core.moderation.guards.found import Find, found
from core.moderation.guards.tables import guard_hit
from core.moderation.signals.seen import Signal
from core.notices.tables import notice
from core.places.places import Place
from core.store import Unit
from tests.world import World

WORDS = "zitherfish for sale"


def let(world: World, rule: str, mode: str, nexus: str = "Parser", by: str = "Sue") -> None:
    """Somebody says what a rule may do in a Nexus."""
    by_id = world.id_of(by)
    world.write(lambda unit: modes.set_mode(unit, world.nexuses[nexus].id, rule, mode, by_id))


def mode_of(world: World, rule: str, nexus: str = "Parser") -> str:
    """What a rule may do in a Nexus."""
    may = world.read(lambda unit: modes.modes_of(unit, world.nexuses[nexus].id))
    return may[rule].mode if rule in may else "off"


def find(
    world: World,
    place: Place,
    rule: str = "spam",
    mode: str = "act",
    *,
    who: str = "Ben",
    message: str = "77",
    nexus: str = "Parser",
    words: str = WORDS,
) -> Case | None:
    """A rule finds a message of somebody."""
    someone = world.person(who)
    written = Message(place.platform, place.workspace, place.external_id, message, someone.person_id, words)
    signals = (Signal("spam", 0.97, "it reads like spam (97%)"), Signal("link", 1.0, "a link"))

    def unit(unit: Unit) -> Case | None:
        nexus_id = world.nexuses[nexus].id
        return found(unit, Find(nexus_id, rule, mode, place, someone.person_id, someone.account_id, written, signals))

    made: Case | None = world.write(unit)
    return made


def hits(world: World) -> list[dict[str, Any]]:
    """What rules found, oldest first."""
    return [dict(row) for row in world.read(lambda unit: unit.rows(guard_hit.select().order_by(guard_hit.c.id)))]


def buttons(world: World, who: str, label: str) -> list[str]:
    """The tokens of the buttons of that label below what somebody was told, oldest first."""

    def unit(unit: Unit) -> list[str]:
        rows = unit.rows(notice.select().where(notice.c.person_id == world.id_of(who)).order_by(notice.c.id))
        return [one[1] for row in rows for one in row["buttons"] if one[0] == label]

    found_: list[str] = world.read(unit)
    return found_


def everywhere(world: World, word: str) -> list[str]:
    """The tables in which a word stands."""
    return [name for name, rows in world.dump().items() if word in repr(rows)]
