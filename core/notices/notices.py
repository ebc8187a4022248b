"""Writing notices, and handing them to the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.engine import RowMapping

from core.buttons.tables import ButtonSpec
from core.clock import DAY
from core.notices.tables import notice
from core.people.tables import account
from core.store import Unit

_INSERT = insert(notice)
_WAITING = (
    select(notice)
    .where(notice.c.state == "waiting", notice.c.id > bindparam("after"))
    .order_by(notice.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FOR_THOSE_ON = _WAITING.where(
    exists().where(
        account.c.person_id == notice.c.person_id, account.c.platform.in_(bindparam("platforms", expanding=True))
    )
)
_AGAIN = update(notice).where(notice.c.id == bindparam("notice_id"), notice.c.state == "given").values(state="waiting")
_SET = (
    update(notice)
    .where(notice.c.id == bindparam("notice_id"), notice.c.state == "waiting")
    .values(state=bindparam("new_state"))
)

_OLD = delete(notice).where(notice.c.state != "waiting", notice.c.at < bindparam("before"))


def notify(
    unit: Unit,
    person_id: int,
    template: str,
    data: dict[str, Any],
    *,
    buttons: Sequence[ButtonSpec] = (),
    account_id: int = 0,
) -> None:
    """Tell a person something in private once this unit is committed."""
    unit.execute(
        _INSERT,
        {
            "id": unit.new_id(),
            "person_id": person_id,
            "account_id": account_id,
            "template": template,
            "data": data,
            "buttons": [[b.label, b.token, b.style] for b in buttons],
            "at": unit.now,
            "state": "waiting",
        },
    )
    unit.wake("notices")


def waiting(
    unit: Unit, most: int = 50, *, after: int = 0, platforms: Sequence[str] | None = None
) -> Sequence[RowMapping]:
    """Notices that nobody has delivered yet, oldest first, locked against other workers.

    `after` is the id of the last one seen; `platforms` leaves out people who have no account on any of them.
    """
    if platforms is None:
        return unit.rows(_WAITING, most=most, after=after)
    return unit.rows(_FOR_THOSE_ON, most=most, after=after, platforms=list(platforms))


def settle(unit: Unit, notice_id: int, state: str) -> bool:
    """Mark a notice `given` or `undeliverable`. False if somebody was faster."""
    return unit.changed(_SET, notice_id=notice_id, new_state=state) == 1


def put_back(unit: Unit, notice_id: int) -> None:
    """A notice that was handed over did not reach the person: it waits again."""
    unit.changed(_AGAIN, notice_id=notice_id)


def forget_old(unit: Unit) -> int:
    """Delete notices that were settled and are more than a week old. Returns how many."""
    return unit.changed(_OLD, before=unit.now - 7 * DAY)
