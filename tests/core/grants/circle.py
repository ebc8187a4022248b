"""A Nexus with a fund, people who decide about it, and those who propose and receive; and what everybody was told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.clock import DAY
from core.grants.grants import Grant, grant_by_handle, grant_of
from core.ledger.accounts import Kind, account, balance
from core.ledger.journals import Cause, Leg, post
from core.ledger.verify import verify
from core.notices.tables import notice, place_notice
from core.operations.run import Ask, Done, Outcome
from core.places.places import Place, bind
from core.store import Unit
from tests.world import World

AGED = 2 * DAY  # roles younger than a day decide nothing


class Circle:
    """Parser: Olga owns it, Stan is its steward, Tom its treasurer; Mia, Ana and Ben are members. Home has Hilda."""

    def __init__(self, world: World, *, fund: int = 120_000) -> None:
        self.world = world
        world.nexus("Parser", owner="Olga")
        world.join("Stan", "Parser", "steward")
        world.join("Tom", "Parser", "treasurer")
        world.join("Mod", "Parser", "moderator")
        for name in ("Mia", "Ana", "Ben"):
            world.join(name, "Parser")
        world.person("Eve")
        world.clock.advance(AGED)
        if fund:
            self.deposit(fund)

    @property
    def parser(self) -> int:
        return self.world.nexuses["Parser"].id

    def deposit(self, minor: int, *, code: str = "EUR", own: str = "") -> None:
        """Money into the fund, or into somebody's own deposit."""
        person_id = self.world.id_of(own) if own else 0

        def unit(unit: Unit) -> None:
            to = account(unit, Kind.OWN if own else Kind.FUND, self.parser, code, person_id)
            source = account(unit, Kind.SOURCE, self.parser, code)
            key = f"deposit:{unit.new_id()}"
            post(unit, key, "deposit", Cause(self.parser, 0, "deposit", 1), [Leg(source, -minor), Leg(to, minor)])

        self.world.write(unit)

    def free(self, *, own: str = "", code: str = "EUR") -> tuple[int, int]:
        """What is posted and what is held: of the fund, or of somebody's own deposit."""
        person_id = self.world.id_of(own) if own else 0
        kind = Kind.OWN if own else Kind.FUND
        found = self.world.read(lambda unit: balance(unit, kind, self.parser, code, person_id))
        return found.posted, found.held

    def grant(self, handle: str) -> Grant:
        """A grant as it is now."""

        def unit(unit: Unit) -> Grant:
            number = grant_by_handle(unit, handle)
            assert number is not None
            return grant_of(unit, number)

        found: Grant = self.world.read(unit)
        return found

    def propose(self, who: str = "Mia", **more: Any) -> str:
        """Somebody proposes 500 EUR for Ana, or what is said otherwise; the handle."""
        said = {"person": "Ana", "amount": "500 EUR", "purpose": "a parser"} | more
        handle: str = self.world.do(who, "grant.propose", **said).handle
        return handle

    def told(self, who: str) -> list[tuple[str, dict[str, str]]]:
        """What somebody was told in private so far: the filled sentence and the buttons by label; newest last."""
        person_id = self.world.id_of(who)
        rows = self.world.read(
            lambda unit: unit.rows(select(notice).where(notice.c.person_id == person_id).order_by(notice.c.id))
        )
        return [(row["template"].format(**row["data"]), {b[0]: b[1] for b in row["buttons"]}) for row in rows]

    def said_in(self, place: Place) -> list[tuple[str, dict[str, str]]]:
        """What was said in a place by itself, with the buttons."""
        rows = self.world.read(
            lambda unit: unit.rows(
                select(place_notice).where(place_notice.c.place_id == place.id).order_by(place_notice.c.id)
            )
        )
        return [(row["template"].format(**row["data"]), {b[0]: b[1] for b in row["buttons"]}) for row in rows]

    def press(self, who: str, label: str, *, of: str = "") -> Outcome:
        """Press the newest button with this label that somebody was sent (`of`: that somebody else was sent)."""
        token = next(buttons[label] for _, buttons in reversed(self.told(of or who)) if label in buttons)
        return self.world.press(who, token)

    def done(self, who: str, label: str) -> Any:
        """The same, with its result."""
        outcome = self.press(who, label)
        if isinstance(outcome, Ask):
            outcome = self.world.press(who, outcome.buttons[0].token)
        assert isinstance(outcome, Done)
        return outcome.result

    def lobby(self, audience: str = "members") -> Place:
        """A chat of the Nexus."""
        made = self.world.place("Lobby")
        olga = self.world.id_of("Olga")
        self.world.write(lambda unit: bind(unit, made.id, self.parser, audience, by=olga))
        return made

    def sound(self) -> None:
        """The books are as they have to be."""
        found = self.world.read(lambda unit: verify(unit))
        assert list(found.problems) == []
