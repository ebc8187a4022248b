"""How long things are kept: decided by each Nexus for a kind or for all, worked off by a daily job.

Decision rule, for one kind in one Nexus: the nearest Nexus on the chain to the root that has said something about the
kind, or about everything, decides; what it says about the kind counts before what it says about everything. Where
nobody has said anything, things are kept until their authors close or forget them. Thoughts are their authors' alone:
nobody else decides how long they last.

What is closed goes so many days after it was closed. What is open goes so many days after it was posted, or was last
kept on, and never before its author was told, `NOTICE` ahead, with a button that keeps it on. A notice that is older
than `STALE` has to be given again: what is decided may have changed twice in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from core.buttons.buttons import Choice, offer
from core.clock import DAY, show_day
from core.errors import N_
from core.nexuses.tables import nexus_tree
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.privacy.tables import renewal, retention
from core.records.ageing import Aged, aged, count_aged, wipe
from core.records.records import open_ids
from core.rules.kinds import WRITTEN
from core.rules.words import ANY
from core.store import Unit

FOR_EVER = 0  # days
SHORTEST, LONGEST = 14, 3_660  # days that can be set: long enough to tell people a week before
NOTICE = 7 * DAY
STALE = 30 * DAY
BATCH = 200  # things in one unit of work
MANY = 1_000  # Nexuses in one statement
_BUTTON = 30 * DAY  # how long an answer to the notice is understood

_ALL = select(retention.c.nexus_id, retention.c.kind, retention.c.days)
_DROP = delete(retention).where(retention.c.nexus_id == bindparam("nexus"), retention.c.kind == bindparam("which"))
_ADD = insert(retention)
_BELOW_ANY = select(nexus_tree.c.descendant_id, nexus_tree.c.ancestor_id, nexus_tree.c.depth).where(
    nexus_tree.c.ancestor_id.in_(bindparam("above", expanding=True))
)
_ABOVE = select(nexus_tree.c.descendant_id, nexus_tree.c.ancestor_id, nexus_tree.c.depth).where(
    nexus_tree.c.descendant_id == bindparam("nexus")
)
_NEW_RENEWAL = insert(renewal)
_RENEW = (
    update(renewal)
    .where(renewal.c.record_id == bindparam("thing"))
    .values(since=bindparam("from_now"), warned_at=bindparam("told_at"))
)
_EVERY_RENEWAL = (
    select(renewal.c.record_id)
    .where(renewal.c.record_id > bindparam("after"))
    .order_by(renewal.c.record_id)
    .limit(MANY)
)
_DROP_RENEWAL = delete(renewal).where(renewal.c.record_id == bindparam("thing"))

Settings = Mapping[tuple[int, str], int]  # days by Nexus and kind (or "*"), as they were set
Tree = Sequence[tuple[int, int, int]]  # a Nexus, one at or above it, and how far above


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a kind is kept in a Nexus: `days` (0 for ever), and which Nexus decided it (0: none did)."""

    kind: str
    days: int
    nexus_id: int


def decide(settings: Settings, tree: Tree) -> dict[tuple[int, str], Kept]:
    """For each Nexus in the tree and each kind, what decides: only where something does. Pure."""
    found: dict[tuple[int, str], Kept] = {}
    for where, above, _ in sorted(tree, key=lambda step: -step[2]):  # the nearest comes last, and stays
        for kind in WRITTEN:
            days = settings.get((above, kind), settings.get((above, ANY)))
            if days is not None:
                found[where, kind] = Kept(kind, days, above)
    return found


def settings_of(unit: Unit) -> dict[tuple[int, str], int]:
    """Everything that was set."""
    return {(row["nexus_id"], row["kind"]): row["days"] for row in unit.rows(_ALL)}


def kept_in(unit: Unit, nexus_id: int) -> list[Kept]:
    """How long each kind is kept in a Nexus."""
    decided = decide(settings_of(unit), _tree(unit.rows(_ABOVE, nexus=nexus_id)))
    return [decided.get((nexus_id, kind), Kept(kind, FOR_EVER, 0)) for kind in WRITTEN]


def set_retention(unit: Unit, nexus_id: int, kind: str, days: int | None, *, by: int) -> None:
    """Decide for a Nexus how many days a kind is kept; None takes the decision back, so that those above decide."""
    unit.changed(_DROP, nexus=nexus_id, which=kind)
    if days is not None:
        unit.execute(_ADD, {"nexus_id": nexus_id, "kind": kind, "days": days, "set_by": by, "set_at": unit.now})


