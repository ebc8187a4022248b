"""Writing, reading and settling outbox rows. Every function runs inside a unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from adapters.contract import Address, Reply, Sent
from bot.inbox.payload import dump, load_address, load_reply, load_sent
from bot.outbox.shown import Shows, dump_shows, load_shows
from bot.outbox.tables import outbox
from core.clock import DAY
from core.store import Unit

KEEP_SENT = 7 * DAY


@dataclass(slots=True)
class Outgoing:
    """A reply on its way. `sent` has the ids of the message that it must replace, if there is one already."""

    id: int
    inbox_id: int
    position: int
    place_key: str
    address: Address
    reply: Reply
    sent: Sent | None
    state: str
    attempts: int
    steps: list[dict[str, Any]] = field(default_factory=list)  # of an open row: what its turn has done so far
    shows: Shows | None = None  # None: nothing that could have to be taken back

    @property
    def key(self) -> str:
        """By which a platform knows a repeat. What was withdrawn is no repeat of what it was, of which a part may be
        out already."""
        return f"{self.id}-" if self.shows is not None and self.shows.withdrawn else f"{self.id}"


_ADD = insert(outbox)
_OF_TURN = select(outbox).where(outbox.c.inbox_id == bindparam("inbox_id")).order_by(outbox.c.position)
_WAITING = select(outbox).where(outbox.c.state == "waiting", outbox.c.due_at <= bindparam("at")).order_by(outbox.c.id)
_DUE = select(outbox).where(
    outbox.c.id == bindparam("row_id"), outbox.c.state == "waiting", outbox.c.due_at <= bindparam("at")
)
_OPEN = select(outbox).where(outbox.c.id == bindparam("row_id"), outbox.c.state == "open")
_SET_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "waiting")
    .values(state="sent", reply=None, shows=None, sent=bindparam("ids"), attempts=outbox.c.attempts + 1)
)
_SET_STEPS = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "open")
    .values(reply=bindparam("what"), shows=bindparam("of"))
)
_SET_IDS = update(outbox).where(outbox.c.id == bindparam("row_id")).values(sent=bindparam("ids"))
_SET_FINAL = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "open")
    .values(state="waiting", reply=bindparam("what"), shows=bindparam("of"))
)
_REWRITE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "waiting")
    .values(reply=bindparam("what"))
)
_WITHDRAW = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "waiting")
    .values(reply=bindparam("what"), shows=bindparam("of"))
)
_SET_FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "waiting")
    .values(state="failed", reply=None, shows=None, attempts=outbox.c.attempts + 1)
)
_LATER = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "waiting")
    .values(due_at=bindparam("when"), attempts=outbox.c.attempts + 1)
)
_DROP = delete(outbox).where(outbox.c.id == bindparam("row_id"))
_FORGET = delete(outbox).where(outbox.c.state.in_(["sent", "failed"]), outbox.c.created_at < bindparam("before"))


def say(
    unit: Unit,
    *,
    inbox_id: int,
    position: int,
    place_key: str,
    address: Address,
    reply: Reply,
    state: str = "waiting",
    replaces: Sent | None = None,
    shows: Shows | None = None,
) -> Outgoing:
    """Write what has to be said, as a new message or in the place of one that was `sent` before."""
    row = Outgoing(unit.new_id(), inbox_id, position, place_key, address, reply, replaces, state, 0, shows=shows)
    unit.execute(
        _ADD,
        {
            "id": row.id,
            "inbox_id": inbox_id,
            "position": position,
            "platform": address.platform,
            "place_key": place_key,
            "address": dump(address),
            "reply": dump(reply),
            "sent": dump(replaces) if replaces else None,
            "state": state,
            "attempts": 0,
            "due_at": unit.now,
            "created_at": unit.now,
            "shows": dump_shows(shows),
        },
    )
    if state == "waiting":
        unit.wake("outbox")
    return row


def outgoing(row: RowMapping) -> Outgoing:
    """What a row of the table says."""
    content = row["reply"] or {}
    return Outgoing(
        row["id"],
        row["inbox_id"],
        row["position"],
        row["place_key"],
        load_address(row["address"]),
        load_reply(content),
        load_sent(row["sent"]),
        row["state"],
        row["attempts"],
        content.get("steps", []),
        load_shows(row["shows"]),
    )


def of_turn(unit: Unit, inbox_id: int) -> list[Outgoing]:
    """What a turn has written so far: after a crash its placeholder is among it."""
    return [outgoing(row) for row in unit.rows(_OF_TURN, inbox_id=inbox_id)]


def waiting(unit: Unit) -> list[Outgoing]:
    """What is due to be sent, oldest first."""
    return [outgoing(row) for row in unit.rows(_WAITING, at=unit.now)]


def due(unit: Unit, row_id: int) -> Outgoing | None:
    """A row as it is now, if it still has to be sent, and now."""
    row = unit.row(_DUE, row_id=row_id, at=unit.now)
    return outgoing(row) if row is not None else None


def open_row(unit: Unit, row_id: int) -> Outgoing | None:
    """A row whose text still grows; None once it is complete."""
    row = unit.row(_OPEN, row_id=row_id)
    return outgoing(row) if row is not None else None


def set_steps(unit: Unit, row_id: int, reply: Reply, steps: list[dict[str, Any]], shows: Shows | None) -> None:
    """Remember what a turn has done before its text is complete, and what that text may show from now on.

    `set_final` wipes the steps.
    """
    unit.changed(_SET_STEPS, row_id=row_id, what=dump(reply) | {"steps": steps}, of=dump_shows(shows))


def set_ids(unit: Unit, row_id: int, sent: Sent) -> None:
    """Remember the ids of a message whose text still grows."""
    unit.changed(_SET_IDS, row_id=row_id, ids=dump(sent))


def set_final(unit: Unit, row_id: int, reply: Reply, shows: Shows | None) -> None:
    """The text is complete: from now on it will be sent, whatever happens."""
    unit.changed(_SET_FINAL, row_id=row_id, what=dump(reply), of=dump_shows(shows))
    unit.wake("outbox")


def rewrite(unit: Unit, row_id: int, reply: Reply) -> None:
    """More is known now than when it was written, and it was not sent yet."""
    unit.changed(_REWRITE, row_id=row_id, what=dump(reply))


def withdraw(unit: Unit, row_id: int, reply: Reply, shows: Shows) -> None:
    """Say this instead: what it was is wiped."""
    unit.changed(_WITHDRAW, row_id=row_id, what=dump(reply), of=dump_shows(shows))


def mark_sent(unit: Unit, row_id: int, sent: Sent) -> None:
    """The platform has it; the words are wiped."""
    unit.changed(_SET_SENT, row_id=row_id, ids=dump(sent))


def mark_failed(unit: Unit, row_id: int) -> None:
    """It can never be delivered."""
    unit.changed(_SET_FAILED, row_id=row_id)


def drop(unit: Unit, row_id: int) -> None:
    """Take it back: it will be written anew."""
    unit.changed(_DROP, row_id=row_id)


def later(unit: Unit, row_id: int, delay: int) -> None:
    """Try again in `delay` milliseconds."""
    unit.changed(_LATER, row_id=row_id, when=unit.now + delay)


def forget_old(unit: Unit) -> int:
    """Delete what was settled long ago. Returns how many."""
    return unit.changed(_FORGET, before=unit.now - KEEP_SENT)
