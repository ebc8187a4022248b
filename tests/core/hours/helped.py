"""What the tests of hours share: people who help each other, what they were told, and an accepted grant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from core.grants.grants import Grant, grant_of
from core.grants.tables import grant_award, grants
from core.grants.tranches import begin, hold_all, make
from core.hours.tables import hours_entry, meeting
from core.ledger.accounts import Kind, balance
from core.ledger.units import TIME, Money
from core.notices.notices import settle, waiting
from core.operations.run import Ask, Done
from core.store import Unit
from tests.world import World


def told(world: World, who: str) -> list[Any]:
    """What somebody was told and has not been shown here yet."""

    def take(unit: Unit) -> list[Any]:
        mine = [row for row in waiting(unit, 1000) if row["person_id"] == world.id_of(who)]
        for row in mine:
            settle(unit, row["id"], "given")
        return mine

    found: list[Any] = world.write(take)
    return found


def words(notice: Any) -> str:
    """The sentence of a notice."""
    return str(notice["template"].format(**notice["data"]))


def button(notice: Any, label: str) -> str:
    """The token of a button of a notice."""
    return str(next(token for name, token, _ in notice["buttons"] if name == label))


def question(asked: Any) -> str:
    """The question of a card."""
    assert isinstance(asked, Ask)
    return asked.question.format(**asked.arguments)


def yes(asked: Any) -> str:
    """The token of the first button of a card."""
    assert isinstance(asked, Ask)
    return asked.buttons[0].token


def said(done: Any) -> str:
    """What is said when it is done, as the general card has it."""
    assert isinstance(done, Done)
    values = {name: getattr(done.result, name) for name in type(done.result).__dataclass_fields__}
    return done.operation.tells.format(**values | {k: v for k, v in done.arguments.items() if v})


def minutes(world: World, giver: str, helped: str, nexus: str = "Parser") -> tuple[int, int]:
    """What the books have: time that the one gave, and time that the other was given."""

    def unit(unit: Unit) -> tuple[int, int]:
        where = world.nexuses[nexus].id
        worked = balance(unit, Kind.WORKED, where, TIME, world.id_of(giver)).posted
        return -worked, balance(unit, Kind.GIVEN, where, TIME, world.id_of(helped)).posted

    found: tuple[int, int] = world.read(unit)
    return found


def states(world: World) -> list[str]:
    """The states of all entries, oldest first."""
    rows = world.read(lambda unit: unit.rows(hours_entry.select().order_by(hours_entry.c.id)))
    return [row["state"] for row in rows]


def meetings(world: World) -> list[Any]:
    """All meetings as they are, oldest first."""
    found: list[Any] = world.read(lambda unit: unit.rows(meeting.select().order_by(meeting.c.id)))
    return found


def accepted_grant(world: World, recipient: str, *, nexus: str = "Parser", state: str = "accepted") -> Grant:
    """A grant of ten hours from the fund that its recipient has accepted, as if all that had been done."""
    proposer = world.id_of("Ana")

    def accepted(unit: Unit) -> Grant:
        number = unit.new_id()
        empty = dict.fromkeys(c.name for c in grants.c)
        values: dict[str, Any] = {
            "id": number,
            "handle": f"g{number % 10_000}",
            "nexus_id": world.nexuses[nexus].id,
            "proposer_id": proposer,
            "recipient_id": world.id_of(recipient),
            "giver_id": 0,
            "source": "fund",
            "purpose": "a parser",
            "condition": "",
            "state": state,
            "version": 1,
            "needed": 1,
            "terms": {},
            "created_at": unit.now,
            "place_id": 0,
            "every": 0,
        }
        unit.execute(insert(grants), empty | values)
        unit.execute(insert(grant_award), {"grant_id": number, "unit": TIME, "amount": 600})
        make(unit, number, [Money(600, TIME)])
        hold_all(unit, grant_of(unit, number, locked=True), proposer)
        begin(unit, grant_of(unit, number, locked=True))
        return grant_of(unit, number)

    made: Grant = world.write(accepted)
    return made
