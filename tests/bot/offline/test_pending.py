"""The message after a question."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cofounder.brain import Kind, Pending
from bot.cofounder.offline import OfflineBrain

ANSWERS: tuple[tuple[Pending, str, dict[str, Any]], ...] = (
    (
        Pending("role.grant", {"person": "Ana"}, "role"),
        "steward, for Parser please",
        {"person": "Ana", "role": "steward", "nexus": "Parser"},
    ),
    (Pending("role.grant", {"person": "Ana"}, "role"), "mod i think", {"person": "Ana", "role": "moderator"}),
    (
        Pending("role.grant", {"role": "steward"}, "person"),
        "it's for @lea in Parser",
        {"role": "steward", "person": "@lea", "nexus": "Parser"},
    ),
    (
        Pending("role.grant", {"role": "steward"}, "person"),
        "make it Ana Ruiz",
        {"role": "steward", "person": "Ana Ruiz"},
    ),
    (Pending("nexus.create", {}, "name"), "Riverside", {"name": "Riverside"}),
    (Pending("nexus.create", {}, "name"), "call it open kitchen", {"name": "open kitchen"}),
    (Pending("nexus.create", {}, "name"), "Blue Lab, inside Studio", {"name": "Blue Lab", "parent": "Studio"}),
    (Pending("nexus.move", {"nexus": "Parser"}, "parent"), "under Studio", {"nexus": "Parser", "parent": "Studio"}),
    (Pending("nexus.join", {}, "nexus"), "parser", {"nexus": "parser"}),
    (Pending("invite.accept", {}, "code"), "it's kf3m 9tq2 x7pd", {"code": "kf3m 9tq2 x7pd"}),
    (Pending("need.post", {}, "text"), "a designer for my logo", {"text": "a designer for my logo"}),
    (Pending("need.post", {}, "text"), "I need a designer", {"text": "a designer"}),
    (Pending("need.close", {}, "need"), "the one about bread", {"need": "bread"}),
    (Pending("people.find", {}, "query"), "help with taxes in Berlin", {"query": "help with taxes in Berlin"}),
    (Pending("account.unlink", {}, "account"), "telegram", {"account": "telegram"}),
    (Pending("person.rename", {}, "name"), "Captain", {"name": "Captain"}),
    (Pending("thought.add", {}, "text"), "buy milk", {"text": "buy milk"}),
    (Pending("undo", {}, "case"), "number 12", {"case": "12"}),
    (Pending("unban", {}, "person"), "it's <@204255221017214977>", {"person": "<@204255221017214977>"}),
    (Pending("unban", {}, "person"), "I mean Ana Ruiz", {"person": "Ana Ruiz"}),
    (Pending("slowmode", {}, "pause"), "30 seconds", {"pause": "30s"}),
    (Pending("appeal", {"case": "12"}, "text"), "I was asleep", {"case": "12", "text": "I was asleep"}),
)


@pytest.mark.parametrize(("pending", "sentence", "arguments"), ANSWERS)
def test_an_answer(brain: OfflineBrain, pending: Pending, sentence: str, arguments: dict[str, Any]) -> None:
    understood = brain.understand(sentence, pending=pending)
    assert (understood.operation, understood.arguments) == (pending.operation, arguments)
    assert understood.kind is Kind.REQUEST
    assert understood.missing == ()


@pytest.mark.parametrize("sentence", ["never mind", "cancel", "no", "No, forget it", "not now", "nah", "stop"])
def test_dropped(brain: OfflineBrain, sentence: str) -> None:
    understood = brain.understand(sentence, pending=Pending("role.grant", {"person": "Ana"}, "role"))
    assert (understood.kind, understood.operation, understood.reply) == (Kind.SMALL_TALK, None, "All right.")


@pytest.mark.parametrize(
    ("sentence", "operation"),
    [
        ("who is in Parser?", "nexus.members"),
        ("I need a designer for my logo", "need.post"),
        ("show my notes", "thought.list"),
        ("thanks", None),
    ],
)
def test_something_else(brain: OfflineBrain, sentence: str, operation: str | None) -> None:
    understood = brain.understand(sentence, pending=Pending("role.grant", {"role": "steward"}, "person"))
    assert understood.operation == operation


def test_what_is_still_missing_is_asked_next(brain: OfflineBrain) -> None:
    understood = brain.understand("Ana", pending=Pending("role.grant", {}, "person"))
    assert (understood.arguments, understood.missing) == ({"person": "Ana"}, ("role",))


def test_an_unknown_pending_operation_is_forgotten(brain: OfflineBrain) -> None:
    understood = brain.understand("join Parser", pending=Pending("gone.away", {}, "x"))
    assert understood.operation == "nexus.join"


def test_a_sentence_is_no_code(brain: OfflineBrain) -> None:
    assert brain.understand("I don't have one", pending=Pending("invite.accept", {}, "code")).operation is None
