"""A reply as styled text for a person's terminal. Only the sixteen colours of the terminal's own theme are used."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.box import ROUNDED
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.contract import Button, ButtonStyle, Card
from adapters.terminal import markup
from adapters.terminal.markup import Line, LineKind, Span
from adapters.terminal.screen import Shown
from adapters.terminal.translate import one_line

READABLE = 96  # columns; longer lines tire the eye
_BUTTON = {ButtonStyle.PRIMARY: "bold green", ButtonStyle.PLAIN: "bold", ButtonStyle.DANGER: "bold red"}


def ansi(item: Shown, columns: int) -> str:
    """The reply as lines with colours, at most `columns` wide, each ended by a newline; "" when there is nothing."""
    parts: list[RenderableType] = []
    if item.reply.text.strip():
        parts.append(_text(item.reply.text))
    if item.reply.card:
        parts.append(_card(item.reply.card, item.numbers))
    parts += [Text(markup.clean(line), style="dim", overflow="fold") for line in item.saved]
    if not parts:
        return ""
    if item.label:
        parts.insert(0, Text(item.label, style="bold"))
    return _render(Group(*parts), columns)


def note(text: str, columns: int) -> str:
    """A short word of the terminal itself."""
    return _render(Text(text, style="dim"), columns)


def _render(what: RenderableType, columns: int) -> str:
    out = StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", width=max(20, min(columns, READABLE)), highlight=False
    )
    console.print(what)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _card(card: Card, numbers: Sequence[int]) -> RenderableType:
    parts: list[RenderableType] = []
    if card.text.strip():
        parts.append(_text(card.text))
    if card.fields:
        parts.append(_fields(card.fields))
    if card.lines:
        parts.append(_text("\n".join(f"- {' '.join(line.split())}" for line in card.lines)))
    if card.picture and card.picture.plain:
        parts.append(Text(markup.clean(card.picture.plain), overflow="fold"))
    if card.footer.strip():
        parts.append(_text(card.footer, "dim"))
    if card.buttons:
        parts.append(_buttons(list(zip(numbers, card.buttons, strict=False))))
    spaced: list[RenderableType] = []
    for part in parts:
        spaced += [Text(""), part] if spaced else [part]
    title = Text(one_line(card.title), style="bold") if card.title else None
    return Panel(Group(*spaced), title=title, title_align="left", box=ROUNDED, border_style="cyan", expand=False)


def _fields(fields: Sequence[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(max_width=24, style="dim")
    table.add_column(overflow="fold")
    for label, value in fields:
        table.add_row(one_line(label), _text(value))
    return table


def _buttons(choices: Sequence[tuple[int, Button]]) -> Text:
    text = Text()
    for number, button in choices:
        if text:
            text.append("   ")
        # No break inside a choice: the number stays with its label.
        text.append(f"[{number}]\N{NO-BREAK SPACE}", style="bold cyan")
        text.append(one_line(button.label).replace(" ", "\N{NO-BREAK SPACE}"), style=_BUTTON[button.style])
    return text


def _text(text: str, style: str = "") -> RenderableType:
    return Group(*(_line(line, style) for line in markup.lines(text)))


def _line(line: Line, style: str) -> RenderableType:
    text = Text(style=style, overflow="fold")
    for span in line.spans:
        text.append(span.text, style=_style(span))
        if span.url and span.url != span.text:
            text.append(f" ({span.url})", style="dim")
    if line.kind is LineKind.ITEM:
        entry = Table.grid(padding=(0, 1, 0, 0))
        entry.add_column(width=1, style=style)
        entry.add_column()
        entry.add_row("•", text)
        return entry
    return Padding(text, (0, 0, 0, 2)) if line.kind is LineKind.CODE else text


def _style(span: Span) -> str:
    wanted = {"bold": span.bold, "italic": span.italic, "magenta": span.code, "underline": bool(span.url)}
    return " ".join(style for style, on in wanted.items() if on)
