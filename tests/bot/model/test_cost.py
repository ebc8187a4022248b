"""Prices."""

from decimal import Decimal

from bot.cofounder.brain import Usage
from bot.cofounder.model import cost


def test_a_token_costs_its_price_in_millionths() -> None:
    usage = Usage(requests=2, prompt_tokens=1_000, cached_tokens=400, completion_tokens=50)
    assert cost(usage, Decimal("0.15"), Decimal("0.075"), Decimal("0.60")) == 600 * 0.15 + 400 * 0.075 + 50 * 0.6


def test_a_part_of_a_millionth_counts_as_one() -> None:
    assert cost(Usage(1, 1, 0, 0), Decimal("0.15"), Decimal(0), Decimal(0)) == 1
    assert cost(Usage(), Decimal(1), Decimal(1), Decimal(1)) == 0


def test_more_cached_than_asked_is_not_paid_back() -> None:
    assert cost(Usage(1, 10, 99, 0), Decimal(1), Decimal(1), Decimal(1)) == 10
