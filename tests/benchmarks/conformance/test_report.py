"""The command: what it prints, and with which exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.conformance import exceptions
from benchmarks.conformance.__main__ import main
from benchmarks.conformance.exceptions import Excepted
from tests.benchmarks.conformance.contracts import OPENAI, TELEGRAM
from tests.fakes.recording import Recording


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Recording, list[str]]:
    """A recording to write into, and the arguments of the command."""
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "telegram-api.json").write_text(json.dumps(TELEGRAM))
    recording = tmp_path / "recording"
    recording.mkdir()
    return Recording(recording), [str(recording), str(specs)]


def test_good_requests(folders: tuple[Recording, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    recording, arguments = folders
    recording.note("telegram", "POST", "getMe")
    assert main([*arguments, "--kinds"]) == 0
    shown = capsys.readouterr().out
    assert "telegram: 1 distinct requests of 1 kinds checked (1 in all), 0 violations" in shown
    assert "1  getMe" in shown


def test_a_violation_fails_unless_it_is_listed(
    folders: tuple[Recording, list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, arguments = folders
    recording.note("telegram", "POST", "getMe", {"x": 1})
    assert main(arguments) == 1
    assert "violates  getMe  x: getMe has no such argument  (1 shapes)" in capsys.readouterr().out
    known = Excepted("telegram", "getMe", "x", "no such argument", "a server of our own takes it")
    monkeypatch.setattr(exceptions, "EXCEPTIONS", (known,))
    assert main(arguments) == 0
    assert "excepted  getMe  x: a server of our own takes it  (1 shapes)" in capsys.readouterr().out
    monkeypatch.setattr(exceptions, "EXCEPTIONS", (Excepted("telegram", "getMe", "y", "", "another argument"),))
    assert main(arguments) == 1


def test_nothing_to_check_is_no_success(
    folders: tuple[Recording, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    recording, arguments = folders
    assert main(arguments) == 2
    recording.note("telegram", "POST", "getMe")
    assert main([arguments[0], arguments[0]]) == 2
    assert "telegram-api.json" in capsys.readouterr().err


def test_without_the_library_it_says_what_to_install(
    folders: tuple[Recording, list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, arguments = folders
    recording.note("openai", "POST", "/v1/chat/completions", {"model": "m"})
    Path(arguments[1], "openai-openapi.json").write_text(json.dumps(OPENAI))
    assert main(arguments) == 0
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert main(arguments) == 2
    assert "Please run: .venv/bin/pip install jsonschema" in capsys.readouterr().err


def test_every_exception_has_a_reason() -> None:
    assert all(one.reason and one.name and one.where for one in exceptions.EXCEPTIONS)
