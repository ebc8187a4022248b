"""Units of the books: a code and how many decimals it has. Pure.

Codes and decimals of currencies are those of ISO 4217. MIN is time, in whole minutes. CRD are credits with six
decimals, so that one call of a small function can cost 0.002.
"""

from __future__ import annotations

from dataclasses import dataclass

SCALES = {
    "EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "CZK": 2, "PLN": 2, "SEK": 2, "NOK": 2, "DKK": 2, "CAD": 2, "AUD": 2,
    "NZD": 2, "BRL": 2, "INR": 2, "HUF": 2, "JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3, "MIN": 0, "CRD": 6,
}  # fmt: skip
TIME = "MIN"
MONEY = tuple(code for code in SCALES if code != TIME)
MOST = 10**15  # minor units: sums of thousands of such amounts still fit a signed 64-bit number


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `unit`: 500.00 EUR is Money(50000, "EUR"); two hours are Money(120, "MIN")."""

    minor: int
    unit: str

    def __str__(self) -> str:
        sign, minor = ("-", -self.minor) if self.minor < 0 else ("", self.minor)
        if self.unit == TIME:
            hours, minutes = divmod(minor, 60)
            return sign + (f"{hours}h{minutes:02}" if hours and minutes else f"{hours}h" if hours else f"{minutes}m")
        scale = SCALES[self.unit]
        whole, part = divmod(minor, 10**scale)
        return f"{sign}{whole:,}.{part:0{scale}} {self.unit}" if scale else f"{sign}{whole:,} {self.unit}"
