"""A shared place on each platform that belongs to Home, with a moderator, a member and a stranger in it.

Ana owns Home (and the server on Discord), Mo moderates it, Ben is a member, Cleo is only in the place, and Ada is an
administrator of the platform without a role in Home. What stands in braces in an order is a mention: "/warn {Ben}".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from core.moderation.cases import undo
from core.moderation.cases.tables import mod_act, mod_case
from core.moderation.lookback.tables import guard_look
from core.store import Unit
from tests.contract.house import House, Scene, until
from tests.contract.surfaces import PATIENCE, Surface
from tests.contract.surfaces import phone as phones
from tests.contract.surfaces.server import plain
from tests.contract.wire.hall import Hall
from tests.contract.wire.harbour import Harbour

BOT = "@nexus_test_bot"
PEOPLE = ("Ana", "Mo", "Ben", "Cleo", "Ada")
POWERS = ("can_restrict_members", "can_delete_messages", "can_invite_users")


class Ground(Protocol):
    """The place, whatever the platform."""

    name: str
    house: House

    @property
    def surface(self) -> Surface:
        """The direct chats there."""

    def mention(self, who: str) -> str:
        """How somebody is mentioned in a text."""

    def id(self, who: str) -> str:
        """Somebody's id on the platform."""

    async def write(self, who: str, text: str, on: Any = None) -> Any:
        """Somebody writes for all to read, `on` a message of somebody: the message, once the bot has seen it."""

    async def order(self, who: str, text: str, on: Any = None) -> str:
        """Somebody gives an order, `on` a message of somebody; everything that they are shown in answer there."""

    async def press(self, who: str, label: str) -> str:
        """Somebody presses the newest button of that label in the place; everything that they are shown there then."""

    def buttons(self, who: str) -> list[str]:
        """The labels that somebody can press in the place now, oldest first."""

    def there(self, message: Any) -> bool:
        """Whether a message still stands."""

    def writes(self, who: str) -> bool:
        """Whether somebody can write in the place now (and does)."""

    def inside(self, who: str) -> bool:
        """Whether somebody is in the place."""

    def comes(self, who: str) -> bool:
        """Whether somebody can come into the place now (and does)."""

    def reasons(self) -> list[str]:
        """The reasons in the platform's own log, oldest first."""

    def wait(self, seconds: float) -> None:
        """Time passes on the platform."""


def spoken(text: str, ground: Ground) -> str:
    """An order with its mentions as the platform writes them."""
    return re.sub(r"\{(\w+)\}", lambda found: ground.mention(found[1]), text)


async def done(house: House) -> None:
    """Wait until everything that was decided is carried out, and everybody told."""

    def waiting(unit: Unit) -> bool:
        rows = unit.rows(mod_act.select().where(mod_act.c.state == "waiting", mod_act.c.due_at <= unit.now))
        looks = unit.rows(guard_look.select().where(guard_look.c.due_at <= unit.now))
        return bool(rows or looks)

    await until(lambda: not house.store.read(waiting).result())
    await house.settle()


async def later(ground: Ground, milliseconds: int) -> None:
    """Time passes here and there, what is over is ended, and that is carried out."""
    ground.house.clock.advance(milliseconds)
    ground.wait(milliseconds / 1000)
    ground.house.store.write(_swept).result()
    await done(ground.house)


def _swept(unit: Unit) -> None:
    undo.sweep(unit)


def cases(house: House) -> list[tuple[int, str, str, int]]:
    """The cases: number, kind, state, points."""

    def unit(unit: Unit) -> list[tuple[int, str, str, int]]:
        rows = unit.rows(mod_case.select().order_by(mod_case.c.id))
        return [(row["number"], row["kind"], row["state"], row["points"]) for row in rows]

    return house.store.read(unit).result()


async def _home(surface: Surface) -> None:
    scene = Scene(surface)
    await scene.claimed()
    await scene.invited("Ana", "Mo", "moderator")
    await scene.invited("Ana", "Ben")


