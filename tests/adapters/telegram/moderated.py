"""A moderated group for the tests of powers: who is in it, and acts on them."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.contract import Act, Did, Power
from adapters.telegram.adapter import TelegramAdapter
from tests.fakes.telegram import Chat, FakeTelegram, User

RIGHTS = ("can_restrict_members", "can_delete_messages")
HOUR = 3_600_000


@dataclass
class Group:
    """`owner`, `admin`, and the members `mira` (a moderator of the Nexus) and `eve`, with the bot's `rights`."""

    tg: FakeTelegram
    adapter: TelegramAdapter
    chat: Chat
    owner: User
    admin: User
    mira: User
    eve: User

    @property
    def now(self) -> int:
        """Milliseconds since the epoch, here and for the adapter."""
        return int(self.tg.now() * 1000)

    def asked(self, power: Power, user: User | None = None, **more: object) -> Act:
        """An act in this group on a member."""
        more.setdefault("workspace", str(self.tg.bot.id))
        more.setdefault("key", "act-1")
        more.setdefault("place_id", str(self.chat.id))
        return Act(power, account_id=str(user.id) if user else "", **more)  # type: ignore[arg-type]

    async def do(self, power: Power, user: User | None = None, **more: object) -> Did:
        """Carry an act out."""
        return await self.adapter.act(self.asked(power, user, **more))

    async def status(self, user: User) -> tuple[str, int]:
        """Status and until_date as the platform has them now."""
        member = self.chat.standing(user)
        return member.status, member.until_date

    def writes(self, user: User, text: str = "hello") -> bool:
        """Whether a member can write now (and does)."""
        try:
            self.chat.say(user, text)
        except ValueError:
            return False
        return True

    def comes(self, user: User) -> bool:
        """Whether somebody can come in now (and does)."""
        try:
            self.chat.join(user)
        except ValueError:
            return False
        return True

    def changes(self) -> list[str]:
        """The requests so far that were meant to change something, in order."""
        verbs = ("ban", "unban", "restrict", "set", "delete", "close", "reopen")
        skipped = ("setMyCommands", "deleteWebhook")
        return [one.method for one in self.tg.requests if one.method.startswith(verbs) and one.method not in skipped]


def new_group(
    tg: FakeTelegram, adapter: TelegramAdapter, *, rights: tuple[str, ...] | None = RIGHTS, **more: bool
) -> Group:
    """A supergroup (or with `supergroup=False` a basic one, or with `forum=True` one with topics)."""
    owner, admin, mira, eve = (tg.user(name) for name in ("Olga", "Adam", "Mira", "Eve"))
    chat = tg.group("Guild", [mira, eve], owner=owner, admins=[admin], bot_rights=rights, **more)  # type: ignore[arg-type]
    return Group(tg, adapter, chat, owner, admin, mira, eve)
