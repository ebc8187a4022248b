"""Reads our compose files: the small part of YAML that they keep to, so that no library is needed for it.

Block mappings and lists of scalars, JSON in one line, `&name` on a mapping, `<<: *name`, comments. Anything else is an
error: so the files stay as plain as they are.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_ENTRY = re.compile(r"(?P<key>[\w.<-]+):(?: &(?P<anchor>\w+))?(?: (?P<value>\S.*))?")


def read(path: Path) -> dict[str, Any]:
    """The content of a compose file. Raises `ValueError` with the line that is not understood."""
    lines = [line.rstrip() for line in path.read_text("utf-8").splitlines()]
    waiting = [
        (len(line) - len(line.lstrip()), line.strip()) for line in lines if line and not line.lstrip().startswith("#")
    ]
    found = _mapping(waiting, 0, {})
    if waiting:
        raise ValueError(f"{path.name}: {waiting[0][1]}")
    return found


def _mapping(waiting: list[tuple[int, str]], depth: int, anchors: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while waiting and waiting[0][0] == depth and (entry := _ENTRY.fullmatch(waiting[0][1])):
        waiting.pop(0)
        key, value = entry["key"], entry["value"]
        if key == "<<":
            found = anchors[str(value).removeprefix("*")] | found
            continue
        if key in found and key not in _merged(found, anchors):
            raise ValueError(f"{key} stands there twice")
        found[key] = _scalar(value) if value else _block(waiting, depth, anchors)
        if entry["anchor"]:
            anchors[entry["anchor"]] = found[key]
    return found


def _merged(found: dict[str, Any], anchors: dict[str, Any]) -> set[str]:
    return {key for content in anchors.values() for key, value in content.items() if found.get(key) is value}


def _block(waiting: list[tuple[int, str]], depth: int, anchors: dict[str, Any]) -> Any:
    if not waiting or waiting[0][0] <= depth:
        return None
    inner = waiting[0][0]
    if not waiting[0][1].startswith("- "):
        return _mapping(waiting, inner, anchors)
    items = []
    while waiting and waiting[0][0] == inner and waiting[0][1].startswith("- "):
        items.append(_scalar(waiting.pop(0)[1].removeprefix("- ")))
    return items


def _scalar(text: str) -> Any:
    if text[0] in '["':
        return json.loads(text)
    if text[0] in "{'&*!|>%@`" or " #" in text:
        raise ValueError(f"not in the plain part of YAML: {text}")
    return {"true": True, "false": False}.get(text, int(text) if text.isdecimal() else text)
