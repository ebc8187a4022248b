"""Many Discord conversations at once, for benchmarks and soak tests."""

from collections.abc import Sequence
from typing import Literal, Unpack

from tests.fakes.discord.channel import Channel
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.model import User
from tests.fakes.discord.world import World
from tests.fakes.talk import Course, Talk, Times


class DiscordTalk(Talk[Channel, User]):
    """A `Talk` with the first application; {bot} is its mention.

    `kind` "dm" talks in private, "channel" in a channel for each conversation, spread over `guilds`. `people` are ids
    of those who talk, who may have talked before; None makes new ones.
    """

    def __init__(
        self,
        world: World,
        guilds: Sequence[Guild],
        *,
        kind: Literal["dm", "channel"] = "dm",
        people: Sequence[str] | None = None,
        **course: Unpack[Course],
    ) -> None:
        super().__init__(**course)
        self._world = world
        self._guilds = guilds
        self._kind = kind
        self._people = people

    def place(self, number: int) -> tuple[Channel, User]:
        """See `Talk.place`."""
        guild = self._guilds[number % len(self._guilds)]
        user = self._world.users[int(self._people[number])] if self._people else self._world.user(f"Talker {number}")
        if user.id not in guild.members:
            guild.join(user)
        return (user.dm() if self._kind == "dm" else guild.channel(f"talk-{number}")), user

    def mention(self, place: Channel) -> str:
        """See `Talk.mention`."""
        return self._world.app.user.mention

    async def exchange(self, place: Channel, user: User, text: str, expect: str | None, said: float) -> Times:
        """See `Talk.exchange`."""
        message = place.say(user, text)
        reply = await place.wait_for_reply(after=message, contains=expect, timeout=self.patience)
        return reply.at, reply.changed_at
