"""A walk: every operation, with every role, from every origin, ends exactly as declared, and a refusal changes nothing.

What each may is written by hand in `tests.core.rights`.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from core.catalogue import REGISTRY, metadata
from core.errors import Conflict, NexusError, NotAllowed, NotFound
from core.invites.invites import add_invite, add_request
from core.nexuses.members import join
from core.nexuses.roles import STANDING
from core.operations import Operation, Origin, Who
from core.operations.run import Ask, Done, run, run_press
from core.payouts.payouts import set_account
from core.payouts.provider import configure as configure_payouts
from core.people.tables import account
from core.places.maps import add_mapping
from core.places.places import Place, bind
from core.providers.provider import Provider, configure
from core.records.records import add_record
from core.rules import links
from core.rules.kinds import KINDS
from core.rules.rules import set_rule
from core.rules.words import Action, pack_actions
from core.store import Unit
from tests.core.funds.ground import fund_ground, pledge_ground
from tests.core.grants.ground import GRANTS, foreign_grants, grants_of
from tests.core.grants.paid_ground import LIVING, half_paid, living
from tests.core.hours.ground import HOURS, foreign_hours, hours_ground
from tests.core.moderation.cases.ground import case_ground, list_ground, own_case
from tests.core.payouts.ground import BANK
from tests.core.policies.ground import mandate_ground
from tests.core.rights import EVERYONE, MAY
from tests.world import World

# What comes of being in it, and not of deciding.
OF_BEING_IN_IT = (
    "nexus.leave", "nexus.create", "nexus.join", "people.count", "fund.show", "fund.digest", "grant.show", "grant.ask",
    "receipt.show",
)  # fmt: skip
IN_A_GROUP = (
    "place.setup", "place.bind", "place.unbind", "place.roles", "place.map", "place.unmap", "purge", "lock", "unlock",
    "slowmode",
)  # fmt: skip
# What belongs to somebody else: nobody gets at it, whatever their role.
FOREIGN = {
    "thought.remove": {"thought": "{foreign_thought}"},
    "need.close": {"need": "{foreign_need}"},
    "offer.close": {"offer": "{foreign_offer}"},
    "fact.change": {"fact": "{foreign_fact}", "readers": "anyone"},
    "fact.remove": {"fact": "{foreign_fact}"},
    "consent.set": {"thing": "{foreign_need}", "who": "everyone"},
    "my.forget": {"what": "#{foreign_need}"},
    "account.unlink": {"account": "discord"},
    "account.link": {"code": "KF3M-9TQ2-X7PD"},
    "invite.accept": {"code": "KF3M-9TQ2-X7PD"},
    "owner.claim": {"code": "KF3M-9TQ2-X7PD"},
    "pledge.withdraw": {"pledge": "{foreign_pledge}"},
    "grant.accept": {"grant": "{foreign_offered}"},
    "grant.decline": {"grant": "{foreign_offered}"},
    "grant.answer": {"grant": "{proposal}", "answer": "Because"},
    "grant.change": {"grant": "{proposal}", "amount": "4 EUR"},
    "grant.withdraw": {"grant": "{proposal}"},
    "grant.report": {"grant": "{live}", "text": "it works"},
    "grant.repeat": {"grant": "{proposal}", "every": "30 days"},
    "grant.send": {"grant": "{foreign_draft}"},
    "hours.confirm": {"entry": "{foreign_waiting}"},
    "hours.dispute": {"entry": "{foreign_waiting}"},
    "hours.withdraw": {"entry": "{foreign_logged}"},
    "office.cancel": {"slot": "{foreign_own_time}"},
    "office.kept": {"slot": "{foreign_over}"},
    "office.missed": {"slot": "{foreign_over}"},
    "appeal": {"case": "{case}", "text": "it was not them"},
}


def test_the_table_names_every_operation_and_is_within_the_declarations() -> None:
    assert list(MAY) == [o.name for o in REGISTRY if o.name in MAY]
    assert {o.name for o in REGISTRY} == set(MAY)
    for name, (roles, _) in MAY.items():
        who = REGISTRY.get(name).who
        assert all(who is Who.ANYONE or STANDING.get(role, -1) >= who for role in roles), name


class Walk:
    """One store with somebody of every role in Parser; each call is undone."""

    def __init__(self, world: World) -> None:
        self.world = world
        configure(world.store, Provider("api.example.com"))
        configure_payouts(world.store, (BANK,))
        self.words: dict[str, str] = {"claim": world.claim_code}
        world.nexus("Parser", owner="Otto")
        world.nexus("Square", door="open")
        world.nexus("Yard")
        for role in EVERYONE:
            world.person(role.capitalize())
            world.person(f"{role.capitalize()} T", platform="telegram")
            if role != "stranger":
                world.join(role.capitalize(), "Parser", role)
        world.join("Tam", "Parser")
        world.person("Ida")
        self.place: Place = world.place("Lobby")
        world.roles = (("7", "Mods"), ("9", "Helpers"))
        world.write(self._more)
        self.start()

    def start(self) -> None:
        """Everything is undone to how it is now."""
        self.before: dict[str, list[Any]] = self.world.read(dump)

    def _more(self, unit: Unit) -> None:
        world, parser = self.world, self.world.nexuses["Parser"].id
        otto, tam, ida = (world.id_of(name) for name in ("Otto", "Tam", "Ida"))
        bind(unit, self.place.id, parser, "members", by=otto)
        add_mapping(
            unit,
            platform=self.place.platform,
            ground=self.place.external_id,
            external_role="9",
            title="Helpers",
            nexus_id=parser,
            role="moderator",
            made_by=otto,
        )
        terms: dict[str, Any] = {"uses": 99, "made_by": otto, "expires_at": unit.now + 10**9, "role": "member"}
        wanted, self.words["handle"], _ = add_invite(unit, nexus_id=parser, approval=True, **terms)
        add_request(unit, wanted, parser, ida, "waiting")
        join(unit, otto, world.nexuses["Square"].id, "owner", granted_by=otto)
        _, _, self.words["code"] = add_invite(unit, nexus_id=world.nexuses["Square"].id, approval=False, **terms)
        self.words |= {"tam": f"={tam}", "ida": f"={ida}"}
        hidden: dict[str, Any] = {"kind": "offer", "audience": "public", "effect": "deny"}
        set_rule(unit, parser, **hidden, actions=pack_actions((Action.SEE,)), by=otto)
        links.propose(unit, world.nexuses["Yard"].id, parser, by=otto)
        links.accept(unit, links.propose(unit, parser, world.nexuses["Square"].id, by=otto), by=otto)
        self.words |= fund_ground(unit, parser, tam)
        for kind in KINDS:
            _, self.words[f"foreign_{kind}"] = add_record(unit, kind, nexus_id=parser, author_id=tam, body="zither")
        self.words |= foreign_hours(unit, parser, tam, ida)
        self.words |= foreign_grants(unit, parser, tam, ida) | half_paid(unit, parser, tam, ida)
        self.words |= case_ground(unit, parser, self.place.id, tam, ida)
        list_ground(unit, parser, world.nexuses["Square"].id, world.nexuses["Yard"].id, otto)
        self.words["mandate"] = mandate_ground(unit, parser, ida, tam)
        for number, role in enumerate(sorted(EVERYONE)):
            me = world.id_of(role.capitalize())
            mine = hours_ground(unit, parser, me, tam, number) | grants_of(unit, parser, me, tam, ida)
            mine |= living(unit, parser, me, tam, ida) | {"judged": own_case(unit, parser, me)}
            self.words |= {f"{name} of {role}": handle for name, handle in mine.items()}
            join(unit, me, world.nexuses["Yard"].id, "steward", granted_by=otto)
            second = account.c.id == world.person(f"{role.capitalize()} T").account_id
            unit.execute(update(account).where(second).values(person_id=me))
            set_account(unit, me, BANK, "acct_1AnaAccount0000")
            self.words[f"pledge of {role}"] = pledge_ground(unit, parser, me)
            for kind in KINDS:
                _, handle = add_record(unit, kind, nexus_id=parser, author_id=me, body=f"my {kind}")
                self.words[f"{kind} of {role}"] = handle

    def arguments(self, role: str, given: dict[str, Any]) -> dict[str, Any]:
        own = {kind: self.words[f"{kind} of {role}"] for kind in (*KINDS, "pledge", "judged", *HOURS, *GRANTS, *LIVING)}
        return {name: value.format(**(self.words | own)) for name, value in given.items()}

    def attempt(self, role: str, operation: Operation, given: dict[str, Any], origin: Origin) -> str:
        """Call, press the card if there is one, undo everything; how it went."""
        arguments, actor = self.arguments(role, given), role.capitalize()
        place = self.place if operation.name in IN_A_GROUP else None
        went = ""

        def step(unit: Unit, do: Callable[[], Any], before: dict[str, list[Any]]) -> Any:
            nonlocal went
            try:
                outcome = do()
            except (NotAllowed, NotFound, Conflict):
                assert dump(unit) == before, "a refusal changed something"
                went = "refused"
                return None
            went = "done" if isinstance(outcome, Done) else "asked"
            if not operation.writes:
                assert dump(unit) == before, "a read changed something"
            return outcome

        def unit(unit: Unit) -> None:
            context = self.world.context(unit, actor, origin=origin, here="Parser", place=place)
            outcome = step(unit, lambda: run(REGISTRY, context, operation.name, arguments), self.before)
            if isinstance(outcome, Ask):
                token = outcome.buttons[0].token
                other = self.world.context(unit, "Otto", here="Parser", place=place)
                step(unit, lambda: run_press(REGISTRY, other, token), self.before)
                assert went == "refused", "somebody else pressed it"
                step(unit, lambda: run_press(REGISTRY, context, token), self.before)
            raise _Undo

        with pytest.raises(_Undo):
            self.world.write(unit)
        return went


class _Undo(Exception):
    """Ends a unit without a trace."""


def dump(unit: Unit) -> dict[str, list[Any]]:
    """Every row that means something: quotas count attempts, and an offered card is no change, nor is a look ahead."""
    kept = [table for table in metadata.sorted_tables if table.name not in ("quota_use", "button", "guard_look")]
    return {table.name: sorted((tuple(row) for row in unit.execute(table.select())), key=repr) for table in kept}


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def test_every_operation_with_every_role_from_every_origin(walk: Walk, engine: str) -> None:
    # Origins differ in what has to be confirmed, which no engine knows of: so one is enough on the slower one.
    origins = (Origin.COMMAND, Origin.TALK, Origin.CLI) if engine == "sqlite" else (Origin.COMMAND,)
    wrong = []
    for name, (roles, given) in MAY.items():
        operation = REGISTRY.get(name)
        for role in sorted(EVERYONE):
            for origin in origins:
                went = walk.attempt(role, operation, given, origin)
                if went != ("done" if role in roles else "refused"):
                    wrong.append((name, role, str(origin), went))
    assert wrong == []


def test_nobody_gets_at_what_is_somebody_elses(walk: Walk) -> None:
    for name, given in FOREIGN.items():
        for role in EVERYONE:
            for origin in (Origin.COMMAND, Origin.CLI):
                try:
                    went = walk.attempt(role, REGISTRY.get(name), given, origin)
                except NexusError as refusal:
                    went = "refused" if refusal.code == "bad_input" else refusal.code
                assert went == "refused", (name, role)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_is_suspended_is_as_a_stranger(walk: Walk) -> None:
    for role in EVERYONE - {"stranger"}:
        walk.world.suspend(role.capitalize(), "Parser")
    walk.start()
    wrong = []
    for name, (roles, given) in MAY.items():
        for role in sorted(EVERYONE):
            went = walk.attempt(role, REGISTRY.get(name), given, Origin.CLI)
            if went != ("done" if "stranger" in roles else "refused"):
                wrong.append((name, role, went))
    assert wrong == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_from_above_one_has_the_rights_of_a_role_that_reaches_down(walk: Walk) -> None:
    reaching = {"owner", "steward", "treasurer", "moderator"}
    for role in EVERYONE - {"stranger"}:
        walk.world.suspend(role.capitalize(), "Parser")
        walk.world.join(role.capitalize(), "Home", role, here=False)
    walk.start()
    wrong = []
    for name, (roles, given) in MAY.items():
        if name in OF_BEING_IN_IT:
            continue
        for role in sorted(EVERYONE):
            allowed = role in roles if role in reaching else "stranger" in roles
            went = walk.attempt(role, REGISTRY.get(name), given, Origin.CLI)
            if went != ("done" if allowed else "refused"):
                wrong.append((name, role, went))
    assert wrong == []
