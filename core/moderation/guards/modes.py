"""What each rule may do in a Nexus.

Decision rule: what a Nexus above says of a rule holds below it as well, and a Nexus below may only be stricter:
off < shadow < ask < act. Where nobody on the chain has said anything, a rule is off, and nothing is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from core.moderation.guards.tables import guard, guard_words
from core.moderation.signals.defaults import DEFAULT_RULES
from core.nexuses.tree import chain
from core.store import Unit
from core.store.upsert import insert_into

MODES = ("off", "shadow", "ask", "act")
RULES = tuple(DEFAULT_RULES)
# A new rule starts in shadow; a raid cannot wait for a week of counting, so moderators are asked from the first day.
FIRST = {"raid": "ask"}

_OF = select(guard).where(guard.c.nexus_id.in_(bindparam("chain", expanding=True)))
_FORGET = delete(guard).where(
    guard.c.nexus_id.in_(bindparam("nexuses", expanding=True)), guard.c.rule == bindparam("which")
)
_ANY = select(guard.c.nexus_id).where(guard.c.mode != "off").limit(1)
_WORDS = select(guard_words).where(guard_words.c.nexus_id.in_(bindparam("chain", expanding=True)))


@dataclass(frozen=True, slots=True)
class Mode:
    """What a rule may do: where that was said (a Nexus), by whom (None: it fell back by itself), since when."""

    mode: str
    nexus_id: int
    set_by: int | None
    set_at: int


def strictness(mode: str) -> int:
    """How much a rule may do, as a number that can be compared."""
    return MODES.index(mode)


def modes_of(unit: Unit, nexus_id: int) -> dict[str, Mode]:
    """What each rule may do in a Nexus; rules about which nobody said anything are not in it."""
    ids = [one.id for one in chain(unit, nexus_id)]
    found: dict[str, Mode] = {}
    for row in unit.rows(_OF, chain=ids):
        mode = Mode(row["mode"], row["nexus_id"], row["set_by"], row["set_at"])
        known = found.get(row["rule"])
        if known is None or strictness(mode.mode) > strictness(known.mode):
            found[row["rule"]] = mode
    return found


def where_said(unit: Unit, nexus_id: int, rule: str, mode: str) -> list[int]:
    """The Nexuses from this one upward that say this of a rule, nearest first."""
    ids = [one.id for one in chain(unit, nexus_id)]
    said = {row["nexus_id"] for row in unit.rows(_OF, chain=ids) if row["rule"] == rule and row["mode"] == mode}
    return [one for one in ids if one in said]


def inherited(unit: Unit, nexus_id: int, rule: str) -> str:
    """What a rule may do at least, since a Nexus above says so."""
    above = [one.id for one in chain(unit, nexus_id) if one.id != nexus_id]
    modes = [row["mode"] for row in unit.rows(_OF, chain=above) if row["rule"] == rule] if above else []
    return max(modes, key=strictness, default="off")


def set_mode(unit: Unit, nexus_id: int, rule: str, mode: str, by_id: int | None) -> None:
    """Say what a rule may do in a Nexus. The caller has checked that it is not less than what is inherited."""
    values = {"mode": mode, "set_by": by_id, "set_at": unit.now}
    statement = insert_into(guard, postgres=unit.postgres).values(nexus_id=nexus_id, rule=rule, **values)
    unit.execute(statement.on_conflict_do_update(index_elements=["nexus_id", "rule"], set_=values))
    unit.wake("guards")


def forget(unit: Unit, nexuses: Sequence[int], rule: str) -> None:
    """Forget what was said of a rule in these Nexuses: it is not there any more, or another one."""
    unit.changed(_FORGET, nexuses=list(nexuses), which=rule)
    unit.wake("guards")


def any_watched(unit: Unit) -> bool:
    """Whether any Nexus has any rule that is not off."""
    return unit.value(_ANY) is not None


def words_of(unit: Unit, nexus_id: int) -> list[str]:
    """The words that are not wanted in a Nexus, its own and those from above."""
    ids = [one.id for one in chain(unit, nexus_id)]
    return sorted({word for row in unit.rows(_WORDS, chain=ids) for word in row["words"]})


def own_words(unit: Unit, nexus_id: int) -> list[str]:
    """The words that this very Nexus does not want."""
    return [word for row in unit.rows(_WORDS, chain=[nexus_id]) for word in row["words"]]


def set_words(unit: Unit, nexus_id: int, words: list[str], by_id: int) -> None:
    """Say which words this Nexus does not want."""
    values = {"words": words, "set_by": by_id, "set_at": unit.now}
    statement = insert_into(guard_words, postgres=unit.postgres).values(nexus_id=nexus_id, **values)
    unit.execute(statement.on_conflict_do_update(index_elements=["nexus_id"], set_=values))
    unit.wake("guards")
