"""Which providers this process pays through, by its settings."""

from __future__ import annotations

from bot.payouts.pays import Pays
from bot.settings import Settings
from core.clock import Clock
from core.ledger.units import MONEY
from core.payouts.provider import Provider, configure
from core.store import Store

# Credits are ours alone. Amounts of three decimals Stripe takes only in tens, which not every award is.
STRIPE = Provider(
    name="stripe",
    title="Stripe",
    account=r"acct_[0-9A-Za-z]{8,64}",
    example="acct_1MTfjCQ9PRzxEwkZ",
    units=frozenset(MONEY) - {"CRD", "KWD", "BHD"},
)


def configured(settings: Settings) -> tuple[Provider, ...]:
    """What core is told: the providers that have their keys."""
    return (STRIPE,) if settings.stripe_key.get_secret_value() else ()


def configure_payouts(store: Store, settings: Settings) -> None:
    """Tell core which providers there are. Called once, before the first unit that asks."""
    configure(store, configured(settings))


def providers(settings: Settings, clock: Clock) -> dict[str, Pays]:
    """The conversations with the configured providers, by name. Their libraries are loaded here and nowhere else."""
    found: dict[str, Pays] = {}
    if STRIPE in configured(settings):
        from bot.payouts.stripe import StripePays

        found[STRIPE.name] = StripePays(settings.stripe_key.get_secret_value(), settings.stripe_url, clock)
    return found
