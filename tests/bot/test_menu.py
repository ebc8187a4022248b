"""The command menu says exactly what the operations declare."""

from __future__ import annotations

from adapters.contract import Least, OptionKind
from bot.menu import menu_of
from core.catalogue import REGISTRY

MENU = {entry.name: entry for entry in menu_of(REGISTRY)}


def test_every_operation_but_the_internal_ones_stands_there_once() -> None:
    names = [entry.name for entry in menu_of(REGISTRY)]
    assert sorted(names) == sorted(["setup", *(o.name for o in REGISTRY if not o.internal)])
    assert names[0] == "help"


def test_options_have_the_shape_of_their_arguments() -> None:
    text, nexus = MENU["need.post"].options
    assert (text.kind, text.required, text.minimum, text.maximum) == (OptionKind.LONG, True, 3, 1000)
    assert (nexus.kind, nexus.required, nexus.completes) == (OptionKind.REFERENCE, False, True)
    uses = MENU["invite.create"].option("uses")
    assert uses is not None
    assert (uses.kind, uses.minimum) == (OptionKind.WHOLE, 1)
    approval = MENU["invite.create"].option("approval")
    assert approval is not None
    assert approval.kind is OptionKind.YESNO
    person, role = MENU["role.grant"].options[:2]
    assert (person.kind, person.completes) == (OptionKind.PERSON, True)
    assert role.kind is OptionKind.CHOICE
    assert "steward" in role.choices


def test_a_form_hears_what_is_wrong_with_a_field() -> None:
    text = MENU["need.post"].options[0]
    assert text.check("a designer") == ""
    assert "a bit short" in text.check("x")
    assert "could you shorten it" in text.check("x" * 1001).casefold()


def test_what_is_missing_is_what_is_required_and_not_given() -> None:
    entry = MENU["role.grant"]
    assert [o.name for o in entry.missing({"person": "Ana"})] == ["role"]
    assert entry.missing({"person", "role"}) == []


def test_who_sees_a_command_follows_from_who_may_use_it() -> None:
    assert MENU["need.post"].least is Least.ANYONE
    assert MENU["place.bind"].least is Least.STEWARD
    assert MENU["thought.list"].private
    assert not MENU["need.list"].private
