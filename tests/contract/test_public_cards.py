"""Cards in places where others read: what they show, who may press, and what all see of it; and notices with a card."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Protocol

import pytest
from sqlalchemy import select

from adapters.contract import Account, Address, Card, Event, EventKind, Place, Reply
from bot.outbox import outbox
from bot.pictures.chart import Amount, Chart, Pot, as_file
from core.buttons.buttons import Choice, offer
from core.buttons.tables import ButtonSpec
from core.nexuses.tree import ROOT_ID
from core.notices.notices import announce, notify
from core.people.people import known_speaker
from core.places.tables import place
from core.store import Unit
from tests.contract.conftest import Move, furnished
from tests.contract.house import House, Scene
from tests.contract.surfaces import Surface
from tests.contract.surfaces.desk import Desk
from tests.contract.surfaces.office import Office
from tests.contract.surfaces.phone import Phone, button
from tests.contract.surfaces.server import Server, plain
from tests.contract.wire.hall import Hall
from tests.contract.wire.harbour import Harbour
from tests.fakes.telegram import Chat

CARD = ("need.list", {"nexus": f"={ROOT_ID}"})
POST = Choice("Post it", "need.post", {"text": "a new mast", "nexus": f"={ROOT_ID}"}, "primary")
KEEP = Choice("Keep it", "thought.list", {})  # whose answer is private by its nature


class Square(Protocol):
    """A place of Home's with Ana (its owner), Ben (a member) and Cleo (a stranger); Ben needs a lighthouse keeper."""

    house: House

    async def bind(self, audience: str) -> None:
        """Ana connects it to Home."""

    def public(self) -> list[str]:
        """What all read of the bot there, as it stands now."""

    def labels(self) -> list[str]:
        """The buttons that stand there."""

    async def press(self, who: str, label: str) -> str:
        """Somebody presses the newest such button; what they alone are shown of it there."""


class Group:
    """A group on Telegram."""

    def __init__(self, house: House, phone: Phone, chat: Chat) -> None:
        self.house, self.phone, self.chat = house, phone, chat

    @classmethod
    async def of(cls, house: House) -> Group:
        phone = house.phone
        assert phone is not None
        await Scene(phone).claimed()
        await Scene(phone).invited("Ana", "Ben")
        return cls(house, phone, phone.tg.group("Harbour", [phone.user(who) for who in ("Ana", "Ben", "Cleo")]))

    async def bind(self, audience: str) -> None:
        self.chat.say(self.phone.user("Ana"), f"/bind@nexus_test_bot audience={audience}")
        await self.house.settle()
        await self.press("Ana", "Yes")

    def public(self) -> list[str]:
        return [m.text for m in self.chat.bot_messages]

    def labels(self) -> list[str]:
        return [label for m in self.chat.bot_messages for label in m.buttons]

    async def press(self, who: str, label: str) -> str:
        token, message_id = button(self.chat, label)
        update = self.chat.callback(self.phone.user(who), int(message_id), token)
        answer = await self.chat.wait_for_answer(after=update)
        await self.house.settle()
        return answer.text or ""


class Guild:
    """A channel on Discord."""

    def __init__(self, here: Harbour) -> None:
        self.house, self.here = here.house, here

    async def bind(self, audience: str) -> None:
        await self.here.bind(audience)

    def public(self) -> list[str]:
        return [plain(m.words) for m in self.here.channel.bot_messages if not m.ephemeral]

    def labels(self) -> list[str]:
        return [label for m in self.here.channel.bot_messages if not m.ephemeral for label in m.buttons]

    async def press(self, who: str, label: str) -> str:
        before = len(self._alone(who))
        await self.here.press(who, label)
        return "\n".join(self._alone(who)[before:])

    def _alone(self, who: str) -> list[str]:
        return [plain(m.words) for m in self.here.seen(who) if m.ephemeral]


