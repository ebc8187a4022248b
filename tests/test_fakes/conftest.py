"""A fake Bot API server, a real client of it, a person and their chat."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.fakes.telegram import Chat, FakeTelegram, User
from tests.test_fakes.tools import client


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without it the library warns whenever it meets a 429.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def bot(tg: FakeTelegram) -> AsyncIterator[Bot]:
    async with client(tg) as made:
        yield made


@pytest.fixture
def ann(tg: FakeTelegram) -> User:
    return tg.user("Ann", "ann_a", "de")


@pytest.fixture
def chat(tg: FakeTelegram, ann: User) -> Chat:
    return tg.private(ann, opened=True)
