"""What Discord's refusals mean in the contract's words.

Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from adapters.contract import (
    DeliveryError,
    Gone,
    NotPermitted,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)
from adapters.discord.library import discord

_UNKNOWN_MESSAGE = 10008
_ANSWERED = 40060
# The token of an interaction has ended, or never was: unknown interaction, unknown webhook, invalid webhook token.
EXPIRED = frozenset({10062, 10015, 50027})
_GONE = frozenset({10003, 10004, 10013})
_ARCHIVED = 50083
_NO_RIGHT = frozenset({50001, 50013})
# Cannot send to this user, invalid recipient, no server in common.
_UNREACHABLE = frozenset({50007, 50033, 50278})
_TOO_LARGE = 40005
_TWO_FACTOR = 60003


class Expired(DeliveryError):
    """An interaction that can no longer be answered in its place: the channel or the direct chat is the way."""


class Answered(DeliveryError):
    """An interaction that was acknowledged before."""


class Unknown(Gone):
    """A message that is not there, or not by this way."""


class Archived(Gone):
    """A thread that is archived, so that nothing in it can be changed."""


class TwoFactor(NotPermitted):
    """The server wants two-factor authentication of who moderates, and the account that owns the bot has none."""


class Refused(DeliveryError):
    """What Discord refuses for any other reason; `code` is Discord's own."""

    def __init__(self, detail: str, code: int) -> None:
        super().__init__(detail)
        self.code = code


def contract_error(error: discord.HTTPException) -> DeliveryError:
    """The contract's word for a refusal. Its text has Discord's code and never what was to be said."""
    detail = f"{error.status} (code {error.code})"
    if error.code in EXPIRED:
        return Expired(detail)
    if error.code == _ANSWERED:
        return Answered(detail)
    if error.code == _UNKNOWN_MESSAGE:
        return Unknown(detail)
    if error.status == 429:
        return TooManyRequests(_retry_after(error), detail)
    if error.status >= 500:
        return Transient(detail, maybe_done=True)
    if error.status == 401:
        return Unauthorized(detail)
    if error.code in _UNREACHABLE:
        return Unreachable(detail)
    if error.code == _ARCHIVED:
        return Archived(detail)
    if error.code == _TWO_FACTOR:
        return TwoFactor("two-factor authentication of the account that owns the bot")
    if error.code in _GONE or error.status == 404:
        return Gone(detail)
    if error.code in _NO_RIGHT or error.status == 403:
        return NotPermitted("View Channel" if error.code == 50001 else "Send Messages")
    if error.code == _TOO_LARGE or error.status == 413:
        return DeliveryError(f"a file is too large for Discord: {detail}")
    return Refused(detail, error.code)


def _retry_after(error: discord.HTTPException) -> float:
    try:
        return max(float(error.response.headers.get("Retry-After", 1.0)), 0.1)
    except ValueError:
        return 1.0
