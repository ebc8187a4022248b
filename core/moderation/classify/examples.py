"""What the classifiers learn from: the texts of the data folder, and what each is an example of.

The folder is `benchmarks/moderation/data` of the project; its README names the origin and licence of every source.
"""

from __future__ import annotations

import csv
import io
import lzma
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "benchmarks" / "moderation" / "data"
OWN = "own"  # the source of the sentences that were written for this project


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its label: ham or spam, or ok, offensive or toxic. `source` is as the README names it."""

    source: str
    label: str
    text: str


class DataMissing(Exception):
    """The training data is not here; the message says what to do."""


def table(name: str) -> list[dict[str, str]]:
    """The rows of a compressed table of the data folder."""
    path = FOLDER / name
    try:
        content = lzma.decompress(path.read_bytes()).decode("utf-8")
    except FileNotFoundError:
        raise DataMissing(
            f"The training data {path} is missing. It is part of the project's repository, not of the installed "
            "package: run this in a checkout."
        ) from None
    return list(csv.DictReader(io.StringIO(content, newline="")))


def spam_texts() -> list[Text]:
    """Ham and spam of all sources."""
    return [Text(row["src"], row["label"], row["text"]) for row in table("spam.csv.xz")]


def abuse_texts() -> list[Text]:
    """Innocent, offensive and toxic texts of all sources."""
    return [Text(row["src"], row["label"], row["text"]) for row in table("toxic.csv.xz")]


def own_texts(name: str = "own.txt") -> list[Text]:
    """Sentences written for this project: advertising and fraud as chats see them today, and innocent talk that uses
    the same words. They are learned from and never measured on."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [Text(OWN, *line.split("\t", 1)) for line in lines]
