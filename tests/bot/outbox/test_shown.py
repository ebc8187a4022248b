"""What is said is looked at again at the moment of sending, and left unsaid if not everybody may hear it any more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.contract import Address, Button, Card, Reply, Sent, Transient
from bot.outbox import outbox, sender
from bot.outbox.outbox import Outgoing
from bot.outbox.sender import ATTEMPTS_AT_ONCE, Sender
from bot.outbox.shown import CHANGED, Shows, may_be_said, shows
from bot.outbox.tables import outbox as table
from bot.unit import AsyncStore
from bot.words import Words
from core.clock import MINUTE, ManualClock
from core.nexuses.members import leave
from core.people.linking import merge
from core.places.places import Place, bind, thread_of
from core.privacy.fates import delete_records
from core.records.records import add_record, close_record
from core.rules.rules import set_rule
from core.rules.words import Action, Effect, pack_actions
from core.store import Unit
from tests.bot.outbox.scripted import Scripted
from tests.world import World

SECRET = "Ben needs a lighthouse keeper"


class House:
    """Ana and Ben in Parser, a need of Ben's, and a channel of Parser's in which Ana has asked for it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.parser = world.nexus("Parser", owner="Otto").id
        world.nexus("Other", owner="Otto")
        for name in ("Ana", "Ben"):
            world.join(name, "Parser")
        self.ana, self.ben = world.id_of("Ana"), world.id_of("Ben")
        self.place = world.place("harbour", platform="scripted")
        self.direct = world.place("ana", kind="direct", platform="scripted")
        world.write(lambda unit: bind(unit, self.place.id, self.parser, "members", by=1))
        self.need = self.record("need", self.ben)
        self.adapter = Scripted()
        self.store = AsyncStore(world.store)
        self.sender = Sender(self.store, {"scripted": self.adapter}, Words())

    def record(self, kind: str, author: int) -> int:
        made = self.world.write(
            lambda unit: add_record(unit, kind, nexus_id=self.parser, author_id=author, body="a lighthouse keeper")
        )
        return int(made[0])

    def shown(self, place: Place, *records: int, private: bool = False) -> Shows:
        found = shows(place, self.ana, records, private=private)
        assert found is not None
        return found

    async def row(self, shown: Shows | None, thread: str = "", **more: Any) -> Outgoing:
        to = Address("scripted", "harbour", thread=thread, account_id="ana")
        reply = Reply(card=Card(SECRET, buttons=(Button("Yes", "token"),)))
        return await self.store.write(
            lambda unit: outbox.say(
                unit, inbox_id=1, position=0, place_key="here", address=to, reply=reply, shows=shown, **more
            )
        )

    def close(self, record_id: int, state: str) -> None:
        self.world.write(lambda unit: close_record(unit, record_id, 1, state=state))

    def rule(self, action: Action, effect: Effect = Effect.DENY) -> None:
        self.world.write(
            lambda unit: set_rule(
                unit, self.parser, kind="need", audience="member", actions=pack_actions([action]), effect=effect, by=1
            )
        )

    @property
    def said(self) -> list[Reply]:
        return [reply for _, reply, _ in self.adapter.sent]


@pytest.fixture
def house(world: World, monkeypatch: pytest.MonkeyPatch) -> House:
    async def sleep(_: float) -> None:
        return None

    monkeypatch.setattr(sender, "asyncio", SimpleNamespace(sleep=sleep))
    return House(world)


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


