"""A reply as the messages that Telegram will show, and each message as the parameters of one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.common.runs import BOLD, ITALIC, Run, joined, plain
from adapters.common.text import clean, utf16_units
from adapters.contract import Button, ButtonStyle, Card, File, Reply
from adapters.telegram.markup import parse, render
from adapters.telegram.split import split

MESSAGE_LIMIT = 4096  # UTF-16 units
CAPTION_LIMIT = 1024
_TOKEN_LIMIT = 64  # bytes of callback_data
_ROW_UNITS = 30  # labels that together are shorter share a row
_ROW_BUTTONS = 3
_PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
_STYLES = {ButtonStyle.PRIMARY: "primary", ButtonStyle.DANGER: "danger"}

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One message: text, or a picture or file with the text as its caption."""

    runs: tuple[Run, ...] = ()
    keyboard: tuple[tuple[Button, ...], ...] = ()
    file: File | None = None
    photo: bool = False


def compose(reply: Reply, limit: int = MESSAGE_LIMIT) -> list[Part]:
    """The messages of a reply, in order: text and card (buttons on the last of them), then files.

    A card's picture carries the text as its caption where that fits, and follows the text where it does not.
    """
    card = reply.card or Card()
    runs = _body(reply.text, card)
    keyboard = _rows(card.buttons)
    if keyboard and not plain(runs).strip():
        runs = [Run("\N{HORIZONTAL ELLIPSIS}")]  # a keyboard needs a message to hang on
    parts: list[Part] = []
    picture = card.picture
    if picture and utf16_units(plain(runs)) <= CAPTION_LIMIT:
        return [_picture(picture, tuple(runs), keyboard), *_documents(reply)]
    texts = split(runs, limit)
    for index, text in enumerate(texts):
        parts.append(Part(tuple(text), keyboard if index == len(texts) - 1 else ()))
    if picture:
        parts.append(_picture(picture))
    return parts + _documents(reply)


def _documents(reply: Reply) -> list[Part]:
    return [Part(file=file) for file in reply.files]


def _picture(file: File, runs: tuple[Run, ...] = (), keyboard: tuple[tuple[Button, ...], ...] = ()) -> Part:
    return Part(runs, keyboard, file, photo=file.media_type in _PHOTO_TYPES)


def _body(text: str, card: Card) -> list[Run]:
    head = [Run(clean(card.title), BOLD)] if card.title else []
    if head and card.text:
        head.append(Run("\n"))
    blocks = [
        parse(text.strip()),
        head + parse(card.text),
        joined([[Run(f"{clean(label)}: ", BOLD), *parse(value)] for label, value in card.fields], "\n"),
        joined([[Run("\N{BULLET} "), *parse(line)] for line in card.lines], "\n"),
        [Run(clean(card.footer), ITALIC)] if card.footer else [],
    ]
    return joined([block for block in blocks if plain(block).strip()], "\n\n")


def _rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Short labels side by side, long ones each on a row, since a phone cuts what does not fit."""
    rows: list[list[Button]] = []
    for button in buttons:
        if not 1 <= len(button.token.encode()) <= _TOKEN_LIMIT:
            raise ValueError(f"a button's token has 1 to {_TOKEN_LIMIT} bytes")
        row = rows[-1] if rows else []
        taken = sum(utf16_units(one.label) for one in row) + utf16_units(button.label)
        if row and len(row) < _ROW_BUTTONS and taken <= _ROW_UNITS:
            row.append(button)
        else:
            rows.append([button])
    return tuple(tuple(row) for row in rows)


def keyboard_markup(part: Part) -> Payload:
    """`reply_markup` of a part, empty when it has no buttons."""
    if not part.keyboard:
        return {}
    rows = []
    for row in part.keyboard:
        line = []
        for button in row:
            entry = {"text": clean(button.label), "callback_data": button.token}
            if style := _STYLES.get(button.style):
                entry["style"] = style
            line.append(entry)
        rows.append(line)
    return {"reply_markup": {"inline_keyboard": rows}}


def formatted(part: Part, name: str, *, as_plain: bool = False) -> Payload:
    """The text of a part under the parameter `name` ("text" or "caption"); as plain text when HTML was refused."""
    if not part.runs:
        return {}
    if as_plain:
        return {name: plain(part.runs)}
    return {name: render(part.runs), "parse_mode": "HTML"}


def text_payload(part: Part, *, as_plain: bool = False) -> Payload:
    """`sendMessage` or `editMessageText`, without the address. Links unfold no preview under an answer."""
    return {
        **formatted(part, "text", as_plain=as_plain),
        "link_preview_options": {"is_disabled": True},
        **keyboard_markup(part),
    }


def caption_payload(part: Part, *, as_plain: bool = False) -> Payload:
    """`editMessageCaption`, or what goes with a file in `sendPhoto` and `sendDocument`."""
    return {**formatted(part, "caption", as_plain=as_plain), **keyboard_markup(part)}
