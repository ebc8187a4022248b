"""Which roles of a platform stand for which roles of a Nexus: kept, listed, ended.

A mapping belongs to a ground: a server or workspace, or the chat itself where the platform has neither. The role "*"
is everybody who is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from core.nexuses.tables import membership
from core.people.tables import person
from core.places.tables import role_map
from core.places.workspaces import title_of
from core.store import Unit

EVERYONE = "*"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A role of a platform (`external_role`, called `title`) that gives `role` of a Nexus."""

    id: int
    external_role: str
    title: str
    nexus_id: int
    role: str
    made_by: int


_COLUMNS = (
    role_map.c.id,
    role_map.c.external_role,
    role_map.c.title,
    role_map.c.nexus_id,
    role_map.c.role,
    role_map.c.made_by,
)
_AT = (role_map.c.platform == bindparam("platform"), role_map.c.workspace == bindparam("ground"))
_ALL = select(*_COLUMNS).where(*_AT).order_by(role_map.c.id)
_ADD = insert(role_map)
_DROP = delete(role_map).where(role_map.c.id == bindparam("map"))
_MOVE = update(role_map).where(role_map.c.id == bindparam("map")).values(workspace=bindparam("new"))
_given = membership.alias("given")
_other = membership.alias("other")
# Talk about the Nexus ends for those who are in it through this mapping alone.
_NOT_HERE = (
    update(person)
    .where(
        person.c.here_id == bindparam("nexus"),
        person.c.id.in_(
            select(_given.c.person_id).where(
                _given.c.nexus_id == bindparam("nexus"), _given.c.map_id == bindparam("map")
            )
        ),
        person.c.id.not_in(
            select(_other.c.person_id).where(
                _other.c.nexus_id == bindparam("nexus"),
                _other.c.state == "active",
                _other.c.map_id.is_distinct_from(bindparam("map")),
            )
        ),
    )
    .values(here_id=0)
)
_TAKE = delete(membership).where(
    membership.c.nexus_id == bindparam("nexus"), membership.c.map_id == bindparam("map"), membership.c.state == "active"
)


def ground_of(unit: Unit, platform: str, workspace: str, place_id: str) -> tuple[str, bool]:
    """What is bound and mapped together where a shared place is: its id, and whether that is a whole server.

    A server is what was seen as one (`core.places.workspaces`): some platforms have other reasons to fill `workspace`.
    """
    server = bool(workspace) and title_of(unit, platform, workspace) is not None
    return (workspace if server else place_id), server


def mappings(unit: Unit, platform: str, ground: str) -> list[Mapping]:
    """The mappings of a ground, oldest first."""
    return [Mapping(**row) for row in unit.rows(_ALL, platform=platform, ground=ground)] if ground else []


def add_mapping(
    unit: Unit, *, platform: str, ground: str, external_role: str, title: str, nexus_id: int, role: str, made_by: int
) -> int:
    """Let a role of a platform give a role of a Nexus. Returns the mapping's id."""
    map_id = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": map_id,
            "platform": platform,
            "workspace": ground,
            "external_role": external_role,
            "title": title,
            "nexus_id": nexus_id,
            "role": role,
            "made_by": made_by,
            "created_at": unit.now,
        },
    )
    return map_id


def drop_mapping(unit: Unit, mapping: Mapping) -> int:
    """End a mapping, and with it every membership that it gave. Returns how many. What is suspended stays so."""
    unit.changed(_DROP, map=mapping.id)  # first: what is being given at this moment is waited for, and seen below
    unit.changed(_NOT_HERE, nexus=mapping.nexus_id, map=mapping.id)
    return unit.changed(_TAKE, nexus=mapping.nexus_id, map=mapping.id)


def move_mappings(unit: Unit, platform: str, old: str, new: str) -> None:
    """The platform gave a chat another id: what counted under the old one counts there, unless it is said there too."""
    there = {(m.external_role, m.nexus_id) for m in mappings(unit, platform, new)}
    for mapping in mappings(unit, platform, old):
        if (mapping.external_role, mapping.nexus_id) in there:
            drop_mapping(unit, mapping)
        else:
            unit.changed(_MOVE, map=mapping.id, new=new)
