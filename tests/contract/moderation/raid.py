"""A raid: many come within a minute and write, while five who have been there for long go on talking.

The minute passes on the platform's clock and on the store's; what the platform takes from a bot in a second is limited
by the machine's own, so no jump of a clock makes the bot faster.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from core.clock import HOUR, MINUTE, ManualClock
from core.moderation.cases import undo
from core.moderation.cases.tables import mod_act, mod_case
from core.store import Unit
from tests.contract.moderation.ground import OnDiscord, OnTelegram, done
from tests.fakes.discord import permissions

INNOCENT = ("Ben", "Cleo", "Dora", "Emil", "Fay")
TALK = (
    "what is going on here?",
    "a lot of new people today",
    "the market opens at nine on Saturday",
    "Dora, did you bring the flour?",
    "yes, two sacks, they are in the hall",
)
LURE = "Free coins for everybody, only today, write to me in private"
FEW = 12  # come first, and are noticed, before anybody of them writes

_WAITING = select(func.count()).select_from(mod_act).where(mod_act.c.state == "waiting")


class RunningClock(ManualClock):
    """A clock that runs, and can be moved forward besides."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self._began = time.monotonic_ns()

    def now(self) -> int:
        """See `ManualClock.now`."""
        return super().now() + (time.monotonic_ns() - self._began) // 1_000_000


