"""`nexus do` with arguments one by one, and a bank's statement from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.do import decoded, given
from bot.cli.main import main


def test_arguments_one_by_one() -> None:
    assert given("need.post", ["--text", "a desk", "--in-no-time=yes"]) == {"text": "a desk", "in_no_time": "yes"}
    assert given("role.grant", ["--person", "@lea"]) == {"person": "@lea"}
    for wrong in (["text"], ["--text"], ["--", "x"], ["-t", "x"]):
        with pytest.raises(ValueError, match="--name value"):
            given("need.post", wrong)


def test_lines_of_a_file(tmp_path: Path) -> None:
    statement = tmp_path / "bank.csv"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        statement.write_bytes("Buchungstag;Betrag\n05.10.2026;5,00 €\n".encode(encoding))
        assert given("fund.import", ["--lines", f"@{statement}", "--unit", "EUR"]) == {
            "lines": "Buchungstag;Betrag\n05.10.2026;5,00 €\n",
            "unit": "EUR",
        }
    with pytest.raises(FileNotFoundError):
        given("fund.import", [f"--lines=@{tmp_path}/none.csv"])
    assert decoded(b"\xff\xfea\x00") == "a"


def test_other_commands_take_nothing_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check", "--colour"])
    assert left.value.code == 2
    assert "unrecognized arguments: --colour" in capsys.readouterr().err
