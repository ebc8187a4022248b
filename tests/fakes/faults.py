"""Faults on demand: what goes wrong, when (before or after the work was done), how often. Each fake adds its own."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from aiohttp import web

from tests.fakes.wire import cut_off

C = TypeVar("C")
Kind = Literal["answer", "drop", "slow", "hold"]


@dataclass(slots=True)
class Fault:
    """One kind of trouble; `after` means the work was done and only its answer is lost or late."""

    kind: Kind
    after: bool = False
    answer: Callable[[], web.Response] | None = None
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
            case "answer":
                assert self.answer is not None
                return self.answer()
        return None


def answer(make: Callable[[], web.Response], *, after: bool = False) -> Fault:
    """What `make` gives is answered instead; a new one for each call that it strikes."""
    return Fault("answer", after, make)


def drop(*, after: bool = False) -> Fault:
    """The connection is reset before or after the work."""
    return Fault("drop", after)


def slow(seconds: float, *, after: bool = False) -> Fault:
    """The call waits that long before, or its answer after, the work."""
    return Fault("slow", after, seconds=seconds)


def hold(*, after: bool = False) -> Fault:
    """The call stops until `release()`; `reached` is an asyncio.Event set when one stopped there."""
    return Fault("hold", after)


@dataclass(slots=True)
class _Planned(Generic[C]):
    fault: Fault
    fits: Callable[[C], bool]
    times: int
    skip: int


class Plan(Generic[C]):
    """Faults wait for the calls that they fit, oldest first."""

    def __init__(self) -> None:
        self._planned: list[_Planned[C]] = []
        self._holds: list[Fault] = []

    def put(self, fault: Fault, fits: Callable[[C], bool], times: int, skip: int) -> None:
        """`fault` for the next `times` calls that fit, sparing the first `skip` ones."""
        if fault.kind == "hold":
            self._holds.append(fault)
        self._planned.append(_Planned(fault, fits, times, skip))

    def clear(self) -> None:
        """Nothing goes wrong any more; held calls go on."""
        for fault in self._holds:
            fault.release()
        self._holds.clear()
        self._planned.clear()

    def meet(self, call: C) -> Fault | None:
        """The fault this call meets, if any."""
        for planned in self._planned:
            if not planned.fits(call):
                continue
            if planned.skip:
                planned.skip -= 1
                continue
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
            return planned.fault
        return None


class MethodFaults(Plan[tuple[str, Mapping[str, Any]]]):
    """The plan of a fake whose calls are a method's name and its parameters."""

    def add(
        self, method: str, fault: Fault, times: int = 1, skip: int = 0, where: Mapping[str, Any] | None = None
    ) -> None:
        """`fault` for the next `times` calls of `method` ("*" is any), sparing the first `skip` ones.

        `where` narrows it to calls whose parameters have these values.
        """

        def fits(call: tuple[str, Mapping[str, Any]]) -> bool:
            name, params = call
            return method in ("*", name) and all(params.get(key) == value for key, value in (where or {}).items())

        self.put(fault, fits, times, skip)

    def take(self, method: str, params: Mapping[str, Any]) -> Fault | None:
        """The fault this call meets, if any."""
        return self.meet((method, params))