@dataclass
class Raid:
    """`joins` raiders, who write `messages` messages in all."""

    ground: OnDiscord | OnTelegram
    joins: int
    messages: int
    one_by_one: bool = False  # the bot has done what it can before the next one comes
    patience: float = 60.0  # seconds for each thing that is waited for
    raiders: list[Any] = field(default_factory=list)
    written: list[Any] = field(default_factory=list)  # by raiders
    unable: int = 0  # how often a raider could not write any more
    innocent: list[Any] = field(default_factory=list)  # messages
    took: dict[str, float] = field(default_factory=dict)  # seconds

    def limited(self, second: float = 1.0) -> None:
        """The platform takes from a bot what it takes in the world, if its seconds are so long.

        Discord tells its limits with each answer, and does not publish them; these are what bots meet. Telegram:
        https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
        """
        if isinstance(self.ground, OnDiscord):
            limits = self.ground.harbour.discord.limits
            limits.set_global(50, second)
            for method, path, most, seconds in (
                ("PATCH", "/guilds/*/members/*", 10, 10),
                ("PATCH", "/channels/*", 5, 15),
                ("POST", "/channels/*/messages/bulk-delete", 1, 1),
                ("DELETE", "/channels/*/messages/*", 5, 1),
                ("POST", "/channels/*/messages", 5, 5),
                ("POST", "/users/@me/channels", 10, 10),
            ):
                limits.set(method, path, most, seconds * second)
        else:
            telegram = self.ground.phone.tg.limits
            telegram.set(30, second, unit=second)
            telegram.set(20, 60 * second, ["sendMessage", "editMessageText"], unit=second)

    def without_door(self) -> None:
        """The bot may not pause invitations: all of them get in."""
        if isinstance(self.ground, OnDiscord):
            guild = self.ground.guild
            guild.bot_role().permissions &= ~permissions.BITS["manage_guild"]
            guild.update_role(guild.bot_role())

    async def guarded(self) -> None:
        """The rule about raids may act."""
        said = await self.ground.surface.say("Ana", "/guard set mode=act rule=raid")
        assert "“raid”" in said
        assert "“raid” acts" in await self.ground.surface.press("Ana", "Yes")
        await done(self.ground.house)  # the look at the last days as well
        for who in INNOCENT:
            self._here(who)
        await self.ground.house.settle()
        self._pass(HOUR)  # whoever came before that is no newcomer
        for who in ("Ana", "Mo", *INNOCENT):
            await self.ground.surface.news(who)

    def _here(self, who: str) -> None:
        user: Any = self.ground.surface.user(who)
        if isinstance(self.ground, OnDiscord):
            if user.id not in self.ground.guild.members:
                self.ground.guild.join(user)
                self.ground.guild.members[user.id].joined = self.ground.harbour.discord.clock.now() - 90 * 86_400
        elif not self.ground.group.standing(user).present:
            self.ground.group.join(user)

    async def rage(self) -> None:
        """The minute passes; returns when the bot has nothing left to do."""
        began, pause, written = time.monotonic(), MINUTE // self.joins, 0
        for number in range(self.joins):
            self._pass(pause)
            self._comes(number)
            if number == FEW:
                await self._heard()
                self.took["noticed"] = time.monotonic() - began
            if self.one_by_one and number >= FEW:
                await self.quiet()
            await asyncio.sleep(0)  # the bot is no other process here
            if number % (self.joins // 10) == 0:
                who = INNOCENT[(number * 10 // self.joins) % 5]
                self.innocent.append(self._says(self.ground.surface.user(who), TALK[number % 5]))
            while number >= FEW and written * (self.joins - FEW) < self.messages * (number + 1 - FEW):
                self._writes(self.raiders[written % len(self.raiders)], written)
                written += 1
        await self._heard()
        self.took["heard"] = time.monotonic() - began
        await self._until(lambda: not self.standing())
        self.took["nothing of theirs stands"] = time.monotonic() - began
        await self.quiet()
        self.took["nobody of them can write"] = time.monotonic() - began

    async def quiet(self) -> None:
        """Wait until everything is carried out."""
        store = self.ground.house.store

        def waiting(unit: Unit) -> int:
            return int(unit.value(_WAITING))

        await self._until(lambda: not store.read(waiting).result())
        await self.ground.house.settle()

    async def _until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(self.patience):
            while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.01)

    async def check_contained(self) -> None:
        """Raiders have no word and cannot write, others have not noticed, and moderators were told once."""
        assert self.standing() == []
        assert self.writers() == [], self.cases()
        assert len(self.written) + self.unable == self.messages
        assert all(self.ground.there(one) for one in self.innocent)
        assert all(self._could(self.ground.surface.user(who)) for who in INNOCENT)
        assert self.cases() == {("raid", "standing"): 1, ("timeout", "standing"): len(self.raiders)}, self.cases()
        for who in ("Ana", "Mo"):
            (told,) = (await self.ground.surface.news(who)).splitlines()
            assert told.startswith("Home is closed up for a quarter of an hour: ")
        assert self.refused()[1] == 0, "what the platform asked for was kept"

    async def check_over(self, state: str) -> None:
        """All of it is taken back."""
        await self.quiet()
        assert len(self.writers()) == len(self.raiders)
        assert self.cases() == {("raid", state): 1, ("timeout", state): len(self.raiders)}
        assert self.refused()[1] == 0

    async def wait(self, milliseconds: int) -> None:
        """Time passes, and what is over by then is ended."""
        self._pass(milliseconds + MINUTE)
        store = self.ground.house.store
        while store.write(undo.sweep).result():
            pass

    def standing(self) -> list[Any]:
        """What raiders wrote and is still there."""
        return [one for one in self.written if self.ground.there(one)]

    def writers(self) -> list[Any]:
        """The raiders who are there and can write now."""
        return [one for one in self.raiders if self._could(one)]

    def cases(self) -> Counter[tuple[str, str]]:
        """How many cases there are, by kind and state."""

        def unit(unit: Unit) -> Counter[tuple[str, str]]:
            return Counter((row["kind"], row["state"]) for row in unit.rows(mod_case.select()))

        return self.ground.house.store.read(unit).result()

    def refused(self) -> tuple[int, int]:
        """How often the platform asked the bot to wait, and how often it did not."""
        fake = self.ground.harbour.discord if isinstance(self.ground, OnDiscord) else self.ground.phone.tg
        return sum(fake.limits.refused.values()), sum(fake.limits.ignored.values())

    def calls(self) -> Counter[str]:
        """Calls of the platform by route, without polling."""
        fake = self.ground.harbour.discord if isinstance(self.ground, OnDiscord) else self.ground.phone.tg
        return Counter({name: n for name, n in fake.counts.items() if name != "getUpdates"})

    def _pass(self, milliseconds: int) -> None:
        self.ground.house.clock.advance(milliseconds)
        self.ground.wait(milliseconds / 1000)

    def _comes(self, number: int) -> None:
        if isinstance(self.ground, OnDiscord):
            user: Any = self.ground.harbour.discord.user(f"Lure {number}")
        else:
            user = self.ground.phone.tg.user(f"Lure {number}", f"lure_{number}")
        try:
            (self.ground.guild if isinstance(self.ground, OnDiscord) else self.ground.group).join(user)
        except PermissionError:
            return  # the door is closed
        self.raiders.append(user)

    def _writes(self, user: Any, number: int) -> None:
        try:
            self.written.append(self._says(user, f"{LURE} {number}"))
        except (PermissionError, ValueError):
            self.unable += 1

    def _says(self, user: Any, text: str) -> Any:
        if isinstance(self.ground, OnDiscord):
            return self.ground.channel.say(user, text)
        self.ground.group.say(user, text)
        return self.ground.group.last

    def _could(self, user: Any) -> bool:
        if isinstance(self.ground, OnDiscord):
            return self.ground.channel.may(user, "send_messages")
        return not self.ground.group.kept_from(user, "can_send_messages")

    async def _heard(self) -> None:
        """Wait until the bot has heard what was said last."""
        if isinstance(self.ground, OnDiscord):
            marker = self.ground.channel.say(self.ground.surface.user("Mo"), "still here")
            await self.ground.house.until_heard("discord", str(marker.id))
        else:
            await self.ground.phone.tg.wait_until_acknowledged(120)
        await self.ground.house.app.lanes.drain()
