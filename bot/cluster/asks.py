"""What a worker asks of the process that sends: rows that live for seconds. Every function runs inside a unit.

An ask is answered in its row; its words are wiped with the answer, and it is deleted by who asked or when it expires.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, bindparam, delete, insert, not_, select, update
from sqlalchemy import func as sql
from sqlalchemy.types import ARRAY, BigInteger

from adapters.contract import (
    DeliveryError,
    Event,
    Gone,
    NotPermitted,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)
from bot.cluster.tables import ask
from bot.inbox.payload import dump
from bot.outbox.tables import outbox
from core.clock import MINUTE
from core.store import Unit

PLACE, EDIT, TYPING, PRESS, FETCH = "place", "edit", "typing", "press", "fetch"
PRESS_LIFE = 15 * MINUTE  # as long as Discord lets an interaction be answered; the others are shorter

_ADD = insert(ask)
_WAITING = (
    select(ask, outbox.c.place_key)
    .outerjoin(outbox, outbox.c.id == ask.c.outbox_id)
    .where(
        ask.c.state == "waiting",
        ask.c.platform == sql.any(bindparam("platforms", type_=ARRAY(Text))),
        not_(ask.c.id == sql.any(bindparam("taken", type_=ARRAY(BigInteger)))),
    )
    .order_by(ask.c.id)
    .limit(200)
)
_ANSWER = (
    update(ask)
    .where(ask.c.id == bindparam("ask_id"), ask.c.state == "waiting")
    .values(state="done", payload=None, answer=bindparam("what"))
)
_COLLECT = delete(ask).where(ask.c.id == bindparam("ask_id"), ask.c.state == "done").returning(ask.c.answer)
_DROP = delete(ask).where(ask.c.id == bindparam("ask_id"))
_FORGET = delete(ask).where(ask.c.expires_at < bindparam("before"))

_CLASSES = {c.__name__: c for c in (DeliveryError, Gone, NotPermitted, Unauthorized, Unreachable)}


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask as the process that sends sees it. `place_key` is that of its outbox row, "" without one."""

    id: int
    platform: str
    kind: str
    outbox_id: int | None
    payload: dict[str, Any]
    expires_at: int
    place_key: str


def put(
    unit: Unit, platform: str, kind: str, payload: dict[str, Any], life: int, *, ask_id: int = 0, outbox_id: int = 0
) -> None:
    """Ask. `life` is in milliseconds."""
    unit.execute(
        _ADD,
        {
            "id": ask_id or unit.new_id(),
            "platform": platform,
            "kind": kind,
            "outbox_id": outbox_id or None,
            "payload": payload,
            "state": "waiting",
            "answer": None,
            "expires_at": unit.now + life,
        },
    )
    unit.wake("ask")


def answer_press(unit: Unit, event: Event, notice: str) -> None:
    """Have the waiting state of a pressed button closed; commits with what the press did."""
    put(unit, event.platform, PRESS, {"event": dump(event), "notice": notice}, PRESS_LIFE)


def waiting(unit: Unit, platforms: list[str], taken: list[int]) -> list[Ask]:
    """What waits to be done for these platforms and is not taken up already, in order."""
    return [
        Ask(
            row["id"],
            row["platform"],
            row["kind"],
            row["outbox_id"],
            row["payload"] or {},
            row["expires_at"],
            row["place_key"] or "",
        )
        for row in unit.rows(_WAITING, platforms=platforms, taken=taken)
    ]


def answer(unit: Unit, ask_id: int, what: dict[str, Any]) -> None:
    """Answer it, and tell who asked."""
    if unit.changed(_ANSWER, ask_id=ask_id, what=what):
        unit.wake(f"answer:{ask_id}")


def collect(unit: Unit, ask_id: int) -> dict[str, Any] | None:
    """The answer, taken away with the row; None while there is none."""
    found = unit.value(_COLLECT, ask_id=ask_id)
    return dict(found) if found is not None else None


def drop(unit: Unit, ask_id: int) -> None:
    """Nobody waits for it any more."""
    unit.changed(_DROP, ask_id=ask_id)


def forget_old(unit: Unit) -> int:
    """Delete what expired. Returns how many."""
    return unit.changed(_FORGET, before=unit.now)


def dump_error(error: DeliveryError) -> dict[str, Any]:
    """A platform's refusal as an answer."""
    found: dict[str, Any] = {"error": type(error).__name__, "detail": str(error)}
    if isinstance(error, TooManyRequests):
        found["after"] = error.after
    if isinstance(error, Transient):
        found["maybe_done"] = error.maybe_done
    return found


def load_error(answer: dict[str, Any]) -> DeliveryError:
    """The refusal that `dump_error` wrote."""
    match answer["error"]:
        case "TooManyRequests":
            return TooManyRequests(answer["after"], answer["detail"])
        case "Transient":
            return Transient(answer["detail"], maybe_done=answer["maybe_done"])
        case name:
            return _CLASSES.get(name, DeliveryError)(answer["detail"])
