"""A rule that one process sets holds in every other at the next message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.nexuses.members import join
from core.nexuses.tree import ROOT_ID
from core.people.people import known_speaker
from core.store import Unit, open_store
from tests.soak.crowd import Crowd
from tests.soak.process import Fakes, fakes


@pytest.fixture(scope="module")
def platforms() -> Iterator[Fakes]:
    """Telegram, in a process of its own."""
    with fakes() as running:
        yield running


@pytest.fixture
def crowd(tmp_path: Path, new_url: Callable[[str], str], platforms: Fakes) -> Iterator[Crowd]:
    """Nobody yet. The offline brain."""
    platforms("reset", world=True)
    found = Crowd(tmp_path, new_url("postgres"), platforms)
    yield found
    found.end()


def make_steward(crowd: Crowd, user: int) -> None:
    """Give somebody a say over the rules."""

    def unit(unit: Unit) -> None:
        who = known_speaker(unit, platform="telegram", workspace="", external_id=str(user))
        assert who is not None
        join(unit, who.person_id, ROOT_ID, "steward", granted_by=who.person_id)

    store = open_store(crowd.url)
    try:
        store.write(unit).result()
    finally:
        store.close()


def asked(crowd: Crowd, user: int, text: str) -> str:
    """Say something and return the answer."""
    before = len(crowd.texts(user))
    crowd.say(user, text)
    crowd.wait(f"an answer to {text}", lambda: len(crowd.texts(user)) > before)
    return crowd.texts(user)[before]


def confirmed(crowd: Crowd, user: int, text: str) -> str:
    """Say something, read the card that asks, and press yes. Returns the question."""
    question = asked(crowd, user, text)
    cards: list[Any] = [m for m in crowd.fakes("messages", chat=user) if m["from_bot"] and m["text"] == question]
    crowd.fakes("press", chat=user, user=user, message=cards[-1]["message_id"], button="Yes")

    def changed() -> bool:
        return any(
            m["message_id"] == cards[-1]["message_id"] and m["text"] != question
            for m in crowd.fakes("messages", chat=user)
        )

    crowd.wait("the card to be answered", changed)
    return question


def test_every_process_obeys_at_the_next_message(crowd: Crowd) -> None:
    """Several workers, each with a picture of its own that was warm: none answers by the rules of before."""
    steward, author, *guests = crowd.people(6)
    make_steward(crowd, steward)
    for process in (crowd.gateway(), crowd.worker(), crowd.worker(), crowd.worker()):
        process.ready()
    asked(crowd, author, "/need post a designer for the k000001 logo")

    def who_sees() -> list[bool]:
        return ["k000001" in asked(crowd, guest, "/need list") for guest in guests]

    for _ in range(2):
        assert all(who_sees())
        question = confirmed(crowd, steward, "/rule set members may not see needs")
        assert "needs" in question
        assert not any(who_sees())
        confirmed(crowd, steward, "/rule set members may see needs")
