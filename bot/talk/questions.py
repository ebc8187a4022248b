"""The open question of a talk lane: what was asked last, so that the next message may answer it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from bot.cofounder.brain import Pending
from bot.talk.tables import question
from core.clock import HOUR
from core.store import Unit

OPEN_FOR = HOUR

_FIND = select(question.c.pending, question.c.asked_at).where(question.c.talk_key == bindparam("key"))
_CLOSE = delete(question).where(question.c.talk_key == bindparam("key"))
_ADD = insert(question)
_FORGET = delete(question).where(question.c.asked_at < bindparam("before"))


def open_question(unit: Unit, talk_key: str) -> Pending | None:
    """The question that waits for an answer in this lane."""
    row = unit.row(_FIND, key=talk_key)
    if row is None or unit.now - row["asked_at"] > OPEN_FOR:
        return None
    return Pending(**row["pending"])


def ask(unit: Unit, talk_key: str, operation: str, arguments: dict[str, Any], asked: str) -> None:
    """Remember what was asked, instead of what was asked before."""
    close(unit, talk_key)
    pending = {"operation": operation, "arguments": arguments, "asked": asked}
    unit.execute(_ADD, {"talk_key": talk_key, "pending": pending, "asked_at": unit.now})


def close(unit: Unit, talk_key: str) -> None:
    """Nothing is open any more."""
    unit.changed(_CLOSE, key=talk_key)


def forget_old(unit: Unit) -> int:
    """Delete questions that nobody answered."""
    return unit.changed(_FORGET, before=unit.now - OPEN_FOR)
