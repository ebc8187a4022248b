"""Running an operation: the only way, whatever surface it came from.

In this order: read the arguments (pure), resolve them within what the audience may know, check the caller's standing
in the Nexus concerned, count against quotas, ask for confirmation where the operation wants it, run it, write the
audit row. A repeat of the same key finds the first result and changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from core.audit.stream import earlier_result, fingerprint, keep_result, write_audit
from core.buttons.buttons import Choice, offer, press
from core.buttons.tables import ButtonSpec
from core.errors import N_, BadInput, Missing, NotAllowed
from core.nexuses.members import memberships_of, standing_in, stewards_of
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import AudienceKind, Context, Origin
from core.operations.declare import Confirm, Operation, Parameter, Who
from core.operations.registry import Registry
from core.people.people import person_of
from core.quotas.quotas import GUEST_WRITES, spend

CONFIRMED = (Origin.BUTTON, Origin.CLI, Origin.SYSTEM)


@dataclass(frozen=True, slots=True)
class Done:
    """The operation ran, or had run before (`repeated`). `arguments` are as people see them."""

    operation: Operation
    result: Any
    arguments: Mapping[str, str]
    repeated: bool = False
    buttons: tuple[ButtonSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A human has to confirm first: `question` with `arguments` as they were understood, and the buttons for it."""

    operation: Operation
    question: str
    arguments: Mapping[str, str]
    buttons: tuple[ButtonSpec, ...]


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A card was closed without doing anything."""


Outcome = Done | Ask | Dismissed


def as_json(value: Any) -> Any:
    """A result as JSON values: dataclasses become objects, tuples lists; row ids become strings."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _id_safe(f.name, getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(v) for v in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _without_secrets(result: Any) -> Any:
    # A code is told once and kept nowhere, so a repeated call cannot tell it again; words stay where they were put.
    return {k: "" if k in ("code", "text") else v for k, v in result.items()} if isinstance(result, dict) else result


def _id_safe(name: str, value: Any) -> Any:
    # 63-bit ids do not survive a reader that keeps numbers as doubles.
    return str(value) if (name == "id" or name.endswith("_id")) and isinstance(value, int) else as_json(value)


