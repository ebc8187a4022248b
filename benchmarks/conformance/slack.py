"""Slack: the argument types of its own client, one for each method, with the limits that their descriptions name."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.conformance.openapi import readable
from benchmarks.conformance.requests import Problem, Sent
from benchmarks.conformance.schema import Contract, Schema
from benchmarks.conformance.slack_more import MORE, UNCHECKED

# "Maximum length for the `text` in this field is 75 characters", "Max of 100 blocks", "Maximum number of items is 10".
_LENGTH = re.compile(r"max(?:imum)? length\b[^.\n]*?\b(?:is|of) (\d+)", re.IGNORECASE)
_COUNTS = (
    re.compile(r"\bmax(?:imum)? number of [a-z ]+ is (\d+)", re.IGNORECASE),
    re.compile(r"\bmax(?:imum)? (\d+) (?:blocks|rows|items|cards)", re.IGNORECASE),
    re.compile(r"\bmax(?:imum)? of (\d+) (?:blocks|options|elements)", re.IGNORECASE),
)
_ANYTHING = {"$ref": "#/definitions/Block"}


class Slack:
    """The argument types of Slack's own client, one for each method; form fields are read as what they stand for."""

    def __init__(self, types: Schema) -> None:
        self._names = set(types["definitions"])
        self._contract = Contract({"definitions": sharper(types["definitions"])})

    def check(self, sent: Sent) -> list[Problem]:
        """What the contract does not allow."""
        if sent.path in UNCHECKED:
            return []
        name = "".join(part[:1].upper() + part[1:] for part in sent.path.split(".")) + "Arguments"
        schema = {"$ref": f"#/definitions/{name}"} if name in self._names else MORE.get(sent.path)
        if schema is None:
            return [Problem(sent.path, "the contract has no such method")]
        body = {**sent.query, **(sent.body or {})}
        if sent.form:
            body = {key: self._read(value, schema, key) for key, value in body.items()}
        return self._contract.problems(body, schema)

    def _read(self, value: Any, schema: Schema, name: str) -> Any:
        """A form field as what the method wants of that name."""
        kinds = self._contract.kinds(schema, name)
        return value if not kinds else readable(value, kinds)


def sharper(schema: Any) -> Any:
    """The schema with the limits that stand in its descriptions, for strings, arrays and the `text` of text objects.

    `Block`, beside the known blocks, is anything with a `type`; it is left out, as it would let every mistake pass.
    """
    if isinstance(schema, list):
        return [sharper(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made: Schema = {key: sharper(value) for key, value in schema.items()}
    if len(made.get("anyOf", ())) > 1:
        made["anyOf"] = [one for one in made["anyOf"] if one != _ANYTHING]
    says = schema.get("description")
    if not isinstance(says, str):
        return made
    length = _LENGTH.search(says)
    if made.get("type") == "array":
        counts = [int(found[1]) for one in _COUNTS if (found := one.search(says))]
        if counts:
            made["maxItems"] = counts[0]
        if length is not None and "items" in made:
            made["items"] = {"allOf": [made["items"], _short(length)]}
    elif length is not None and made.get("type") == "string":
        made["maxLength"] = int(length[1])
    elif length is not None and ("$ref" in made or "anyOf" in made):
        made["allOf"] = [_short(length)]
    return made


def _short(length: re.Match[str]) -> Schema:
    return {"properties": {"text": {"maxLength": int(length[1])}}}
