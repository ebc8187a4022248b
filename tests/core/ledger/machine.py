"""The state machine: anything, in any order, again, changed, several at once, broken off in the middle; both agree."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from core.clock import ManualClock
from core.errors import NexusError
from core.ledger.accounts import Kind, balances
from core.ledger.verify import verify
from core.store import Store, Unit
from tests.core.ledger.books import Books
from tests.core.ledger.model import Model, Name, Op, run

CODES = ("EUR", "JPY")
AMOUNTS = st.integers(1, 300)
PLACES = st.sampled_from((0, 1))
FUNDS = st.tuples(PLACES, st.just(Kind.FUND), st.none(), st.sampled_from(CODES))
OWN = st.tuples(PLACES, st.just(Kind.OWN), st.sampled_from((0, 1)), st.sampled_from(CODES))
TIMES = st.tuples(PLACES, st.just(Kind.TIME), st.none(), st.just("MIN"))
ANY = st.integers(0, 10**6)  # which one of those there are, counted round
_number = itertools.count()


class _Crash(Exception):
    """The process might as well have died here."""


class Machine(RuleBasedStateMachine):
    """Two Nexuses of its own in a store that all examples share; `steps` counts what was done over all of them."""

    books: Books
    clock: ManualClock
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.done: list[Op] = []

    @initialize()
    def begin(self) -> None:
        made = type(self).books
        self.mine = Books.__new__(Books)
        self.mine.store, self.mine.people, self.mine.nexuses = made.store, made.people, made.add(2)

    def new(self, what: str, **values: Any) -> Op:
        return Op(what, key=f"{what}:{next(_number)}", **values)

    def attempt(self, unit: Unit, op: Op) -> Any:
        """One op inside a unit, which goes on whether it is refused or not."""
        refusal = self.model.refusal(op)
        code = None
        try:
            result = run(self.mine, unit, op, self.model)
        except NexusError as error:
            code = error.code
        assert code == refusal, (op, code, refusal)
        if code is not None:
            return None
        self.model.done(op, result)
        return result

    def do(self, *ops: Op) -> None:
        type(self).steps += len(ops)
        type(self).clock.advance(7)
        self.mine.write(lambda unit: [self.attempt(unit, op) for op in ops])
        self.done += ops
        self.same()

    def same(self) -> None:
        """Every balance is what the model says."""

        def look(unit: Unit) -> dict[Name, tuple[int, int]]:
            found: dict[Name, tuple[int, int]] = {}
            for place, nexus_id in enumerate(self.mine.nexuses):
                for account, sums in balances(unit, nexus_id):
                    who = self.mine.people.index(account.person_id) if account.person_id else None
                    found[place, Kind(account.kind), who, account.unit] = (sums.posted, sums.held)
            return found

        model = self.model
        wanted = {
            name: (model.posted.get(name, 0), model.held.get(name, 0))
            for name in model.posted.keys() | model.held.keys()
        }
        found = {name: sums for name, sums in self.mine.read(look).items() if sums != (0, 0)}
        assert found == {name: sums for name, sums in wanted.items() if sums != (0, 0)}

    @rule(to=FUNDS | OWN, amount=AMOUNTS)
    def deposit(self, to: Name, amount: int) -> None:
        self.do(self.new("deposit", to=to, amount=amount))

    @rule(code=st.sampled_from(CODES), down=st.booleans(), amount=AMOUNTS)
    def transfer(self, code: str, down: bool, amount: int) -> None:
        one, other = (0, Kind.FUND, None, code), (1, Kind.FUND, None, code)
        account, to = (one, other) if down else (other, one)
        self.do(self.new("transfer", account=account, to=to, amount=amount))

    @rule(account=FUNDS | OWN | TIMES, amount=AMOUNTS)
    def hold(self, account: Name, amount: int) -> None:
        self.do(self.new("hold", account=account, amount=amount))

    def settling(self, which: int, share: int, fee: int) -> Op:
        about = list(self.model.holds)[which % len(self.model.holds)]
        return self.new("settle", about=about, amount=max(1, self.model.holds[about].amount * share // 4), fee=fee)

    @precondition(lambda self: self.model.holds)
    @rule(which=ANY, share=st.sampled_from((1, 2, 3, 4, 4)), fee=st.sampled_from((0, 0, 3)))
    def settle(self, which: int, share: int, fee: int) -> None:
        self.do(self.settling(which, share, fee))

    @precondition(lambda self: self.model.holds)
    @rule(which=ANY, what=st.sampled_from(("release", "expire")))
    def end(self, which: int, what: str) -> None:
        self.do(Op(what, about=list(self.model.holds)[which % len(self.model.holds)]))

    @precondition(lambda self: self.model.journals)
    @rule(which=ANY)
    def reverse(self, which: int) -> None:
        about = list(self.model.journals)[which % len(self.model.journals)]
        self.do(self.new("reverse", about=about))

    @precondition(lambda self: any(op.key in self.model.keys for op in self.done))
    @rule(which=ANY, changed=st.booleans())
    def again(self, which: int, changed: bool) -> None:
        """Something that was done, once more: as it was, or with another amount under the same key."""
        ops = [op for op in self.done if op.key in self.model.keys and op.what != "reverse"]
        if not ops:
            return
        op = ops[which % len(ops)]
        if changed:
            less = op.amount - 1
            if op.what == "settle" and not less:
                return
            op = replace(op, amount=less or 2)
        self.do(op)

    @precondition(lambda self: self.model.holds)
    @rule(which=ANY, amount=AMOUNTS, to=FUNDS)
    def several(self, which: int, amount: int, to: Name) -> None:
        """More than one in one unit, of which some are refused."""
        self.do(
            self.new("deposit", to=to, amount=amount),
            self.new("hold", account=to, amount=2 * amount),
            self.settling(which, 2, 1),
            self.new("hold", account=to, amount=amount),
        )

    @precondition(lambda self: self.model.holds)
    @rule(which=ANY, amount=AMOUNTS, to=FUNDS, depth=st.integers(1, 3))
    def crash(self, which: int, amount: int, to: Name, depth: int) -> None:
        """The unit ends in the middle: nothing of it is there."""
        ops = [
            self.new("deposit", to=to, amount=amount),
            self.settling(which, 3, 0),
            self.new("hold", account=to, amount=amount),
        ][:depth]
        type(self).steps += len(ops)
        kept = _copy(self.model)

        def unit(unit: Unit) -> None:
            for op in ops:
                self.attempt(unit, op)
            raise _Crash

        try:
            self.mine.write(unit)
        except _Crash:
            self.model = kept
        self.same()

    @rule()
    def prove(self) -> None:
        type(self).steps += 1
        for nexus_id in self.mine.nexuses:
            report = self.mine.read(lambda unit, n=nexus_id: verify(unit, nexus_id=n))  # type: ignore[misc]
            assert report.healthy, [problem.words for problem in report.problems]

    def teardown(self) -> None:
        if hasattr(self, "mine"):
            self.prove()


def _copy(model: Model) -> Model:
    return Model(
        dict(model.posted),
        dict(model.held),
        {number: replace(one) for number, one in model.holds.items()},
        dict(model.journals),
        set(model.reversed),
        dict(model.keys),
    )


def explore(store: Store, clock: ManualClock, *, examples: int, length: int) -> int:
    """So many runs of at most so many steps each, in one store. Returns how many things were done to the books."""
    machine: type[Machine] = type("_Machine", (Machine,), {"books": Books(store), "clock": clock, "steps": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert machine.books.verify().healthy
    return machine.steps
