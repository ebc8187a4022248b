"""Requests against an OpenAPI 3.1 document: the path and verb exist, query and body are as described."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.conformance.requests import Problem, Sent
from benchmarks.conformance.schema import UNKNOWN, Contract, Schema

_JSON = "application/json"
_MULTIPART = "multipart/form-data"


class OpenApi:
    """An OpenAPI document to check requests with."""

    def __init__(self, document: Schema) -> None:
        self._paths: dict[str, Any] = document["paths"]
        self._contract = Contract(document)

    def check(self, sent: Sent) -> list[Problem]:
        """What the document does not allow in a request."""
        template = match(sent.path, list(self._paths))
        if template is None:
            return [Problem(sent.path, "the contract has no such path")]
        item = self._paths[template]
        operation = item.get(sent.verb.lower())
        if operation is None:
            return [Problem(sent.verb, f"the contract has no such verb for {template}")]
        parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
        problems = self._query(sent, {one["name"]: one for one in parameters if one["in"] == "query"})
        return problems + self._path(sent.path, template, parameters) + self._body(sent, operation.get("requestBody"))

    def _path(self, path: str, template: str, parameters: list[Schema]) -> list[Problem]:
        given = dict(zip(_parts(template), _parts(path), strict=True))
        problems = []
        for one in parameters:
            if one["in"] == "path":
                value = given[f"{{{one['name']}}}"]
                found = self._contract.problems(readable(value, self._contract.types(one["schema"])), one["schema"])
                problems += [Problem(f"path.{one['name']}", problem.why) for problem in found]
        return problems

    def _query(self, sent: Sent, known: dict[str, Schema]) -> list[Problem]:
        problems = [Problem(f"query.{name}", UNKNOWN) for name in sent.query if name not in known]
        for name, one in known.items():
            if name not in sent.query:
                if one.get("required"):
                    problems.append(Problem(f"query.{name}", "is required"))
                continue
            value = readable(sent.query[name], self._contract.types(one["schema"]))
            found = self._contract.problems(value, one["schema"])
            problems += [Problem(f"query.{name}", problem.why) for problem in found]
        return problems

    def _body(self, sent: Sent, described: Schema | None) -> list[Problem]:
        if described is None:
            return [Problem("body", "the contract has no body here")] if sent.body or sent.files else []
        content = described["content"]
        if sent.body is None and not sent.files:
            return [Problem("body", "is required")] if described.get("required") else []
        if sent.files and _MULTIPART not in content:
            return [Problem("files", "the contract takes no files here")]
        schema = content.get(_JSON if not sent.files else _MULTIPART, content.get(_JSON, {})).get("schema", {})
        body = sent.body
        if sent.files and _JSON not in content:  # the fields of the form themselves are the body
            body = {**(body or {}), **dict.fromkeys(sent.files, "a file")}
        elif _JSON in content:
            schema = content[_JSON]["schema"]
        return self._contract.problems(body, schema)


def match(path: str, templates: list[str]) -> str | None:
    """The template of a path; one with more literal parts goes first (`/users/@me` before `/users/{user_id}`)."""
    parts = _parts(path)
    fitting = [
        template
        for template in templates
        if len(own := _parts(template)) == len(parts)
        and all(mine == given or (mine.startswith("{") and given) for mine, given in zip(own, parts, strict=True))
    ]
    return min(fitting, key=lambda template: template.count("{"), default=None)


def readable(value: Any, kinds: set[str]) -> Any:
    """A value that came as text, read as one of the JSON types that are wanted: "5" stays text where text is.

    Where only true and false are wanted, 1 and 0 mean those.
    """
    if not isinstance(value, str) or "string" in kinds:
        return value
    if kinds <= {"boolean", "null"}:
        value = {"0": "false", "1": "true"}.get(value, value)
    try:
        return json.loads(value)
    except ValueError:
        return value


def _parts(path: str) -> list[str]:
    return path.strip("/").split("/")
