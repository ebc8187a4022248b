"""What is kept about a person, counted, with who may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from core.nexuses.tree import nexus_of
from core.privacy.copies import Copy, copies_left
from core.privacy.fates import count_audit
from core.privacy.personal import by_person, declarations
from core.privacy.whose import Whose
from core.records.tables import record
from core.rules.kinds import KINDS
from core.rules.structure import epoch_of, structure_at
from core.rules.words import Action, audiences_of, names_of
from core.store import Unit

_COUNTED = (
    select(record.c.kind, record.c.nexus_id, record.c.ceiling, func.count(record.c.id).label("count"))
    .where(by_person(record, "author_id"), record.c.state != "removed")
    .group_by(record.c.kind, record.c.nexus_id, record.c.ceiling)
    .order_by(record.c.kind, record.c.nexus_id)
)


@dataclass(frozen=True, slots=True)
class Things:
    """So many entries of a kind in a Nexus, and the audiences of `core.rules.words` that may see them: none but the
    author if there are none."""

    kind: str
    name: str  # of the Nexus
    count: int
    seen_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it: entries, lines of the history, sentences about what else there is, and copies of the store."""

    things: tuple[Things, ...]
    history: int
    more: tuple[str, ...]
    copies: Sequence[Copy]


def picture(unit: Unit, who: Whose) -> Picture:
    """What is kept about a person."""
    structure = structure_at(unit, epoch_of(unit))
    found: Counter[tuple[str, int, tuple[str, ...]]] = Counter()
    for row in unit.rows(_COUNTED, people=list(who.people)):
        kind = KINDS.get(row["kind"])
        word = 0 if kind is None or kind.private else structure.word(row["nexus_id"], row["kind"]) & row["ceiling"]
        found[row["kind"], row["nexus_id"], names_of(audiences_of(word, Action.SEE))] += row["count"]
    names = {nexus_id: nexus_of(unit, nexus_id).name for _, nexus_id, _ in found}
    return Picture(
        tuple(Things(kind, names[where], count, seen) for (kind, where, seen), count in found.items()),
        count_audit(unit, who),
        tuple(line for one in declarations() if one.tells is not None for line in one.tells(unit, who)),
        copies_left(unit),
    )
