"""Slack, through the real slack-bolt in Socket Mode at a fake server on loopback. People talk in direct messages."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from adapters.contract import Account, Place, PlaceKind
from adapters.slack.compose import PRESS
from core.clock import ManualClock
from tests.contract.surfaces import Stands
from tests.fakes.slack import Channel, FakeSlack, Message, Team, User

if TYPE_CHECKING:
    from adapters.slack.adapter import SlackAdapter
    from tests.contract.house import House


class Office:
    """One workspace; everybody has direct messages with the bot, channels are made with `team` itself."""

    name = "slack"

    def __init__(self, house: House, slack: FakeSlack, team: Team, adapter: SlackAdapter) -> None:
        self.house, self.slack, self.team, self.adapter = house, slack, team, adapter
        self.users: dict[str, User] = {}
        self._seen: dict[str, int] = {}

    def user(self, who: str) -> User:
        """Somebody in the workspace."""
        if who not in self.users:
            self.users[who] = self.team.user(who)
        return self.users[who]

    def chat(self, who: str) -> Channel:
        """Somebody's direct messages with the bot."""
        return self.team.im(self.user(who))

    async def say(self, who: str, text: str) -> str:
        """See `Surface.say`. What begins with a slash is the command /nexus."""
        self._mark(who)
        if text.startswith("/"):
            self.team.slash(self.user(who), self.chat(who), "/nexus", text[1:])
        else:
            self.chat(who).say(self.user(who), text)
        await self.house.settle()
        return await self.news(who)

    async def press(self, who: str, label: str) -> str:
        """See `Surface.press`."""
        token, message_id = self.token(who, label)
        return await self.forge(who, token, message_id)

    def any_message(self, who: str) -> str:
        """See `Surface.any_message`."""
        return self._shown(who)[-1].ts

    async def forge(self, who: str, token: str, message_id: str) -> str:
        """See `Surface.forge`: a press on a button of that value, on a message of the bot's."""
        self._mark(who)
        message = next(m for m in self.chat(who).visible_to(self.user(who)) if m.ts == message_id)
        element = {
            "type": "button",
            "action_id": f"{PRESS}_0",
            "text": {"type": "plain_text", "text": ""},
            "value": token,
        }
        found = next((pair for pair in message.elements if pair[1].get("value") == token), None)
        block, element = found or ({"block_id": "forged"}, element)
        self.team._act_on_message(self.chat(who), self.user(who), message, block, element, {})
        await self.house.settle()
        return await self.news(who)

    async def news(self, who: str) -> str:
        """See `Surface.news`: new messages, and those that were changed."""
        since = self._seen.get(who, 0)
        self._mark(who)
        return "\n".join(plain(m.shown) for m in self._shown(who) if max(m.made, m.changed) > since)

    async def send_file(self, who: str, name: str, content: bytes, words: str = "") -> str:
        """See `Surface.send_file`."""
        self._mark(who)
        self.chat(who).share_file(self.user(who), name, content, words)
        await self.house.settle()
        return await self.news(who)

    def stands(self, who: str) -> Stands:
        """See `Surface.stands`."""
        user = self.user(who)
        account = Account(user.id, who, user.name, workspace=self.team.id)
        return Stands(account, Place(self.chat(who).id, PlaceKind.DIRECT), self.team.id)

    def buttons(self, who: str) -> list[str]:
        """See `Surface.buttons`."""
        return [label for message in self._shown(who) for label in message.buttons]

    def token(self, who: str, label: str) -> tuple[str, str]:
        """See `Surface.token`."""
        return button(self._shown(who), label)

    def _mark(self, who: str) -> None:
        self._seen[who] = self.slack.tick()

    def _shown(self, who: str) -> list[Message]:
        return [m for m in self.chat(who).visible_to(self.user(who)) if m.from_bot]


def button(messages: list[Message], label: str) -> tuple[str, str]:
    """The value and the message's timestamp of the newest button of that label."""
    found = [
        (str(element["value"]), message.ts)
        for message in messages
        for _, element in message.elements
        if element["type"] == "button" and element["text"]["text"] == label
    ]
    assert found, f"no button {label!r} in {[m.shown for m in messages]}"
    return found[-1]


def plain(text: str) -> str:
    """What a reader sees: without marks of formatting, with characters for entities."""
    return html.unescape(re.sub(r"[*`\u200b]|(?<!\w)_|_(?!\w)", "", text))


def slack_adapter(slack: FakeSlack, team: Team, clock: ManualClock) -> SlackAdapter:
    """The real adapter at the fake server."""
    from adapters.slack.adapter import SlackAdapter

    return SlackAdapter(
        bot_token=team.bot_token, app_token=slack.app_token, api_base_url=slack.api_base_url, clock=clock.now
    )
