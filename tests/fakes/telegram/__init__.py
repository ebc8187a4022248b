"""A believable Telegram Bot API server; `FakeTelegram` is the way in, `faults` what may go wrong."""

from tests.fakes.telegram import faults
from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.model import Answer, Bot, Message, Request, User
from tests.fakes.telegram.server import TOKEN, FakeTelegram

__all__ = ["TOKEN", "Answer", "Bot", "Chat", "FakeTelegram", "Message", "Request", "User", "faults"]
