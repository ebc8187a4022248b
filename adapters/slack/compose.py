"""A reply as the messages that Slack will show: Block Kit, with a text beside it for notifications.

Slack lets a section hold 3,000 characters and a message 50 blocks, and recommends at most 4,000 characters a message
(https://docs.slack.dev/reference/methods/chat.postMessage): a message here has at most 4,000 in all of its blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.common.runs import BOLD, Run, joined, plain
from adapters.common.text import clean
from adapters.contract import Button, ButtonStyle, Card, File, Reply
from adapters.slack.markup import escape, parse, render
from adapters.slack.split import split

Json = dict[str, Any]

MESSAGE_LIMIT = 4_000  # characters of mrkdwn in a message
SECTION_LIMIT = 3_000
_MOST_BLOCKS = 45
_HEADER_LIMIT = 150
_FIELD_LIMIT, _MOST_FIELDS = 2_000, 10
_LABEL_LIMIT, _TOKEN_LIMIT, _ROW_BUTTONS = 75, 2_000, 5
_STYLES = {ButtonStyle.PRIMARY: "primary", ButtonStyle.DANGER: "danger"}
_PICTURES = ("image/png", "image/jpeg", "image/gif")  # what an image block can show; others are files
PRESS = "nexus_press"  # the action id of our buttons, with a number behind it


@dataclass(frozen=True, slots=True)
class Part:
    """One message: blocks with their text, perhaps a picture among them, or a file alone."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    file: File | None = None
    picture: File | None = None  # goes before the buttons, once it is uploaded

    def with_picture(self, file_id: str) -> tuple[Json, ...]:
        """The blocks with the uploaded picture among them."""
        assert self.picture is not None
        image = {
            "type": "image",
            "slack_file": {"id": file_id},
            "alt_text": clean(self.picture.alt or self.picture.name)[:_FIELD_LIMIT] or "picture",
        }
        at = next((i for i, block in enumerate(self.blocks) if block["type"] == "actions"), len(self.blocks))
        return (*self.blocks[:at], image, *self.blocks[at:])


def compose(reply: Reply) -> list[Part]:
    """The messages of a reply, in order: text and card (buttons on the last of them), then files."""
    card = reply.card or Card()
    pieces = [*_sections(parse(reply.text.strip())), *_card(card)]
    buttons = tuple(_actions(card.buttons))
    if (buttons or card.picture) and not pieces:
        pieces = [_section("\N{HORIZONTAL ELLIPSIS}")]  # buttons need something to stand under
    parts = _packed(pieces)
    shown = card.picture if card.picture and card.picture.media_type in _PICTURES else None
    files = reply.files if card.picture is None or shown else (card.picture, *reply.files)
    if parts:
        parts[-1] = replace(parts[-1], blocks=parts[-1].blocks + buttons, picture=shown)
    return parts + [Part(clean(file.name), file=file) for file in files]


_Piece = tuple[Json, str]  # a block, and what it shows as mrkdwn


def _packed(pieces: Sequence[_Piece]) -> list[Part]:
    parts: list[Part] = []
    blocks: list[Json] = []
    texts: list[str] = []
    for block, text in pieces:
        if blocks and (
            len(blocks) == _MOST_BLOCKS or sum(map(len, texts)) + 2 * len(texts) + len(text) > MESSAGE_LIMIT
        ):
            parts.append(Part("\n\n".join(texts), tuple(blocks)))
            blocks, texts = [], []
        blocks.append(block)
        texts.append(text)
    if blocks:
        parts.append(Part("\n\n".join(texts), tuple(blocks)))
    return parts


def _card(card: Card) -> list[_Piece]:
    pieces: list[_Piece] = []
    title = " ".join(clean(card.title).split())
    if 0 < len(title) <= _HEADER_LIMIT:
        block = {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}
        pieces.append((block, escape(title)))
    elif title:
        pieces += _sections([Run(title, BOLD)])
    pieces += _sections(parse(card.text.strip()))
    pieces += _fields(card.fields)
    pieces += _sections(joined([[Run("\N{BULLET} "), *parse(line)] for line in card.lines], "\n"))
    if card.footer.strip():
        for runs in split([Run(clean(card.footer.strip()))], SECTION_LIMIT):
            text = render(runs)
            pieces.append(({"type": "context", "elements": [_mrkdwn(text)]}, text))
    return pieces


def _fields(fields: Sequence[tuple[str, str]]) -> list[_Piece]:
    pieces: list[_Piece] = []
    row: list[str] = []

    def close() -> None:
        if row:
            pieces.append(({"type": "section", "fields": [_mrkdwn(text) for text in row]}, "\n".join(row)))
            row.clear()

    for label, value in fields:
        runs = [Run(clean(label), BOLD), Run("\n"), *parse(value)]
        text = render(runs).strip()
        if len(text) > _FIELD_LIMIT:
            close()
            pieces += _sections(runs)
            continue
        if len(row) == _MOST_FIELDS or sum(map(len, row)) + len(text) > SECTION_LIMIT:
            close()
        if text:
            row.append(text)
    close()
    return pieces


def _sections(runs: Sequence[Run]) -> list[_Piece]:
    if not plain(runs).strip():
        return []
    return [_section(render(part)) for part in split(runs, SECTION_LIMIT)]


def _section(text: str) -> _Piece:
    return {"type": "section", "text": _mrkdwn(text)}, text


def _mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _actions(buttons: Sequence[Button]) -> list[Json]:
    rows: list[Json] = []
    for index, button in enumerate(buttons):
        if not 1 <= len(button.token) <= _TOKEN_LIMIT:
            raise ValueError(f"a button's token has 1 to {_TOKEN_LIMIT} characters")
        if index % _ROW_BUTTONS == 0:
            rows.append({"type": "actions", "elements": []})
        element: Json = {
            "type": "button",
            "action_id": f"{PRESS}_{index}",
            "text": {"type": "plain_text", "text": _label(button.label), "emoji": True},
            "value": button.token,
        }
        if style := _STYLES.get(button.style):
            element["style"] = style
        rows[-1]["elements"].append(element)
    return rows


def _label(label: str) -> str:
    label = clean(label).strip() or "\N{HORIZONTAL ELLIPSIS}"
    return label if len(label) <= _LABEL_LIMIT else label[: _LABEL_LIMIT - 1] + "\N{HORIZONTAL ELLIPSIS}"
