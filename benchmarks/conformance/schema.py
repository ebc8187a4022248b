"""JSON Schema as the contracts use it, read more strictly: what a contract does not name is not allowed.

JSON Schema lets unknown properties pass unless a schema forbids them, and the contracts hardly ever do; a misspelt
argument would never be noticed. `strict` closes a schema at every place where a value stands. It does so with
`unevaluatedProperties`, which sees through references and unions, where `additionalProperties` would not.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from benchmarks.conformance.requests import Problem

UNKNOWN = "the contract has no such argument"
TOGETHER = "what is given does not go together"

Schema = dict[str, Any]
_UNIONS = ("anyOf", "oneOf")
_COMBINED = (*_UNIONS, "allOf")
_NAMED = ("properties", "patternProperties", "definitions", "$defs")
_DATA = ("const", "enum", "default", "example", "examples", "required", "description")


class Missing(Exception):
    """The library that reads JSON Schema is not installed; its text says what to do."""


class Contract:
    """A document full of schemas (OpenAPI's components, TypeScript's definitions), closed, and ready to check with."""

    def __init__(self, document: Schema) -> None:
        self._library = _library()
        self._document = strict_names(document)

    def problems(self, value: Any, schema: Schema) -> list[Problem]:
        """What is wrong with a value, by where it is wrong; `schema` may refer into the document."""
        closed = strict(schema, closed=True)
        errors = self._library.Draft202012Validator({**self._document, **closed}).iter_errors(value)
        found = _settled({one for error in errors for one in _told(error, self._document)})
        if len(found) == 1 and found[0] == Problem("", TOGETHER):
            return self._apart(value, closed) or found
        return found

    def _apart(self, value: Any, schema: Schema) -> list[Problem]:
        """What is wrong by the alternative that names the most of what is given, and the least by that one."""
        tried = [
            (len(value.keys() - named(one, self._document)), self.problems(value, one))
            for one in alternatives(schema, self._document)
        ]
        return min(tried, key=lambda pair: (pair[0], len(pair[1])), default=(0, []))[1]

    def kinds(self, schema: Schema, name: str) -> set[str]:
        """The JSON types that a property may have; none when the schema does not know the property."""
        return {kind for one in self._properties(schema, name) for kind in self.types(one)}

    def _properties(self, schema: Schema, name: str) -> Iterator[Schema]:
        schema = resolved(schema, self._document)
        if name in schema.get("properties", {}):
            yield schema["properties"][name]
        for key in _COMBINED:
            for one in schema.get(key, ()):
                yield from self._properties(one, name)

    def types(self, schema: Schema) -> set[str]:
        """The JSON types that a schema allows."""
        schema = resolved(schema, self._document)
        kinds = schema.get("type", [])
        found = {kinds} if isinstance(kinds, str) else set(kinds)
        if isinstance(schema.get("const"), str):
            found.add("string")
        for key in _COMBINED:
            for one in schema.get(key, ()):
                found |= self.types(one)
        return found


def _library() -> Any:
    try:
        return importlib.import_module("jsonschema")
    except ImportError:
        raise Missing("This check needs one more library. Please run: .venv/bin/pip install jsonschema") from None


def schema_problems(schema: Any) -> list[Problem]:
    """What is wrong with a value that has to be a JSON Schema itself. Raises Missing."""
    validator = _library().Draft202012Validator
    errors = validator(validator.META_SCHEMA).iter_errors(schema)
    return sorted({Problem(path_of(one.absolute_path), one.message) for one in errors})


def strict_names(document: Schema) -> Schema:
    """The named schemas of a document, each read strictly inside; they are closed where they are used."""
    if "components" in document:
        schemas = document["components"]["schemas"]
        return {"components": {"schemas": {name: strict(one) for name, one in schemas.items()}}}
    return {"definitions": {name: strict(one) for name, one in document["definitions"].items()}}


def strict(schema: Any, *, closed: bool = False) -> Any:
    """The schema with every place where a value stands closed against what it does not name.

    `closed` says that the schema itself stands at such a place. A union of alternatives stays open inside, as several
    may fit one value; the place around it is closed.
    """
    if not isinstance(schema, dict):
        return schema
    made: Schema = {}
    for key, value in schema.items():
        if key in _NAMED:
            made[key] = {name: strict(one, closed=key != "definitions") for name, one in value.items()}
        elif key in _UNIONS:
            # "Exactly one" is how generators write "one of these"; kinds that overlap are the contract's own affair.
            made["anyOf"] = [strict(one) for one in value]
        elif key == "allOf":
            made[key] = [strict(one) for one in value]
        elif key == "items" and isinstance(value, list):
            made["prefixItems"] = [strict(one, closed=True) for one in value]
        elif key in ("items", "additionalProperties"):
            made[key] = strict(value, closed=True)
        elif key == "enum" and not value:
            continue  # a generator's way to write "see allOf"
        elif key not in _DATA or key in ("const", "enum", "required"):
            made[key] = value
    if made.pop("nullable", False) and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    if _is_free(made):
        made["additionalProperties"] = True
    elif made.get("properties") and made.get("additionalProperties") is True:
        del made["additionalProperties"]
    if closed and any(key in made for key in ("$ref", "properties", *_COMBINED)):
        made["unevaluatedProperties"] = False
    return made


def _is_free(schema: Schema) -> bool:
    """Whether a schema means any object at all."""
    kinds = schema.get("type", "object")
    if "object" not in ([kinds] if isinstance(kinds, str) else kinds):
        return False
    return not any(key in schema for key in ("properties", "additionalProperties", "$ref", "enum", "const", *_COMBINED))


def _told(error: Any, document: Schema) -> Iterator[Problem]:
    """An error of the library in short words; of a union, what is wrong with the alternative that was meant."""
    where = path_of(error.absolute_path)
    if error.validator == "anyOf" and error.context:
        meant = _meant(error)
        if meant:
            for one in meant:
                yield from _told(one, document)
            return
        kinds = ", ".join(sorted(set(_wanted(error))))
        yield Problem(where, f"fits none of the alternatives ({kinds[:120]})")
    elif error.validator == "unevaluatedProperties":
        unknown = set(error.instance) - named(error.schema, document)
        for name in unknown:
            yield Problem(f"{where}.{name}" if where else name, UNKNOWN)
        if not unknown:
            yield Problem(where, TOGETHER)
    else:
        text = error.message
        yield Problem(where, text if len(text) < 200 else f"{text[:80]} … {text[-100:]}")


def _wanted(error: Any) -> Iterator[str]:
    """The kinds that a union has: their types, or the values of their `type`."""
    for one in error.context:
        if one.validator in ("type", "const", "enum"):
            yield str(one.validator_value)
        elif one.validator == "anyOf":
            yield from _wanted(one)


def named(schema: Schema, document: Schema) -> set[str]:
    """The properties that any alternative of a schema names."""
    found = set(schema.get("properties", ()))
    if "$ref" in schema:
        found |= named(resolved(schema, document), document)
    for key in _COMBINED:
        for one in schema.get(key, ()):
            found |= named(one, document)
    return found


def alternatives(schema: Schema, document: Schema) -> list[Schema]:
    """The schemas of a union, those of unions in it among them; none for a schema that is no union."""
    found = resolved(schema, document).get("anyOf", ())
    return [leaf for one in found for leaf in alternatives(one, document) or [one]]


def resolved(schema: Schema, document: Schema) -> Schema:
    """The schema that a reference names, followed to its end. Raises KeyError for a reference into nothing."""
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[unquote(part)]
        schema = found
    return schema


def _settled(problems: set[Problem]) -> list[Problem]:
    """Without what only follows from another problem: no alternative fits, so its arguments do not go together."""
    return sorted(
        one
        for one in problems
        if one.why != TOGETHER or not any(other != one and other.where.startswith(one.where) for other in problems)
    )


def _meant(error: Any) -> list[Any]:
    """The errors of the alternative that comes nearest: its kind fits, what it requires is there, little is wrong."""
    likely = [errors for errors in _branches(error) if not any(_other_kind(one, error) for one in errors)]
    return min(likely, key=lambda errors: (_lacking(errors, error), len(errors)), default=[])


def _branches(error: Any) -> list[list[Any]]:
    branches: dict[int, list[Any]] = {}
    for one in error.context:
        branches.setdefault(one.schema_path[0], []).append(one)
    return list(branches.values())


def _lacking(errors: list[Any], union: Any) -> int:
    """How many of the properties that an alternative requires are not there."""
    depth = len(union.absolute_path)
    return sum(one.validator == "required" and len(one.absolute_path) == depth for one in errors)


def _other_kind(one: Any, union: Any) -> bool:
    """Whether the value is meant as something else than this alternative: another type, or another `type` inside."""
    path = list(one.absolute_path)[len(union.absolute_path) :]
    if one.validator == "anyOf" and not path:  # an alternative that is a union itself
        return all(any(_other_kind(inner, union) for inner in errors) for errors in _branches(one))
    if one.validator == "type" and not path:
        return True
    return one.validator in ("const", "enum") and path in (["type"], ["role"], ["op"])


def path_of(parts: Any) -> str:
    """A path into a request as people write it: `blocks[0].text`."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
