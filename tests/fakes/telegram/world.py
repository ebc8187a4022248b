"""The world behind the server: people, bots, their chats; and the queueing of updates about what happens there."""

import itertools
import time
from collections.abc import Iterable
from typing import Any, Literal

from tests.fakes.telegram.chat import ANONYMOUS, Chat
from tests.fakes.telegram.files import Files
from tests.fakes.telegram.model import ADMIN_RIGHTS, Answer, Bot, Member, User
from tests.fakes.wire import Json


class World:
    """Everybody and everything; `bot` is the first bot, which is there from the beginning.

    `ahead` is how many seconds have gone by beside the clock: for what ends or grows too old.
    """

    bot: Bot

    def __init__(self) -> None:
        self.bots: list[Bot] = []
        self.users: dict[int, User] = {ANONYMOUS.id: ANONYMOUS}
        self.groups: dict[int, Chat] = {}
        self.privates: dict[tuple[int, int], Chat] = {}
        self.callbacks: dict[str, Answer] = {}
        self.files = Files()
        self.sequence = 0
        self.ahead = 0.0
        self._update_ids = itertools.count(501_000_001)
        self._user_ids = itertools.count(10_001)
        self._group_ids = itertools.count(1_700_000_001)
        self._query_ids = itertools.count(4_300_000_000_000_000_001)

    def add_bot(self, name: str, username: str, *, token: str | None = None, privacy_mode: bool = True) -> Bot:
        """Another bot; its id is the number in front of its token."""
        if token is None:
            number = 700_000_001 + len(self.bots)
            token = f"{number}:AAF-fake-token-of-another-bot-{number}"
        user = User(int(token.partition(":")[0]), name, username=username, is_bot=True, language_code=None)
        bot = Bot(user, token, privacy_mode)
        self.users[user.id] = user
        self.bots.append(bot)
        return bot

    def user(
        self,
        name: str,
        username: str | None = None,
        language_code: str | None = "en",
        *,
        last_name: str | None = None,
        is_bot: bool = False,
    ) -> User:
        """A new person; `is_bot` makes someone else's bot, which may write to ours (bot-to-bot communication)."""
        user = User(next(self._user_ids), name, last_name, username, language_code, is_bot)
        self.users[user.id] = user
        return user

    def private(self, user: User, bot: Bot | None = None, *, opened: bool = False) -> Chat:
        """The private chat of a person with a bot; until they write (or `opened`) the bot cannot begin it."""
        bot = bot or self.bot
        chat = self.privates.get((bot.id, user.id))
        if chat is None:
            chat = self.privates[bot.id, user.id] = Chat(self, user.id, "private", person=user, bot=bot)
        chat.opened = chat.opened or opened
        return chat

    def group(
        self,
        title: str,
        members: Iterable[User] = (),
        *,
        forum: bool = False,
        privacy_mode: bool | None = None,
        supergroup: bool = True,
        bots: Iterable[Bot] | None = None,
        admins: Iterable[User] = (),
        owner: User | None = None,
        bot_rights: Iterable[str] | None = None,
    ) -> Chat:
        """A group with these people; nobody is told.

        `bots`: who is there (None: all); `bot_rights`: their admin rights (None: ordinary members).
        `privacy_mode` False lets the bots there see everything, as if added while it was off; None is each bot's own.
        To have a bot told that it was added, pass `bots=[]` and let it `join`.
        """
        number = next(self._group_ids)
        kind: Literal["group", "supergroup"] = "supergroup" if supergroup or forum else "group"
        # Supergroup ids are -100… in front of the channel number.
        chat_id = -(1_000_000_000_000 + number) if kind == "supergroup" else -number
        chat = Chat(self, chat_id, kind, title=title, forum=forum)
        for user in members:
            chat.members[user.id] = Member(user)
        for user in admins:
            chat.members[user.id] = Member(user, "administrator", frozenset(ADMIN_RIGHTS))
        if owner is not None:
            chat.members[owner.id] = Member(owner, "creator")
        for bot in self.bots if bots is None else bots:
            member = Member(bot.user)
            if bot_rights is not None:
                member = Member(bot.user, "administrator", frozenset(bot_rights))
            chat.members[bot.id] = member
            if not (bot.privacy_mode if privacy_mode is None else privacy_mode):
                chat.all_seeing.add(bot.id)
        self.groups[chat_id] = chat
        return chat

    def chat_of(self, bot: Bot, chat_id: Any) -> Chat | None:
        """The chat a bot means by an id; someone met in a group can be addressed, though perhaps not written to."""
        try:
            number = int(chat_id)
        except (TypeError, ValueError):
            return None
        if number < 0:
            return self.groups.get(number)
        chat = self.privates.get((bot.id, number))
        user = self.users.get(number)
        if chat is None and user is not None and any(self._met(bot, user, chat) for chat in self.groups.values()):
            return self.private(user, bot)
        return chat

    @staticmethod
    def _met(bot: Bot, user: User, chat: Chat) -> bool:
        return bot.id in chat.members and user.id in chat.members

    def bot_of(self, user: User) -> Bot | None:
        """The bot under test whose account this is."""
        return next((bot for bot in self.bots if bot.user is user), None)

    def forget_world(self) -> None:
        """No more people, chats, presses and pending updates; bots and files stay."""
        self.users = {bot.id: bot.user for bot in self.bots} | {ANONYMOUS.id: ANONYMOUS}
        self.groups.clear()
        self.privates.clear()
        self.callbacks.clear()
        for bot in self.bots:
            bot.mailbox.drop()

    def now(self) -> float:
        """Unix time here."""
        return time.time() + self.ahead

    def tick(self) -> int:
        """The next number in the order of everything that happens."""
        self.sequence += 1
        return self.sequence

    def new_query_id(self) -> str:
        """An id for a callback query."""
        return str(next(self._query_ids))

    def new_update_id(self) -> int:
        """The next update id."""
        return next(self._update_ids)

    def dispatch(self, kind: str, body: Json, bots: Iterable[Bot]) -> int:
        """Queue one update for those bots that take its kind; its id, or 0 when none does."""
        takers = [bot for bot in bots if bot.mailbox.wants(kind)]
        if not takers:
            return 0
        update_id = self.new_update_id()
        for bot in takers:
            bot.mailbox.put(update_id, kind, body)
        return update_id