class OnTelegram:
    """A supergroup in which the bot is an administrator, and so is Ada."""

    name = "telegram"

    def __init__(self, house: House) -> None:
        assert house.phone is not None
        self.house, self.surface = house, house.phone
        self.phone = house.phone
        people = [self.phone.user(who) for who in PEOPLE]
        self.group = self.phone.tg.group("Harbour", people[1:4], owner=people[0], admins=people[4:], bot_rights=POWERS)

    @classmethod
    async def of(cls, house: House) -> OnTelegram:
        """People come in, and the place is bound."""
        here = cls(house)
        await _home(here.phone)
        await here.order("Ana", "/bind audience=members")
        await here.press("Ana", "Yes")
        return here

    def mention(self, who: str) -> str:
        """See `Ground.mention`."""
        return f"@{self.phone.user(who).username}"

    def id(self, who: str) -> str:
        """See `Ground.id`."""
        return str(self.phone.user(who).id)

    async def write(self, who: str, text: str, on: Any = None) -> Any:
        """See `Ground.write`."""
        self.group.say(self.phone.user(who), text, reply_to=on)
        said = self.group.last
        await self.house.settle()
        return said

    async def order(self, who: str, text: str, on: Any = None) -> str:
        """See `Ground.order`."""
        since = self.phone.tg.sequence
        word, _, rest = spoken(text, self).partition(" ")
        self.group.say(self.phone.user(who), f"{word}{BOT} {rest}".strip(), reply_to=on)
        await self.house.settle()
        return self._since(since)

    async def press(self, who: str, label: str) -> str:
        """See `Ground.press`."""
        token, message_id = phones.button(self.group, label)
        since = self.phone.tg.sequence
        update = self.group.callback(self.phone.user(who), int(message_id), token)
        answer = await self.group.wait_for_answer(after=update, timeout=PATIENCE)
        await self.house.settle()
        return "\n".join(filter(None, (answer.text, self._since(since))))

    def _since(self, since: int) -> str:
        return "\n".join(m.text for m in self.group.bot_messages if m.changed > since)

    def buttons(self, who: str) -> list[str]:
        """See `Ground.buttons`."""
        return [label for message in self.group.bot_messages for label in message.buttons]

    def there(self, message: Any) -> bool:
        """See `Ground.there`."""
        return not message.deleted

    def writes(self, who: str) -> bool:
        """See `Ground.writes`."""
        return _does(ValueError, lambda: self.group.say(self.phone.user(who), "hello"))

    def inside(self, who: str) -> bool:
        """See `Ground.inside`."""
        return self.group.standing(self.phone.user(who)).present

    def comes(self, who: str) -> bool:
        """See `Ground.comes`."""
        return _does(ValueError, lambda: self.group.join(self.phone.user(who)))

    def reasons(self) -> list[str]:
        """See `Ground.reasons`: Telegram's log takes none."""
        return []

    def wait(self, seconds: float) -> None:
        """See `Ground.wait`."""
        self.phone.tg.ahead += seconds


class OnDiscord:
    """A server of Ana's with the roles Mods (Mo's) and Admins (Ada's), both below the bot's."""

    name = "discord"

    def __init__(self, harbour: Harbour) -> None:
        self.harbour, self.house, self.surface = harbour, harbour.house, harbour.server
        self.guild, self.channel = harbour.guild, harbour.channel

    @classmethod
    async def of(cls, house: House) -> OnDiscord:
        """People come in, and the place is bound."""
        assert house.server is not None
        await _home(house.server)
        users = [house.server.user(who) for who in PEOPLE]
        guild = house.server.discord.guild("Harbour", owner=users[0], members=users[1:])
        guild.give(users[1], guild.role("Mods", permissions_=["manage_messages", "moderate_members"], position=20))
        guild.give(users[4], guild.role("Admins", permissions_=["administrator"], position=30))
        harbour = Harbour(house, guild)
        await harbour.channel.wait_for_reply(after=0, contains="Mention me", timeout=PATIENCE)
        await house.settle()
        await harbour.bind()
        return cls(harbour)

    def mention(self, who: str) -> str:
        """See `Ground.mention`."""
        return f"<@{self.id(who)}>"

    def id(self, who: str) -> str:
        """See `Ground.id`."""
        return str(self.harbour.user(who).id)

    async def write(self, who: str, text: str, on: Any = None) -> Any:
        """See `Ground.write`."""
        said = self.channel.say(self.harbour.user(who), text, reply_to=on)
        await self.harbour.server.settle(said)
        return said

    async def order(self, who: str, text: str, on: Any = None) -> str:
        """See `Ground.order`."""
        return await self.harbour.mention(who, spoken(text, self), reply_to=on)

    async def press(self, who: str, label: str) -> str:
        """See `Ground.press`."""
        since = self.harbour.discord.sequence
        await self.harbour.press(who, label)
        return "\n".join(plain(m.words) for m in self.harbour.seen(who) if m.changed > since)

    def buttons(self, who: str) -> list[str]:
        """See `Ground.buttons`."""
        return [label for message in self.harbour.seen(who) for label in message.buttons]

    def there(self, message: Any) -> bool:
        """See `Ground.there`."""
        return not message.deleted

    def writes(self, who: str) -> bool:
        """See `Ground.writes`."""
        return _does(PermissionError, lambda: self.channel.say(self.harbour.user(who), "hello"))

    def inside(self, who: str) -> bool:
        """See `Ground.inside`."""
        return self.harbour.user(who).id in self.guild.members

    def comes(self, who: str) -> bool:
        """See `Ground.comes`."""
        return _does(PermissionError, lambda: self.guild.join(self.harbour.user(who)))

    def reasons(self) -> list[str]:
        """See `Ground.reasons`."""
        return [entry["reason"] or "" for entry in self.guild.audit]

    def wait(self, seconds: float) -> None:
        """See `Ground.wait`."""
        self.harbour.discord.clock.advance(seconds)


