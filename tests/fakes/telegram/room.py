"""A chat's state: who is in it, what stands in it, which bot may see what; and waiting for it to change."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, TypeVar

from tests.fakes.telegram.model import PERMISSIONS, Answer, Bot, Member, Message, User
from tests.fakes.telegram.text import entity_text
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

RoomKind = Literal["private", "group", "supergroup"]
T = TypeVar("T")


class Room:
    """A private chat of one person with one bot, a basic group or a supergroup (a forum when `forum`)."""

    def __init__(
        self,
        tg: "World",
        chat_id: int,
        kind: RoomKind,
        *,
        title: str = "",
        forum: bool = False,
        person: User | None = None,
        bot: Bot | None = None,
    ) -> None:
        self.tg = tg
        self.id = chat_id
        self.kind: RoomKind = kind
        self.title = title
        self.forum = forum
        self.person = person
        self.bot = bot
        self.members: dict[int, Member] = {}
        self.topics: dict[int, Message] = {}
        self.closed_topics: set[int] = set()
        self.answers: list[Answer] = []
        self.drafts: list[str] = []
        # time.perf_counter() when the first draft since the last message of a person was seen.
        self.draft_at = 0.0
        self.actions: list[str] = []
        # Private chats: whether the person ever pressed Start, and whether they blocked the bot since.
        self.opened = False
        self.blocked = False
        self.migrated_to: int | None = None
        # Bots that were added while their privacy mode was off (or this group was made so) see every message.
        self.all_seeing: set[int] = set()
        self.default_permissions: Json = {}
        self.linked_channel = 0  # the channel whose discussions are held here
        self._all: dict[int, Message] = {}
        # Thread 1 of a forum is its General topic.
        self._last_id = 1 if forum else 0
        self._marks: dict[int, int] = {0: 0}
        self._waiters: list[Callable[[], bool]] = []

    # -- what a person sees ---------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Message]:
        """The messages still there, oldest first, service messages included."""
        return [message for message in self._all.values() if not message.deleted]

    @property
    def bot_messages(self) -> list[Message]:
        """Those of bots only."""
        return [message for message in self._all.values() if message.from_bot and not message.deleted]

    @property
    def last(self) -> Message:
        """The newest message. Raises IndexError in an empty chat."""
        return self.messages[-1]

    def message(self, message_id: int) -> Message | None:
        """A message by id, deleted ones included."""
        return self._all.get(message_id)

    def json(self) -> Json:
        """The API's Chat."""
        if self.person is not None:
            data: Json = {"id": self.id, "type": "private", "first_name": self.person.first_name}
            if self.person.last_name:
                data["last_name"] = self.person.last_name
            if self.person.username:
                data["username"] = self.person.username
            return data
        data = {"id": self.id, "type": self.kind, "title": self.title}
        if self.forum:
            data["is_forum"] = True
        return data

    def permissions(self) -> Json:
        """What ordinary members may do; everything unless setChatPermissions said otherwise."""
        return {name: bool(self.default_permissions.get(name, not self.default_permissions)) for name in PERMISSIONS}

    def standing(self, user: User) -> Member:
        """Someone's place here now: what was set until a date that has come is over."""
        member = self.members.get(user.id) or Member(user, "left")
        if member.status in ("kicked", "restricted") and 0 < member.until_date <= self.tg.now():
            back = member.status == "restricted" and member.inside
            member.status, member.until_date, member.inside = ("member" if back else "left"), 0, True
            member.rights = frozenset()
        return member

    def kept_from(self, user: User, permission: str, thread: int | None = None) -> str:
        """Why `user` may not post here, "" if they may. Only those who never were a member may from outside."""
        member = self.standing(user)
        topic = self.topics.get(thread or 0)
        if topic and thread in self.closed_topics and topic.sender is not user and not member.may("can_manage_topics"):
            return "TOPIC_CLOSED"
        if member.admin:
            return ""
        if user.id in self.members and not member.present:
            return "banned" if member.status == "kicked" else "not a member"
        if member.status == "restricted" and permission not in member.rights:
            return "restricted"
        return "" if self.permissions()[permission] else "locked"

    # -- bots here -----------------------------------------------------------------------------------------

    def bots(self) -> list[Bot]:
        """Bots that are in the chat now."""
        if self.bot is not None:
            return [self.bot]
        return [bot for bot in self.tg.bots if (m := self.members.get(bot.id)) is not None and m.present]

    def sees(self, bot: Bot, message: Message) -> bool:
        """Whether Telegram shows `message` to `bot`: privacy mode, as the Bot FAQ describes it."""
        if self.person is not None or message.is_service or bot.id in self.all_seeing:
            return True
        if self.members[bot.id].admin:
            return True
        if message.reply_to is not None and message.reply_to.sender is bot.user:
            return True
        handle = f"@{bot.user.username}".lower()
        for entity in message.entities:
            words = entity_text(message.text, entity).lower()
            match entity["type"]:
                case "bot_command" if words.endswith(handle):
                    return True
                case "bot_command" if "@" not in words:
                    # A command without a name goes to the bot that spoke last, or to all when none did.
                    speaker = next((m.sender for m in reversed(self.bot_messages)), None)
                    if speaker is None or speaker is bot.user:
                        return True
                case "mention" if words == handle:
                    return True
                case "text_mention" if entity["user"]["id"] == bot.id:
                    return True
        return False

    # -- changes -------------------------------------------------------------------------------------------

    def next_id(self) -> int:
        """Message ids: one sequence per group, but one for all private chats of a bot."""
        if self.bot is not None:
            self.bot.last_private_message += 1
            return self.bot.last_private_message
        self._last_id += 1
        return self._last_id

    def add(self, message: Message) -> Message:
        """A new message stands in the chat."""
        message.made = message.changed = self.tg.tick()
        message.date += int(self.tg.ahead)
        self._all[message.message_id] = message
        self.changed()
        return message

    def changed(self) -> None:
        """Wake those who wait for something here."""
        if self._waiters:
            self._waiters = [waiter for waiter in self._waiters if not waiter()]

    def touch(self, message: Message) -> None:
        """A bot changed this message."""
        message.changed = self.tg.tick()
        message.changed_at = time.perf_counter()
        self.changed()

    def tell(self, kind: str, body: Json, bots: list[Bot]) -> int:
        """Queue an update for these bots; its id, or 0 when none of them was to be told."""
        update_id = self.tg.dispatch(kind, body, bots)
        self._marks[update_id] = self.tg.sequence
        return update_id

    def mark(self, update_id: int | None) -> int:
        """The point in the order of doings when an update was made; None is the newest one of this chat."""
        return max(self._marks.values()) if update_id is None else self._marks[update_id]

    # -- waiting -------------------------------------------------------------------------------------------

    def wait_until(self, find: Callable[[], T | None], timeout: float = 5.0, what: str = "a change") -> Awaitable[T]:
        """What `find` returns once it is neither None nor False, tried now and after every change of this chat.

        `timeout` in seconds; raises AssertionError with the chat's state when it passes.
        """
        return self._wait(find, timeout, what)

    async def _wait(self, find: Callable[[], T | None], seconds: float, what: str) -> T:
        found = find()
        if found is not None and found is not False:
            return found
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def look() -> bool:
            if not future.done():
                result = find()
                if result is not None and result is not False:
                    future.set_result(result)
            return future.done()

        self._waiters.append(look)
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            state = "\n".join(f"  {m.message_id} {m.view()}" for m in self.messages[-10:])
            raise AssertionError(f"{what} did not happen within {seconds} s; the chat ends with\n{state}") from None
        finally:
            future.cancel()

    def wait_for_reply(
        self,
        *,
        after: int | None = None,
        contains: str | None = None,
        matching: Callable[[Message], bool] | None = None,
        timeout: float = 5.0,
    ) -> Awaitable[Message]:
        """The first message of a bot made after the update `after` (None: after the newest thing people did here).

        With `contains` or `matching`, the first one that fits now or after an edit: how a streamed answer ends.
        """
        since = self.mark(after)

        def find() -> Message | None:
            found = None
            for message in reversed(self._all.values()):
                if message.made <= since:
                    break
                if message.from_bot and not message.deleted and _fits(message, contains, matching):
                    found = message
            return found

        return self._wait(find, timeout, f"a reply{f' with {contains!r}' if contains else ''}")

    def wait_for_edit(
        self,
        message: Message,
        *,
        after: int | None = None,
        contains: str | None = None,
        timeout: float = 5.0,
    ) -> Awaitable[Message]:
        """`message` once it was edited (text or buttons) after the update `after`; see `wait_for_reply`."""
        since = self.mark(after)

        def find() -> Message | None:
            return message if message.edits and message.changed > since and _fits(message, contains, None) else None

        return self._wait(find, timeout, f"an edit of message {message.message_id}")

    def wait_for_answer(self, *, after: int | None = None, timeout: float = 5.0) -> Awaitable[Answer]:
        """The answer to the press whose update is `after` (None: the last press), once the bot gave it."""
        answer = next(one for one in reversed(self.answers) if after in (None, one.update_id))
        return self._wait(lambda: answer if answer.answers else None, timeout, "an answer to the press")


def _fits(message: Message, contains: str | None, matching: Callable[[Message], bool] | None) -> bool:
    return (contains is None or contains in message.text) and (matching is None or matching(message))
