"""What tokens cost, by prices from the settings: a table of models in here would be out of date within weeks."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from bot.cofounder.brain import Usage


def cost(usage: Usage, price_in: Decimal, price_cached: Decimal, price_out: Decimal) -> int:
    """Millionths of the currency unit, rounded up.

    The prices are in currency units per million tokens, as providers print them, so a token costs its price in
    millionths. Cached tokens are part of the prompt and are charged at `price_cached` instead of `price_in`.
    """
    cached = min(usage.cached_tokens, usage.prompt_tokens)
    exact = (usage.prompt_tokens - cached) * price_in + cached * price_cached + usage.completion_tokens * price_out
    return int(exact.to_integral_value(ROUND_CEILING))
