"""Faults on demand: what goes wrong, when (before or after the work was done), how often."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.fakes.telegram.errors import ApiError
from tests.fakes.wire import cut_off, json_answer

Kind = Literal["answer", "drop", "slow", "malformed", "hold"]
_STATUS_TEXT = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}


@dataclass(slots=True)
class Fault:
    """One kind of trouble; `after` means the work was done and only its answer is lost or late."""

    kind: Kind
    after: bool = False
    error: ApiError | None = None
    seconds: float = 0.0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let calls stopped by `hold` go on, those of now and of later."""
        self.gate.set()

    async def strike(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """The answer in place of the true one; None when the call goes on after a delay."""
        self.reached.set()
        match self.kind:
            case "slow":
                await asyncio.sleep(self.seconds)
            case "hold":
                await self.gate.wait()
            case "drop":
                return await cut_off(request)
            case "malformed":
                return web.Response(body=b'{"ok":true,"result":{"mess', content_type="application/json")
            case "answer":
                assert self.error is not None
                return json_answer(self.error.json(), self.error.code)
        return None


def flood(retry_after: int = 1) -> Fault:
    """429 with `retry_after` in whole seconds; the call is not executed."""
    description = f"Too Many Requests: retry after {retry_after}"
    return Fault("answer", error=ApiError(429, description, {"retry_after": retry_after}))


def server_error(code: int = 500, *, after: bool = False) -> Fault:
    """A 5xx; with `after`, of the nasty sort: the message is in the chat all the same."""
    return Fault("answer", after, ApiError(code, _STATUS_TEXT.get(code, "Server Error")))


def refused(code: int, description: str) -> Fault:
    """Any other API error, for example `refused(403, "Forbidden: bot was kicked from the supergroup chat")`."""
    return Fault("answer", error=ApiError(code, description))


def drop(*, after: bool = False) -> Fault:
    """The connection is reset before or after the work."""
    return Fault("drop", after)


def slow(seconds: float, *, after: bool = False) -> Fault:
    """The call waits that long before, or its answer after, the work."""
    return Fault("slow", after, seconds=seconds)


def malformed(*, after: bool = False) -> Fault:
    """HTTP 200 with JSON that breaks off."""
    return Fault("malformed", after)


def hold(*, after: bool = False) -> Fault:
    """The call stops until `release()`; `reached` is an asyncio.Event set when one stopped there."""
    return Fault("hold", after)


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    times: int
    skip: int
    where: Mapping[str, Any]


class Faults:
    """The plan: faults wait per method, oldest first."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._holds: list[Fault] = []

    def add(
        self, method: str, fault: Fault, times: int = 1, skip: int = 0, where: Mapping[str, Any] | None = None
    ) -> None:
        """`fault` for the next `times` calls of `method` ("*" is any), sparing the first `skip` ones.

        `where` narrows it to calls whose parameters have these values.
        """
        if fault.kind == "hold":
            self._holds.append(fault)
        self._planned.append(_Planned(method.lower(), fault, times, skip, where or {}))

    def clear(self) -> None:
        """Nothing goes wrong any more; held calls go on."""
        for fault in self._holds:
            fault.release()
        self._holds.clear()
        self._planned.clear()

    def take(self, method: str, params: Mapping[str, Any]) -> Fault | None:
        """The fault this call meets, if any."""
        for planned in self._planned:
            if planned.method not in ("*", method):
                continue
            if any(params.get(name) != value for name, value in planned.where.items()):
                continue
            if planned.skip:
                planned.skip -= 1
                continue
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
            return planned.fault
        return None