def overdue(unit: Unit, nexus_id: int, kind: str, days: int | None) -> tuple[int, int]:
    """What such a decision would come to at once: (closed things that go, open ones whose authors are told)."""
    settings = settings_of(unit)
    settings.pop((nexus_id, kind), None)
    if days is not None:
        settings[nexus_id, kind] = days
    inside = {row["descendant_id"] for row in unit.rows(_BELOW_ANY, above=[nexus_id])}
    closed = opened = 0
    for one, limit, nexus_ids in _limits(unit, settings, inside):
        if kind in (ANY, one):
            closed += count_aged(unit, "closed", one, nexus_ids, before=unit.now - limit)
            opened += count_aged(unit, "open", one, nexus_ids, before=unit.now - limit + NOTICE)
    return closed, opened


def sweep(unit: Unit) -> bool:
    """Wipe what is due and tell whom that will concern in a week, at most `BATCH` things. True if there may be more."""
    left = BATCH
    for kind, limit, nexus_ids in _limits(unit, settings_of(unit)):
        times = {"told_after": unit.now - STALE}
        going = aged(unit, "closed", kind, nexus_ids, left, before=unit.now - limit)
        left -= len(going)
        if left > 0:
            ripe = aged(
                unit, "told", kind, nexus_ids, left, before=unit.now - limit, told_before=unit.now - NOTICE, **times
            )
            going += ripe
            left -= len(ripe)
        for one in wipe(unit, going):
            unit.changed(_DROP_RENEWAL, thing=one.id)
        if left > 0:
            ending = aged(unit, "untold", kind, nexus_ids, left, before=unit.now - limit + NOTICE, **times)
            left -= len(ending)
            _tell(unit, ending, limit)
        if left <= 0:
            return True
    return False


def keep_on(unit: Unit, record_ids: Iterable[int]) -> None:
    """Open things count as posted now."""
    for record_id in record_ids:
        _renew(unit, record_id, unit.now, None)


def tidy(unit: Unit) -> None:
    """Delete what is remembered of things that are not open any more."""
    after = -1
    while ids := [row["record_id"] for row in unit.rows(_EVERY_RENEWAL, after=after)]:
        still = open_ids(unit, ids)
        for record_id in ids:
            if record_id not in still:
                unit.changed(_DROP_RENEWAL, thing=record_id)
        after = ids[-1]


def _limits(
    unit: Unit, settings: Settings, among: Collection[int] | None = None
) -> Iterator[tuple[str, int, list[int]]]:
    """(kind, milliseconds, Nexuses) of everything that is not kept for ever, a bounded number of Nexuses at a time."""
    if not settings:
        return
    tree = _tree(unit.rows(_BELOW_ANY, above=sorted({nexus_id for nexus_id, _ in settings})))
    grouped: dict[tuple[str, int], list[int]] = defaultdict(list)
    for (nexus_id, kind), kept in sorted(decide(settings, tree).items()):
        if kept.days != FOR_EVER and (among is None or nexus_id in among):
            grouped[kind, kept.days].append(nexus_id)
    for (kind, days), nexus_ids in grouped.items():
        for start in range(0, len(nexus_ids), MANY):
            yield kind, days * DAY, nexus_ids[start : start + MANY]


def _tree(rows: Iterable[RowMapping]) -> Tree:
    return [(row["descendant_id"], row["ancestor_id"], row["depth"]) for row in rows]


def _tell(unit: Unit, ending: Sequence[Aged], limit: int) -> None:
    """One notice for each author and Nexus, with a button that keeps all of it on."""
    grouped: dict[tuple[int, int], list[Aged]] = defaultdict(list)
    for one in ending:
        grouped[one.author_id, one.nexus_id].append(one)
        _renew(unit, one.id, one.since, unit.now)
    for (author_id, nexus_id), things in grouped.items():
        first = min(max(one.since + limit, unit.now + NOTICE) for one in things)
        buttons = offer(
            unit,
            (
                Choice(N_("Keep it"), "retention.keep", {"things": " ".join(f"={t.id}" for t in things)}, "primary"),
                Choice(N_("Let it go")),
            ),
            person_id=author_id,
            nexus_id=nexus_id,
            lifetime=_BUTTON,
        )
        notify(
            unit,
            author_id,
            N_(
                "In {nexus}, things are kept for {days} days. On {day} I would delete this of yours: {things}. Keep it?"
            ),
            {
                "nexus": nexus_of(unit, nexus_id).name,
                "days": limit // DAY,
                "day": show_day(first),
                "things": _named(things),
            },
            buttons=buttons,
        )


def _named(things: Sequence[Aged]) -> str:
    shown = [f"“{t.body if len(t.body) <= 60 else t.body[:59].rstrip() + '…'}”" for t in things[:5]]
    more = len(things) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _renew(unit: Unit, record_id: int, since: int, warned_at: int | None) -> None:
    if unit.changed(_RENEW, thing=record_id, from_now=since, told_at=warned_at) == 0:
        unit.execute(_NEW_RENEWAL, {"record_id": record_id, "since": since, "warned_at": warned_at})
