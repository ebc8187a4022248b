"""What is to be done on platforms for a case: a queue that outlives the process.

An act is written with its case in one unit. Whoever carries it out stores the state before it first, so that after a
crash the act is repeated and the way back is still known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.clock import MINUTE
from core.moderation.cases.tables import mod_act, mod_case
from core.people.tables import account
from core.store import Unit

AT_ONCE = 100  # messages in one deletion: as many as the platforms take
MOST_TRIES = 8  # with doubling pauses from two seconds that is about eight minutes of a platform that does not answer

_theirs, _ours = account.alias("theirs"), account.alias("ours")
_ADD = insert(mod_act)
_FULL = (
    select(mod_act, _theirs.c.external_id.label("whom"), _ours.c.external_id.label("by"))
    .outerjoin(_theirs, _theirs.c.id == mod_act.c.account_id)
    .outerjoin(_ours, _ours.c.id == mod_act.c.by_id)
)
# What is done to one person, or to one place, is done in the order in which it was decided: while the platform has to
# be waited for with one act, a later one does not overtake it.
_earlier = mod_act.alias("earlier")
_HELD_UP = (
    select(_earlier.c.id)
    .where(
        _earlier.c.state == "waiting",
        _earlier.c.platform == mod_act.c.platform,
        _earlier.c.workspace == mod_act.c.workspace,
        _earlier.c.place == mod_act.c.place,
        _earlier.c.account_id.is_not_distinct_from(mod_act.c.account_id),
        _earlier.c.id < mod_act.c.id,
        _earlier.c.planned_at <= bindparam("now"),
        _earlier.c.due_at > bindparam("now"),
    )
    .correlate(mod_act)
    .exists()
)
# So many of each spot, that a server with a lot to do does not keep the others waiting. The hundreds who arrive in a
# raid come last: what a moderator decides meanwhile is not to wait for them.
_ORDER = (mod_case.c.parent_id.is_not(None), mod_act.c.planned_at, mod_act.c.id)
_RANKED = (
    select(
        mod_act.c.id,
        func.row_number()
        .over(partition_by=(mod_act.c.platform, mod_act.c.workspace, mod_act.c.place), order_by=_ORDER)
        .label("rank"),
    )
    .join(mod_case, mod_case.c.id == mod_act.c.case_id)
    .where(
        mod_act.c.state == "waiting",
        mod_act.c.due_at <= bindparam("now"),
        mod_act.c.platform.in_(bindparam("platforms", expanding=True)),
        ~_HELD_UP,
    )
    .subquery()
)
_DUE = (
    _FULL.join(mod_case, mod_case.c.id == mod_act.c.case_id)
    .where(mod_act.c.id.in_(select(_RANKED.c.id).where(_RANKED.c.rank <= bindparam("most"))))
    .order_by(*_ORDER)
)
_OF_CASE = _FULL.where(mod_act.c.case_id == bindparam("case_id")).order_by(mod_act.c.id)
_OF_TURN = _FULL.where(mod_act.c.turn == bindparam("of_turn")).order_by(mod_act.c.id)
_TELL = (
    update(mod_act).where(mod_act.c.turn == bindparam("of_turn"), mod_act.c.asker_id.is_not(None)).values(asker_id=None)
)
_UNTOLD = (
    select(mod_act.c.turn)
    .where(mod_act.c.asker_id.is_not(None))
    .group_by(mod_act.c.turn)
    .having(func.max(func.coalesce(mod_act.c.done_at, bindparam("never"))) <= bindparam("before"))
    .order_by(mod_act.c.turn)
    .limit(50)
)
_ANY_UNTOLD = select(mod_act.c.id).where(mod_act.c.asker_id.is_not(None), mod_act.c.done_at.is_not(None)).limit(1)
_NEXT = (
    select(mod_act.c.due_at)
    .where(
        mod_act.c.state == "waiting",
        mod_act.c.due_at > bindparam("now"),
        mod_act.c.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(mod_act.c.due_at)
    .limit(1)
)
_WAITS = select(mod_act.c.id).where(mod_act.c.id == bindparam("act_id"), mod_act.c.state == "waiting")
_PREPARED = (
    update(mod_act)
    .where(mod_act.c.id == bindparam("act_id"), mod_act.c.state == "waiting")
    .values(before=bindparam("earlier"))
)
_MESSAGES = update(mod_act).where(mod_act.c.id == bindparam("act_id")).values(messages=bindparam("ids"))
_MESSAGES_OF = select(mod_act.c.messages).where(mod_act.c.id == bindparam("act_id"))
_NOT_BEGUN = (
    select(mod_act.c.id, mod_act.c.messages)
    .where(
        mod_act.c.case_id == bindparam("case_id"),
        mod_act.c.state == "waiting",
        mod_act.c.before.is_(None),
        mod_act.c.power == "delete",
        mod_act.c.platform == bindparam("platform"),
        mod_act.c.workspace == bindparam("workspace"),
        mod_act.c.place == bindparam("place"),
        mod_act.c.thread == bindparam("thread"),
    )
    .order_by(mod_act.c.id.desc())
    .limit(1)
    .with_for_update()
)
_SETTLE = (
    update(mod_act)
    .where(mod_act.c.id == bindparam("act_id"), mod_act.c.state == "waiting")
    .values(state=bindparam("new_state"), said=bindparam("words"), left_over=bindparam("left"), done_at=bindparam("at"))
)
_LATER = (
    update(mod_act)
    .where(mod_act.c.id == bindparam("act_id"), mod_act.c.state == "waiting")
    .values(due_at=bindparam("when"), tries=mod_act.c.tries + bindparam("one"))
)
_DROP = (
    update(mod_act)
    .where(mod_act.c.case_id == bindparam("of_case"), mod_act.c.state == "waiting", mod_act.c.reverses.is_(None))
    .values(state="dropped", done_at=bindparam("at"))
)
_OF_CASES = _FULL.where(mod_act.c.case_id.in_(bindparam("case_ids", expanding=True))).order_by(mod_act.c.id)
_WAY_BACK = update(mod_act).where(mod_act.c.id == bindparam("act_id")).values(before=bindparam("earlier"))


@dataclass(frozen=True, slots=True)
class Todo:
    """An act as it is queued. `due_at` in ms since epoch, 0: now. `reverses` is the act that it takes back.
    `turn` is the call that it comes of, and `asker_id` the person who is told what came of it.
    """

    platform: str
    workspace: str
    power: str
    place: str = ""
    thread: str = ""
    account_id: int | None = None
    by_id: int | None = None
    messages: tuple[str, ...] = ()
    newest: int = 0
    until: int | None = None
    seconds: int = 0
    reason: str = ""
    before: Mapping[str, str] | None = None
    reverses: int | None = None
    due_at: int = 0
    turn: str = ""
    asker_id: int | None = None


def queue(unit: Unit, case_id: int, todo: Todo) -> int:
    """Have something done once this unit is committed. Returns the act's id."""
    act_id = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": act_id,
            "case_id": case_id,
            "platform": todo.platform,
            "workspace": todo.workspace,
            "place": todo.place,
            "thread": todo.thread,
            "power": todo.power,
            "account_id": todo.account_id,
            "by_id": todo.by_id,
            "messages": list(todo.messages),
            "newest": todo.newest,
            "until": todo.until,
            "seconds": todo.seconds,
            "reason": todo.reason,
            "before": dict(todo.before) if todo.before is not None else None,
            "reverses": todo.reverses,
            "state": "waiting",
            "said": "",
            "left_over": [],
            # On the command line a call has no name; what was asked there is told of case by case.
            "turn": todo.turn or (f"case {case_id}" if todo.asker_id is not None else ""),
            "asker_id": todo.asker_id,
            "tries": 0,
            "planned_at": todo.due_at or unit.now,
            "due_at": todo.due_at or unit.now,
            "done_at": None,
        },
    )
    unit.wake("acts")
    return act_id


