"""What the bot sent, kept in files for the check against the platforms' contracts (`python -m benchmarks.conformance`).

When NEXUS_RECORD names a folder, every fake notes each request there: one JSON line for each distinct shape, in
`PLATFORM-PID.jsonl`, so that several processes never write into one file. A line:

    {"platform": "discord", "verb": "POST", "path": "/channels/1/messages", "query": {}, "body": {"content": "hi"},
     "files": ["files[0]"], "form": false, "count": 12}

`platform` is telegram, discord, slack or openai; `verb` is an HTTP verb, or GATEWAY for what is sent over the socket of
Discord (`path` is then the opcode's name); `path` is a method's name on Telegram and Slack; `body` holds the decoded
arguments, null without any; `files` names the form fields that carried files; `form` tells that the arguments came as
form fields, which are text. `count` is how often that shape came, written when the process ends. Of one shape the
largest example is kept. Tokens and other secrets are replaced before anything is written.
"""

from __future__ import annotations

import atexit
import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

HIDDEN = "hidden"
FOLDER = "NEXUS_RECORD"
_SECRETS = frozenset(
    "token secret_token client_secret refresh_token code access_token trigger_id response_url webhook_token".split()
)
# Interaction tokens and webhook tokens are part of the path.
_IN_PATH = re.compile(r"/((?:interactions|webhooks)/[^/]+)/(?!@)[^/]+")
# The value of these says what the rest of an object means, so it belongs to the shape.
_TELLING = frozenset("type style role op flags parse_mode action tool_choice private".split())


class Recording:
    """The distinct requests of one process, in one file for each platform."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, dict[str, Any]] = {}

    def note(
        self,
        platform: str,
        verb: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        files: Collection[str] = (),
        form: bool = False,
    ) -> None:
        """Note a request; a shape seen for the first time is written at once. Raises OSError."""
        line: dict[str, Any] = {
            "platform": platform,
            "verb": verb,
            "path": _IN_PATH.sub(rf"/\1/{HIDDEN}", path),
            "query": without_secrets(dict(query or {})),
            "body": without_secrets(body),
            "files": sorted(files),
            "form": form,
            "count": 1,
        }
        shape = fingerprint(line)
        before = self._seen.get(shape)
        if before is None:
            self._seen[shape] = line
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._file(platform).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            return
        line["count"] = before["count"] + 1
        larger = len(json.dumps(line["body"])) > len(json.dumps(before["body"]))
        self._seen[shape] = line if larger else before | {"count": line["count"]}

    def close(self) -> None:
        """Write the files anew, with the counts and the largest examples."""
        lines: dict[Path, list[str]] = {}
        for line in self._seen.values():
            lines.setdefault(self._file(line["platform"]), []).append(json.dumps(line) + "\n")
        for path, written in lines.items():
            path.write_text("".join(written), encoding="utf-8")

    def _file(self, platform: str) -> Path:
        return self._folder / f"{platform}-{os.getpid()}.jsonl"


def fingerprint(line: Mapping[str, Any]) -> str:
    """What two requests of one shape have in common."""
    path = re.sub(r"\d{2,}", "#", line["path"])
    parts = (shape(line["query"]), shape(line["body"]), line["files"], line["form"])
    return json.dumps((line["platform"], line["verb"], path, parts))


def shape(value: Any, name: str = "") -> Any:
    """A value without its words and numbers: names, types, orders of magnitude, and the values that tell a kind."""
    match value:
        case dict():
            return {key: shape(value[key], str(key)) for key in sorted(value)}
        case list():
            # An array is as long as it is and holds those kinds of things: ten equal rows are one kind.
            return [len(value), *sorted({json.dumps(shape(one, name), sort_keys=True) for one in value})]
        case bool() | None:
            return value
        case str() | int() if name in _TELLING:
            return value
        case str():
            return f"text{len(value).bit_length()}"
        case int():
            return f"int{value.bit_length()}"
    return type(value).__name__


def without_secrets(value: Any) -> Any:
    """The same with every secret replaced, at any depth; the type of a secret stays."""
    if isinstance(value, dict):
        return {
            key: HIDDEN if key in _SECRETS and isinstance(one, str) and one else without_secrets(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(one) for one in value]
    return value


_recording: Recording | None = None


def note(
    platform: str,
    verb: str,
    path: str,
    body: Any = None,
    *,
    query: Mapping[str, Any] | None = None,
    files: Collection[str] = (),
    form: bool = False,
) -> None:
    """What the fakes call for every request; does nothing unless NEXUS_RECORD names a folder. Raises OSError."""
    global _recording
    if _recording is None:
        folder = os.environ.get(FOLDER)
        if not folder:
            return
        _recording = Recording(Path(folder))
        atexit.register(_recording.close)
    _recording.note(platform, verb, path, body, query=query, files=files, form=form)
