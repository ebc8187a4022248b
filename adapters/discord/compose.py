"""A neutral reply as Discord messages: text as content, a card as embeds, buttons as components.

Limits: https://discord.com/developers/docs/resources/message (content, embeds, components), lengths in UTF-16 units.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.common.runs import BOLD, BULLET, Run, joined, plain
from adapters.common.text import utf16_units
from adapters.contract import Button, ButtonStyle, Card, File, Reply
from adapters.discord.markup import clean, escape, parse, render
from adapters.discord.split import split

Json = dict[str, Any]

MESSAGE_LIMIT = 2000
PICK = "¶pick"  # custom_id of a menu of ours: no token, since those are ASCII

_DESCRIPTION, _TITLE, _FIELD_NAME, _FIELD_VALUE, _FOOTER = 4096, 256, 256, 1024, 2048
_DESCRIBED = 1024  # what is read out in the place of a picture
_EMBEDS_TOGETHER = 6000  # all embeds of one message
_MOST_EMBEDS, _MOST_FIELDS, _MOST_FILES = 10, 25, 10
_ROWS, _IN_ROW, _MENU_OPTIONS = 5, 5, 25
_LABEL, _OPTION_LABEL = 80, 100
_BESIDE = 30  # a value up to this length stands beside the next one
_NOTHING = "\N{ZERO WIDTH SPACE}"  # where Discord wants a text and there is none
_STYLES = {ButtonStyle.PRIMARY: 1, ButtonStyle.PLAIN: 2, ButtonStyle.DANGER: 4}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]+")

EPHEMERAL = 1 << 6


@dataclass(frozen=True, slots=True)
class Part:
    """One message."""

    content: str = ""
    embeds: tuple[Json, ...] = ()
    rows: tuple[Json, ...] = ()
    files: tuple[File, ...] = ()


def compose(reply: Reply) -> list[Part]:
    """The messages of a reply, in order: text, card (buttons on the last of them), files."""
    card = reply.card or Card()
    contents = split(parse(reply.text.strip()), MESSAGE_LIMIT)
    groups = _grouped(_embeds(card))
    rows = _rows(card.buttons)
    parts = [Part(content) for content in contents[:-1]]
    last_text = contents[-1] if contents else ""
    for index, embeds in enumerate(groups or [()]):
        parts.append(Part("" if index else last_text, embeds))
    if parts[-1] == Part() and (rows or not (reply.files or card.picture)):
        if not rows:
            return []
        parts[-1] = Part("\N{HORIZONTAL ELLIPSIS}")  # buttons need a message to hang on
    files = ([card.picture] if card.picture else []) + list(reply.files)
    last = parts[-1]
    parts[-1] = Part(last.content, last.embeds, rows, tuple(files[:_MOST_FILES]))
    for start in range(_MOST_FILES, len(files), _MOST_FILES):
        parts.append(Part(files=tuple(files[start : start + _MOST_FILES])))
    return parts


def payload(part: Part, *, editing: bool = False) -> Json:
    """The message as a request body, without its address. An edit replaces everything that was there before.

    Mentions are closed: whatever a text contains, nobody is pinged by it.
    """
    body: Json = {"allowed_mentions": {"parse": [], "replied_user": False}}
    if part.content or editing:
        body["content"] = part.content
    if part.embeds or editing:
        body["embeds"] = list(part.embeds)
    if part.rows or editing:
        body["components"] = list(part.rows)
    if part.files or editing:
        body["attachments"] = [_attached(index, file) for index, file in enumerate(part.files)]
    return body


def _attached(index: int, file: File) -> Json:
    described = {"description": _cut(clean(file.alt), _DESCRIBED)} if file.alt.strip() else {}
    return {"id": str(index), "filename": file_name(file)} | described


def nonce(key: str, index: int, part: Part) -> str:
    """What lets Discord drop a message that is sent again: at most 25 characters, the same for the same part.

    The content is in it, so that a key that begins anew (a fresh store) hides no answer.
    """
    said = repr((key, index, part.content, part.embeds, part.rows, [file.name for file in part.files]))
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=12).hexdigest()


def file_name(file: File) -> str:
    """A name that Discord keeps as it is, so that an embed can point to it."""
    name = _NOT_IN_A_NAME.sub("_", file.name.replace("\\", "/").rpartition("/")[2]).strip("._")
    return name[-100:] or "file"


def _embeds(card: Card) -> list[Json]:
    fields, long = _fields(card)
    described = _described(card, long)
    embeds: list[Json] = [{"description": text} for text in split(described, _DESCRIPTION)]
    if card.title.strip():
        embeds = embeds or [{}]
        embeds[0] = {"title": _fitted(card.title, _TITLE), **embeds[0]}
    for field in fields:
        if (
            not embeds
            or len(embeds[-1].get("fields", ())) == _MOST_FIELDS
            or _size(embeds[-1]) + utf16_units(field["name"]) + utf16_units(field["value"]) > _EMBEDS_TOGETHER
        ):
            embeds.append({})
        embeds[-1].setdefault("fields", []).append(field)
    if card.footer.strip():
        footer = _cut(clean(card.footer.strip()), _FOOTER)
        if not embeds or _size(embeds[-1]) + utf16_units(footer) > _EMBEDS_TOGETHER:
            embeds.append({})
        embeds[-1]["footer"] = {"text": footer}
    if card.picture and card.picture.media_type.startswith("image/"):
        embeds = embeds or [{}]
        embeds[-1]["image"] = {"url": f"attachment://{file_name(card.picture)}"}
    return embeds


def _fields(card: Card) -> tuple[list[Json], list[tuple[str, str]]]:
    """The fields, and the pairs that are too long to be one."""
    fields, long = [], []
    for label, value in card.fields:
        shown = render(parse(value.strip()))
        if utf16_units(shown) > _FIELD_VALUE:
            long.append((label, value.strip()))
            continue
        beside = utf16_units(shown) <= _BESIDE and "\n" not in shown
        name = _fitted(label, _FIELD_NAME)
        fields.append({"name": name or _NOTHING, "value": shown or _NOTHING, "inline": beside})
    return fields, long


def _described(card: Card, long: Sequence[tuple[str, str]]) -> list[Run]:
    listed = [[Run("- ", BULLET), *parse(line)] for line in card.lines]
    blocks = [parse(card.text.strip()), joined(listed, "\n")]
    blocks += [[Run(f"{clean(label)}:", BOLD), Run("\n"), *parse(value)] for label, value in long]
    return joined([block for block in blocks if plain(block).strip()], "\n\n")


def _grouped(embeds: Sequence[Json]) -> list[tuple[Json, ...]]:
    """Embeds by message, as many in each as Discord takes."""
    groups: list[list[Json]] = []
    room = 0
    for embed in embeds:
        size = _size(embed)
        if not groups or size > room or len(groups[-1]) == _MOST_EMBEDS:
            groups.append([])
            room = _EMBEDS_TOGETHER
        groups[-1].append(embed)
        room -= size
    return [tuple(group) for group in groups]


def _size(embed: Json) -> int:
    texts = [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
    texts += [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    return sum(utf16_units(text) for text in texts)


def _fitted(text: str, limit: int) -> str:
    """One line of Markdown that shows the text, cut where it is too long."""
    text = " ".join(clean(text).split())
    shown = escape(text, links=False)
    length = len(text)
    while utf16_units(shown) > limit:
        length -= max((utf16_units(shown) - limit) // 2, 1)
        shown = escape(text[:length].rstrip() + "…", links=False)
    return shown


def _cut(text: str, limit: int) -> str:
    """The beginning of a text that is shown without Markdown."""
    while utf16_units(text) > limit:
        text = text[: len(text) - max((utf16_units(text) - limit) // 2, 1) - 1].rstrip("…") + "…"
    return text


def button(label: str, custom_id: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Json:
    """A button as a component."""
    return {"type": 2, "style": _STYLES[style], "label": _cut(clean(label), _LABEL) or "…", "custom_id": custom_id}


def row(components: Sequence[Json]) -> Json:
    """A row of components."""
    return {"type": 1, "components": list(components)}


def _rows(buttons: Sequence[Button]) -> tuple[Json, ...]:
    """Up to five buttons in a row, up to five rows; more than that becomes menus to choose from."""
    if len(buttons) <= _ROWS * _IN_ROW:
        drawn = [button(one.label, one.token, one.style) for one in buttons]
        return tuple(row(drawn[at : at + _IN_ROW]) for at in range(0, len(drawn), _IN_ROW))
    if len(buttons) > _ROWS * _MENU_OPTIONS:
        raise ValueError(f"at most {_ROWS * _MENU_OPTIONS} buttons fit below a message")
    options = [{"label": _cut(clean(one.label), _OPTION_LABEL) or "…", "value": one.token} for one in buttons]
    return tuple(
        row([{"type": 3, "custom_id": f"{PICK}{at}", "options": options[at : at + _MENU_OPTIONS]}])
        for at in range(0, len(options), _MENU_OPTIONS)
    )
