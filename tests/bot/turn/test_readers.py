"""When a platform is asked who can read in a place, what is kept of its answer, and what recording waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.contract import Account, Capabilities, Event, EventKind, Place, PlaceKind, Transient
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.roster import FRESH
from bot.turn import readers
from bot.turn.readers import Readers
from bot.unit import AsyncStore
from bot.words import Words
from core.clock import HOUR, ManualClock
from core.places.places import known_place
from core.store import Unit
from tests.bot.outbox.scripted import Scripted
from tests.conftest import StoreFactory

PATIENCE = 20.0
ANA, EVE = Account("ana", "Ana"), Account("eve", "Eve")
ROOM, HALL = Place("room", PlaceKind.GROUP, "Room"), Place("hall", PlaceKind.GROUP, "Hall")
SAID = Event("scripted", "1", EventKind.MESSAGE, ANA, ROOM, workspace="w", text="hello", addressed=True)
JOINED = Event("scripted", "2", EventKind.JOINED, EVE, ROOM, workspace="w")


class Platform(Scripted):
    """Names the readers that a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.capabilities = replace(self.capabilities, readers=True)
        self.there: dict[str, tuple[str, ...] | None] = {"room": ("ana", "ben"), "hall": ("ana",)}
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()
        self.asked: list[str] = []

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """See the contract."""
        self.asked.append(place_id)
        found, self.error, error = self.there[place_id], None, self.error
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if error is not None:
            raise error
        return found if found is None or len(found) <= most else None


class Seen:
    """The whole of it, and what the store says in the end."""

    def __init__(self, store: AsyncStore, clock: ManualClock) -> None:
        self.store, self.clock = store, clock
        self.platform = Platform()
        self.said: list[Outgoing] = []
        self.readers = self.again()

    def again(self) -> Readers:
        """Another process, which remembers nothing."""
        return Readers(self.store, {"scripted": self.platform}, Words(), self.said.append)

    async def note(self, *events: Event) -> None:
        """These events are about to be recorded."""
        await self.readers.note(events)

    async def known(self, place: str = "room") -> int | None:
        """How many readers the store knows."""
        found = await self.store.read(lambda unit: known_place(unit, "scripted", "w", place))
        return found.readers if found is not None else None

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until it is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.001)


