"""Recent lines of a conversation and their summary, kept while a model is configured; recalled as the rules allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select

from bot.cofounder.brain import Said
from bot.talk.heard import Mark, dump_mark, listeners, load_mark, read_mark, usable
from bot.talk.tables import talk_line, talk_summary
from core.clock import DAY
from core.operations import Audience
from core.people.people import is_forgotten
from core.store import Unit
from core.store.unit import Raw
from core.text import clean

# In characters, of which about four make a token. Talk that only grows keeps the beginning of a prompt the same, which
# providers cache from 1,024 tokens on; a fold rewrites it and costs a request, so it comes late and then folds much.
FOLD_AT = 8_000
RECENT = 2_500  # of the newest lines, which stay word by word
KEEP = 30 * DAY

_ADD = insert(talk_line)
# Every turn reads these, and there may be a hundred: so straight from the driver, and each mark is read once.
_LINES = Raw(
    "SELECT id, role, text, shows FROM talk_line "
    "WHERE talk_key = ? AND id > ? AND role IN ('user', 'assistant') ORDER BY id"
)
_SUMMARY_OF = Raw("SELECT text, upto, shows FROM talk_summary WHERE talk_key = ?")
_ASIDES = select(talk_line.c.shows).where(talk_line.c.talk_key == bindparam("key"), talk_line.c.role == "aside")
_DROP_SUMMARY = delete(talk_summary).where(talk_summary.c.talk_key == bindparam("key"))
_ADD_SUMMARY = insert(talk_summary)
_COUNT = select(func.count(talk_line.c.id)).where(talk_line.c.id.in_(bindparam("ids", expanding=True)))
_DROP_LINES = delete(talk_line).where(
    talk_line.c.talk_key == bindparam("key"),
    talk_line.c.id <= bindparam("upto"),
    talk_line.c.role.in_(["user", "assistant"]),
)
_FORGET = delete(talk_line).where(talk_line.c.at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is recalled."""

    id: int
    said: Said


@dataclass(frozen=True, slots=True)
class Recalled:
    """What may be recalled: the summary, the lines behind it, those of them that are old enough to be folded (none
    until there are many), and the mark of all of it together, as it is heard now.

    `outdated`: there is a summary that may not be used.
    """

    mark: Mark
    summary: str = ""
    lines: Sequence[Line] = ()
    fold: Sequence[Line] = ()
    outdated: bool = False


def remember(unit: Unit, talk_key: str, person_id: int, inbox_id: int, role: str, text: str, mark: Mark) -> None:
    """Add a line. Once per turn and role: call it in the unit that begins or ends the turn, whose row is the proof."""
    if is_forgotten(unit, person_id):
        return
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
            "shows": dump_mark(mark),
        },
    )


def recall(unit: Unit, talk_key: str, audience: Audience) -> Recalled:
    """What was said in this lane, as far as this audience may hear it now and it may go to a model."""
    stored = unit.fetch(_SUMMARY_OF, talk_key)
    summary, upto, about = stored[0] if stored else ("", 0, None)
    rows = unit.fetch(_LINES, talk_key, upto)
    mark = Mark(listeners(audience))
    if not stored and not rows:
        return Recalled(mark)
    every = [row[3] for row in rows] + ([about] if stored else [])
    marks = {one: read_mark(one) for one in every}
    fits = dict(zip(marks, usable(unit, audience, marks.values()), strict=True))
    kept = bool(stored) and fits[about]
    lines = [Line(line_id, Said(role, text)) for line_id, role, text, shows in rows if fits[shows]]
    mark = mark.with_all_of(*(found for one, found in marks.items() if fits[one] and found is not None))
    return Recalled(mark, summary if kept else "", lines, _old(lines), outdated=bool(stored) and not kept)


def _old(lines: Sequence[Line]) -> Sequence[Line]:
    if sum(len(line.said.text) for line in lines) < FOLD_AT:
        return []
    kept, room = len(lines), RECENT
    while kept and (room := room - len(lines[kept - 1].said.text)) >= 0:
        kept -= 1
    return lines[:kept]


def fold(unit: Unit, talk_key: str, person_id: int, summary: str, upto: int, mark: Mark) -> None:
    """Replace lines up to `upto` by the summary that covers them."""
    drop_summary(unit, talk_key)
    unit.execute(
        _ADD_SUMMARY,
        {
            "talk_key": talk_key,
            "person_id": person_id,
            "text": summary,
            "upto": upto,
            "at": unit.now,
            "shows": dump_mark(mark),
        },
    )
    unit.changed(_DROP_LINES, key=talk_key, upto=upto)


def still_there(unit: Unit, line_ids: Sequence[int]) -> bool:
    """Whether every one of these lines is still remembered."""
    return bool(unit.value(_COUNT, ids=list(line_ids)) == len(set(line_ids)))


def drop_summary(unit: Unit, talk_key: str) -> None:
    """It speaks of what may not be heard any more; the next one is made of the lines that are left."""
    unit.changed(_DROP_SUMMARY, key=talk_key)


def aside_made(unit: Unit, talk_key: str, nexus_id: int) -> bool:
    """Whether a remark about this Nexus was made in this lane within the last month."""
    marks = [load_mark(row["shows"]) for row in unit.rows(_ASIDES, key=talk_key)]
    return any(mark is not None and nexus_id in mark.nexuses for mark in marks)


def forget_old(unit: Unit) -> int:
    """Delete lines that are older than a month."""
    return unit.changed(_FORGET, before=unit.now - KEEP)
