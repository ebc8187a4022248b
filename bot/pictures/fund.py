"""The picture of a fund: what came in and what became of it, by unit of money, and the hours that were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from adapters.contract import File
from bot.pictures.chart import MOST_POINTS, Amount, Chart, Hours, Moment, Pot, as_file
from bot.pictures.plain import plain_chart
from bot.words import Words
from core.errors import N_
from core.funds.operations import FundLine, FundPage
from core.ledger.units import SCALES, TIME, Money

MOST_POTS = 3
T = TypeVar("T")


def fund_picture(page: FundPage, words: Words) -> File | None:
    """What a fund has and gave as a picture; None where nothing has happened yet."""
    chart = fund_chart(page, words)
    if not chart.pots and chart.hours is None:
        return None
    return as_file(chart, "fund.png", _alt(chart), plain_chart(chart))


def fund_chart(page: FundPage, words: Words) -> Chart:
    """The chart of a fund: at most three units of money, those with the longest stories."""
    used = [line for line in page.funds if line.figures.deposited or line.figures.transferred or line.history]
    kept = sorted(sorted(used, key=lambda line: -len(line.history))[:MOST_POTS], key=lambda line: line.unit)
    return Chart(
        words(N_("The fund of {nexus}"), nexus=page.nexus),
        words(N_("paid so far")),
        words(N_("in the fund")),
        tuple(_pot(line, words) for line in kept),
        _hours(page, words),
        words(N_("Nothing has come in so far.")),
    )


def _pot(line: FundLine, words: Words) -> Pot:
    figures, code = line.figures, line.unit
    came = N_("came in and moved") if figures.transferred else N_("came in")
    paid = N_("paid, with fees") if figures.fees else N_("paid")

    def amount(label: str, minor: int) -> Amount:
        return Amount(words(label), minor, str(Money(minor, code)))

    return Pot(
        code,
        SCALES[code],
        amount(came, figures.deposited + figures.transferred),
        (
            amount(paid, figures.paid + figures.fees),
            amount(N_("reserved"), figures.committed),
            amount(N_("free"), figures.free),
        ),
        amount(N_("planned"), figures.budget) if figures.budget else None,
        tuple(Moment(p.day_ms, p.balance, p.paid_so_far) for p in _thinned(line.history)),
    )


def _hours(page: FundPage, words: Words) -> Hours | None:
    figures = next((line.figures for line in page.funds), None)
    given = figures.hours_given_minutes if figures else 0
    promised = figures.hours_promised_minutes if figures else 0
    if not given and not promised:
        return None
    longest = max((line.history for line in page.funds), key=len, default=())
    return Hours(
        Amount(words(N_("hours given")), given, str(Money(given, TIME))),
        Amount(words(N_("hours promised")), promised, str(Money(promised, TIME))) if promised else None,
        tuple((p.day_ms, p.hours_so_far) for p in _thinned(longest)) if longest and longest[-1].hours_so_far else (),
    )


def _thinned(story: Sequence[T]) -> Sequence[T]:
    """As many as can be told apart, the first and the last among them."""
    if len(story) <= MOST_POINTS:
        return story
    last = len(story) - 1
    return [story[at * last // (MOST_POINTS - 1)] for at in range(MOST_POINTS)]


def _alt(chart: Chart) -> str:
    """For who cannot see it: the same figures as one sentence for each unit."""
    said = [chart.title]
    for pot in chart.pots:
        parts = [pot.came, *pot.parts, *([pot.plan] if pot.plan else [])]
        said.append(", ".join(f"{one.label} {one.shown}" for one in parts))
    if chart.hours is not None:
        hours = [chart.hours.given, *([chart.hours.promised] if chart.hours.promised else [])]
        said.append(", ".join(f"{one.label} {one.shown}" for one in hours))
    return ". ".join(said) + "."
