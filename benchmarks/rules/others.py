"""Cedar and Casbin deciding the same checks, from the policies of one chain of Nexuses.

Both get the rules that are still effective at the end of the chain, one policy for each: what a nearer Nexus, a locked
deny or an end overrides has been settled before, as neither knows "the nearest decides". Both are told what the person
is to the Nexus, and whom the author's consent covers. So they answer less than a check here does, and none has lists.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import Any, Protocol

from benchmarks.processes import BenchError
from core.operations.context import Audience
from core.rules.decide import Rule, word_of
from core.rules.kinds import KINDS
from core.rules.lists import Stub
from core.rules.masks import rules_on_chain
from core.rules.resolver import eyes_of, may
from core.rules.words import ANY, Action, Effect, Scope, audiences_of, names_of, unpack_actions
from core.store import Unit

OURS = "Nexus"
CEDAR, CEDAR_TEXT, CASBIN = "Cedar, all parsed before", "Cedar, from text", "Casbin"
_MODEL = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = audience, kind, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == r.obj.author || (!r.obj.private && (p.kind == "*" || p.kind == r.obj.kind) && r.act == p.act \
&& g(r.sub, p.audience) && p.audience in r.obj.consent)
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One check: who, with what, what they are there, whom the author's consent covers; and what we decide."""

    audience: Audience
    row: Stub
    bits: int
    consent: tuple[str, ...]
    allowed: bool

    @property
    def is_private(self) -> bool:
        """Whether it is the author's alone, whatever the rules say."""
        return KINDS[self.row.kind].private


def cases(unit: Unit, people: Sequence[Audience], rows: Sequence[Stub]) -> list[Case]:
    """Each of the people with each of the rows, all of one Nexus."""
    found = []
    for audience in people:
        bits = eyes_of(unit, audience)[0].reach.at(rows[0].nexus_id)
        for row in rows:
            consent = names_of(audiences_of(row.ceiling, Action.SEE))
            found.append(Case(audience, row, bits, consent, may(unit, audience, row)))
    return found


@dataclass(frozen=True, slots=True)
class Policy:
    """What is left of a permitting rule at the end of its chain, for kinds of which the same is left."""

    rule: Rule
    kinds: Sequence[str]
    actions: Sequence[Action]


def effective(unit: Unit, nexus_id: int) -> list[Policy]:
    """The permits on the chain of a Nexus that still count at its end."""
    chain = rules_on_chain(unit, nexus_id)
    words = {kind: word_of(chain, kind, unit.now)[0] for kind in KINDS}
    found = []
    for distance, own in enumerate(chain):
        for rule in own:
            here = rule.scope == Scope.SUBTREE or distance == 0
            if rule.effect == Effect.PERMIT and here and rule.in_force(unit.now):
                alike: dict[tuple[Action, ...], list[str]] = {}
                for kind in KINDS if rule.kind == ANY else [rule.kind]:
                    left = {a for a in Action if rule.audience in names_of(audiences_of(words[kind], a))}
                    alike.setdefault(tuple(left.intersection(unpack_actions(rule.actions))), []).append(kind)
                found += [Policy(rule, kinds, actions) for actions, kinds in alike.items() if actions]
    return found


class Way(Protocol):
    """One that decides all the checks it was made with."""

    @property
    def policies(self) -> int:
        """From how many policies."""

    def decide(self) -> list[bool]:
        """All checks."""


class Ours:
    """The resolver, from the same unit."""

    def __init__(self, unit: Unit, nexus_id: int, asked: Sequence[Case]) -> None:
        self.policies = sum(len(own) for own in rules_on_chain(unit, nexus_id))
        self._unit, self._asked = unit, asked

    def decide(self) -> list[bool]:
        """All checks."""
        unit = self._unit
        return [may(unit, case.audience, case.row) for case in self._asked]


