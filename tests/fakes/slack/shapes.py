"""Small checkers of JSON shapes that complain as Slack does: what is wrong, and where as a JSON pointer."""

from collections.abc import Callable, Mapping
from typing import Any


class Walk:
    """One check of a payload: collects problems; `surface` is "message", "modal" or "home"."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[str] = []

    def wrong(self, problem: str, pointer: str) -> None:
        """Note a problem."""
        self.problems.append(f"{problem} [json-pointer:{pointer}]")


Check = Callable[[Any, Walk, str], None]


def string(most: int, least: int = 1) -> Check:
    """A text of so many characters."""

    def check(value: Any, walk: Walk, at: str) -> None:
        if not isinstance(value, str):
            walk.wrong("must be a string", at)
        elif len(value) > most:
            walk.wrong(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            walk.wrong(f"must be more than {least - 1} characters", at)

    return check


def boolean(value: Any, walk: Walk, at: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        walk.wrong("must be a boolean", at)


def whole(low: int, high: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, walk: Walk, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            walk.wrong("must be an integer", at)
        elif value < low:
            walk.wrong(f"must be greater than {low - 1}", at)
        elif value > high:
            walk.wrong(f"must be less than {high + 1}", at)

    return check


def one_of(*words: str) -> Check:
    """One of some words."""

    def check(value: Any, walk: Walk, at: str) -> None:
        if value not in words:
            walk.wrong(f"must be one of: {', '.join(words)}", at)

    return check


def anything(value: Any, walk: Walk, at: str) -> None:
    """Not checked."""


def items(check: Check, most: int, least: int = 1) -> Check:
    """A list of so many things."""

    def check_all(value: Any, walk: Walk, at: str) -> None:
        if not isinstance(value, list):
            walk.wrong("must be an array", at)
        elif len(value) > most:
            walk.wrong(f"no more than {most} items allowed", at)
        elif len(value) < least:
            walk.wrong(f"must provide at least {least} item{'s' * (least > 1)}", at)
        else:
            for number, one in enumerate(value):
                check(one, walk, f"{at}/{number}")

    return check_all


def shape(needed: Mapping[str, Check], allowed: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others; `type` is always allowed."""
    known = {"type": anything, **needed, **(allowed or {})}

    def check(value: Any, walk: Walk, at: str) -> None:
        if not isinstance(value, dict):
            walk.wrong("must be an object", at)
            return
        for name in needed:
            if value.get(name) is None:
                walk.wrong(f"missing required field: {name}", at)
        for name, one in value.items():
            if name not in known:
                walk.wrong(f"invalid additional property: {name}", at)
            elif one is not None:
                known[name](one, walk, f"{at}/{name}")

    return check


def tagged(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says what it is."""

    def check(value: Any, walk: Walk, at: str) -> None:
        if not isinstance(value, dict):
            walk.wrong("must be an object", at)
        elif not value.get("type"):
            walk.wrong("missing required field: type", at)
        elif value["type"] not in kinds:
            walk.wrong(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            kinds[value["type"]](value, walk, at)

    return check
