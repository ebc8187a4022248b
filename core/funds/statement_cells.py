"""What one cell of a bank's statement says: a day, an amount, a currency, a heading. Pure.

Banks write `03.11.2026`, `11/03/2026` and `2026-11-03`, `1.234,56-`, `(1,234.56)` and `1'234.56 CR`. What a cell says
by itself is found here; what only all cells of a column can tell is left open (`Slashed`, `Amounted.doubtful`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from core.ledger.units import SCALES

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_PACKED = re.compile(r"(20\d\d)(\d\d)(\d\d)", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)(?: .*)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)(?:[ T].*)?", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[. -]*([a-z]{3})[a-z]*[.,]?[ -]*(\d{4}|\d\d)", re.ASCII)
_NAMED_FIRST = re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})", re.ASCII)
_SIGNS = {"\u2212": "-", "\u2013": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"}
_CURRENCY = re.compile(r"[€$£¥₹]|\b[A-Za-z]{3}\b|Kč|zł|Fr\.")
_GROUPED = re.compile(r"\d{1,3}(?:(?P<sign>[.,' ])\d{3})(?:(?P=sign)\d{3})*")


@dataclass(frozen=True, slots=True)
class Slashed:
    """Three numbers of a day whose order is open: `first` and `second` are day and month, or month and day."""

    first: int
    second: int
    year: int

    def as_day(self, *, day_first: bool) -> date | None:
        """The day, or None where there is no such day."""
        day, month = (self.first, self.second) if day_first else (self.second, self.first)
        return _day(self.year, month, day)


@dataclass(frozen=True, slots=True)
class Amounted:
    """An amount as it is written: sign, digits with their separators. `decimal` is the decimal sign it shows by itself:
    "," or ".", "" where there is none. `doubtful`: the one separator may be either, as in `1,500`.
    """

    negative: bool
    digits: str
    decimal: str
    doubtful: bool

    def minor(self, decimal: str, scale: int) -> int | None:
        """Minor units, read with this decimal sign; None where it does not fit."""
        sign = decimal if self.doubtful or self.decimal == decimal else self.decimal
        if sign and sign != decimal:
            return None
        whole, _, part = self.digits.partition(sign) if sign else (self.digits, "", "")
        whole = re.sub(r"[.,' ]", "", whole)
        if not whole.isdigit() and not (whole == "" and part):
            return None
        if part and not part.isdigit():
            return None
        if part[scale:].strip("0") or (self.doubtful and len(part) > scale):
            return None  # parts of a cent, or thousands after all
        number = int((whole or "0") + part[:scale].ljust(scale, "0"))
        return -number if self.negative else number


def _day(year: int, month: int, day: int) -> date | None:
    year += 2000 if year < 100 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_day(cell: str) -> date | Slashed | None:
    """The day in a cell, or its three numbers where their order is open."""
    text = " ".join(cell.casefold().split())
    match = _ISO.fullmatch(text) or _PACKED.fullmatch(text)
    if match:
        return _day(int(match[1]), int(match[2]), int(match[3]))
    match = _DOTTED.fullmatch(text)
    if match:
        return _day(int(match[3]), int(match[2]), int(match[1]))
    match = _SLASHED.fullmatch(text)
    if match:
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        found = Slashed(int(match[1]), int(match[2]), year)
        return found if found.as_day(day_first=True) or found.as_day(day_first=False) else None
    match = _NAMED.fullmatch(text)
    if match and match[2] in _MONTHS:
        return _day(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    match = _NAMED_FIRST.fullmatch(text)
    if match and match[1] in _MONTHS:
        return _day(int(match[3]), _MONTHS.index(match[1]) + 1, int(match[2]))
    return None


def read_amount(cell: str) -> Amounted | None:
    """The amount in a cell, None where it is none."""
    text = "".join(_SIGNS.get(c, c) for c in cell).strip()
    if not text or len(text) > 40:
        return None
    ending = re.search(r"(?<=[\d )])(CR|DR|C|D|S|H)$", text)
    owed = ending is not None and ending[1] in ("DR", "D", "S")
    text = text[: ending.start()].strip() if ending else text
    text = " ".join(_CURRENCY.sub(" ", text).split())
    bracketed = text.startswith("(") and text.endswith(")")
    text = text.strip("()").strip()
    minus = text.startswith("-") or text.endswith("-")
    text = text.strip("+-").strip()
    if not re.fullmatch(r"\d[\d.,' ]*|[.,]\d+", text, re.ASCII):
        return None
    return _separated(text, minus or bracketed or owed)


def _separated(text: str, negative: bool) -> Amounted | None:
    signs = [c for c in text if c in ".,"]
    if not signs:
        plain = re.fullmatch(r"\d+", text) or _GROUPED.fullmatch(text)
        return Amounted(negative, text, "", False) if plain else None
    last = signs[-1]
    if len(set(signs)) == 2:
        whole, _, part = text.rpartition(last)
        good = last not in whole and part.isdigit() and _GROUPED.fullmatch(whole)
        return Amounted(negative, text, last, False) if good else None
    if len(signs) > 1:  # 1.234.567: it groups
        return Amounted(negative, text.replace(last, ""), "", False) if _GROUPED.fullmatch(text) else None
    whole, _, part = text.partition(last)
    if not part.isdigit() or not (whole == "" or whole.isdigit() or _GROUPED.fullmatch(whole)):
        return None
    doubtful = len(part) == 3 and 1 <= len(whole) <= 3 and whole.isdigit() and whole != "0"
    return Amounted(negative, text, "" if doubtful else last, doubtful)


def read_currency(cell: str) -> str:
    """The code of a currency that a cell or heading names, "" for none."""
    for symbol, code in (("€", "EUR"), ("£", "GBP"), ("Kč", "CZK"), ("zł", "PLN"), ("₹", "INR")):
        if symbol in cell:
            return code
    return next((code for code in re.findall(r"\b[A-Z]{3}\b", cell) if code in SCALES and code != "MIN"), "")


_HEADINGS = {
    "date": "date|datum|booking date|posting date|transaction date|date posted|booked on|buchungstag|buchungsdatum|"
    "buchung|fecha|fecha operacion|data|data operacji|data contabile|data ksiegowania|completed date|date completed|"
    "date operation|date de comptabilisation|datum zauctovani|datum provedeni|datum boeking|boekdatum|"
    "transaktionsdatum|bokforingsdag|dato|date comptable|started date|created on|finished on",
    "later_date": "value date|valuta|valuta date|wertstellung|valutadatum|wert|fecha valor|data valuta|date valeur|"
    "date de valeur|rentedatum|interest date|maturity",
    "amount": "amount|betrag|umsatz|montant|importe|importo|castka|kwota|bedrag|belopp|belob|value|transaction amount|"
    "amount in account currency|net amount|net|objem|bedrag eur|source amount after fees",
    "debit": "debit|soll|out|paid out|money out|withdrawal|withdrawals|auszahlung|lastschrift|belastung|cargo|debito|"
    "dare|debet|debit amount|uitgaven|ausgaben|ausgang|sortie|wydatki|vydaje",
    "credit": "credit|haben|in|paid in|money in|deposit|deposits|gutschrift|einzahlung|abono|credito|avere|"
    "credit amount|inkomsten|einnahmen|eingang|entree|wplywy|prijmy|kredit",
    "direction": "debit credit|credit debit|debit or credit|cr dr|dr cr|soll haben|s h|af bij|dc|d c|direction|sens|"
    "credit debit indicator|typ umsatz",
    "currency": "currency|waehrung|wahrung|devise|moneda|divisa|mena|valuta mena|munt|ccy|currency code",
    "balance": "balance|saldo|kontostand|solde|zustatek|running balance|balance after|saldo po operacji|"
    "account balance",
    "state": "state|status|zustand|etat|estado|stav",
    "fee": "fee|fees|gebuhr|gebuehr|frais|comision|commissione|poplatek",
}
HEADINGS = {name: column for column, names in _HEADINGS.items() for name in names.split("|")}
"""What a column holds, by its heading without accents and signs."""
OUT = frozenset({"d", "dr", "debit", "s", "soll", "af", "out", "debet", "dbit", "sortie", "debito"})
IN = frozenset({"c", "cr", "credit", "h", "haben", "bij", "in", "kredit", "crdt", "entree", "credito"})
WAITING = frozenset({"pending", "reverted", "declined", "failed", "cancelled", "vorgemerkt", "en attente", "refunded"})


def heading(cell: str) -> str:
    """What a column with this heading holds, "" for words or where it is no heading that is known."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", cell.casefold()) if not unicodedata.combining(c))
    words = " ".join(re.sub(r"[^a-z]+", " ", plain.replace("ß", "ss").replace("ł", "l")).split())
    if words in HEADINGS:
        return HEADINGS[words]
    codes = {code.casefold() for code in SCALES}
    without = " ".join(word for word in words.split() if word not in codes)
    return HEADINGS.get(without, "")
