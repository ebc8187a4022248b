"""Shares, follows, bans, undos and answers in any order, held against a naive reading of what they mean."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.catalogue import REGISTRY
from core.clock import HOUR, ManualClock
from core.moderation.cases.cases import cases_of
from core.moderation.lists import follows, reach
from core.moderation.lists.listed import on_list
from core.nexuses.members import is_suspended
from core.operations import Origin
from core.operations.run import run
from core.store import Unit
from tests.conftest import StoreFactory
from tests.core.moderation.lists.naive import MODERATOR, Naive
from tests.world import World

NEXUSES = ("Bakers", "Millers", "Weavers")
PEOPLE = ("Otto", "Cara", "Mo")
PAIRS = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
nexus, person = st.sampled_from(range(3)), st.sampled_from(range(3))


class Lists(RuleBasedStateMachine):
    """Ana owns three Nexuses; Mo moderates Millers."""

    fresh: StoreFactory
    clock: ManualClock

    @initialize(
        modes=st.lists(st.sampled_from(("", *follows.MODES, "act")), min_size=6, max_size=6), inside=st.booleans()
    )
    def begin(self, modes: list[str], inside: bool) -> None:
        self.world, self.naive = World(self.fresh("sqlite"), self.clock), Naive()
        for name in NEXUSES:
            self.world.nexus(name, owner="Ana")
        for who in PEOPLE:
            self.world.person(who)
        self.world.join("Mo", "Millers", "moderator")
        self.naive.members.add(MODERATOR)
        self.ids = [self.world.nexuses[name].id for name in NEXUSES]
        self.people = [self.world.id_of(who) for who in PEOPLE]
        self.bans: dict[int, int] = {}  # the number of the reference: the number of the case
        for place, number in itertools.product(range(3), range(3)) if inside else ():
            self.join(place, number)
        for (who_follows, source), mode in zip(PAIRS, modes, strict=True):
            if mode:
                self.follow(who_follows, source, mode)

    def _do(self, where: int, operation: str, **given: str) -> Any:
        self.clock.advance(HOUR)  # nobody is hindered by how much they did within one

        def unit(unit: Unit) -> Any:
            context = self.world.context(unit, "Ana", origin=Origin.BUTTON, here=NEXUSES[where])
            return run(REGISTRY, context, operation, given).result  # type: ignore[union-attr]

        return self.world.write(unit)

    # -- what people do ------------------------------------------------------------------------------------------

    @rule(where=nexus, who=person)
    def join(self, where: int, who: int) -> None:
        if (where, who) != MODERATOR and not self.naive.out(where, who):
            self.world.join(PEOPLE[who], NEXUSES[where], here=False)
            self.naive.members.add((where, who))

    @rule(where=nexus, who=person)
    def ban(self, where: int, who: int) -> None:
        made = self._do(where, "ban", person=f"=@{self.world.person(PEOPLE[who]).account_id}")
        self.naive.ban(where, who)
        self.bans[self.naive.count] = made.number

    @precondition(lambda self: any(state == "stands" for _, _, state in self.naive.own.values()))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        standing = [number for number, (_, _, state) in self.naive.own.items() if state == "stands"]
        number = data.draw(st.sampled_from(standing))
        self._do(self.naive.own[number][0], "undo", case=str(self.bans[number]))
        self.naive.end(number, "undone")

    @rule(where=nexus, who=person)
    def unban(self, where: int, who: int) -> None:
        if self.naive.out(where, who):
            self._do(where, "unban", person=f"=@{self.world.person(PEOPLE[who]).account_id}")
            self.naive.unban(where, who)

    def _out_by_lists(self) -> list[tuple[int, int]]:
        everybody = itertools.product(range(3), range(3))
        return [(where, who) for where, who in everybody if self.naive.from_list(where, who) is not None]

    @precondition(lambda self: self._out_by_lists())
    @rule(data=st.data())
    def overturn(self, data: st.DataObject) -> None:
        where, who = data.draw(st.sampled_from(self._out_by_lists()))
        self._do(where, "undo", case=f"={self._of_list(where, who, 'ban')}")
        self.naive.overturn(where, who)

    def _of_list(self, where: int, who: int, kind: str) -> int:
        found = self.world.read(lambda unit: cases_of(unit, self.people[who], self.ids[where], 500))
        state = "standing" if kind == "ban" else "open"
        (case,) = [one for one in found if one.kind == kind and one.state == state and one.from_list]
        return int(case.id)

    # -- lists ----------------------------------------------------------------------------------------------------

    @rule(source=nexus)
    def share(self, source: int) -> None:
        self._do(source, "banlist.share", reader="everyone")
        self.naive.shared.add(source)

    @rule(source=nexus)
    def stop(self, source: int) -> None:
        if source in self.naive.shared:
            self._do(source, "banlist.stop")
            self.naive.stop(source)

    @rule(where=nexus, source=nexus, mode=st.sampled_from(follows.MODES))
    def follow(self, where: int, source: int, mode: str) -> None:
        if where != source:
            if source not in self.naive.shared:
                self.share(source)
            self._do(where, "banlist.follow", source=f"={self.ids[source]}", mode=mode)
            self.naive.follow(where, source, mode)

    @precondition(lambda self: self.naive.following)
    @rule(data=st.data(), bans=st.sampled_from(["keep", "lift"]))
    def unfollow(self, data: st.DataObject, bans: str) -> None:
        where, source = data.draw(st.sampled_from(sorted(self.naive.following)))
        self._do(where, "banlist.unfollow", source=f"={self.ids[source]}", bans=bans)
        self.naive.unfollow(where, source, lift=bans == "lift")

    @rule()
    def sweep(self) -> None:
        order = self.world.read(follows.active)
        self.world.write(reach.sweep)
        for one in order:
            self.naive.settle(self.ids.index(one.nexus_id), self.ids.index(one.source_id))

    @rule()
    def sweep_too(self) -> None:
        """As often as two other things."""
        self.sweep()

    @precondition(lambda self: self.naive.cards())
    @rule(data=st.data(), ban=st.booleans())
    def answer(self, data: st.DataObject, ban: bool) -> None:
        self.sweep()
        if not self.naive.cards():
            return
        where, source, who = data.draw(st.sampled_from(sorted(self.naive.cards())))
        if (where, who) == MODERATOR or self.naive.out(where, who):
            return
        (case_id,) = [
            entry.case_id
            for entry in self._entries(where, source)
            if entry.person_id == self.people[who] and entry.state == "asked"
        ]
        self._do(where, "banlist.ban" if ban else "dismiss", case=f"={case_id}")
        self.naive.answer(where, source, who, ban=ban)

    def _entries(self, where: int, source: int) -> list[follows.Entry]:
        def unit(unit: Unit) -> list[follows.Entry]:
            found = follows.between(unit, self.ids[where], self.ids[source])
            return follows.entries_of(unit, found.id) if found is not None else []

        return list(self.world.read(unit))

    # -- what has to hold -----------------------------------------------------------------------------------------

    @invariant()
    def agree(self) -> None:
        """Who is out, who is on which list, who is asked about whom, what each list may do."""

        def unit(unit: Unit) -> Any:
            return (
                {(n, p) for n in range(3) for p in range(3) if is_suspended(unit, self.people[p], self.ids[n])},
                {n: {self.people.index(who) for who in on_list(unit, self.ids[n])} for n in range(3)},
                {(self.ids.index(f.nexus_id), self.ids.index(f.source_id)): f.mode for f in follows.active(unit)},
            )

        out, on, following = self.world.read(unit)
        assert out == {(n, p) for n in range(3) for p in range(3) if self.naive.out(n, p)}
        assert on == {n: set(self.naive.on(n)) for n in range(3)}
        assert following == self.naive.following
        states = {
            (where, source, self.people.index(entry.person_id)): entry.state
            for where in range(3)
            for source in range(3)
            for entry in self._entries(where, source)
            if entry.state != "over"
        }
        assert states == {key: note.state for key, note in self.naive.notes.items() if note.state != "over"}


def hold(new_store: StoreFactory, clock: ManualClock, examples: int, steps: int) -> None:
    """So many worlds of so many steps."""

    class Here(Lists):
        fresh = staticmethod(new_store)

    Here.clock = clock
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_lists_do_what_a_naive_reading_says(new_store: StoreFactory, clock: ManualClock) -> None:
    hold(new_store, clock, examples=4, steps=20)
