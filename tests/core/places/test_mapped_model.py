"""Any sequence of doings leaves exactly the memberships that a simple model predicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import Conflict
from core.nexuses.members import join, leave, remove_role, suspend
from core.nexuses.roles import MAPPABLE
from core.nexuses.tables import membership
from core.places.mapped import Seen, apply
from core.places.maps import add_mapping, drop_mapping, mappings
from core.store import Unit
from tests.core.access.test_records import in_a_unit
from tests.core.places.seen import ACCOUNTS, G1, NEXUSES, PEOPLE, people_of, sight
from tests.world import World

EXTERNAL = ("1", "2", "*")
ROLES_BY_HAND = ("guest", "member", "moderator", "treasurer", "steward")


@pytest.fixture
def world(world: World) -> World:
    return people_of(world)


@dataclass
class Model:
    """Who has what and why, in the words of the rule. Keys are (person, Nexus, role)."""

    hand: set[tuple[str, str, str]] = field(default_factory=set)
    given: dict[tuple[str, str, str], tuple[int, str]] = field(default_factory=dict)  # mapping and account
    out: set[tuple[str, str, str]] = field(default_factory=set)
    suspended: set[tuple[str, str]] = field(default_factory=set)
    maps: dict[int, tuple[str, str, str]] = field(default_factory=dict)  # external role, Nexus, role

    def active(self) -> set[tuple[str, str, str]]:
        return self.hand | set(self.given)

    def holds(self, who: str, nexus: str) -> set[str]:
        return {role for person, where, role in self.active() if (person, where) == (who, nexus)}

    def see(self, account: str, roles: tuple[str, ...] | None) -> None:
        who = account.removesuffix(" 2")
        before = self.active() | self.out
        sources: dict[tuple[str, str, str], int] = {}
        for number, (external, nexus, role) in sorted(self.maps.items()):
            if external == "*" or (roles is not None and external in roles):
                for one in ("member", role):
                    sources.setdefault((who, nexus, one), number)
        for key, number in sources.items():
            shut = (who, key[1]) in self.suspended or (who, key[1], "member") in self.out
            if key not in before and not shut:
                self.given[key] = (number, account)
        for key, (number, by) in list(self.given.items()):
            external = self.maps[number][0]
            if by != account or external == "*" or roles is None or external in roles:
                continue
            if key in sources:
                self.given[key] = (sources[key], account)
            else:
                del self.given[key]

    def gone(self, account: str) -> None:
        self.given = {key: one for key, one in self.given.items() if one[1] != account}

    def unmap(self, number: int) -> None:
        del self.maps[number]
        self.given = {key: one for key, one in self.given.items() if one[0] != number}

    def grant(self, who: str, nexus: str, role: str) -> None:
        for one in {"guest"} if role == "guest" else {"member", role}:
            self.hand.add((who, nexus, one))
            self.given.pop((who, nexus, one), None)
            self.out.discard((who, nexus, one))

    def revoke(self, who: str, nexus: str, role: str) -> None:
        if (who, nexus, role) in self.active():
            self.hand.discard((who, nexus, role))
            self.given.pop((who, nexus, role), None)
            if role in MAPPABLE and self.counts(nexus):
                self.out.add((who, nexus, role))

    def leave(self, who: str, nexus: str) -> None:
        roles = self.holds(who, nexus)
        for role in roles:
            self.hand.discard((who, nexus, role))
            self.given.pop((who, nexus, role), None)
        if roles and self.counts(nexus):
            self.out.add((who, nexus, "member"))

    def suspend(self, who: str, nexus: str) -> None:
        roles = self.holds(who, nexus)
        if roles:
            self.suspended.add((who, nexus))
        for role in roles:
            self.hand.discard((who, nexus, role))
            self.given.pop((who, nexus, role), None)

    def counts(self, nexus: str) -> bool:
        return any(where == nexus for _, where, _ in self.maps.values())


_WHO, _WHERE = st.sampled_from(PEOPLE), st.sampled_from(NEXUSES)
_SEEN = st.one_of(st.none(), st.lists(st.sampled_from(EXTERNAL[:2]), unique=True).map(tuple))
_DOINGS = st.one_of(
    st.tuples(st.just("map"), st.sampled_from(EXTERNAL), _WHERE, st.sampled_from(MAPPABLE)),
    st.tuples(st.just("map"), st.sampled_from(EXTERNAL), _WHERE, st.sampled_from(MAPPABLE)),
    st.tuples(st.just("unmap"), st.integers(0, 5)),
    st.tuples(st.just("see"), st.sampled_from(ACCOUNTS), _SEEN),
    st.tuples(st.just("see"), st.sampled_from(ACCOUNTS), _SEEN),
    st.tuples(st.just("see"), st.sampled_from(ACCOUNTS), _SEEN),
    st.tuples(st.just("gone"), st.sampled_from(ACCOUNTS)),
    st.tuples(st.just("grant"), _WHO, _WHERE, st.sampled_from(ROLES_BY_HAND)),
    st.tuples(st.just("revoke"), _WHO, _WHERE, st.sampled_from(ROLES_BY_HAND[2:])),
    st.tuples(st.just("leave"), _WHO, _WHERE),
    st.tuples(st.just("suspend"), _WHO, _WHERE),
)


@settings(max_examples=150)
@given(doings=st.lists(_DOINGS, max_size=20))
def test_any_sequence_leaves_what_the_model_says(world: World, doings: list[Any]) -> None:
    ids = {name: world.id_of(name) for name in PEOPLE}
    seen = {name: sight(world, name) for name in ACCOUNTS}

    def unit(unit: Unit) -> None:
        model = Model()
        for what, *rest in doings:
            do(unit, model, what, rest)
            rows = unit.rows(select(membership).where(membership.c.person_id.in_(ids.values())))
            active = {(r["person_id"], r["nexus_id"], r["role"]) for r in rows if r["state"] == "active"}
            expected = {(ids[w], world.nexuses[n].id, role) for w, n, role in model.active()}
            assert active == expected, (what, rest)

    def do(unit: Unit, model: Model, what: str, rest: list[Any]) -> None:
        if what == "map":
            external, nexus, role = rest
            if (external, nexus) in {(e, n) for e, n, _ in model.maps.values()}:
                return
            number = add_mapping(
                unit,
                platform="discord",
                ground="g1",
                external_role=external,
                title=external,
                nexus_id=world.nexuses[nexus].id,
                role=role,
                made_by=1,
            )
            model.maps[number] = (external, nexus, role)
        elif what == "unmap":
            if rest[0] < len(model.maps):
                one = mappings(unit, *G1)[rest[0]]
                drop_mapping(unit, one)
                model.unmap(one.id)
        elif what == "see":
            one = seen[rest[0]]
            apply(unit, [Seen(one.person_id, one.account_id, *G1, rest[1])])
            model.see(*rest)
        elif what == "gone":
            one = seen[rest[0]]
            apply(unit, [Seen(one.person_id, one.account_id, *G1, gone=True)])
            model.gone(rest[0])
        elif what == "grant":
            who, nexus, role = rest
            if (who, nexus) in model.suspended:
                with pytest.raises(Conflict):
                    join(unit, ids[who], world.nexuses[nexus].id, role, granted_by=1)
            else:
                join(unit, ids[who], world.nexuses[nexus].id, role, granted_by=1)
                model.grant(who, nexus, role)
        else:
            who, nexus = rest[:2]
            if what == "revoke":
                remove_role(unit, ids[who], world.nexuses[nexus], rest[2])
                model.revoke(*rest)
            elif what == "leave":
                leave(unit, ids[who], world.nexuses[nexus])
                model.leave(who, nexus)
            else:
                suspend(unit, ids[who], world.nexuses[nexus].id)
                model.suspend(who, nexus)

    in_a_unit(world, unit)