class OnSlack:
    """A channel in a workspace whose admin Ada is."""

    name = "slack"

    def __init__(self, hall: Hall) -> None:
        self.hall, self.house, self.surface = hall, hall.house, hall.office
        self.channel = hall.channel

    @classmethod
    async def of(cls, house: House) -> OnSlack:
        """People come in, and the place is bound."""
        office = house.office
        assert office is not None
        office.users["Ada"] = office.team.user("Ada", admin=True)
        await _home(office)
        channel = office.team.channel("harbour", [office.user(who) for who in PEOPLE], bot=False)
        hall = Hall(house, channel)
        channel.join(office.team.bot, by=office.user("Ana"))
        await channel.wait_for_reply(contains="Mention me", timeout=PATIENCE)
        await house.settle()
        await hall.bind()
        return cls(hall)

    def mention(self, who: str) -> str:
        """See `Ground.mention`."""
        return f"<@{self.id(who)}>"

    def id(self, who: str) -> str:
        """See `Ground.id`."""
        return self.hall.user(who).id

    async def write(self, who: str, text: str, on: Any = None) -> Any:
        """See `Ground.write`."""
        said = self.channel.say(self.hall.user(who), text, thread_ts=on or "")
        await self.house.settle()
        return said

    async def order(self, who: str, text: str, on: Any = None) -> str:
        """See `Ground.order`."""
        return await self.hall.mention(who, spoken(text, self), thread=on or "")

    async def press(self, who: str, label: str) -> str:
        """See `Ground.press`."""
        since = self.hall.slack.tick()
        await self.hall.press(who, label)
        return self.hall.since(who, since)

    def buttons(self, who: str) -> list[str]:
        """See `Ground.buttons`."""
        return [label for message in self.hall.seen(who) for label in message.buttons]

    def there(self, message: Any) -> bool:
        """See `Ground.there`."""
        return not message.deleted

    def writes(self, who: str) -> bool:
        """See `Ground.writes`."""
        return _does(ValueError, lambda: self.channel.say(self.hall.user(who), "hello"))

    def inside(self, who: str) -> bool:
        """See `Ground.inside`."""
        return self.hall.user(who).id in self.channel.members

    def comes(self, who: str) -> bool:
        """See `Ground.comes`."""
        return _does(ValueError, lambda: self.channel.join(self.hall.user(who)))

    def reasons(self) -> list[str]:
        """See `Ground.reasons`: Slack has none."""
        return []

    def wait(self, seconds: float) -> None:
        """See `Ground.wait`."""
        self.hall.slack.clock.advance(seconds)


def _does(refused: type[Exception], act: Callable[[], object]) -> bool:
    try:
        act()
    except refused:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of ground: how it is made, and whether the platform itself can mute and ban."""

    make: Any
    strong: bool


GROUNDS = {"telegram": Kind(OnTelegram.of, True), "discord": Kind(OnDiscord.of, True), "slack": Kind(OnSlack.of, False)}
