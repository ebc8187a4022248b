"""Writing, reading and finishing inbox rows. Every function runs inside a unit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import Executable, bindparam, delete, func, select, text, update
from sqlalchemy.engine import RowMapping

from adapters.contract import Account, Event, EventKind, Heard, PlaceKind
from bot.inbox.payload import dump, load_event
from bot.inbox.tables import inbox
from core.clock import DAY
from core.people.people import Speaker, known_speaker, speaker
from core.places import mapped, places
from core.places.places import Place, place_at
from core.places.tables import place
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
_OURS = (inbox.c.state == "waiting", inbox.c.platform.in_(bindparam("platforms", expanding=True)))
_COUNT_START = update(inbox).where(*_OURS).values(attempts=inbox.c.attempts + 1)
_WAITING = select(inbox).where(*_OURS).order_by(inbox.c.id)
_ONE = select(inbox).where(inbox.c.id == bindparam("inbox_id"), inbox.c.state == "waiting")
_DONE = (
    update(inbox)
    .where(inbox.c.id == bindparam("inbox_id"), inbox.c.state == "waiting")
    .values(state=bindparam("new_state"), payload=None, done_at=bindparam("at"))
)
_FORGET = delete(inbox).where(inbox.c.state != "waiting", inbox.c.done_at < bindparam("before"))
_HEARD = (
    select(place.c.workspace, place.c.external_id, place.c.kind, func.max(inbox.c.received_at).label("at"))
    .join(place, place.c.id == inbox.c.place_id)
    .where(inbox.c.platform == bindparam("platform"))
    .group_by(place.c.workspace, place.c.external_id, place.c.kind)
    .order_by(func.max(inbox.c.received_at).desc())
    .limit(500)
)
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
    seen: list[mapped.Seen] = []
    for event in events:
        if event.kind is EventKind.PLACE_MOVED:  # the platform's own doing, whoever set it off; nobody is answered
            places.moved(unit, event.platform, event.workspace, event.place.id, event.text)
        if event.kind in (EventKind.ROLES, EventKind.JOINED, EventKind.LEFT):
            seen += _stands(unit, event)
        if not wanted(event):
            continue
        if unit.postgres:
            number = int.from_bytes(hashlib.blake2b(place_key(event).encode(), digest_size=4).digest(), signed=True)
            unit.execute(_IN_TURN, {"conversation": number})
        names = {"platform": event.platform, "workspace": event.workspace, "event_id": event.event_id}
        if unit.value(_KNOWN, **names) is not None:
            continue
        who, where = _who(unit, event), place_of_event(unit, event)
        for account in event.mentions:
            _known(unit, event, account)
        seen.append(_seen(event, who))
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
    mapped.apply(unit, seen)
    return entries


def _who(unit: Unit, event: Event) -> Speaker:
    return _known(unit, event, event.account, event.place.id if event.place.kind is PlaceKind.DIRECT else "")


def _known(unit: Unit, event: Event, account: Account, direct_place: str = "") -> Speaker:
    return speaker(
        unit,
        platform=event.platform,
        workspace=account.workspace,
        external_id=account.id,
        name=account.name,
        username=account.username,
        language=account.language,
        direct_place=direct_place,
    )


def _stands(unit: Unit, event: Event) -> list[mapped.Seen]:
    """Somebody's roles on the platform changed, or they came or left: what their roles there give them follows.

    Who never had to do with the bot is nobody yet; the roles of newcomers count with their first word.
    """
    account = event.account
    if account.is_bot:
        return []
    known = known_speaker(unit, platform=event.platform, workspace=account.workspace, external_id=account.id)
    if known is None:
        return []
    one = _seen(event, known)
    if event.kind is not EventKind.LEFT:
        return [one]
    whole = event.place.id in ("", event.workspace)  # the whole server, not one channel of it
    return [replace(one, gone=True) if whole else replace(one, workspace="", gone=True)]


def _seen(event: Event, who: Speaker) -> mapped.Seen:
    """The account as this event shows it, for what roles of the platform give."""
    direct = event.place.kind is PlaceKind.DIRECT
    return mapped.Seen(
        who.person_id,
        who.account_id,
        event.platform,
        "" if direct else event.workspace,
        event.account.roles,
        chat="" if direct else event.place.id,
    )


def place_of_event(unit: Unit, event: Event) -> Place:
    """Where an event happened; added when it is new."""
    return place_at(
        unit,
        platform=event.platform,
        workspace=event.workspace,
        external_id=event.place.id,
        thread=event.place.thread,
        kind=event.place.kind.value,
        title=event.place.title,
    )


def recovered(unit: Unit, platforms: Sequence[str]) -> list[Entry]:
    """What a start finds waiting, in order; each start is counted, so that an event cannot stop every one of them.

    `platforms` are those of this process: other processes look after theirs.
    """
    unit.changed(_COUNT_START, platforms=list(platforms))
    return [
        replace(_entry(row), given_up=True) if row["attempts"] > MOST_STARTS else _entry(row)
        for row in unit.rows(_WAITING, platforms=list(platforms))
    ]


def waiting(unit: Unit, platforms: Sequence[str]) -> list[Entry]:
    """Everything of these platforms that was recorded and not finished, in order."""
    return [_entry(row) for row in unit.rows(_WAITING, platforms=list(platforms))]


def to_work(unit: Unit, inbox_id: int, attempts: int = 0) -> Entry | None:
    """A recorded event whose turn is not over, for a worker; `attempts` are those that came to no end before."""
    row = unit.row(_ONE, inbox_id=inbox_id)
    if row is None:
        return None
    return replace(_entry(row), again=attempts > 0, given_up=attempts > MOST_STARTS)


def _entry(row: RowMapping) -> Entry:
    payload = dict(row["payload"])
    new = bool(payload.pop("new_person", False))
    return Entry(row["id"], load_event(payload), row["person_id"], row["account_id"], row["place_id"], new, True)


def heard(unit: Unit, platform: str) -> list[Heard]:
    """The places of a platform in which something was recorded and still stands here, the newest first."""
    return [
        Heard(row["workspace"], row["external_id"], PlaceKind(row["kind"]), row["at"])
        for row in unit.rows(_HEARD, platform=platform)
    ]


def finish(unit: Unit, inbox_id: int, state: str = "done") -> bool:
    """The turn is over; what was said is wiped. False if it was over already."""
    return unit.changed(_DONE, inbox_id=inbox_id, new_state=state, at=unit.now) == 1


def forget_old(unit: Unit) -> int:
    """Delete rows that were done long ago. Returns how many."""
    return unit.changed(_FORGET, before=unit.now - KEEP_DONE)
