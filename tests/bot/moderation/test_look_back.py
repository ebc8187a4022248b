"""Looking back: what is read, that it is repeated after a crash, and that nothing of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from adapters.contract import (
    Account,
    Capabilities,
    DeliveryError,
    Event,
    EventKind,
    Gone,
    NotPermitted,
    Place,
    PlaceKind,
    TooManyRequests,
    Transient,
)
from bot.moderation.look_back import LookBack
from bot.unit import AsyncStore
from core.clock import DAY, MINUTE
from core.moderation.lookback import asked
from core.moderation.own.sentence import read_rule
from core.moderation.signals.domains import Domains
from core.moderation.signals.own import Own
from core.places.places import bind
from tests.bot.outbox.scripted import Scripted
from tests.core.moderation.cases.acting import group, told, words
from tests.world import World

SEA = Own(read_rule("delete messages with 'kraken'").groups, "delete", points=1)


class Shown(Scripted):
    """A platform that shows what was written in its places, or raises what is queued."""

    def __init__(self, name: str = "telegram", *, history: bool = True) -> None:
        super().__init__(name)
        self.capabilities = Capabilities(history=history)
        self.written: dict[str, Sequence[Event] | Exception | None] = {}  # type: ignore[assignment]
        self.asked: list[tuple[str, int, int]] = []
        self.held: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def recent(self, workspace: str, place_id: str, since: int, most: int) -> list[Event] | None:
        """See the contract."""
        self.asked.append((place_id, since, most))
        self.reached.set()
        if self.held is not None:
            await self.held.wait()
        found = self.written.get(place_id)
        if isinstance(found, Exception):
            raise found
        return None if found is None else list(found)[-most:]


class Ground:
    """The world, its platform, and a process that looks back."""

    def __init__(self, world: World) -> None:
        self.world, self.shown = world, Shown()
        self.look_back = self.another()
        self.number = 0

    def another(self, *adapters: Scripted, **more: Any) -> LookBack:
        """A process that looks back."""
        by_name: dict[str, Any] = {one.name: one for one in adapters or (self.shown,)}
        return LookBack(AsyncStore(self.world.store), by_name, Domains, **more)

    def said(self, who: str, text: str, place: str = "-Lobby", days: float = 1, **more: Any) -> Event:
        """Somebody wrote something so many days ago."""
        self.number += 1
        external = self.world.person(who).external_id if who in ("Ben", "Tim", "Mo", "Sue") else who
        account = more.pop("account", None) or Account(external, who)
        return Event(
            "telegram",
            f"e{self.number}",
            EventKind.MESSAGE,
            account,
            Place(place, PlaceKind.GROUP),
            text=text,
            message_id=str(self.number),
            sent_at=self.world.clock.now() - int(days * DAY) + self.number,
            **more,
        )

    def ask(self, rule: str = "sea", own: Own | None = SEA) -> None:
        """Sue wants to know."""
        nexus_id, sue = self.world.nexuses["Parser"].id, self.world.id_of("Sue")
        self.world.write(lambda unit: asked.ask(unit, nexus_id, sue, rule, own))

    def told(self) -> list[str]:
        """What she is told."""
        return [words(one) for one in told(self.world, "Sue")]


@pytest.fixture
def here(world: World, lobby: Any) -> Ground:
    """The group of Parser, in which something was written."""
    ground = Ground(world)
    ground.shown.written["-Lobby"] = [
        ground.said("Ben", "hello"),
        ground.said("Ben", "release the kraken"),
        ground.said("Mo", "no kraken here"),
        ground.said("lure_bot", "kr4ken"),
        ground.said("Ben", "the kraken!"),
    ]
    return ground


async def test_it_is_read_told_and_forgotten(here: Ground) -> None:
    here.ask()
    before = here.world.dump("guard_look", "notice", "place")
    await here.look_back.look()
    assert here.shown.asked == [("-Lobby", here.world.clock.now() - 7 * DAY, asked.MOST)]
    assert here.told() == [
        "In the last seven days on Telegram, “sea” would have met Ben (2), lure_bot (1). I read 5 messages."
    ]
    after = here.world.dump("guard_look", "notice", "place")
    assert after == before
    assert "release the" not in repr(here.world.dump())


async def test_after_a_crash_it_is_read_again(here: Ground) -> None:
    here.ask()
    here.shown.held = asyncio.Event()
    dying = asyncio.create_task(here.look_back.look())
    await here.shown.reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert here.told() == []
    here.shown.held = None
    await here.another().look()
    assert len(here.told()) == 1
    assert len(here.shown.asked) == 2
    await here.another().look()
    assert here.told() == []


async def test_places_share_what_is_read_and_what_may_not_be_read_is_said(here: Ground) -> None:
    for title, shown in (
        ("Nook", NotPermitted("history")),
        ("Cave", Gone("")),
        ("Attic", [here.said("Tim", "kraken", "-Attic")]),
        ("Shed", None),
    ):
        group(here.world, title)
        here.shown.written[f"-{title}"] = shown
    here.ask()
    await here.look_back.look()
    assert [most for _, _, most in here.shown.asked] == [asked.MOST // 5] * 5
    (said,) = here.told()
    assert "would have met Ben (2), Tim (1), lure_bot (1). I read 6 messages." in said
    assert said.endswith("Of 3 places I may not read what was written before.")


async def test_what_belongs_to_another_nexus_is_left_out(here: Ground) -> None:
    """Of a whole server is told what is in it; some of its places may be others'."""
    here.world.nexus("Other")
    away = here.world.place("Away", external_id="-Away")
    other = here.world.nexuses["Other"].id
    here.world.write(lambda unit: bind(unit, away.id, other, "members", by=None))
    shown = here.shown.written["-Lobby"]
    assert isinstance(shown, list)
    shown.append(here.said("Tim", "kraken", "-Away"))
    here.ask()
    await here.look_back.look()
    assert "Tim" not in here.told()[0]


