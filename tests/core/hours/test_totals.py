"""Totals are the sum of what was confirmed, and the same as the books have, whatever happens in between."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import NexusError
from core.hours.totals import Totals, totals
from core.ledger.accounts import Kind, account, balances
from core.ledger.journals import Cause, Leg, post, reverse
from core.ledger.tables import journal
from core.ledger.units import TIME, Money
from core.ledger.verify import verify
from core.people import linking
from core.store import Unit
from tests.core.hours.helped import accepted_grant
from tests.world import World

NAMES = ("Ana", "Tom", "Ben", "Cid")
_round = itertools.count()
_LOG = st.tuples(
    st.just("log"),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from((1, 30, 59, 90, 600, 1440)),  # minutes
    st.integers(0, 2),  # days ago
    st.booleans(),  # whether the helped one logs it
)
_DECIDE = st.tuples(
    st.sampled_from(("hours.confirm", "hours.confirm", "hours.confirm", "hours.dispute", "hours.withdraw")),
    st.integers(0, 9),
    st.sampled_from(("other", "other", "other", "logger", *NAMES)),
)
_BOTH_HELPED = [
    ("log", "Tom", "Ana", 30, 0, False),
    ("log", "Tom", "Ben", 59, 0, True),
    ("log", "Ana", "Tom", 90, 1, False),
    ("log", "Ben", "Tom", 90, 1, False),
    *(("hours.confirm", number, "other") for number in range(4)),
]
_STEPS = st.lists(st.one_of(_LOG, _DECIDE), min_size=6, max_size=20)


def _payment(world: World, nexus: str, who: str, minor: int, code: str = "EUR") -> None:
    def unit(unit: Unit) -> None:
        where, me = world.nexuses[nexus].id, world.id_of(who)
        fund, given = account(unit, Kind.FUND, where, code), account(unit, Kind.GIVEN, where, code, me)
        source = account(unit, Kind.SOURCE, where, code)
        cause = Cause(where, me, "deposit", 0)
        post(unit, f"in:{unit.new_id()}", "deposit", cause, [Leg(source, -minor), Leg(fund, minor)])
        post(unit, f"out:{unit.new_id()}", "payment", cause, [Leg(fund, -minor), Leg(given, minor)])

    world.write(unit)


@settings(max_examples=14)
@given(steps=_STEPS, merges=st.sampled_from(((), ("Ana", "Ben"))))
@example(steps=_BOTH_HELPED, merges=("Ana", "Ben"))
def test_totals_are_what_was_confirmed_and_what_the_books_have(
    world: World, steps: list[Any], merges: tuple[str, ...]
) -> None:
    number = next(_round)
    nexus = f"Round {number}"
    world.nexus(nexus, owner=f"Ana {number}")
    called = {name: f"{name} {number}" for name in NAMES}
    for name in called.values():
        world.join(name, nexus)
    logged: list[tuple[str, str, str, int, dict[str, str]]] = []
    counted: Counter[tuple[str, str]] = Counter()
    decided = set()
    for at, step in enumerate(steps):
        try:
            if step[0] == "log":
                _, giver, helped, minutes, days, reverse_ = step
                by: dict[str, Any] = {"by": called[giver]} if reverse_ else {}
                made = world.do(
                    called[helped if reverse_ else giver],
                    "hours.log",
                    person="me" if reverse_ else called[helped],
                    time=f"{minutes}m",
                    about=f"piece {at}",
                    day=f"{days} days ago" if days else "today",
                    **by,
                )
                who = {"other": giver if reverse_ else helped, "logger": helped if reverse_ else giver}
                logged.append((made.handle, giver, helped, minutes, who))
            elif logged:
                handle, giver, helped, minutes, who = logged[step[1] % len(logged)]
                world.do(called[who.get(step[2], step[2])], step[0], entry=handle)
                if step[0] == "hours.confirm":
                    assert handle not in decided
                    decided.add(handle)
                    counted[giver, helped] += minutes
        except NexusError:
            continue
    if merges:
        old, new = (world.id_of(called[name]) for name in merges)
        world.write(lambda unit: linking.merge(unit, old=old, new=new))
    where = world.nexuses[nexus].id
    same = {name: merges[1] if merges and name == merges[0] else name for name in NAMES}
    found: Totals = world.read(lambda unit: totals(unit, where))
    assert found.minutes == found.worked == sum(counted.values())
    assert found.people == found.helped == len({same[helped] for _, helped in counted})
    for name in NAMES:
        mine = world.read(lambda unit, name=name: totals(unit, where, world.id_of(called[name])))
        assert mine.worked == sum(m for (giver, _), m in counted.items() if same[giver] == same[name])
        assert mine.minutes == sum(m for (_, helped), m in counted.items() if same[helped] == same[name])
        assert mine.helped == len({same[helped] for giver, helped in counted if same[giver] == same[name]})
    assert world.read(lambda unit: _in_books(unit, where)) == (sum(counted.values()),) * 2
    assert not world.read(lambda unit: verify(unit, nexus_id=where)).problems


def _in_books(unit: Unit, nexus_id: int) -> tuple[int, int]:
    kinds: Counter[str] = Counter()
    for one, sums in balances(unit, nexus_id):
        assert one.unit == TIME
        kinds[one.kind] += sums.posted
    return -kinds[Kind.WORKED], kinds[Kind.GIVEN]


def test_money_and_time_stand_side_by_side(world: World) -> None:
    for day in range(1, 4):
        world.do("Tom", "hours.log", person="Ana", time="20h", about="the parser", day=f"{day} days ago")
        world.do("Ana", "hours.confirm", entry="it")
    world.do("Tom", "hours.log", person="Ben", time="1h", about="the parser")
    world.do("Ben", "hours.confirm", entry="it")
    _payment(world, "Parser", "Ana", 400_000)
    _payment(world, "Parser", "Ben", 20_000)
    _payment(world, "Parser", "Ben", 500, "JPY")
    where = world.nexuses["Parser"].id
    money = (Money(420_000, "EUR"), Money(500, "JPY"))
    assert world.read(lambda unit: totals(unit, where)) == Totals(61 * 60, money, 2, 61 * 60, 2)
    mine = world.read(lambda unit: totals(unit, person=world.id_of("Ana")))
    assert mine == Totals(60 * 60, (Money(400_000, "EUR"),), 1, 0, 0)
    assert world.read(lambda unit: totals(unit, world.nexuses["Other"].id)) == Totals(0, (), 0, 0, 0)


def test_what_the_books_took_back_counts_no_more(world: World) -> None:
    grant = accepted_grant(world, "Ana")
    world.do("Tom", "hours.log", person="Ana", time="2h", about="the parser", grant=f"={grant.id}")
    world.do("Ana", "hours.confirm", entry="it")
    assert world.read(lambda unit: totals(unit, grant_id=grant.id)) == Totals(120, (), 1, 120, 1)

    def take_back(unit: Unit) -> None:
        row = unit.row(journal.select().where(journal.c.kind == "hours"))
        assert row is not None
        reverse(unit, row["id"], Cause(world.nexuses["Parser"].id, 0, "correction", 0), "it was somebody else")

    world.write(take_back)
    for asked in ({"nexus_id": world.nexuses["Parser"].id}, {"person": world.id_of("Tom")}, {"grant_id": grant.id}):
        found = world.read(lambda unit, asked=asked: totals(unit, **asked))
        assert (found.minutes, found.worked, found.people, found.helped) == (0, 0, 0, 0)
    (line,) = world.do("Tom", "hours.list").items
    assert line.state == "taken out of the books"
    assert world.do("Ben", "hours.list", nexus="here").items == ()
