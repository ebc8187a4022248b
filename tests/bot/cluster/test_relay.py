"""What a worker does on a platform whose adapter another process holds: through rows, in order, and without loss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from adapters.contract import (
    Account,
    Address,
    Attachment,
    ButtonPress,
    DeliveryError,
    Event,
    EventKind,
    Gone,
    NotPermitted,
    Place,
    PlaceKind,
    Reply,
    Sent,
    TooManyRequests,
    Transient,
    Unreachable,
)
from bot.cluster import asks
from bot.cluster import relay as relays
from bot.cluster.desk import Desk
from bot.cluster.lease import Keeper, known
from bot.cluster.relay import CODE, Relay
from bot.cluster.tables import ask
from bot.lanes import Lanes
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.sender import Sender
from bot.outbox.shown import CHANGED, Shows
from bot.outbox.tables import outbox as table
from bot.unit import AsyncStore
from bot.words import Words
from core.store import Unit
from tests.bot.cluster.platform import PATIENCE, Platform

HERE = Address("scripted", "here")
PRESSED = Event(
    "scripted", "7", EventKind.BUTTON, Account("ana", "Ana"), Place("here", PlaceKind.GROUP), press=ButtonPress("token")
)


class Office:
    """A worker's relay on one side, the desk with the adapter on the other, the store between them."""

    def __init__(self, store: AsyncStore) -> None:
        self.store = store
        self.platform = Platform()
        self.keeper = Keeper(store, {"scripted": "scripted:x"}, self._info)
        self.keeper.add("scripted")
        self.lanes = Lanes()
        self.lanes.release()
        adapters = {"scripted": self.platform}
        self.desk = Desk(store, adapters, Sender(store, adapters, Words(), self.keeper), self.keeper, self.lanes)
        self.told: dict[str, str] = {}
        self.relay = Relay(store, self.platform, lambda: self.told)
        self._loop = asyncio.get_running_loop()
        store.store.listen(self._woken)

    def _woken(self, topic: str) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hear, topic)

    def _info(self, platform: str) -> dict[str, str]:
        return {"invite": self.platform.invite_link(CODE), "join": self.platform.join_link()}

    def _hear(self, topic: str) -> None:
        self.relay.hear(topic)
        self.desk.wake()

    async def row(self, *, position: int = 0, inbox_id: int = 1, text: str = "…", state: str = "open") -> Outgoing:
        """A row of the outbox."""
        return await self.store.write(
            lambda unit: outbox.say(
                unit,
                inbox_id=inbox_id,
                position=position,
                place_key="here",
                address=HERE,
                reply=Reply(text),
                state=state,
            )
        )

    async def kept(self, row: Outgoing) -> tuple[str, Sent | None]:
        """A row's state and ids as they are stored."""

        def unit(unit: Unit) -> tuple[str, Sent | None]:
            found = unit.row(table.select().where(table.c.id == row.id))
            assert found is not None
            return found["state"], outbox.outgoing(found).sent

        return await self.store.read(unit)

    async def asked(self) -> list[str]:
        """The kinds of the asks that are stored."""
        return await self.store.read(lambda unit: [row["kind"] for row in unit.rows(select(ask))])


@pytest.fixture
async def office(shared: AsyncStore) -> AsyncIterator[Office]:
    """An office whose desk is open."""
    found = Office(shared)
    await found.keeper.look()
    desk = asyncio.create_task(found.desk.run())
    yield found
    desk.cancel()
    await asyncio.gather(desk, return_exceptions=True)
    await found.lanes.stop()


async def test_a_placeholder_grows_and_becomes_the_answer(office: Office) -> None:
    row = await office.row()
    sent = await office.relay.send(HERE, Reply("…"), key=str(row.id))
    assert await office.kept(row) == ("open", sent)
    assert await office.relay.edit(HERE, sent, Reply("Once …")) == sent
    await office.store.write(lambda unit: outbox.set_final(unit, row.id, Reply("Once upon a time"), None))
    await office.platform.until(lambda: len(office.platform.edited) == 2)
    assert office.platform.texts == ["…", "Once …", "Once upon a time"]
    await office.lanes.drain()
    assert (await office.kept(row))[0] == "sent"
    assert await office.asked() == []


async def test_the_ids_of_a_placeholder_are_kept_when_the_worker_is_gone(office: Office) -> None:
    """The worker dies while the platform takes the placeholder; the one that takes over only says the answer."""
    office.platform.open.clear()
    row = await office.row()
    placing = asyncio.create_task(office.relay.send(HERE, Reply("…"), key=str(row.id)))
    async with asyncio.timeout(PATIENCE):
        await office.platform.asked.wait()
    placing.cancel()
    await asyncio.gather(placing, return_exceptions=True)
    await office.store.write(lambda unit: outbox.set_final(unit, row.id, Reply("Done."), None))
    office.platform.open.set()
    await office.platform.until(lambda: bool(office.platform.edited))
    assert office.platform.texts == ["…", "Done."]


async def test_a_draft_is_looked_at_again_where_it_is_sent(office: Office) -> None:
    """A worker's check may be seconds old when the platform is asked."""
    row = await office.row()
    sent = await office.relay.send(HERE, Reply("…"), key=str(row.id))
    nobody = Shows(place=1, asker=1, person=1, records=frozenset({1}))
    await office.store.write(lambda unit: outbox.set_steps(unit, row.id, Reply("…"), [], nobody))
    assert await office.relay.edit(HERE, sent, Reply("Ben needs a keeper …")) == sent
    assert office.platform.texts == ["…", CHANGED]
    await office.store.write(lambda unit: outbox.set_final(unit, row.id, Reply("Ben needs a keeper."), nobody))
    await office.platform.until(lambda: len(office.platform.edited) == 2)
    assert office.platform.texts == ["…", CHANGED, CHANGED]


