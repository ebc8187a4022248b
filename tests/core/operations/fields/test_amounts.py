"""Amounts that people type: every one is read exactly as meant, or refused with a sentence that helps."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.errors import BadInput
from core.ledger.units import MONEY, MOST, SCALES, TIME, Money
from core.operations.fields import Amount
from core.operations.fields.amount import DOLLARS, Dollars
from core.operations.fields.base import as_word

FIELD = Amount("the amount")
HERE = Path(__file__).parent
# What is typed, and the amount in words that leave no doubt: digits with a point, and the unit.
READ = (HERE / "amounts_read.txt").read_text(encoding="utf-8")
# What is typed, and words of the sentence that refuses it.
REFUSED = (HERE / "amounts_refused.txt").read_text(encoding="utf-8")


def _lines(table: str) -> list[tuple[str, str]]:
    pairs = (line.rpartition(" = ") for line in table.strip().splitlines())
    return [(typed.encode().decode("unicode_escape") if "\\u" in typed else typed, then) for typed, _, then in pairs]


def _meant(words: str) -> Money | Dollars:
    number, unit = words.split()
    scale = 2 if unit == "$" else SCALES[unit]
    minor = int(Decimal(number).scaleb(scale))
    return Dollars(minor) if unit == "$" else Money(minor, unit)


def test_the_tables_are_long() -> None:
    assert len(_lines(READ)) + len(_lines(REFUSED)) >= 400
    assert len({typed for typed, _ in _lines(READ) + _lines(REFUSED)}) == len(_lines(READ)) + len(_lines(REFUSED))


@pytest.mark.parametrize(("typed", "meant"), _lines(READ))
def test_what_is_read(typed: str, meant: str) -> None:
    assert FIELD.read(typed) == _meant(meant)
    assert FIELD.read(f"  {typed} ") == _meant(meant)
    assert FIELD.read(typed.replace(" ", "\u00a0")) == _meant(meant)  # as spreadsheets and French keyboards part it
    assert FIELD.read(typed.replace(" ", "\u202f")) == _meant(meant)


@pytest.mark.parametrize(("typed", "words"), _lines(REFUSED))
def test_what_is_refused(typed: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        FIELD.read(typed)
    assert words in refusal.value.message
    assert refusal.value.may_retry


@pytest.mark.parametrize(("typed", "words"), [(t, w) for t, w in _lines(REFUSED) if "two ways" in w or " or 1.5" in w])
def test_both_readings_of_what_is_doubtful_can_be_typed(typed: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        FIELD.read(typed)
    many, few = refusal.value.data["many"], refusal.value.data["few"]
    assert FIELD.read(many) != FIELD.read(few)


def test_a_dollar_is_read_and_asked_about() -> None:
    twenty = FIELD.read("$20")
    with pytest.raises(BadInput, match=r"^Which dollar"):
        FIELD.resolve(twenty, None)  # type: ignore[arg-type]
    assert Amount("the amount", dollar="CAD").read("$20") == Money(2000, "CAD")
    assert FIELD.show(twenty) == "$20.00"
    assert {SCALES[code] for code in DOLLARS} == {2}


def test_money_or_time_alone() -> None:
    money, time = Amount("the money", time=False), Amount("the time", money=False)
    assert money.read("500 EUR") == Money(50000, "EUR")
    assert time.read("1h30") == Money(90, TIME)
    with pytest.raises(BadInput, match=r"^2h is time\. Here I need money"):
        money.read("2h")
    with pytest.raises(BadInput, match=r"^€5 is money\. Here I need time"):
        time.read("€5")
    with pytest.raises(BadInput, match=r"^\$5 is money\. Here I need time"):
        time.read("$5")


@pytest.mark.parametrize("raw", [500, 500.0, 1.5, True, None, ["500 EUR"], {"amount": "500 EUR"}])
def test_what_a_model_gives_without_a_unit_is_refused(raw: object) -> None:
    with pytest.raises(BadInput):
        FIELD.read(raw)


@given(st.sampled_from([*MONEY, TIME]), st.integers(1, MOST - 1))
def test_an_amount_frozen_is_the_same_amount(unit: str, minor: int) -> None:
    money = Money(minor % (60 * 10**5 - 1) + 1 if unit == TIME else minor, unit)
    assert FIELD.read(FIELD.freeze(money)) == money


@given(st.integers(1, MOST - 1))
def test_an_unnamed_dollar_frozen_is_the_same(minor: int) -> None:
    assert FIELD.read(FIELD.freeze(Dollars(minor))) == Dollars(minor)


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(50000, "EUR"), "500.00 EUR"), (Money(123456789, "EUR"), "1,234,567.89 EUR"),
        (Money(5, "EUR"), "0.05 EUR"), (Money(-5, "EUR"), "-0.05 EUR"),
        (Money(500, "JPY"), "500 JPY"), (Money(1500, "KWD"), "1.500 KWD"), (Money(90, "MIN"), "1h30"),
        (Money(65, "MIN"), "1h05"), (Money(120, "MIN"), "2h"), (Money(45, "MIN"), "45m"), (Money(-90, "MIN"), "-1h30"),
    ],
)  # fmt: skip
def test_amounts_as_people_see_them(money: Money, shown: str) -> None:
    assert str(money) == shown


@given(st.integers(1, 10**9), st.integers(0, 99), st.sampled_from([",.", ".,", " .", " ,", "'.", "’."]))
def test_thousands_and_cents_are_read_as_written(whole: int, cents: int, signs: str) -> None:
    grouped = f"{whole:,}".replace(",", signs[0])
    assert FIELD.read(f"{grouped}{signs[1]}{cents:02} EUR") == Money(100 * whole + cents, "EUR")


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(",."), st.sampled_from([*MONEY, "k EUR"]))
def test_one_sign_before_three_digits_is_never_guessed(front: int, back: int, sign: str, unit: str) -> None:
    with pytest.raises(BadInput, match="two ways"):
        FIELD.read(f"{front}{sign}{back:03} {unit}")


@given(st.integers(0, 99_999), st.integers(0, 59))
def test_hours_and_minutes_are_read_as_written(hours: int, minutes: int) -> None:
    assume(hours or minutes)
    for typed in (f"{hours}h{minutes:02}", f"{hours} hours and {minutes} minutes", f"{hours}h {minutes}m"):
        assert FIELD.read(typed) == Money(60 * hours + minutes, TIME)


# What stands near an amount on the keyboards of the world, and what is made to look like it.
_NEAR = st.text(alphabet="0123456789.,'’ -–−€$£¥kKhmMEURUSDeurx½²٣５\u00a0\u202f\u200f\u202e\n/~+()", max_size=14)
_PIECES = st.lists(
    st.sampled_from(
        ["5", "00", "500", "1", "0", "000", ".", ",", " ", "'", "k", "€", "$", "EUR", "USD", "kr", "h", "m", "30", "-",
         "min", "hours", " and ", "half", "an hour", "about ", "KWD", "CRD", "JPY", "e3", "+", "/"]
    ),
    max_size=7,
).map("".join)  # fmt: skip


@given(st.one_of(_NEAR, _PIECES, st.text()))
@example("5h EUR 30")
@example("1,500.000 KWD")
def test_nothing_is_read_as_other_than_its_digits_say(typed: str) -> None:
    refusal: BadInput | None = None
    try:
        found = FIELD.read(typed)
    except BadInput as error:
        refusal = error
    if refusal is not None:
        assert 0 < len(refusal.message) < 500
        return
    text = as_word(typed, "it")
    assert not any(unicodedata.category(c) == "Cf" or (c.isdigit() and not c.isascii()) for c in typed)
    assert found.minor > 0
    unit = "$" if isinstance(found, Dollars) else found.unit
    if unit == TIME:
        assert found.minor == _minutes_by_another_way(text.lower())
    else:
        assert Decimal(found.minor).scaleb(-(2 if unit == "$" else SCALES[unit])) == _sum_by_another_way(text)
        assert not re.fullmatch(r"\D*[1-9]\d{0,2}[.,]\d{3}\D*", text)  # which would be doubtful


def _sum_by_another_way(text: str) -> Decimal:
    """The sum that the digits say: the last point or comma is decimal, unless three digits follow and more signs."""
    number = re.sub(r"[.,]-", "", re.sub(r"[.!]$", "", text))
    number = re.sub(r"[^\d.,]", "", number, flags=re.ASCII)
    signs = re.findall(r"[.,]", number)
    thousand = 1000 if re.search(r"\d ?k(?!r|w)", text, re.IGNORECASE) else 1
    if len(signs) > 1 and len(set(signs)) == 1:
        return Decimal(re.sub(r"[.,]", "", number)) * thousand
    whole, _, part = number.replace(",", ".").rpartition(".") if signs else (number, "", "")
    return Decimal(f"{whole.replace('.', '')}.{part or 0}") * thousand


def _minutes_by_another_way(text: str) -> Decimal:
    """The minutes that its numbers say, one after the other; of words alone, those of the table."""
    text = text.rstrip(".!")
    if not re.search(r"\d", text):
        return Decimal(_IN_WORDS[text])
    text = text.replace("and a half", "h30").replace("and one half", "h30").replace("and a quarter", "h15")
    total = Decimal(0)
    for number, unit in re.findall(r"(\d[\d.,'’ ]*) ?([hm])?", text):
        compact = re.sub(r"[ '’]", "", number).rstrip(",.")
        total += Decimal(compact.replace(",", ".")) * (60 if unit == "h" else 1)
    return total


_TWENTY = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_EACH = {"hour": 60, "hours": 60, "minute": 1, "minutes": 1}
_IN_WORDS = {
    typed.lower().rstrip("."): int(meant.split()[0]) for typed, meant in _lines(READ) if not re.search(r"\d", typed)
} | {f"{word} {unit}": n * _EACH[unit] for n, word in [(1, "a"), (1, "an"), *enumerate(_TWENTY, 1)] for unit in _EACH}


@pytest.mark.parametrize("words", _IN_WORDS)
def test_time_in_words(words: str) -> None:
    assert FIELD.read(words) == Money(_IN_WORDS[words], TIME)
