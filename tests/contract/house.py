"""A house to live in: the real App on a real store, with the platforms as people use them (see `surfaces`).

Nothing here waits by the clock: an answer is complete when the bot has nothing left to do.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, select

from adapters.contract import Adapter, Event
from adapters.slack.adapter import SlackAdapter
from adapters.terminal import TerminalAdapter
from bot.app import App
from bot.cofounder.brain import Kind, Pending, Speaks, Understanding, Understands
from bot.outbox import notices, outbox
from bot.settings import Settings
from core.catalogue import metadata
from core.clock import ManualClock
from core.notices.tables import notice, place_notice
from core.places.tables import place
from core.store import Store, Unit
from tests.contract.surfaces import PATIENCE, Surface
from tests.contract.surfaces.desk import Desk, Keyboard
from tests.contract.surfaces.office import Office, slack_adapter
from tests.contract.surfaces.phone import Phone, telegram_adapter
from tests.contract.surfaces.server import Server, discord_adapter
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack, Team
from tests.fakes.telegram import FakeTelegram

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Stub:
    """A brain that understands the sentences it is told, answers an open question, and takes the rest as statements."""

    knows: dict[str, Understanding] = field(default_factory=dict)

    def understand(
        self,
        sentence: str,
        *,
        direct: bool = True,
        allowed: frozenset[str] | None = None,
        pending: Pending | None = None,
    ) -> Understanding:
        """See `bot.cofounder.brain.Understands`."""
        if sentence in self.knows:
            return self.knows[sentence]
        if pending is not None:
            return request(pending.operation, **(pending.arguments | {pending.asked: sentence}))
        if sentence in ("hello", "Hello"):
            return Understanding(Kind.SMALL_TALK, reply="Hello. What are you working on?")
        return Understanding(Kind.STATEMENT)


def request(operation: str, /, **arguments: Any) -> Understanding:
    """A sentence that asks for an operation."""
    return Understanding(Kind.REQUEST, operation, arguments, confidence=1.0)


@dataclass
class House:
    """The App and its surroundings."""

    store: Store
    clock: ManualClock
    settings: Settings
    offline: Understands
    app: App = field(init=False)
    code: str = field(init=False, default="")
    desk: Desk | None = None
    phone: Phone | None = None
    server: Server | None = None
    office: Office | None = None
    heard: set[tuple[str, str]] = field(default_factory=set)  # platform and id of the events that were recorded
    _number: int = 0

    @property
    def surface(self) -> Surface:
        """Where people talk with the bot in this house; with several, the first that is there."""
        found = self.desk or self.phone or self.server or self.office
        assert found is not None
        return found

    def number(self) -> int:
        """A fresh number."""
        self._number += 1
        return self._number

    async def until_heard(self, platform: str, event_id: str) -> None:
        """Wait until an event of that id was recorded."""
        await until(lambda: (platform, event_id) in self.heard)

    async def settle(self) -> None:
        """Wait until everything that was said is answered, and everybody was told what they have to know."""
        async with asyncio.timeout(PATIENCE):
            if self.phone is not None:
                await self.phone.tg.wait_until_acknowledged(PATIENCE)
            if self.office is not None:
                await self.office.slack.wait_until_acknowledged(PATIENCE)
            while True:
                await self.app.lanes.drain()
                await self.app.store.write(lambda unit: unit.now)  # behind the notices that are being taken
                await self.app.lanes.drain()
                if not self.app._notices.is_set() and not await self._untold():
                    return
                await asyncio.sleep(0)

    async def _untold(self) -> bool:
        """Whether there is a notice, an announcement, or a reply that is due, for who can be reached now."""

        def unit(unit: Unit) -> bool:
            adapters = self.app.adapters
            if any(adapters[r.address.platform].reaches(r.address.account_id) for r in outbox.waiting(unit)):
                return True
            said_in = select(place_notice.c.id).join(place).where(place_notice.c.state == "waiting")
            if unit.rows(said_in.where(place.c.platform.in_(list(adapters)))):
                return True
            waiting = unit.rows(select(notice.c.person_id, notice.c.account_id).where(notice.c.state == "waiting"))
            return any(notices._account(unit, adapters, one["person_id"], one["account_id"]) for one in waiting)

        return await self.app.store.read(unit)

    async def deliver(self, *events: Event) -> None:
        """Hand events to the bot as an adapter would, and let it answer."""
        await self.app.turns.record(events)
        await self.settle()

    def dump(self, *tables: str) -> Rows:
        """Rows of these tables (none named: of all that hold what people did), to compare before and after."""

        def unit(unit: Unit) -> Rows:
            return {
                table.name: sorted((tuple(row) for row in unit.execute(select(*_lasting(table)))), key=repr)
                for table in metadata.sorted_tables
                if table.name in (tables or STATE)
            }

        return self.store.read(unit).result()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return len(self.dump(table)[table])


def _lasting(table: Table) -> list[Column[Any]]:
    """The columns but for the time somebody was last seen."""
    return [column for column in table.columns if column.name != "seen_at"]


# What an operation can change; what a turn needs for itself (inbox, outbox, buttons, quotas, questions) is not here.
STATE = (
    "account",
    "audit",
    "founding",
    "invite",
    "invite_request",
    "link",
    "membership",
    "nexus",
    "nexus_tree",
    "notice",
    "place",
    "record",
)


@asynccontextmanager
async def living(
    store: Store,
    clock: ManualClock,
    folder: Path,
    *,
    terminal: bool = True,
    telegram: FakeTelegram | None = None,
    discord: FakeDiscord | None = None,
    slack: FakeSlack | None = None,
    slack_made: Callable[[FakeSlack, Team, ManualClock], SlackAdapter] = slack_adapter,
    offline: Understands | None = None,
    brain: Speaks | None = None,
    settings: Settings | None = None,
) -> AsyncIterator[House]:
    """The App with these adapters, started and in the end stopped. `slack_made`: Slack's in another way."""
    house = House(store, clock, settings or Settings(store_url=store.url), offline or Stub())
    adapters: list[Adapter] = []
    if terminal:
        keyboard, screen = Keyboard(), io.StringIO()
        seat = TerminalAdapter(
            "Ana", history=None, downloads=folder, clock=clock, plain=True, input=keyboard, output=screen
        )
        house.desk = Desk(house, seat, keyboard, screen, folder.parent)
        adapters.append(seat)
    if telegram is not None:
        bot = telegram_adapter(telegram, clock)
        house.phone = Phone(house, telegram, bot)
        adapters.append(bot)
    if discord is not None:
        client = discord_adapter(discord, clock)
        house.server = Server(house, discord, client)
        adapters.append(client)
    if slack is not None:
        team = next(iter(slack.teams.values()), None) or slack.team("Office")
        app = slack_made(slack, team, clock)
        house.office = Office(house, slack, team, app)
        adapters.append(app)
    house.app = App(house.settings, store, adapters, offline=house.offline, brain=brain)
    _listen(house)
    house.code = await house.app.start() or ""
    try:
        yield house
    finally:
        if house.desk is not None:
            house.desk.keyboard.end()
        await house.app.stop()


def _listen(house: House) -> None:
    """Note which events the adapters handed over and saw recorded: a gateway cannot know when one was taken in."""
    record = house.app.turns.record

    async def noted(events: Sequence[Event]) -> None:
        await record(events)
        house.heard |= {(event.platform, event.event_id) for event in events}

    house.app.turns.record = noted  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class Scene:
    """What happened before a scenario: who is there, and what there is."""

    surface: Surface

    async def claimed(self, who: str = "Ana") -> None:
        """Somebody is the owner of the place."""
        said = await self.surface.say(who, f"/claim {self.surface.house.code}")
        assert "you are its owner" in said

    async def invited(self, maker: str, guest: str, role: str = "member") -> str:
        """Somebody comes in with an invitation of somebody else's."""
        code = found_code(await self.surface.say(maker, f"/invite role={role}"))
        await self.surface.say(guest, f"/accept {code}")
        return code


def found_code(text: str) -> str:
    """The first code in a text."""
    found = re.search(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,3}\b", text)
    assert found, text
    return found[0]


async def until(condition: Callable[[], object]) -> None:
    """Give the loop its turns until something is true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.002)
