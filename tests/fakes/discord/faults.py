"""What may go wrong with a call of the REST API; see `tests.fakes.faults`."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from aiohttp import web

from tests.fakes.discord.errors import ApiError, flood, refusal
from tests.fakes.discord.record import Request
from tests.fakes.faults import Fault, Plan, answer, drop, hold, slow
from tests.fakes.wire import json_answer

__all__ = [
    "Fault",
    "Faults",
    "by_name",
    "drop",
    "fits",
    "hold",
    "limited",
    "malformed",
    "refused",
    "server_error",
    "slow",
]


def by_name(kind: str, **options: Any) -> Fault:
    """A fault by the name of its function, for the control port. Raises KeyError."""
    makers: dict[str, Callable[..., Fault]] = {
        "limited": limited,
        "server_error": server_error,
        "refused": refused,
        "drop": drop,
        "slow": slow,
        "malformed": malformed,
        "hold": hold,
    }
    return makers[kind](**options)


def _error(error: ApiError) -> Fault:
    return answer(lambda: json_answer(error.json(), error.status, error.headers))


def limited(retry_after: float = 0.05, *, everywhere: bool = False, via: bool = True) -> Fault:
    """429, for this route or for all; the call is not executed. Without `via`, of the guard in front of Discord."""
    return _error(flood(retry_after, everywhere=everywhere, via=via))


def server_error(status: int = 503, *, after: bool = False) -> Fault:
    """A 5xx; with `after`, of the nasty sort: the message is in the channel all the same.

    The library itself repeats after 500, 502, 504 and 524 (a second later and more), and reports any other at once.
    """
    text = f"error {status}"
    return answer(lambda: web.Response(text=text, status=status, content_type="text/html"), after=after)


def refused(code: int) -> Fault:
    """Discord's error of that JSON code, for example 50013."""
    return _error(refusal(code))


def malformed(*, after: bool = False) -> Fault:
    """HTTP 200 with something that is not JSON."""
    return answer(lambda: web.Response(body=b'{"id":"12', content_type="text/plain"), after=after)


@lru_cache(256)
def _pattern(path: str) -> "re.Pattern[str]":
    # "*" is one piece of a path, "**" any number of them.
    text = re.escape(path).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
    return re.compile(text)


def fits(request: Request, method: str, path: str) -> bool:
    """Whether a call has this method ("*" is any) and a path like this: "/channels/*/messages", "**" for the rest."""
    return method in ("*", request.method) and _pattern(path).fullmatch(request.path) is not None


class Faults(Plan[Request]):
    """The plan, by method and path."""

    def add(
        self,
        method: str,
        path: str,
        fault: Fault,
        times: int = 1,
        skip: int = 0,
        where: Callable[[Request], bool] | None = None,
    ) -> None:
        """`fault` for the next `times` fitting calls (see `fits`), sparing the first `skip`; `where` narrows it."""
        self.put(fault, lambda call: fits(call, method, path) and (where is None or where(call)), times, skip)