def due(unit: Unit, platforms: Sequence[str], most: int = 50) -> Sequence[RowMapping]:
    """What waits to be done on these platforms, in order, at most so many in each spot (see `Spot`).

    `whom` and `by` are the platform's ids of accounts.
    """
    return unit.rows(_DUE, now=unit.now, platforms=list(platforms), most=most)


def next_due(unit: Unit, platforms: Sequence[str]) -> int | None:
    """When the next act is due that is not due yet, on these platforms (ms since epoch); None: none waits."""
    found = unit.value(_NEXT, platforms=list(platforms), now=unit.now)
    return None if found is None else int(found)


def still_waits(unit: Unit, act_id: int) -> bool:
    """Whether it is still to be done."""
    return unit.value(_WAITS, act_id=act_id) is not None


def acts_of(unit: Unit, case_id: int) -> Sequence[RowMapping]:
    """Everything that was or is to be done for a case, oldest first."""
    return unit.rows(_OF_CASE, case_id=case_id)


def acts_of_cases(unit: Unit, case_ids: Sequence[int]) -> Sequence[RowMapping]:
    """Everything that was or is to be done for some cases, oldest first."""
    return unit.rows(_OF_CASES, case_ids=list(case_ids)) if case_ids else []


def pass_on(unit: Unit, act_id: int, before: Mapping[str, str]) -> None:
    """What was done before it is over while it stands: from now on the way back leads to the state before both."""
    unit.changed(_WAY_BACK, act_id=act_id, earlier=dict(before))


