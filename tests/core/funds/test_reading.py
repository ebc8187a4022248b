"""Bank statements as banks write them: read line by line, asked about where doubtful, nothing lost."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.funds.statement_cells import heading, read_amount, read_day
from core.funds.statement_reading import Doubt, Hints, Statement, read_statement

NOW = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp() * 1000)
HINTS = Hints("", "", "", NOW)
EUR = Hints("EUR", "", "", NOW)


def ms(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000)


def shown(statement: Statement) -> list[tuple[str, str, str]]:
    return [
        (f"{datetime.fromtimestamp(line.day / 1000, UTC):%Y-%m-%d}", str(line.amount), line.words)
        for line in statement.lines
    ]


GERMAN = """Kontonummer;DE02 1203 0000 0000 2020 51
Von;01.10.2026

"Buchungstag";"Wertstellung";"Auftraggeber / Begünstigter";"Verwendungszweck";"Betrag (EUR)";"Saldo"
"05.10.2026";"05.10.2026";"Ben Okafor";"INV-7 Förderung";"1.500,00";"2.000,00"
"06.10.2026";"07.10.2026";"Ana Ruiz";"Zuschuss Parser";"-1.234,56";"765,44"
"""
BRITISH = """Date,Description,Money out,Money in,Balance
13/10/2026,"Card payment, office",12.30,,100.00
14/10/2026,Ben,,1500,1600.00
"""
REVOLUT = """Type,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance
TRANSFER,2026-10-02 08:00:01,2026-10-02 09:12:44,From Ben,500.00,0.00,EUR,COMPLETED,500.00
TRANSFER,2026-10-03 08:00:01,2026-10-03 09:12:44,To Ana,-100.00,0.50,EUR,COMPLETED,399.50
TRANSFER,2026-10-04 08:00:01,,To Tom,-7.00,0.00,EUR,PENDING,399.50
"""
DUTCH = """Datum;Naam;Rekening;Code;Af Bij;Bedrag (EUR);Mededelingen
20261005;Ben;NL00;GT;Bij;500,00;gift
20261006;Ana;NL01;GT;Af;12,5;grant
"""
SWISS = """Buchungsdatum\tText\tBelastung\tGutschrift\tValuta
03.11.2026\tBen\t\t1'234.50\t03.11.2026
04.11.2026\tAna\t1’000.00\t\t04.11.2026
"""
PIPES = """posting date|details|amount in account currency|ccy
3 Nov 2026|Ben|(12.00)|USD
Nov 4, 2026|Ana|1,234.00 CR|USD
"""
BARE = """2026-10-05,Ben Okafor,500.00
2026-10-06,Ana,-20.25
"""
YEN = """date,amount,currency,text
2026-10-05,1500,JPY,Ken
2026-10-06,-20,JPY,Mai
"""


@pytest.mark.parametrize(
    ("text", "hints", "lines"),
    [
        (
            GERMAN,
            HINTS,
            [
                ("2026-10-05", "1,500.00 EUR", "Ben Okafor · INV-7 Förderung"),
                ("2026-10-06", "-1,234.56 EUR", "Ana Ruiz · Zuschuss Parser"),
            ],
        ),
        (
            BRITISH,
            Hints("GBP", "", "", NOW),
            [("2026-10-13", "-12.30 GBP", "Card payment, office"), ("2026-10-14", "1,500.00 GBP", "Ben")],
        ),
        (
            REVOLUT,
            HINTS,
            [
                ("2026-10-02", "500.00 EUR", "TRANSFER · From Ben"),
                ("2026-10-03", "-100.00 EUR", "TRANSFER · To Ana · fee 0.50"),
            ],
        ),
        (
            DUTCH,
            HINTS,
            [
                ("2026-10-05", "500.00 EUR", "Ben · NL00 · GT · gift"),
                ("2026-10-06", "-12.50 EUR", "Ana · NL01 · GT · grant"),
            ],
        ),
        (
            SWISS,
            Hints("CHF", "", "", NOW),
            [("2026-11-03", "1,234.50 CHF", "Ben"), ("2026-11-04", "-1,000.00 CHF", "Ana")],
        ),
        (PIPES, HINTS, [("2026-11-03", "-12.00 USD", "Ben"), ("2026-11-04", "1,234.00 USD", "Ana")]),
        (BARE, EUR, [("2026-10-05", "500.00 EUR", "Ben Okafor"), ("2026-10-06", "-20.25 EUR", "Ana")]),
        (YEN, HINTS, [("2026-10-05", "1,500 JPY", "Ken"), ("2026-10-06", "-20 JPY", "Mai")]),
    ],
    ids=["german", "british", "revolut", "dutch", "swiss", "pipes", "bare", "yen"],
)
def test_banks_of_many_countries(text: str, hints: Hints, lines: list[tuple[str, str, str]]) -> None:
    assert shown(read_statement(text, hints)) == lines
    assert shown(read_statement("\ufeff" + text.replace("\n", "\r\n"), hints)) == lines


def test_what_is_not_booked_is_named() -> None:
    statement = read_statement(REVOLUT, HINTS)
    assert [(one.number, one.why) for one in statement.unread] == [(4, "it is not booked")]
    assert read_statement(GERMAN, HINTS).above == 2


def test_every_line_is_read_or_named() -> None:
    text = """date,amount,text
