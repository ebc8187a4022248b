"""Servers, teams and organisations of platforms as they were seen last: their names and the roles they have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Executable, bindparam, func, select

from core.places.tables import workspace
from core.store import Unit
from core.store.upsert import insert_into
from core.text import clean_line

_ROLES = select(workspace.c.roles).where(
    workspace.c.platform == bindparam("platform"), workspace.c.external_id == bindparam("external_id")
)

_TITLE = select(workspace.c.title).where(
    workspace.c.platform == bindparam("platform"), workspace.c.external_id == bindparam("external_id")
)


@cache
def _put(postgres: bool) -> Executable:
    adding = insert_into(workspace, postgres=postgres)
    named = func.coalesce(func.nullif(adding.excluded["title"], ""), workspace.c.title)  # not every event tells it
    return adding.on_conflict_do_update(
        index_elements=[workspace.c.platform, workspace.c.external_id],
        set_={"title": named, "roles": adding.excluded["roles"], "seen_at": adding.excluded["seen_at"]},
    )


def note_workspace(unit: Unit, platform: str, external_id: str, title: str, roles: Sequence[tuple[str, str]]) -> None:
    """Remember what a workspace is called and which roles (id, name) it has."""
    known = [[role, clean_line(name)] for role, name in roles]
    unit.execute(
        _put(unit.postgres),
        {
            "platform": platform,
            "external_id": external_id,
            "title": clean_line(title, 120),
            "roles": known,
            "seen_at": unit.now,
        },
    )


def roles_of(unit: Unit, platform: str, external_id: str) -> tuple[tuple[str, str], ...]:
    """The roles (id, name) of a workspace as they were seen last, highest first; empty where it has none."""
    roles = unit.value(_ROLES, platform=platform, external_id=external_id)
    return tuple((role, name) for role, name in roles or ())


def title_of(unit: Unit, platform: str, external_id: str) -> str | None:
    """What a workspace was called last, "" if it had no name; None for one that was never seen."""
    title = unit.value(_TITLE, platform=platform, external_id=external_id)
    return None if title is None else str(title)
