"""Of a shared fund nobody decides about what they proposed, receive or give: a walk of everybody through every step.

Every role in every relation to a grant tries every step that takes four eyes, and each try is undone. `MAY` is the
whole of it, written by hand. What else evades four eyes (splitting, escalation, several at once) is in
`test_evasions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from core.catalogue import REGISTRY
from core.clock import DAY, HOUR
from core.errors import NexusError, NotAllowed, NotFound
from core.grants.grants import grant_of
from core.nexuses.members import join
from core.nexuses.roles import MODERATOR, ROLES
from core.operations import Actor, Audience, AudienceKind, Context
from core.operations.run import Ask, Done, run, run_press
from core.people.linking import merge, separate
from core.people.people import account_of, person_of
from core.store import Unit
from tests.core.grants.circle import Circle
from tests.world import World

MONEY = frozenset({"owner", "steward", "treasurer"})
NOBODY: frozenset[str] = frozenset()

NO_PART = "has no part in it"
# Who stands how to a grant, and with which roles they may decide about it all the same.
MAY: dict[str, frozenset[str]] = {
    NO_PART: MONEY,
    "proposed it": NOBODY,
    "receives it": NOBODY,
    "asked for it": NOBODY,
    "proposed it from an account linked before": NOBODY,
    "proposed it from an account linked since": NOBODY,
    "receives it on an account linked since": NOBODY,
    "was one with who proposed it": NOBODY,
    "was one with who receives it": NOBODY,
    "has their role from who proposed it": NOBODY,
    "has their role from who receives it": NOBODY,
    "has their role from who was one with who receives it": NOBODY,
    "has their role since an hour ago": NOBODY,
}
WAITING: dict[str, dict[str, str]] = {"grant.approve": {}, "grant.reject": {}}
HELD: dict[str, dict[str, str]] = {
    "grant.release": {},
    "grant.pay": {},
    "grant.skip": {},
    "grant.revoke": {"reason": "it ended"},
}


class _Undo(Exception):
    """Ends a unit without a trace."""


@dataclass(slots=True)
class Case:
    """Somebody who stands so to a grant and holds this role; `other` is who speaks from their second account."""

    relation: str
    role: str
    me: int
    second: int  # the account
    other: int
    grant: int = 0


class Walk:
    """Parser, with somebody of every role in every relation to a grant of their own."""

    def __init__(self, world: World) -> None:
        self.world, self.circle = world, Circle(world)
        self.cases = [
            self.somebody(relation, role)
            for relation in MAY
            for role in (("stranger", *ROLES) if relation == NO_PART else (*sorted(MONEY), MODERATOR))
        ]
        world.join("Nell", "Parser")
        self.each(self.stands)
        world.clock.advance(2 * DAY)
        self.each(self.has_role_now)
        world.clock.advance(HOUR)
        self.each(self.proposes)
        self.each(self.links_now)

    def somebody(self, relation: str, role: str) -> Case:
        one = self.world.person(f"{relation} {role}", platform="discord")
        two = self.world.person(f"{relation} {role} 2", platform="telegram")
        return Case(relation, role, one.person_id, two.account_id, two.person_id)

    def each(self, step: Callable[[Unit, Case], None]) -> None:
        def unit(unit: Unit) -> None:
            for case in self.cases:
                step(unit, case)

        self.world.write(unit)

    def stands(self, unit: Unit, case: Case) -> None:
        """Link and part accounts, and give roles."""
        id_of, parser = self.world.id_of, self.circle.parser
        join(unit, case.other, parser, "member", granted_by=id_of("Nell"))
        giver = id_of("Mod")  # who has no part in anything
        if case.relation.endswith("linked before"):
            merge(unit, old=case.other, new=case.me)
        elif "was one with" in case.relation:
            same = id_of("Stan") if "their role from" in case.relation else case.me
            merge(unit, old=case.other, new=same)
            case.other = separate(unit, account_of(unit, case.second))
            join(unit, case.other, parser, "member", granted_by=id_of("Nell"))
            giver = same if same != case.me else giver
        elif case.relation == "has their role from who proposed it":
            giver = id_of("Nell")
        elif case.relation == "has their role from who receives it":
            giver = id_of("Ana")
        join(unit, case.me, parser, "member" if case.role != "stranger" else "guest", granted_by=giver)
        if not case.relation.endswith("an hour ago"):
            self.give(unit, case, giver)

    def has_role_now(self, unit: Unit, case: Case) -> None:
        if case.relation.endswith("an hour ago"):
            self.give(unit, case, self.world.id_of("Mod"))

    def give(self, unit: Unit, case: Case, giver: int) -> None:
        if case.role != "stranger":
            join(unit, case.me, self.circle.parser, case.role, granted_by=giver)

    def proposes(self, unit: Unit, case: Case) -> None:
        id_of, relation = self.world.id_of, case.relation
        by, to = id_of("Nell"), id_of("Ana")
        if relation.startswith("proposed it"):
            by = case.me if relation == "proposed it" else case.other
        elif relation == "was one with who proposed it":
            by = case.other
        elif relation in ("receives it", "asked for it"):
            to = case.me
        elif relation.startswith("receives it on") or relation.endswith("was one with who receives it"):
            to = case.other
        said = {"amount": "10 EUR", "purpose": f"{relation} {case.role}"}
        if relation == "asked for it":
            case.grant = self.does(unit, to, "grant.apply", said).id
        else:
            by = person_of(unit, by).id
            case.grant = self.does(unit, by, "grant.propose", {"person": f"={to}", "giver": "fund", **said}).id

    def links_now(self, unit: Unit, case: Case) -> None:
        if case.relation.endswith("linked since"):
            merge(unit, old=case.other, new=case.me)

    def context(self, unit: Unit, person_id: int) -> Context:
        there = self.world.context(unit, "Nell", here="Parser")
        actor = Actor(person_id, person_of(unit, person_id).name)
        return replace(there, actor=actor, audience=Audience(AudienceKind.PERSON, person_id))

    def does(self, unit: Unit, person_id: int, operation: str, said: dict[str, str]) -> Any:
        context = self.context(unit, person_id)
        outcome = run(REGISTRY, context, operation, said)
        if isinstance(outcome, Ask):
            outcome = run_press(REGISTRY, context, outcome.buttons[0].token)
        assert isinstance(outcome, Done)
        return outcome.result

    def tries(self, case: Case, operation: str, said: dict[str, str]) -> str:
        """How a try goes; it is undone."""
        went = ""

        def unit(unit: Unit) -> None:
            nonlocal went
            try:
                self.does(unit, case.me, operation, {"grant": f"={case.grant}", **said})
                went = "done"
            except (NotAllowed, NotFound):
                went = "refused"
            except NexusError as error:
                went = error.message
            raise _Undo

        with pytest.raises(_Undo):
            self.world.write(unit)
        return went

    def wrong(self, steps: dict[str, dict[str, str]]) -> list[tuple[str, str, str, str]]:
        """Everything that went otherwise than it may."""
        return [
            (case.relation, case.role, operation, went)
            for case in self.cases
            for operation, said in steps.items()
            if (went := self.tries(case, operation, said)) != ("done" if case.role in MAY[case.relation] else "refused")
        ]

    def hold(self, unit: Unit, case: Case) -> None:
        """Two who have no part approve, and whoever it is for takes it."""
        for name in ("Olga", "Tom"):
            self.does(unit, self.world.id_of(name), "grant.approve", {"grant": f"={case.grant}"})
        self.does(unit, grant_of(unit, case.grant).recipient_id, "grant.accept", {"grant": f"={case.grant}"})


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_role_in_every_relation_tries_every_step(world: World) -> None:
    walk = Walk(world)
    assert walk.wrong(WAITING) == []
    walk.each(walk.hold)
    assert walk.wrong(HELD) == []
