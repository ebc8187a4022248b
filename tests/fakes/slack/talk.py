"""Many Slack conversations at once, for benchmarks and soak tests."""

from collections.abc import Sequence
from typing import Literal, Unpack

from tests.fakes.slack.channel import Channel
from tests.fakes.slack.delivery import PATIENCE_SECONDS
from tests.fakes.slack.model import User
from tests.fakes.slack.team import Team
from tests.fakes.talk import Course, Talk, Times
from tests.fakes.wire import Json


class SlackTalk(Talk[Channel, User]):
    """A `Talk` spread over the teams; {bot} is the app's mention.

    `kind` "im" talks to the app directly, "channel" in a channel of two people each. `people` are ids of those who
    talk, who may have talked before, of the teams by turns; None makes new ones.
    """

    def __init__(
        self,
        teams: list[Team],
        *,
        kind: Literal["im", "channel"] = "im",
        people: Sequence[str] | None = None,
        **course: Unpack[Course],
    ) -> None:
        super().__init__(**course)
        self._teams = teams
        self._kind = kind
        self._people = people
        self._acks: list[float] = []

    def figures(self) -> Json:
        """Also the milliseconds until the app acknowledged, `acks`; `late` counts those beyond 3 s."""
        late = sum(one > PATIENCE_SECONDS * 1000 for one in self._acks)
        return super().figures() | {"acks": self._acks, "late": late}

    def place(self, number: int) -> tuple[Channel, User]:
        """See `Talk.place`."""
        team = self._teams[number % len(self._teams)]
        user = team.users[self._people[number]] if self._people else team.user(f"Talker {number}")
        if self._kind == "im":
            return team.im(user), user
        return team.channel(f"talk-{number}", [user, team.user(f"Listener {number}")]), user

    def mention(self, place: Channel) -> str:
        """See `Talk.mention`."""
        return place.team.bot.mention

    async def exchange(self, place: Channel, user: User, text: str, expect: str | None, said: float) -> Times:
        """See `Talk.exchange`."""
        message = place.say(user, text)
        reply = await place.wait_for_reply(after=message, contains=expect, timeout=self.patience)
        self._acks += [one.ack_seconds * 1000 for one in message.deliveries if one.ack_seconds is not None]
        return reply.at, max(reply.at, reply.changed_at)
