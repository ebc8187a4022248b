"""Operations as tools of a model, within the token budget of a first turn.

A strict schema costs 40 to 120 tokens, the signature `need.close(need,outcome?)` seven. So an operation that is offered
directly gets a tool of its own only if its one required argument is free text: text quoted inside quoted JSON is where
models slip. That tool has the required arguments alone. Everything else, and the same operations with their optional
arguments, is listed by signature in `use_operation`; what is not offered directly is found by `find_operation`. All of
it is reached in one call except the last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.cofounder.model.finding import Finder
from core.operations import Operation, Parameter
from core.operations.fields import Text

FIND = "find_operation"
USE = "use_operation"
# More would break the budget; further ones are listed by signature like the rest.
MOST_DIRECT = 4
_CLAUSE_END = re.compile(r"[.,;:(]")
Tool = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Use:
    """A call that can be made: the operation and its raw arguments."""

    operation: Operation
    arguments: dict[str, Any]


class Toolkit:
    """The tools of one speaker in one place. Build it once: `tools` goes on the wire as it is, every turn.

    The order of what is handed in does not matter, so the bytes stay the same while the rights do.
    """

    def __init__(self, offered: Sequence[Operation], every: Sequence[Operation]) -> None:
        offered = sorted(offered, key=_name)
        self._every = {o.name: o for o in sorted((*every, *offered), key=_name)}
        self._by_tool = {o.tool_name: o for o in self._every.values()}
        self._finder: Finder | None = None
        direct = sorted(filter(deserves_tool, offered), key=_urgency)[:MOST_DIRECT]
        listed = [o for o in offered if o not in direct or any(not p.required for p in o.parameters)]
        self.tools: list[Tool] = [_tool(o.tool_name, _required(o), _meaning(o)) for o in direct]
        if self._every:
            known = " ".join(signature(o) for o in listed)
            self.tools.append(_tool(FIND, {"query": _TEXT}))
            arguments = {"operation": _TEXT, "arguments_json": _TEXT}
            self.tools.append(_tool(USE, arguments, f"Run one: {known}, or a found one"))

    def read(self, name: str, raw: str) -> Use | str:
        """What a tool call asks for: a call to make, or words for the model (a search result, or what was wrong)."""
        given = read_object(raw)
        if given is None:
            return "The arguments are not one complete JSON object. Call again with one."
        if name == FIND:
            return self._find(given)
        if name == USE:
            operation, given, wrong = self._used(given)
            if wrong:
                return wrong
        else:
            operation = self._operation(name)
        if operation is None:
            return f"There is no such operation here. {self._nearest(name if name != USE else '')}"
        return problem(operation, given) or Use(operation, given)

    def _operation(self, name: object) -> Operation | None:
        return self._every.get(str(name)) or self._by_tool.get(str(name))

    def _used(self, given: dict[str, Any]) -> tuple[Operation | None, dict[str, Any], str]:
        operation, inner = given.get("operation"), given.get("arguments_json")
        found = self._operation(operation)
        if found is None:
            return None, {}, f"There is no such operation here. {self._nearest(str(operation))}"
        arguments = read_object(inner or "") if isinstance(inner, str | None) else inner
        if not isinstance(arguments, dict):
            return found, {}, f"arguments_json must hold one JSON object. It takes: {described(found)}"
        return found, arguments, ""

    def _find(self, given: dict[str, Any]) -> str:
        query = given.get("query")
        if not isinstance(query, str) or not query.strip():
            return "Give a query: a few words for what should be done."
        found = self._search(query)
        if not found:
            return "Nothing here does that. Say so, and say who could help if you know."
        return "\n".join(described(operation) for operation in found)

    def _nearest(self, name: str) -> str:
        near = self._search(re.sub(r"[._]", " ", name))[:3]
        if not near:
            return f"Look with {FIND}."
        return "Nearest: " + "; ".join(signature(operation) for operation in near)

    def _search(self, query: str) -> list[Operation]:
        if self._finder is None:
            self._finder = Finder(list(self._every.values()))
        return self._finder.find(query)


def read_object(raw: str) -> dict[str, Any] | None:
    """The JSON object that a model wrote, empty for no text at all, or None."""
    try:
        found = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def deserves_tool(operation: Operation) -> bool:
    """Whether an operation's one required argument is free text."""
    required = [p for p in operation.parameters if p.required]
    return len(required) == 1 and required[0].field.kind == "text"


def _urgency(operation: Operation) -> tuple[bool, bool, str]:
    """Who gets a tool first: long text before one line, then reads, since a card shows what a write understood."""
    text = next(p.field for p in operation.parameters if p.required)
    return isinstance(text, Text) and text.line, operation.writes, operation.name


def signature(operation: Operation) -> str:
    """`need.close(need,outcome?)`."""
    return f"{operation.name}({','.join(p.name + ('' if p.required else '?') for p in operation.parameters)})"


def described(operation: Operation) -> str:
    """Name, argument types and summary on one line."""
    arguments = ", ".join(f"{p.name}{'' if p.required else '?'}: {_type(p)}" for p in operation.parameters)
    return f"{operation.name}({arguments}) - {operation.summary}"


def problem(operation: Operation, given: dict[str, Any]) -> str:
    """What is wrong with raw arguments before the fields read them, in words to act on; empty if nothing is."""
    unknown = [name for name in given if operation.parameter(name) is None]
    if unknown:
        return f"{operation.name} has no such argument ({', '.join(unknown)[:80]}). It takes: {described(operation)}"
    for parameter in operation.parameters:
        value = given.get(parameter.name)
        if value is None or value == "":
            if parameter.required:
                return f"{parameter.name} is missing: {parameter.field.about}. Ask the speaker if they did not say."
        elif not _fits(value, parameter.field.schema()["type"]):
            return f"{parameter.name} has the wrong type. It takes: {described(operation)}"
    return ""


def _fits(value: object, kind: str) -> bool:
    # Fields read numbers and yes/no from text too, so only what no field could read is refused here.
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, str | int | float)


def _name(operation: Operation) -> str:
    return operation.name


_TEXT = {"type": "string"}


def _required(operation: Operation) -> dict[str, Any]:
    return {p.name: p.field.schema() for p in operation.parameters if p.required}


def _tool(name: str, properties: dict[str, Any], description: str = "") -> Tool:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    about = {"description": description} if description else {}
    return {"type": "function", "function": {"name": name, **about, "strict": True, "parameters": parameters}}


def _meaning(operation: Operation) -> str:
    """The first clause of the summary, or nothing where it repeats a word of the name: then the name says it."""
    clause = _CLAUSE_END.split(operation.summary, maxsplit=1)[0].strip()
    return "" if set(operation.name.split(".")) & set(clause.casefold().split()) else clause


def _type(parameter: Parameter) -> str:
    options = parameter.field.schema().get("enum")
    return "|".join(options) if options else parameter.field.kind