async def test_a_draft_never_follows_the_answer(office: Office) -> None:
    row = await office.row()
    sent = await office.relay.send(HERE, Reply("…"), key=str(row.id))

    def both(unit: Unit) -> None:  # the draft of a worker that died, and the answer of another
        asks.put(unit, "scripted", asks.EDIT, {"address": {}, "reply": {"text": "Half"}}, 60_000, outbox_id=row.id)
        outbox.set_final(unit, row.id, Reply("Whole"), None)

    await office.store.write(both)
    await office.platform.until(lambda: bool(office.platform.edited))
    await office.lanes.drain()
    assert office.platform.texts == ["…", "Whole"]
    with pytest.raises(Gone):
        await office.relay.edit(HERE, sent, Reply("Half"))


@pytest.mark.parametrize(
    "error",
    [
        TooManyRequests(7.5, "slowly"),
        Transient("no answer", maybe_done=True),
        Unreachable("blocked"),
        Gone("no chat"),
        NotPermitted("SEND_MESSAGES"),
        DeliveryError("refused"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_refusal_comes_back_as_what_it_was(office: Office, error: DeliveryError) -> None:
    office.platform.troubles.append(error)
    row = await office.row()
    with pytest.raises(type(error)) as raised:
        await office.relay.send(HERE, Reply("…"), key=str(row.id))
    assert str(raised.value) == str(error)
    assert vars(raised.value) == vars(error)


async def test_rows_go_out_in_the_order_in_which_conversations_were_recorded(office: Office) -> None:
    office.platform.open.clear()
    await office.row(inbox_id=9, text="first", state="waiting")
    async with asyncio.timeout(PATIENCE):
        await office.platform.asked.wait()  # the desk is busy there; everything else is found by one look
    await office.row(inbox_id=12, text="fourth", state="waiting")
    await office.row(inbox_id=11, position=1, text="third", state="waiting")
    await office.row(inbox_id=11, text="second", state="waiting")
    await office.row(inbox_id=-1, text="news", state="waiting")
    office.platform.open.set()
    await office.platform.until(lambda: len(office.platform.sent) == 5)
    texts = office.platform.texts
    assert texts[0] == "first"
    assert sorted(texts) == ["first", "fourth", "news", "second", "third"]


async def test_one_look_orders_a_conversation(shared: AsyncStore) -> None:
    office = Office(shared)
    await office.keeper.look()
    for inbox_id, position, text in (
        (12, 0, "4"),
        (11, 1, "3"),
        (11, 0, "2"),
        (11, 70, "1"),
        (-5, 0, "6"),
        (-3, 0, "5"),
    ):
        await office.row(inbox_id=inbox_id, position=position, text=text, state="waiting")
    assert await office.desk.look() == 6
    await office.lanes.drain()
    assert office.platform.texts == ["1", "2", "3", "4", "5", "6"]


async def test_nothing_is_done_without_the_lease(shared: AsyncStore) -> None:
    office = Office(shared)
    await office.row(text="hello", state="waiting")
    await office.relay.answer_press(PRESSED, "Not now.")
    assert await office.desk.look() == 0
    await office.keeper.look()
    assert await office.desk.look() == 1
    await office.lanes.drain()
    assert office.platform.texts == ["hello"]
    assert office.platform.pressed == [("7", "Not now.")]


async def test_a_press_that_nobody_can_answer_yet_is_kept(shared: AsyncStore) -> None:
    office = Office(shared)
    await shared.write(lambda unit: asks.answer_press(unit, PRESSED, "Not for you."))
    assert await office.asked() == ["press"]
    await office.keeper.look()
    await office.desk.look()
    await office.lanes.drain()
    assert office.platform.pressed == [("7", "Not for you.")]
    assert await office.asked() == []


async def test_a_file_comes_through_the_store(office: Office) -> None:
    office.platform.files["ref"] = bytes(range(256))
    assert await office.relay.fetch(Attachment("ref", "notes.txt", "text/plain", 256)) == bytes(range(256))
    office.platform.troubles.append(Gone("too old"))
    with pytest.raises(Gone, match="too old"):
        await office.relay.fetch(Attachment("ref"))


async def test_who_is_not_answered_is_told_so_and_leaves_nothing(
    shared: AsyncStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "PATIENCE", 0.0)
    office = Office(shared)  # nobody at the desk
    row = await office.row()
    with pytest.raises(Transient, match="does not answer"):
        await office.relay.send(HERE, Reply("…"), key=str(row.id))
    assert await office.asked() == []


async def test_links_are_those_of_the_adapter_that_is_started(office: Office) -> None:
    assert office.relay.invite_link("KF3M-9TQ2") == ""
    office.told = (await office.store.read(known))["scripted"]
    assert office.relay.invite_link("KF3M-9TQ2") == "https://example.org/KF3M-9TQ2?go"
    assert office.relay.join_link() == "https://example.org/join"


async def test_who_can_read_is_asked_of_the_adapter_in_the_process_that_hears(office: Office) -> None:
    office.platform.there["here"] = ("ana", "ben")
    assert await office.relay.readers("", "here", 200) == ("ana", "ben")
    assert await office.relay.readers("", "there", 200) is None
