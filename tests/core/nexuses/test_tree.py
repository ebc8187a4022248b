"""The tree of Nexuses against a plain model of it: whatever is done, the closure is what a walk would find."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier, Event
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from core.errors import Conflict, NexusError
from core.nexuses import founding, tree
from core.nexuses.tables import nexus, nexus_tree
from core.nexuses.tree import MAX_DEPTH, ROOT_ID, Nexus
from core.rules import tables as rules
from core.store import Store, Unit
from tests.world import World


def closure(unit: Unit) -> set[tuple[int, int, int]]:
    return {tuple(row.values()) for row in unit.rows(select(nexus_tree))}  # type: ignore[misc]


def parents(unit: Unit) -> dict[int, int | None]:
    return {row["id"]: row["parent_id"] for row in unit.rows(select(nexus.c.id, nexus.c.parent_id))}


def walked(parent_of: dict[int, int | None]) -> set[tuple[int, int, int]]:
    """The closure as it follows from the parents alone. Never ends if there is a circle, so depth is bounded."""
    found = set()
    for start in parent_of:
        at: int | None = start
        depth = 0
        while at is not None:
            found.add((at, start, depth))
            at, depth = parent_of[at], depth + 1
            assert depth <= len(parent_of), "a circle"
    return found


def machine(store: Store) -> type[RuleBasedStateMachine]:
    """A state machine in one store; each run starts from the root alone."""

    class Tree(RuleBasedStateMachine):
        nodes: Bundle[int] = Bundle("nodes")

        def __init__(self) -> None:
            super().__init__()

            def empty(unit: Unit) -> None:
                unit.execute(delete(rules.rule_mask))
                unit.execute(delete(rules.rule))
                unit.execute(delete(nexus_tree))
                unit.execute(delete(nexus).where(nexus.c.id != ROOT_ID))
                unit.execute(delete(nexus))
                founding.found(unit)

            store.write(empty).result()
            self.parent: dict[int, int | None] = {ROOT_ID: None}
            self.archived: set[int] = set()

        @initialize(target=nodes)
        def root(self) -> Any:
            return multiple(ROOT_ID)

        def above(self, node: int) -> Iterator[int]:
            at: int | None = node
            while at is not None:
                yield at
                at = self.parent[at]

        def height(self, node: int) -> int:
            return max((1 + self.height(n) for n, p in self.parent.items() if p == node), default=0)

        @rule(target=nodes, parent=nodes, name=st.sampled_from(["a", "b", "ä", "%_", "🦊", "x" * 80]))
        def create(self, parent: int, name: str) -> Any:
            possible = parent not in self.archived and len(list(self.above(parent))) < MAX_DEPTH
            try:
                made = store.write(lambda unit: tree.add_nexus(unit, name, parent_id=parent, door="open")).result()
            except Conflict:
                assert not possible
                return multiple()
            assert possible
            self.parent[made.id] = parent
            return made.id

        @rule(moved=nodes, parent=nodes)
        def move(self, moved: int, parent: int) -> None:
            possible = (
                moved not in self.above(parent)
                and parent not in self.archived
                and len(list(self.above(parent))) + 1 + self.height(moved) <= MAX_DEPTH
            )
            if moved == ROOT_ID:
                return

            def unit(unit: Unit) -> None:
                tree.move(unit, tree.nexus_of(unit, moved), tree.nexus_of(unit, parent))

            try:
                store.write(unit).result()
            except Conflict:
                assert not possible
            else:
                assert possible
                self.parent[moved] = parent

        @rule(node=nodes)
        def archive(self, node: int) -> None:
            possible = node not in self.archived and not any(
                p == node and n not in self.archived for n, p in self.parent.items()
            )
            if node == ROOT_ID or not possible:
                return
            store.write(lambda unit: tree.archive(unit, tree.nexus_of(unit, node))).result()
            self.archived.add(node)

        @invariant()
        def the_store_is_as_the_model(self) -> None:
            rows, stored = store.read(lambda unit: (closure(unit), parents(unit))).result()
            assert stored == self.parent
            assert rows == walked(self.parent)

    return Tree


def test_the_closure_is_always_what_a_walk_would_find(store: Store, engine: str) -> None:
    run_state_machine_as_test(
        machine(store),
        settings=settings(
            max_examples=15 if engine == "sqlite" else 8,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )


def test_questions_about_the_tree(world: World) -> None:
    studio, parser, lexer = (world.nexus(n, parent=p) for n, p in (("S", "Home"), ("P", "S"), ("L", "P")))

    def unit(unit: Unit) -> tuple[Any, ...]:
        return (
            [n.name for n in tree.chain(unit, lexer.id)],
            set(tree.below(unit, studio.id)),
            tree.is_within(unit, lexer.id, studio.id),
            tree.is_within(unit, studio.id, studio.id),
            tree.is_within(unit, studio.id, lexer.id),
        )

    assert world.read(unit) == (["L", "P", "S", "Home"], {parser.id, lexer.id}, True, True, False)


def test_depth_is_bounded_when_made_and_when_moved(world: World) -> None:
    parent = "Home"
    for level in range(MAX_DEPTH - 1):
        world.nexus(f"level {level}", parent=parent)
        parent = f"level {level}"
    with pytest.raises(Conflict, match="32 levels"):
        world.nexus("too deep", parent=parent)
    other, _ = world.nexus("other"), world.nexus("inner", parent="other")

    def unit(unit: Unit) -> None:
        tree.move(unit, tree.nexus_of(unit, other.id), tree.nexus_of(unit, world.nexuses["level 29"].id))

    with pytest.raises(Conflict, match="32 levels"):
        world.write(unit)


def test_slugs_are_free_short_and_plain(world: World) -> None:
    made = [
        world.nexus(name).slug for name in ("My Éxample!", "My example", "🦊", "علي", "-" * 80, "x" * 80, "a b" * 20)
    ]
    assert len(set(made)) == len(made)
    assert made[0] == "my-example"
    assert made[2] == "nexus"
    for slug in made:
        assert len(slug) <= 45
        assert not slug.startswith("-")
        assert not slug.endswith("-")


def test_a_change_from_an_old_picture_is_a_conflict(world: World) -> None:
    seen = world.nexus("Parser")
    world.write(lambda unit: tree.rename(unit, seen, "Other"))
    for change in (
        lambda unit: tree.rename(unit, seen, "Third"),
        lambda unit: tree.archive(unit, seen),
        lambda unit: tree.move(unit, seen, tree.nexus_of(unit, ROOT_ID)),
    ):
        with pytest.raises(Conflict, match="at the same moment"):
            world.write(change)
    assert world.read(lambda unit: tree.nexus_of(unit, seen.id)).name == "Other"


def test_an_unknown_id_is_a_lookup_error(world: World) -> None:
    with pytest.raises(LookupError):
        world.read(lambda unit: tree.nexus_of(unit, 99))


def together(*calls: Any) -> list[Any]:
    """Call all at the same moment; results or refusals."""
    barrier = Barrier(len(calls))

    def one(call: Any) -> Any:
        barrier.wait()
        try:
            return call()
        except NexusError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(one, calls))


def overlapping(world: World, first: Any, second: Any) -> list[Any]:
    """Run two units so that the second begins before the first commits; results or conflicts."""
    ran, go = Event(), Event()

    def held(unit: Unit) -> Any:
        value = first(unit)
        ran.set()
        assert go.wait(10)
        return value

    futures = [world.store.write(held)]
    assert ran.wait(10)
    futures.append(world.store.write(second))
    wait(futures, timeout=0.3)  # as far as the second gets by itself
    go.set()
    return [f.exception(10) or f.result() for f in futures]


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_moves_into_each_others_depths_make_no_circle(world: World) -> None:
    a, a_leaf, b, b_leaf = (
        world.nexus(n, parent=p) for n, p in (("a", "Home"), ("al", "a"), ("b", "Home"), ("bl", "b"))
    )

    def move(moved: Nexus, parent: Nexus) -> Any:
        return lambda unit: tree.move(unit, tree.nexus_of(unit, moved.id), tree.nexus_of(unit, parent.id))

    results = overlapping(world, move(a, b_leaf), move(b, a_leaf))
    assert [type(r) for r in results] == [type(None), Conflict]
    rows, stored = world.read(lambda unit: (closure(unit), parents(unit)))
    assert rows == walked(stored)


@pytest.mark.parametrize("engine", ["postgres"])
@pytest.mark.parametrize("order", ["move first", "make first"])
def test_what_is_made_deep_inside_during_a_move_moves_along(world: World, order: str) -> None:
    top, b, leaf = (world.nexus(n, parent=p) for n, p in (("top", "Home"), ("b", "Home"), ("leaf", "b")))

    def move(unit: Unit) -> None:
        tree.move(unit, tree.nexus_of(unit, b.id), tree.nexus_of(unit, top.id))

    def make(unit: Unit) -> None:
        tree.add_nexus(unit, "new", parent_id=leaf.id, door="open")

    overlapping(world, *((move, make) if order == "move first" else (make, move)))
    rows, stored = world.read(lambda unit: (closure(unit), parents(unit)))
    assert len(stored) == 5
    assert rows == walked(stored)


@pytest.mark.parametrize("engine", ["postgres"])
def test_moves_and_new_ones_at_once_leave_a_tree(world: World) -> None:
    nodes = [world.nexus(f"n{i}") for i in range(6)]

    def move(moved: Nexus, parent: Nexus) -> None:
        def unit(unit: Unit) -> None:
            tree.move(unit, tree.nexus_of(unit, moved.id), tree.nexus_of(unit, parent.id))

        world.write(unit)

    for round_ in range(6):
        a, b, c = (nodes[(round_ + i) % 6] for i in range(3))
        together(
            lambda a=a, b=b: move(a, b),
            lambda a=a, b=b: move(b, a),
            lambda b=b, c=c: move(c, b),
            lambda b=b, r=round_: world.write(lambda unit: tree.add_nexus(unit, f"x{r}", parent_id=b.id, door="open")),
        )
        rows, stored = world.read(lambda unit: (closure(unit), parents(unit)))
        assert rows == walked(stored)


@pytest.mark.parametrize("engine", ["postgres"])
def test_nothing_new_gets_into_a_nexus_that_is_being_archived(world: World) -> None:
    for round_ in range(6):
        node = world.nexus(f"n{round_}")

        def archive(node: Nexus = node) -> None:
            world.write(lambda unit: tree.archive(unit, tree.nexus_of(unit, node.id)))

        def add(node: Nexus = node) -> None:
            world.write(lambda unit: tree.add_nexus(unit, "inside", parent_id=node.id, door="open"))

        refused = [r for r in together(archive, add) if isinstance(r, Conflict)]
        assert len(refused) == 1
        archived = world.read(lambda unit, node=node: tree.nexus_of(unit, node.id)).state == "archived"
        assert archived == (not world.read(lambda unit, node=node: tree.below(unit, node.id)))