class Cedar:
    """cedarpy, with a hierarchy of Nexuses, groups for audiences, and consent as an attribute."""

    def __init__(self, unit: Unit, nexus_id: int, asked: Sequence[Case], *, parsed: bool) -> None:
        import cedarpy

        self._cedar: Any = cedarpy
        text = ["permit(principal, action, resource) when { resource.author == principal };"]
        text += [self._policy(one) for one in effective(unit, nexus_id)]
        self.policies = len(text)
        nexuses = [nexus_id, *eyes_of(unit, asked[0].audience)[0].structure.above(nexus_id)]
        self._nexuses = [
            {"uid": _uid("Nexus", here), "attrs": {}, "parents": [_uid("Nexus", above)] if above else []}
            for here, above in zip(nexuses, [*nexuses[1:], 0], strict=True)
        ]
        policies = "\n".join(text)
        self._policies = cedarpy.PolicySet.from_str(policies) if parsed else policies
        self._asked = [self._request(case, parsed=parsed) for case in asked]

    @staticmethod
    def _policy(one: Policy) -> str:
        named = ", ".join(f'Action::"{action.word}"' for action in one.actions)
        who, kinds = one.rule.audience, json.dumps(one.kinds)
        return (
            f'permit(principal in Audience::"{who}", action in [{named}], resource in Nexus::"{one.rule.nexus_id}") '
            f'when {{ {kinds}.contains(resource.kind) && !resource.private && resource.consent.contains("{who}") }};'
        )

    def _request(self, case: Case, *, parsed: bool) -> tuple[dict[str, Any], Any]:
        row = case.row
        entities = [
            *self._nexuses,
            {
                "uid": _uid("Person", case.audience.person_id),
                "attrs": {},
                "parents": [_uid("Audience", name) for name in names_of(case.bits)],
            },
            {
                "uid": _uid("Record", row.id),
                "attrs": {
                    "kind": row.kind,
                    "author": {"__entity": _uid("Person", row.author_id)},
                    "private": case.is_private,
                    "consent": list(case.consent),
                },
                "parents": [_uid("Nexus", row.nexus_id)],
            },
        ]
        text = json.dumps(entities)
        request = {
            "principal": f'Person::"{case.audience.person_id}"',
            "action": 'Action::"see"',
            "resource": f'Record::"{row.id}"',
            "context": {},
        }
        return request, self._cedar.Entities.from_json_str(text) if parsed else text

    def decide(self) -> list[bool]:
        """All checks."""
        ask, policies = self._cedar.is_authorized, self._policies
        return [ask(request, policies, entities).allowed for request, entities in self._asked]


def _uid(of: str, name: object) -> dict[str, str]:
    return {"type": of, "id": str(name)}


@dataclass(frozen=True, slots=True)
class _Thing:
    """A record as Casbin's matcher sees it."""

    author: str
    kind: str
    private: bool
    consent: tuple[str, ...]


class Casbin:
    """casbin, with roles for audiences and the rest in the matcher."""

    def __init__(self, unit: Unit, nexus_id: int, asked: Sequence[Case]) -> None:
        import casbin

        model = casbin.Enforcer.new_model(text=_MODEL)
        self._enforcer: Any = casbin.Enforcer(model)
        found = effective(unit, nexus_id)
        lines = {
            (one.rule.audience, kind, action.word) for one in found for kind in one.kinds for action in one.actions
        }
        self.policies = len(lines)
        self._enforcer.add_policies([list(line) for line in sorted(lines)])
        for case in asked:
            for name in names_of(case.bits):
                self._enforcer.add_grouping_policy(str(case.audience.person_id), name)
        self._asked = [
            (
                str(case.audience.person_id),
                _Thing(str(case.row.author_id), case.row.kind, case.is_private, case.consent),
            )
            for case in asked
        ]

    def decide(self) -> list[bool]:
        """All checks."""
        return [self._enforcer.enforce(who, what, "see") for who, what in self._asked]


def side_by_side(unit: Unit, nexus_id: int, asked: Sequence[Case], rounds: int = 5) -> dict[str, float]:
    """Microseconds of one check, medians, for each that is installed. `BenchError` if they do not decide alike."""
    ways: dict[str, Way] = {OURS: Ours(unit, nexus_id, asked)}
    if find_spec("cedarpy") is not None:
        ways[CEDAR] = Cedar(unit, nexus_id, asked, parsed=True)
        ways[CEDAR_TEXT] = Cedar(unit, nexus_id, asked, parsed=False)
    if find_spec("casbin") is not None:
        ways[CASBIN] = Casbin(unit, nexus_id, asked)
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.perf_counter_ns()
            decided = way.decide()
            took[name].append((time.perf_counter_ns() - began) / len(asked) / 1000)
            agree(name, asked, decided)
    return {f"{name} ({ways[name].policies} policies)": median(times) for name, times in took.items()}


def agree(name: str, asked: Sequence[Case], decided: Sequence[bool]) -> None:
    wrong = [case for case, allowed in zip(asked, decided, strict=True) if allowed != case.allowed]
    if wrong:
        raise BenchError(f"{name} decides {len(wrong)} of {len(asked)} checks otherwise, such as {wrong[0]}")
