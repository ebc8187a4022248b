"""The pure decision: what rules come to is what their words say, whatever their order, and until the moment it says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.decide import Carry, Rule, settle_all, word_of
from core.rules.words import ANY, AUDIENCES, BITS, WIDTH, Action, audiences_of, pack_actions, spread
from tests.core.rules.reference import Nexus, Picture
from tests.core.rules.reference import Rule as Said
from tests.core.rules.worlds import KINDS, NOW, SOON, make

SEE = pack_actions([Action.SEE])
# Drawn one by one, which shrinks well, or from a seed, which is dense.
RANDOMS = st.one_of(st.randoms(use_true_random=False), st.randoms(use_true_random=True))


def chain_of(world: Picture, nexus_id: int) -> list[list[Rule]]:
    """The rules of a chain as the engine takes them, nearest first."""
    return [[as_rule(r) for r in world.rules if r.nexus_id == one] for one in world.chain(nexus_id)]


def as_rule(said: Said) -> Rule:
    return Rule(
        said.nexus_id,
        said.kind,
        said.audience,
        said.actions,
        said.effect,
        said.scope,
        said.locked,
        said.not_after,
    )


def word_by_hand(world: Picture, nexus_id: int, kind: str) -> int:
    return sum(
        1 << (WIDTH * action + place)
        for action in Action
        for place, audience in enumerate(AUDIENCES)
        if world.ruled(nexus_id, kind, action, audience)
    )


@given(random=RANDOMS)
def test_a_word_is_the_decision_for_every_action_and_audience(random: Random) -> None:
    world = make(random)
    for one in world.nexuses:
        for kind in KINDS:
            word, _ = word_of(chain_of(world, one.id), kind, world.now)
            assert word == word_by_hand(world, one.id, kind), (one.id, kind, world.rules)


@given(random=RANDOMS)
def test_it_holds_until_the_moment_it_says_and_no_rule_ends_before(random: Random) -> None:
    world = make(random)
    moments = sorted({NOW - SOON, NOW, NOW + 1, NOW + SOON, NOW + SOON + 1})
    for one in world.nexuses:
        for kind in KINDS:
            word, until = word_of(chain_of(world, one.id), kind, NOW)
            assert until is None or until > NOW
            for moment in moments:
                if moment >= NOW and (until is None or moment < until):
                    assert word == word_by_hand(world.but(now=moment), one.id, kind), (moment, until, world.rules)


@given(random=RANDOMS)
def test_the_order_of_rules_says_nothing(random: Random) -> None:
    world = make(random)
    mixed = world.but(rules=tuple(random.sample(world.rules, len(world.rules))))
    for one in world.nexuses:
        for kind in KINDS:
            assert word_of(chain_of(world, one.id), kind, NOW) == word_of(chain_of(mixed, one.id), kind, NOW)


@given(random=RANDOMS)
def test_going_down_the_tree_once_gives_what_each_chain_gives(random: Random) -> None:
    """Masks are compiled from the top; a kind that nobody on the chain names is what is said of every kind."""
    world = make(random)
    for one in world.nexuses:
        above: dict[str, Carry] = {}
        for own in reversed(chain_of(world, one.id)):
            settled = settle_all(own, above, NOW)
            above = {kind: each.down for kind, each in settled.items()}
        for kind in KINDS:
            found = settled.get(kind) or settled[ANY]
            assert (found.word, found.until) == word_of(chain_of(world, one.id), kind, NOW), (one.id, kind, world.rules)


def two(parent: list[Said], child: list[Said]) -> bool:
    """Whether members may see a need in Nexus 2, which is inside Nexus 1."""
    world = Picture(NOW, (Nexus(1, None), Nexus(2, 1)), (), rules=(*parent, *child))
    word, _ = word_of(chain_of(world, 2), "need", NOW)
    return bool(audiences_of(word, Action.SEE) & BITS["member"])


def say(nexus_id: int, effect: str = "permit", kind: str = "need", **more: object) -> Said:
    return Said(nexus_id, kind, "member", SEE, effect, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parent", "child", "allowed"),
    [
        ([], [], False),
        ([say(1)], [], True),
        ([say(1)], [say(2, "deny")], False),
        ([say(1, "deny")], [say(2)], True),
        ([say(1, "deny", locked=True)], [say(2)], False),
        ([say(1, "deny", locked=True, scope="self")], [say(2)], True),
        ([say(1, scope="self")], [], False),
        ([], [say(2), say(2, "deny")], False),
        ([], [say(2), say(2, "deny", "*")], False),
        ([], [say(2, "permit", "*"), say(2, "deny")], False),
        ([say(1, "deny")], [say(2, "permit", "*")], True),
        ([say(1)], [say(2, "deny", not_after=NOW)], True),
        ([say(1)], [say(2, "deny", not_after=NOW + 1)], False),
        ([say(1, "deny", locked=True, not_after=NOW)], [say(2)], True),
        ([say(1)], [say(2, "deny", "offer")], True),
        ([say(1, "deny", locked=True, kind="*")], [say(2)], False),
    ],
)
def test_parent_and_child(parent: list[Said], child: list[Said], allowed: bool) -> None:
    assert two(parent, child) is allowed


@given(
    actions=st.sets(st.sampled_from(list(Action))),
    names=st.sets(st.sampled_from(AUDIENCES)),
)
def test_words_are_what_was_packed_into_them(actions: set[Action], names: set[str]) -> None:
    word = spread(sum(BITS[name] for name in names), actions)
    for action in Action:
        held = audiences_of(word, action)
        assert {name for name in AUDIENCES if held & BITS[name]} == (names if action in actions else set())
