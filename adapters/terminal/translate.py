"""The pure half: a typed line -> what it means -> a neutral event; a neutral reply -> plain text."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import (
    Account,
    Attachment,
    Button,
    ButtonPress,
    Card,
    Command,
    Event,
    EventKind,
    Place,
    PlaceKind,
    Reply,
)
from adapters.terminal import markup
from adapters.terminal.markup import LineKind

PLATFORM = "terminal"
NAME_LIMIT = 80
_QUOTED = re.compile(r"""(?P<quote>["'])(?P<path>.+?)(?P=quote)(?:\s+(?P<words>.*))?""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Leave:
    """`/quit` or `/exit`."""


@dataclass(frozen=True, slots=True)
class SpeakAs:
    """`/as NAME`; the name is empty when none was typed."""

    name: str


@dataclass(frozen=True, slots=True)
class SendFile:
    """`/file PATH [words]`; a path with spaces stands in quotes. The path is empty when none was typed."""

    path: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Slash:
    """Any other `/command`."""

    command: Command


@dataclass(frozen=True, slots=True)
class Talk:
    """Anything else."""

    text: str


Line = Leave | SpeakAs | SendFile | Slash | Talk


def parse(line: str) -> Line:
    """What a line means by itself, buttons aside. `/need.post x` is `/need post x`."""
    text = line.strip()
    word, rest = _split(text)
    if not word.startswith("/"):
        return Talk(text)
    name = word[1:].casefold()
    if name in ("quit", "exit") and not rest:
        return Leave()
    if name == "as":
        return SpeakAs(" ".join(rest.split()))
    if name == "file":
        if quoted := _QUOTED.fullmatch(rest):
            return SendFile(quoted["path"], (quoted["words"] or "").strip())
        return SendFile(*_split(rest))
    subject, _, verb = name.partition(".")
    if not subject:
        return Talk(text)
    return Slash(Command(subject, f"{verb} {rest}".strip()))


def _split(text: str) -> tuple[str, str]:
    first, *rest = re.split(r"\s", text, maxsplit=1)
    return first, "".join(rest).strip()


def account_of(name: str) -> Account:
    """The terminal account of a name: "Ana Ruiz" and "ana  ruiz" are the same one. Raises `ValueError` for no name."""
    shown = " ".join(markup.clean(name).split())[:NAME_LIMIT].strip()
    if not shown:
        raise ValueError("a name is needed to speak")
    return Account(id=shown.casefold(), name=shown)


def place_of(account_id: str) -> Place:
    """Where a person talks with the bot here: always a direct chat."""
    return Place(id=f"{PLATFORM}:{account_id}", kind=PlaceKind.DIRECT)


def attachment_of(path: Path, size: int) -> Attachment:
    """A file on this machine as an attachment. `size` in bytes."""
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(reference=str(path), name=path.name, media_type=media_type, size=size)


def said(line: Talk | Slash, account: Account, raw: str, *, event_id: str, now: int) -> Event:
    """A message or a command. `now` in milliseconds since the epoch."""
    command = line.command if isinstance(line, Slash) else None
    return Event(
        platform=PLATFORM,
        event_id=event_id,
        kind=EventKind.COMMAND if command else EventKind.MESSAGE,
        account=account,
        place=place_of(account.id),
        text=raw.strip(),
        message_id=event_id,
        addressed=True,
        command=command,
        sent_at=now,
    )


def with_file(attachment: Attachment, words: str, account: Account, *, event_id: str, now: int) -> Event:
    """A message that carries a file."""
    return Event(
        platform=PLATFORM,
        event_id=event_id,
        kind=EventKind.MESSAGE,
        account=account,
        place=place_of(account.id),
        text=words,
        message_id=event_id,
        addressed=True,
        attachments=(attachment,),
        sent_at=now,
    )


def pressed(token: str, message_id: str, account: Account, *, event_id: str, now: int) -> Event:
    """A pressed button."""
    return Event(
        platform=PLATFORM,
        event_id=event_id,
        kind=EventKind.BUTTON,
        account=account,
        place=place_of(account.id),
        message_id=event_id,
        addressed=True,
        press=ButtonPress(token=token, message_id=message_id, press_id=event_id),
        sent_at=now,
    )


def as_plain(reply: Reply, numbers: Sequence[int] = (), saved: Sequence[str] = ()) -> str:
    """A whole reply as text without any styling; `numbers` are those of its buttons, `saved` a line for each file."""
    parts = []
    if reply.text.strip():
        parts.append(_text(reply.text))
    if reply.card:
        parts.append(_card(reply.card, numbers))
    if saved:
        parts.append("\n".join(map(markup.clean, saved)))
    return "\n".join(part for part in parts if part)


def choices_line(choices: Sequence[tuple[int, Button]]) -> str:
    """`[1] Yes, post it   [2] No`."""
    return "   ".join(f"[{number}] {one_line(button.label)}" for number, button in choices)


def one_line(text: str) -> str:
    """A title, label or value on one line, its markers removed."""
    return markup.as_text(markup.spans(" ".join(markup.clean(text).split())))


def _text(text: str, indent: str = "") -> str:
    mark = {LineKind.ITEM: "- ", LineKind.CODE: "    ", LineKind.TEXT: ""}
    return "\n".join(f"{indent}{mark[line.kind]}{markup.as_text(line.spans)}".rstrip() for line in markup.lines(text))


def _card(card: Card, numbers: Sequence[int]) -> str:
    parts = []
    if card.title:
        parts.append(f"== {one_line(card.title)} ==")
    if card.text.strip():
        parts.append(_text(card.text, "  "))
    parts += [f"  {one_line(label)}: {_value(value)}" for label, value in card.fields]
    parts += [f"  - {one_line(line)}" for line in card.lines]
    if card.picture and card.picture.plain:
        parts += [f"  {line}".rstrip() for line in markup.clean(card.picture.plain).split("\n")]
    if card.footer.strip():
        parts.append(_text(card.footer, "  "))
    if card.buttons:
        parts.append("  " + choices_line(list(zip(numbers, card.buttons, strict=False))))
    return "\n".join(parts)


def _value(value: str) -> str:
    """A field's value; further lines stand under the first, indented."""
    return _text(value).replace("\n", "\n    ")