async def test_where_nothing_can_be_read_that_is_said(here: Ground) -> None:
    here.shown.written["-Lobby"] = None
    here.ask()
    await here.look_back.look()
    assert here.told()[0].startswith("I could not read what was written on Telegram lately")
    here.ask()
    await here.another(Shown(history=False)).look()
    assert here.told()[0].startswith("Telegram shows me nothing that was written before I watched")


@pytest.mark.parametrize(
    ("trouble", "pause"),
    [(TooManyRequests(90.0), 90_000), (Transient("", maybe_done=False), MINUTE), (DeliveryError(), MINUTE)],
)
async def test_what_fails_is_tried_again(here: Ground, trouble: Exception, pause: int) -> None:
    shown = here.shown.written["-Lobby"]
    here.shown.written["-Lobby"] = trouble
    here.ask()
    assert await here.look_back.look() == pause / 1000
    assert here.told() == []
    here.shown.written["-Lobby"] = shown
    here.world.clock.advance(pause)
    await here.look_back.look()
    assert len(here.told()) == 1


async def test_what_cannot_be_understood_ends_it(here: Ground) -> None:
    here.shown.written["-Lobby"] = ValueError("nobody expects it")
    here.ask()
    await here.look_back.look()
    assert here.told()[0].startswith("I could not read")
    assert here.world.dump()["guard_look"] == []


async def test_only_the_process_that_acts_on_a_platform_looks_there(here: Ground) -> None:
    here.ask()
    await here.another(ours=lambda platform: False).look()
    await here.another(Shown("slack")).look()
    assert here.told() == []
    await here.another(ours=lambda platform: platform == "telegram").look()
    assert len(here.told()) == 1


async def test_that_more_was_written_is_said(here: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST", 3)
    here.ask()
    await here.look_back.look()
    assert "I read the newest 3 messages, back to " in here.told()[0]


async def test_it_wakes_and_runs(here: Ground) -> None:
    here.world.store.listen(lambda topic: here.look_back.wake() if topic == "looks" else None)
    running = asyncio.create_task(here.look_back.run())
    here.ask()
    said: list[str] = []
    async with asyncio.timeout(20):
        while not said:
            await asyncio.sleep(0.01)
            said = here.told()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert "Ben (2)" in said[0]
