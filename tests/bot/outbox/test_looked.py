"""What is said in places, and the cards of notices: looked up when they are sent, for exactly those who hear them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from adapters.contract import Address, Capabilities, Gone, Reply, Transient
from bot.outbox import outbox, sender
from bot.outbox.notices import take_notices
from bot.outbox.outbox import Outgoing
from bot.outbox.places import PAGE, PATIENCE, take_announcements
from bot.outbox.sender import ATTEMPTS_AT_ONCE, Sender
from bot.outbox.shown import load_shows
from bot.outbox.tables import outbox as table
from bot.unit import AsyncStore
from bot.words import Words
from core.buttons.buttons import Choice, offer
from core.buttons.tables import ButtonSpec
from core.clock import DAY, HOUR, MINUTE, ManualClock
from core.notices.notices import Card, announce, notify
from core.notices.tables import place_notice
from core.people.people import speaker
from core.places.places import Place, bind
from core.places.readers import ONE_CAME, note_readers
from core.privacy.fates import delete_records
from core.records.records import add_record
from core.rules.rules import set_rule
from core.rules.words import Action, Effect, pack_actions
from core.store import Unit
from tests.bot.outbox.scripted import Scripted
from tests.world import World

WORDS = "News of Parser."
NEED = "a lighthouse keeper"


class Reading(Scripted):
    """An adapter of a platform that tells who can read."""

    def __init__(self) -> None:
        super().__init__()
        self.capabilities = Capabilities(readers=True)
        self.there: tuple[str, ...] | None = ()
        self.asked: list[tuple[str, str]] = []

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """What the test says."""
        self.asked.append((workspace, place_id))
        return self.there


class House:
    """Ben's need in Parser, where Ana is a member and Cleo a stranger, and a channel of Parser's."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.parser = world.nexus("Parser", owner="Otto").id
        for name in ("Ana", "Ben"):
            world.join(name, "Parser")
        self.ana, self.ben = world.id_of("Ana"), world.id_of("Ben")
        world.person("Cleo")
        self.place = world.place("harbour", platform="scripted", workspace="w")
        self.bind("members")
        self.need = world.write(
            lambda unit: add_record(unit, "need", nexus_id=self.parser, author_id=self.ben, body=NEED)
        )[0]
        self.adapter = Reading()
        self.sender = Sender(AsyncStore(world.store), {"scripted": self.adapter}, Words())

    @property
    def card(self) -> Card:
        return ("need.list", {"nexus": f"={self.parser}"})

    def bind(self, audience: str, place: Place | None = None) -> None:
        self.world.write(lambda unit: bind(unit, (place or self.place).id, self.parser, audience, by=self.ana))

    def announce(
        self, place: Place | None = None, card: Card | None = None, buttons: tuple[ButtonSpec, ...] = ()
    ) -> None:
        where = (place or self.place).id
        data = {"nexus": "Parser"}
        self.world.write(
            lambda unit: announce(unit, where, "News of {nexus}.", data, buttons=buttons, card=card or self.card)
        )

    def notify(self, who: str, card: Card | None = None) -> None:
        person_id = self.world.id_of(who)
        self.world.write(
            lambda unit: notify(unit, person_id, "News of {nexus}.", {"nexus": "Parser"}, card=card or self.card)
        )

    def take(self, *platforms: str) -> list[Outgoing]:
        names = platforms or ("scripted",)
        rows: list[Outgoing] = self.world.write(lambda unit: take_announcements(unit, names, Words()))
        return rows

    async def say(self) -> Reply:
        """Say what is to be said in places: the last of it."""
        for row in self.take():
            await self.sender.deliver(row)
        return self.said[-1]

    async def tell(self, who: str) -> Reply:
        """Tell somebody on this platform what they are to be told."""
        someone = self.world.person(who)

        def here(unit: Unit) -> None:
            speaker(
                unit, platform="terminal", workspace="", external_id=someone.external_id, name=who, direct_place="room"
            )

        self.world.write(here)
        terminal = Scripted("terminal")
        rows = self.world.write(lambda unit: take_notices(unit, {"terminal": terminal}, Words()))
        to = Sender(AsyncStore(self.world.store), {"terminal": terminal}, Words())
        for row in rows:
            await to.deliver(row)
        return terminal.sent[-1][1]

    @property
    def said(self) -> list[Reply]:
        return [reply for _, reply, _ in self.adapter.sent]

    @property
    def states(self) -> list[str]:
        return [row["state"] for row in self.world.read(lambda unit: unit.rows(select(place_notice.c.state)))]


