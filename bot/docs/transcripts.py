"""Transcripts in the documents are real: made by running the program on docs/scripts, replayed and compared by a test.

A document holds `<!-- transcript: NAME COMMAND -->`, a fenced block, and `<!-- end -->`; COMMAND is a `nexus` command
that reads docs/scripts/NAME.txt. Handles, codes and dates differ from run to run and are masked when compared.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/tutorial.md")
_BLOCK = re.compile(r"<!-- transcript: ([\w-]+) (.*?) -->\n(.*?)<!-- end -->", re.DOTALL)
_MASKS = (
    (re.compile(r"#(?=[0-9a-z]{0,4}\d)[0-9a-z]{5}\b"), "#·····"),
    (re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"), "····-····-····"),
    (re.compile(r"\b20\d\d-(\d{4})\b"), r"····-\1"),  # the number of a receipt
    (re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: 20\d\d)?\b"), "·· ···"),
)


def play(name: str, command: str) -> str:
    """Run a command on a script in an empty home. Returns what a reader sees. Raises if it fails."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_DATA_HOME": home,
            "PYTHONIOENCODING": "utf-8",
        }
        done = subprocess.run(  # noqa: S603 - our own program on our own script
            [sys.executable, "-m", "bot", *command.split()],
            input=(ROOT / "docs" / "scripts" / f"{name}.txt").read_text(encoding="utf-8"),
            capture_output=True,
            encoding="utf-8",
            cwd=ROOT,
            env=environment,
            timeout=60,
            check=True,
        )
    return done.stdout.strip() + "\n"


def fill(page: str) -> str:
    """A page with every transcript made anew."""
    return _BLOCK.sub(
        lambda m: f"<!-- transcript: {m[1]} {m[2]} -->\n```text\n$ nexus {m[2]}\n{play(m[1], m[2])}```\n<!-- end -->",
        page,
    )


def mask(text: str) -> str:
    """A text with what differs from run to run taken out."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def refresh(page: str) -> str:
    """The page as it should be: unchanged where only handles and codes would differ."""
    fresh = fill(page)
    return page if mask(fresh) == mask(page) else fresh
