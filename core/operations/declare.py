"""The one declaration of an operation: a decorated function.

    @operation("need.post", writes=True, who=Who.MEMBER, says=("I need {text}", ...), asks=..., tells=...)
    def post_need(context: Context, text: Annotated[str, Text("what you need", maximum=500)], ...) -> Posted:
        '''Post something you are looking for.'''

Argument types are `Annotated[<Python type>, <Field>]`; a parameter with a default is optional. The first docstring
line is the summary, the rest is help.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from core.operations.fields import Field
from core.quotas.quota import Quota

# One word alone is for what people type as such on every platform: /ban, /case, /why.
_NAME = re.compile(r"[a-z]+(\.[a-z]+)?")


class Who(IntEnum):
    """The least standing that a caller needs in the Nexus that the operation concerns."""

    ANYONE = 0
    MEMBER = 10
    MODERATOR = 20
    STEWARD = 40
    OWNER = 50


class Confirm(StrEnum):
    """When a human must confirm first.

    NEVER: reads, and what is undone with one tap. WHEN_GUESSED: only if a brain chose it from plain talk.
    ALWAYS: what grants or takes rights or cannot be undone, even when typed as a command.
    """

    NEVER = "never"
    WHEN_GUESSED = "when_guessed"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: its name, its type, and its default if it is optional."""

    name: str
    field: Field
    required: bool
    default: Any = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a platform's context menu: its label, what it is used on ("message" or "person"), and the argument
    which that fills (the text of the message, or the person)."""

    label: str
    on: str
    argument: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as declared. See `operation` for what each part means."""

    name: str
    summary: str
    help: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any]
    result: Any
    writes: bool
    confirm: Confirm
    who: Who
    private: bool
    direct_only: bool
    internal: bool
    common: bool
    says: tuple[str, ...]
    asks: str
    tells: str
    empty: str
    quota: Quota | None
    preview: Callable[..., Mapping[str, str]] | None
    choices: Callable[..., Sequence[Any]] | None
    follows: Callable[..., Sequence[Any]] | None
    shortcut: Shortcut | None
    heavy: Callable[..., bool] | None
    sealed: bool
    main: str | None

    @property
    def subject(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    @property
    def tool_name(self) -> str:
        """The name under which a model calls it (dots are not allowed there)."""
        return self.name.replace(".", "_")

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((p for p in self.parameters if p.name == name), None)

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments, in the strict subset: every property required, optional ones nullable."""
        properties: dict[str, Any] = {}
        for parameter in self.parameters:
            schema = dict(parameter.field.schema())
            if not parameter.required:
                schema["type"] = [schema["type"], "null"]
                if "enum" in schema:
                    schema["enum"] = [*schema["enum"], None]
            properties[parameter.name] = schema
        return {
            "type": "object",
            "properties": properties,
            "required": [p.name for p in self.parameters],
            "additionalProperties": False,
        }


def operation(
    name: str,
    *,
    writes: bool = False,
    confirm: Confirm | None = None,
    who: Who = Who.ANYONE,
    private: bool = False,
    direct_only: bool = False,
    internal: bool = False,
    common: bool = False,
    says: tuple[str, ...] = (),
    asks: str = "",
    tells: str = "",
    empty: str = "",
    quota: Quota | None = None,
    preview: Callable[..., Mapping[str, str]] | None = None,
    choices: Callable[..., Sequence[Any]] | None = None,
    follows: Callable[..., Sequence[Any]] | None = None,
    shortcut: Shortcut | None = None,
    heavy: Callable[..., bool] | None = None,
    sealed: bool = False,
) -> Callable[[Callable[..., Any]], Operation]:
    """Declare an operation.

    `writes`: it changes something, and is audited. `confirm`: see `Confirm` (NEVER for reads, WHEN_GUESSED for
    writes unless said otherwise). `who`: the least standing needed in the Nexus given by the argument `nexus`, or
    here. `private`: its answer is for the caller alone, wherever it was asked. `direct_only`: it is understood from
    talk only in a direct conversation. `internal`: only a button may call it. `common`: offered to a model on the
    first turn. `says`: example sentences with {argument} slots, from which the offline brain learns. `asks`: the
    question of its confirmation card. `tells`: what is said when done, formatted with the fields of the result.
    `empty`: what is said when a list has nothing in it. `quota`: a limit that counts every attempt, also failed ones.
    `preview(context, **arguments)`: more values for `asks`, looked up before the question is put; it raises what the
    operation itself would raise, so that nobody confirms what cannot be done. `choices(context, **arguments)`: the
    buttons of that card (`core.buttons.buttons.Choice`) where yes and no are not the answers.
    `follows(context, result)`: choices that go with the answer, such as an Undo.
    `shortcut`: where platforms have context menus, the operation stands there as well. `heavy(**arguments)`: so much is
    asked for that it is confirmed first, even when typed as a command. `sealed`: it shows what was written by those
    whom it is about; people read it, and no model does.
    """

    def declare(function: Callable[..., Any]) -> Operation:
        if not _NAME.fullmatch(name):
            raise TypeError(f"an operation is called subject.verb, or one word, not {name!r}")
        if not function.__doc__:
            raise TypeError(f"{name} has no docstring; its first line is what people read")
        summary, _, rest = inspect.cleandoc(function.__doc__).partition("\n")
        hints = typing.get_type_hints(function, include_extras=True)
        parameters = tuple(_parameters(name, function, hints))
        required = [p.name for p in parameters if p.required]
        names = [p.name for p in parameters]
        return Operation(
            name=name,
            summary=summary,
            help=rest.strip(),
            parameters=parameters,
            function=function,
            result=hints["return"],
            writes=writes,
            confirm=confirm or (Confirm.WHEN_GUESSED if writes else Confirm.NEVER),
            who=who,
            private=private,
            direct_only=direct_only,
            internal=internal,
            common=common,
            says=says,
            asks=asks,
            tells=tells,
            empty=empty,
            quota=quota,
            preview=preview,
            choices=choices,
            follows=follows,
            shortcut=shortcut,
            heavy=heavy,
            sealed=sealed,
            main=required[0] if required else (names[0] if names else None),
        )

    return declare


def _parameters(name: str, function: Callable[..., Any], hints: Mapping[str, Any]) -> typing.Iterator[Parameter]:
    signature = list(inspect.signature(function).parameters.values())
    for parameter in signature[1:]:  # the first is the context
        fields = [m for m in getattr(hints[parameter.name], "__metadata__", ()) if isinstance(m, Field)]
        if len(fields) != 1:
            raise TypeError(f"{name}: argument {parameter.name} needs exactly one field type")
        required = parameter.default is inspect.Parameter.empty
        yield Parameter(parameter.name, fields[0], required, None if required else parameter.default)
