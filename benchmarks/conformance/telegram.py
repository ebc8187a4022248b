"""Telegram: every method, argument and type as the Bot API's page lists them.

The contract is the page in JSON (`methods` and `types`, each with `fields` of `name`, `types`, `required`,
`description`); types are names like `Array of MessageEntity`, a union lists its `subtypes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from benchmarks.conformance.requests import Problem, Sent

_PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "String": (str,),
    "Boolean": (bool,),
    "Float": (int, float),
}
# "Text of the callback, 1-64 bytes"; what is counted "after entities parsing" cannot be counted here.
_LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)(?! after)")
_VALUE = re.compile(r"(?:must be|always) [“\"]?\*?([a-z_]+)[”\"]?\*?\s*$")


class Telegram:
    """The Bot API's contract."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._methods: dict[str, Any] = spec["methods"]
        self._types: dict[str, Any] = spec["types"]

    def check(self, sent: Sent) -> list[Problem]:
        """What the contract does not allow in a call."""
        method = self._methods.get(sent.path)
        if method is None:
            return [Problem(sent.path, "the contract has no such method")]
        body = sent.body or {}
        if not isinstance(body, dict):
            return [Problem("", "arguments are not an object")]
        given = dict(body)
        attached = {name for name in sent.files if f"attach://{name}" in str(body)}
        given |= {name: Upload() for name in sent.files if name not in attached}
        return sorted(self._object(given, method, "", sent.form))

    def _object(self, value: dict[str, Any], kind: dict[str, Any], where: str, form: bool = False) -> Iterator[Problem]:
        fields = {field["name"]: field for field in kind.get("fields", ())}
        for name in value.keys() - fields.keys():
            yield Problem(_at(where, name), f"{kind['name']} has no such argument")
        for name, field in fields.items():
            at = _at(where, name)
            if value.get(name) is None:
                if field["required"]:
                    yield Problem(at, f"{kind['name']} requires it")
                continue
            yield from self._any(value[name], field["types"], at, form)
            yield from _length(value[name], field["description"], at)

    def _any(self, value: Any, kinds: list[str], where: str, form: bool) -> Iterator[Problem]:
        """The value has to fit one of the kinds; told is what is wrong with the one that comes nearest."""
        nearest: list[Problem] | None = None
        for kind in kinds:
            found = list(self._one(value, kind, where, form))
            if not found:
                return
            if nearest is None or len(found) < len(nearest):
                nearest = found
        yield from nearest or ()

    def _one(self, value: Any, kind: str, where: str, form: bool) -> Iterator[Problem]:
        if kind == "InputFile":
            if not isinstance(value, Upload):
                yield Problem(where, "a file is expected")
        elif kind.startswith("Array of "):
            if not isinstance(value, list):
                yield Problem(where, f"{kind} is expected")
                return
            for index, one in enumerate(value):
                yield from self._any(one, [kind.removeprefix("Array of ")], f"{where}[{index}]", False)
        elif kind in _PLAIN:
            if not _plain(value, kind, form):
                yield Problem(where, f"{kind} is expected, not {type(value).__name__}")
        elif kind not in self._types:
            yield Problem(where, f"the contract has no type {kind}")
        elif "subtypes" in self._types[kind]:
            yield from self._any(value, self._fitting(value, self._types[kind]["subtypes"]), where, False)
        elif not isinstance(value, dict):
            yield Problem(where, f"{kind} is expected, not {type(value).__name__}")
        else:
            yield from self._object(value, self._types[kind], where)

    def _fitting(self, value: Any, subtypes: list[str]) -> list[str]:
        """The members of a union whose fixed `type` or `source` is the one given; all when none tells."""
        fitting = [name for name in subtypes if self._told(value, name) is not False]
        return fitting or subtypes

    def _told(self, value: Any, name: str) -> bool | None:
        if not isinstance(value, dict):
            return None
        for field in self._types[name].get("fields", ()):
            found = _VALUE.search(field["description"])
            if found is not None and field["required"] and field["name"] in ("type", "source", "status"):
                return bool(value.get(field["name"]) == found[1])
        return None


class Upload:
    """Stands for the content of a file."""


def _plain(value: Any, kind: str, form: bool) -> bool:
    if isinstance(value, bool):
        return kind == "Boolean" or (form and kind == "String")
    if isinstance(value, _PLAIN[kind]):
        return True
    if form and kind == "String":  # a form field is text, and reads like a number where it has only digits
        return isinstance(value, int | float)
    return form and kind == "Integer" and isinstance(value, str) and value.lstrip("-").isdigit()


def _length(value: Any, description: str, where: str) -> Iterator[Problem]:
    found = _LENGTH.search(description)
    if found is None or not isinstance(value, str):
        return
    least, most = int(found[1]), int(found[2])
    size = len(value.encode()) if found[3] == "bytes" else len(value)
    if not least <= size <= most:
        yield Problem(where, f"{least} to {most} {found[3]} are allowed, not {size}")


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
