"""Discord, through the real discord.py at a fake server on loopback. People talk in their direct messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adapters.contract import Account, Command, OptionKind, Place, PlaceKind
from adapters.discord.adapter import DiscordAdapter
from bot.menu import menu_of
from bot.turn.commands import read_command
from core.catalogue import REGISTRY
from core.clock import ManualClock
from core.errors import NexusError
from tests.contract.surfaces import PATIENCE, Stands
from tests.fakes.discord import Channel, FakeDiscord, Interaction, Message, User

if TYPE_CHECKING:
    from tests.contract.house import House

_MENU = {entry.name: entry for entry in menu_of(REGISTRY)}


class Server:
    """Everybody has direct messages with the bot; guilds are made with `discord` itself."""

    name = "discord"

    def __init__(self, house: House, discord: FakeDiscord, adapter: DiscordAdapter) -> None:
        self.house, self.discord, self.adapter = house, discord, adapter
        self.users: dict[str, User] = {}
        self._seen: dict[str, int] = {}
        # A bot can open direct messages only with people of a server that it is in.
        self.square = discord.guild("Square")

    def user(self, who: str) -> User:
        """Somebody with a client."""
        if who not in self.users:
            self.users[who] = self.discord.user(who)
            self.square.join(self.users[who])
        return self.users[who]

    def chat(self, who: str) -> Channel:
        """Somebody's direct messages with the bot."""
        return self.discord.dm(self.user(who))

    async def say(self, who: str, text: str) -> str:
        """See `Surface.say`. What begins with a slash is picked from the menu of commands, its options filled in."""
        self._seen[who] = self.discord.sequence
        if text.startswith("/") and (picked := self._picked(text)) is not None:
            await self.settle(await self.run(self.chat(who), who, *picked))
        else:
            await self.settle(self.chat(who).say(self.user(who), text))
        return await self.news(who)

    async def run(self, channel: Channel, who: str, name: str, options: Mapping[str, Any]) -> Interaction:
        """A native command with its options; what a form asks for is filled in there."""
        entry = _MENU[name]
        long = {o.name for o in entry.options if o.required and o.kind is OptionKind.LONG}
        straight = {k: v for k, v in options.items() if k not in long}
        asked = channel.slash(self.user(who), *name.split("."), straight)
        if not long:
            return asked
        await asked.modal(PATIENCE)
        return asked.submit({o.name: options[o.name] for o in entry.options if o.name in long})

    def _picked(self, text: str) -> tuple[str, dict[str, Any]] | None:
        """The command and options that somebody means who would type this line elsewhere; None if there is none."""
        name, _, rest = text[1:].partition(" ")
        try:
            operation, raw = read_command(REGISTRY, Command(name, rest))
        except NexusError:
            return None
        entry = _MENU[operation.name]
        options: dict[str, Any] = {}
        for option in entry.options:
            if option.name not in raw:
                if option.required and option.kind is not OptionKind.LONG:
                    return None  # Discord's client does not send it
                continue
            value = str(raw[option.name])
            match option.kind:
                case OptionKind.WHOLE if value.isdecimal():
                    options[option.name] = int(value)
                case OptionKind.YESNO:
                    options[option.name] = value in ("yes", "true")
                case OptionKind.PERSON if value in self.users:
                    options[option.name] = self.users[value]
                case OptionKind.WHOLE | OptionKind.PERSON:
                    return None
                case OptionKind.CHOICE if value not in option.choices:
                    return None
                case _:
                    options[option.name] = value
        if any(o.kind is OptionKind.LONG and o.required and o.name not in raw for o in entry.options):
            return None
        return operation.name, options

    async def settle(self, did: Message | Interaction) -> None:
        """Wait until what somebody did has reached the bot and is answered."""
        await self.house.until_heard("discord", str(did.id))
        await self.house.settle()

    async def press(self, who: str, label: str) -> str:
        """See `Surface.press`. What only the presser sees counts as shown."""
        token, message_id = self.token(who, label)
        return await self.forge(who, token, message_id)

    def any_message(self, who: str) -> str:
        """See `Surface.any_message`."""
        return str(self._shown(who)[-1].id)

    async def forge(self, who: str, token: str, message_id: str) -> str:
        """See `Surface.forge`."""
        self._seen[who] = self.discord.sequence
        message = self.chat(who).all[int(message_id)]
        await self.settle(self.chat(who).forged(self.user(who), message, token))
        return await self.news(who)

    async def news(self, who: str) -> str:
        """See `Surface.news`: new messages, and those that were changed."""
        since = self._seen.get(who, 0)
        self._seen[who] = self.discord.sequence
        return "\n".join(plain(m.words) for m in self._shown(who) if m.changed > since)

    async def send_file(self, who: str, name: str, content: bytes, words: str = "") -> str:
        """See `Surface.send_file`."""
        self._seen[who] = self.discord.sequence
        await self.settle(self.chat(who).say(self.user(who), words, files=[(name, content)]))
        return await self.news(who)

    def stands(self, who: str) -> Stands:
        """See `Surface.stands`."""
        user = self.user(who)
        self.chat(who).opened = True
        return Stands(Account(str(user.id), who, user.username), Place(str(self.chat(who).id), PlaceKind.DIRECT))

    def buttons(self, who: str) -> list[str]:
        """See `Surface.buttons`."""
        return [label for message in self._shown(who) for label in message.buttons]

    def token(self, who: str, label: str) -> tuple[str, str]:
        """See `Surface.token`."""
        return button(self._shown(who), label)

    def _shown(self, who: str) -> list[Message]:
        return [m for m in self.chat(who).visible_to(self.user(who)) if m.from_bot and not m.loading]


def button(messages: list[Message], label: str) -> tuple[str, str]:
    """The custom id and message id of the newest button of that label."""
    found = [
        (str(part["custom_id"]), str(message.id))
        for message in messages
        for part in message.parts
        if part["type"] == 2 and part.get("label") == label
    ]
    assert found, f"no button {label!r} in {[m.words for m in messages]}"
    return found[-1]


def plain(text: str) -> str:
    """What a reader sees: without marks of formatting."""
    return re.sub(r"\\(?=[^\w\s])", "", re.sub(r"(?<!\\)[*_`]", "", text))


def discord_adapter(discord: FakeDiscord, clock: ManualClock) -> DiscordAdapter:
    """The real adapter at the fake server."""
    return DiscordAdapter(
        discord.token,
        api_base=discord.api_base,
        gateway_url=discord.gateway_url,
        shard_count=1,
        clock=clock.now,
        identify_pause=0.0,
    )
