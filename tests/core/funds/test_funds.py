"""Funds: what comes in, moves and is taken back; the figures; who may do and see what."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from core.clock import DAY, ManualClock
from core.errors import BadInput, Conflict, NexusError, NotAllowed, NotFound
from core.funds import funds
from core.funds.tables import pledge
from core.grants.tables import tranche
from core.ledger.accounts import Kind, account, balance
from core.ledger.holds import reserve
from core.ledger.journals import Cause
from core.ledger.units import Money
from core.notices.notices import waiting
from core.operations import Audience, AudienceKind
from core.operations.run import Ask
from core.rules.rules import set_rule
from core.rules.words import Action, pack_actions
from core.store import Unit
from tests.conftest import StoreFactory
from tests.core.funds.books import hours, pay, peopled, proven
from tests.world import PUBLIC, World


@pytest.fixture
def world(world: World) -> World:
    return peopled(world)


def eur(amount: float) -> Money:
    return Money(round(amount * 100), "EUR")


def figures(world: World, nexus: str = "Parser", code: str = "EUR") -> funds.Figures:
    found: funds.Figures = world.read(lambda unit: funds.figures(unit, world.nexuses[nexus].id, code))
    return found


def card(world: World, who: str, operation: str, **arguments: Any) -> str:
    asked = world.call(who, operation, **arguments)
    assert isinstance(asked, Ask)
    return asked.question.format(**asked.arguments)


def told(world: World, who: str) -> list[str]:
    rows = world.write(lambda unit: waiting(unit))
    return [n["template"].format(**n["data"]) for n in rows if n["person_id"] == world.id_of(who)]


# -- what comes in ----------------------------------------------------------------------------------------------


def test_a_deposit_is_read_back_and_entered(world: World) -> None:
    given: dict[str, Any] = {"amount": "€1500.50", "person": "Ben", "reference": "INV-7", "day": "yesterday"}
    assert card(world, "Tessa", "fund.deposit", **given) == (
        "1,500.50 EUR from Ben came into the fund of Parser. Right?\nIt came on 31 Dec 2025.\nReference: INV-7"
    )
    done = world.do("Tessa", "fund.deposit", **given)
    assert (done.amount, done.who, done.free, done.day) == ("1,500.50 EUR", "Ben", "1,500.50 EUR", "31 Dec 2025")
    assert figures(world).deposited == 150_050
    assert told(world, "Ben") == [
        "Tessa entered 1,500.50 EUR from you in Parser. To see what becomes of it, ask me “what did my money do?”"
    ]
    assert "⚠️ There is one with this reference already: 1,500.50 EUR from Ben on 31 Dec 2025 (#" in card(
        world, "Ted", "fund.deposit", amount="3 EUR", reference="inv-7"
    )
    proven(world)


def test_who_may_enter_a_deposit(world: World) -> None:
    for who in ("Ben", "Mod"):
        with pytest.raises(NotAllowed, match="entered by its owner, a steward or a treasurer"):
            world.call(who, "fund.deposit", amount="5 EUR")
        with pytest.raises(NotAllowed, match="You can enter your own"):
            world.call(who, "fund.deposit", amount="5 EUR", person="Ana", own="yes")
    for who in ("Tessa", "Otto"):
        world.do(who, "fund.deposit", amount="5 EUR", at={"here": "Parser"})
    world.do("Olga", "fund.deposit", amount="5 EUR", nexus="Parser")
    with pytest.raises(BadInput, match="Time doesn't go into a fund"):
        world.call("Tessa", "fund.deposit", amount="2h")
    with pytest.raises(BadInput, match="still to come"):
        world.call("Tessa", "fund.deposit", amount="5 EUR", day="2026-05-01")
    assert figures(world).deposited == 1_500


def test_what_is_ones_own_is_in_no_fund(world: World) -> None:
    assert "only you can give it away" in card(world, "Ben", "fund.deposit", amount="50 EUR", own="yes")
    done = world.do("Ben", "fund.deposit", amount="50 EUR", own="yes")
    assert (done.own, done.who, done.free) == (True, "Ben", "50.00 EUR")
    assert world.read(lambda unit: funds.units_of(unit, world.nexuses["Parser"].id)) == []
    own = world.read(lambda unit: balance(unit, Kind.OWN, world.nexuses["Parser"].id, "EUR", world.id_of("Ben")))
    assert own.free == 5_000
    world.do("Ben", "fund.correct", entry="last deposit", reason="I was too fast")
    with pytest.raises(NotFound):
        world.call("Ana", "fund.correct", entry=f"#{done.handle}", reason="not mine")
    proven(world)


# -- up and down the tree ---------------------------------------------------------------------------------------


def test_money_moves_along_the_tree_by_whoever_decides_where_it_leaves(world: World) -> None:
    world.do("Tessa", "fund.deposit", amount="100 EUR")
    question = card(world, "Tessa", "fund.transfer", amount="40 EUR", to="Orbit")
    assert "Free in Parser: 100.00 EUR → 60.00 EUR." in question
    world.do("Tessa", "fund.transfer", amount="40 EUR", to="Orbit", reason="start")
    world.do("Tessa", "fund.transfer", amount="10 EUR", to="Studio")
    assert told(world, "Olga") == [
        "Tessa moved 40.00 EUR to the fund of Orbit.",
        "Tessa moved 10.00 EUR to the fund of Studio.",
    ]
    for giving, to, error in (
        ("Studio", "Parser", NotAllowed),  # a child takes nothing from above
        ("Parser", "Square", BadInput),
        ("Parser", "Parser", BadInput),
    ):
        with pytest.raises(error):
            world.call("Tessa", "fund.transfer", amount="1 EUR", to=to, nexus=giving)
    with pytest.raises(NotAllowed):
        world.call("Ben", "fund.transfer", amount="1 EUR", to="Orbit")
    asked = world.call("Tessa", "fund.transfer", amount="51 EUR", to="Orbit")
    assert isinstance(asked, Ask)
    with pytest.raises(NexusError, match=r"50\.00 EUR is free"):
        world.press("Tessa", asked.buttons[0].token)
    assert [(f := figures(world, name)).transferred for name in ("Studio", "Parser", "Orbit")] == [1_000, -5_000, 4_000]
    assert f.free == 4_000
    proven(world)


# -- taking back ------------------------------------------------------------------------------------------------


def test_something_is_taken_back_once_and_with_a_reason(world: World) -> None:
    done = world.do("Tessa", "fund.deposit", amount="100 EUR", person="Ben", reference="INV-7")
    with pytest.raises(BadInput):
        world.call("Tessa", "fund.correct", entry=f"#{done.handle}", reason="x")
    with pytest.raises(NotFound):  # who does not decide learns nothing of it
        world.call("Ana", "fund.correct", entry=f"#{done.handle}", reason="why not")
    with pytest.raises(NotAllowed):
        world.call("Ben", "fund.correct", entry=f"#{done.handle}", reason="why not")
    question = card(world, "Ted", "fund.correct", entry="INV-7", reason="entered twice")
    assert "Take this back: 100.00 EUR from Ben on 1 Jan 2026?" in question
    asked = [world.call("Ted", "fund.correct", entry="100 EUR", reason="entered twice") for _ in range(2)]
    tokens = [one.buttons[0].token for one in asked if isinstance(one, Ask)]
    world.press("Ted", tokens[0])
    with pytest.raises(Conflict, match="taken back already"):
        world.press("Ted", tokens[1])
    found = figures(world)
    assert (found.deposited, found.free) == (0, 0)
    proven(world)


def test_what_is_given_or_reserved_is_not_taken_back(world: World) -> None:
    world.do("Tessa", "fund.deposit", amount="100 EUR")
    pay(world, "Tessa", "Ana", eur(30))
    with pytest.raises(Conflict, match=r"only 70\.00 EUR of the fund is free"):
        world.call("Ted", "fund.correct", entry="last deposit", reason="wrong")


def test_nobody_takes_back_what_they_gained_by(world: World) -> None:
    world.do("Ted", "fund.deposit", amount="100 EUR", person="Tessa")
    with pytest.raises(NotAllowed, match="You gained by that yourself"):
        world.call("Tessa", "fund.correct", entry="last deposit", reason="give it back")
    pay(world, "Ted", "Tessa", eur(10))
    for who in ("Ted", "Tessa"):  # proposed it, was paid
        with pytest.raises(NotAllowed, match=r"Otto|Olga"):
            world.call(who, "fund.correct", entry="last payment", reason="it never went out")
    question = card(world, "Otto", "fund.correct", entry="2026-0001", reason="it never went out")
    assert "10.00 EUR paid to Tessa on 1 Jan 2026" in question
    world.do("Otto", "fund.correct", entry="last payment", reason="it never went out")
    assert world.read(lambda unit: unit.value(select(tranche.c.state))) == "due"
    found = figures(world)
    assert (found.paid, found.committed, found.free, found.people) == (0, 1_000, 9_000, 0)
    assert "A payment of a grant in Parser was taken back in the books, as it was recorded by mistake." in told(
        world, "Tessa"
    )
    proven(world)


def test_a_transfer_goes_back_by_whoever_decides_where_it_is_now(world: World) -> None:
    world.do("Olga", "fund.deposit", amount="100 EUR", nexus="Studio")
    world.do("Olga", "fund.transfer", amount="60 EUR", to="Parser", nexus="Studio")
    entry = world.read(lambda unit: funds.units_of(unit, world.nexuses["Parser"].id))
    assert entry == ["EUR"]
    for who in ("Ben", "Tessa"):
        with pytest.raises(NotAllowed):
            world.call(who, "fund.correct", entry="last transfer", reason="wrong", at={"here": "Studio"})
    world.do("Olga", "fund.correct", entry="last transfer", reason="wrong", at={"here": "Studio"})
    assert (figures(world).free, figures(world, "Studio").free) == (0, 10_000)
    proven(world)


# -- figures ----------------------------------------------------------------------------------------------------


def test_budget_committed_and_paid_are_three_things(world: World, clock: ManualClock) -> None:
    world.do("Tessa", "fund.deposit", amount="1000 EUR")
    planned = world.do("Tessa", "fund.budget", amount="600 EUR")
    assert (planned.period, planned.replaced) == ("2026", False)
    assert world.do("Tessa", "fund.budget", amount="800 EUR", period="2026").replaced
    world.do("Tessa", "fund.budget", amount="90 EUR", period="next month")
    pay(world, "Tessa", "Ana", eur(100), fee=150)
    pay(world, "Tessa", "Cai", eur(20))
    hours(world, "Ben", "Ana", 90)

    def hold(unit: Unit) -> None:
        fund = account(unit, Kind.FUND, world.nexuses["Parser"].id, "EUR")
        reserve(unit, "test", fund, 5_000, Cause(world.nexuses["Parser"].id, 0, "test", 0))

    world.write(hold)
    page = world.do("Ben", "fund.show")
    (line,) = page.funds
    assert (line.free, line.committed, line.paid, line.fees) == ("828.50 EUR", "50.00 EUR", "120.00 EUR", "1.50 EUR")
    assert (line.budget, line.spent, line.period) == ("800.00 EUR", "121.50 EUR", "2026")
    assert (page.hours_given, page.hours_promised, page.people) == ("1h30", "", 2)
    clock.advance(40 * DAY)
    assert figures(world).budget == 9_000  # the nearer plan
    with pytest.raises(BadInput, match="is over"):
        world.call("Tessa", "fund.budget", amount="5 EUR", period="2025")
    with pytest.raises(NotAllowed):
        world.call("Mod", "fund.budget", amount="5 EUR")


def test_history_ends_with_the_figures(world: World, clock: ManualClock) -> None:
    world.do("Tessa", "fund.deposit", amount="100 EUR")
    clock.advance(3 * DAY)
    pay(world, "Tessa", "Ana", eur(30), fee=100)
    hours(world, "Ben", "Ana", 60)
    points = world.read(lambda unit: funds.history(unit, world.nexuses["Parser"].id, "EUR"))
    assert [(p.balance, p.paid_so_far, p.hours_so_far) for p in points] == [(10_000, 0, 0), (6_900, 3_000, 60)]
    assert points[1].day_ms - points[0].day_ms == 3 * DAY


def test_figures_are_for_those_who_may_see_funds(world: World) -> None:
    world.do("Tessa", "fund.deposit", amount="100 EUR")
    assert world.do("Ben", "fund.show").funds[0].free == "100.00 EUR"
    members = Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses["Parser"].id)
    world.write(
        lambda unit: set_rule(
            unit,
            world.nexuses["Parser"].id,
            kind="fund",
            audience="member",
            effect="deny",
            actions=pack_actions((Action.SEE, Action.QUOTE)),
            by=world.id_of("Otto"),
        )
    )
    with pytest.raises(NotAllowed, match="don't let you see its fund"):
        world.call("Ben", "fund.show")
    assert world.do("Tessa", "fund.show").funds
    for audience in (members, PUBLIC):
        for who in ("Tessa", "Ben"):  # in a place it depends on the listeners alone
            with pytest.raises(NotAllowed, match="not for everybody who reads here"):
                world.call(who, "fund.show", at={"audience": audience})


# -- pledges ----------------------------------------------------------------------------------------------------


def test_a_pledge_is_kept_by_deposits_and_open_again_when_one_is_taken_back(world: World) -> None:
    made = world.do("Ben", "pledge.make", amount="100 EUR", until="2026-03-01")
    assert "Ben wants to put 100.00 EUR into the fund of Parser" in told(world, "Tessa")[0]
    world.do("Tessa", "fund.deposit", amount="60 EUR", pledge=f"#{made.handle}")
    done = world.do("Tessa", "fund.deposit", amount="50 EUR", pledge=made.handle)
    assert (done.who, done.pledge) == ("Ben", "all of it has come")
    (line,) = world.do("Tessa", "pledge.list").items
    assert (line.state, line.received, line.who) == ("kept", "100.00 EUR", "Ben")
    with pytest.raises(Conflict, match="has come already"):
        world.call("Ben", "pledge.withdraw", pledge=made.handle)
    world.do("Ted", "fund.correct", entry=f"#{done.handle}", reason="entered twice")
    (line,) = world.do("Ben", "pledge.list").items
    assert (line.state, line.received, line.rest) == ("open", "60.00 EUR", "40.00 EUR")
    with pytest.raises(NotFound):
        world.call("Tessa", "pledge.withdraw", pledge=made.handle)
    assert world.do("Ben", "pledge.withdraw", pledge="my pledge").state == "withdrawn"
    assert world.do("Tessa", "pledge.list").items == ()
    assert world.read(lambda unit: unit.value(select(pledge.c.received))) == 6_000


def test_pledges_are_for_their_backer_and_for_those_who_decide(world: World) -> None:
    made = world.do("Ben", "pledge.make", amount="100 EUR")
    assert world.do("Ana", "pledge.list").items == ()
    with pytest.raises(NotFound):
        world.call("Ana", "pledge.withdraw", pledge=made.handle)
    with pytest.raises(BadInput, match="is in EUR"):
        world.call("Tessa", "fund.deposit", amount="100 USD", pledge=made.handle)
    with pytest.raises(BadInput, match="somebody else's"):
        world.call("Tessa", "fund.deposit", amount="100 EUR", pledge=made.handle, person="Ana")
    with pytest.raises(BadInput):
        world.call("Ben", "pledge.make", amount="2h")


# -- always -----------------------------------------------------------------------------------------------------


@contextmanager
def allowing(*codes: str) -> Iterator[None]:
    """Refusals of these kinds are no failure."""
    try:
        yield
    except NexusError as refusal:
        if refusal.code not in codes:
            raise


class Books(RuleBasedStateMachine):
    """Whatever happens, the figures of each fund are one, and the books hold together."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        type(self).number += 1
        self.names = [f"{name} {self.number}" for name in ("Top", "Mid", "Leaf")]
        above = "Home"
        for name in self.names:
            self.world.nexus(name, owner="Boss", parent=above)
            above = name
        self.world.join("Boss", self.names[0], "owner", here=False)

    number = 0

    def here(self, nexus: int) -> dict[str, Any]:
        return {"here": self.names[nexus]}

    @rule(nexus=st.integers(0, 2), cents=st.integers(1, 5_000))
    def deposit(self, nexus: int, cents: int) -> None:
        self.world.do("Boss", "fund.deposit", amount=f"{cents / 100:.2f} EUR", at=self.here(nexus))

    @rule(nexus=st.integers(0, 2), to=st.integers(0, 2), cents=st.integers(1, 3_000))
    def transfer(self, nexus: int, to: int, cents: int) -> None:
        self._try("fund.transfer", nexus, amount=f"{cents / 100:.2f} EUR", to=self.names[to])

    @rule(nexus=st.integers(0, 2), cents=st.integers(1, 3_000), fee=st.integers(0, 200))
    def pay(self, nexus: int, cents: int, fee: int) -> None:
        with allowing("not_enough"):
            pay(self.world, "Pia", "Rex", Money(cents, "EUR"), fee=fee, nexus=self.names[nexus])

    @rule(nexus=st.integers(0, 2), kind=st.sampled_from(["deposit", "payment", "transfer"]))
    def correct(self, nexus: int, kind: str) -> None:
        self._try("fund.correct", nexus, entry=f"last {kind}", reason="a mistake")

    def _try(self, operation: str, nexus: int, **arguments: Any) -> None:
        with allowing("not_enough", "not_found", "bad_input"):
            self.world.do("Boss", operation, at=self.here(nexus), **arguments)

    @invariant()
    def one(self) -> None:
        for name in self.names:
            f = figures(self.world, name)
            assert f.deposited + f.transferred == f.paid + f.fees + f.committed + f.free
            assert min(f.deposited, f.paid, f.fees, f.committed, f.free) >= 0
            story = self.world.read(lambda unit, name=name: funds.history(unit, self.world.nexuses[name].id, "EUR"))
            if story:
                assert (story[-1].balance, story[-1].paid_so_far) == (f.committed + f.free, f.paid)
        assert sum(figures(self.world, name).transferred for name in self.names) == 0

    def teardown(self) -> None:
        proven(self.world)


def test_figures_always_add_up(new_store: StoreFactory, clock: ManualClock) -> None:
    class OnStore(Books):
        world = World(new_store("sqlite"), clock)

    run_state_machine_as_test(OnStore, settings=settings(max_examples=20, stateful_step_count=15, deadline=None))
