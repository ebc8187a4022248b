"""The books as people meet them: whoever may ask, what they are told, and what is in the file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from sqlalchemy import update

from bot.cards.ledger import books as file_of
from bot.cards.ledger import verified as told
from bot.words import Words as Speech
from core.clock import ManualClock
from core.errors import Conflict, NotAllowed
from core.ledger import export, operations
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg, Words, post, reverse
from core.ledger.tables import ledger_account
from core.nexuses.tree import nexus_of
from core.operations import Audience, AudienceKind
from core.rules.rules import set_rule
from core.rules.words import Action, pack_actions
from core.store import Store, Unit
from tests.core.ledger.books import Books
from tests.core.ledger.years import MEMOS, Year
from tests.world import World

SAY = Speech("en")


@pytest.fixture
def parser(world: World) -> World:
    """Parser with an owner, a treasurer and two members; 500 EUR came in, 120 went to Ben with a fee."""
    world.nexus("Parser", owner="Ana")
    world.join("Tessa", "Parser", "treasurer")
    for name in ("Ben", "Cleo"):
        world.join(name, "Parser")
    nexus_id, ana, ben = world.nexuses["Parser"].id, world.id_of("Ana"), world.id_of("Ben")

    def unit(unit: Unit) -> None:
        source, fund = (account(unit, kind, nexus_id, "EUR") for kind in (Kind.SOURCE, Kind.FUND))
        given, fee = account(unit, Kind.GIVEN, nexus_id, "EUR", ben), account(unit, Kind.FEE, nexus_id, "EUR")
        cause = Cause(nexus_id, ana, "deposit", 0)
        words = Words('=HYPERLINK("http://bad.example")', "bank transfer", "-1+2")
        post(unit, "d", "deposit", cause, [Leg(source, -50_000), Leg(fund, 50_000)], words=words)
        legs = [Leg(fund, -12_000), Leg(given, 12_000), Leg(fund, -45), Leg(fee, 45)]
        number = post(unit, "p", "payment", cause, legs, words=Words("for the winter"))
        reverse(unit, number, cause, "@sum")

    world.write(unit)
    return world


def spoil(world: World) -> None:
    """The fund says more than its lines."""
    nexus_id = world.nexuses["Parser"].id
    worse = update(ledger_account).where(ledger_account.c.nexus_id == nexus_id, ledger_account.c.kind == "fund")
    world.write(lambda unit: unit.changed(worse.values(posted=ledger_account.c.posted + 5)))


def rows(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_any_member_may_ask_and_reads_one_sentence(parser: World) -> None:
    reply = told(parser.do("Cleo", "ledger.verify"), SAY)
    assert reply.text == "The books of Parser are right: I worked out all 3 entries again, and every balance fits."
    assert reply.card is None
    parser.nexus("Empty", owner="Ana")
    assert told(parser.do("Ana", "ledger.verify"), SAY).text == "There is nothing in the books of Empty yet."


def test_what_is_wrong_is_told_in_private_to_who_decides(parser: World) -> None:
    spoil(parser)
    for who in ("Ben", "Cleo"):
        reply = told(parser.do(who, "ledger.verify"), SAY)
        assert reply.card is None
        assert reply.text.startswith("Something in the books of Parser does not fit.")
    together = {"audience": Audience(AudienceKind.MEMBERS, nexus_id=parser.nexuses["Parser"].id), "here": "Parser"}
    assert parser.do("Ana", "ledger.verify", at=together).problems == ()
    reply = told(parser.do("Tessa", "ledger.verify"), SAY)
    assert reply.card is not None
    (line,) = reply.card.lines
    assert "says that it has 50005; its lines come to 50000." in line


@pytest.mark.parametrize("engine", ["sqlite"])
def test_long_books_are_checked_on_the_machine(parser: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "LARGEST", 10)
    with pytest.raises(Conflict, match="nexus verify"):
        parser.do("Cleo", "ledger.verify")


def test_fees_and_corrections_have_rows_of_their_own_and_no_cell_calculates(parser: World) -> None:
    found = rows(parser.do("Tessa", "ledger.export").content)
    assert [(row["what"], row["account"], row["amount"]) for row in found] == [
        ("deposit", "source", "-500.00"),
        ("deposit", "fund", "500.00"),
        ("payment", "fund", "-120.00"),
        ("payment", "given", "120.00"),
        ("fee", "fund", "-0.45"),
        ("fee", "fee", "0.45"),
        ("reversal", "fund", "120.00"),
        ("reversal", "given", "-120.00"),
        ("reversal", "fund", "0.45"),
        ("reversal", "fee", "-0.45"),
    ]
    assert found[0]["note"] == '\'=HYPERLINK("http://bad.example")'
    assert found[0]["reference"] == "'-1+2"
    assert found[6]["note"] == "'@sum"
    assert found[6]["takes_back"] == found[2]["entry"]
    assert found[3]["name"] == "Ben"
    assert {row["unit"] for row in found} == {"EUR"}


def test_members_take_nothing_along_unless_the_rules_let_them(parser: World) -> None:
    with pytest.raises(NotAllowed, match="A steward could change that"):
        parser.do("Cleo", "ledger.export")
    every = pack_actions((Action.SEE, Action.QUOTE, Action.EXPORT))
    allow: dict[str, Any] = {"audience": "member", "actions": every, "effect": "permit", "by": parser.id_of("Ana")}
    nexus_id = parser.nexuses["Parser"].id
    parser.write(lambda unit: set_rule(unit, nexus_id, kind="fund", **allow))
    found = rows(parser.do("Cleo", "ledger.export").content)
    assert found[0]["note"]
    assert (found[2]["note"], found[3]["name"]) == ("", "")  # of grants they may take nothing along
    parser.write(lambda unit: set_rule(unit, nexus_id, kind="grant", **allow))
    found = rows(parser.do("Cleo", "ledger.export").content)
    assert (found[2]["note"], found[3]["name"]) == ("for the winter", "Ben")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_file_is_sent_and_one_that_is_too_large_is_asked_for_in_parts(
    parser: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = parser.do("Ana", "ledger.export", format="beancount", period="2026")
    reply = file_of(result, SAY)
    assert [file.name for file in reply.files] == ["books-parser-20260101-20261231-2026-01-01.beancount"]
    monkeypatch.setattr("bot.cards.files.LARGEST", 10)
    assert "shorter time" in file_of(result, SAY).text
    monkeypatch.setattr(export, "MOST", 2)
    with pytest.raises(Conflict, match="too much for one file"):
        parser.do("Ana", "ledger.export")


def test_bean_check_accepts_a_year_and_counts_the_same(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    world = World(store, clock)
    made = Books(store, nexuses=2)
    Year(made, clock, seed=11)
    world.nexuses["N0"] = world.read(lambda unit: nexus_of(unit, made.nexuses[0]))
    world.join("Ana", "N0", "owner")
    for period in (None, "march 2026", "2026"):
        result = world.do("Ana", "ledger.export", format="beancount", period=period)
        path = tmp_path / result.file
        path.write_text(result.content, encoding="utf-8")
        directives, errors, _ = loader.load_file(str(path))
        assert not errors, errors[:3]
        assert len(directives) > 50
        assert sum(1 for one in directives if type(one).__name__ == "Balance") > 5
    spoiled = re.sub(r"(\n  Assets:Fund\S+  -?)", r"\g<1>9", result.content, count=1)
    assert spoiled != result.content
    path.write_text(spoiled, encoding="utf-8")
    assert loader.load_file(str(path))[1]  # it does count
    text = rows(world.do("Ana", "ledger.export").content)
    assert {row["what"] for row in text} == {"deposit", "payment", "fee", "transfer", "hours", "reversal"}
    cells = [row[cell] for row in text for cell in ("note", "method", "reference", "name")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert {memo.replace("\r", "") for memo in MEMOS if memo[:1] not in "=+"} <= {row["note"] for row in text}
