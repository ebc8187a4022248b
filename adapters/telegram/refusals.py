"""What the Bot API's refusals mean in the contract's words.

The API tells most things in an English sentence only, so this is the one place that reads them. The sentences are
those of the official server (telegram-bot-api and TDLib); quoted parts may be people's words and are cut out.
"""

from __future__ import annotations

import re

from telegram.error import TelegramError

from adapters.contract import (
    DeliveryError,
    Gone,
    NotPermitted,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LONGEST_DETAIL = 160

_NO_PRIVATE_WAY = (
    "blocked by the user",
    "can't initiate conversation",
    "user is deactivated",
    "can't send messages to bots",
    "user_is_blocked",
    "peer_id_invalid",
    "user not found",
)
_GONE = (
    "was kicked",
    "is not a member",
    "was deleted",
    "not found",  # chat, message to edit, message thread, file
    "message can't be edited",
    "message_id_invalid",
    "peer_id_invalid",
    "wrong file",
    "file is too big",
    "file is temporarily unavailable",
    "upgraded to a supergroup",
)
_RIGHTS = (  # first match wins
    ("photo", "can_send_photos"),
    ("document", "can_send_documents"),
    ("text message", "can_send_messages"),
    ("topic", "can_manage_topics"),
    ("delete", "can_delete_messages"),
    ("administrator", "administrator"),
    ("admin_required", "administrator"),
)
_NO_RIGHT = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_admin_required",
    "forbidden",  # CHAT_WRITE_FORBIDDEN, CHAT_SEND_PHOTOS_FORBIDDEN …
    "chat_restricted",
    "topic_closed",
    "can't be deleted",
)


class Refused(TelegramError):
    """The platform answered, and the answer was no."""

    def __init__(self, code: int, description: str, *, retry_after: float = 0, moved_to: str = "") -> None:
        super().__init__(_QUOTED.sub("…", description)[:_LONGEST_DETAIL])
        self.code = code
        self.retry_after = retry_after
        self.moved_to = moved_to  # a group that became a supergroup tells its new id

    def says(self, *words: str) -> bool:
        """Whether the platform's sentence contains one of these."""
        sentence = self.message.lower()
        return any(word in sentence for word in words)


class Lost(TelegramError):
    """No answer arrived. `maybe_done`: the request had left us, so the platform may have carried it out."""

    def __init__(self, detail: str, *, maybe_done: bool) -> None:
        super().__init__(detail)
        self.maybe_done = maybe_done


def contract_error(error: TelegramError, *, direct: bool = False) -> DeliveryError:
    """The contract's word for an error; `direct` says that the chat is one person's."""
    if isinstance(error, Lost):
        return Transient(error.message, maybe_done=error.maybe_done)
    if not isinstance(error, Refused):  # an answer that is no JSON: something between us and the platform
        return Transient(type(error).__name__, maybe_done=True)
    detail = f"{error.code} {error.message}"
    if error.code == 429:
        return TooManyRequests(error.retry_after or 1.0, detail)
    if error.code >= 500:
        return Transient(detail, maybe_done=True)
    if error.code == 401 or (error.code == 404 and error.message.lower() == "not found"):
        return Unauthorized(detail)
    if direct and error.says(*_NO_PRIVATE_WAY, "chat not found"):
        return Unreachable(detail)
    if error.says(*_GONE):
        return Gone(detail)
    if error.code == 403 or error.says(*_NO_RIGHT):
        right = next((name for word, name in _RIGHTS if error.says(word)), "can_send_messages")
        return NotPermitted(f"{right} ({detail})")
    return DeliveryError(detail)