class Workspace:
    """A channel on Slack."""

    def __init__(self, here: Hall) -> None:
        self.house, self.here = here.house, here

    async def bind(self, audience: str) -> None:
        await self.here.bind(audience)

    def public(self) -> list[str]:
        return [plain(m.shown) for m in self.here.seen("Cleo") if not m.ephemeral]

    def labels(self) -> list[str]:
        return [label for m in self.here.seen("Cleo") if not m.ephemeral for label in m.buttons]

    async def press(self, who: str, label: str) -> str:
        before = len(self._alone(who))
        await self.here.press(who, label)
        return "\n".join(self._alone(who)[before:])

    def _alone(self, who: str) -> list[str]:
        return [m.shown for m in self.here.seen(who) if m.ephemeral]


@pytest.fixture(params=["telegram", "discord", "slack"])
async def square(request: pytest.FixtureRequest, move: Move) -> AsyncIterator[Square]:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(move(**await furnished(stack, request.param)))
        made: Square
        if request.param == "telegram":
            made = await Group.of(house)
        elif request.param == "discord":
            made = Guild(await Harbour.of(house))
        else:
            made = Workspace(await Hall.of(house))
        await house.surface.say("Ben", "/need post a lighthouse keeper")
        yield made


async def announced(square: Square, choice: Choice = POST) -> None:
    """Something is said in the place, with a card, and a button for whoever may."""

    def unit(unit: Unit) -> None:
        where = unit.value(select(place.c.id).where(place.c.nexus_id == ROOT_ID))
        specs: tuple[ButtonSpec, ...] = offer(unit, (choice,), person_id=0, nexus_id=ROOT_ID)
        announce(unit, where, "Here is what {nexus} looks for.", {"nexus": "Home"}, buttons=specs, card=CARD)

    await square.house.app.store.write(unit)
    await square.house.settle()


def presses(house: House) -> list[Event]:
    """The presses that arrive from now on, to tell them again."""
    kept: list[Event] = []
    record = house.app.turns.record

    async def noted(events: Sequence[Event]) -> None:
        kept.extend(event for event in events if event.kind is EventKind.BUTTON)
        await record(events)

    house.app.turns.record = noted  # type: ignore[method-assign]
    return kept


async def test_members_are_shown_the_card(square: Square) -> None:
    await square.bind("members")
    await announced(square)
    shown = square.public()[-1]
    assert shown.startswith("Here is what Home looks for.")
    assert "Ben: a lighthouse keeper" in shown
    assert square.labels() == ["Post it"]


async def test_where_anybody_may_read_only_the_words_are_said(square: Square) -> None:
    await square.bind("public")
    await announced(square)
    assert "Here is what Home looks for." in square.public()[-1]
    assert "keeper" not in repr(square.public())
    assert square.labels() == ["Post it"]


async def test_a_wrong_press_leaves_the_card_and_a_right_one_is_seen_by_all_and_counts_once(square: Square) -> None:
    await square.bind("members")
    await announced(square)
    kept = presses(square.house)
    stands, before = square.public(), square.house.dump("record", "audit")

    assert "You are in no Nexus yet" in await square.press("Cleo", "Post it")
    assert (square.public(), square.labels(), square.house.dump("record", "audit")) == (stands, ["Post it"], before)

    assert await square.press("Ben", "Post it") == ""
    assert "Posted in Home: you need “a new mast”" in square.public()[-1]
    assert square.labels() == []
    stands, before = square.public(), square.house.dump()
    assert repr(before["record"]).count("a new mast") == 1

    pressed = kept[-1]
    await square.house.deliver(pressed)
    await square.house.deliver(pressed, pressed)
    late = replace(pressed, event_id="late", account=square.house.surface.stands("Ana").account)
    await square.house.deliver(late)  # somebody else, on a card that their client has not seen changed
    assert (square.public(), square.house.dump()) == (stands, before)


async def test_what_comes_of_it_may_be_for_the_presser_alone(square: Square) -> None:
    await square.bind("members")
    await announced(square, KEEP)
    await square.press("Ben", "Keep it")
    assert "Ben has answered that." in square.public()
    assert square.labels() == []
    assert "no thoughts" not in repr(square.public())


# -- in private ------------------------------------------------------------------------------------------------------


