"""Decisions, ends, undos and slow platforms in any order: what is kept, and what the platforms are told, fits.

After each step the store is sound; whenever the platforms have caught up, they say about everybody and every place
what the standing cases say.
"""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
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
from sqlalchemy import select

from core.clock import HOUR, MINUTE, ManualClock
from core.errors import BadInput, Conflict, LimitReached, NexusError
from core.moderation.cases import acts, undo
from core.moderation.cases.cases import points_now
from core.moderation.cases.tables import mod_act, mod_case
from core.operations import Origin
from core.store import Store
from tests.conftest import StoreFactory
from tests.core.moderation.cases.acting import NUMBERS, PLATFORMS, Chats, case, cases, gather, group, suspended
from tests.world import World

WHOM = ("Ben", "Tim")
SPOTS = ("-Lobby", "-Annex")
LENGTHS = ("10m", "1h", "3h", "")


class Decisions(RuleBasedStateMachine):
    """Two moderators and two groups, and what happens whatever is decided."""

    fresh: StoreFactory
    clock: ManualClock

    @initialize()
    def begin(self) -> None:
        store: Store = self.fresh("sqlite")
        self.world = World(store, self.clock)
        self.places = [gather(self.world), group(self.world, "Annex")]
        self.chats = Chats(self.world)

    def _do(self, operation: str, spot: int, by: str, **given: str) -> None:
        at = {"place": self.places[spot], "origin": Origin.SYSTEM, "here": "Parser"}
        given = {name: value for name, value in given.items() if value}
        self.world.do(by, operation, at=at, **given)

    @precondition(lambda self: self.world.read(lambda unit: unit.value(select(mod_case.c.id).limit(1))) is not None)
    @rule(data=st.data(), by=st.sampled_from(["Mo", "Max"]))
    def take_back(self, data: st.DataObject, by: str) -> None:
        number = data.draw(st.sampled_from([row["number"] for row in cases(self.world)]))
        before = case(self.world, number)
        try:
            self._do("undo", 0, by, case=str(number))
        except Conflict:
            assert before.state == "undone"
        except NexusError:
            assert before.kind in ("unban", "unlock")
        else:
            assert before.state in ("standing", "lifted")
            assert case(self.world, number).state == "undone"

    # -- what happens ------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([10, 60]))
    def time_goes_by(self, minutes: int) -> None:
        self.chats.later(minutes * MINUTE)

    @rule()
    def sweep(self) -> None:
        self.world.write(undo.sweep)

    @rule(most=st.sampled_from([1, 100]))
    def carry_some(self, most: int) -> None:
        self.chats.carry(most=most)

    @rule(done=st.booleans())
    def die_in_between(self, done: bool) -> None:
        """The process ends when it has stored the state before, or when the platform has done it."""
        for row in self.world.read(lambda unit: acts.due(unit, PLATFORMS, 1))[:1]:
            if row["reverses"] is None and row["before"] is None:
                self.chats.prepare(row)
            if done:
                self.chats.act(row)

    @rule(pause=st.sampled_from([1, 30]))
    def asked_to_wait(self, pause: int) -> None:
        for row in self.world.read(lambda unit: acts.due(unit, PLATFORMS, 1))[:1]:
            self.world.write(lambda unit, row=row: acts.later(unit, row, pause * MINUTE, counts=False))

    @rule()
    def catch_up(self) -> None:
        """The platforms have done everything; what is over is ended: now they say what the cases say."""
        self.chats.later(HOUR)
        while self.world.write(undo.sweep):
            pass
        self.chats.carry()
        standing = [row for row in cases(self.world) if row["state"] == "standing"]
        for whom in WHOM:
            mine = [row for row in standing if row["person_id"] == self.world.id_of(whom)]
            self._fits(whom, mine)
        for place in self.places:
            here = [row for row in standing if row["place_id"] == place.id]
            spot = ("telegram", "", place.external_id)
            assert (spot in self.chats.locked) == any(row["kind"] == "lock" for row in here), "closed"
            slowed = [row for row in here if row["kind"] == "slow"]
            assert self.chats.slow.get(spot, 0) == (self._seconds(slowed[-1]) if slowed else 0), "slow mode"

    def _fits(self, whom: str, mine: list[dict[str, Any]]) -> None:
        bans = [row for row in mine if row["kind"] == "ban"]
        muted = [row for row in mine if row["kind"] == "timeout"]
        for spot in SPOTS:
            who = ("telegram", "", spot, NUMBERS[whom])
            assert (who in self.chats.banned) == bool(bans), f"{whom} banned in {spot}"
            assert (who in self.chats.muted) == bool(muted), f"{whom} muted in {spot}"

    def _seconds(self, row: dict[str, Any]) -> int:
        (act,) = [one for one in self.world.read(lambda unit: acts.acts_of(unit, row["id"])) if not one["reverses"]]
        return int(act["seconds"])

    # -- what is always so -------------------------------------------------------------------------------------

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        if hasattr(self, "world"):
            assert [row["number"] for row in cases(self.world)] == list(range(1, len(cases(self.world)) + 1))

    @invariant()
    def suspended_is_who_is_banned(self) -> None:
        if hasattr(self, "world"):
            banned = {
                row["person_id"] for row in cases(self.world) if (row["kind"], row["state"]) == ("ban", "standing")
            }
            for whom in WHOM:
                assert suspended(self.world, whom) == (self.world.id_of(whom) in banned), whom

    @invariant()
    def every_way_back_belongs_to_something_that_may_have_been_done(self) -> None:
        if hasattr(self, "world"):
            found = {row["id"]: row for row in self.world.read(lambda unit: unit.rows(mod_act.select()))}
            for row in found.values():
                if row["reverses"] is None:
                    continue
                first = found[row["reverses"]]
                assert first["state"] in ("done", "partly") or first["before"] is not None
                assert undo.REVERSE[first["power"]] == row["power"]
                assert (first["platform"], first["place"], first["account_id"]) == (
                    row["platform"],
                    row["place"],
                    row["account_id"],
                )

    @invariant()
    def points_are_never_less_than_none(self) -> None:
        if hasattr(self, "world"):
            for row in cases(self.world):
                left = points_now(case(self.world, row["number"]), self.clock.now())
                assert 0 <= left <= row["points"]
                assert left == 0 or row["state"] != "undone"

    @invariant()
    def what_is_not_standing_waits_for_nothing(self) -> None:
        """Of a case that is over only its end is still to be done."""
        if hasattr(self, "world"):
            over = {row["id"] for row in cases(self.world) if row["state"] in ("lifted", "undone")}
            for row in self.world.read(lambda unit: unit.rows(mod_act.select())):
                assert row["state"] != "waiting" or row["reverses"] is not None or row["case_id"] not in over


