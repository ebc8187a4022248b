"""One process sends for a bot; another takes over when its lease has ended, and the first one knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from adapters.contract import Address, Reply, Transient
from bot.cluster.lease import LENGTH, MARGIN, Keeper, alive, known, lease_name, release, take
from bot.outbox import outbox
from bot.outbox.sender import ATTEMPTS_AT_ONCE, Lost, Sender
from bot.outbox.tables import outbox as table
from bot.unit import AsyncStore
from bot.words import Words
from core.store import Store, Unit
from tests.bot.cluster.platform import Platform

NAME = lease_name("scripted", "a token")
_END = text("UPDATE lease SET expires_at = 1")


class Watch:
    """A monotonic clock that moves when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def expire(store: AsyncStore) -> Callable[[Unit], object]:
    """The time of every lease is over, by the database's clock."""
    return lambda unit: unit.changed(_END)


def keeper(store: AsyncStore, watch: Watch) -> Keeper:
    """Somebody who seeks the lease."""
    found = Keeper(store, {"scripted": NAME}, lambda platform: {"invite": platform}, monotonic=watch)
    found.add("scripted")
    return found


def test_a_name_tells_the_platform_and_no_token() -> None:
    assert NAME.startswith("scripted:")
    assert "token" not in NAME
    assert lease_name("scripted", "another token") != NAME


def test_one_holder_at_a_time_and_an_epoch_for_each(store: Store) -> None:
    def get(who: str) -> int | None:
        return store.write(lambda unit: take(unit, NAME, who, LENGTH, {"invite": who})).result()

    assert get("a") == 1
    assert get("b") is None
    assert get("a") == 1  # renewed
    store.write(expire(AsyncStore(store))).result()
    assert store.read(alive).result() == set()
    assert get("b") == 2
    assert get("a") is None
    assert store.read(alive).result() == {"scripted"}
    assert store.read(known).result() == {"scripted": {"invite": "b"}}
    store.write(lambda unit: release(unit, NAME, "a")).result()  # what is not one's own cannot be given back
    assert get("a") is None
    store.write(lambda unit: release(unit, NAME, "b")).result()
    assert get("a") == 3


async def test_a_holder_stops_before_its_lease_ends(shared: AsyncStore) -> None:
    watch = Watch()
    first = keeper(shared, watch)
    assert not first.holds("scripted")
    await first.look()
    assert first.holds("scripted")
    watch.now += LENGTH - MARGIN - 0.1
    assert first.holds("scripted")
    watch.now += 0.2
    assert not first.holds("scripted")
    await first.look()
    assert first.holds("scripted")


async def test_what_a_renewal_took_counts_against_the_holder(shared: AsyncStore) -> None:
    watch = Watch()

    class Slow(AsyncStore):
        async def write(self, unit):  # type: ignore[no-untyped-def]
            found = await super().write(unit)
            watch.now += LENGTH
            return found

    late = keeper(Slow(shared.store), watch)
    await late.look()
    assert not late.holds("scripted")


async def test_who_was_paused_learns_that_another_sends(shared: AsyncStore) -> None:
    watch = Watch()
    first, second = keeper(shared, watch), keeper(shared, Watch())
    await first.look()
    await second.look()
    assert not second.holds("scripted")
    await shared.write(expire(shared))  # the first one sleeps
    await second.look()
    assert second.holds("scripted")
    with pytest.raises(Lost):
        await shared.write(lambda unit: first.check(unit, "scripted"))
    await shared.write(lambda unit: second.check(unit, "scripted"))
    await first.look()
    assert not first.holds("scripted")


async def test_a_lease_that_is_given_back_need_not_be_waited_for(shared: AsyncStore) -> None:
    first, second = keeper(shared, Watch()), keeper(shared, Watch())
    await first.look()
    await first.stop()
    assert not first.holds("scripted")
    await second.look()
    assert second.holds("scripted")


async def row_of(store: AsyncStore) -> outbox.Outgoing:
    """Something to be said."""
    return await store.write(
        lambda unit: outbox.say(
            unit, inbox_id=1, position=0, place_key="here", address=Address("scripted", "here"), reply=Reply("hello")
        )
    )


async def state_of(store: AsyncStore, row: outbox.Outgoing) -> tuple[str, int]:
    """Its state and attempts."""
    found = await store.read(lambda unit: unit.row(table.select().where(table.c.id == row.id)))
    assert found is not None
    return found["state"], found["attempts"]


async def test_nothing_is_sent_without_the_lease(shared: AsyncStore) -> None:
    watch, adapter = Watch(), Platform()
    holder = keeper(shared, watch)
    sender = Sender(shared, {"scripted": adapter}, Words(), holder)
    row = await row_of(shared)
    await sender.deliver(row, left_over=True)
    assert adapter.sent == []
    await holder.look()
    watch.now += LENGTH
    await sender.deliver(row, left_over=True)
    assert adapter.sent == []
    assert await state_of(shared, row) == ("waiting", 0)
    await holder.look()
    await sender.deliver(row, left_over=True)
    assert len(adapter.sent) == 1
    assert (await state_of(shared, row))[0] == "sent"


async def test_who_lost_the_lease_says_no_more_how_a_row_ended(
    shared: AsyncStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.sender.asyncio.sleep", _at_once)
    adapter, first, second = Platform(), keeper(shared, Watch()), keeper(shared, Watch())
    await first.look()
    row = await row_of(shared)
    adapter.troubles.extend([Transient("no answer", maybe_done=False)] * ATTEMPTS_AT_ONCE)
    await shared.write(expire(shared))
    await second.look()
    await Sender(shared, {"scripted": adapter}, Words(), first).deliver(row, left_over=True)
    assert await state_of(shared, row) == ("waiting", 0)  # not put off: that is for the second one to say
    await Sender(shared, {"scripted": adapter}, Words(), second).deliver(row, left_over=True)
    assert await state_of(shared, row) == ("sent", 1)


async def test_what_the_platform_has_is_a_fact_whoever_says_it(shared: AsyncStore) -> None:
    adapter, first, second = Platform(), keeper(shared, Watch()), keeper(shared, Watch())
    await first.look()
    row = await row_of(shared)
    await shared.write(expire(shared))
    await second.look()
    await Sender(shared, {"scripted": adapter}, Words(), first).deliver(row, left_over=True)
    await Sender(shared, {"scripted": adapter}, Words(), second).deliver(row, left_over=True)
    assert len(adapter.sent) == 1
    assert await state_of(shared, row) == ("sent", 1)


async def test_a_reply_that_could_not_be_marked_is_only_marked_later(shared: AsyncStore) -> None:
    class Fails(AsyncStore):
        down = False

        async def write(self, unit):  # type: ignore[no-untyped-def]
            if self.down:
                raise RuntimeError("the store is away")
            return await super().write(unit)

    store, adapter = Fails(shared.store), Platform()
    sender = Sender(store, {"scripted": adapter}, Words())
    row = await row_of(shared)
    store.down = True
    with pytest.raises(RuntimeError):
        await sender.deliver(row, left_over=True)
    store.down = False
    await sender.deliver(row, left_over=True)
    assert len(adapter.sent) == 1
    assert await state_of(shared, row) == ("sent", 1)


async def _at_once(seconds: float) -> None:
    return None
