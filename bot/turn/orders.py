"""What is typed behind a moderator's command, in the order of its arguments: `/ban @mira 7d spam`. Pure.

Whom it is about comes first, where somebody is meant; then a length of time, a number, a case; the rest is words.
Where a message is answered and nobody is named, its author is meant.
"""

from __future__ import annotations

import re
from typing import Any

from core.access.targets import looks_like_one
from core.operations import Operation, Parameter
from core.operations.fields import read_duration

_TOKEN = re.compile(r"\s*(\"[^\"]*\"|“[^”]*”|<@[^>]*>|\S+)")
_NAMED = re.compile(r"(?:^|\s)(?:--)?([a-z]+)\s?=\s?(\"[^\"]*\"|“[^”]*”|\S+)")
_NUMBER = re.compile(r"#?\d{1,9}")


def named(operation: Operation, rest: str) -> tuple[dict[str, str], str]:
    """The arguments that are given by their names, and what else was typed."""
    given: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        if operation.parameter(match[1]) is None:
            return match[0]
        given[match[1]] = match[2].strip('"“”')
        return " "

    return given, " ".join(_NAMED.sub(take, rest).split()) if "=" in rest else rest.strip()


def is_order(operation: Operation) -> bool:
    """Whether a command is written this way: one word, with more than one kind of argument."""
    return "." not in operation.name and operation.name not in ("help", "why")


def read_order(operation: Operation, rest: str, *, answering: bool) -> dict[str, Any]:
    """Raw arguments of what was typed. `answering`: it was written as an answer to a message.

    `name=value` works anywhere, as behind every command.
    """
    given, rest = named(operation, rest)
    # "/report @mira …" and "/purge @mira 20", though other things come first there.
    whom = next((one for one in operation.parameters if one.field.kind == "target"), None)
    first = _TOKEN.match(rest)
    if whom is not None and whom.name not in given and first is not None and looks_like_one(first[1]):
        given[whom.name], rest = first[1], rest[first.end() :].strip()
    for index, parameter in enumerate(operation.parameters):
        if not rest:
            break
        if parameter.name in given:
            continue
        # Where whom it is about does not come first, a bare word is no name: "/purge 20 cleaning up".
        taken, left = _take(parameter, rest, answering or index > 0)
        if taken:
            given[parameter.name], rest = taken, left
    return given


def _take(parameter: Parameter, rest: str, answering: bool) -> tuple[str, str]:
    match = _TOKEN.match(rest)
    assert match is not None
    word, left = match[1], rest[match.end() :].strip()
    match parameter.field.kind:
        case "target":
            if looks_like_one(word) or not (answering or _is_length(word) or word.isdigit()):
                return word.strip('"“”'), left
        case "duration":
            taken, after = _length(word, left, rest)
            return (word, left) if not taken and parameter.required else (taken, after)
        case "whole":
            if word.isdigit():
                return word, left
        case "case":
            if word.casefold() in ("case", "report") and (number := _TOKEN.match(left)):
                word, left = number[1], left[number.end() :].strip()
            if _NUMBER.fullmatch(word) or parameter.required:
                return word, left
        case _:
            return rest, ""
    return "", rest


def _is_length(word: str) -> bool:
    return read_duration(word) is not None


def _length(word: str, left: str, rest: str) -> tuple[str, str]:
    """One word ("7d"), or two ("7 days")."""
    following = _TOKEN.match(left)
    if following is not None and _is_length(f"{word} {following[1]}"):
        return f"{word} {following[1]}", left[following.end() :].strip()
    return (word, left) if _is_length(word) else ("", rest)
