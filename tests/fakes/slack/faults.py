"""What may go wrong with a call of the Web API, or with "response_url", "upload" and "download".

See `tests.fakes.faults`.
"""

from typing import Any

from aiohttp import web

from tests.fakes.faults import Fault, answer, drop, hold, slow
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.errors import rate_limited as _rate_limited
from tests.fakes.wire import json_answer

__all__ = ["Fault", "drop", "hold", "malformed", "rate_limited", "refused", "server_error", "slow"]


def _error(error: SlackError, *, after: bool = False) -> Fault:
    return answer(lambda: json_answer(error.json(), error.status, error.headers), after=after)


def rate_limited(retry_after: int = 1) -> Fault:
    """429 `ratelimited` with Retry-After in whole seconds; the call is not executed."""
    return _error(_rate_limited(retry_after))


def refused(error: str, *, status: int = 200, after: bool = False, **fields: Any) -> Fault:
    """Any other refusal, for example `refused("fatal_error", status=500)`."""
    return _error(SlackError(error, status=status, **fields), after=after)


def server_error(status: int = 503, *, after: bool = False) -> Fault:
    """A 5xx with a page of HTML; with `after`, of the nasty sort: the message is in the channel all the same."""
    page = "<html>Server Error</html>"
    return answer(lambda: web.Response(text=page, status=status, content_type="text/html"), after=after)


def malformed(*, after: bool = False) -> Fault:
    """HTTP 200 with JSON that breaks off."""
    body = b'{"ok":true,"mess'
    return answer(lambda: web.Response(body=body, content_type="application/json"), after=after)
