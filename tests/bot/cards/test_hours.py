"""Hours, their sums and office hours as people read them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cards import reply_for
from bot.cards.plain import as_text
from bot.words import Words
from core.catalogue import REGISTRY
from core.hours.list_operations import HoursLine, HoursList
from core.hours.meeting_operations import Offered, OfficeHour, TimeLine, Times
from core.hours.operations import Decided, Logged
from core.operations.run import Done

LINE = HoursLine("k7m2p", "2 Jan 2026", "Tom", "Ana", "2h", "the parser", "counts")
HOURS = HoursList("nexus", "Parser", "61h", 9, "61h", ("4,200.00 EUR",), 9, False, (LINE,))
SLOT = TimeLine("k7m2p", "Fri 2 Jan 2026, 15:00 UTC", "30m", "Tom", "", "parsers", "open")
MET = OfficeHour(1, "k7m2p", "Fri 2 Jan 2026, 15:00 UTC", "30m", "Tom", "Ben", "Ben", "kept")


def said(operation: str, result: Any, **arguments: str) -> list[str]:
    return as_text(reply_for(Done(REGISTRY.get(operation), result, arguments), Words())).split("\n")


def test_what_a_nexus_gave_stands_side_by_side() -> None:
    assert said("hours.list", HOURS) == [
        "Hours in Parser",
        "Given so far: 61h and 4,200.00 EUR to 9 people.",
        "- 2 Jan 2026: Tom gave Ana 2h, “the parser” (#k7m2p, counts)",
    ]
    grant = replace(HOURS, whose="grant", name="a parser", money=("1.00 EUR", "2 JPY"), people=1, more=True)
    assert said("hours.list", grant)[:2] == [
        "Hours of the grant “a parser”",
        "Given so far: 61h, 1.00 EUR and 2 JPY to 1 person.",
    ]
    assert said("hours.list", grant)[-1] == "These are the newest."


def test_ones_own_and_somebodys_hours_say_what_was_given_and_got() -> None:
    mine = replace(HOURS, whose="mine", name="", money=(), got="30m", helped=1)
    assert said("hours.list", mine)[:2] == ["Your hours", "You gave 61h to 1 person. You were given 30m."]
    theirs = replace(HOURS, whose="person", name="Tom", got="", money=("5 JPY",))
    assert said("hours.list", theirs)[:2] == ["Hours of Tom", "Tom gave 61h to 9 people. Tom was given 5 JPY."]


@pytest.mark.parametrize(
    ("whose", "name", "words"),
    [
        ("mine", "", "I know no hours of yours yet. Say “I helped Ana for 2h with the parser”, for example."),
        ("person", "Tom", "I know of no hours of Tom here."),
        ("grant", "a parser", "No hours belong to the grant “a parser” yet."),
        ("nexus", "Parser", "No hours count in Parser yet."),
    ],
)
def test_nothing_yet(whose: str, name: str, words: str) -> None:
    assert said("hours.list", HoursList(whose, name, "", 0, "", (), 0, False, ())) == [words]


def test_what_was_logged_and_decided() -> None:
    logged = Logged(1, "k7m2p", "2h", "2 Jan 2026", "you", "Ana", "Ana", "the parser")
    assert said("hours.log", logged, time="2h", about="the parser") == [
        "Logged as #k7m2p: 2h from you to Ana on 2 Jan 2026. I've asked Ana whether that is right."
    ]
    decided = Decided(1, "k7m2p", "2h", "2 Jan 2026", "Tom", "Ana")
    assert said("hours.confirm", decided) == ["Counted: 2h from Tom to Ana on 2 Jan 2026. Thank you."]
    assert said("hours.withdraw", decided) == ["Taken back: 2h from Tom to Ana on 2 Jan 2026."]


def test_office_hours_to_book_and_ones_own() -> None:
    booked = replace(SLOT, handle="x8k2m", guest="Ben", text="")
    found = Times("Parser", (SLOT,), (booked, replace(SLOT, handle="p4k9x")))
    assert said("office.list", found) == [
        "Office hours in Parser:",
        "- Fri 2 Jan 2026, 15:00 UTC, 30m: Ben with Tom (#x8k2m)",
        "- Fri 2 Jan 2026, 15:00 UTC, 30m: yours, still free, “parsers” (#p4k9x)",
        "- Fri 2 Jan 2026, 15:00 UTC, 30m: Tom, “parsers” (#k7m2p)",
        "Times are UTC. To book one, say “book #k7m2p”.",
    ]
    assert said("office.list", Times("Parser", (), ())) == [
        "There are no office hours in Parser at the moment. Say “offer office hours thursday 15:00” to begin."
    ]


def test_what_was_offered() -> None:
    one = Offered("k7m2p", "Parser", "Fri 2 Jan 2026, 15:00 UTC", "30m", 1)
    assert said("office.offer", one) == [
        "Offered: Fri 2 Jan 2026, 15:00 UTC, 30m (#k7m2p). Members of Parser can book it, and I tell you."
    ]
    assert said("office.offer", replace(one, weeks=4)) == [
        "Offered: 4 times, once a week from Fri 2 Jan 2026, 15:00 UTC, 30m each. Members of Parser can book them."
    ]


@pytest.mark.parametrize(
    ("operation", "change", "words"),
    [
        (
            "office.book",
            {"outcome": "booked"},
            "Booked: Tom, Fri 2 Jan 2026, 15:00 UTC, 30m (#k7m2p). I remind you both an hour before.",
        ),
        (
            "office.cancel",
            {"outcome": "open"},
            "Cancelled: Fri 2 Jan 2026, 15:00 UTC. I've told Tom, and others can book that time again.",
        ),
        ("office.cancel", {"outcome": "cancelled"}, "Cancelled: Fri 2 Jan 2026, 15:00 UTC. I've told Ben."),
        (
            "office.cancel",
            {"outcome": "cancelled", "other": ""},
            "Your office hour of Fri 2 Jan 2026, 15:00 UTC is taken back.",
        ),
        ("office.kept", {"counted": True}, "Counted: 30m from Tom to Ben. Thank you."),
        ("office.kept", {"asked": True}, "Good. I've asked Ben to confirm 30m; it counts then."),
        (
            "office.missed",
            {"outcome": "missed"},
            "All right: it did not take place, and nothing counts. I've told Ben.",
        ),
    ],
)
def test_what_became_of_an_office_hour(operation: str, change: dict[str, Any], words: str) -> None:
    assert said(operation, replace(MET, **change)) == [words]
