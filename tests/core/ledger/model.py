"""The books as a plain program would keep them: dictionaries, no store, no concurrency. What is right is decided here.

An `Op` is something that is done to the books. `Model.refusal` says whether it is to be refused and why, `Model.done`
takes it down with the id that the books gave it, `run` does it to the real ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from core.ledger import holds, journals
from core.ledger.accounts import FLOORED, Kind
from core.ledger.journals import Leg, Words
from core.store import Unit
from tests.core.ledger.books import Books

Name = tuple[int, Kind, int | None, str]
"""An account: number of the Nexus, kind, number of the person, unit."""


@dataclass(frozen=True)
class Op:
    """`what`: deposit, transfer, hold, settle, release, expire, reverse. `about` is the id of a hold or a journal."""

    what: str
    key: str = ""
    account: Name = (0, Kind.FUND, None, "EUR")
    to: Name = (0, Kind.FUND, None, "EUR")
    amount: int = 0
    fee: int = 0
    about: int = 0


@dataclass
class HeldAmount:
    """A hold as the model knows it."""

    account: Name
    amount: int
    state: str = "open"
    settled: Op | None = None


@dataclass
class Model:
    """Everything that the books should say."""

    posted: dict[Name, int] = field(default_factory=dict)
    held: dict[Name, int] = field(default_factory=dict)
    holds: dict[int, HeldAmount] = field(default_factory=dict)
    journals: dict[int, tuple[bool, dict[Name, int]]] = field(default_factory=dict)  # is a reversal, what it moved
    reversed: set[int] = field(default_factory=set)
    keys: dict[str, tuple[Op, Any]] = field(default_factory=dict)  # what was done under it, and what that gave

    def free(self, name: Name) -> int:
        """What can be taken from an account."""
        return self.posted.get(name, 0) - self.held.get(name, 0)

    def moves(self, op: Op) -> dict[Name, int]:
        """What an op adds to each account."""
        if op.what == "reverse":
            return {name: -amount for name, amount in self.journals[op.about][1].items()}
        if op.what == "settle":
            source = self.holds[op.about].account
            place, _, _, code = source
            fee = {(place, Kind.FEE, None, code): op.fee} if op.fee else {}
            return {source: -op.amount - op.fee, (place, Kind.GIVEN, 1, code): op.amount} | fee
        place, _, person, code = op.to
        source = (place, Kind.SOURCE, person, code) if op.what == "deposit" else op.account
        return {source: -op.amount, op.to: op.amount}

    def again(self, op: Op) -> bool:
        """Whether it was done before, to the letter."""
        return op.key in self.keys and self.keys[op.key][0] == op

    def refusal(self, op: Op) -> str | None:
        """The code of the error that it has to end with, if it has to."""
        if op.key in self.keys:
            if self.keys[op.key][0] == op:
                return None
            one = self.holds.get(op.about)
            if op.what == "settle" and one is not None and self.same_journal(op):
                return "key_reused" if one.state == "open" else "hold_ended"
            return "key_reused"
        if op.what == "settle" and self.holds[op.about].state != "open":
            return "hold_ended"
        if op.what == "reverse":
            if self.journals[op.about][0]:
                return "is_reversal"
            if op.about in self.reversed:
                return "reversed"
        freed = {self.holds[op.about].account: op.amount} if op.what == "settle" else {}
        taken = {op.account: -op.amount} if op.what == "hold" else self.moves(op) if op.what in MOVING else {}
        short = [n for n, by in taken.items() if n[1] in FLOORED and self.free(n) + freed.get(n, 0) + by < 0]
        return "not_enough" if short else None

    def same_journal(self, op: Op) -> bool:
        """Whether the journal of that key moves the same: another hold was settled so."""
        earlier = self.keys[op.key][0]
        return (
            earlier.what == "settle"
            and self.moves(earlier) == self.moves(op)
            and replace(op, about=earlier.about) == earlier
        )

    def done(self, op: Op, result: Any) -> None:
        """It was done, and gave this."""
        if op.what in ("release", "expire"):
            one = self.holds[op.about]
            assert result == (one.state == "open")
            if result:
                one.state = "released" if op.what == "release" else "expired"
                self.held[one.account] -= one.amount
            return
        if self.again(op):
            assert result == self.keys[op.key][1]
            return
        self.keys[op.key] = (op, result)
        if op.what == "hold":
            self.holds[result] = HeldAmount(op.account, op.amount)
            self.held[op.account] = self.held.get(op.account, 0) + op.amount
            return
        moved = self.moves(op)
        number = result[0] if op.what == "settle" else result
        self.journals[number] = (op.what == "reverse", moved)
        for name, by in moved.items():
            self.posted[name] = self.posted.get(name, 0) + by
        if op.what == "reverse":
            self.reversed.add(op.about)
        if op.what == "settle":
            one = self.holds[op.about]
            one.state = "posted"
            self.held[one.account] -= op.amount
            left = one.amount - op.amount
            assert (result[1] is None) == (left == 0)
            if left:
                self.holds[result[1]] = HeldAmount(one.account, left)


MOVING = ("deposit", "transfer", "settle", "reverse")


def run(books: Books, unit: Unit, op: Op, model: Model) -> Any:
    """Do it to the real books. Raises what they raise."""

    def at(name: Name) -> Any:
        place, kind, person, code = name
        return books.account(unit, kind, code, nexus=place, person=person)

    actor = books.people[0]
    if op.what in ("release", "expire"):
        return holds.release(unit, op.about, actor, expired=op.what == "expire")
    if op.what == "reverse":
        return journals.reverse(unit, op.about, books.cause("correction", op.about), "by mistake")
    cause = books.cause(op.what, nexus=op.to[0])
    if op.what == "hold":
        return holds.reserve(unit, op.key, at(op.account), op.amount, books.cause("test", 1, nexus=op.account[0]))
    if op.what == "settle":
        place, _, _, code = source = model.holds[op.about].account
        legs = [Leg(at((place, Kind.GIVEN, 1, code)), op.amount)]
        if op.fee:
            legs += [Leg(at(source), -op.fee), Leg(at((place, Kind.FEE, None, code)), op.fee)]
        return holds.settle(unit, op.about, op.key, "payment", cause, legs, amount=op.amount, words=Words("for it"))
    legs = [Leg(at(name), by) for name, by in model.moves(op).items()]
    return journals.post(unit, op.key, op.what, cause, legs)