CHANGES: dict[str, Callable[[House], object]] = {
    "a rule": lambda house: house.rule(Action.SEE),
    "a rule about channels": lambda house: house.rule(Action.QUOTE),
    "removed": lambda house: house.close(house.need, "removed"),
    "gone": lambda house: house.world.write(lambda unit: delete_records(unit, [house.need])),
    "the place is for all now": lambda house: house.world.write(
        lambda unit: bind(unit, house.place.id, house.parser, "public", by=1)
    ),
    "the place is another Nexus's": lambda house: house.world.write(
        lambda unit: bind(unit, house.place.id, house.world.nexuses["Other"].id, "members", by=1)
    ),
}


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize("change", CHANGES)
async def test_what_a_channel_may_not_hear_any_more_is_left_unsaid(
    house: House, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    row = await house.row(house.shown(house.place, house.need))
    CHANGES[change](house)
    await house.sender.deliver(row)
    assert house.said == [Reply(CHANGED)]
    assert "lighthouse" not in caplog.text
    assert str(house.need) not in caplog.text


async def test_what_may_still_be_heard_is_said_as_it_is(house: House) -> None:
    row = await house.row(house.shown(house.place, house.need))
    house.close(house.need, "closed")  # by its author: that it was there is no secret
    await house.sender.deliver(row)
    assert house.said[0].card is not None
    assert house.said[0].card.title == SECRET


async def test_a_row_that_shows_nothing_of_others_costs_no_read(house: House) -> None:
    row = await house.row(None)
    reads: list[Any] = []
    house.store.read = reads.append  # type: ignore[method-assign,assignment]
    await house.sender.deliver(row)
    assert len(house.said) == 1
    assert reads == []


@pytest.mark.parametrize("left_over", [False, True])
async def test_the_sentence_stands_in_the_store_before_it_is_sent(house: House, left_over: bool) -> None:
    row = await house.row(house.shown(house.place, house.need))
    house.rule(Action.SEE)
    house.adapter.troubles.extend(Transient("502", maybe_done=False) for _ in range(ATTEMPTS_AT_ONCE))
    await house.sender.deliver(row, left_over=left_over)
    assert house.said == []
    kept = await house.store.read(lambda unit: unit.row(table.select()))
    assert kept is not None
    assert (kept["reply"], kept["shows"]["records"], kept["state"]) == ({"text": CHANGED}, [], "waiting")


async def test_minutes_later_it_is_looked_at_once_more(house: House, clock: ManualClock) -> None:
    row = await house.row(house.shown(house.place, house.need))
    house.adapter.troubles.extend(Transient("502", maybe_done=False) for _ in range(ATTEMPTS_AT_ONCE))
    await house.sender.deliver(row)
    house.rule(Action.QUOTE)
    clock.advance(10 * MINUTE)
    (later,) = await house.store.read(outbox.waiting)
    assert later.shows == house.shown(house.place, house.need)
    await house.sender.deliver(later, left_over=True)
    assert house.said == [Reply(CHANGED)]


async def test_between_two_attempts_it_is_looked_at_once_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_: float) -> None:
        house.rule(Action.SEE)

    monkeypatch.setattr(sender, "asyncio", SimpleNamespace(sleep=sleep))
    house.adapter.troubles.append(Transient("502", maybe_done=False))
    await house.sender.deliver(await house.row(house.shown(house.place, house.need)))
    assert house.said == [Reply(CHANGED)]


async def test_the_sentence_is_no_repeat_of_what_it_stands_for(house: House) -> None:
    """A part of that may be out already: a platform would take the sentence for it."""
    row = await house.row(house.shown(house.place, house.need))
    house.adapter.troubles.extend(Transient("502", maybe_done=True) for _ in range(ATTEMPTS_AT_ONCE))
    await house.sender.deliver(row)
    house.rule(Action.SEE)
    await house.sender.deliver(row)
    assert [key for _, _, key in house.adapter.sent] == [f"{row.id}-"]


async def test_a_message_that_stands_there_is_changed_to_the_sentence(house: House) -> None:
    row = await house.row(house.shown(house.place, house.need), replaces=Sent("harbour", ("m0",)))
    house.rule(Action.SEE)
    await house.sender.deliver(row)
    assert house.adapter.edited == [(Sent("harbour", ("m0",)), Reply(CHANGED))]
    assert house.said == []


@pytest.mark.parametrize("private", [False, True])
async def test_a_person_alone_is_asked_about_alone(house: House, private: bool) -> None:
    """What no channel may hear, one person may; until they leave."""
    house.rule(Action.QUOTE)
    place = house.place if private else house.direct
    await house.sender.deliver(await house.row(house.shown(place, house.need, private=private)))
    assert house.said[0].card is not None
    house.world.write(lambda unit: leave(unit, house.ana, house.world.nexuses["Parser"]))
    row = house.shown(place, house.need, private=private)
    assert not house.world.read(lambda unit: may_be_said(unit, row, Address("scripted", "x")))


async def test_whoever_removed_their_own_is_told_so(house: House) -> None:
    mine = house.record("need", house.ana)
    house.close(mine, "removed")
    await house.sender.deliver(await house.row(house.shown(house.direct, mine)))
    assert house.said[0].card is not None
    in_the_channel = house.shown(house.place, mine)
    assert not house.world.read(lambda unit: may_be_said(unit, in_the_channel, Address("scripted", "harbour")))


async def test_a_person_who_became_another_stays_the_same_listener(house: House) -> None:
    row = house.shown(house.direct, house.need)
    old, new = house.ana, house.world.id_of("Ana T")
    house.world.write(lambda unit: merge(unit, old=old, new=new))
    assert house.world.read(lambda unit: may_be_said(unit, row, Address("scripted", "ana")))


async def test_a_thread_that_was_connected_apart_is_asked_about_itself(house: House) -> None:
    row = house.shown(house.place, house.need)
    to = Address("scripted", "harbour", thread="7")
    assert house.world.read(lambda unit: may_be_said(unit, row, to))

    def apart(unit: Unit) -> None:
        bind(unit, thread_of(unit, house.place, "7").id, house.world.nexuses["Other"].id, "members", by=1)

    house.world.write(apart)
    assert not house.world.read(lambda unit: may_be_said(unit, row, to))
    assert house.world.read(lambda unit: may_be_said(unit, row, Address("scripted", "harbour")))


async def test_where_it_cannot_be_known_who_hears_nothing_is_said(house: House) -> None:
    for lost in (Shows(1, house.ana, 0, frozenset({house.need})), Shows(house.place.id, 1, 1, frozenset({house.need}))):
        assert not house.world.read(lambda unit, s=lost: may_be_said(unit, s, Address("scripted", "harbour")))
