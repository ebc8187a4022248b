"""The picture of a fund: readable whatever the numbers are, small, the same again, and never in anybody's way."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image

from adapters.contract import Card, File, Reply
from bot.inbox.payload import dump, load_reply
from bot.pictures import drawn
from bot.pictures.chart import KIND, MOST_POINTS, Chart, load_chart
from bot.pictures.draw import FREE, GIVEN, GROUND, RESERVED, TIME, draw
from bot.pictures.fund import fund_chart, fund_picture
from bot.pictures.plain import WIDTH, bar, steps
from bot.pictures.scale import axis, marks
from bot.words import Words
from core.clock import DAY
from core.funds.funds import Figures, Point
from core.funds.operations import FundLine, FundPage

START = 1_767_225_600_000  # 2026-01-01


def line(
    code: str = "EUR",
    *,
    came: int = 500_000,
    paid: int = 120_000,
    committed: int = 50_000,
    budget: int = 0,
    minutes: int = 0,
    days: int = 60,
    points: int = 12,
) -> FundLine:
    """A fund of one unit, with a story of so many points."""
    figures = Figures(code, came, 0, committed, paid, 0, came - paid - committed, budget, minutes, 0, 3)
    last = max(points - 1, 1)
    story = tuple(
        Point(START + DAY * (days * n // last), came - paid * n // last, paid * n // last, minutes * n // last)
        for n in range(points)
    )
    return FundLine(code, "", "", "", "", "", "", "", "", "", figures, story)


def page(*lines: FundLine, nexus: str = "Parser") -> FundPage:
    return FundPage(1, nexus, lines, "", "", 3)


SHAPES = {
    "one": page(line()),
    "one day": page(line(points=1)),
    "with hours and a plan": page(line(budget=900_000, minutes=3_660)),
    "huge": page(line(came=10**15, paid=10**14, committed=1, budget=10**15, points=300, days=2_000)),
    "all given": page(line(paid=500_000, committed=0)),
    "many units": page(*(line(code, minutes=90) for code in ("CRD", "EUR", "JPY", "USD"))),
    "a name that the font has not": page(line(), nexus="漢字 žluť"),
    "a long name": page(line(), nexus="A " * 80),
    "overdrawn for a while": page(
        replace(line(), history=(Point(START, -40_000, 0, 0), Point(START + DAY, 380_000, 120_000, 0)))
    ),
    "years": page(line(days=365 * 9, points=900)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_a_small_picture_and_the_same_again(shape: str) -> None:
    chart = fund_chart(SHAPES[shape], Words())
    content = draw(chart)
    assert content == draw(chart)
    assert len(content) < 60_000
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "PNG"
    assert picture.width == 800
    assert 200 < picture.height < 2_200


def colours(chart: Chart) -> dict[str, int]:
    """How many pixels have each of the colours that mean something."""
    picture = Image.open(io.BytesIO(draw(chart))).convert("RGB")
    found = {colour: count for count, colour in picture.getcolors(1 << 20) or []}

    def near(name: str) -> int:
        wanted = tuple(int(name[at : at + 2], 16) for at in (1, 3, 5))
        return sum(
            n
            for one, n in found.items()
            if isinstance(one, tuple) and all(abs(a - b) < 10 for a, b in zip(one, wanted, strict=True))
        )

    return {name: near(name) for name in (GIVEN, RESERVED, FREE, TIME)}


def test_areas_are_as_large_as_what_they_stand_for() -> None:
    half = colours(fund_chart(page(line(came=1_000, paid=500, committed=250, points=1)), Words()))
    assert half[GIVEN] > 1.8 * half[RESERVED]
    assert abs(half[RESERVED] - half[FREE]) < half[FREE] / 5
    assert half[TIME] == 0
    assert colours(fund_chart(page(line(minutes=600)), Words()))[TIME] > 10_000


def test_its_colours_are_told_apart_without_hue_and_text_stands_out() -> None:
    """By relative luminance, see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    from bot.pictures.draw import INK, QUIET

    assert contrast(INK, GROUND) > 12
    assert contrast(QUIET, GROUND) > 7
    assert contrast(GIVEN, RESERVED) > 3
    assert contrast(RESERVED, FREE) > 1.3
    assert contrast(GIVEN, FREE) > 4.5


def test_an_empty_fund_has_no_picture() -> None:
    assert fund_picture(page(), Words()) is None
    assert fund_picture(page(line(came=0, paid=0, committed=0, points=0)), Words()) is None
    assert draw(fund_chart(page(), Words()))


