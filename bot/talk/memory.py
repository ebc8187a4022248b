"""Recent lines of a conversation and their summary, kept while a model is configured."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from bot.cofounder.brain import Said
from bot.talk.tables import talk_line, talk_summary
from core.clock import DAY
from core.store import Unit
from core.text import clean

# In characters, of which about four make a token. Talk that only grows keeps the beginning of a prompt the same, which
# providers cache from 1,024 tokens on; a fold rewrites it and costs a request, so it comes late and then folds much.
FOLD_AT = 8_000
RECENT = 2_500  # of the newest lines, which stay word by word
KEEP = 30 * DAY

_ADD = insert(talk_line)
_LINES = (
    select(talk_line.c.id, talk_line.c.role, talk_line.c.text)
    .where(talk_line.c.talk_key == bindparam("key"), talk_line.c.id > bindparam("after"))
    .order_by(talk_line.c.id)
)
_SUMMARY = select(talk_summary.c.text, talk_summary.c.upto).where(talk_summary.c.talk_key == bindparam("key"))
_DROP_SUMMARY = delete(talk_summary).where(talk_summary.c.talk_key == bindparam("key"))
_ADD_SUMMARY = insert(talk_summary)
_DROP_LINES = delete(talk_line).where(talk_line.c.talk_key == bindparam("key"), talk_line.c.id <= bindparam("upto"))
_FORGET = delete(talk_line).where(talk_line.c.at < bindparam("before"))


def remember(unit: Unit, talk_key: str, person_id: int, inbox_id: int, role: str, text: str) -> None:
    """Add a line. Once per turn and role: call it in the unit that begins or ends the turn, whose row is the proof."""
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "talk_key": talk_key,
            "person_id": person_id,
            "inbox_id": inbox_id,
            "role": role,
            "text": clean(text)[:4000],
            "at": unit.now,
        },
    )


def recall(unit: Unit, talk_key: str) -> tuple[str, list[Said], list[tuple[int, Said]]]:
    """The summary, the lines behind it, and those that are old enough to be folded (empty until there are many)."""
    row = unit.row(_SUMMARY, key=talk_key)
    summary, upto = (row["text"], row["upto"]) if row else ("", 0)
    lines = [(r["id"], Said(r["role"], r["text"])) for r in unit.rows(_LINES, key=talk_key, after=upto)]
    return summary, [said for _, said in lines], _old(lines)


def _old(lines: list[tuple[int, Said]]) -> list[tuple[int, Said]]:
    if sum(len(said.text) for _, said in lines) < FOLD_AT:
        return []
    kept, room = len(lines), RECENT
    while kept and (room := room - len(lines[kept - 1][1].text)) >= 0:
        kept -= 1
    return lines[:kept]


def fold(unit: Unit, talk_key: str, person_id: int, summary: str, upto: int) -> None:
    """Replace lines up to `upto` by the summary that covers them."""
    unit.changed(_DROP_SUMMARY, key=talk_key)
    unit.execute(
        _ADD_SUMMARY,
        {"talk_key": talk_key, "person_id": person_id, "text": summary, "upto": upto, "at": unit.now},
    )
    unit.changed(_DROP_LINES, key=talk_key, upto=upto)


def forget_old(unit: Unit) -> int:
    """Delete lines that are older than a month."""
    return unit.changed(_FORGET, before=unit.now - KEEP)
