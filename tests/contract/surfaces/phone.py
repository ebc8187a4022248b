"""Telegram, through the real python-telegram-bot at a fake server on loopback."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from adapters.contract import Account, Place, PlaceKind
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.pace import Pace
from core.clock import ManualClock
from tests.contract.surfaces import PATIENCE, Stands
from tests.fakes.telegram import Chat, FakeTelegram, Message, User

if TYPE_CHECKING:
    from tests.contract.house import House


class Phone:
    """Telegram: everybody has a direct chat with the bot; groups are made with `tg` itself."""

    name = "telegram"

    def __init__(self, house: House, tg: FakeTelegram, adapter: TelegramAdapter) -> None:
        self.house, self.tg, self.adapter = house, tg, adapter
        self.users: dict[str, User] = {}
        self._seen: dict[str, int] = {}

    def user(self, who: str) -> User:
        """Somebody with a phone."""
        if who not in self.users:
            self.users[who] = self.tg.user(who, who.split()[0].casefold())
        return self.users[who]

    def chat(self, who: str) -> Chat:
        """Somebody's direct chat with the bot."""
        return self.tg.private(self.user(who))

    async def say(self, who: str, text: str) -> str:
        """See `Surface.say`."""
        self._seen[who] = self.tg.sequence
        self.chat(who).say(self.user(who), text)
        await self.house.settle()
        return await self.news(who)

    async def start(self, who: str, payload: str = "") -> str:
        """Follow a deep link."""
        self._seen[who] = self.tg.sequence
        self.chat(who).start(self.user(who), payload)
        await self.house.settle()
        return await self.news(who)

    async def press(self, who: str, label: str) -> str:
        """See `Surface.press`. What pops up counts as shown."""
        token, message_id = self.token(who, label)
        return await self.forge(who, token, message_id)

    def any_message(self, who: str) -> str:
        """See `Surface.any_message`."""
        return str(self.chat(who).bot_messages[-1].message_id)

    async def forge(self, who: str, token: str, message_id: str) -> str:
        """See `Surface.forge`."""
        self._seen[who] = self.tg.sequence
        update = self.chat(who).callback(self.user(who), int(message_id), token)
        answer = await self.chat(who).wait_for_answer(after=update, timeout=PATIENCE)
        await self.house.settle()
        return "\n".join(filter(None, (answer.text, await self.news(who))))

    async def news(self, who: str) -> str:
        """See `Surface.news`: new messages, and those that were changed."""
        since = self._seen.get(who, 0)
        self._seen[who] = self.tg.sequence
        return "\n".join(m.text for m in self.chat(who).bot_messages if m.changed > since)

    async def send_file(self, who: str, name: str, content: bytes, words: str = "") -> str:
        """See `Surface.send_file`."""
        self._seen[who] = self.tg.sequence
        mime = "text/plain" if name.endswith(".txt") else "application/octet-stream"
        self.chat(who).send_file(self.user(who), name, content, mime=mime, caption=words)
        await self.house.settle()
        return await self.news(who)

    def stands(self, who: str) -> Stands:
        """See `Surface.stands`."""
        user = self.user(who)
        self.tg.private(user, opened=True)
        return Stands(Account(str(user.id), who, who.casefold()), Place(str(user.id), PlaceKind.DIRECT))

    def buttons(self, who: str) -> list[str]:
        """See `Surface.buttons`."""
        return [label for message in self.chat(who).bot_messages for label in message.buttons]

    def token(self, who: str, label: str) -> tuple[str, str]:
        """See `Surface.token`."""
        return button(self.chat(who), label)


def button(chat: Chat, label: str) -> tuple[str, str]:
    """The token and message id of the newest button of that label in a chat."""
    found = [
        (str(one["callback_data"]), str(message.message_id))
        for message in chat.bot_messages
        for row in message.keyboard
        for one in row
        if one["text"] == label
    ]
    assert found, f"no button {label!r} in {[m.view() for m in chat.bot_messages]}"
    return found[-1]


def newest(chat: Chat) -> Message:
    """The newest message of the bot."""
    return chat.bot_messages[-1]


def telegram_adapter(telegram: FakeTelegram, clock: ManualClock) -> TelegramAdapter:
    """The real adapter at the fake server, in no hurry to be polite."""
    return TelegramAdapter(
        telegram.token,
        base_url=telegram.base_url,
        file_base_url=telegram.file_base_url,
        clock=clock.now,
        pace=Pace(burst=10_000, now=(watch := Watch()).read, sleep=watch.sleep),
    )


class Watch:
    """A watch that a pause moves on at once: with a watch that stands still, pauses would pile up until one is real."""

    def __init__(self) -> None:
        self._slept = 0.0

    def read(self) -> float:
        """Seconds."""
        return time.monotonic() + self._slept

    async def sleep(self, seconds: float) -> None:
        """A pause that takes no time."""
        self._slept += seconds
