"""News finds its way to people: to the account they use, and only where they can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from adapters.contract import Adapter, Unreachable
from bot.outbox import outbox
from bot.outbox.notices import PAGE, take_notices
from bot.outbox.outbox import Outgoing
from bot.outbox.sender import Sender
from bot.unit import AsyncStore
from bot.words import Words
from core.buttons.tables import ButtonSpec
from core.clock import MINUTE, ManualClock
from core.notices import notices
from core.people.people import lost_direct, speaker
from core.people.tables import account
from core.store import Store, Unit
from tests.bot.outbox.scripted import Scripted


def take(store: Store, adapters: Mapping[str, Adapter]) -> list[Outgoing]:
    """What can be told now."""
    return store.write(lambda unit: take_notices(unit, adapters, Words())).result()


def somebody(store: Store, name: str, platform: str, direct: str = "") -> int:
    """A person with an account."""

    def unit(unit: Unit) -> int:
        return speaker(
            unit, platform=platform, workspace="", external_id=name, name=name, direct_place=direct
        ).person_id

    return store.write(unit).result()


def tell(store: Store, person: int, text: str = "Welcome to {nexus}.", to: int = 0) -> None:
    """A notice."""
    store.write(lambda unit: notices.notify(unit, person, text, {"nexus": "Home"}, account_id=to)).result()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_notice_is_told_once(store: Store) -> None:
    tell(store, somebody(store, "ana", "chat", "room"))
    (row,) = take(store, {"chat": Scripted()})
    assert row.reply.text == "Welcome to Home."
    assert (row.address.place_id, row.address.account_id, row.address.private) == ("room", "ana", True)
    assert take(store, {"chat": Scripted()}) == []


def test_buttons_go_with_it(store: Store) -> None:
    ana = somebody(store, "ana", "chat", "room")
    spec = ButtonSpec("Let them in", "token", "primary")
    store.write(lambda unit: notices.notify(unit, ana, "May {who} in?", {"who": "Ben"}, buttons=(spec,))).result()
    (row,) = take(store, {"chat": Scripted()})
    assert row.reply.card is not None
    assert row.reply.card.text == "May Ben in?"
    assert [b.label for b in row.reply.card.buttons] == ["Let them in"]


def test_it_waits_for_the_platform_and_for_the_person(store: Store) -> None:
    tell(store, somebody(store, "ana", "chat", "room"))
    assert take(store, {"other": Scripted()}) == []
    away = Scripted()
    away.absent.add("ana")
    assert take(store, {"chat": away}) == []
    assert len(take(store, {"chat": Scripted()})) == 1


def test_where_the_person_has_to_begin_it_waits_until_they_do(store: Store) -> None:
    shy = {"chat": Scripted(direct_first=False)}
    ana = somebody(store, "ana", "chat")
    tell(store, ana)
    assert take(store, shy) == []
    somebody(store, "ana", "chat", "room")
    assert [row.address.place_id for row in take(store, shy)] == ["room"]


def test_the_account_used_last_is_told_unless_another_is_asked_for(store: Store, clock: ManualClock) -> None:
    first = somebody(store, "ana", "chat", "room")

    def second(unit: Unit) -> int:
        found = speaker(unit, platform="phone", workspace="", external_id="+43", name="ana", direct_place="line")
        unit.execute(account.update().where(account.c.id == found.account_id).values(person_id=first))
        return found.account_id

    clock.advance(2 * MINUTE)
    phone = store.write(second).result()
    both = {"chat": Scripted(), "phone": Scripted()}
    tell(store, first)
    assert [row.address.platform for row in take(store, both)] == ["phone"]
    clock.advance(2 * MINUTE)
    somebody(store, "ana", "chat", "room")
    tell(store, first)
    assert [row.address.platform for row in take(store, both)] == ["chat"]
    tell(store, first, to=phone)
    assert [row.address.platform for row in take(store, both)] == ["phone"]
    tell(store, first, to=phone)
    assert [row.address.platform for row in take(store, {"chat": Scripted()})] == ["chat"]


def test_what_waits_for_people_who_stay_away_stands_in_nobodys_way(store: Store) -> None:
    gone, here = somebody(store, "gone", "chat", "x"), somebody(store, "ana", "chat", "room")
    for _ in range(PAGE + 5):
        tell(store, gone)
    tell(store, here)
    adapter = Scripted()
    adapter.absent.add("gone")
    assert [row.address.account_id for row in take(store, {"chat": adapter})] == ["ana"]


@pytest.mark.parametrize("direct_first", [False, True])
async def test_news_that_was_refused_waits_until_the_person_writes_again(
    direct_first: bool, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.sender.asyncio", SimpleNamespace())
    shy = Scripted(direct_first=direct_first)
    shy.troubles.append(Unreachable("blocked"))
    tell(store, somebody(store, "ana", "chat", "room"))
    sender = Sender(AsyncStore(store), {"chat": shy}, Words())
    (row,) = take(store, {"chat": shy})
    await sender.deliver(row)
    assert shy.sent == []
    assert take(store, {"chat": shy}) == []
    assert store.read(outbox.waiting).result() == []
    somebody(store, "ana", "chat", "room")
    (row,) = take(store, {"chat": shy})
    await sender.deliver(row)
    assert [reply.text for _, reply, _ in shy.sent] == ["Welcome to Home."]


def test_who_closed_their_direct_chat_and_speaks_elsewhere_is_tried_once_more(store: Store) -> None:
    ana = somebody(store, "ana", "chat", "room")
    store.write(lambda unit: lost_direct(unit, "chat", "", "ana")).result()
    tell(store, ana)
    open_hearted, shy = {"chat": Scripted()}, {"chat": Scripted(direct_first=False)}
    assert take(store, open_hearted) == []
    somebody(store, "ana", "chat")
    assert take(store, shy) == []
    assert [row.address.place_id for row in take(store, open_hearted)] == ["ana"]
