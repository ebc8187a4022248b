"""What may go wrong with a call of the Bot API; see `tests.fakes.faults`."""

from aiohttp import web

from tests.fakes.faults import Fault, answer, drop, hold, slow
from tests.fakes.telegram.errors import ApiError
from tests.fakes.wire import json_answer

__all__ = ["Fault", "drop", "flood", "hold", "malformed", "refused", "server_error", "slow"]

_STATUS_TEXT = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}


def _error(error: ApiError, *, after: bool = False) -> Fault:
    return answer(lambda: json_answer(error.json(), error.code), after=after)


def flood(retry_after: float = 1) -> Fault:
    """429 with `retry_after` in seconds (Telegram's are whole); the call is not executed."""
    description = f"Too Many Requests: retry after {retry_after}"
    return _error(ApiError(429, description, {"retry_after": retry_after}))


def server_error(code: int = 500, *, after: bool = False) -> Fault:
    """A 5xx; with `after`, of the nasty sort: the message is in the chat all the same."""
    return _error(ApiError(code, _STATUS_TEXT.get(code, "Server Error")), after=after)


def refused(code: int, description: str) -> Fault:
    """Any other API error, for example `refused(403, "Forbidden: bot was kicked from the supergroup chat")`."""
    return _error(ApiError(code, description))


def malformed(*, after: bool = False) -> Fault:
    """HTTP 200 with JSON that breaks off."""
    body = b'{"ok":true,"result":{"mess'
    return answer(lambda: web.Response(body=body, content_type="application/json"), after=after)
