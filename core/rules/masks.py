"""What rules come to, kept beside the data: worked out anew whenever a rule, or the place of a Nexus, changes.

Every change draws the next number of `rule_epoch` first; its row stays locked until the commit, so that changes become
visible in the order of their numbers, and a process that has seen number n finds all it lacks behind n.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, delete, insert, select, update

from core.nexuses.tables import nexus, nexus_tree
from core.rules.decide import Carry, Rule, Settled, settle_all
from core.rules.tables import rule, rule_epoch, rule_mask
from core.rules.words import ANY
from core.store import Unit

_BUMP = update(rule_epoch).values(epoch=rule_epoch.c.epoch + 1).returning(rule_epoch.c.epoch)
_FIRST = insert(rule_epoch).values(id=1, epoch=1)
_CHAIN = (
    select(nexus_tree.c.ancestor_id)
    .where(nexus_tree.c.descendant_id == bindparam("nexus_id"))
    .order_by(nexus_tree.c.depth)
)
_BELOW = (
    select(nexus.c.id, nexus.c.parent_id)
    .join(nexus_tree, nexus_tree.c.descendant_id == nexus.c.id)
    .where(nexus_tree.c.ancestor_id == bindparam("nexus_id"))
    .order_by(nexus_tree.c.depth)
)
_RULES_ABOVE = (
    select(rule)
    .join(nexus_tree, nexus_tree.c.ancestor_id == rule.c.nexus_id)
    .where(nexus_tree.c.descendant_id == bindparam("nexus_id"))
    .order_by(rule.c.id)
)
_RULES_BELOW = (
    select(rule)
    .join(nexus_tree, nexus_tree.c.descendant_id == rule.c.nexus_id)
    .where(nexus_tree.c.ancestor_id == bindparam("nexus_id"), nexus_tree.c.depth > 0)
    .order_by(nexus_tree.c.depth, rule.c.id)
)
_MASKS_BELOW = (
    select(rule_mask.c.nexus_id, rule_mask.c.kind, rule_mask.c.word, rule_mask.c.until)
    .join(nexus_tree, nexus_tree.c.descendant_id == rule_mask.c.nexus_id)
    .where(nexus_tree.c.ancestor_id == bindparam("nexus_id"))
)
_ADD = insert(rule_mask)
_THIS = (rule_mask.c.nexus_id == bindparam("nexus"), rule_mask.c.kind == bindparam("which"))
_SET = (
    update(rule_mask)
    .where(*_THIS)
    .values(word=bindparam("new_word"), until=bindparam("new_until"), epoch=bindparam("at_epoch"))
)
_KNOWN = select(rule_mask.c.nexus_id, rule_mask.c.kind)
_ALL = delete(rule_mask)
_ROOTS = select(nexus.c.id).where(nexus.c.parent_id.is_(None))
_TOUCH = update(nexus).where(nexus.c.id == bindparam("nexus_id")).values(epoch=bindparam("at_epoch"))
_TOUCH_ALL = update(nexus).values(epoch=bindparam("at_epoch"))
_ENDED = select(rule_mask.c.nexus_id).where(rule_mask.c.until <= bindparam("at")).distinct()

Chain = list[list[Rule]]


def bump(unit: Unit) -> int:
    """Draw the number of a change, which every process sees with it."""
    unit.changes += 1
    drawn = unit.value(_BUMP)
    if drawn is None:
        unit.execute(_FIRST)
        return 1
    return int(drawn)


def touch(unit: Unit, nexus_id: int) -> None:
    """The state of a Nexus has changed."""
    unit.changed(_TOUCH, nexus_id=nexus_id, at_epoch=bump(unit))


def rules_inside(unit: Unit, nexus_id: int) -> list[Rule]:
    """The rules of every Nexus below this one, the nearest first; also those that have ended."""
    return [Rule(**row) for row in unit.rows(_RULES_BELOW, nexus_id=nexus_id)]


def rules_on_chain(unit: Unit, nexus_id: int) -> Chain:
    """The rules of a Nexus and of all above, one list for each, nearest first; also those that have ended."""
    by_nexus = _grouped(Rule(**row) for row in unit.rows(_RULES_ABOVE, nexus_id=nexus_id))
    return [by_nexus[row["ancestor_id"]] for row in unit.rows(_CHAIN, nexus_id=nexus_id)]


def recompile(unit: Unit, nexus_id: int, *, moved: bool = False) -> None:
    """Work out a Nexus and everything below; what comes out different is written, under one number.

    `moved`: its own place in the tree has changed as well.
    """
    epoch = bump(unit)
    if moved:
        unit.changed(_TOUCH, nexus_id=nexus_id, at_epoch=epoch)
    found = {(row["nexus_id"], row["kind"]): row for row in unit.rows(_MASKS_BELOW, nexus_id=nexus_id)}
    settled = settled_below(unit, nexus_id)
    # A kind that nobody on the chain names any more is like every other: its row says what that of "*" says.
    wanted = {key: settled[key[0], ANY] for key in found} | settled
    new, changed = [], []
    for (where, kind), one in wanted.items():
        row = found.get((where, kind))
        if row is None:
            new.append({"nexus_id": where, "kind": kind, "word": one.word, "until": one.until, "epoch": epoch})
        elif (row["word"], row["until"]) != (one.word, one.until):
            changed.append(
                {"nexus": where, "which": kind, "new_word": one.word, "new_until": one.until, "at_epoch": epoch}
            )
    if new:
        unit.execute(_ADD, new)
    if changed:
        unit.execute(_SET, changed)


def settled_below(
    unit: Unit, nexus_id: int, replaced: Mapping[int, list[Rule]] | None = None
) -> dict[tuple[int, str], Settled]:
    """What rules come to in a Nexus and everything below, by (Nexus, kind), as they stand in the store.

    `replaced` are rules that some of these Nexuses are to be taken to have instead: for looking at a change before.
    """
    replaced = replaced or {}
    chain = rules_on_chain(unit, nexus_id)
    carries: dict[int | None, dict[str, Carry]] = {}
    above: dict[str, Carry] = {}
    for own in reversed(chain[1:]):
        above = {kind: one.down for kind, one in settle_all(own, above, unit.now).items()}
    rows = unit.rows(_BELOW, nexus_id=nexus_id)
    rules = _grouped(Rule(**row) for row in unit.rows(_RULES_BELOW, nexus_id=nexus_id)) if len(rows) > 1 else {}
    settled: dict[tuple[int, str], Settled] = {}
    for row in rows:  # by depth: each after what is above it
        where = row["id"]
        own = replaced[where] if where in replaced else chain[0] if where == nexus_id else rules.get(where, [])
        here = settle_all(own, above if where == nexus_id else carries[row["parent_id"]], unit.now)
        carries[where] = {kind: one.down for kind, one in here.items()}
        settled.update({(where, kind): one for kind, one in here.items()})
    return settled


def rebuild(unit: Unit) -> None:
    """Work out every Nexus anew, from the rules and the tree alone: for a store that was carried or filled by hand."""
    epoch = bump(unit)
    unit.changed(_TOUCH_ALL, at_epoch=epoch)
    known = [(row["nexus_id"], row["kind"]) for row in unit.rows(_KNOWN)]
    unit.changed(_ALL)
    for row in unit.rows(_ROOTS):
        settled = settled_below(unit, row["id"])
        # As in `recompile`: whoever has read a row of a kind that nobody names any more hears of it on and on.
        settled = {key: settled[key[0], ANY] for key in known if (key[0], ANY) in settled} | settled
        unit.execute(
            _ADD,
            [
                {"nexus_id": where, "kind": kind, "word": one.word, "until": one.until, "epoch": epoch}
                for (where, kind), one in settled.items()
            ],
        )


def end_what_is_over(unit: Unit) -> int:
    """Write down what masks come to whose rules have ended. Readers do not wait for it. Returns how many Nexuses."""
    ended = [row["nexus_id"] for row in unit.rows(_ENDED, at=unit.now)]
    for nexus_id in ended:
        recompile(unit, nexus_id)
    return len(ended)


def _grouped(rules: Iterable[Rule]) -> dict[int, list[Rule]]:
    by_nexus: dict[int, list[Rule]] = defaultdict(list)
    for one in rules:
        by_nexus[one.nexus_id].append(one)
    return by_nexus
