"""A Discord server with people in it, through the real discord.py at the fake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.house import House, Scene
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.server import Server, button, plain
from tests.fakes.discord import Channel, Guild, Interaction, Message, User

PEOPLE = ("Ana", "Ben", "Cleo")


class Harbour:
    """Home with Ana (owner) and Ben in it, Cleo outside, and a server of Ana's with all three."""

    def __init__(self, house: House, guild: Guild) -> None:
        assert house.server is not None
        self.house = house
        self.server: Server = house.server
        self.discord = house.server.discord
        self.guild = guild
        self.channel = guild.channel("general")

    @classmethod
    async def of(cls, house: House, **guild: Any) -> Harbour:
        """People come in, and the bot into their server."""
        server = house.server
        assert server is not None
        await Scene(server).claimed()
        await Scene(server).invited("Ana", "Ben")
        people = [server.user(who) for who in PEOPLE]
        made = server.discord.guild("Harbour", owner=people[0], members=people[1:], **guild)
        here = cls(house, made)
        await here.channel.wait_for_reply(after=0, contains="Mention me", timeout=PATIENCE)
        await house.settle()
        return here

    def user(self, who: str) -> User:
        """Somebody with a client."""
        return self.server.user(who)

    def dm(self, who: str) -> Channel:
        """Somebody's direct messages with the bot."""
        return self.server.chat(who)

    def seen(self, who: str, channel: Channel | None = None) -> list[Message]:
        """The bot's messages that somebody sees in a channel."""
        here = channel or self.channel
        return [m for m in here.visible_to(self.user(who)) if m.from_bot]

    async def mention(self, who: str, text: str, channel: Channel | None = None, **more: Any) -> str:
        """Somebody speaks to the bot where all can read; what all are shown in answer."""
        since = self.discord.sequence
        here = channel or self.channel
        await self.server.settle(here.say(self.user(who), f"<@bot> {text}", **more))
        return "\n".join(plain(m.words) for m in here.bot_messages if m.changed > since)

    def slash(
        self, who: str, name: str, options: Mapping[str, Any] | None = None, channel: Channel | None = None
    ) -> Interaction:
        """Somebody uses a command; nothing is waited for."""
        return (channel or self.channel).slash(self.user(who), *name.split("."), options or {})

    async def command(
        self, who: str, name: str, options: Mapping[str, Any] | None = None, channel: Channel | None = None
    ) -> str:
        """Somebody uses a command; everything that they are shown in answer there."""
        since, here = self.discord.sequence, channel or self.channel
        await self.server.settle(await self.server.run(here, who, name, options or {}))
        return "\n".join(plain(m.words) for m in self.seen(who, here) if m.changed > since)

    def button(self, who: str, label: str, channel: Channel | None = None) -> Message:
        """The newest message that somebody sees with a button of that label."""
        shown = self.seen(who, channel)
        number = button(shown, label)[1]
        return next(m for m in shown if str(m.id) == number)

    async def press(
        self, who: str, label: str, channel: Channel | None = None, on: Message | None = None
    ) -> Interaction:
        """Somebody presses the newest button of that label (`on`: of this message)."""
        here = channel or self.channel
        pressed = here.press(self.user(who), on or self.button(who, label, here), label)
        await self.server.settle(pressed)
        return pressed

    async def bind(self, audience: str = "members") -> None:
        """Ana connects the channel to Home."""
        await self.command("Ana", "place.bind", {"audience": audience})
        await self.press("Ana", "Yes")

    def records(self, word: str) -> int:
        """How many rows of what people have posted hold a word."""
        return sum(word in repr(row) for row in self.house.dump("record")["record"])

    def answers(self, word: str, channel: Channel | None = None) -> list[str]:
        """The bot's messages for all in a channel that hold a word, oldest first."""
        return [plain(m.words) for m in (channel or self.channel).bot_messages if word in m.words]