2026-10-05,500.00,fine
2026-13-05,500.00,no such month
,500.00,no day
2026-10-06,,no amount
2026-10-06,five,not a number
2026-10-06,0.00,nothing
2026-10-06,1.005,parts of a cent
2027-10-06,1.00,next year
Total,500.00,
"""
    statement = read_statement(text, EUR)
    assert len(statement.lines) == 1
    assert [(one.number, one.why) for one in statement.unread] == [
        (3, "I can't read the day"),
        (4, "no day"),
        (5, "no amount"),
        (6, "I can't read the amount"),
        (7, "no amount"),
        (8, "I can't read the amount"),
        (9, "its day is still to come"),
        (10, "I can't read the day"),
    ]


def test_the_order_of_a_date_follows_from_the_others_or_is_asked() -> None:
    table = "date,amount,text\n03/04/2026,5.00,a\n{},6.00,b\n"
    assert shown(read_statement(table.format("15/04/2026"), EUR))[0][0] == "2026-04-03"
    assert shown(read_statement(table.format("04/15/2026"), EUR))[0][0] == "2026-03-04"
    with pytest.raises(Doubt) as doubt:
        read_statement(table.format("05/04/2026"), EUR)
    assert (doubt.value.what, doubt.value.options) == (
        "dates",
        (("3 Apr 2026", "day-first"), ("4 Mar 2026", "month-first")),
    )
    for dates, first in (("day-first", "2026-04-03"), ("month-first", "2026-03-04")):
        assert shown(read_statement(table.format("05/04/2026"), Hints("EUR", dates, "", NOW)))[0][0] == first
    assert shown(read_statement("date,amount,text\n04/04/2026,5.00,a\n", EUR))[0][0] == "2026-04-04"


def test_the_decimal_sign_follows_from_the_others_or_is_asked() -> None:
    table = "date;amount;text\n2026-04-03;1,500;a\n2026-04-03;{};b\n"
    assert read_statement(table.format("2,50"), EUR).unread[0].why == "I can't read the amount"
    with pytest.raises(Doubt) as doubt:
        read_statement(table.format("2"), EUR)
    assert doubt.value.what == "decimals"
    assert shown(read_statement(table.format("2.50"), EUR))[0][1] == "1,500.00 EUR"
    said = read_statement(table.format("2"), Hints("EUR", "", "point", NOW))
    assert [one[1] for one in shown(said)] == ["1,500.00 EUR", "2.00 EUR"]


def test_the_currency_is_asked_where_nothing_says_it() -> None:
    with pytest.raises(Doubt) as doubt:
        read_statement(BARE, HINTS)
    assert doubt.value.what == "unit"
    with pytest.raises(BadInput):
        read_statement(YEN, Hints("USD", "", "", NOW))  # every line is in another currency


@pytest.mark.parametrize("text", ["hello there", "a,b\nc,d", "date,amount\n", "one;two;three\nfour;five;six"])
def test_what_is_no_statement(text: str) -> None:
    with pytest.raises(BadInput):
        read_statement(text, EUR)


def test_an_open_quote_swallows_nothing() -> None:
    words = ['"line 3' if day == 3 else f"line {day}" for day in range(1, 25)]
    rows = "".join(f"2026-10-{day:02},{day}.50,{one}\n" for day, one in enumerate(words, 1))
    assert len(read_statement("date,amount,text\n" + rows, EUR).lines) == 24


def test_a_line_is_the_same_however_the_bank_writes_it() -> None:
    one = read_statement("Datum;Betrag;Text\n05.10.2026;1.500,00;Ben  Okafor\n", EUR)
    other = read_statement("date,amount,text\n2026-10-05,1500.00,ben okafor\n", EUR)
    assert one.lines[0].digest == other.lines[0].digest
    twice = read_statement("date,amount,text\n2026-10-05,1500.00,ben okafor\n2026-10-05,1500.00,ben okafor\n", EUR)
    assert twice.lines[0].digest == one.lines[0].digest != twice.lines[1].digest


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(-(10**7), 10**7).filter(bool), st.text("abc xyz", max_size=12)),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(";\t|"),
    st.sampled_from(["{:%d.%m.%Y}", "{:%Y-%m-%d}", "{:%d-%b-%Y}"]),
    st.sampled_from([(".", ","), (",", "."), ("'", ".")]),
)
def test_what_was_written_is_read(
    rows: list[tuple[int, int, str]], separator: str, dates: str, signs: tuple[str, str]
) -> None:
    lines = [separator.join(("Datum", "Text", "Betrag"))]
    for day, minor, words in rows:
        whole, part = divmod(abs(minor), 100)
        grouped = f"{whole:,}".replace(",", signs[0])
        amount = f"{'-' if minor < 0 else ''}{grouped}{signs[1]}{part:02}"
        lines.append(separator.join((dates.format(datetime(2026, 10, day)), words, amount)))
    statement = read_statement("\n".join(lines), EUR)
    assert [(line.day, line.amount.minor) for line in statement.lines] == [
        (ms(2026, 10, day), minor) for day, minor, _ in rows
    ]
    assert len({line.digest for line in statement.lines}) == len(rows)


@given(st.text("0123456789.,;\t\n-/ EURabc\"'", max_size=200))
def test_nothing_but_a_kind_refusal(text: str) -> None:
    try:
        read = read_statement(text, EUR)
    except BadInput:
        return
    assert read.lines or read.unread


def test_cells() -> None:
    assert heading("Betrag (EUR)") == heading("Montant") == heading("Částka") == "amount"
    assert heading("Wertstellung") == "later_date"
    assert heading("Verwendungszweck") == ""
    assert read_day("31.02.2026") is None
    assert read_amount("abc") is None
    assert read_amount("1.2.3") is None
    assert read_amount("1,2,3") is None
