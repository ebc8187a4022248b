"""Finding, binding and describing places, and who hears what is said there.

A place that nobody decided about is bound as what it is in: a thread as its chat, a chat as its server or workspace.
Whoever binds or disconnects a place decides (`bound_by`), so a channel can belong to nothing inside a server that
belongs to a Nexus. A direct chat is bound to nothing.

Decision rule for who hears, the first that fits:
1. in a direct chat, its one person;
2. where somebody decided that everyone counts as a member of a Nexus, the members of that;
3. where somebody decided that anybody listens, anybody;
4. exactly the people who can read there, where the platform told who they are within the last ten minutes, and they
   are not too many (`core.places.readers`): each of them, somebody unknown among them, and who speaks;
5. otherwise anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import and_, bindparam, case, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from core.clock import MINUTE
from core.operations.context import Audience, AudienceKind
from core.people.tables import account
from core.places.maps import move_mappings
from core.places.tables import place, place_reader
from core.store import Unit
from core.text import clean_line


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the bot works with it. `nexus_id` is None while it is bound to nothing.

    `bound` says where that was decided: "itself", "chat" (of a thread), "server", or "" if nowhere.
    """

    id: int
    platform: str
    workspace: str
    external_id: str
    thread: str
    kind: str
    title: str
    nexus_id: int | None
    audience: str
    bound: str = ""
    bound_by: int | None = field(default=None, compare=False)  # the person who decided that
    roster_id: int = field(default=0, compare=False)  # the place whose readers count: of most threads, their chat
    readers: int | None = field(default=None, compare=False)  # how many; None: it is not known who
    readers_at: int | None = field(default=None, compare=False)  # when the platform was asked last, ms since the epoch

    @property
    def direct(self) -> bool:
        """Whether only one person is there."""
        return self.kind == "direct"


KNOWN_FOR = 10 * MINUTE  # how long it counts what a platform said of who can read in a place

_OWN_ROSTER = or_(place.c.thread == "", place.c.readers_at.is_not(None))  # a thread that not all of its chat can read
_chat, _server = place.alias("chat"), place.alias("server")
_FOUND = (
    select(
        place.c.id,
        place.c.platform,
        place.c.workspace,
        place.c.external_id,
        place.c.thread,
        place.c.kind,
        place.c.title,
        *(
            one.c[name].label(f"{whose}_{name}")
            for whose, one in (("itself", place), ("chat", _chat), ("server", _server))
            for name in ("nexus_id", "audience", "bound_by")
        ),
        *(
            case((_OWN_ROSTER, place.c[name]), else_=_chat.c[name]).label(f"roster_{name}")
            for name in ("id", "readers", "readers_at")
        ),
    )
    .outerjoin(
        _chat,
        and_(
            _chat.c.platform == place.c.platform,
            _chat.c.workspace == place.c.workspace,
            _chat.c.external_id == place.c.external_id,
            _chat.c.thread == "",
            place.c.thread != "",
        ),
    )
    .outerjoin(
        _server,
        and_(
            _server.c.platform == place.c.platform,
            _server.c.workspace == place.c.workspace,
            _server.c.external_id == "",
            _server.c.thread == "",
            place.c.workspace != "",
            place.c.external_id != "",
            place.c.kind != "direct",
        ),
    )
)
_FIND = _FOUND.where(
    place.c.platform == bindparam("platform"),
    place.c.workspace == bindparam("workspace"),
    place.c.external_id == bindparam("external_id"),
    place.c.thread.in_([bindparam("thread"), ""]),
).order_by(place.c.thread.desc())
_BY_ID = _FOUND.where(place.c.id == bindparam("place_id"))
_ADD = insert(place)
_BIND = (
    update(place)
    .where(place.c.id == bindparam("place_id"))
    .values(nexus_id=bindparam("nexus"), audience=bindparam("heard_by"), bound_by=bindparam("who"))
)
_TITLE = update(place).where(place.c.id == bindparam("place_id")).values(title=bindparam("new_title"))
_ALL_AT = select(place).where(
    place.c.platform == bindparam("platform"),
    place.c.workspace == bindparam("workspace"),
    place.c.external_id == bindparam("external_id"),
)
_MOVE = update(place).where(place.c.id == bindparam("place_id")).values(external_id=bindparam("new"))
_IN_SERVER = (
    select(place.c.nexus_id)
    .distinct()
    .where(
        place.c.platform == bindparam("platform"),
        place.c.workspace == bindparam("workspace"),
        place.c.nexus_id.is_not(None),
        place.c.kind != "direct",
    )
)
_PEOPLE = (
    select(account.c.person_id)
    .select_from(
        place_reader.outerjoin(
            account,
            and_(
                account.c.platform == bindparam("platform"),
                account.c.workspace.in_([bindparam("workspace"), ""]),  # "": where a platform's ids are global
                account.c.external_id == place_reader.c.external_id,
            ),
        )
    )
    .where(place_reader.c.place_id == bindparam("place_id"))
)


def _as_place(row: RowMapping) -> Place:
    nexus_id, audience, bound, bound_by = None, "public", "", None
    for whose in ("itself", "chat", "server"):
        if row[f"{whose}_nexus_id"] is not None or row[f"{whose}_bound_by"] is not None:
            nexus_id, audience, bound = row[f"{whose}_nexus_id"], row[f"{whose}_audience"], whose
            bound_by = row[f"{whose}_bound_by"]
            break
    return Place(
        row["id"],
        row["platform"],
        row["workspace"],
        row["external_id"],
        row["thread"],
        row["kind"],
        row["title"],
        nexus_id,
        audience,
        bound,
        bound_by,
        row["roster_id"] or row["id"],
        row["roster_readers"],
        row["roster_readers_at"],
    )