def test_a_long_story_is_thinned_to_its_ends() -> None:
    story = fund_chart(SHAPES["years"], Words()).pots[0].story
    assert len(story) == MOST_POINTS
    assert (story[0].given, story[-1].given) == (0, 120_000)


def test_it_says_the_same_in_words() -> None:
    file = fund_picture(SHAPES["with hours and a plan"], Words())
    assert file is not None
    assert file.alt == (
        "The fund of Parser. came in 5,000.00 EUR, paid 1,200.00 EUR, reserved 500.00 EUR, free 3,300.00 EUR, "
        "planned 9,000.00 EUR. hours given 61h."
    )
    assert load_chart(base64.b64decode(file.content)) == fund_chart(SHAPES["with hours and a plan"], Words())


def test_characters_say_it_where_no_pictures_are_shown() -> None:
    file = fund_picture(page(line()), Words())
    assert file is not None
    assert file.plain.splitlines() == [
        "█" * 10 + "▒" * 4 + "░" * 26,
        "came in: 5,000.00 EUR",
        "█ paid: 1,200.00 EUR",
        "▒ reserved: 500.00 EUR",
        "░ free: 3,300.00 EUR",
        "█▇▇▇▇▇▇▆▆▆▆▆",
        "in the fund, 1 Jan 2026 – 2 Mar 2026",
    ]


@pytest.mark.parametrize("parts", [(0, 0, 0), (1, 10**15, 1), (0, 0, 7), (1, 1, 1), (5, -3, 0)])
def test_a_bar_is_always_as_wide(parts: tuple[int, int, int]) -> None:
    drawn = bar(parts)
    assert len(drawn) == WIDTH
    assert all((fill in drawn) is (part > 0) for fill, part in zip("█▒░", parts, strict=True))


def test_steps_fit_and_go_below_nothing() -> None:
    assert steps([-10, 0, 10]) == "▁▄█"
    assert steps([0, 0]) == "▁▁"
    assert len(steps(range(500))) == WIDTH


@pytest.mark.parametrize(
    ("values", "unit", "names"),
    [
        ([0, 500_000], 100, ["0", "2k", "4k", "6k"]),
        ([-100, 250], 100, ["-2", "0", "2", "4"]),
        ([0], 100, ["0", "0.5", "1"]),
        ([0, 10**15], 100, ["0", "5T", "10T"]),
        ([0, 2_000], 10**6, ["0", "0.001", "0.002"]),
        ([0, 3_400], 1, ["0", "2k", "4k"]),
    ],
)
def test_an_axis_has_few_round_numbers(values: list[int], unit: int, names: list[str]) -> None:
    low, high, lines = axis(values, unit)
    assert [name for _, name in lines] == names
    assert low <= min(values)
    assert high >= max(values)


def test_hours_are_counted_in_whole_ones() -> None:
    assert [value // 60 for value, _ in axis([0, 3_450], 60, whole=True)[2]] == [0, 20, 40, 60]
    assert [value // 60 for value, _ in axis([0, 30], 60, whole=True)[2]] == [0, 1]


def test_days_are_named_as_far_as_there_is_room() -> None:
    assert [name for _, name in marks(START, START + 20 * DAY)] == ["1 Jan 2026", "21 Jan 2026"]
    assert [name for _, name in marks(START, START + 90 * DAY)] == ["Jan 2026", "Feb", "Mar", "Apr"]
    assert [name for _, name in marks(START, START + 1_500 * DAY)] == [f"Jan {2026 + n}" for n in range(5)]


# -- on its way ------------------------------------------------------------------------------------------------------


async def test_it_is_drawn_when_it_is_sent() -> None:
    file = fund_picture(page(line()), Words())
    stored = load_reply(dump(Reply(card=Card("Fund", picture=file))))
    assert stored.card is not None
    assert stored.card.picture is not None
    assert stored.card.picture.media_type == KIND
    reply = await drawn(stored)
    assert reply.card is not None
    assert reply.card.picture is not None
    picture = reply.card.picture
    assert picture.media_type == "image/png"
    assert base64.b64decode(picture.content).startswith(b"\x89PNG")
    assert (picture.alt, picture.plain, picture.name) == (file.alt, file.plain, file.name) if file else None


async def test_other_pictures_are_left_as_they_are_and_a_broken_one_is_left_out() -> None:
    for reply in (Reply("hello"), Reply(card=Card("C", picture=File("a.png", "image/png", content="AA==")))):
        assert await drawn(reply) is reply
    broken = Reply("hello", Card("C", picture=File("a.png", KIND, content="AA==")))
    assert await drawn(broken) == Reply("hello", Card("C"))
