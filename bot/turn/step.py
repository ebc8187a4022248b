"""One operation inside a unit: run it, and say what came of it, to whoever may hear that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from adapters.contract import Reply, Sent
from bot.cards import reply_for, reply_for_error
from bot.inbox.inbox import Entry
from bot.metrics import metrics
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.shown import Shows, shows
from bot.talk import questions
from bot.turn.context import Setting, address_of, context_of
from bot.words import Words
from core.errors import N_, BadInput, Missing, NexusError
from core.operations import Operation, Origin, Registry
from core.operations.run import Ask, Done, run, run_press
from core.store import Unit

P = ParamSpec("P")
PRIVATELY = N_("I've answered you in our direct chat.")
HINT_POSITION = 50  # the public line that goes with a private answer


@dataclass(slots=True)
class Said:
    """What one step wants said: the reply, whether only the speaker may hear it, how it went, and of which records."""

    reply: Reply
    private: bool = False
    went: str = "done"  # done | asked | missing | refused
    operation: Operation | None = None
    shows: Collection[int] = frozenset()


def _noting(step: Callable[Concatenate[Unit, P], Said]) -> Callable[Concatenate[Unit, P], Said]:
    """A step that says of which records it tells."""

    @wraps(step)
    def noted(unit: Unit, /, *args: P.args, **kwargs: P.kwargs) -> Said:
        unit.shown.clear()
        said = step(unit, *args, **kwargs)
        said.shows = frozenset(unit.shown)
        return said

    return noted


@_noting
def take_step(
    unit: Unit,
    registry: Registry,
    words: Words,
    entry: Entry,
    setting: Setting,
    name: str,
    raw: Mapping[str, Any],
    origin: Origin,
    key: str,
) -> Said:
    """Run an operation for the speaker. What a person could have done wrong comes back as words, not as an error."""
    operation = None
    try:
        operation = registry.get(name)
        outcome = run(registry, context_of(unit, entry, setting, origin, key), name, raw)
    except Missing as missing:
        assert operation is not None
        asked = missing.data["names"][0]
        questions.ask(unit, entry.talk_key, name, dict(raw), asked)
        _count(name, "missing")
        return Said(_still_needed(operation, missing.data["names"], words), operation.private, "missing", operation)
    except NexusError as error:
        doubtful = _doubtful_amount(operation, error)
        if doubtful:
            questions.ask(unit, entry.talk_key, name, dict(raw), doubtful)
        _count(operation.name if operation else "unknown", "refused")
        return Said(reply_for_error(error, words), bool(operation and operation.private), "refused", operation)
    questions.close(unit, entry.talk_key)
    _count(name, "asked" if isinstance(outcome, Ask) else "done")
    buttons = outcome.buttons if isinstance(outcome, Done) else ()
    return Said(
        reply_for(outcome, words, buttons),
        bool(operation.private),
        "asked" if isinstance(outcome, Ask) else "done",
        operation,
    )


@_noting
def take_press(
    unit: Unit, registry: Registry, words: Words, entry: Entry, setting: Setting, token: str, key: str
) -> Said:
    """Use a button for the speaker."""
    try:
        outcome = run_press(registry, context_of(unit, entry, setting, Origin.BUTTON, key), token)
    except Missing as missing:
        if missing.pressed is None:
            raise
        name, given = missing.pressed
        questions.ask(unit, entry.talk_key, name, given, missing.data["names"][0])
        _count(name, "missing")
        wanted = registry.get(name)
        return Said(_still_needed(wanted, missing.data["names"], words), wanted.private, "missing", wanted)
    except NexusError as error:
        _count("button", "refused")
        return Said(reply_for_error(error, words), True, "refused")
    operation = outcome.operation if isinstance(outcome, Done) else None
    _count(operation.name if operation else "button", "done")
    buttons = outcome.buttons if isinstance(outcome, Done) else ()
    return Said(reply_for(outcome, words, buttons), bool(operation and operation.private), "done", operation)


def write_replies(
    unit: Unit,
    words: Words,
    entry: Entry,
    setting: Setting,
    said: list[Said],
    *,
    position: int = 0,
    replaces: Sent | None = None,
    hint_in: Outgoing | None = None,
) -> list[Outgoing]:
    """Put what was said into the outbox. A private answer in a shared place leaves one constant line there, unless
    the platform can show it to the asker alone where it was asked.

    `replaces` is a message of ours (a card that was answered) in whose place the first reply goes; `hint_in` is an
    open row whose placeholder becomes the constant line. A turn leaves that line once.
    """
    rows = []
    hint = hidden = False
    for index, one in enumerate(said):
        private = one.private and not setting.place.direct
        hidden = hidden or private
        hint = hint or (private and not entry.event.answers_privately)
        rows.append(
            outbox.say(
                unit,
                inbox_id=entry.inbox_id,
                position=position + index,
                place_key=entry.place_key,
                address=address_of(entry, private=private),
                reply=one.reply,
                replaces=replaces if index == 0 else None,
                shows=shown_by(setting, one),
            )
        )
    if hidden and hint_in is not None:
        hint_in.reply, hint_in.state = Reply(words(PRIVATELY)), "waiting"
        hint_in.shows = None
        outbox.set_final(unit, hint_in.id, hint_in.reply, None)
        rows.append(hint_in)
    elif hint and all(row.position != HINT_POSITION for row in outbox.of_turn(unit, entry.inbox_id)):
        rows.append(
            outbox.say(
                unit,
                inbox_id=entry.inbox_id,
                position=HINT_POSITION,
                place_key=entry.place_key,
                address=address_of(entry),
                reply=Reply(words(PRIVATELY)),
            )
        )
    return rows


def shown_by(setting: Setting, said: Said) -> Shows | None:
    """What is looked at again when this is sent."""
    return shows(setting.place, setting.person.id, said.shows, private=said.private)


def _still_needed(operation: Operation, names: list[str], words: Words) -> Reply:
    parameter = operation.parameter(names[0])
    assert parameter is not None
    return Reply(words(N_("Gladly. Tell me {about}."), about=words(parameter.field.about)))


def _doubtful_amount(operation: Operation | None, error: NexusError) -> str:
    """The argument that a refusal asks about ("1500 EUR or 1.50 EUR?"), so that the next message answers it."""
    if operation is None or not isinstance(error, BadInput):
        return ""
    parameter = operation.parameter(error.argument)
    return parameter.name if parameter is not None and parameter.field.kind == "amount" else ""


def _count(operation: str, outcome: str) -> None:
    metrics.operations.labels(operation, outcome).inc()
