"""What a policy asks for, and which of several is the strictest: examples, and properties that hold for all."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from core.clock import DAY
from core.policies.terms import (
    ANY,
    DEFAULT,
    ROLES,
    Said,
    Steps,
    Terms,
    count_at,
    for_unit,
    is_stricter,
    said_for,
    strictest,
    with_step,
)

_FIRST: tuple[tuple[int, int], ...] = ((0, 1),)
AMOUNTS = st.integers(0, 12) | st.integers(0, 10**12)
STEPS = st.lists(st.tuples(AMOUNTS, st.integers(1, 6)), min_size=1, max_size=4).map(
    lambda steps: reduce(lambda made, step: with_step(made, *step), steps, _FIRST)
)
SETS_OF_ROLES = st.sets(st.sampled_from(ROLES), min_size=1).map(lambda some: tuple(r for r in ROLES if r in some))
LIMITS = st.none() | AMOUNTS
SPANS = st.integers(0, 400).map(lambda days: days * DAY)
TERMS = st.builds(Terms, STEPS, SETS_OF_ROLES, SPANS, LIMITS, LIMITS, SPANS)
SAID = st.builds(
    Said, st.none() | STEPS, st.none() | SETS_OF_ROLES, st.none() | SPANS, LIMITS, LIMITS, st.none() | SPANS
)
LEVELS = st.dictionaries(st.sampled_from(["EUR", "JPY", ANY]), SAID, max_size=3)


def loosest(one: int | None, other: int | None) -> bool:
    """Whether the limit `one` lets through no more than `other` does."""
    return other is None or (one is not None and one <= other)


def no_easier(one: Terms, other: Terms, amounts: list[int]) -> bool:
    """Whether nothing is easier under `one` than under `other`, said without the code that is tested."""
    return (
        all(one.needed(amount) >= other.needed(amount) for amount in amounts)
        and (set(one.roles) <= set(other.roles) or one.roles == ("owner",))
        and one.window_ms >= other.window_ms
        and loosest(one.per_person, other.per_person)
        and loosest(one.limit, other.limit)
        and one.role_age_ms >= other.role_age_ms
    )


@given(TERMS, TERMS, TERMS)
def test_in_which_order_they_are_taken_makes_no_difference(a: Terms, b: Terms, c: Terms) -> None:
    found = {strictest(list(order)) for order in permutations((a, b, c))}
    found |= {strictest([strictest([a, b]), c]), strictest([a, strictest([b, c])])}
    assert len(found) == 1
    assert strictest([a, a]) == strictest([a])


@given(st.lists(TERMS, min_size=1, max_size=4), st.lists(AMOUNTS, max_size=6))
def test_the_strictest_is_looser_than_none_of_them(several: list[Terms], amounts: list[int]) -> None:
    found = strictest(several)
    edges = [start + more for one in several for start, _ in one.approvals for more in (-1, 0, 1) if start + more >= 0]
    for one in several:
        assert no_easier(found, one, amounts + edges)
        assert is_stricter(found, one)
    # and no stricter than it has to be: each point is that of one of them
    assert all(found.needed(amount) == max(one.needed(amount) for one in several) for amount in amounts + edges)
    assert found.window_ms in [one.window_ms for one in several]
    assert found.limit in [one.limit for one in several]


@given(TERMS, TERMS, st.lists(AMOUNTS, max_size=6))
def test_what_counts_as_stricter_makes_nothing_easier(before: Terms, after: Terms, amounts: list[int]) -> None:
    edges = [start + more for one in (before, after) for start, _ in one.approvals for more in (0, 1)]
    assert is_stricter(before, before)
    if is_stricter(after, before):
        assert no_easier(after, before, amounts + edges)
        assert set(after.roles) <= set(before.roles) or after.roles == ("owner",)
    else:
        assert not (no_easier(after, before, amounts + edges) and set(after.roles) <= set(before.roles))


@given(LEVELS, st.lists(LEVELS, max_size=3), st.lists(AMOUNTS, min_size=1, max_size=5))
def test_a_nexus_inside_can_only_ask_for_more(
    own: dict[str, Said], above: list[dict[str, Said]], amounts: list[int]
) -> None:
    for code in ("EUR", "JPY"):
        there, here = for_unit(code, above), for_unit(code, [own, *above])
        said = {name for level in above for name in Said.__dataclass_fields__ if getattr(said_for(code, level), name)}
        if "approvals" in said:
            assert all(here.needed(amount) >= there.needed(amount) for amount in amounts)
        if "roles" in said:
            assert set(here.roles) <= set(there.roles) or here.roles == ("owner",)
        assert loosest(here.per_person, there.per_person)
        assert loosest(here.limit, there.limit)
        if "role_age_ms" in said:
            assert here.role_age_ms >= there.role_age_ms


@given(st.lists(LEVELS, max_size=3), AMOUNTS)
def test_a_unit_of_which_nothing_is_said_takes_the_strictest_that_is_known(
    chain: list[dict[str, Said]], amount: int
) -> None:
    chain = [{code: said for code, said in level.items() if code != ANY} for level in chain]
    found = for_unit("KWD", chain)
    counts = [count for level in chain for said in level.values() for _, count in said.approvals or ()]
    assert found.needed(amount) == max([2, *counts])
    assert (found.per_person, found.limit) == (None, None)
    assert found.role_age_ms >= DEFAULT.role_age_ms


@given(STEPS, AMOUNTS, st.integers(1, 6), AMOUNTS)
def test_a_larger_amount_never_takes_fewer(steps: Steps, start: int, count: int, amount: int) -> None:
    found = with_step(steps, start, count)
    assert found[0][0] == 0
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))
    assert count_at(found, amount) <= count_at(found, amount + 1)
    assert count_at(found, start) >= count


@given(SAID, TERMS)
def test_what_is_stored_is_read_again(said: Said, terms: Terms) -> None:
    assert Said.from_json(said.as_json()) == said
    assert Terms.from_json(terms.as_json()) == terms
    assert Said.from_json(terms.as_json()) == Said(*(getattr(terms, f) for f in Terms.__dataclass_fields__))


def test_nothing_said_is_two_approvals_by_roles_of_a_day() -> None:
    assert for_unit("EUR", []) == DEFAULT
    assert DEFAULT.needed(1) == DEFAULT.needed(10**14) == 2
    assert (DEFAULT.roles, DEFAULT.role_age_ms) == (("owner", "steward", "treasurer"), DAY)
    assert strictest([]) == DEFAULT


def test_a_fund_that_others_share_takes_at_least_one() -> None:
    assert Terms(approvals=((0, 0),)).needed(5) == 1
    assert strictest([Terms(approvals=((0, 0),))] * 2).needed(5) == 1


def test_where_no_role_is_left_the_owner_decides() -> None:
    one, other = replace(DEFAULT, roles=("steward",)), replace(DEFAULT, roles=("treasurer",))
    assert strictest([one, other]).roles == ("owner",)


def test_what_is_said_of_all_holds_for_what_is_not_said_of_one() -> None:
    level = {"EUR": Said(approvals=((0, 1),)), ANY: Said(approvals=((0, 3),), roles=("owner",))}
    euro, yen = for_unit("EUR", [level]), for_unit("JPY", [level])
    assert (euro.needed(1), euro.roles) == (1, ("owner",))
    assert (yen.needed(1), yen.roles) == (3, ("owner",))
    above: dict[str, Said] = {ANY: Said(approvals=((0, 2),))}
    assert for_unit("EUR", [level, above]).needed(1) == 2


def test_limits_of_one_currency_are_none_of_another() -> None:
    level = {"EUR": Said(approvals=((0, 1), (50_000, 4)), per_person=100, limit=1_000)}
    assert for_unit("JPY", [level]) == replace(DEFAULT, approvals=((0, 4),))
