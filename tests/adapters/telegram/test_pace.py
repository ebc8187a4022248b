"""How fast a chat is written to, on a clock of our own."""

import pytest

from adapters.contract import TooManyRequests
from adapters.telegram.pace import Pace


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(burst=3, direct=3.0, group=9.0, now=time.read, sleep=time.sleep)


async def test_a_burst_passes_at_once_and_then_one_waits(time: Time) -> None:
    pace = Pace(burst=3, group=3.0, now=time.read, sleep=time.sleep)
    for _ in range(3):
        await pace.wait("-7")
    assert time.slept == []
    await pace.wait("-7")
    assert time.slept == [3.0]
    await pace.wait("-8")
    assert time.slept == [3.0]


async def test_a_direct_chat_is_paced_for_ten_minutes_after_a_refusal(pace: Pace, time: Time) -> None:
    for _ in range(50):
        await pace.wait("7")
    assert time.slept == []
    pace.block("7", 2.0)
    await pace.wait("7")
    assert time.slept == [3.0]
    await pace.wait("8")
    assert time.slept == [3.0]
    time.now += 601.0
    time.slept.clear()
    for _ in range(50):
        await pace.wait("7")
    assert time.slept == []


async def test_a_long_wait_is_told_and_costs_nothing(pace: Pace, time: Time) -> None:
    for _ in range(3):
        await pace.wait("-7")
    with pytest.raises(TooManyRequests) as refused:
        await pace.wait("-7")
    assert refused.value.after == 9.0
    time.now += 9.0
    await pace.wait("-7")
    assert time.slept == []


async def test_edits_in_a_group_keep_their_distance(pace: Pace, time: Time) -> None:
    await pace.wait("-7")
    await pace.wait("-7", edit=True)
    assert time.slept == []
    await pace.wait("-7", edit=True)
    assert time.slept == [3.0]
    await pace.wait("7", edit=True)
    await pace.wait("7", edit=True)
    assert time.slept == [3.0]


async def test_a_blocked_chat_is_left_alone(pace: Pace, time: Time) -> None:
    pace.block("7", 2.0)
    await pace.wait("7")
    assert time.slept == [2.0]
    pace.block("7", 30.0)
    with pytest.raises(TooManyRequests) as refused:
        await pace.wait("7")
    assert refused.value.after == 30.0


async def test_old_chats_are_forgotten(pace: Pace, time: Time) -> None:
    for chat in range(5_000):
        await pace.wait(str(chat))
    for _ in range(3):
        await pace.wait("0")
    assert time.slept == []
