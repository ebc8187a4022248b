"""The terminal, killed in the middle of a turn: the next start brings the turn to its end."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.points import Point
from tests.soak.process import PATIENCE, Bot, Fakes, Store, fakes, wait

POINTS = (
    Point.RECORDED,
    Point.HANDLED,
    Point.PLACE_KEPT,
    Point.TOOL_DONE,
    Point.MODEL_ANSWERED,
    Point.COMMITTED,
    Point.SENDING,
    Point.ACCEPTED,
)


@pytest.fixture(scope="module")
def platforms() -> Iterator[Fakes]:
    """Only the model is needed of them."""
    with fakes() as running:
        yield running


def type_in(chat: Bot, line: str) -> None:
    """As Ana."""
    assert chat.process is not None
    assert chat.process.stdin is not None
    chat.process.stdin.write(line)
    chat.process.stdin.flush()


def leave(chat: Bot) -> None:
    """Nothing more is typed."""
    assert chat.process is not None
    assert chat.process.stdin is not None
    chat.process.stdin.close()
    assert chat.process.wait(PATIENCE) in (0, -signal.SIGKILL)


@pytest.mark.parametrize("between", [False, True], ids=["", "left between"])
@pytest.mark.parametrize("point", POINTS)
def test_a_turn_survives_in_the_terminal(tmp_path: Path, platforms: Fakes, point: Point, between: bool) -> None:
    url = f"sqlite:///{tmp_path}/nexus.db"
    environment = {name: value for name, value in platforms.environment.items() if name.startswith("OPENAI")}
    chat = Bot(tmp_path, url, environment, "chat", "--plain", "--as", "Ana", stdin=subprocess.PIPE)
    tag = f"k9{POINTS.index(point):05d}"
    chat.start(point)
    type_in(chat, f"keep {tag} please\n")
    wait("its death", lambda: chat.dead)
    leave(chat)
    if between:  # Ana comes and leaves before there is an answer
        chat.start()
        leave(chat)
    before = len(chat.output())
    chat.start()
    wait("the answer", lambda: all(words in chat.output()[before:] for words in (f"done: {tag}.", "Kept, for you")))
    leave(chat)
    shown = chat.output()[before:]
    assert shown.count("Kept, for you alone") == 1
    assert "…" not in shown
    store = Store(url)
    assert len(store.rows("SELECT id FROM record")) == 1
    assert store.rows("SELECT DISTINCT state FROM inbox") == [{"state": "done"}]
    assert not store.trouble()
