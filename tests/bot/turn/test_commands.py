"""Reading explicit commands."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Command
from bot.turn.commands import ALIASES, DEFAULT_VERB, read_command
from core.catalogue import REGISTRY
from core.errors import NexusError
from core.operations.run import read_arguments

TABLE: list[tuple[str, str, dict[str, Any]]] = [
    ("/help", "help", {}),
    ("/help invitations", "help", {"topic": "invitations"}),
    ("/start", "help", {}),
    ("/start KF3M-9TQ2-X7PD", "invite.accept", {"code": "KF3M-9TQ2-X7PD"}),
    ("/accept KF3M-9TQ2-X7PD", "invite.accept", {"code": "KF3M-9TQ2-X7PD"}),
    ("/join KF3M-9TQ2-X7PD", "invite.accept", {"code": "KF3M-9TQ2-X7PD"}),
    ("/join Parser", "nexus.join", {"nexus": "Parser"}),
    ("/join Rock-and-Roll", "nexus.join", {"nexus": "Rock-and-Roll"}),
    ("/claim KF3M-9TQ2-X7PD", "owner.claim", {"code": "KF3M-9TQ2-X7PD"}),
    ("/need post a designer", "need.post", {"text": "a designer"}),
    ("/need_post a designer", "need.post", {"text": "a designer"}),
    ("/need.post a designer", "need.post", {"text": "a designer"}),
    ("/NEED Post a designer", "need.post", {"text": "a designer"}),
    ("/need a designer", "need.post", {"text": "a designer"}),
    ("/need", "need.post", {}),
    ("/need post", "need.post", {}),
    ('/need post "a designer"', "need.post", {"text": "a designer"}),
    ("/need post a designer nexus=Parser", "need.post", {"text": "a designer", "nexus": "Parser"}),
    ("/need post nexus=“Tall Ships” a sail", "need.post", {"text": "a sail", "nexus": "Tall Ships"}),
    ("/need post 2 = 3 is a riddle", "need.post", {"text": "2 = 3 is a riddle"}),
    ("/need post see https://x.example/?a=1", "need.post", {"text": "see https://x.example/?a=1"}),
    ("/needs", "need.list", {}),
    ("/needs Parser", "need.list", {"nexus": "Parser"}),
    ("/need close #k7m2p", "need.close", {"need": "#k7m2p"}),
    ("/offer I can draw", "offer.post", {"text": "I can draw"}),
    ("/find a plumber in town", "people.find", {"query": "a plumber in town"}),
    ("/search sails", "record.search", {"query": "sails"}),
    ("/search sails kind=offer", "record.search", {"query": "sails", "kind": "offer"}),
    ("/role grant Ana steward", "role.grant", {"person": "Ana", "role": "steward"}),
    ("/role grant Ana Ruiz steward", "role.grant", {"person": "Ana Ruiz", "role": "steward"}),
    ("/role grant Ana as steward", "role.grant", {"person": "Ana", "role": "steward"}),
    ("/role grant Ana to steward nexus=Parser", "role.grant", {"person": "Ana", "role": "steward", "nexus": "Parser"}),
    ('/role grant "Ana Ruiz" steward', "role.grant", {"person": "Ana Ruiz", "role": "steward"}),
    ("/role grant --person=Ana --role=steward", "role.grant", {"person": "Ana", "role": "steward"}),
    ("/role grant", "role.grant", {}),
    ("/role revoke Ana steward", "role.revoke", {"person": "Ana", "role": "steward"}),
    ("/nexus", "nexus.show", {}),
    ("/nexus Parser", "nexus.show", {"nexus": "Parser"}),
    ("/nexus show Parser", "nexus.show", {"nexus": "Parser"}),
    ("/create Parser", "nexus.create", {"name": "Parser"}),
    ("/create Parser door=private", "nexus.create", {"name": "Parser", "door": "private"}),
    ("/nexus move Lexer under Parser", "nexus.move", {"nexus": "Lexer", "parent": "Parser"}),
    ("/nexus move Lexer, Parser", "nexus.move", {"nexus": "Lexer", "parent": "Parser"}),
    ("/nexus move Tall Ships into Home", "nexus.move", {"nexus": "Tall Ships", "parent": "Home"}),
    ("/nexus rename Harbour", "nexus.rename", {"name": "Harbour"}),
    ("/invite", "invite.create", {}),
    ("/invite steward", "invite.create", {"role": "steward"}),
    ("/invite 3", "invite.create", {"uses": "3"}),
    ("/invite 2 weeks", "invite.create", {"expires": "2 weeks"}),
    ("/invite role=steward uses=2", "invite.create", {"role": "steward", "uses": "2"}),
    ("/link", "account.link", {}),
    ("/link KF3M-9TQ2-X7PD", "account.link", {"code": "KF3M-9TQ2-X7PD"}),
    ("/me", "person.show", {}),
    ("/person Ana", "person.show", {"person": "Ana"}),
    ("/bind Parser", "place.bind", {"nexus": "Parser"}),
    ("/bind audience=public", "place.bind", {"audience": "public"}),
    ("/thoughts", "thought.list", {}),
    ("/note the sea is high", "thought.add", {"text": "the sea is high"}),
    ("/thought add the sea is high", "thought.add", {"text": "the sea is high"}),
    ("/history", "audit.list", {}),
]


def read(line: str) -> tuple[str, dict[str, Any]]:
    """As an adapter tells a typed line."""
    name, _, rest = line.removeprefix("/").partition(" ")
    operation, raw = read_command(REGISTRY, Command(name, rest))
    return operation.name, raw


@pytest.mark.parametrize(("line", "operation", "raw"), TABLE, ids=[line for line, *_ in TABLE])
def test_a_command_is_read_as_it_was_meant(line: str, operation: str, raw: dict[str, Any]) -> None:
    assert read(line) == (operation, raw)


@pytest.mark.parametrize("line", ["/frobnicate", "/frobnicate now", "/", "/needpost x"])
def test_a_command_that_is_none_says_so(line: str) -> None:
    with pytest.raises(NexusError, match=r"^I know no command /.*\. Say “help” to see what you can do here\.$"):
        read(line)


def test_short_forms_lead_somewhere() -> None:
    assert set(ALIASES.values()) <= {o.name for o in REGISTRY}
    assert {f"{subject}.{verb}" for subject, verb in DEFAULT_VERB.items()} <= {o.name for o in REGISTRY}


def test_arguments_of_a_native_command_are_taken_as_they_are() -> None:
    command = Command("need.post", "ignored", {"text": 'say "hi" nexus=x'})
    assert read_command(REGISTRY, command)[1] == {"text": 'say "hi" nexus=x'}


@given(st.sampled_from([*ALIASES, *DEFAULT_VERB, *(o.name.replace(".", "_") for o in REGISTRY)]), st.text(max_size=60))
def test_whatever_stands_behind_a_command_is_read_or_refused(name: str, rest: str) -> None:
    with suppress(NexusError):
        operation, raw = read_command(REGISTRY, Command(name, rest))
        assert set(raw) <= {p.name for p in operation.parameters}
        assert all(isinstance(value, str) and value for value in raw.values())
        read_arguments(operation, raw)


@given(st.from_regex(r"[a-z]{3,10}( [a-z]{3,10}){0,6}", fullmatch=True))
def test_free_text_comes_through_whole(text: str) -> None:
    assert read(f"/need post {text}") == ("need.post", {"text": text})
    assert read(f'/need post "{text}" nexus="Tall Ships"') == ("need.post", {"text": text, "nexus": "Tall Ships"})
