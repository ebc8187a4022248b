"""The table of Bot API methods; each module of methods adds its own with `@method`."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from tests.fakes.telegram.errors import ApiError, bad_request, forbidden
from tests.fakes.telegram.model import Bot
from tests.fakes.telegram.params import Params

if TYPE_CHECKING:
    from tests.fakes.telegram.chat import Chat
    from tests.fakes.telegram.server import FakeTelegram

Method = Callable[["FakeTelegram", Bot, Params], Any | Awaitable[Any]]
M = TypeVar("M", bound=Method)
# Lower-case name → (name, function): method names are case-insensitive.
METHODS: dict[str, tuple[str, Method]] = {}


def method(name: str) -> Callable[[M], M]:
    """Register a function as the Bot API method of that name. It returns the `result`, or raises ApiError."""

    def register(function: M) -> M:
        METHODS[name.lower()] = (name, function)
        return function

    return register


def find_chat(tg: "FakeTelegram", bot: Bot, params: Params, *, to_write: bool = True) -> "Chat":
    """The chat of `chat_id`, refused as Telegram refuses: unknown, moved, left, blocked, never opened."""
    chat_id = params.get("chat_id")
    if chat_id in (None, ""):
        raise bad_request("chat_id is empty")
    chat = tg.chat_of(bot, chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to})
    if chat.person is not None:
        if to_write and chat.blocked:
            raise forbidden("bot was blocked by the user")
        if to_write and not chat.opened:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    member = chat.members.get(bot.id)
    if member is None:
        raise bad_request("chat not found")
    if not member.present:
        what = "was kicked from" if member.status == "kicked" else "is not a member of"
        raise ApiError(403, f"Forbidden: bot {what} the {chat.kind} chat")
    return chat


def need_right(chat: "Chat", bot: Bot, right: str, problem: str) -> None:
    """Refuse with 400 unless the bot is an administrator with that right."""
    member = chat.members.get(bot.id)
    if member is None or not member.may(right):
        raise bad_request(problem)