def place_at(
    unit: Unit, *, platform: str, workspace: str, external_id: str, thread: str, kind: str, title: str
) -> Place:
    """The place of an event, added when it is new; a unit that only reads gets it unstored."""
    title = clean_line(title, 120)
    row = unit.row(_FIND, platform=platform, workspace=workspace, external_id=external_id, thread=thread)
    if row is not None:
        if title and row["title"] != title and unit.writable:
            unit.changed(_TITLE, place_id=row["id"], new_title=title)
        return _as_place(row)
    made = Place(unit.new_id(), platform, workspace, external_id, "", kind, title, None, "public")
    made = replace(made, roster_id=made.id)
    if unit.writable:
        _insert(unit, made)
    server = None if made.direct else server_of(unit, platform, workspace)
    if server is None or not server.bound:
        return made
    return replace(made, nexus_id=server.nexus_id, audience=server.audience, bound="server", bound_by=server.bound_by)


def known_place(unit: Unit, platform: str, workspace: str, external_id: str, thread: str = "") -> Place | None:
    """A chat in which something was said to the bot before; the thread itself if that has a row of its own."""
    row = unit.row(_FIND, platform=platform, workspace=workspace, external_id=external_id, thread=thread)
    return _as_place(row) if row is not None else None


def server_of(unit: Unit, platform: str, workspace: str) -> Place | None:
    """The place that stands for a whole server or workspace, if anything was ever decided about it."""
    if not workspace:
        return None
    return known_place(unit, platform, workspace, "")


def add_server(unit: Unit, platform: str, workspace: str, title: str) -> Place:
    """The place that stands for a whole server or workspace, added when it is new."""
    found = server_of(unit, platform, workspace)
    if found is not None:
        return found
    made = Place(unit.new_id(), platform, workspace, "", "", "server", clean_line(title, 120), None, "public")
    _insert(unit, made)
    return made


def thread_of(unit: Unit, found: Place, thread: str) -> Place:
    """The row of a thread itself, added when the chat's row stood for it until now."""
    if not thread or found.thread == thread:
        return found
    made = replace(found, id=unit.new_id(), thread=thread, nexus_id=None, audience="public", bound="")
    _insert(unit, made)
    return place_of(unit, made.id)


def place_of(unit: Unit, place_id: int) -> Place:
    """The place of an id. Raises LookupError."""
    row = unit.row(_BY_ID, place_id=place_id)
    if row is None:
        raise LookupError(f"no place {place_id}")
    return _as_place(row)


def nexuses_in(unit: Unit, platform: str, workspace: str) -> list[int]:
    """Every Nexus that the server or workspace, or any place in it, is bound to."""
    rows = unit.rows(_IN_SERVER, platform=platform, workspace=workspace) if workspace else ()
    return sorted(row["nexus_id"] for row in rows)


def bind(unit: Unit, place_id: int, nexus_id: int | None, audience: str, *, by: int | None) -> None:
    """Bind a place to a Nexus, or to none whatever it is in."""
    unit.changed(_BIND, place_id=place_id, nexus=nexus_id, heard_by=audience, who=by)


def moved(unit: Unit, platform: str, workspace: str, old: str, new: str) -> None:
    """The platform gave a chat another id: its bindings go with it, also where something was said there before."""
    there = {row["thread"]: row for row in unit.rows(_ALL_AT, platform=platform, workspace=workspace, external_id=new)}
    for row in unit.rows(_ALL_AT, platform=platform, workspace=workspace, external_id=old):
        met = there.get(row["thread"])
        if met is None:
            unit.changed(_MOVE, place_id=row["id"], new=new)
        elif not _decided(met) and _decided(row):
            bind(unit, met["id"], row["nexus_id"], row["audience"], by=row["bound_by"])

    move_mappings(unit, platform, old, new)


def _decided(row: RowMapping) -> bool:
    return row["nexus_id"] is not None or row["bound_by"] is not None


def audience_of(unit: Unit, found: Place, person_id: int) -> Audience:
    """Who hears what is said in a place to this person; see the rule above."""
    if found.direct:
        return Audience(AudienceKind.PERSON, person_id)
    if found.nexus_id is not None and found.audience == "members":
        return Audience(AudienceKind.MEMBERS, nexus_id=found.nexus_id)
    if found.bound and found.audience == "public":
        return Audience(AudienceKind.PUBLIC)
    people = people_in(unit, found)
    if people is None:
        return Audience(AudienceKind.PUBLIC)
    return Audience(AudienceKind.PEOPLE, people=tuple(sorted({*people, person_id})))


def audience_unasked(unit: Unit, found: Place) -> Audience:
    """Who hears what is said in a place that nobody asked for: its readers alone. In a direct chat that is nobody."""
    heard = audience_of(unit, found, 0)
    if heard.kind is not AudienceKind.PEOPLE:
        return heard
    people = people_in(unit, found)
    return Audience(AudienceKind.PEOPLE, people=tuple(sorted(people or {0})))


def people_in(unit: Unit, found: Place) -> frozenset[int] | None:
    """The ids of the people who can read in a place, 0 for whoever has no account here; None if it is not known."""
    if found.readers is None or found.readers_at is None or unit.now - found.readers_at > KNOWN_FOR:
        return None
    rows = unit.rows(_PEOPLE, platform=found.platform, workspace=found.workspace, place_id=found.roster_id)
    return frozenset(row["person_id"] or 0 for row in rows)


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
            "nexus_id": None,
            "audience": "public",
            "bound_by": None,
            "created_at": unit.now,
        },
    )
