"""Every result reads well, whatever operation it comes from, in the words of people."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.pofile import read_po

from adapters.contract import Reply
from bot.cards import reply_for, reply_for_error
from bot.cards.plain import as_text
from bot.docs.generate import ROOT
from bot.words import Words
from core.buttons.tables import ButtonSpec
from core.catalogue import REGISTRY
from core.errors import BadInput, NotFound
from core.operations import Operation
from core.operations.run import Ask, Dismissed, Done

WORDS = Words()
HOUSE = re.compile(r"\b(records?|operations?|postings?|audiences?|journals?|entities|instances?|payloads?)\b", re.I)
# What people type or read as a name is no word of the house.
NAMES = {o.name for o in REGISTRY}
# Closed words of one result.
CLOSED: dict[tuple[str, str], tuple[Any, ...]] = {
    ("FundLine", "unit"): ("EUR", "JPY"),
    ("Problem", "what"): ("changed", "no_kind"),
    ("Problem", "more"): ((), ()),
    ("Page", "state"): ("proposed", "active", "completed"),
    ("PartLine", "state"): ("due", "paid"),
    ("Happening", "what"): ("proposed", "accepted"),
    ("Happening", "data"): ({}, {}),
    ("HoursList", "whose"): ("mine", "nexus"),
    ("OfficeHour", "outcome"): ("booked", "counted"),
    ("Decision", "kind"): ("warn", "timeout", "ban"),
    ("PlaceDecision", "kind"): ("purge", "lock", "slow"),
    ("CaseView", "kind"): ("warn", "report", "ban"),
    ("CaseView", "state"): ("standing", "open", "undone"),
    ("CaseView", "appeal_state"): ("open", "upheld", "overturned"),
    ("Explained", "kind"): ("timeout", "report", "ban", "lock"),
    ("Explained", "state"): ("standing", "open", "undone", "not done"),
    ("Explained", "appeal"): ("", "upheld", "open"),
    ("CaseLine", "kind"): ("warn", "report"),
    ("CaseLine", "state"): ("standing", "open"),
    ("Done", "power"): ("delete", "ban"),
    ("Done", "state"): ("done", "refused"),
    ("Undone", "kind"): ("kick", "lock"),
    ("GuardLine", "mode"): ("shadow", "act"),
    ("GuardLine", "people"): (("Ana",), ("Ana", "Ben")),
    ("GuardSet", "mode"): ("shadow", "ask", "act"),
    ("GuardSet", "rule"): ("all", "spam"),
    ("Accepted", "kind"): ("timeout", "ban"),
    ("ListFollowed", "mode"): ("shadow", "ask", "act"),
    ("FollowedLine", "mode"): ("shadow", "ask", "act"),
    ("FollowedLine", "people"): ((), ("Ana",), ("Ana", "Ben")),
    ("ListBan", "kind"): ("ban", "unban"),
    ("Figures", "kinds"): ((), (("ban", 2), ("warn", 1))),
}
BOOKS = ("funds", "grants", "hours", "ledger", "policies", "moderation")  # money and time are always some Nexus's
REAL = {
    "door": ("open", "members", "private"),
    "role": ("member", "steward"),
    "standing": ("guest", "owner"),
    "audience": ("members", "public", "you"),
    "kind": ("need", "offer"),
}


def made(hint: Any, name: str, turn: int) -> Any:
    """A value of a type: different ones for different turns."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return made(next(a for a in typing.get_args(hint) if a is not type(None)), name, turn)
    if origin is tuple:
        return tuple(made(typing.get_args(hint)[0], name, n) for n in range(turn))
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        values = {f.name: made(hints[f.name], f.name, turn) for f in dataclasses.fields(hint)}
        for name in values:
            if words := CLOSED.get((type(hint).__name__ if not isinstance(hint, type) else hint.__name__, name)):
                values[name] = words[turn % len(words)]
        if values.get("nexus") == "" and hint.__module__.split(".")[1] in BOOKS:
            values["nexus"] = "some nexus"
        return hint(**values)  # type: ignore[operator]
    if hint is bool:
        return bool(turn % 2)
    if hint is int:
        return turn + 1
    if name in REAL:
        return REAL[name][turn % len(REAL[name])]
    return "" if turn == 0 and name in ("code", "details", "nexus") else f"some {name}"


def results(operation: Operation) -> Iterator[Any]:
    """Results of all sizes: lists empty, with one, with two."""
    for turn in range(3):
        yield made(operation.result, "", turn)


