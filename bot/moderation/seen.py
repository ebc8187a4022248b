"""Which messages stand in a place whose platform shows no history to bots: their ids, and never their words.

Kept for two days, as long as such a platform lets a bot delete them (Telegram: 48 hours), of places that belong to a
Nexus.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Executable, bindparam, delete, select

from adapters.contract import Act, Event, EventKind, PlaceKind
from core.clock import DAY
from core.moderation.cases.tables import mod_seen
from core.places.places import known_place
from core.store import Unit
from core.store.upsert import insert_into

KEPT = 2 * DAY
_SAID = (EventKind.MESSAGE, EventKind.COMMAND)

_NEWEST = (
    select(mod_seen.c.message_id)
    .where(
        mod_seen.c.platform == bindparam("platform"),
        mod_seen.c.workspace == bindparam("workspace"),
        mod_seen.c.place == bindparam("place"),
        mod_seen.c.thread == bindparam("thread"),
    )
    .order_by(mod_seen.c.at.desc(), mod_seen.c.message_id.desc())
    .limit(bindparam("most"))
)
_THEIRS = _NEWEST.where(mod_seen.c.account == bindparam("account"))
_FORGET = delete(mod_seen).where(mod_seen.c.at < bindparam("before"))


@cache
def _add(postgres: bool) -> Executable:
    return insert_into(mod_seen, postgres=postgres).on_conflict_do_nothing()


def note(unit: Unit, events: Sequence[Event]) -> None:
    """Remember that these messages stand there, in places of a Nexus. Typed commands are messages as well."""
    here = [event for event in events if event.kind in _SAID and event.message_id and not event.respond]
    bound = {_spot(event) for event in {_spot(one): one for one in here}.values() if _belongs(unit, event)}
    rows = [
        {
            "platform": event.platform,
            "workspace": event.workspace,
            "place": event.place.id,
            "thread": event.place.thread,
            "message_id": event.message_id,
            "account": event.account.id,
            "at": unit.now,
        }
        for event in here
        if _spot(event) in bound
    ]
    if rows:
        unit.execute(_add(unit.postgres), rows)


def _spot(event: Event) -> tuple[str, str, str, str]:
    return event.platform, event.workspace, event.place.id, event.place.thread


def _belongs(unit: Unit, event: Event) -> bool:
    if event.place.kind is PlaceKind.DIRECT:
        return False
    place = known_place(unit, event.platform, event.workspace, event.place.id, event.place.thread)
    return place is not None and place.nexus_id is not None


def newest(unit: Unit, platform: str, act: Act, most: int) -> list[str]:
    """The ids of the newest messages of a place, of everybody or of the account of the act."""
    where = {
        "platform": platform,
        "workspace": act.workspace,
        "place": act.place_id,
        "thread": act.thread,
        "most": most,
    }
    rows = unit.rows(_THEIRS, **where, account=act.account_id) if act.account_id else unit.rows(_NEWEST, **where)
    return [row["message_id"] for row in rows]


def forget_old(unit: Unit) -> int:
    """Delete what is too old to be deleted on the platform. Returns how many."""
    return unit.changed(_FORGET, before=unit.now - KEPT)
