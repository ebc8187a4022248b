"""Small, dense worlds: few names, deep chains, rules on every level, and every state that a thing can be in.

`make` describes one from a source of randomness: a seed, or hypothesis. `built.build` writes it into a store. Pure.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from random import Random

from core.nexuses.roles import ROLES
from core.nexuses.tree import ROOT_ID
from core.rules.words import ALL, AUDIENCES, BITS, NOTHING, Action, pack_actions, spread
from tests.core.rules.reference import Consent, Link, Membership, Nexus, Picture, Record, Rule

NOW = 1_767_225_600_000  # when the tests' clock starts
DEEP = 6
PEOPLE = (101, 102, 103, 104)
KINDS = ("need", "offer", "fact", "thought")
WORDS = ("logo", "violin", "desk", "python")
SOON = 1_000  # milliseconds
# What makes a small world need all the ways in which lists are read (core.rules.lists).
NARROW = {"PROBES": 2, "MANY": 4, "WALK": 1, "SLOTS": (2, 3), "FIRST": 1, "LARGEST": 2}


def make(random: Random, *, nexuses: int = 7, records: int = 12) -> Picture:
    """A world of at most so many Nexuses and records. Ids are those of the description; a store has its own."""
    tree = _tree(random, random.randint(3, nexuses))
    ids = [one.id for one in tree]
    memberships = _memberships(random, ids)
    kinds = ("need", "offer", "*", "*")[: random.randint(1, 4)] + (("fact",) if random.random() < 0.2 else ())
    told = ["member", "ancestor-member", *random.sample(AUDIENCES, random.randint(1, 3))]
    rules = [
        Rule(ROOT_ID, "*", audience, pack_actions(Action)) for audience in told if random.random() < 0.7
    ]  # or most of the world would be dark
    rules += [_rule(random, ids, kinds, told) for _ in range(random.randint(4, 20))]
    written = [
        Record(
            number,
            random.choice(("need", "need", "offer", "offer", "fact", "thought")),
            random.choice((*ids, *ids[-3:])),  # where the chain is long
            random.choice(PEOPLE),
            " ".join(random.choice(WORDS) for _ in range(random.randint(1, 3))),
            random.choice(("open", "open", "open", "open", "closed")),
        )
        for number in range(1, random.randint(records // 3, records) + 1)
    ]
    for _ in range(random.randint(0, 4)):
        rules += _contest(random, tree, random.choice(written), told)
    said: dict[tuple[int, str, int], Consent] = {}
    for _ in range(random.randint(0, 6)):
        one = random.choice(written)
        key = random.choice([(one.author_id, "*", 0), (one.author_id, one.kind, 0), (one.author_id, one.kind, one.id)])
        said[key] = Consent(*key, random_word(random, told))
    pairs = {tuple(sorted(random.sample(ids, 2))) for _ in range(random.randint(0, 4))}
    return Picture(
        NOW,
        tuple(tree),
        PEOPLE,
        tuple(memberships),
        tuple(Link(a, b, random.choice(("active", "active", "active", "proposed", "ended"))) for a, b in sorted(pairs)),
        tuple(rules),
        tuple(said.values()),
        tuple(written),
    )


def _tree(random: Random, how_many: int) -> list[Nexus]:
    """Mostly one deep chain with a few branches; what is archived has nothing active inside."""
    depth, parents = {ROOT_ID: 0}, {}
    for number in range(ROOT_ID + 1, ROOT_ID + how_many):
        above = [one for one in depth if depth[one] < DEEP]
        parents[number] = above[-1] if random.random() < 0.6 else random.choice(above)
        depth[number] = depth[parents[number]] + 1
    archived: set[int] = set()
    for number in reversed(parents):
        if random.random() < 0.15 and all(child in archived for child in parents if parents[child] == number):
            archived.add(number)
    return [Nexus(number, parents.get(number), number in archived) for number in depth]


def _memberships(random: Random, ids: Sequence[int]) -> list[Membership]:
    found: dict[tuple[int, int, str], Membership] = {}
    for _ in range(random.randint(4, 14)):
        who, where = random.choice(PEOPLE), random.choice(ids)
        role = random.choice((*ROLES, "member", "member"))
        found[who, where, role] = Membership(who, where, role, "left" if random.random() < 0.1 else "active")
    out = {(m.person_id, m.nexus_id) for m in found.values() if random.random() < 0.15}
    return [
        Membership(m.person_id, m.nexus_id, m.role, "suspended")
        if (m.person_id, m.nexus_id) in out and m.state == "active"
        else m
        for m in found.values()
    ]


def _rule(random: Random, ids: Sequence[int], kinds: Sequence[str], told: Sequence[str]) -> Rule:
    effect = random.choice(("permit", "permit", "deny"))
    actions = random.choice(
        (
            [Action.SEE],
            [Action.SEE, Action.QUOTE],
            list(Action),
            list(Action),
            random.sample(list(Action), random.randint(1, 4)),
        )
    )
    locked = effect == "deny" and random.random() < 0.5
    return Rule(
        random.choice(ids[:3] if locked else ids),  # a lock says something where there is something below it
        random.choice(kinds),
        random.choice(told),
        pack_actions(actions),
        effect,
        random.choice(("subtree", "subtree", "self")),
        locked,
        random.choice((None, None, None, None, NOW - SOON, NOW, NOW + 1, NOW + SOON)),
    )


def _contest(random: Random, tree: Sequence[Nexus], about: Record, told: Sequence[str]) -> list[Rule]:
    """A permit and a deny of the same, both on the chain of one record."""
    parents = {one.id: one.parent_id for one in tree}
    chain = [about.nexus_id]
    while (parent := parents[chain[-1]]) is not None:
        chain.append(parent)
    audience, actions = random.choice(told), pack_actions(random.choice(([Action.SEE], list(Action))))
    locked, scope = random.random() < 0.6, random.choice(("subtree", "subtree", "self"))
    above, below = sorted((random.randrange(len(chain)), random.randrange(len(chain))), reverse=True)
    deny, permit = (above, below) if locked else random.sample((above, below), 2)
    return [
        Rule(chain[deny], random.choice((about.kind, "*")), audience, actions, "deny", scope, locked),
        Rule(chain[permit], random.choice((about.kind, "*")), audience, actions),
    ]


def random_word(random: Random, told: Sequence[str] = AUDIENCES) -> int:
    """A consent that leaves something, mostly."""
    audiences = 0
    for name in random.sample(told, random.randint(1, len(told))):
        audiences |= BITS[name]
    some = spread(audiences, random.choice(([Action.SEE], [Action.SEE, Action.QUOTE], list(Action))))
    return random.choice((some, some, ALL & ~some, ALL & ~spread(BITS["public"], [Action.QUOTE]), NOTHING))


def few(usual: int) -> int:
    """How many examples, where `usual` are enough for every day: EXAMPLES (60 when it is not set) scales them."""
    return max(1, usual * int(os.environ.get("EXAMPLES", "60")) // 60)
