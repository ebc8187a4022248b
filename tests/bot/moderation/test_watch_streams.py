"""Ordinary chat and attacks through the watch, with every rule in act."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from adapters.contract import Account, Event, EventKind, Place, PlaceKind
from benchmarks.moderation import streams
from benchmarks.moderation.streams import KINDS, attacks, ordinary
from bot.moderation.watch import Watch
from core.moderation.signals.defaults import DEFAULT_RULES
from core.moderation.signals.domains import Domains
from tests.bot.moderation.watching import GROUP, Watched
from tests.core.moderation.cases.acting import cases
from tests.world import World

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def here(world: World) -> Watched:
    """The group; every rule acts."""
    made = Watched(world)
    for rule in DEFAULT_RULES:
        made.let("act", rule)
    return made


def events(lines: Iterable[streams.Event], name: str) -> Iterable[Event]:
    """Lines of a stream as events of the group; `name` sets apart whoever is called the same in another."""
    for number, line in enumerate(lines):
        author, said = line.author, line.message
        account = Account(
            f"{name}:{author.key}",
            author.key,
            joined_at=int(1000 * author.joined_at) if author.joined_at else 0,
            made_at=int(1000 * author.created_at) if author.created_at else 0,
        )
        kind = EventKind.MESSAGE if said is not None else EventKind.JOINED
        yield Event(
            "telegram",
            f"{name}{number}",
            kind,
            account,
            GROUP if said is None else Place(GROUP.id, PlaceKind.GROUP),
            text=said.text if said is not None else "",
            message_id=str(number) if said is not None else "",
            sent_at=int(1000 * line.at),
            mentions=tuple(Account(str(one), str(one)) for one in range(said.mentions)) if said is not None else (),
            everyone=said is not None and said.everyone,
        )


@pytest.mark.parametrize("newcomers", [False, True])
async def test_nobody_in_ordinary_chat_is_hit(here: Watched, newcomers: bool) -> None:
    looked = 0
    for name, lines in ordinary(newcomers=newcomers):
        here.watch = here.another()
        for event in events(lines, name):
            assert await here.look(event) == [False], event.text
            looked += 1
    assert looked > 6_000
    assert here.hits() == []
    assert cases(here.world) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_attackers_are_stopped_within_five_messages(here: Watched, kind: str) -> None:
    stopped: set[str] = set()
    everybody: set[str] = set()
    for number, attack in enumerate(attacks(kind, 1 if kind == "raid" else 6, seed=11)):
        here.watch = Watch(here.store)
        here.watch._bad = Domains(streams.BAD)
        said: dict[str, int] = {}
        for event in events(attack.events, f"{kind}{number}."):
            if event.kind is EventKind.JOINED:
                await here.look(event)
                continue
            everybody.add(event.account.id)
            said[event.account.id] = said.get(event.account.id, 0) + 1
            if (await here.look(event))[0] and said[event.account.id] <= 5:
                stopped.add(event.account.id)
    assert len(stopped) >= 0.9 * len(everybody)
