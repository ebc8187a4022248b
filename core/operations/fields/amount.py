"""Amounts of money or time with their unit: read exactly, in integer minor units, or refused with a helpful sentence.

Decision rule: one number in plain digits with one currency, before or after it, or a length of time in hours and
minutes; nothing else around it. What is doubtful is never guessed: `1.500` and `1,500` mean different sums in different
countries, `$` several currencies, "about 500" none. Numbers are read by `core.operations.fields.numbers`, time by
`core.operations.fields.minutes`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import N_, BadInput
from core.ledger.units import MONEY, MOST, SCALES, TIME, Money
from core.operations.fields.base import Field, as_word
from core.operations.fields.minutes import read_minutes
from core.operations.fields.numbers import Number, read_number

if TYPE_CHECKING:
    from core.operations.context import Context

DOLLAR = "$"
DOLLARS = tuple(code for code in MONEY if code in ("USD", "CAD", "AUD", "NZD"))
"""The currencies that `$` may mean; all of two decimals."""
_CROWNS = "kr"  # of four countries
NAMES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "pound": "GBP", "pounds": "GBP", "british pounds": "GBP", "pounds sterling": "GBP",
    "¥": "JPY", "yen": "JPY", "₹": "INR", "₩": "KRW", "won": "KRW", "zł": "PLN", "zloty": "PLN", "kč": "CZK",
    "ft": "HUF", "forint": "HUF", "forints": "HUF", "r$": "BRL", "reais": "BRL",
    "franc": "CHF", "francs": "CHF", "swiss francs": "CHF", "sfr": "CHF", "credit": "CRD", "credits": "CRD",
    "$": DOLLAR, "dollar": DOLLAR, "dollars": DOLLAR, "us$": "USD", "us dollars": "USD",
    "c$": "CAD", "ca$": "CAD", "canadian dollars": "CAD", "a$": "AUD", "au$": "AUD", "australian dollars": "AUD",
    "nz$": "NZD", "new zealand dollars": "NZD",
    "kr": _CROWNS, "kr.": _CROWNS, "krone": _CROWNS, "kroner": _CROWNS, "krona": _CROWNS, "kronor": _CROWNS,
    "crown": _CROWNS, "crowns": _CROWNS,
} | {code.casefold(): code for code in MONEY}  # fmt: skip
"""What people write for a currency, in lower case, and its code; `$` and crowns may mean several."""
_SHAPE = re.compile(r"(?P<before>[^\d.,'’]*)(?P<number>\d(?:[\d.,'’ ]*\d)?(?:[.,]-)?)(?P<after>[^\d]*)", re.ASCII)
_THOUSAND = re.compile(r"[kK](?:\b ?(?P<mark>.*)|(?P<glued>\S+))", re.ASCII)
_MILLION = re.compile(r"(?:M|mio|mln|million|millions)\b", re.ASCII)
_HOURS = re.compile(r"(?:h|hrs?|hours?)\b", re.ASCII | re.IGNORECASE)
_SPAN = re.compile(r"(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|d|days?|w|weeks?|months?|years?)\b", re.ASCII)
_VAGUE = re.compile(
    r"(?:about|around|roughly|approx\w*|circa|ca\b\.?(?! ?\$)|some|nearly|almost|up to|at least|at most|over|under|"
    r"more than|less than|max|min|maybe|between|from|~|≈|<|>|≤|≥)(?![a-z])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\d[^\d]*(?:[-–—−~]|\.\.|…|\bto\b|\bor\b|\band\b|/|\+|&|\bx\b|\*|×)[^\d]*\d", re.IGNORECASE)
_MINUS = re.compile(r"[^\d]{0,5}(?:[-‐‑‒–—−﹣－]|\bminus\b)[^\d]{0,5}\d|\(.*\d.*\)", re.IGNORECASE)
_EXPONENT = re.compile(r"\de[+-]?\d|\b0x\d", re.IGNORECASE)
_BOUNDS = N_("An amount must be more than zero and smaller than that.")


@dataclass(frozen=True, slots=True)
class Dollars:
    """So many cents of a dollar that still has to be named: `resolve` of the field makes `Money` of it."""

    minor: int

    def __str__(self) -> str:
        return f"${self.minor // 100:,}.{self.minor % 100:02}"


class Amount(Field):
    """Money or time: `500 EUR`, `€500`, `1.5k EUR`, `2h`, `1h30`. `money=False`: time alone; `time=False`: money alone.

    `dollar` is the currency that `$` means. Without it `read` gives `Dollars`, which `resolve` refuses with the
    question which one; `core.policies.fields.MoneyField` asks the Nexus.
    """

    kind = "amount"

    def __init__(self, about: str, *, dollar: str | None = None, money: bool = True, time: bool = True) -> None:
        super().__init__(about)
        self.dollar = dollar
        self.money = money
        self.time = time

    def read(self, raw: object) -> Money | Dollars:
        """See `Field.read`."""
        text = as_word(raw, self.about)
        if isinstance(raw, str) and any(unicodedata.category(c) == "Cf" for c in raw):
            # Marks of direction turn what is seen around, others hide between digits: `clean` drops them unseen.
            raise BadInput(N_("There is an invisible sign in that amount. Please type it again, such as 500 EUR."))
        found = read_amount(text)
        if isinstance(found, Dollars) and self.dollar is not None:
            found = Money(found.minor, self.dollar)
        if isinstance(found, Money) and found.unit == TIME and not self.time:
            raise BadInput(N_("{text} is time. Here I need money, such as 500 EUR."), text=text)
        if not (isinstance(found, Money) and found.unit == TIME) and not self.money:
            raise BadInput(N_("{text} is money. Here I need time, such as 2h or 1h30."), text=text)
        return found

    def resolve(self, value: Any, context: Context) -> Money:
        """See `Field.resolve`."""
        if isinstance(value, Dollars):
            raise BadInput(N_("Which dollar? Please type {codes}."), codes=_either(DOLLARS))
        money: Money = value
        return money

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        if isinstance(value, Dollars):
            return f"${value.minor // 100:04}.{value.minor % 100:02}"
        if value.unit == TIME:
            return f"{value.minor // 60}h {value.minor % 60}m"
        scale = SCALES[value.unit]
        whole, part = divmod(value.minor, 10**scale)
        return f"{whole:04}.{part:0{scale}} {value.unit}" if scale else f"{whole} {value.unit}"  # 0001.500: one reading


def read_amount(text: str) -> Money | Dollars:
    """An amount from one line with single spaces. Raises `BadInput`."""
    said, text = text, text[:-1] if text[-1:] in ("!", ".") and len(text) > 1 else text
    minutes = read_minutes(text)
    if minutes is not None:
        if not 0 < minutes < 60 * 10**5:
            raise BadInput(_BOUNDS)
        return Money(minutes, TIME)
    _refuse_what_is_no_amount(text)
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise _unreadable(said)
    before, (after, thousand) = shape["before"].strip(), _after(shape["after"].strip())
    number = read_number(shape["number"])
    if _SPAN.match(after):
        doubtful = number is not None and number.doubtful and _HOURS.fullmatch(after)
        raise _two_ways(text, number, TIME, thousand=False) if number and doubtful else _no_time(text)
    if _MILLION.match(after):
        raise BadInput(N_("Please write millions out, such as 1500000 EUR."))
    unit = _unit(number, before, after, text)
    if number is None:
        raise BadInput(
            N_("I could not read {text} as an amount. Try {plain}."), text=text, plain=_written("1500", unit)
        )
    if number.doubtful:
        raise _two_ways(text, number, unit, thousand=thousand)
    minor = _minor(number, unit, thousand=thousand)
    if minor is None:
        raise BadInput(
            N_("{unit} has {scale} decimals; {text} has more."), unit=_said(unit), scale=_scale(unit), text=text
        )
    if not 0 < minor < MOST:
        raise BadInput(_BOUNDS)
    return Dollars(minor) if unit == DOLLAR else Money(minor, unit)


def _scale(unit: str) -> int:
    return 2 if unit == DOLLAR else SCALES[unit]


def _said(unit: str) -> str:
    return "A dollar" if unit == DOLLAR else unit


def _either(codes: tuple[str, ...]) -> str:
    return f"{', '.join(codes[:-1])} or {codes[-1]}"


def _minor(number: Number, unit: str, *, thousand: bool) -> int | None:
    """Minor units, None if it has more decimals than the unit."""
    scale = _scale(unit) + (3 if thousand else 0)
    if len(number.part) > scale or len(number.whole) > 30:
        return None if len(number.part) > scale else MOST
    return int(number.whole + number.part.ljust(scale, "0"))


def _after(text: str) -> tuple[str, bool]:
    """What stands behind the number, without a k for thousand, and whether there was one. `kr` and `KWD` have none."""
    if text.lower() in NAMES:
        return text, False
    match = _THOUSAND.fullmatch(text)
    if match is None or (match["glued"] and match["glued"].upper() not in (*MONEY, *"€£¥₹₩$")):
        return text, False
    return match["glued"] or match["mark"] or "", True


def _refuse_what_is_no_amount(text: str) -> None:
    """Kind sentences for what people type that is close to an amount."""
    if any(not c.isascii() and (c.isdigit() or c.isnumeric()) for c in text):
        raise BadInput(N_("Please type the amount in plain digits, such as 500 EUR."))
    if not re.search(r"\d", text, re.ASCII):
        raise _unreadable(text)
    if _MINUS.match(text):
        raise BadInput(N_("An amount can't be less than nothing. Try 500 EUR."))
    if _EXPONENT.search(text):
        raise _unreadable(text)
    if _VAGUE.match(text) or _RANGE.search(text.replace(",-", "").replace(".-", "")):
        raise BadInput(N_("{text} is not one exact amount. Please name one, such as 500 EUR."), text=text)


def _unreadable(text: str) -> BadInput:
    return BadInput(N_("I could not read {text} as an amount. Try 500 EUR, €500 or 2h."), text=text)


def _no_time(text: str) -> BadInput:
    return BadInput(N_("I could not read {text} as a time. Try 2h, 1h30 or 90m."), text=text)


def _two_ways(text: str, number: Number, unit: str, *, thousand: bool) -> BadInput:
    most, least = Number(number.whole + number.part, ""), Number(number.whole, number.part.rstrip("0"))
    if unit == TIME:
        many, few = f"{most.whole}h", f"{least.whole}.{least.part}h" if least.part else f"{least.whole}h"
        few = few if read_minutes(few) is not None else ""
    else:
        many, few = (_plain(_minor(one, unit, thousand=thousand), unit) for one in (most, least))
    if many and few:
        return BadInput(
            N_("{text} can be read in two ways: {many} or {few}. Which one is it?"), text=text, many=many, few=few
        )
    return BadInput(
        N_("{text} can be read in two ways. Please type thousands without separators, such as {plain}."),
        text=text,
        plain=many or _written(most.whole, unit),
    )


def _plain(minor: int | None, unit: str) -> str:
    """An amount as it can be typed without doubt, with decimals that are not three; "" for none."""
    if minor is None or minor >= MOST:
        return ""
    scale = _scale(unit)
    whole, part = divmod(minor, 10**scale)
    decimals = f"{part:0{scale}}".rstrip("0") if part else ""
    if len(decimals) == 3:
        return _written(f"{whole:04}.{decimals}", unit)
    return _written(f"{whole}.{decimals:0<2}" if decimals and scale > 1 else str(whole), unit)


def _written(number: str, unit: str) -> str:
    return f"${number}" if unit == DOLLAR else f"{number} {unit}"


def _unit(number: Number | None, before: str, after: str, text: str) -> str:
    units = []
    for mark in (before, after):
        if not mark:
            continue
        unit = NAMES.get(mark.lower())
        if unit == _CROWNS:
            raise BadInput(N_("Which crowns? Please type {codes}."), codes=_either(("SEK", "NOK", "DKK", "CZK")))
        if unit is None:
            others = [other for other in (before, after) if other and other != mark]
            raise _unknown(text, mark) if not others else _unreadable(text)
        units.append(unit)
    if not units:
        clear = text if number is not None and not number.doubtful else "500"
        raise BadInput(N_("In which currency? Please type it with the amount, such as {text} EUR."), text=clear)
    if DOLLAR in units:  # "$5 CAD" says which
        units = [unit for unit in units if unit != DOLLAR and unit in DOLLARS] or units
    if len(set(units)) > 1:
        raise BadInput(N_("{marks} name two currencies. Which one is it?"), marks=f"{before} and {after}")
    return units[0]


def _unknown(text: str, mark: str) -> BadInput:
    if len(mark) > 12 or " " in mark or not mark.replace("$", "a").isalpha():
        return _unreadable(text)
    return BadInput(N_("I don't know the currency {mark}. I know: {known}."), mark=mark, known=", ".join(sorted(MONEY)))