def acts_of_turn(unit: Unit, turn: str) -> Sequence[RowMapping]:
    """Everything that was or is to be done for one call, oldest first."""
    return unit.rows(_OF_TURN, of_turn=turn)


def tell(unit: Unit, turn: str) -> bool:
    """What came of a call is told now. False if that was done before."""
    return unit.changed(_TELL, of_turn=turn) > 0


def prepared(
    unit: Unit, act_id: int, before: Mapping[str, str], found: Sequence[str] | None = None
) -> tuple[str, ...] | None:
    """Keep what has to be known to take it back, and which messages were `found` to be the newest if it is about those.

    The messages that it is about, also those that were added since it was read; None if it is not to be done any more.
    """
    if unit.changed(_PREPARED, act_id=act_id, earlier=dict(before)) != 1:
        return None
    if found is not None:
        unit.changed(_MESSAGES, act_id=act_id, ids=list(found))
    return tuple(unit.value(_MESSAGES_OF, act_id=act_id) or ())


def delete_too(unit: Unit, case_id: int, todo: Todo) -> None:
    """Have messages deleted together with others of the case there that nobody has begun with, or by themselves."""
    where = {name: getattr(todo, name) for name in ("platform", "workspace", "place", "thread")}
    row = unit.row(_NOT_BEGUN, case_id=case_id, **where)
    if row is None or len(row["messages"]) + len(todo.messages) > AT_ONCE:
        queue(unit, case_id, todo)
    else:
        unit.changed(_MESSAGES, act_id=row["id"], ids=[*row["messages"], *todo.messages])


def settle(unit: Unit, act_id: int, state: str, said: str, left: Sequence[str]) -> bool:
    """It is over. False if it was so before. What follows from it: see `outcome`."""
    return unit.changed(_SETTLE, act_id=act_id, new_state=state, words=said, left=list(left), at=unit.now) == 1


def later(unit: Unit, act: RowMapping, pause: int, *, counts: bool) -> None:
    """Try again after `pause` ms; `counts`: this time counts towards `MOST_TRIES`."""
    unit.changed(_LATER, act_id=act["id"], when=unit.now + pause, one=int(counts))


def drop_waiting(unit: Unit, case_id: int) -> int:
    """What was not done yet for a case is not to be done any more. Returns how many acts that were.

    One that has its `before` may be under way, or was when the process died. What takes something back is kept.
    """
    return unit.changed(_DROP, of_case=case_id, at=unit.now)


def renew(unit: Unit, act: Mapping[Any, Any], at: int) -> None:
    """The same once more at that time: the platform ends it too early, or somebody else's decision has ended it.

    Whoever decided it was high enough when they did, and need not be it for ever.
    """
    todo = Todo(
        act["platform"],
        act["workspace"],
        act["power"],
        place=act["place"],
        thread=act["thread"],
        account_id=act["account_id"],
        until=act["until"],
        seconds=act["seconds"],
        reason=act["reason"],
        before=act["before"] or {},
        due_at=at,
    )
    queue(unit, act["case_id"], todo)


def untold(unit: Unit, before: int) -> list[str]:
    """The calls all of whose acts are over since then, and whose askers were not told yet."""
    return [row["turn"] for row in unit.rows(_UNTOLD, before=before, never=2**62)]


def any_untold(unit: Unit) -> bool:
    """Whether somebody is still to be told of anything that is over."""
    return unit.value(_ANY_UNTOLD) is not None


def pause_after(tries: int) -> int:
    """How long to wait after so many failures, in ms."""
    return int(min(2_000 * 2**tries, 5 * MINUTE))