async def test_a_notice_comes_with_its_card_and_buttons_of_its_own(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    await surface.say("Ana", "/need post a lighthouse keeper")
    stands = surface.stands("Ana")

    def unit(unit: Unit) -> None:
        ana = person(unit, surface.name, stands.account)
        specs = offer(unit, (POST,), person_id=ana, nexus_id=ROOT_ID)
        notify(unit, ana, "What {nexus} looks for:", {"nexus": "Home"}, buttons=specs, card=CARD)

    await surface.house.app.store.write(unit)
    await surface.house.settle()
    shown = await surface.news("Ana")
    assert "What Home looks for:" in shown
    assert "Ana: a lighthouse keeper" in shown
    assert shown.index("looks for") < shown.index("keeper")
    assert "Posted in Home: you need “a new mast”" in await surface.press("Ana", "Post it")


def person(unit: Unit, platform: str, account: Account) -> int:
    """The number of whoever has an account."""
    found = known_speaker(unit, platform=platform, workspace=account.workspace, external_id=account.id)
    assert found is not None
    return found.person_id


# -- pictures --------------------------------------------------------------------------------------------------------


def a_picture() -> Reply:
    """A card with a fund."""
    amounts = [
        Amount(name, minor, f"{minor // 100}.00 EUR")
        for name, minor in (("came in", 90000), ("given", 20000), ("reserved", 30000), ("free", 40000))
    ]
    pot = Pot("EUR", 2, amounts[0], (amounts[1], amounts[2], amounts[3]), None, ())
    chart = Chart("The fund of Home", "given so far", "in the fund", (pot,), None, "nothing")
    return Reply(card=Card("Fund", "What is in it:", picture=as_file(chart, "fund.png", "free 400.00 EUR", "█▒░ 400")))


async def test_a_picture_is_really_sent_with_what_it_says_for_who_cannot_see_it(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    stands = surface.stands("Ana")
    to = direct(surface.name, stands.account, stands.place, stands.workspace)
    row = await surface.house.app.store.write(
        lambda unit: outbox.say(unit, inbox_id=-7, position=0, place_key="x", address=to, reply=a_picture())
    )
    assert len(repr(row.reply)) < 3_000  # what waits is no drawing
    await surface.house.app.sender.deliver(row)
    await surface.house.settle()
    if isinstance(surface, Desk):
        shown = await surface.news("Ana")
        assert "█▒░ 400" in shown
        assert "Saved" not in shown
        return
    content = pictures(surface)
    assert content.startswith(b"\x89PNG")
    assert len(content) > 1_000


async def test_a_fund_is_shown_with_its_picture(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    assert "500.00 EUR came into" in await surface.say("Ana", "/fund deposit amount=500EUR")
    await surface.press("Ana", "Yes")
    shown = await surface.say("Ana", "/fund show")
    assert "500.00 EUR" in shown
    if isinstance(surface, Desk):
        assert "░" * 40 in shown
    else:
        alt = "The fund of Home. came in 500.00 EUR, paid 0.00 EUR, reserved 0.00 EUR, free 500.00 EUR."
        assert pictures(surface, alt).startswith(b"\x89PNG")


def direct(platform: str, account: Account, chat: Place, workspace: str) -> Address:
    """Somebody's direct chat."""
    return Address(platform, chat.id, workspace=workspace, account_id=account.id, private=True)


def pictures(surface: Surface, alt: str = "free 400.00 EUR") -> bytes:
    """The picture that Ana was shown last, described where the platform takes that."""
    if isinstance(surface, Phone):
        photo = surface.chat("Ana").bot_messages[-1].extra["photo"][-1]
        return surface.tg.files.by_id(photo["file_id"]).content
    if isinstance(surface, Server):
        (attached,) = surface._shown("Ana")[-1].attachments
        assert attached.description == alt
        return attached.content
    assert isinstance(surface, Office)
    message = surface._shown("Ana")[-1]
    (image,) = [block for block in message.blocks if block["type"] == "image"]
    assert image["alt_text"] == alt
    return surface.team.files.by_id[image["slack_file"]["id"]].content


def test_a_picture_waits_as_numbers() -> None:
    picture = a_picture().card
    assert picture is not None
    assert picture.picture is not None
    assert b"The fund of Home" in base64.b64decode(picture.picture.content)
