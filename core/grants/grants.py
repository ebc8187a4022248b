"""A grant as a whole: reading it, changing its state by compare-and-set, its timeline, and telling those concerned.

Decision rule for who may see one: whoever it concerns (proposer, recipient, giver) and whoever decides about the fund
may see it; everybody else as far as the rules of its Nexus let them see grants. What is said in a place is decided for
all who read there, and names of the parties count as seeing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import RowMapping

from core.buttons.buttons import Choice, offer
from core.errors import N_, Conflict
from core.grants.states import State, may_follow
from core.grants.tables import grant_award, grant_event, grants, tranche
from core.ledger.units import Money
from core.nexuses.tree import nexus_of
from core.notices.notices import announce, notify
from core.people.people import person_of
from core.store import Unit

HAPPENINGS = (
    "proposed", "applied", "changed", "asked", "answered", "approved", "rejected", "withdrawn", "accepted", "declined",
    "due", "released", "paid", "skipped", "held_back", "hours", "reported", "reminded", "completed", "revoked",
    "expired", "warned", "recurred", "escalated", "reversed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of a grant's money: `state` is planned, due, released, paid, skipped or returned."""

    id: int
    seq: int
    amount: Money
    due_at: int | None
    condition: str
    state: str
    hold_id: int | None
    journal_id: int | None


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant. People are numbers of now (merges followed); `name` is what it is called in questions."""

    id: int
    handle: str
    nexus_id: int
    proposer_id: int
    recipient_id: int
    giver_id: int  # 0: the fund gives
    source: str  # fund | own | mandate
    mandate_id: int | None
    purpose: str
    condition: str
    state: str
    version: int
    needed: int
    terms: dict[str, Any]
    created_at: int
    proposed_at: int | None
    decided_at: int | None
    accepted_at: int | None
    ended_at: int | None
    expires_at: int | None
    place_id: int
    report_due: int | None
    reported_at: int | None
    every: int
    next_at: int | None
    origin_id: int | None
    awards: tuple[Money, ...]  # money first, time last
    tranches: tuple[Tranche, ...]

    @property
    def name(self) -> str:
        """What it is called: the purpose, or the short name."""
        return self.purpose or f"#{self.handle}"

    @property
    def money(self) -> Money | None:
        """The money that it awards, if it does."""
        return next((one for one in self.awards if one.unit != "MIN"), None)

    @property
    def time(self) -> Money | None:
        """The time that it awards, if it does."""
        return next((one for one in self.awards if one.unit == "MIN"), None)

    @property
    def applied(self) -> bool:
        """Whether the recipient asked for it."""
        return self.proposer_id == self.recipient_id


_COLUMNS = [c for c in grants.c if c.name not in ("warned_at", "reminded_at")]
_BY_ID = select(*_COLUMNS).where(grants.c.id == bindparam("grant_id"))
_LOCKED = select(*_COLUMNS).where(grants.c.id == bindparam("grant_id")).with_for_update()
_BY_HANDLE = select(grants.c.id).where(grants.c.handle == bindparam("handle"))
_AWARDS = select(grant_award).where(grant_award.c.grant_id == bindparam("grant_id"))
_TRANCHES = select(tranche).where(tranche.c.grant_id == bindparam("grant_id")).order_by(tranche.c.seq)
_SET_STATE = (
    update(grants)
    .where(
        grants.c.id == bindparam("grant_id"),
        grants.c.state == bindparam("seen"),
        grants.c.version == bindparam("seen_version"),
    )
    .values(state=bindparam("new_state"))
)
_REMEMBER = insert(grant_event)
_EVENTS = select(grant_event).where(grant_event.c.grant_id == bindparam("grant_id")).order_by(grant_event.c.id)


def grant_of(unit: Unit, grant_id: int, *, locked: bool = False) -> Grant:
    """A grant with what it awards and its tranches. `locked`: nobody else changes it until the unit ends.

    Whoever changes one reads it locked first. Raises `LookupError`.
    """
    row = unit.row(_LOCKED if locked else _BY_ID, grant_id=grant_id)
    if row is None:
        raise LookupError(f"no grant {grant_id}")
    return _grant(unit, row)


def locked(unit: Unit, grant: Grant) -> Grant:
    """The grant as it is now; nobody else decides about money of its Nexus until the unit ends."""
    nexus_of(unit, grant.nexus_id, lock=True)
    return grant_of(unit, grant.id, locked=True)


def grant_by_handle(unit: Unit, handle: str) -> int | None:
    """The id of the grant with this short name. Says nothing about who may know of it."""
    found: int | None = unit.value(_BY_HANDLE, handle=handle.strip().lstrip("#").casefold())
    return found


def _grant(unit: Unit, row: RowMapping) -> Grant:
    awards = sorted(
        (Money(one["amount"], one["unit"]) for one in unit.rows(_AWARDS, grant_id=row["id"])),
        key=lambda money: (money.unit == "MIN", money.unit),
    )
    tranches = tuple(
        Tranche(
            one["id"],
            one["seq"],
            Money(one["amount"], one["unit"]),
            one["due_at"],
            one["condition"],
            one["state"],
            one["hold_id"],
            one["journal_id"],
        )
        for one in unit.rows(_TRANCHES, grant_id=row["id"])
    )
    values = dict(row) | {
        name: person_of(unit, row[name]).id for name in ("proposer_id", "recipient_id", "giver_id") if row[name]
    }
    return Grant(**values, awards=tuple(awards), tranches=tranches)


def move(unit: Unit, grant: Grant, state: State, **values: Any) -> None:
    """Take a grant to another state, with other columns that change along. Raises `Conflict` if it moved meanwhile."""
    if not may_follow(grant.state, state):
        raise Conflict(
            N_("That grant is {state}; it can't become {then} any more."), state=grant.state, then=state.value
        )
    if (
        unit.changed(_SET_STATE, grant_id=grant.id, seen=grant.state, seen_version=grant.version, new_state=state.value)
        != 1
    ):
        raise Conflict(N_("Somebody was faster: that grant has just changed. Look at it again, please."))
    change(unit, grant.id, **values)


def change(unit: Unit, grant_id: int, **values: Any) -> None:
    """Set columns of a grant that was read locked."""
    if values:
        unit.changed(update(grants).where(grants.c.id == grant_id).values(**values))


def remember(
    unit: Unit, grant_id: int, what: str, person_id: int, *, words: str = "", **data: int | str | None
) -> None:
    """Add to the timeline. `data` are numbers and closed words alone; what people wrote goes into `words`."""
    if what not in HAPPENINGS:
        raise ValueError(f"nothing called {what!r} happens to a grant")
    unit.execute(
        _REMEMBER,
        {
            "id": unit.new_id(),
            "grant_id": grant_id,
            "person_id": person_id,
            "what": what,
            "data": data,
            "words": words,
            "at": unit.now,
        },
    )


def timeline(unit: Unit, grant_id: int) -> Sequence[RowMapping]:
    """What happened to a grant, oldest first."""
    return unit.rows(_EVENTS, grant_id=grant_id)


def tell(
    unit: Unit,
    grant: Grant,
    template: str,
    data: dict[str, Any],
    *,
    people: Iterable[int] = (),
    choices: Sequence[Choice] = (),
    place: bool = True,
    but: int = 0,
    lifetime: int | None = None,
) -> None:
    """Tell people in private, each with the grant's card and buttons of their own, and say it where the grant lives.

    `template` with `data` is one sentence that may be read in that place by anybody who may read there: no amount, no
    purpose, no words of anybody; those are on the card, which is shown to whoever may see grants. `but` is somebody
    who knows already. In the place the buttons are for whoever may do what they do (`person_id=0`).
    """
    card = ("grant.show", {"grant": f"={grant.id}"})
    more = {} if lifetime is None else {"lifetime": lifetime}
    for person_id in dict.fromkeys(people):
        if person_id != but:
            mine = offer(unit, choices, person_id=person_id, nexus_id=grant.nexus_id, **more) if choices else ()
            notify(unit, person_id, template, data, buttons=mine, card=card)
    if place and grant.place_id:
        anybody = offer(unit, choices, person_id=0, nexus_id=grant.nexus_id, **more) if choices else ()
        announce(unit, grant.place_id, template, data, buttons=anybody, card=card)
