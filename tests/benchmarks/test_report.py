"""The judgement of the benchmark: medians of ratios against targets, and runs that cannot be compared."""

from pathlib import Path

import pytest

from benchmarks.bot.measure import Load, Round, check_requests
from benchmarks.bot.platforms import PLATFORMS
from benchmarks.bot.report import lines, table
from benchmarks.bot.sides import Side
from benchmarks.processes import BenchError, Fakes

FLOOD = Load("flood", 40, 8, 0.0)


def round_of(bare_cpu: float, our_cpu: float, our_rate: float = 100.0) -> Round:
    return Round(
        {
            "bare": {"flood: CPU per message": bare_cpu, "flood: messages per second": 100.0, "start": 1.0},
            "nexus": {"flood: CPU per message": our_cpu, "flood: messages per second": our_rate, "start": 1.0},
        },
        {"flood": {"bare": {"sendMessage": 20}, "nexus": {"sendMessage": 20}}},
    )


def test_a_ratio_is_that_of_one_round_so_that_a_slow_minute_falls_out_of_it() -> None:
    rounds = [round_of(5.0, 7.0), round_of(50.0, 70.0), round_of(6.0, 8.4)]
    cpu = next(line for line in lines(rounds) if line.name == "flood: CPU per message")
    assert cpu.ratio == pytest.approx(1.4)
    assert (cpu.bare, cpu.ours, cpu.bare_range) == (6.0, 8.4, (5.0, 50.0))
    assert cpu.met


@pytest.mark.parametrize(("cpu", "rate", "missed"), [(10.1, 100.0, 1), (9.9, 59.0, 1), (10.1, 59.0, 2), (9.9, 61.0, 0)])
def test_a_missed_target_is_named(cpu: float, rate: float, missed: int) -> None:
    rounds = [round_of(5.0, cpu, rate)]
    assert sum(not line.met for line in lines(rounds)) == missed
    assert sum("MISS" in line for line in table(rounds)) == missed


TELEGRAM, SLACK = PLATFORMS["telegram"], PLATFORMS["slack"]


def test_another_number_of_requests_ends_the_run() -> None:
    bare = {"sendMessage": 800, "getUpdates": 50}
    check_requests(FLOOD, {"bare": bare, "nexus": {"sendMessage": 820}}, TELEGRAM, 20)
    for other in ({"sendMessage": 850}, {"sendMessage": 770}, {"sendMessage": 800, "sendChatAction": 30}):
        with pytest.raises(BenchError, match="cannot be compared"):
            check_requests(FLOOD, {"bare": bare, "nexus": other}, TELEGRAM, 20)


def test_what_a_platform_needs_beyond_is_permitted_to_the_one_that_needs_it_and_told() -> None:
    ours = {"chat.postMessage": 140, "users.info": 20}
    bare = {"chat.postMessage": 120, "auth.test": 20}
    check_requests(FLOOD, {"bare": bare, "nexus": ours}, SLACK, 20)
    for wrong in ({"bare": ours, "nexus": bare}, {"bare": bare, "nexus": ours | {"users.info": 21}}):
        with pytest.raises(BenchError, match="cannot be compared"):
            check_requests(FLOOD, wrong, SLACK, 20)
    one = round_of(5.0, 7.0)
    one.requests = {"flood": {"bare": bare, "nexus": ours}}
    assert any("users.info" in line and "somebody new" in line for line in table([one], SLACK.permitted))


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_the_bare_bot_answers(platform: str, tmp_path: Path) -> None:
    with Fakes() as fakes:
        side = Side("bare", PLATFORMS[platform].bare, fakes, PLATFORMS[platform], tmp_path)
        try:
            assert side.begin() > 0
            people = side.platform.people(fakes, 2)
            talked = side.platform.talk(fakes, people, 2, "message {n} of {chat}", "You said: message {n} of {chat}")
            requests = side.requests()
        finally:
            side.stop()
    assert (talked.replies, list(talked.missed)) == (4, [])
    assert requests["/v1/chat/completions"] == 4
    assert sum(count == 4 for name, count in requests.items() if name not in side.platform.polls) == 3
