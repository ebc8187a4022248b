"""What became of each deposit: first in, first out, to the cent.

Decision rule: in each fund (and in what somebody gives away themselves) what goes out is taken from the oldest money
that is there. Money that moves to another fund of the tree stays the money of whoever put it in, and stands in line
there from then on. What was taken back counts as if it had never been. Where an entry that is taken back leaves
something for a while without money behind it, that waits, in order, for what comes in next; as no fund is ever below
zero, nothing waits at the end but money that went in a circle. So each cent that was paid is attributed once, and what
is left of all deposits together is what is in the funds.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from core.ledger.accounts import Kind
from core.ledger.tables import journal, ledger_account, posting
from core.people.people import numbers_of
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Move:
    """An entry as far as it matters here. `source` and `target` are account ids, 0 for the world outside.

    `amount` is what came, moved or was given, `fee` what it cost on top, in minor units.
    """

    id: int
    day: int
    source: int
    target: int
    amount: int
    fee: int = 0
    backer_id: int = 0
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What a payment took of one deposit: for the recipient, and for what the payment cost."""

    deposit_id: int
    payment_id: int
    amount: int
    fee: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who gave what: the uses in the order in which they were made, and what is left, by (deposit, account)."""

    uses: tuple[Use, ...]
    left: dict[tuple[int, int], int]


def attribute(moves: Iterable[Move]) -> Attribution:
    """Attribute what went out to what came in. `moves` in the order in which they were entered. Pure."""
    lots: dict[int, deque[list[int]]] = defaultdict(deque)  # by account: [deposit, what is left of it]
    owed: dict[int, deque[list[int]]] = defaultdict(deque)  # by account: [move, for whom, for the fee] still to serve
    known: dict[int, Move] = {}
    used: dict[tuple[int, int], list[int]] = {}

    def serve(account_id: int) -> list[int]:
        """Give the lots of an account to what waits there; the accounts that got something by it."""
        reached = []
        while owed[account_id] and lots[account_id]:
            waiting, lot = owed[account_id][0], lots[account_id][0]
            move = known[waiting[0]]
            for part in (1, 2):
                taken = min(waiting[part], lot[1])
                waiting[part] -= taken
                lot[1] -= taken
                if not taken:
                    continue
                if move.target:
                    lots[move.target].append([lot[0], taken])
                    reached.append(move.target)
                else:
                    used.setdefault((lot[0], move.id), [0, 0])[part - 1] += taken
            if not lot[1]:
                lots[account_id].popleft()
            if not (waiting[1] or waiting[2]):
                owed[account_id].popleft()
        return reached

    for move in moves:
        if move.taken_back:
            continue
        known[move.id] = move
        if move.source:
            owed[move.source].append([move.id, move.amount, move.fee])
            todo = [move.source]
        else:
            lots[move.target].append([move.id, move.amount])
            todo = [move.target]
        while todo:
            todo += serve(todo.pop())
    left: dict[tuple[int, int], int] = defaultdict(int)
    for account_id, some in lots.items():
        for deposit_id, amount in some:
            left[deposit_id, account_id] += amount
    uses = (Use(deposit_id, payment_id, *parts) for (deposit_id, payment_id), parts in used.items())
    return Attribution(tuple(sorted(uses, key=lambda one: (one.deposit_id, one.payment_id))), dict(left))


_undone = journal.alias("undone")
_POOLS = (Kind.FUND.value, Kind.OWN.value)
_LEGS = (
    select(
        journal.c.id,
        journal.c.day,
        _undone.c.id.label("undone"),
        posting.c.account_id,
        posting.c.amount,
        ledger_account.c.kind,
        ledger_account.c.person_id,
    )
    .join(posting, posting.c.journal_id == journal.c.id)
    .join(ledger_account, ledger_account.c.id == posting.c.account_id)
    .outerjoin(_undone, _undone.c.reverses == journal.c.id)
    .where(
        posting.c.unit == bindparam("code"),
        journal.c.kind.in_(["deposit", "transfer", "payment"]),
        ledger_account.c.nexus_id.in_(bindparam("nexuses", expanding=True)),
    )
    .order_by(journal.c.id, posting.c.leg)
)
_pair = posting.alias("pair")
_there = ledger_account.alias("there")
_BESIDE = (
    select(_there.c.nexus_id)
    .select_from(posting.join(journal, journal.c.id == posting.c.journal_id))
    .join(ledger_account, ledger_account.c.id == posting.c.account_id)
    .join(_pair, _pair.c.journal_id == posting.c.journal_id)
    .join(_there, _there.c.id == _pair.c.account_id)
    .where(
        journal.c.kind == "transfer",
        ledger_account.c.unit == bindparam("code"),
        ledger_account.c.nexus_id.in_(bindparam("nexuses", expanding=True)),
    )
    .distinct()
)
_PUT_IN = (
    select(ledger_account.c.nexus_id, ledger_account.c.unit)
    .where(
        ledger_account.c.person_id.in_(bindparam("people", expanding=True)),
        ledger_account.c.kind == Kind.SOURCE.value,
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class PutIn:
    """All that one backer put in, in one unit: their deposits, what was paid of them, and where the rest is."""

    code: str
    deposits: tuple[Move, ...]
    uses: tuple[Use, ...]
    left: dict[tuple[int, int], int]
    payments: dict[int, Move]


def put_in(unit: Unit, person_id: int, nexus_id: int | None = None) -> list[PutIn]:
    """What became of all that a person put in, one for each unit; only what they put into `nexus_id` if it is named."""
    people = numbers_of(unit, person_id)
    where: dict[str, set[int]] = defaultdict(set)
    for row in unit.rows(_PUT_IN, people=people):
        where[row["unit"]].add(row["nexus_id"])
    found = []
    for code in sorted(where):
        if nexus_id is not None and nexus_id not in where[code]:
            continue
        moves = moves_of(unit, code, reachable(unit, code, {nexus_id} if nexus_id is not None else where[code]))
        done = attribute(moves)
        into = _accounts_in(unit, code, nexus_id)
        deposits = tuple(
            one for one in moves if not one.source and one.backer_id in people and (into is None or one.target in into)
        )
        mine = {one.id for one in deposits}
        found.append(
            PutIn(
                code,
                deposits,
                tuple(use for use in done.uses if use.deposit_id in mine),
                {key: amount for key, amount in done.left.items() if key[0] in mine},
                {one.id: one for one in moves if not one.target},
            )
        )
    return found


_POOLS_IN = select(ledger_account.c.id).where(
    ledger_account.c.nexus_id == bindparam("nexus_id"),
    ledger_account.c.unit == bindparam("code"),
    ledger_account.c.kind.in_(_POOLS),
)


def _accounts_in(unit: Unit, code: str, nexus_id: int | None) -> set[int] | None:
    if nexus_id is None:
        return None
    return {row["id"] for row in unit.rows(_POOLS_IN, nexus_id=nexus_id, code=code)}


def reachable(unit: Unit, code: str, nexuses: Iterable[int]) -> list[int]:
    """These Nexuses and all that money of this unit has moved from or to, at however many steps."""
    known = set(nexuses)
    new = set(known)
    while new:
        new = {row["nexus_id"] for row in unit.rows(_BESIDE, code=code, nexuses=sorted(new))} - known
        known |= new
    return sorted(known)


def moves_of(unit: Unit, code: str, nexuses: Sequence[int]) -> list[Move]:
    """All deposits, transfers and payments of these Nexuses in one unit, in the order in which they were entered."""
    legs: dict[int, list[tuple[int, int, str, int]]] = defaultdict(list)
    facts: dict[int, tuple[int, bool]] = {}
    for row in unit.rows(_LEGS, code=code, nexuses=list(nexuses)):
        legs[row["id"]].append((row["account_id"], row["amount"], row["kind"], row["person_id"]))
        facts[row["id"]] = (row["day"], row["undone"] is not None)
    return [_move(number, *facts[number], lines) for number, lines in legs.items()]


def _move(number: int, day: int, taken_back: bool, lines: Sequence[tuple[int, int, str, int]]) -> Move:
    source = next((one for one, amount, kind, _ in lines if kind in _POOLS and amount < 0), 0)
    target = next((one for one, amount, kind, _ in lines if kind in _POOLS and amount > 0), 0)
    fee = sum(amount for _, amount, kind, _ in lines if kind == Kind.FEE.value)
    moved = sum(abs(amount) for _, amount, kind, _ in lines if kind in _POOLS and (amount > 0) == bool(target)) - fee
    backer = next((person_id for _, _, kind, person_id in lines if kind == Kind.SOURCE.value), 0)
    return Move(number, day, source, target, moved, fee, backer, taken_back)
