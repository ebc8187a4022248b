"""Interactions in: each acknowledged at once (Discord waits three seconds), beside the recording and never after it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from adapters.common.bounded import Bounded
from adapters.contract import DeliveryError, OptionKind, Sink, Suggestion, Transient
from adapters.discord.compose import EPHEMERAL
from adapters.discord.exchange import Exchange, Exchanges
from adapters.discord.forms import (
    AGAIN,
    FORM,
    Form,
    again,
    filled,
    lost,
    modal,
    named,
    notice,
    opened,
    rebuilt,
    submitted,
)
from adapters.discord.intake import Intake
from adapters.discord.interactions import (
    COMMAND,
    COMPLETE,
    PRESS,
    SUBMIT,
    TYPING,
    WAIT,
    WAIT_QUIETLY,
    Used,
    command_event,
    for_one,
    handle,
    press_event,
    used,
)
from adapters.discord.menu import Menu
from adapters.discord.refusals import Answered
from adapters.discord.rest import Rest
from adapters.discord.world import World

log = logging.getLogger(__name__)

Json = dict[str, Any]

_COMPLETE_WITHIN = 2.0  # seconds for suggestions
_ACKNOWLEDGE_WITHIN = 2.8
_MOST_SUGGESTIONS, _LONGEST_SUGGESTION = 25, 100
_MOST_FORMS = 2_000
_CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"  # names that make each its own rate limit
_CHANGED = "This command has changed since you opened it. Please start it again; if it is not there, restart Discord."
_FORGOTTEN = "I no longer know what this form was about. Please use the command again."
TRY_AGAIN, GO_ON = "Try again", "Go on"
_MORE = "That was the first part. There is a little more to fill in."


class Interactions:
    """Reads interactions, acknowledges them and hands them on."""

    def __init__(
        self,
        rest: Rest,
        world: World,
        menu: Menu,
        sink: Sink,
        intake: Intake,
        exchanges: Exchanges,
        clock: Callable[[], int],
    ) -> None:
        self._rest, self._world, self._menu = rest, world, menu
        self._sink, self._intake, self._exchanges = sink, intake, exchanges
        self._clock = clock
        self._forms: Bounded[str, Form] = Bounded(_MOST_FORMS)
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, raw: Json) -> None:
        """One interaction. Raises KeyError, TypeError, ValueError or AttributeError for what is none."""
        kind = raw["type"]
        if kind == COMMAND:
            self._command(raw)
        elif kind == PRESS:
            self._press(raw)
        elif kind == TYPING:
            self._run(self._complete(raw))
        elif kind == SUBMIT:
            self._submit(raw)

    async def stop(self) -> None:
        """Let acknowledgements under way finish."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_ACKNOWLEDGE_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # -- commands and forms ----------------------------------------------------------------------------------

    def _command(self, raw: Json) -> None:
        done = used(raw, self._menu, self._world)
        if done is None:
            self._run(self._callback(raw, notice(_CHANGED)))
        elif done.entry.missing(dict(done.arguments)):
            self._open(raw, opened(secrets.token_hex(6), done))
        else:
            self._begin(raw, done)

    def _begin(self, raw: Json, done: Used) -> None:
        """A complete command: Discord is told to wait, and the event goes to the store, side by side."""
        hidden = done.entry.private and bool(raw.get("guild_id"))
        callback: Json = {"type": WAIT} | ({"data": {"flags": EPHEMERAL}} if hidden else {})
        respond = self._accept(raw, callback, ephemeral=hidden)
        self._intake.put(_queue(raw), [command_event(raw, done, self._world, respond)])

    def _accept(self, raw: Json, callback: Json, *, ephemeral: bool = False) -> str:
        """Acknowledge, unless Discord only tells once more what it told before; the handle for the event."""
        way = handle(raw, now=self._clock(), ephemeral=ephemeral)
        if self._exchanges.known(way.interaction_id) is None:
            self._run(self._acknowledge(raw, callback, self._exchanges.begin(way)))
        return way.dump()

    def _open(self, raw: Json, form: Form) -> None:
        self._forms.put(form.number, form)
        self._run(self._callback(raw, modal(form)))

    def _submit(self, raw: Json) -> None:
        data = raw["data"]
        if not str(data["custom_id"]).startswith(FORM):
            return
        typed = submitted(data)
        number, name = named(data["custom_id"])
        form = self._forms.get(number)
        if form is None:
            entry = self._menu.entry(name)
            form = rebuilt(number, entry, typed) if entry else None
        if form is None:
            self._run(self._callback(raw, notice(lost(typed))))
            return
        form, problems = filled(form, typed)
        self._forms.put(number, form)
        if problems:
            self._run(self._callback(raw, again(form, problems, TRY_AGAIN)))
        elif form.asked():  # more than Discord shows at once
            self._run(self._callback(raw, again(form, [_MORE], GO_ON)))
        else:
            self._begin(raw, form.done)

    # -- presses ---------------------------------------------------------------------------------------------

    def _press(self, raw: Json) -> None:
        custom_id = str(raw["data"]["custom_id"])
        if custom_id.startswith(AGAIN):
            form = self._forms.get(named(custom_id)[0])
            if form is None or not form.asked():
                self._run(self._callback(raw, notice(_FORGOTTEN)))
            else:
                self._run(self._callback(raw, modal(form)))
            return
        respond = self._accept(raw, {"type": WAIT_QUIETLY}, ephemeral=for_one(raw))
        self._intake.put(_queue(raw), [press_event(raw, self._world, respond)])

    # -- completion ------------------------------------------------------------------------------------------

    async def _complete(self, raw: Json) -> None:
        suggestions: list[Suggestion] = []
        done = used(raw, self._menu, self._world)
        option = done.entry.option(done.typing) if done else None
        if done and option:
            typed = done.arguments[option.name]
            if option.kind is OptionKind.CHOICE:
                suggestions = [Suggestion(one, one) for one in option.choices if typed.lower() in one.lower()]
            else:
                event = command_event(raw, done, self._world, "")
                try:
                    async with asyncio.timeout(_COMPLETE_WITHIN):
                        suggestions = await self._sink.complete(event, option.name, typed)
                except TimeoutError:
                    log.debug("no suggestions in time")
        choices = [
            {"name": one.label[:_LONGEST_SUGGESTION], "value": one.value}
            for one in suggestions
            if one.label and one.value and len(one.value) <= _LONGEST_SUGGESTION
        ]
        await self._callback(raw, {"type": COMPLETE, "data": {"choices": choices[:_MOST_SUGGESTIONS]}})

    # -- telling Discord -------------------------------------------------------------------------------------

    async def _acknowledge(self, raw: Json, callback: Json, exchange: Exchange) -> None:
        try:
            exchange.dead = not await self._callback(raw, callback)
        finally:
            exchange.acknowledged.set()

    async def _callback(self, raw: Json, callback: Json) -> bool:
        """Whether Discord took it. A lost attempt is made once more: only the first that arrives counts."""
        ids: Json = {"webhook_id": str(raw["id"]), "webhook_token": str(raw["token"])}
        for _ in range(2):
            try:
                await self._rest.call("POST", _CALLBACK, callback, patience=_ACKNOWLEDGE_WITHIN, **ids)
            except Transient as error:
                log.warning("an interaction could not be acknowledged at once: %s", error)
            except Answered:  # the attempt that seemed lost was not
                return True
            except DeliveryError as error:
                log.warning("an interaction could not be acknowledged: %s", error)
                return False
            else:
                return True
        return False

    def _run(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work, name="discord interaction")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _queue(raw: Json) -> str:
    return str(raw.get("channel_id") or raw["channel"]["id"])
