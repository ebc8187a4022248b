"""Amounts of money or time with their unit: read exactly, in integer minor units, or refused with a helpful sentence.

What is doubtful is never guessed: `1.500` and `1,500` mean different sums in different countries, `$` several
currencies. The rules are those of docs/concepts (amounts people type).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.clock import HOUR, MINUTE
from core.errors import N_, BadInput
from core.operations.fields.base import Field, as_word
from core.operations.fields.time import read_duration

SCALES = {
    "EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "CZK": 2, "PLN": 2, "SEK": 2, "NOK": 2, "DKK": 2, "CAD": 2, "AUD": 2,
    "NZD": 2, "BRL": 2, "INR": 2, "HUF": 2, "JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3, "MIN": 0,
}  # fmt: skip
_SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_WORDS = {"euro": "EUR", "euros": "EUR", "pounds": "GBP", "yen": "JPY", "francs": "CHF"}
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,+-]*)\s*(?P<number>\d[\d., ]*?)(?P<thousand>k)?\s*(?P<after>[^\d\s.,]*)", re.ASCII
)
# Only hours and minutes: how long a working day is differs from place to place.
_TIME = re.compile(r"(?:[\d.]+ ?(?:h|hrs?|hours?|m|mins?|minutes?) ?(?:and )?)+|\d+h\d+|(?:half )?an hour", re.ASCII)
_BOUNDS = N_("An amount must be more than zero and smaller than that.")


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `unit`: 500.00 EUR is Money(50000, "EUR"); two hours are Money(120, "MIN")."""

    minor: int
    unit: str

    def __str__(self) -> str:
        scale = SCALES[self.unit]
        if self.unit == "MIN":
            hours, minutes = divmod(self.minor, 60)
            return f"{hours}h{minutes:02}" if hours and minutes else f"{hours}h" if hours else f"{minutes}m"
        whole, part = divmod(self.minor, 10**scale)
        return f"{whole:,}.{part:0{scale}} {self.unit}" if scale else f"{whole:,} {self.unit}"


class Amount(Field):
    """Money or hours: `500 EUR`, `€500`, `1.5k EUR`, `2h`, `1h30`. `dollar` is the currency that `$` means here."""

    kind = "amount"

    def __init__(self, about: str, *, dollar: str | None = None) -> None:
        super().__init__(about)
        self.dollar = dollar

    def read(self, raw: object) -> Money:
        """See `Field.read`."""
        text = as_word(raw, self.about)
        if not text.isascii() and not any(s in text for s in _SYMBOLS):
            raise BadInput(N_("Please type the amount in plain digits, such as 500 EUR."))
        if read_duration(text.replace(",", ".")) is not None:
            return _time(text)
        match = _AMOUNT.fullmatch(text)
        if match is None:
            raise BadInput(N_("I could not read {text} as an amount. Try 500 EUR, €500 or 2h."), text=text)
        unit = self._unit(match["before"], match["after"])
        number = match["number"].strip()
        if re.fullmatch(r"\d{1,3}(?: \d{3})+", number):
            number = number.replace(" ", "")
        elif re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+", number):
            raise BadInput(
                N_("{text} can be read in two ways. Please type thousands without separators, such as {plain} {unit}."),
                text=text,
                plain=re.sub(r"\D", "", number),
                unit=unit,
            )
        if not re.fullmatch(r"\d+(?:[.,]\d+)?", number):
            raise BadInput(N_("I could not read {text} as an amount. Try 1500.00 {unit}."), text=text, unit=unit)
        whole, _, part = number.replace(",", ".").partition(".")
        scale = SCALES[unit] + (3 if match["thousand"] else 0)
        if len(part) > scale:
            raise BadInput(
                N_("{unit} has {scale} decimals; {text} has more."), unit=unit, scale=SCALES[unit], text=text
            )
        minor = int(whole + part.ljust(scale, "0"))
        if not 0 < minor < 10**15:
            raise BadInput(_BOUNDS)
        return Money(minor, unit)

    def _unit(self, before: str, after: str) -> str:
        marks = [m for m in (before, after) if m]
        units = set()
        for mark in marks:
            if mark == "$":
                if self.dollar is None:
                    raise BadInput(N_("Which dollar? Please type USD, CAD, AUD or NZD."))
                units.add(self.dollar)
                continue
            unit = _SYMBOLS.get(mark) or _WORDS.get(mark.casefold()) or mark.upper()
            if unit not in SCALES or unit == "MIN":
                raise BadInput(
                    N_("I don't know the currency {mark}. I know: {known}."),
                    mark=mark,
                    known=", ".join(sorted(SCALES.keys() - {"MIN"})),
                )
            units.add(unit)
        if not units:
            raise BadInput(N_("In which currency? Please type it with the amount, such as 500 EUR."))
        if len(units) > 1:
            raise BadInput(N_("{marks} name two currencies. Which one is it?"), marks=" and ".join(marks))
        return units.pop()

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        scale = SCALES[value.unit]
        if value.unit == "MIN":
            return f"{value.minor // 60}h {value.minor % 60}m"
        whole, part = divmod(value.minor, 10**scale)
        return f"{whole:04}.{part:0{scale}} {value.unit}" if scale else f"{whole} {value.unit}"  # 0001.500: one reading


def _time(text: str) -> Money:
    milliseconds = read_duration(text) if _TIME.fullmatch(text.casefold()) else None
    if milliseconds is None or milliseconds % MINUTE:
        raise BadInput(N_("I could not read {text} as a time. Try 2h, 1h30 or 90m."), text=text)
    if not 0 < milliseconds < 10**5 * HOUR:
        raise BadInput(_BOUNDS)
    return Money(milliseconds // MINUTE, "MIN")