def read_arguments(operation: Operation, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Read what was typed, argument by argument. Pure. Raises `BadInput` for unknown, `Missing` for absent ones."""
    unknown = [name for name in raw if operation.parameter(name) is None]
    if unknown:
        raise BadInput(
            N_("{operation} has no argument {names}. It takes: {known}."),
            operation=operation.name,
            names=", ".join(unknown),
            known=", ".join(p.name for p in operation.parameters) or "none",
        )
    given = {name: value for name, value in raw.items() if value is not None and value != ""}
    missing = [p for p in operation.parameters if p.required and p.name not in given]
    if missing:
        raise Missing(
            N_("Something is missing: {about}."),
            about=" and ".join(p.field.about for p in missing),
            names=[p.name for p in missing],
        )
    read = {}
    for parameter in operation.parameters:
        if parameter.name in given:
            with _about(parameter):
                read[parameter.name] = parameter.field.read(given[parameter.name])
    return read


@contextmanager
def _about(parameter: Parameter) -> Iterator[None]:
    """A refusal in here is about this argument, so that whoever asked can ask for it again."""
    try:
        yield
    except BadInput as error:
        error.argument = parameter.name
        raise


def may_call(origin: Origin, operation: Operation, standing: int) -> bool:
    """Whether a caller of this standing in the Nexus concerned may call the operation."""
    return origin is Origin.SYSTEM or operation.who is Who.ANYONE or standing >= operation.who


def run(registry: Registry, context: Context, name: str, raw: Mapping[str, Any]) -> Outcome:
    """Run an operation by name with raw arguments. Raises `NexusError` with nothing changed but quotas."""
    operation = registry.get(name)
    if operation.internal and context.origin not in CONFIRMED:
        raise NotAllowed(N_("That only works with the button that I sent for it."))
    if operation.direct_only and context.origin is Origin.TALK and not context.where.direct:
        raise NotAllowed(N_("Tell me that in our direct chat, please. Here others can hear it."))
    if operation.private and context.audience.kind is not AudienceKind.PERSON:
        context = context.private()
    read = read_arguments(operation, raw)
    if not operation.writes:
        resolved, _, _ = _concerned(context, operation, read)
        return _run(context, operation, resolved)
    body = fingerprint(name, dict(raw))
    if context.key:
        earlier = earlier_result(context.unit, context.key, body)
        if earlier is not None:
            return Done(operation, earlier, {}, repeated=True)
    if operation.quota is not None and context.origin is not Origin.BUTTON:
        spend(context.unit, context.actor.person_id, operation.quota)
    resolved, standing, why = _concerned(context, operation, read)
    if _needs_card(operation, context.origin, resolved):
        return _ask(context, operation, resolved)
    if standing < Who.MEMBER and context.origin is not Origin.SYSTEM:
        spend(context.unit, context.actor.person_id, GUEST_WRITES)
    with context.unit.savepoint():
        done = _run(context, operation, resolved)
        if context.key:
            keep_result(context.unit, context.key, body, _without_secrets(as_json(done.result)))
        _audit(context, operation, resolved, why)
    return done


def run_press(registry: Registry, context: Context, token: str) -> Outcome:
    """Use a button: the operation that it stands for, with the presser's own rights at this moment.

    A failure leaves the button as it was, so that the person can press again once the reason is gone.
    """
    with context.unit.savepoint():
        pressed = press(context.unit, token, context.actor.person_id)
        if not pressed.operation:
            return Dismissed()
        there = dataclasses.replace(
            context, origin=Origin.BUTTON if pressed.confirms else Origin.TALK, nexus_id=pressed.nexus_id
        )
        try:
            return run(registry, there, pressed.operation, pressed.arguments)
        except Missing as missing:
            missing.pressed = (pressed.operation, pressed.arguments)
            raise


def _concerned(context: Context, operation: Operation, read: Mapping[str, Any]) -> tuple[dict[str, Any], int, str]:
    """Resolve the arguments and check the standing. The Nexus is the argument `nexus`, or here.

    Returns the arguments, the caller's standing in that Nexus, and why they may.
    """
    resolved: dict[str, Any] = {}
    nexus_parameter = operation.parameter("nexus")
    concerned = context.nexus_id
    if nexus_parameter is not None and "nexus" in read:
        nexus: Nexus = nexus_parameter.field.resolve(read["nexus"], context)
        resolved["nexus"] = nexus
        concerned = nexus.id
    standing, why = standing_in(context.unit, context.actor.person_id, concerned)
    if not may_call(context.origin, operation, standing):
        raise _refusal(context, operation, concerned)
    there = dataclasses.replace(context, nexus_id=concerned)  # which dollar `$` is, that Nexus says
    for parameter in operation.parameters:
        if parameter.name in read and parameter.name not in resolved:
            asked = there if parameter.field.kind == "amount" else context
            with _about(parameter):
                resolved[parameter.name] = parameter.field.resolve(read[parameter.name], asked)
    if context.origin is Origin.SYSTEM:
        why = "system"
    elif operation.who is Who.ANYONE and standing < 0:
        why = "anyone"
    return {p.name: resolved[p.name] for p in operation.parameters if p.name in resolved}, standing, why


def _refusal(context: Context, operation: Operation, nexus_id: int) -> NotAllowed:
    """Says what, why and who can help; names nobody whom the audience may not know."""
    from core.access.people import may_know_person

    helpers = [
        person_of(context.unit, person_id).name
        for person_id in stewards_of(context.unit, nexus_id)[:5]
        if person_id != context.actor.person_id and may_know_person(context.unit, context.audience, person_id)
    ]
    role = {Who.MEMBER: N_("a member"), Who.MODERATOR: N_("a moderator"), Who.STEWARD: N_("a steward")}.get(
        operation.who, N_("an owner")
    )
    data = {"role": role, "nexus": nexus_of(context.unit, nexus_id).name}
    if operation.who is Who.MEMBER and not memberships_of(context.unit, context.actor.person_id):
        return NotAllowed(
            N_("You are in no Nexus yet. Start one (“create a Nexus called …”), or accept an invitation.")
        )
    if operation.who is Who.MEMBER and not helpers:
        return NotAllowed(
            N_("That is for members of {nexus}, and you are not one yet. An invitation gets you in."), **data
        )
    if helpers:
        return NotAllowed(
            N_("That takes {role} of {nexus}, which you are not. {helpers} could help."),
            helpers=" or ".join(helpers[:2]),
            **data,
        )
    return NotAllowed(N_("That takes {role} of {nexus}, which you are not."), **data)


def _needs_card(operation: Operation, origin: Origin, resolved: Mapping[str, Any]) -> bool:
    if operation.confirm is Confirm.NEVER or origin in CONFIRMED:
        return False
    if operation.heavy is not None and operation.heavy(**resolved):
        return True
    return operation.confirm is Confirm.ALWAYS or origin is Origin.TALK


def shown_arguments(operation: Operation, resolved: Mapping[str, Any]) -> dict[str, str]:
    """The arguments as people see them."""
    return {p.name: p.field.show(resolved[p.name]) for p in operation.parameters if p.name in resolved}


def _ask(context: Context, operation: Operation, resolved: Mapping[str, Any]) -> Ask:
    frozen = {p.name: p.field.freeze(resolved[p.name]) for p in operation.parameters if p.name in resolved}
    preview = operation.preview(context, **resolved) if operation.preview else {}
    shown = shown_arguments(operation, resolved) | dict(preview)
    shown.setdefault("nexus", nexus_of(context.unit, context.nexus_id).name)
    choices = operation.choices(context, **resolved) if operation.choices else ()
    buttons = offer(
        context.unit,
        choices or (Choice(N_("Yes"), operation.name, frozen, "primary"), Choice(N_("No"))),
        person_id=context.actor.person_id,
        nexus_id=context.nexus_id,
    )
    return Ask(operation, operation.asks or operation.summary, shown, buttons)


def _run(context: Context, operation: Operation, resolved: Mapping[str, Any]) -> Done:
    result = operation.function(context, **resolved)
    choices = operation.follows(context, result) if operation.follows and context.unit.writable else ()
    buttons = (
        offer(context.unit, choices, person_id=context.actor.person_id, nexus_id=context.nexus_id) if choices else ()
    )
    return Done(operation, result, shown_arguments(operation, resolved), buttons=buttons)


def _audit(context: Context, operation: Operation, resolved: Mapping[str, Any], why: str) -> None:
    facts = {name: value.id for name, value in resolved.items() if hasattr(value, "id")} | context.facts
    nexus: Any = resolved.get("nexus")
    write_audit(
        context.unit,
        {
            "at": context.now,
            "operation": operation.name,
            "person_id": context.actor.person_id,
            "account_id": context.actor.account_id,
            "nexus_id": context.facts.get("nexus", nexus.id if nexus is not None else context.nexus_id),
            "platform": context.where.platform,
            "place_id": context.where.place_id,
            "origin": context.origin.value,
            "key": context.key,
            "allowed_by": why,
            "facts": facts,
        },
    )
