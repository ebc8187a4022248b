"""A channel in a Slack workspace with people in it, through the real slack-bolt at the fake."""

from __future__ import annotations

from adapters.slack.adapter import SlackAdapter
from core.clock import ManualClock
from tests.contract.house import House, Scene
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.office import Office, button, plain
from tests.fakes.slack import Channel, Delivery, FakeSlack, Message, Team, User

PEOPLE = ("Ana", "Ben", "Cleo")


class Hall:
    """Home with Ana (owner) and Ben in it, Cleo outside, and a channel with all three and the app."""

    def __init__(self, house: House, channel: Channel) -> None:
        assert house.office is not None
        self.house = house
        self.office: Office = house.office
        self.slack, self.team = house.office.slack, house.office.team
        self.channel = channel

    @classmethod
    async def of(cls, house: House) -> Hall:
        """People come in, and the app into their channel."""
        office = house.office
        assert office is not None
        await Scene(office).claimed()
        await Scene(office).invited("Ana", "Ben")
        channel = office.team.channel("harbour", [office.user(who) for who in PEOPLE], bot=False)
        here = cls(house, channel)
        channel.join(office.team.bot, by=office.user("Ana"))
        await channel.wait_for_reply(contains="Mention me", timeout=PATIENCE)
        await house.settle()
        return here

    def user(self, who: str) -> User:
        """Somebody in the workspace."""
        return self.office.user(who)

    def dm(self, who: str) -> Channel:
        """Somebody's direct messages with the app."""
        return self.office.chat(who)

    def seen(self, who: str, channel: Channel | None = None) -> list[Message]:
        """The app's messages that somebody sees in a channel."""
        return [m for m in (channel or self.channel).visible_to(self.user(who)) if m.from_bot]

    def public(self, channel: Channel | None = None) -> list[str]:
        """What all read of the app in a channel."""
        return [plain(m.shown) for m in (channel or self.channel).messages if m.from_bot]

    async def mention(self, who: str, text: str, channel: Channel | None = None, thread: Message | str = "") -> str:
        """Somebody speaks to the app where all can read; everything that they are shown in answer there."""
        since, here = self.slack.tick(), channel or self.channel
        here.say(self.user(who), f"<@BOT> {text}", thread_ts=thread)
        await self.house.settle()
        return self.since(who, since, here)

    def since(self, who: str, moment: int, channel: Channel | None = None) -> str:
        """What somebody was shown by the app in a channel after a moment."""
        return "\n".join(plain(m.shown) for m in self.seen(who, channel) if max(m.made, m.changed) > moment)

    async def command(self, who: str, text: str, channel: Channel | None = None) -> str:
        """Somebody uses /nexus; everything that they are shown in answer there."""
        since, here = self.slack.tick(), channel or self.channel
        self.team.slash(self.user(who), here, "/nexus", text)
        await self.house.settle()
        return self.since(who, since, here)

    def card(self, who: str, label: str, channel: Channel | None = None) -> Message:
        """The newest message that somebody sees with a button of that label."""
        shown = self.seen(who, channel)
        ts = button(shown, label)[1]
        return next(m for m in shown if m.ts == ts)

    async def press(self, who: str, label: str, channel: Channel | None = None, on: Message | None = None) -> Delivery:
        """Somebody presses the newest button of that label (`on`: of this message)."""
        here = channel or self.channel
        pressed = here.press(self.user(who), on or self.card(who, label, here), label)
        await pressed.acked(PATIENCE)
        await self.house.settle()
        return pressed

    async def bind(self, audience: str = "members") -> None:
        """Ana connects the channel to Home."""
        await self.command("Ana", f"bind audience={audience}")
        await self.press("Ana", "Yes")

    def records(self, word: str) -> int:
        """How many rows of what people have posted hold a word."""
        return sum(word in repr(row) for row in self.house.dump("record")["record"])

    def answers(self, word: str, channel: Channel | None = None) -> list[str]:
        """The app's messages for all in a channel that hold a word, oldest first."""
        return [text for text in self.public(channel) if word in text]


def watchful(slack: FakeSlack, team: Team, clock: ManualClock) -> SlackAdapter:
    """The adapter, with pings so often that a connection that was reset is noticed soon."""
    return SlackAdapter(
        bot_token=team.bot_token,
        app_token=slack.app_token,
        api_base_url=slack.api_base_url,
        clock=clock.now,
        ping_interval=1.0,
    )
