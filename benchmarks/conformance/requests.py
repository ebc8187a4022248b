"""The recorded requests, and what a check says about one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ID = re.compile(r"/(\d{2,}|hidden)(?=/|$)")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as `tests/fakes/recording.py` describes it."""

    platform: str
    verb: str
    path: str
    query: dict[str, Any]
    body: Any
    files: tuple[str, ...]
    form: bool
    count: int = 1

    @property
    def name(self) -> str:
        """How a report calls it: `POST /channels/1/messages`, `sendMessage`."""
        return f"{self.verb} {self.path}" if "/" in self.path or self.verb == "GATEWAY" else self.path

    @property
    def kind(self) -> str:
        """The name without the ids in it: `POST /channels/{}/messages`."""
        return _ID.sub("/{}", self.name)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Where in a request something is wrong, and what."""

    where: str
    why: str


def read(recording: Path) -> Iterator[Sent]:
    """The requests in a file, or in every .jsonl file of a folder. Raises OSError, ValueError for a broken line."""
    files = sorted(recording.glob("*.jsonl")) if recording.is_dir() else [recording]
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                yield sent(json.loads(line))
            except (KeyError, TypeError, json.JSONDecodeError) as error:
                raise ValueError(f"{file}, line {number}: not a recorded request ({error})") from None


def sent(line: dict[str, Any]) -> Sent:
    """One line of a recording. Raises KeyError for one that lacks what every request has."""
    return Sent(
        platform=line["platform"],
        verb=line["verb"],
        path=line["path"],
        query=line.get("query") or {},
        body=line.get("body"),
        files=tuple(line.get("files") or ()),
        form=bool(line.get("form")),
        count=line.get("count", 1),
    )