class AboutPeople(Decisions):
    """What is decided about two people."""

    @rule(
        kind=st.sampled_from(["warn", "timeout", "kick", "ban"]),
        whom=st.sampled_from(WHOM),
        by=st.sampled_from(["Mo", "Max"]),
        length=st.sampled_from(LENGTHS),
        spot=st.integers(0, 1),
    )
    def decide(self, kind: str, whom: str, by: str, length: str, spot: int) -> None:
        more = {"duration": length} if kind in ("timeout", "ban") else {}
        with contextlib.suppress(LimitReached):
            self._do(kind, spot, by, person=NUMBERS[whom], **more)

    @rule(whom=st.sampled_from(WHOM), by=st.sampled_from(["Mo", "Max"]), spot=st.integers(0, 1))
    def let_back_in(self, whom: str, by: str, spot: int) -> None:
        with contextlib.suppress(LimitReached):
            self._do("unban", spot, by, person=NUMBERS[whom])


class AboutPlaces(Decisions):
    """What is decided about a place."""

    @rule(length=st.sampled_from(LENGTHS))
    def lock(self, length: str) -> None:
        self._do("lock", 0, "Mo", duration=length)

    @rule()
    def unlock(self) -> None:
        with contextlib.suppress(BadInput):  # nothing is locked there
            self._do("unlock", 0, "Mo")

    @rule(pause=st.sampled_from(["10s", "1m", "0"]), length=st.sampled_from(LENGTHS))
    def slow(self, pause: str, length: str) -> None:
        self._do("slowmode", 0, "Mo", pause=pause, duration=length)


@pytest.mark.parametrize("decisions", [AboutPeople, AboutPlaces])
def test_any_decisions_in_any_order(decisions: type[Decisions], new_store: StoreFactory, clock: ManualClock) -> None:
    machine = type("Machine", (decisions,), {"fresh": staticmethod(new_store), "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=settings().max_examples // 2,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
