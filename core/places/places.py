"""Finding, binding and describing places."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from core.operations.context import Audience, AudienceKind
from core.places.tables import place
from core.store import Unit
from core.text import clean_line


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the bot works with it. `nexus_id` is None while it is bound to nothing."""

    id: int
    platform: str
    workspace: str
    external_id: str
    thread: str
    kind: str
    title: str
    nexus_id: int | None
    audience: str

    @property
    def direct(self) -> bool:
        """Whether only one person is there."""
        return self.kind == "direct"


_COLUMNS = (
    place.c.id,
    place.c.platform,
    place.c.workspace,
    place.c.external_id,
    place.c.thread,
    place.c.kind,
    place.c.title,
    place.c.nexus_id,
    place.c.audience,
)
_FIND = (
    select(*_COLUMNS)
    .where(
        place.c.platform == bindparam("platform"),
        place.c.workspace == bindparam("workspace"),
        place.c.external_id == bindparam("external_id"),
        place.c.thread.in_([bindparam("thread"), ""]),
    )
    .order_by(place.c.thread.desc())
)
_BY_ID = select(*_COLUMNS).where(place.c.id == bindparam("place_id"))
_ADD = insert(place)
_BIND = (
    update(place)
    .where(place.c.id == bindparam("place_id"))
    .values(nexus_id=bindparam("nexus"), audience=bindparam("heard_by"), bound_by=bindparam("who"))
)
_TITLE = update(place).where(place.c.id == bindparam("place_id")).values(title=bindparam("new_title"))
_ALL_AT = select(*_COLUMNS, place.c.bound_by).where(
    place.c.platform == bindparam("platform"),
    place.c.workspace == bindparam("workspace"),
    place.c.external_id == bindparam("external_id"),
)
_MOVE = update(place).where(place.c.id == bindparam("place_id")).values(external_id=bindparam("new"))


def place_at(
    unit: Unit, *, platform: str, workspace: str, external_id: str, thread: str, kind: str, title: str
) -> Place:
    """The place of an event, added when it is new. A thread without a binding of its own is its chat."""
    title = clean_line(title, 120)
    row = unit.row(_FIND, platform=platform, workspace=workspace, external_id=external_id, thread=thread)
    if row is not None:
        if title and row["title"] != title and unit.writable:
            unit.changed(_TITLE, place_id=row["id"], new_title=title)
        return Place(**row)
    made = Place(unit.new_id(), platform, workspace, external_id, "", kind, title, None, "public")
    _insert(unit, made)
    return made


def thread_of(unit: Unit, found: Place, thread: str) -> Place:
    """The row of a thread itself, added when the chat's row stood for it until now."""
    if not thread or found.thread == thread:
        return found
    made = Place(
        unit.new_id(),
        found.platform,
        found.workspace,
        found.external_id,
        thread,
        found.kind,
        found.title,
        found.nexus_id,
        found.audience,
    )
    _insert(unit, made)
    return made


def place_of(unit: Unit, place_id: int) -> Place:
    """The place of an id. Raises LookupError."""
    row = unit.row(_BY_ID, place_id=place_id)
    if row is None:
        raise LookupError(f"no place {place_id}")
    return Place(**row)


def bind(unit: Unit, place_id: int, nexus_id: int | None, audience: str, *, by: int) -> None:
    """Bind a place to a Nexus, or to none."""
    unit.changed(_BIND, place_id=place_id, nexus=nexus_id, heard_by=audience, who=by)


def moved(unit: Unit, platform: str, workspace: str, old: str, new: str) -> None:
    """The platform gave a chat another id: its bindings go with it, also where something was said there before."""
    there = {row["thread"]: row for row in unit.rows(_ALL_AT, platform=platform, workspace=workspace, external_id=new)}
    for row in unit.rows(_ALL_AT, platform=platform, workspace=workspace, external_id=old):
        met = there.get(row["thread"])
        if met is None:
            unit.changed(_MOVE, place_id=row["id"], new=new)
        elif met["nexus_id"] is None and row["nexus_id"] is not None:
            bind(unit, met["id"], row["nexus_id"], row["audience"], by=row["bound_by"])


def audience_of(found: Place, person_id: int) -> Audience:
    """Who hears what is said in a place."""
    if found.direct:
        return Audience(AudienceKind.PERSON, person_id)
    if found.nexus_id is not None and found.audience == "members":
        return Audience(AudienceKind.MEMBERS, nexus_id=found.nexus_id)
    return Audience(AudienceKind.PUBLIC)


def _insert(unit: Unit, made: Place) -> None:
    unit.execute(
        _ADD,
        {
            "id": made.id,
            "platform": made.platform,
            "workspace": made.workspace,
            "external_id": made.external_id,
            "thread": made.thread,
            "kind": made.kind,
            "title": made.title,
            "nexus_id": made.nexus_id,
            "audience": made.audience,
            "bound_by": None,
            "created_at": unit.now,
        },
    )