@pytest.fixture
def seen(new_store: StoreFactory, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Seen:
    monkeypatch.setattr(readers, "PATIENCE", PATIENCE)
    return Seen(AsyncStore(new_store("sqlite")), clock)


async def test_a_first_word_waits_for_the_answer_and_the_next_minute_asks_no_more(seen: Seen) -> None:
    await seen.note(SAID)
    assert await seen.known() == 2
    seen.clock.advance(FRESH - 1)
    await seen.note(SAID, SAID)
    assert seen.platform.asked == ["room"]
    seen.clock.advance(1)
    await seen.note(SAID)
    assert seen.platform.asked == ["room"] * 2


async def test_only_what_will_be_answered_in_a_shared_place_is_worth_a_question(seen: Seen) -> None:
    await seen.note(
        replace(SAID, addressed=False),
        replace(SAID, account=replace(ANA, is_bot=True)),
        replace(SAID, place=replace(ROOM, kind=PlaceKind.DIRECT)),
        replace(SAID, kind=EventKind.EDIT),
        JOINED,
        replace(JOINED, place=Place("w", PlaceKind.GROUP)),
    )
    assert seen.platform.asked == []
    seen.platform.capabilities = Capabilities()
    await seen.note(SAID)
    assert seen.platform.asked == []


async def test_a_speaker_whom_the_platform_did_not_name_makes_it_old(seen: Seen) -> None:
    await seen.note(SAID)
    seen.platform.there["room"] = ("ana", "ben", "eve")
    await seen.note(replace(SAID, account=EVE))
    assert await seen.known() == 3
    assert len(seen.platform.asked) == 2
    await seen.note(replace(SAID, account=EVE))
    assert len(seen.platform.asked) == 2


@pytest.mark.parametrize("kind", [EventKind.JOINED, EventKind.LEFT, EventKind.READERS])
async def test_who_comes_or_goes_is_looked_at_at_once(seen: Seen, kind: EventKind) -> None:
    await seen.note(SAID)
    seen.platform.there["room"] = ("ana",)
    await seen.note(replace(JOINED, kind=kind))
    assert await seen.known() == 1


async def test_another_process_that_never_heard_of_the_place_looks_as_well(seen: Seen) -> None:
    await seen.note(SAID)
    seen.readers = seen.again()
    seen.platform.there["room"] = ("ana", "eve")
    await seen.note(JOINED, replace(JOINED, place=HALL))
    assert await seen.known() == 2
    assert seen.platform.asked == ["room"] * 2  # nobody ever spoke to the bot in the hall


@pytest.mark.parametrize("kind", [EventKind.JOINED, EventKind.LEFT, EventKind.ROLES, EventKind.READERS])
@pytest.mark.parametrize("server", ["w", ""])
async def test_a_change_of_the_server_makes_all_of_its_places_old(seen: Seen, kind: EventKind, server: str) -> None:
    seen.platform.there["hall"] = None
    await seen.note(SAID, replace(SAID, place=HALL))
    seen.platform.there |= {"room": ("ana",), "hall": ("ana",)}
    await seen.note(replace(JOINED, kind=kind, place=Place(server, PlaceKind.GROUP)))
    assert (await seen.known(), await seen.known("hall")) == (1, None)
    await seen.note(replace(SAID, place=HALL))
    assert await seen.known("hall") == 1
    await seen.note(replace(JOINED, kind=kind, place=Place(server, PlaceKind.GROUP), workspace="other"))
    assert len(seen.platform.asked) == 4


@pytest.mark.parametrize("error", [Transient("no answer", maybe_done=True), RuntimeError("a fault of ours")])
async def test_no_answer_means_that_nobody_is_known_and_it_is_asked_soon_again(seen: Seen, error: Exception) -> None:
    await seen.note(SAID)
    seen.clock.advance(FRESH)
    seen.platform.error = error
    await seen.note(SAID)
    assert await seen.known() is None
    wait = readers.AGAIN if isinstance(error, Transient) else FRESH
    seen.clock.advance(wait - 1)
    await seen.note(SAID)
    assert await seen.known() is None
    seen.clock.advance(1)
    await seen.note(SAID)
    assert await seen.known() == 2


async def test_too_many_are_nobody_in_particular(seen: Seen) -> None:
    seen.platform.there["room"] = tuple(f"u{number}" for number in range(201))
    await seen.note(SAID)
    assert await seen.known() is None


async def test_recording_waits_for_a_slow_platform_no_longer_than_it_may(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    seen.platform.gate = asyncio.Event()
    async with asyncio.timeout(PATIENCE):
        await seen.note(SAID, replace(SAID, place=HALL))
    assert await seen.known() is None
    seen.platform.gate.set()
    monkeypatch.setattr(readers, "PATIENCE", PATIENCE)
    await seen.note(SAID, replace(SAID, place=HALL))
    assert (await seen.known(), await seen.known("hall")) == (2, 1)
    assert sorted(seen.platform.asked) == ["hall", "room"]


async def test_who_comes_while_the_platform_is_being_asked_is_asked_about_again(seen: Seen) -> None:
    await seen.note(SAID)
    seen.clock.advance(FRESH)
    seen.platform.gate = asyncio.Event()
    seen.platform.reached.clear()
    asking = asyncio.ensure_future(seen.note(SAID))
    await asyncio.wait_for(seen.platform.reached.wait(), PATIENCE)
    seen.platform.there["room"] = ("ana", "ben", "eve")
    joining = asyncio.ensure_future(seen.note(JOINED))
    await asyncio.sleep(0)
    seen.platform.gate.set()
    await asyncio.wait_for(asyncio.gather(asking, joining), PATIENCE)
    assert await seen.known() == 3
    assert len(seen.platform.asked) == 3


async def test_newcomers_are_told_of_in_the_place_and_in_their_number(seen: Seen) -> None:
    await seen.note(SAID)
    for names, text in (
        (("ana", "ben", "eve"), "New here: one more person. They can read what I said here before. "),
        (("ana", "ben", "eve", "tom", "zoe"), "New here: 2 people. They can read what I said here before. "),
    ):
        seen.platform.there["room"] = names
        await seen.note(replace(SAID, account=EVE), JOINED)
        row = seen.said[-1]
        assert row.reply.text == text + "From now on I say only what everybody here may see."
        assert (row.address.place_id, row.address.workspace, row.address.private) == ("room", "w", False)
        assert row.place_key == "scripted:w:room"
        assert row.id in [one.id for one in await seen.store.read(outbox.waiting)]
        seen.clock.advance(HOUR)
    assert len(seen.said) == 2


async def test_a_thread_apart_is_asked_about_by_its_own_id_and_told_of_its_own_newcomers(seen: Seen) -> None:
    plans = Place("hall", PlaceKind.GROUP, "Hall", thread="room", apart=True)
    other = replace(plans, thread="other", apart=False)
    said = [replace(SAID, place=plans), replace(SAID, place=other)]
    await seen.note(*said)
    assert sorted(seen.platform.asked) == ["hall", "room"]

    def unit(unit: Unit) -> list[int | None]:
        found = [known_place(unit, "scripted", "w", "hall", thread) for thread in ("room", "other", "")]
        return [one.readers if one is not None else None for one in found]

    assert await seen.store.read(unit) == [2, 1, 1]
    seen.platform.there |= {"room": ("ana", "ben", "eve"), "hall": ("ana",)}
    await seen.note(replace(JOINED, kind=EventKind.READERS, place=plans))
    assert await seen.store.read(unit) == [3, 1, 1]
    (row,) = seen.said
    assert (row.address.place_id, row.address.thread) == ("hall", "room")
