"""Carrying out what was decided about people and places, on the platforms, whatever happens in between.

An act waits in the store until the platform has answered. Before it is carried out, the state before it and the
messages that it is about are stored, so that it can be repeated after a crash and taken back later. Acts on one server,
workspace or group go one after the other; different ones do not wait for each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.engine import RowMapping

from adapters.contract import Act, Adapter, Card, DeliveryError, Did, Gone, NotPermitted, Power, Reply, TooManyRequests
from bot.log import log
from bot.moderation import seen
from bot.moderation.said import not_done_lines, outcome_lines
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.unit import AsyncStore
from bot.waiting import look_for_ever
from bot.words import Words
from core.clock import HOUR, MINUTE, SECOND
from core.errors import N_
from core.moderation.cases import acts, cases, outcome
from core.notices.notices import notify
from core.store import Unit

PATIENCE = 2.5  # seconds that an answer waits for what the platforms say; later it is told apart
LOOK_AGAIN = 30.0  # seconds: the longest sleep, so that what another process queued is noticed
RENEWED = HOUR  # a sanction that a platform ends too early is renewed so long before
UNDO = N_("Undo")
GONE = N_("That is not there any more.")
RECENT = 10 * SECOND  # how long after something was queued an answer looks whether it was its own

Spot = tuple[str, str, str]  # platform, workspace, place


class Carrier:
    """Carries out what waits for the platforms of this process. One instance per process."""

    def __init__(
        self,
        store: AsyncStore,
        adapters: Mapping[str, Adapter],
        words: Words,
        ours: Callable[[str], bool] | None = None,
    ) -> None:
        """`ours`: whether this process is the one that acts on a platform, where several share the store."""
        self._store = store
        self._adapters = adapters
        self._words = words
        self._ours = ours or (lambda platform: True)
        self._woken = asyncio.Event()
        self._settled = asyncio.Condition()
        self._busy: dict[Spot, asyncio.Task[None]] = {}
        self._resting: dict[tuple[Spot, str], int] = {}  # until when (ms since epoch) a platform wants no more of it
        self._queued = 0  # how often something was queued
        self._queued_at = 0  # ms since epoch: when something was queued last; answers look for their own only then

    def wake(self) -> None:
        """Something was queued."""
        self._queued_at = self._store.clock.now()
        self._queued += 1
        self._woken.set()

    async def run(self) -> None:
        """Run for ever. A store that fails is asked again a little later."""
        await look_for_ever(self._woken, self._look, LOOK_AGAIN, "what moderators decided could not be looked at")

    async def stop(self) -> None:
        """Leave what is under way: it is repeated after the next start."""
        working = list(self._busy.values())
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)

    async def _look(self) -> float:
        platforms = [name for name in self._adapters if self._ours(name)]
        rows, following, untold = await self._store.read(
            lambda unit: (acts.due(unit, platforms), acts.next_due(unit, platforms), acts.any_untold(unit))
        )
        now = self._store.clock.now()
        self._resting = {what: until for what, until in self._resting.items() if until > now}
        for row in rows:
            spot = _spot(row)
            if spot not in self._busy and not self._rests(row):
                task = self._busy[spot] = asyncio.create_task(self._work(spot, [r for r in rows if _spot(r) == spot]))
                task.add_done_callback(lambda _, spot=spot: self._over(spot))  # type: ignore[misc]
        if untold:
            await self._store.write(self._tell)
        wait = PATIENCE if untold else LOOK_AGAIN
        if self._resting:
            wait = min(wait, (min(self._resting.values()) - now) / 1000)
        if following is None:
            return wait
        return min(wait, (following - self._store.clock.now()) / 1000)

    def _rests(self, row: RowMapping) -> bool:
        """Whether the platform wants to be left alone with this there: what it asked of one counts for its like."""
        return self._resting.get((_spot(row), row["power"]), 0) > self._store.clock.now()

    def _over(self, spot: Spot) -> None:
        self._busy.pop(spot, None)
        self._woken.set()

    async def _work(self, spot: Spot, rows: Sequence[RowMapping]) -> None:
        held_up = set()
        began = self._queued
        for row in rows:
            if self._queued != began:
                return  # something may have come that goes first: look again
            if row["account_id"] in held_up or self._rests(row):
                continue
            try:
                over = await self._carry_out(row)
            except Exception:
                log.exception("an act failed", extra={"power": row["power"], "platform": row["platform"]})
                await self._again(row, MINUTE)
                over = False
            if not over:
                held_up.add(row["account_id"])
            async with self._settled:
                self._settled.notify_all()

    async def _carry_out(self, row: RowMapping) -> bool:
        """Whether it is over. If it has to be done again, what is meant for the same person or place waits for it."""
        adapter = self._adapters[row["platform"]]
        try:
            act = await self._prepared(adapter, row)
            if act is None:
                return True
            did = await adapter.act(act)
        except TooManyRequests as wait:
            pause = int(wait.after * 1000)
            self._resting[(_spot(row), row["power"])] = self._store.clock.now() + pause
            return not await self._store.write(lambda unit: outcome.later(unit, row, pause, counts=False))
        except NotPermitted as refused:
            said = str(refused)
            await self._store.write(lambda unit: self._settle(unit, row, Did(False, said)))
        except Gone:
            await self._store.write(lambda unit: self._settle(unit, row, Did(False, self._words(GONE))))
        except DeliveryError as error:
            log.warning("an act is tried again", extra={"power": row["power"], "why": type(error).__name__})
            return not await self._again(row, acts.pause_after(row["tries"]))
        else:
            await self._store.write(lambda unit: self._settle(unit, row, did))
        return True

    async def _again(self, row: RowMapping, pause: int) -> bool:
        """Whether it is tried once more after so many ms: not if it was tried often enough."""
        told = self._told_before(row)
        return await self._store.write(lambda unit: outcome.later(unit, row, pause, counts=True, told=told))

    async def _prepared(self, adapter: Adapter, row: RowMapping) -> Act | None:
        """The act, once the way back is stored. None if it is not to be done any more."""
        act = _act(row)
        if row["reverses"] is not None or row["before"] is not None:
            still = await self._store.read(lambda unit: acts.still_waits(unit, row["id"]))
            return act if still else None
        found = await self._newest(adapter, row, act) if row["newest"] and not row["messages"] else None
        before = await adapter.before(act)
        ids = await self._store.write(lambda unit: self._begin(unit, row, before, found))
        return replace(act, before=before, message_ids=ids) if ids is not None else None

    def _begin(
        self, unit: Unit, row: RowMapping, before: Mapping[str, str], found: Sequence[str] | None
    ) -> tuple[str, ...] | None:
        ids = acts.prepared(unit, row["id"], before, found)
        if ids is not None and self._told_before(row):
            outcome.about_to(unit, row)
        return ids

    def _told_before(self, row: RowMapping) -> bool:
        """Whether people have to be told of it before it is done, since nothing reaches them afterwards."""
        follows = self._adapters[row["platform"]].capabilities.follows
        return not follows and row["power"] in (Power.KICK, Power.BAN) and row["reverses"] is None

    async def _newest(self, adapter: Adapter, row: RowMapping, act: Act) -> tuple[str, ...]:
        found = await adapter.written(act.workspace, act.place_id, row["newest"], act.account_id, act.thread)
        if found is not None:
            return tuple(one.message_id for one in found)
        # The platform shows no history: what was heard there lately is known by its ids.
        return await self._store.read(lambda unit: tuple(seen.newest(unit, row["platform"], act, row["newest"])))

    def _settle(self, unit: Unit, row: RowMapping, did: Did) -> None:
        state = "done" if did.done and not did.left else ("partly" if did.done or did.part else "refused")
        if not outcome.settled(unit, row, state, did.said, did.left, told=self._told_before(row)):
            return
        case = cases.case_of(unit, row["case_id"])
        if did.done and did.until and case.state == "standing" and (not case.until or did.until < case.until):
            # Never at once: a platform that ends it very soon would be asked for ever.
            acts.renew(unit, row, max(did.until - RENEWED, unit.now + max((did.until - unit.now) // 2, MINUTE)))

    def _tell(self, unit: Unit) -> None:
        """Tell who asked what came of it, where no answer of ours waited for it."""
        for turn in acts.untold(unit, unit.now - int(1000 * PATIENCE) - SECOND):
            rows = acts.acts_of_turn(unit, turn)
            asker = next((row["asker_id"] for row in rows if row["asker_id"] is not None), None)
            if asker is not None and acts.tell(unit, turn):
                made = cases.case_of(unit, rows[0]["case_id"])
                said = " ".join((*outcome_lines(rows, self._words), *not_done_lines([made], self._words)))
                if not said:  # it was taken back before anything was done
                    continue
                notify(unit, asker, N_("Case {number}: {said}"), {"number": made.number, "said": said})

    async def answered(self, key: str, rows: list[Outgoing]) -> list[Outgoing]:
        """An answer, with what the platforms made of what it decided, if they are quick. `key` names its call."""
        if not rows or self._store.clock.now() - self._queued_at > RECENT:
            return rows
        if not await self._of_turn(key):
            return rows
        try:
            # Looked at with the condition held: what is settled in between would not be heard of.
            async with asyncio.timeout(PATIENCE), self._settled:
                while any(row["state"] == "waiting" for row in await self._of_turn(key)):
                    await self._settled.wait()
        except TimeoutError:
            return rows
        return await self._store.write(lambda unit: self._with_outcome(unit, key, rows))

    async def _of_turn(self, key: str) -> Sequence[RowMapping]:
        return await self._store.read(lambda unit: acts.acts_of_turn(unit, key))

    def _with_outcome(self, unit: Unit, key: str, rows: list[Outgoing]) -> list[Outgoing]:
        done = acts.acts_of_turn(unit, key)
        first = rows[0]
        if first.state != "waiting" or not acts.tell(unit, key):
            return rows
        card = first.reply.card or Card(text=first.reply.text)
        made = [cases.case_of(unit, case_id) for case_id in dict.fromkeys(row["case_id"] for row in done)]
        lines = (*card.lines, *outcome_lines(done, self._words), *not_done_lines(made, self._words))
        buttons = card.buttons
        if all(case.not_done for case in made):
            undo = self._words(UNDO)
            buttons = tuple(button for button in buttons if button.label != undo)  # nothing is there to take back
        card = replace(card, lines=lines, buttons=buttons)
        first.reply = Reply("" if first.reply.card is None else first.reply.text, card)
        outbox.rewrite(unit, first.id, first.reply)
        return rows


def _spot(row: RowMapping) -> Spot:
    return row["platform"], row["workspace"], row["place"]


def _act(row: RowMapping) -> Act:
    return Act(
        Power(row["power"]),
        row["workspace"],
        str(row["id"]),
        place_id=row["place"],
        thread=row["thread"],
        account_id=row["whom"] or "",
        by=row["by"] or "",
        message_ids=tuple(row["messages"]),
        until=row["until"] or 0,
        seconds=row["seconds"],
        reason=row["reason"],
        before=row["before"] or {},
    )
