"""Writing, reading and finishing inbox rows. Every function runs inside a unit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import Executable, bindparam, delete, select, text, update
from sqlalchemy.engine import RowMapping

from adapters.contract import Event, EventKind, PlaceKind
from bot.inbox.payload import dump, load_event
from bot.inbox.tables import inbox
from core.clock import DAY
from core.people.people import Speaker, speaker
from core.places import places
from core.places.places import Place, place_at
from core.store import Unit
from core.store.upsert import insert_into

MOST_STARTS = 10  # an event that was waiting at more starts than this is given up, with an apology
KEEP_DONE = 7 * DAY  # how long a done row (without its text) stands in the way of a repeat


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that was recorded, with who spoke and where."""

    inbox_id: int
    event: Event
    person_id: int
    account_id: int
    place_id: int
    new_person: bool = False
    again: bool = False  # read from the store: the turn may have begun before
    given_up: bool = False  # it was there at too many starts: apologise and go on

    @property
    def place_key(self) -> str:
        """Names the quick lane: one place, threads included."""
        return place_key(self.event)

    @property
    def talk_key(self) -> str:
        """Names the talk lane: one person in one thread."""
        return f"{self.place_key}:{self.event.place.thread}:{self.event.account.id}"

    @property
    def key(self) -> str:
        """Names the event for idempotency."""
        return f"{self.event.platform}:{self.event.workspace}:{self.event.event_id}"


def place_key(event: Event) -> str:
    """The place of an event as one word."""
    return f"{event.platform}:{event.workspace}:{event.place.id}"


_VALUES = {
    name: bindparam(name)
    for name in (
        "platform",
        "workspace",
        "event_id",
        "place_key",
        "payload",
        "person_id",
        "account_id",
        "place_id",
        "received_at",
    )
} | {"state": "waiting", "attempts": 0}
_KNOWN = select(inbox.c.id).where(
    inbox.c.platform == bindparam("platform"),
    inbox.c.workspace == bindparam("workspace"),
    inbox.c.event_id == bindparam("event_id"),
)
_COUNT_START = update(inbox).where(inbox.c.state == "waiting").values(attempts=inbox.c.attempts + 1)
_WAITING = select(inbox).where(inbox.c.state == "waiting").order_by(inbox.c.id)
_DONE = (
    update(inbox)
    .where(inbox.c.id == bindparam("inbox_id"), inbox.c.state == "waiting")
    .values(state=bindparam("new_state"), payload=None, done_at=bindparam("at"))
)
_FORGET = delete(inbox).where(inbox.c.state != "waiting", inbox.c.done_at < bindparam("before"))
# Two gateways could otherwise draw numbers in one order and commit in the other.
_IN_TURN = text("SELECT pg_advisory_xact_lock(7310225, :conversation)")


@cache
def _add(postgres: bool) -> Executable:
    return insert_into(inbox, postgres=postgres).values(_VALUES).on_conflict_do_nothing().returning(inbox.c.id)


def wanted(event: Event) -> bool:
    """Whether there is anything to do for an event. People's talk among themselves is not even stored."""
    if event.account.is_bot:
        return False
    if event.kind in (EventKind.COMMAND, EventKind.BUTTON, EventKind.BOT_ADDED):
        return True
    return event.kind is EventKind.MESSAGE and event.addressed and bool(event.text or event.attachments)


def record(unit: Unit, events: Sequence[Event]) -> list[Entry]:
    """Store events that are new, in order. Returns the new ones that have to be worked."""
    entries = []
    for event in events:
        if event.kind is EventKind.PLACE_MOVED:  # the platform's own doing, whoever set it off; nobody is answered
            places.moved(unit, event.platform, event.workspace, event.place.id, event.text)
        if not wanted(event):
            continue
        if unit.postgres:
            number = int.from_bytes(hashlib.blake2b(place_key(event).encode(), digest_size=4).digest(), signed=True)
            unit.execute(_IN_TURN, {"conversation": number})
        names = {"platform": event.platform, "workspace": event.workspace, "event_id": event.event_id}
        if unit.value(_KNOWN, **names) is not None:
            continue
        who, where = _who(unit, event), _where(unit, event)
        inbox_id = unit.execute(
            _add(unit.postgres),
            {
                **names,
                "place_key": place_key(event),
                "payload": dump(event) | ({"new_person": True} if who.new else {}),
                "person_id": who.person_id,
                "account_id": who.account_id,
                "place_id": where.id,
                "received_at": unit.now,
            },
        ).scalar()
        if inbox_id is not None:
            entries.append(Entry(inbox_id, event, who.person_id, who.account_id, where.id, who.new))
    return entries


def _who(unit: Unit, event: Event) -> Speaker:
    account = event.account
    return speaker(
        unit,
        platform=event.platform,
        workspace=account.workspace,
        external_id=account.id,
        name=account.name,
        username=account.username,
        language=account.language,
        direct_place=event.place.id if event.place.kind is PlaceKind.DIRECT else "",
    )


def _where(unit: Unit, event: Event) -> Place:
    return place_at(
        unit,
        platform=event.platform,
        workspace=event.workspace,
        external_id=event.place.id,
        thread=event.place.thread,
        kind=event.place.kind.value,
        title=event.place.title,
    )


def recovered(unit: Unit) -> list[Entry]:
    """What a start finds waiting, in order; each start is counted, so that an event cannot stop every one of them."""
    unit.changed(_COUNT_START)
    return [
        replace(_entry(row), given_up=True) if row["attempts"] > MOST_STARTS else _entry(row)
        for row in unit.rows(_WAITING)
    ]


def waiting(unit: Unit) -> list[Entry]:
    """Everything that was recorded and not finished, in order."""
    return [_entry(row) for row in unit.rows(_WAITING)]


def _entry(row: RowMapping) -> Entry:
    payload = dict(row["payload"])
    new = bool(payload.pop("new_person", False))
    return Entry(row["id"], load_event(payload), row["person_id"], row["account_id"], row["place_id"], new, True)


def finish(unit: Unit, inbox_id: int, state: str = "done") -> bool:
    """The turn is over; what was said is wiped. False if it was over already."""
    return unit.changed(_DONE, inbox_id=inbox_id, new_state=state, at=unit.now) == 1


def forget_old(unit: Unit) -> int:
    """Delete rows that were done long ago. Returns how many."""
    return unit.changed(_FORGET, before=unit.now - KEEP_DONE)
