"""A chart as PNG bytes, drawn with Pillow and the font that it carries.

The picture has its own light ground with a frame, so that it reads the same in light and dark chats. Its colours differ
in lightness as much as in hue and every area is outlined and named, so that nobody has to tell colours apart (the hues
are of Okabe and Ito, https://jfly.uni-koeln.de/color/). It is as wide as a phone shows without shrinking it much, with
letters of at least 24 pixels on 800.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from bot.pictures.chart import Amount, Chart, Hours, Pot
from bot.pictures.scale import axis, marks
from core.clock import DAY

WIDTH, EDGE = 800, 36
INNER = WIDTH - 2 * EDGE
GROUND, FRAME, INK, QUIET, GRID = "#FCFBF8", "#8A8A8A", "#161616", "#4D4D4D", "#D5D3CC"
GIVEN, RESERVED, FREE, TIME = "#134B85", "#E69F00", "#A9DCCB", "#9C6A8F"
_PARTS = (GIVEN, RESERVED, FREE)
_TITLE, _TEXT, _SMALL = 34, 28, 24
_ROW, _BAR, _STORY, _HOURS = 42, 50, 190, 120
_GAP, _ABOVE = 26, 16  # between blocks; between the words above a story and the story
_AXIS = 112  # pixels to the left of a story, for its numbers


def draw(chart: Chart) -> bytes:
    """The picture. Equal charts give equal bytes with one version of Pillow."""
    picture = Image.new("RGB", (WIDTH, _height(chart)), GROUND)
    Page(picture).put(chart)
    out = io.BytesIO()
    # Flat colours: with a palette a picture is a fifth as large, and nothing is lost that one could see.
    flat = picture.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    flat.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _height(chart: Chart) -> int:
    height = EDGE + (_line(_TITLE) + 14 if _legible(chart.title) else 0)
    for pot in chart.pots:
        height += _BAR + 16 + _ROW * (4 + (pot.plan is not None))
        height += (_ROW + _ABOVE + _STORY + _line(_SMALL) + 12) if _tells(pot) else 0
        height += _GAP
    if chart.hours is not None:
        height += _ROW * (1 + (chart.hours.promised is not None))
        height += (_ABOVE + _HOURS + _line(_SMALL) + 12) if _grew(chart.hours) else 0
        height += _GAP
    if not chart.pots and chart.hours is None:
        height += _ROW + _GAP
    return height - _GAP + EDGE


def _tells(pot: Pot) -> bool:
    """Whether there is a story: one day alone is none."""
    return len(pot.story) > 1


def _grew(hours: Hours) -> bool:
    return len(hours.story) > 1


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)  # Pillow's wheels carry FreeType
    return found


def _line(size: int) -> int:
    return round(size * 1.25)


@lru_cache(maxsize=512)
def _has(character: str) -> bool:
    font = _font(_SMALL)
    return character == " " or bytes(font.getmask(character)) != bytes(font.getmask("\U0010ffff"))


def _legible(text: str) -> bool:
    """Whether the font has every letter of a text: it has few beyond English ones."""
    return bool(text.strip()) and all(_has(one) for one in text)


class Page:
    """A picture being drawn, from the top down."""

    def __init__(self, picture: Image.Image) -> None:
        self._pen = ImageDraw.Draw(picture)
        self._pen.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=FRAME, width=2)
        self._y = EDGE

    def put(self, chart: Chart) -> None:
        """Everything."""
        if _legible(chart.title):  # where not, the card says whose fund it is
            self._text(EDGE, self._y, chart.title, _TITLE, most=INNER)
            self._y += _line(_TITLE) + 14
        for pot in chart.pots:
            self._pot(pot, chart)
            self._y += _GAP
        if chart.hours is not None:
            self._hours(chart.hours)
        elif not chart.pots:
            self._text(EDGE, self._y, chart.nothing, _TEXT, QUIET, most=INNER)

    # -- money -------------------------------------------------------------------------------------------------------

    def _pot(self, pot: Pot, chart: Chart) -> None:
        self._bar(pot)
        self._y += _BAR + 16
        self._row(pot.came, None)
        for part, colour in zip(pot.parts, _PARTS, strict=True):
            self._row(part, colour)
        if pot.plan is not None:
            self._row(pot.plan, None)
        if _tells(pot):
            self._names(chart)
            self._story(pot)

    def _bar(self, pot: Pot) -> None:
        """What came in, from left to right: given, reserved, free; the plan as a mark on it."""
        top, bottom = self._y, self._y + _BAR
        parts = [max(part.minor, 0) for part in pot.parts]
        whole = max(sum(parts), pot.plan.minor if pot.plan else 0)
        if whole:
            x = float(EDGE)
            for part, colour in zip(parts, _PARTS, strict=True):
                width = INNER * part / whole
                if part:
                    right = max(round(x + width), round(x) + 4)
                    self._pen.rectangle((round(x), top, min(right, WIDTH - EDGE), bottom), fill=colour, outline=INK)
                x += width
        self._pen.rectangle((EDGE, top, WIDTH - EDGE, bottom), outline=INK, width=2)
        if pot.plan is not None and whole:
            x = EDGE + round(INNER * pot.plan.minor / whole)
            self._pen.line((x, top - 8, x, bottom + 8), fill=INK, width=4)

    def _row(self, amount: Amount, colour: str | None) -> None:
        """A figure with its name; the amount to the right, made smaller where both would not fit."""
        x = EDGE
        if colour is not None:
            self._pen.rectangle((x, self._y + 5, x + 24, self._y + 29), fill=colour, outline=INK, width=2)
        x += 38
        named = self._text(x, self._y, amount.label, _TEXT, QUIET, most=INNER // 2 - 38)
        self._right(self._y, amount.shown, most=WIDTH - EDGE - x - named - 16)
        self._y += _ROW

    def _names(self, chart: Chart) -> None:
        """Which colour of a story is what."""
        x = EDGE + _AXIS
        for name, colour in ((chart.given_by_then, GIVEN), (chart.there, FREE)):
            self._pen.rectangle((x, self._y + 12, x + 20, self._y + 32), fill=colour, outline=INK)
            x += 30 + self._text(x + 30, self._y + 10, name, _SMALL, QUIET, most=280) + 28
        self._y += _ROW

    def _story(self, pot: Pot) -> None:
        """Day by day: what had been given, and upon it what was there; together what had come in."""
        whole = [one.there + one.given for one in pot.story]
        given = [one.given for one in pot.story]
        days = [one.day_ms for one in pot.story]
        frame = self._frame(days, [*whole, *given], pot.scale, _STORY)
        frame.area(self._pen, days, given, [max(w, g) for w, g in zip(whole, given, strict=True)], FREE)
        frame.area(self._pen, days, [0] * len(days), given, GIVEN)
        frame.line(self._pen, days, whole)
        self._end_of(frame, _STORY)

    # -- time --------------------------------------------------------------------------------------------------------

    def _hours(self, hours: Hours) -> None:
        self._row(hours.given, TIME)
        if hours.promised is not None:
            self._row(hours.promised, None)
        if _grew(hours):
            days, minutes = [day for day, _ in hours.story], [one for _, one in hours.story]
            frame = self._frame(days, minutes, 0, _HOURS, each=60)
            frame.area(self._pen, days, [0] * len(days), minutes, TIME)
            frame.line(self._pen, days, minutes)
            self._end_of(frame, _HOURS)

    # -- parts of both -----------------------------------------------------------------------------------------------

    def _frame(self, days: Sequence[int], values: Sequence[int], scale: int, height: int, each: int = 0) -> Frame:
        """The ground of a story: lines at round numbers, and their names to the left."""
        self._y += _ABOVE
        low, high, lines = axis(values, each or 10**scale, whole=bool(each))
        frame = Frame((EDGE + _AXIS, self._y, WIDTH - EDGE, self._y + height), days[0], days[-1], low, high)
        for value, name in lines:
            y = frame.y(value)
            self._pen.line((frame.left, y, frame.right, y), fill=INK if value == 0 else GRID, width=2)
            name += "h" if each and value else ""
            width = _font(_SMALL).getlength(name)
            self._text(frame.left - 12 - round(width), y - 15, name, _SMALL, QUIET, most=_AXIS)
        return frame

    def _end_of(self, frame: Frame, height: int) -> None:
        """The base line once more, and days below it."""
        self._pen.line((frame.left, frame.y(0), frame.right, frame.y(0)), fill=INK, width=2)
        self._y += height + 10
        free = frame.left
        for day, name in marks(frame.since, frame.last):
            width = round(_font(_SMALL).getlength(name))
            x = min(max(frame.x(day) - width // 2, free), frame.right - width)
            if x < free:
                continue
            self._pen.line((frame.x(day), self._y - 10, frame.x(day), self._y - 2), fill=INK, width=2)
            self._text(x, self._y, name, _SMALL, QUIET, most=width + 1)
            free = x + width + 22
        self._y += _line(_SMALL) + 2

    def _text(self, x: int, y: int, text: str, size: int, colour: str = INK, *, most: int) -> int:
        """Write, cut where there is no more room; returns the width in pixels."""
        font = _font(size)
        if font.getlength(text) > most:
            while text and font.getlength(text + "...") > most:
                text = text[:-1]
            text = text.rstrip() + "..."
        self._pen.text((x, y), text, fill=colour, font=font)
        return round(font.getlength(text))

    def _right(self, y: int, text: str, *, most: int) -> None:
        size = _TEXT
        while size > 16 and _font(size).getlength(text) > most:
            size -= 1
        font = _font(size)
        self._pen.text((WIDTH - EDGE - font.getlength(text), y + (_TEXT - size) // 2), text, fill=INK, font=font)


class Frame:
    """Where days and values lie in a picture."""

    def __init__(self, box: tuple[int, int, int, int], since: int, until: int, low: int, high: int) -> None:
        self.left, self.top, self.right, self.bottom = box
        self.last = until
        self.since, self.until = since, until + max((until - since) // 40, DAY)  # the last day has a width, too
        self._low, self._high = low, max(high, low + 1)

    def x(self, day: int) -> int:
        """The column of a day."""
        return self.left + (self.right - self.left) * (day - self.since) // (self.until - self.since)

    def y(self, value: int) -> int:
        """The row of a value."""
        return self.bottom - (self.bottom - self.top) * (value - self._low) // (self._high - self._low)

    def _steps(self, days: Sequence[int], values: Sequence[int]) -> list[tuple[int, int]]:
        """Corners: a value holds until the day of the next one."""
        corners = [(self.x(days[0]), self.y(values[0]))]
        for day, value in zip(days[1:], values[1:], strict=True):
            corners += [(self.x(day), corners[-1][1]), (self.x(day), self.y(value))]
        return [*corners, (self.right, corners[-1][1])]

    def area(
        self, pen: ImageDraw.ImageDraw, days: Sequence[int], low: Sequence[int], high: Sequence[int], colour: str
    ) -> None:
        """What lies between two lines."""
        pen.polygon([*self._steps(days, high), *reversed(self._steps(days, low))], fill=colour)

    def line(self, pen: ImageDraw.ImageDraw, days: Sequence[int], values: Sequence[int]) -> None:
        """A line of steps."""
        pen.line(self._steps(days, values), fill=INK, width=3)
