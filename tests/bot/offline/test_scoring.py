"""The scorer itself, as a wrong ruler measures nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import understanding
from benchmarks.understanding import all_right, same, wilson
from core.catalogue import REGISTRY

INVITE = REGISTRY.get("invite.create")
NEED = REGISTRY.get("need.post")


@pytest.mark.parametrize(
    ("operation", "name", "expected", "got", "right"),
    [
        (NEED, "text", "a designer", "designer", True),
        (NEED, "text", "A designer!", "the Designer", True),
        (NEED, "text", "a designer", "a lawyer", False),
        (NEED, "text", ["a designer", "a logo designer"], "logo designer", True),
        (INVITE, "expires", "2 weeks", "14d", True),
        (INVITE, "expires", "2 weeks", None, False),
        (INVITE, "uses", 3, "three", True),
        (INVITE, "approval", True, "yes", True),
        (INVITE, "role", "admin", "steward", True),
    ],
)
def test_same(operation: Any, name: str, expected: Any, got: Any, right: bool) -> None:
    assert same(operation, name, expected, got) is right


def test_what_is_not_stated_may_only_be_the_default() -> None:
    assert all_right(INVITE, {}, {"role": "member", "uses": 1, "expires": "7d"})
    assert not all_right(INVITE, {}, {"uses": 2})
    assert not all_right(NEED, {"text": "x y z"}, {"text": "x y z", "nexus": "Parser"})


def test_wilson() -> None:
    assert wilson(9, 10) == "9/10 = 90.0% [59.6%, 98.2%]"
    assert wilson(0, 0) == "-"


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "some.jsonl"
    some = [
        {"id": "1", "text": "I need a designer", "operation": "need.post", "arguments": {"text": "designer"}},
        {"id": "2", "text": "hello", "operation": None, "arguments": {}},
        {"id": "3", "text": "join Parser", "operation": "nexus.leave", "arguments": {}},
        {"id": "4", "text": "join Parser", "operation": None, "arguments": {}},
        {"id": "5", "text": "join Parser", "operation": "nexus.join", "arguments": {"nexus": "Lexer"}},
    ]
    file.write_text("\n".join(json.dumps(row) for row in some), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["understanding", str(file), "--verbose"])
    assert understanding.main() == 0
    out = capsys.readouterr().out
    assert "operation right   2/3" in out
    assert "fully right       1/3" in out
    assert "false writes      1" in out
    assert "nexus.leave taken for nexus.join" in out