@pytest.fixture
def house(world: World, monkeypatch: pytest.MonkeyPatch) -> House:
    async def sleep(_: float) -> None:
        return None

    monkeypatch.setattr(sender, "asyncio", SimpleNamespace(sleep=sleep))
    return House(world)


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


both = pytest.mark.parametrize("engine", ["sqlite", "postgres"])


def shows_need(reply: Reply) -> bool:
    return reply.card is not None and NEED in repr(reply.card.lines)


# -- in places -------------------------------------------------------------------------------------------------------


@both
async def test_it_is_said_in_the_place_with_a_card_for_its_readers(house: House) -> None:
    house.announce()
    reply = await house.say()
    assert reply.text == WORDS
    assert shows_need(reply)
    assert house.adapter.sent[0][0] == Address("scripted", "harbour", workspace="w")
    assert house.states == ["given"]
    assert house.take() == []


@both
async def test_the_card_is_never_written_down(house: House) -> None:
    house.announce()
    house.take()
    (kept,) = house.world.read(lambda unit: unit.rows(select(table)))
    assert NEED not in repr(kept["reply"])
    found = load_shows(kept["shows"])
    assert found is not None
    assert (found.card, found.person, found.asker) == (house.card, 0, 0)


CHANGES: dict[str, Callable[[House], object]] = {
    "anybody may read there now": lambda house: house.bind("public"),
    "a rule about channels": lambda house: house.world.write(
        lambda unit: set_rule(
            unit,
            house.parser,
            kind="need",
            audience="member",
            actions=pack_actions([Action.QUOTE]),
            effect=Effect.DENY,
            by=1,
        )
    ),
    "it is gone": lambda house: house.world.write(lambda unit: delete_records(unit, [house.need])),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changes_on_its_way_counts(house: House, change: str) -> None:
    house.announce()
    (row,) = house.take()
    CHANGES[change](house)
    await house.sender.deliver(row)
    assert not shows_need(house.said[-1])
    assert WORDS in house.said[-1].text


async def test_it_is_looked_up_at_each_attempt(house: House, clock: ManualClock) -> None:
    house.announce()
    house.adapter.troubles.extend(Transient("502", maybe_done=False) for _ in range(ATTEMPTS_AT_ONCE))
    (row,) = house.take()
    await house.sender.deliver(row)
    assert house.said == []
    house.bind("public")
    clock.advance(HOUR)
    (later,) = house.world.read(outbox.waiting)
    assert later.key == row.key
    await house.sender.deliver(later, left_over=True)
    assert not shows_need(house.said[-1])


@pytest.mark.parametrize(
    "card",
    [
        ("need.post", {"text": "never"}),  # it changes something
        ("thought.list", {}),  # private by nature
        ("audit.list", {}),  # for stewards
        ("rule.show", {}),  # for members, which nobody is
        ("no.operation", {}),
        ("need.list", {"nexus": "=17"}),
    ],
)
async def test_a_place_is_shown_nothing_that_takes_a_right(house: House, card: Card) -> None:
    before = house.world.dump()["record"]
    house.announce(card=card)
    assert await house.say() == Reply(WORDS)
    assert house.world.dump()["record"] == before


async def test_the_buttons_of_an_announcement_are_kept_with_and_without_its_card(house: House) -> None:
    choice = Choice("Help", "need.list", {})
    for audience in ("members", "public"):
        house.bind(audience)
        specs = house.world.write(lambda unit: offer(unit, (choice,), person_id=0, nexus_id=house.parser))
        house.announce(buttons=specs, card=("rule.show", {}) if audience == "public" else None)
        reply = await house.say()
        assert reply.card is not None
        assert [b.token for b in reply.card.buttons] == [specs[0].token]
        assert shows_need(reply) is (audience == "members")


@both
async def test_a_place_that_is_gone_is_settled(house: House) -> None:
    house.announce()
    house.adapter.troubles.append(Gone("deleted"))
    for row in house.take():
        await house.sender.deliver(row)
    assert house.states == ["undeliverable"]
    assert house.world.read(outbox.waiting) == []


async def test_a_direct_chat_is_no_place_for_announcements(house: House) -> None:
    house.announce(house.world.place("ana", kind="direct", platform="scripted"))
    assert house.take() == []
    assert house.states == ["undeliverable"]


async def test_it_waits_a_week_for_its_platform_and_stands_in_nobodys_way(house: House, clock: ManualClock) -> None:
    for _ in range(PAGE + 1):
        house.announce(house.world.place("elsewhere", platform="slack"))
    house.announce()
    assert len(house.take()) == 1
    assert len(house.take("slack")) == PAGE + 1
    house.announce()
    clock.advance(PATIENCE + DAY)
    assert house.take() == []
    assert house.states.count("undeliverable") == 1


@both
async def test_two_who_work_announcements_at_once_say_each_once(house: House, clock: ManualClock) -> None:
    for _ in range(20):
        house.announce()
    store = AsyncStore(house.world.store)
    found = await asyncio.gather(
        *(store.write(lambda unit: take_announcements(unit, ["scripted"], Words())) for _ in range(4))
    )
    rows = [row for some in found for row in some]
    assert len({row.inbox_id for row in rows}) == len(rows) == 20


async def test_what_was_taken_when_the_process_died_is_said_by_the_next(house: House) -> None:
    house.announce()
    house.take()
    following = Reading()
    to = Sender(AsyncStore(house.world.store), {"scripted": following}, Words())
    for row in house.world.read(outbox.waiting):
        await to.deliver(row, left_over=True)
    assert shows_need(following.sent[0][1])
    assert house.world.read(outbox.waiting) == []


# -- where exactly the readers hear ----------------------------------------------------------------------------------


@pytest.fixture
def cabin(house: House) -> Place:
    """A private channel whose readers were Ana and Ben, hours ago."""
    made = house.world.place("cabin", platform="terminal", workspace="w")
    house.adapter._name = "terminal"
    house.sender = Sender(AsyncStore(house.world.store), {"terminal": house.adapter}, Words())
    house.bind("people", made)
    house.world.write(lambda unit: note_readers(unit, made.id, ["ana", "ben"]))
    house.world.clock.advance(3 * HOUR)
    return made


async def said_in(house: House) -> list[Reply]:
    for row in house.take("terminal"):
        await house.sender.deliver(row)
    return house.said


async def test_the_platform_is_asked_who_reads_there_now(house: House, cabin: Place) -> None:
    house.adapter.there = ("ana", "ben")
    house.announce(cabin)
    (reply,) = await said_in(house)
    assert shows_need(reply)
    assert house.adapter.asked == [("w", "cabin")]
    house.announce(cabin)
    await said_in(house)
    assert len(house.adapter.asked) == 1
    house.world.clock.advance(MINUTE)
    house.announce(cabin)
    await said_in(house)
    assert len(house.adapter.asked) == 2


async def test_who_came_meanwhile_is_told_of_first_and_counts(house: House, cabin: Place) -> None:
    house.adapter.there = ("ana", "ben", "cleo")
    house.announce(cabin)
    came, reply = await said_in(house)
    assert came == Reply(ONE_CAME)
    assert not shows_need(reply)


@pytest.mark.parametrize("there", [None, ("ana", "somebody nobody knows")])
async def test_where_it_is_not_known_who_reads_the_card_is_left_out(
    house: House, cabin: Place, there: tuple[str, ...] | None
) -> None:
    house.adapter.there = there
    house.announce(cabin)
    assert not shows_need((await said_in(house))[-1])


# -- in private ------------------------------------------------------------------------------------------------------


@both
async def test_a_person_sees_what_they_would_see_if_they_asked(house: House) -> None:
    house.notify("Ana")
    assert shows_need(await house.tell("Ana"))
    house.notify("Cleo")
    assert not shows_need(await house.tell("Cleo"))
    house.notify("Ana", ("rule.show", {"nexus": f"={house.parser}"}))
    assert (await house.tell("Ana")).card is not None
    house.notify("Ana", ("audit.list", {"nexus": f"={house.parser}"}))
    assert await house.tell("Ana") == Reply(WORDS)


async def test_nothing_is_changed_by_telling(house: House) -> None:
    before = house.world.dump()["record"]
    house.notify("Ana", ("need.post", {"text": "never"}))
    assert await house.tell("Ana") == Reply(WORDS)
    assert house.world.dump()["record"] == before
