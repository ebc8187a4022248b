"""Funds, pledges, statements and what money did, as people read them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cards import reply_for
from bot.cards.plain import as_text
from bot.words import Words
from core.catalogue import REGISTRY
from core.funds.backer_operations import BackerPage, DepositLine, Total, UseLine
from core.funds.digest_operations import Digest, Gift, Monthly
from core.funds.funds import Figures
from core.funds.match_operations import LeftOver, Matched, OpenLine
from core.funds.move_operations import TakenBack
from core.funds.operations import Deposited, FundLine, FundPage
from core.funds.pledge_operations import PledgeLine, Pledges
from core.funds.statement_operations import Imported, UnreadLine
from core.operations.run import Done

FIGURES = Figures("EUR", 100_000, -5_000, 5_000, 12_000, 150, 77_850, 80_000, 90, 30, 2)
FUND = FundLine(
    "EUR", "778.50 EUR", "1,000.00 EUR", "-50.00 EUR", "50.00 EUR", "120.00 EUR", "1.50 EUR",
    "800.00 EUR", "121.50 EUR", "2026", FIGURES, (),
)  # fmt: skip
PAGE = FundPage(1, "Parser", (FUND,), "1h30", "30m", 2)
DEPOSIT = Deposited("k7m2p", "5.00 EUR", "Ben", "Parser", "1 Jan 2026", False, "7.00 EUR", "")
PLEDGE = PledgeLine("k7m2p", "Ben", "100.00 EUR", "60.00 EUR", "40.00 EUR", "1 Mar 2026", "good luck", "open", "Parser")
USE = UseLine("80.00 EUR", "1.00 EUR", "Ana", "a parser", "2026-0001", "2 Jan 2026", 8_100)
PUT = DepositLine("k7m2p", "100.00 EUR", "1 Jan 2026", "Parser", (USE,), "19.00 EUR", False)
BACKER = BackerPage("Ben", True, (Total("100.00 EUR", "80.00 EUR", "1.00 EUR", "19.00 EUR", 1),), (PUT,), 0)
LINE = OpenLine(1, "k7m2p", "50.00 EUR", "1 Jan 2026", "gift", ("50.00 EUR from Ben (#a1b2c)",))
DIGEST = Digest("Parser", "January 2026", ("5.00 USD", "4,200.00 EUR"), "61h", 9, (Gift("5.00 USD", "Ana", "tea"),), 3)


def said(operation: str, result: Any) -> list[str]:
    return as_text(reply_for(Done(REGISTRY.get(operation), result, {}), Words())).split("\n")


def test_a_fund_at_a_glance() -> None:
    assert said("fund.show", PAGE) == [
        "The fund of Parser",
        "Free: 778.50 EUR",
        "Came in: 1,000.00 EUR",
        "Moved out: 50.00 EUR",
        "Reserved for grants: 50.00 EUR",
        "Paid: 120.00 EUR",
        "Fees: 1.50 EUR",
        "Budget 2026: 121.50 EUR of 800.00 EUR",
        "Hours given: 1h30",
        "Hours promised: 30m",
        "Given to: 2 people",
    ]
    several = replace(PAGE, funds=(FUND, replace(FUND, unit="JPY", free="5 JPY")))
    assert "Free (JPY): 5 JPY" in said("fund.show", several)
    assert said("fund.show", FundPage(1, "Parser", (), "", "", 0)) == [
        "The fund of Parser",
        "No money has come in so far.",
    ]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (DEPOSIT, "Entered: 5.00 EUR from Ben, 1 Jan 2026 (#k7m2p). The fund of Parser has 7.00 EUR free now."),
        (
            replace(DEPOSIT, who="", pledge="40.00 EUR is still to come"),
            "Entered: 5.00 EUR, 1 Jan 2026 (#k7m2p). The fund of Parser has 7.00 EUR free now. "
            "Of the pledge, 40.00 EUR is still to come.",
        ),
        (
            replace(DEPOSIT, own=True),
            "Entered: 5.00 EUR of Ben in Parser, to give away (#k7m2p). 7.00 EUR of it is there now.",
        ),
    ],
)
def test_what_came_in(result: Deposited, words: str) -> None:
    assert said("fund.deposit", result) == [words]


def test_what_was_taken_back() -> None:
    result = TakenBack("k7m2p", "payment", "5.00 EUR paid to Ana on 1 Jan 2026", "Parser", "7.00 EUR")
    assert said("fund.correct", result) == [
        "Taken back: 5.00 EUR paid to Ana on 1 Jan 2026 (#k7m2p). "
        "The fund of Parser has 7.00 EUR free now. It counts as not paid."
    ]


def test_pledges() -> None:
    assert said("pledge.list", Pledges("Parser", True, (PLEDGE, replace(PLEDGE, state="kept", words="")))) == [
        "Pledges to the fund of Parser:",
        "- Ben: 100.00 EUR, 60.00 EUR has come, 40.00 EUR is to come, by 1 Mar 2026 (#k7m2p) “good luck”",
        "- Ben: 100.00 EUR, all of it has come (#k7m2p)",
    ]
    assert said("pledge.list", Pledges("Parser", False, ())) == ["You have pledged nothing to the fund of Parser."]
    assert said("pledge.make", PLEDGE)[1] == (
        "Thank you. I've told those who run the fund; once it is there, they enter it."
    )
    assert said("pledge.withdraw", replace(PLEDGE, state="withdrawn")) == ["Your pledge of 100.00 EUR is withdrawn."]


def test_what_somebodys_money_did() -> None:
    assert said("backer.show", BACKER) == [
        "What your money did",
        "100.00 EUR put in: 80.00 EUR given to 1 person, 1.00 EUR of fees, 19.00 EUR is still here.",
        "- **100.00 EUR** on 1 Jan 2026 in Parser: 19.00 EUR still here",
        "- → 80.00 EUR to Ana for a parser (and 1.00 EUR of fees), 2 Jan 2026, receipt 2026-0001",
    ]
    hidden = replace(USE, who="", what="", fee="")
    untouched, gone = replace(PUT, uses=()), replace(PUT, taken_back=True)
    other = BackerPage("Ben", False, BACKER.totals, (replace(PUT, uses=(hidden,), left=""), untouched, gone), 2)
    assert said("backer.show", other)[2:] == [
        "- **100.00 EUR** on 1 Jan 2026 in Parser: all of it given",
        "- → 80.00 EUR, 2 Jan 2026, receipt 2026-0001",
        "- **100.00 EUR** on 1 Jan 2026 in Parser: all of it is still here",
        "- **100.00 EUR** on 1 Jan 2026 in Parser: taken back",
        "And 2 earlier ones.",
    ]
    assert said("backer.show", BackerPage("Ben", True, (), (), 0)) == ["I know of no money that you put in."]


def test_a_statement_that_was_read_in() -> None:
    unread = tuple(UnreadLine(number, "x", "no day") for number in range(2, 12))
    assert said("fund.import", Imported(1, "Parser", 3, 2, unread, 0, "1 Jan 2026", "9 Jan 2026", 1)) == [
        "Bank statement for Parser",
        "1 Jan 2026 to 9 Jan 2026. Open lines that fit one to one what was entered: 1.",
        "New: 3",
        "Known already: 2",
        "Not read: 10",
        *(f"- Line {number}: no day. “x”" for number in range(2, 10)),
        "- … and 2 more that I can't read",
    ]


def test_what_was_matched_and_what_is_left() -> None:
    assert said("fund.match", Matched("Parser", 3, 0, 0, None)) == ["3 lines matched. Nothing is open any more."]
    assert said("fund.match", Matched("Parser", 1, 1, 2, LINE)) == [
        "Which of these is it?",
        "Matched. Unclear: 1. Nothing that fits was entered: 2.",
        "- 50.00 EUR · 1 Jan 2026 · gift (#k7m2p)",
        "- → 50.00 EUR from Ben (#a1b2c)",
    ]
    left = LeftOver("Parser", (LINE, replace(LINE, fits=("a", "b")), replace(LINE, fits=())), ("5.00 EUR (#x)",), 4)
    assert said("fund.lines", left) == [
        "Where the bank and Parser differ",
        "- Bank: 50.00 EUR · 1 Jan 2026 · gift (#k7m2p), may be 50.00 EUR from Ben (#a1b2c)",
        "- Bank: 50.00 EUR · 1 Jan 2026 · gift (#k7m2p), 2 entries fit",
        "- Bank: 50.00 EUR · 1 Jan 2026 · gift (#k7m2p)",
        "- On no statement: 5.00 EUR (#x)",
        "And 4 more.",
    ]
    assert said("fund.lines", LeftOver("Parser", (), (), 0))[0].startswith("Nothing is open in Parser")


def test_what_was_given() -> None:
    assert said("fund.digest", DIGEST) == [
        "What Parser gave in January 2026",
        "61h, 5.00 USD and 4,200.00 EUR to 9 people",
        "- 5.00 USD to Ana for tea",
        "- and 3 others",
    ]
    assert said("fund.digest", replace(DIGEST, money=(), hours="", gifts=())) == [
        "Parser gave nothing in January 2026."
    ]
    assert said("fund.monthly", Monthly("Parser", True, True, True)) == [
        "At the beginning of each month I'll tell here what Parser gave."
    ]
    assert said("fund.monthly", Monthly("Parser", False, False, False)) == ["I wasn't telling that each month."]
