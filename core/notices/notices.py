"""Writing notices, and handing them to the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.engine import RowMapping

from core.buttons.tables import ButtonSpec
from core.clock import DAY
from core.notices.tables import notice, place_notice
from core.people.tables import account
from core.store import Unit

Card = tuple[str, dict[str, Any]]
"""An operation that only reads, and its frozen arguments: what it says is shown below the words of a notice."""

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

_ANNOUNCE = insert(place_notice)
_ANNOUNCED = (
    select(place_notice)
    .where(place_notice.c.state == "waiting", place_notice.c.id > bindparam("after"))
    .order_by(place_notice.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_SET_ANNOUNCED = (
    update(place_notice)
    .where(place_notice.c.id == bindparam("notice_id"), place_notice.c.state == "waiting")
    .values(state=bindparam("new_state"))
)
_LOST = (
    update(place_notice)
    .where(place_notice.c.id == bindparam("notice_id"), place_notice.c.state == "given")
    .values(state="undeliverable")
)
_OLD_ANNOUNCED = delete(place_notice).where(place_notice.c.state != "waiting", place_notice.c.at < bindparam("before"))
_OLD = delete(notice).where(notice.c.state != "waiting", notice.c.at < bindparam("before"))


def notify(
    unit: Unit,
    person_id: int,
    template: str,
    data: dict[str, Any],
    *,
    buttons: Sequence[ButtonSpec] = (),
    account_id: int = 0,
    card: Card | None = None,
) -> None:
    """Tell a person something in private once this unit is committed; with a card that is looked up when it is told."""
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
            "card": card,
        },
    )
    unit.wake("notices")


def announce(
    unit: Unit,
    place_id: int,
    template: str,
    data: dict[str, Any],
    *,
    buttons: Sequence[ButtonSpec] = (),
    card: Card | None = None,
) -> None:
    """Say something in a place once this unit is committed. The words are for whoever reads there: names no secret.

    The card is looked up for exactly those who can read there when it is said, and left out where they may not see it.
    """
    unit.execute(
        _ANNOUNCE,
        {
            "id": unit.new_id(),
            "place_id": place_id,
            "template": template,
            "data": data,
            "card": card,
            "buttons": [[b.label, b.token, b.style] for b in buttons],
            "at": unit.now,
            "state": "waiting",
        },
    )
    unit.wake("notices")


def announced(unit: Unit, most: int = 50, *, after: int = 0) -> Sequence[RowMapping]:
    """What is to be said in places and nobody has taken up yet, oldest first, locked against other workers.

    `after` is the id of the last one seen.
    """
    return unit.rows(_ANNOUNCED, most=most, after=after)


def settle_announced(unit: Unit, notice_id: int, state: str) -> bool:
    """Mark what was to be said in a place `given` or `undeliverable`. False if somebody was faster."""
    return unit.changed(_SET_ANNOUNCED, notice_id=notice_id, new_state=state) == 1


def lost_announced(unit: Unit, notice_id: int) -> None:
    """What was handed over for a place could not be said there: the place is gone, or closed to us."""
    unit.changed(_LOST, notice_id=notice_id)


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
    before = unit.now - 7 * DAY
    return unit.changed(_OLD, before=before) + unit.changed(_OLD_ANNOUNCED, before=before)
