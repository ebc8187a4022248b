"""A watched group on Telegram, and events as its adapter would tell them."""

from __future__ import annotations

import itertools
from typing import Any

from adapters.contract import Account, Command, Event, EventKind, Place, PlaceKind
from bot.moderation.watch import Watch
from bot.unit import AsyncStore
from core.clock import DAY
from core.moderation.guards import modes
from core.moderation.guards.tables import guard_hit
from core.store import Store
from core.store.store import UnitFunction
from tests.core.moderation.cases.acting import gather
from tests.world import World

GROUP = Place("-Lobby", PlaceKind.GROUP, "Lobby")
BAD = "release the kraken"
_number = itertools.count(1)


class Counted(AsyncStore):
    """The store, with how often it was asked for anything."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.asked = 0

    async def write(self, unit: UnitFunction[Any]) -> Any:
        """See `AsyncStore.write`."""
        self.asked += 1
        return await super().write(unit)

    async def read(self, unit: UnitFunction[Any]) -> Any:
        """See `AsyncStore.read`."""
        self.asked += 1
        return await super().read(unit)


class Watched:
    """The world with its watch; "kraken" is a word that Parser does not want to read."""

    def __init__(self, world: World) -> None:
        self.world = world
        gather(world)
        self.store = Counted(world.store)
        self.watch = self.another()
        nexus_id = world.nexuses["Parser"].id
        world.write(lambda unit: modes.set_words(unit, nexus_id, ["kraken"], 1))

    def another(self) -> Watch:
        """A watch that knows nothing yet, as after a restart."""
        watch = Watch(self.store)
        self.world.store.listen(lambda topic: watch.forget() if topic == "guards" else None)
        return watch

    def let(self, mode: str, rule: str = "unwanted words", nexus: str = "Parser") -> None:
        """Say what a rule may do."""
        nexus_id = self.world.nexuses[nexus].id
        self.world.write(lambda unit: modes.set_mode(unit, nexus_id, rule, mode, None))

    def said(self, text: str = BAD, who: str = "Ben", **more: Any) -> Event:
        """Somebody says something in the group."""
        number = str(next(_number))
        account = more.pop("account", None) or Account(self.world.person(who).external_id, who, who.casefold())
        given: dict[str, Any] = {
            "event_id": number,
            "kind": EventKind.MESSAGE,
            "place": GROUP,
            "message_id": number,
            "sent_at": self.world.clock.now(),
        }
        return Event("telegram", account=account, text=text, **(given | more))

    def joined(self, who: str, **more: Any) -> Event:
        """Somebody comes."""
        self.world.person(who, platform="telegram", external_id=more.pop("external_id", who))
        return self.said("", who, kind=EventKind.JOINED, message_id="", **more)

    def ordered(self, name: str, rest: str, who: str = "Ben", **more: Any) -> Event:
        """Somebody types a command in the group."""
        return self.said(f"/{name} {rest}", who, kind=EventKind.COMMAND, command=Command(name, rest), **more)

    async def look(self, *events: Event) -> list[bool]:
        """Which of them were taken away."""
        gone = await self.watch.look(events)
        return [event.event_id in gone for event in events]

    def hits(self) -> list[tuple[str, str, int]]:
        """What was found: rule, mode, and how often."""
        rows = self.world.read(lambda unit: unit.rows(guard_hit.select().order_by(guard_hit.c.id)))
        return [(row["rule"], row["mode"], row["times"]) for row in rows]

    def tables_with(self, word: str) -> list[str]:
        """The tables in which a word stands."""
        return [name for name, rows in self.world.dump("guard_words").items() if word in repr(rows)]


def newcomer(who: str, now: int, *, days: float = 0.0) -> Account:
    """An account that came into the group so many days ago."""
    return Account(who, who, joined_at=now - int(days * DAY))
