"""Many Telegram conversations at once, for benchmarks and soak tests."""

from collections.abc import Sequence
from typing import Literal, Unpack

from tests.fakes.talk import Course, Talk, Times, percentiles
from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.model import User
from tests.fakes.telegram.server import FakeTelegram
from tests.fakes.wire import Json


class TelegramTalk(Talk[Chat, User]):
    """A `Talk` with the first bot; {bot} is its @name.

    `kind` "group" puts two people and the bot into each chat, in groups made for it. `people` are ids of those who talk
    in private, who may have talked before; None makes new ones.
    """

    def __init__(
        self,
        tg: FakeTelegram,
        *,
        kind: Literal["private", "group"] = "private",
        people: Sequence[int] | None = None,
        **course: Unpack[Course],
    ) -> None:
        super().__init__(**course)
        self._tg = tg
        self._kind = kind
        self._people = people

    def figures(self) -> Json:
        """Percentiles in milliseconds: `first_ms` counts a draft or the message, `done_ms` the reply."""
        return {"first_ms": percentiles(self.first), "done_ms": percentiles(self.done)}

    def place(self, number: int) -> tuple[Chat, User]:
        """See `Talk.place`."""
        user = self._tg.users[self._people[number]] if self._people else self._tg.user(f"Talker {number}")
        if self._kind == "private":
            return self._tg.private(user), user
        return self._tg.group(f"Group {number}", [user, self._tg.user(f"Listener {number}")]), user

    def mention(self, place: Chat) -> str:
        """See `Talk.mention`."""
        return f"@{self._tg.bot.user.username}"

    async def exchange(self, place: Chat, user: User, text: str, expect: str | None, said: float) -> Times:
        """See `Talk.exchange`."""
        update = place.say(user, text)
        reply = await place.wait_for_reply(after=update, contains=expect, timeout=self.patience)
        shown = [at for at in (reply.at, place.draft_at) if at > said]
        return min(shown), max(reply.at, reply.changed_at)