def arguments(operation: Operation) -> dict[str, str]:
    """Arguments as people see them."""
    return {p.name: REAL.get(p.name, (f"some {p.name}",))[0] for p in operation.parameters}


def check(reply: Reply, whose: str) -> None:
    """Something is said, nothing is left open, and no word of the house is in it."""
    text = as_text(reply)
    assert text.strip(), whose
    assert not re.search(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b|\(\)|  +\S", text), text
    assert not HOUSE.search(text.replace("some audience", "")), text
    if reply.card is not None:
        for part in (reply.card.title, reply.card.text, reply.card.footer):
            assert part == part.strip()


@pytest.mark.parametrize("operation", list(REGISTRY), ids=lambda o: o.name)
def test_every_result_renders(operation: Operation) -> None:
    for result in results(operation):
        check(reply_for(Done(operation, result, arguments(operation)), WORDS), operation.name)


@pytest.mark.parametrize("operation", [o for o in REGISTRY if o.writes and not o.internal], ids=lambda o: o.name)
def test_every_question_renders_with_all_that_was_understood(operation: Operation) -> None:
    buttons = (ButtonSpec("Yes", "token", "primary"), ButtonSpec("No", "other", "plain"))
    names = set(re.findall(r"\{(\w+)\}", operation.asks))
    shown = {name: f"some {name}" for name in names} | arguments(operation)
    reply = reply_for(Ask(operation, operation.asks or operation.summary, shown, buttons), WORDS)
    check(reply, operation.name)
    assert reply.card is not None
    assert [b.label for b in reply.card.buttons] == ["Yes", "No"]
    if operation.preview is None:
        text = as_text(reply)
        for name, value in arguments(operation).items():
            assert value in text, name


def test_buttons_go_with_a_text_too() -> None:
    operation = REGISTRY.get("thought.add")
    result = made(operation.result, "", 1)
    reply = reply_for(Done(operation, result, {}), WORDS, (ButtonSpec("Undo", "token", "plain"),))
    assert reply.text == ""
    assert reply.card is not None
    assert reply.card.text == "Kept, for you alone: “some text” (#some handle)."
    assert [b.label for b in reply.card.buttons] == ["Undo"]


def test_a_repeat_and_a_no_are_said() -> None:
    operation = REGISTRY.get("need.post")
    assert as_text(reply_for(Done(operation, {}, {}, repeated=True), WORDS)) == "That was done already."
    assert as_text(reply_for(Dismissed(), WORDS)) == "All right, I left it as it was."


def test_braces_that_people_type_are_only_theirs() -> None:
    operation = REGISTRY.get("need.post")
    result = operation.result(1, "k7m2p", "a {designer} {0} {nexus}", "Home {x}")
    text = as_text(reply_for(Done(operation, result, {}), WORDS))
    assert text == "Posted in Home {x}: you need “a {designer} {0} {nexus}” (#k7m2p)."
    refused = as_text(reply_for_error(BadInput("{text} is not {about}.", text="{about} {}", about="a {b}"), WORDS))
    assert refused == "{about} {} is not a {b}."
    assert as_text(reply_for_error(NotFound("Nothing {here}."), WORDS)) == "Nothing {here}."


def people_read() -> Iterator[tuple[str, str]]:
    """All that people read: the catalogue, and what help makes of the declarations."""
    with (ROOT / "bot/words/nexus.pot").open("rb") as file:
        for message in read_po(file):
            if message.id:
                yield "nexus.pot", str(message.id)
    for operation in REGISTRY:
        yield operation.name, operation.summary
        yield operation.name, operation.help
        for parameter in operation.parameters:
            yield operation.name, parameter.field.about


def test_the_words_of_the_house_stay_in_the_house() -> None:
    said = [(where, text) for where, text in people_read() if HOUSE.search(re.sub(r"\{\w+\}", "", text))]
    assert said == []


def test_sentences_are_sentences() -> None:
    for where, text in people_read():
        assert text == text.strip() or text.startswith((" ", ",")), (where, text)
        assert "  " not in text, (where, text)
        assert not re.search(r"[\"']\w+[\"']", text) or "’" not in text, (where, text)
    for operation in REGISTRY:
        assert operation.summary[0].isupper(), operation.name
        assert operation.summary.endswith("."), operation.name
        for text in (operation.asks, operation.tells, operation.empty):
            if text and text != "{question}":
                # what ends in a value ends in whole sentences of its own
                assert text.endswith(("?", ".", ":", "}")), (operation.name, text)
