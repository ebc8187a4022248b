"""Sending: patient, in place where something stands already, and never for ever."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.contract import (
    Address,
    DeliveryError,
    Gone,
    NotPermitted,
    Reply,
    Sent,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.sender import ATTEMPTS_AT_ONCE, MAX_ATTEMPTS, OPEN_CHAT, Sender
from bot.outbox.tables import outbox as table
from bot.unit import AsyncStore
from bot.words import Words
from core.clock import DAY, MINUTE, SECOND, ManualClock
from core.store import Store, Unit
from tests.bot.outbox.scripted import Scripted

GROUP = Address("scripted", "group", thread="7", account_id="ana", reply_to="5")
ALONE = Address("scripted", "group", thread="7", account_id="ana", reply_to="5", private=True)


class Post:
    """A sender at work; `slept` is how long it paused, in seconds."""

    def __init__(self, store: Store, slept: list[float]) -> None:
        self.store, self.slept = AsyncStore(store), slept
        self.adapter = Scripted()
        self.sender = Sender(self.store, {"scripted": self.adapter}, Words())

    async def write(self, address: Address = GROUP, text: str = "hello", inbox_id: int = 1, **more: Any) -> Outgoing:
        """A row of the outbox."""
        return await self.store.write(
            lambda unit: outbox.say(
                unit,
                inbox_id=inbox_id,
                position=0,
                place_key="here",
                address=address,
                reply=Reply(text),
                **more,
            )
        )

    async def rows(self) -> list[tuple[int, str]]:
        """Positions and states."""

        def unit(unit: Unit) -> list[tuple[int, str]]:
            return [(row["position"], row["state"]) for row in unit.rows(table.select().order_by(table.c.position))]

        return await self.store.read(unit)


@pytest.fixture
async def post(store: Store, monkeypatch: pytest.MonkeyPatch) -> Post:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("bot.outbox.sender.asyncio", SimpleNamespace(sleep=sleep))
    return Post(store, slept)


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What is sent does not depend on the engine."""
    return str(request.param)


async def test_a_row_is_sent_once_and_its_words_are_wiped(post: Post) -> None:
    row = await post.write()
    await post.sender.deliver(row)
    await post.sender.deliver(row, left_over=True)
    assert [(to, reply.text, key) for to, reply, key in post.adapter.sent] == [(GROUP, "hello", str(row.id))]
    assert await post.rows() == [(0, "sent")]
    kept = await post.store.read(lambda unit: outbox.of_turn(unit, 1))
    assert kept[0].reply == Reply()
    assert kept[0].sent == Sent("group", ("m1",))


async def test_being_asked_to_wait_is_no_failure(post: Post) -> None:
    post.adapter.troubles.extend(TooManyRequests(3.0) for _ in range(ATTEMPTS_AT_ONCE + 3))
    await post.sender.deliver(await post.write())
    assert post.slept == [3.0] * (ATTEMPTS_AT_ONCE + 3)
    assert await post.rows() == [(0, "sent")]


async def test_trouble_in_passing_is_waited_out_for_longer_and_longer(post: Post) -> None:
    post.adapter.troubles.extend(Transient("502", maybe_done=False) for _ in range(ATTEMPTS_AT_ONCE - 1))
    await post.sender.deliver(await post.write())
    assert await post.rows() == [(0, "sent")]
    assert len(post.slept) == ATTEMPTS_AT_ONCE - 1
    assert post.slept == sorted(post.slept)


@pytest.mark.parametrize("trouble", [Transient("502", maybe_done=True), Unauthorized("401")])
async def test_longer_trouble_is_left_for_the_background(
    post: Post, clock: ManualClock, trouble: DeliveryError
) -> None:
    post.adapter.troubles.extend([trouble] * ATTEMPTS_AT_ONCE)
    await post.sender.deliver(await post.write())
    assert await post.rows() == [(0, "waiting")]
    assert await post.store.read(outbox.waiting) == []
    clock.advance(5 * SECOND)
    (row,) = await post.store.read(outbox.waiting)
    assert row.attempts == 1
    await post.sender.deliver(row, left_over=True)
    assert await post.rows() == [(0, "sent")]


async def test_nothing_is_tried_for_ever(post: Post, clock: ManualClock) -> None:
    await post.write()
    for _ in range(MAX_ATTEMPTS):
        post.adapter.troubles.extend(Transient("502", maybe_done=False) for _ in range(ATTEMPTS_AT_ONCE))
        clock.advance(10 * MINUTE)
        for row in await post.store.read(outbox.waiting):
            await post.sender.deliver(row)
    assert await post.rows() == [(0, "failed")]


async def test_a_fault_of_ours_is_neither_lost_nor_tried_without_end(post: Post) -> None:
    post.adapter.troubles.append(RuntimeError("a bug"))
    await post.sender.deliver(await post.write())
    assert await post.rows() == [(0, "waiting")]


@pytest.mark.parametrize("trouble", [Gone("no chat"), NotPermitted("can_send_messages"), DeliveryError("400")])
async def test_what_can_never_arrive_is_given_up(post: Post, trouble: DeliveryError) -> None:
    post.adapter.troubles.append(trouble)
    await post.sender.deliver(await post.write())
    assert await post.rows() == [(0, "failed")]
    assert post.adapter.sent == []


async def test_whoever_cannot_be_reached_in_private_is_told_how_where_they_asked(post: Post) -> None:
    post.adapter.troubles.append(Unreachable("never opened"))
    await post.sender.deliver(await post.write(ALONE, "a secret"))
    ((to, reply, _),) = post.adapter.sent
    assert reply == Reply(OPEN_CHAT)
    assert (to.place_id, to.thread, to.reply_to, to.private) == ("group", "7", "5", False)
    assert await post.rows() == [(0, "failed"), (100, "sent")]


async def test_a_message_that_stands_there_is_edited_and_said_anew_when_it_is_gone(post: Post) -> None:
    row = await post.write()
    row.sent = Sent("group", ("m0",))
    await post.sender.deliver(row)
    assert post.adapter.edited == [(Sent("group", ("m0",)), Reply("hello"))]
    assert post.adapter.sent == []
    row = await post.write(inbox_id=2)
    row.sent = Sent("group", ("m9",))
    post.adapter.troubles.append(Gone("deleted"))
    await post.sender.deliver(row)
    assert [reply.text for _, reply, _ in post.adapter.sent] == ["hello"]


async def test_one_row_is_not_sent_twice_at_once(post: Post) -> None:
    row = await post.write()
    await asyncio.gather(post.sender.deliver(row), post.sender.deliver(row))
    assert len(post.adapter.sent) == 1


async def test_somebody_who_is_away_is_waited_for(post: Post) -> None:
    post.adapter.absent.add("ana")
    row = await post.write()
    await post.sender.deliver(row)
    assert await post.rows() == [(0, "waiting")]
    post.adapter.absent.clear()
    await post.sender.deliver(row, left_over=True)
    assert await post.rows() == [(0, "sent")]


async def test_old_rows_are_forgotten_and_waiting_ones_are_not(post: Post, clock: ManualClock) -> None:
    await post.sender.deliver(await post.write())
    await post.write(inbox_id=2)
    clock.advance(8 * DAY)
    assert await post.store.write(outbox.forget_old) == 1
    assert await post.rows() == [(0, "waiting")]
