"""Explicit commands: `/need post a designer`, `/role grant Ana steward nexus=Parser`, `/start CODE`. Pure."""

from __future__ import annotations

import re
import shlex
from typing import Any

from adapters.contract import Command
from bot.turn.orders import is_order, named, read_order
from core.errors import N_, BadInput
from core.ids import read_code
from core.operations import Operation, Parameter, Registry

# What a subject means without a verb, and single words that people try first.
DEFAULT_VERB = {
    "need": "post",
    "offer": "post",
    "thought": "add",
    "invite": "create",
    "nexus": "show",
    "person": "show",
    "account": "list",
    "place": "show",
    "record": "search",
    "people": "find",
    "audit": "list",
    "owner": "claim",
    "rule": "show",
    "fund": "show",
    "hours": "list",
    "office": "list",
    "grant": "propose",
    "receipt": "list",
    "pledge": "make",
    "policy": "show",
    "mandate": "list",
    "ledger": "verify",
    "backer": "show",
    "payout": "list",
}
ALIASES = {
    "find": "people.find",
    "who": "people.find",
    "search": "record.search",
    "claim": "owner.claim",
    "accept": "invite.accept",
    "join": "nexus.join",
    "leave": "nexus.leave",
    "enter": "nexus.enter",
    "create": "nexus.create",
    "needs": "need.list",
    "offers": "offer.list",
    "thoughts": "thought.list",
    "note": "thought.add",
    "members": "nexus.members",
    "invites": "invite.list",
    "link": "account.link",
    "me": "person.show",
    "bind": "place.bind",
    "setup": "place.setup",
    "history": "audit.list",
    "rules": "rule.show",
    "commands": "help",
    "mute": "timeout",
    "slow": "slowmode",
    "clear": "purge",
    "start": "help",
}
_ABOUT_A_CASE = re.compile(r"(?:(?:--)?case\s*(?:=\s*)?[\"“]?)?#?\d{1,9}\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:under|into|inside|in|to|of|as|->|→)\s+|\s*,\s*", re.IGNORECASE)
_ONE_WORD = frozenset({"choice", "whole", "duration", "yesno", "code"})
_FILLERS = frozenset({"as", "a", "an", "to", "for", "in", "of", "the"})


def read_command(registry: Registry, command: Command, *, answering: bool = False) -> tuple[Operation, dict[str, Any]]:
    """The operation and raw arguments of a command. Raises `BadInput` for a name that is none.

    `answering`: it was written as an answer to a message.
    """
    name, rest = command.name.casefold(), command.rest.strip()
    if command.arguments is not None:
        return _operation(registry, name, "")[0], dict(command.arguments)
    if name == "note" and not _ABOUT_A_CASE.match(rest):
        name = "thought"  # a moderator's note belongs to a case; everybody's is a thought
    operation, rest = _operation(registry, name, rest)
    if operation.name == "nexus.join" and "-" in rest and len(read_code(rest)) >= 12:
        operation = registry.get("invite.accept")  # people join with a code as readily as with a name
    if is_order(operation):
        return operation, read_order(operation, rest, answering=answering)
    return operation, read_rest(operation, rest)


def _operation(registry: Registry, name: str, rest: str) -> tuple[Operation, str]:
    if name == "start" and rest:
        return registry.get("invite.accept"), rest
    if name in registry:
        return registry.get(name), rest
    verb, _, after = rest.partition(" ")
    for candidate in (f"{name}.{verb.casefold()}", name.replace("_", ".")):
        if candidate in registry:
            found = registry.get(candidate)
            return found, after.strip() if candidate.endswith("." + verb.casefold()) and verb else rest
    if name in ALIASES:
        return registry.get(ALIASES[name]), rest
    if name in DEFAULT_VERB:
        return registry.get(f"{name}.{DEFAULT_VERB[name]}"), rest
    try:
        return registry.get(name), rest
    except BadInput:
        raise BadInput(N_("I know no command /{name}. Say “help” to see what you can do here."), name=name) from None


def read_rest(operation: Operation, rest: str) -> dict[str, Any]:
    """Raw arguments from what was typed behind a command: `name=value` anywhere, the others by their order."""
    given: dict[str, Any]
    given, rest = named(operation, rest)
    left = [p for p in operation.parameters if p.name not in given]
    required = [p for p in left if p.required]
    if not rest or not left:
        return given
    if len(required) <= 1:
        taker = required[0] if required else next((p for p in left if _takes(p, rest)), left[0])
        given[taker.name] = rest if taker.field.kind != "text" else _unquote(rest)
        return given
    return given | _in_order(required, rest)


def _takes(parameter: Parameter, rest: str) -> bool:
    try:
        parameter.field.read(rest)
    except BadInput:
        return False
    return True


def _unquote(text: str) -> str:
    return text[1:-1] if len(text) > 2 and text[0] + text[-1] in ('""', "“”") and text[0] not in text[1:-1] else text


def _in_order(required: list[Parameter], rest: str) -> dict[str, Any]:
    """Several required arguments in one line: quoted parts, parts between "under", "to", a comma; or word by word."""
    if '"' in rest:
        try:
            parts = shlex.split(rest)
        except ValueError:
            parts = rest.split()
    else:
        parts = [p for p in _BETWEEN.split(rest) if p]
        if len(parts) != len(required):
            parts = [w for w in rest.split() if w.casefold() not in _FILLERS]
    given: dict[str, Any] = {}
    while required and parts and required[-1].field.kind in _ONE_WORD and len(parts) > 1:
        given[required[-1].name] = parts.pop()
        required = required[:-1]
    for index, parameter in enumerate(required):
        if not parts:
            break
        last = index == len(required) - 1
        given[parameter.name] = " ".join(parts) if last else parts.pop(0)
    return given
