"""The life of grants step by step, in any order: what must be true of one after each step, whatever was refused."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import bindparam, select

from core.clock import DAY
from core.errors import NexusError
from core.grants.grants import Grant
from core.grants.paying import undo_payment
from core.grants.receipts import receipts_of_nexus
from core.grants.states import LIVES, State
from core.grants.sweep import sweep
from core.grants.tranches import ENDED, UNPAID
from core.ledger.holds import open_holds
from core.ledger.tables import journal, ledger_account, posting
from core.ledger.units import TIME
from core.store import Unit
from tests.core.grants.circle import Circle
from tests.world import World

_undone = journal.alias("undone")
_PAID = (
    select(posting.c.amount)
    .join(journal, journal.c.id == posting.c.journal_id)
    .join(ledger_account, ledger_account.c.id == posting.c.account_id)
    .outerjoin(_undone, _undone.c.reverses == journal.c.id)
    .where(
        journal.c.kind == "payment",
        journal.c.cause == "tranche",
        journal.c.cause_id.in_(bindparam("parts", expanding=True)),
        ledger_account.c.kind == "given",
        _undone.c.id.is_(None),
    )
)
_DECIDERS = st.sampled_from(["Olga", "Stan", "Tom", "Stan", "Tom", "Ana", "Mia"])  # Ana receives it, Mia proposed it
_PARTS = st.sampled_from([None, None, None, "1", "2", "3"])


class Life(RuleBasedStateMachine):
    """One grant after another in the same Nexus. Refusals are as good as deeds: neither may break anything."""

    circle: Circle
    handle: str

    @initialize(
        minor=st.integers(3, 40_000),
        parts=st.integers(1, 3),
        each=st.sampled_from(["7 days", None]),
        hours=st.sampled_from(["2h", None]),
        report=st.sampled_from(["3 days", None]),
        lives=st.sampled_from([True, True, True, False]),
    )
    def propose(
        self, minor: int, parts: int, each: str | None, hours: str | None, report: str | None, lives: bool
    ) -> None:
        more = {"each": each if parts > 1 else None, "hours": hours, "report": report}
        said = {name: value for name, value in more.items() if value}
        self.handle = self.circle.propose(amount=f"{minor / 100:.2f} EUR", parts=str(parts), **said)
        if lives:
            self.approve()
            self.answer(yes=True)

    def _try(self, who: str, operation: str, **more: Any) -> None:
        said = {name: value for name, value in more.items() if value is not None}
        try:
            self.circle.world.do(who, operation, grant=f"#{self.handle}", **said)
        except NexusError:
            return

    @property
    def grant(self) -> Grant:
        return self.circle.grant(self.handle)

    def approve(self) -> None:
        for who in ("Stan", "Tom"):
            self._try(who, "grant.approve")

    def answer(self, *, yes: bool) -> None:
        self._try("Ana", "grant.accept" if yes else "grant.decline")

    @rule(yes=st.sampled_from([True, True, True, False]))
    def decide(self, yes: bool) -> None:
        if self.grant.state == State.PROPOSED:
            self.approve()
        else:
            self.answer(yes=yes)

    @rule(who=_DECIDERS, part=_PARTS)
    def release(self, who: str, part: str | None) -> None:
        self._try(who, "grant.release", part=part)

    @rule(who=_DECIDERS, part=_PARTS, fee=st.sampled_from([None, None, "0.35 EUR"]))
    def pay(self, who: str, part: str | None, fee: str | None) -> None:
        before = [one.state for one in self.grant.tranches]
        self._try(who, "grant.pay", part=part, fee=fee)
        if who in ("Ana", "Mia"):
            assert [one.state for one in self.grant.tranches] == before

    @rule(part=_PARTS)
    def skip(self, part: str | None) -> None:
        self._try("Stan", "grant.skip", part=part)

    @rule(which=st.sampled_from(["grant.complete", "grant.revoke"]), luck=st.integers(0, 4))
    def end(self, which: str, luck: int) -> None:
        if not luck:  # seldom, so that lives are long
            self._try("Stan", which, reason="it ended" if which == "grant.revoke" else None)

    @rule()
    def help(self) -> None:
        world = self.circle.world
        try:
            about = f"the parser, {world.clock.now()} {len(self.grant.tranches)}"
            more: dict[str, Any] = {"time": "45m", "about": about, "grant": f"#{self.handle}"}
            entry = world.do("Ben", "hours.log", person="Ana", **more)
            world.do("Ana", "hours.confirm", entry=f"#{entry.handle}")
        except NexusError:
            return

    @rule()
    def report(self) -> None:
        self._try("Ana", "grant.report", text="It parses.")

    @rule(which=st.integers(0, 2))
    def undo(self, which: int) -> None:
        paid = [one for one in self.grant.tranches if one.journal_id is not None and one.amount.unit != TIME]
        if paid:
            journal_id, tom = paid[which % len(paid)].journal_id, self.circle.world.id_of("Tom")
            assert journal_id is not None
            self.circle.world.write(lambda unit: undo_payment(unit, journal_id, tom, "a typo"))

    @rule(days=st.integers(1, 10))
    def time_goes_by(self, days: int) -> None:
        self.circle.world.clock.advance(days * DAY)
        self.circle.world.write(sweep)

    @invariant()
    def parts_sum_to_the_award_and_holds_fit_them(self) -> None:
        if not hasattr(self, "handle"):
            return
        grant = self.grant
        for award in grant.awards:
            assert sum(one.amount.minor for one in grant.tranches if one.amount.unit == award.unit) == award.minor
        held = grant.state == State.APPROVED or grant.state in LIVES

        def unit(unit: Unit) -> None:
            for one in grant.tranches:
                found = open_holds(unit, "tranche", one.id)
                if held and one.state in UNPAID:
                    assert [hold.id for hold in found] == [one.hold_id]
                    assert found[0].amount == one.amount.minor or one.amount.unit == TIME
                    assert found[0].expires_at is None
                else:
                    assert found == []
            money = [one for one in grant.tranches if one.amount.unit != TIME]
            paid = sum(row["amount"] for row in unit.rows(_PAID, parts=[one.id for one in money]))
            assert paid == sum(one.amount.minor for one in money if one.state == "paid")
            assert paid <= sum(award.minor for award in grant.awards if award.unit != TIME)
            if grant.state == State.COMPLETED:
                assert all(one.state in ENDED for one in grant.tranches)

        self.circle.world.read(unit)

    def teardown(self) -> None:
        """The whole of the books, and receipts without a gap."""
        self.circle.sound()
        found = self.circle.world.read(lambda unit: receipts_of_nexus(unit, self.circle.parser, 10_000))
        for year in {one.number[:4] for one in found}:
            numbers = sorted(int(one.number[5:]) for one in found if one.number.startswith(year))
            assert numbers == list(range(1, len(numbers) + 1))


def live(world: World, *, examples: int, steps: int) -> None:
    """Let so many grants live, each so many steps, in one Nexus."""

    class InCircle(Life):
        circle = Circle(world, fund=10**9)

    run_state_machine_as_test(
        InCircle, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )
