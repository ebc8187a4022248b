"""Generated pages are current, transcripts are real, links lead somewhere, and every setting and operation is named."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.docs.generate import FILES, ROOT
from bot.docs.transcripts import PAGES, mask, play
from core.catalogue import REGISTRY

BIN = Path(sys.executable).parent
_BLOCK = re.compile(r"<!-- transcript: ([\w-]+) (.*?) -->\n```text\n\$ nexus .*?\n(.*?)```\n<!-- end -->", re.DOTALL)
_LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", FILES)
def test_a_generated_file_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == FILES[name](), "run `make docs`"


def _transcripts() -> Iterator[tuple[str, str, str, str]]:
    for page in PAGES:
        for match in _BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")):
            yield page, match[1], match[2], match[3]


@pytest.mark.parametrize(("page", "name", "command", "shown"), list(_transcripts()), ids=lambda v: str(v)[:20])
def test_a_transcript_is_what_really_happens(page: str, name: str, command: str, shown: str) -> None:
    assert mask(play(name, command)) == mask(shown), f"{page}: run `make docs`"


def test_every_page_has_its_transcript() -> None:
    assert {page for page, *_ in _transcripts()} == set(PAGES)


def _pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", _pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_operation_is_in_the_reference() -> None:
    page = (ROOT / "docs/reference/operations.md").read_text(encoding="utf-8")
    for operation in REGISTRY:
        assert operation.internal or f"### {operation.name}\n" in page


def test_the_words_for_people_are_collected(tmp_path: Path) -> None:
    """`make words` has been run since a text changed."""
    made = tmp_path / "nexus.pot"
    extract = ["extract", "-k", "N_", "--no-location", "--sort-output", "--omit-header", "-o", str(made)]
    subprocess.run([BIN / "pybabel", "--quiet", *extract, "bot", "core", "adapters"], cwd=ROOT, check=True)
    collected = (ROOT / "bot/words/nexus.pot").read_text(encoding="utf-8")
    assert made.read_text(encoding="utf-8") == collected, "run `make words`"
