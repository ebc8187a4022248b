"""What moderators type: whom, how long, how many, which case, and why, in the order in which people write it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Command
from bot.turn.commands import read_command
from bot.turn.orders import is_order, read_order
from core.catalogue import REGISTRY
from core.clock import HOUR, MINUTE, SECOND
from core.errors import BadInput, NexusError
from core.operations import Operation
from core.operations.fields import read_duration
from core.operations.run import read_arguments

ORDERS = [operation for operation in REGISTRY if is_order(operation) and not operation.internal]

TYPED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("ban", "@mira", {"person": "@mira"}),
    ("ban", "@mira 7d spam", {"person": "@mira", "duration": "7d", "reason": "spam"}),
    ("ban", "@mira 7 days spam and more", {"person": "@mira", "duration": "7 days", "reason": "spam and more"}),
    ("ban", "@mira 1h30m", {"person": "@mira", "duration": "1h30m"}),
    ("ban", "@mira spam 7d", {"person": "@mira", "reason": "spam 7d"}),
    ("ban", "123456789 2w sold twice", {"person": "123456789", "duration": "2w", "reason": "sold twice"}),
    ("ban", "<@123456789> being rude", {"person": "<@123456789>", "reason": "being rude"}),
    ("ban", "<@!123456789> 1d", {"person": "<@!123456789>", "duration": "1d"}),
    ("ban", "<@U0AB12CDE|mira of the hills> 1d", {"person": "<@U0AB12CDE|mira of the hills>", "duration": "1d"}),
    ("ban", "U0AB12CDE 1d", {"person": "U0AB12CDE", "duration": "1d"}),
    ("ban", "mira", {"person": "mira"}),
    ("ban", '"Mira of the hills" 7d spam', {"person": "Mira of the hills", "duration": "7d", "reason": "spam"}),
    ("ban", "“Mira of the hills” spam", {"person": "Mira of the hills", "reason": "spam"}),
    ("ban", "7d spam", {"duration": "7d", "reason": "spam"}),
    ("ban", "person=@mira duration=7d reason=spam", {"person": "@mira", "duration": "7d", "reason": "spam"}),
    ("ban", '@mira reason="sold twice" 7d', {"person": "@mira", "duration": "7d", "reason": "sold twice"}),
    ("ban", "@mira a=b and c=d", {"person": "@mira", "reason": "a=b and c=d"}),
    ("ban", "  @mira   7d  ", {"person": "@mira", "duration": "7d"}),
    ("ban", "", {}),
    ("mute", "@mira 30 minutes", {"person": "@mira", "duration": "30 minutes"}),
    ("timeout", "@mira 10", {"person": "@mira", "reason": "10"}),
    ("kick", "@mira 7d", {"person": "@mira", "reason": "7d"}),
    ("warn", "@mira please, not here", {"person": "@mira", "reason": "please, not here"}),
    ("unban", "mira it was Tim", {"person": "mira", "reason": "it was Tim"}),
    ("purge", "50", {"count": "50"}),
    ("clear", "50 @mira spam", {"count": "50", "person": "@mira", "reason": "spam"}),
    ("purge", "@mira 50", {"person": "@mira", "count": "50"}),
    ("purge", "50 cleaning up", {"count": "50", "reason": "cleaning up"}),
    ("report", "@mira is rude", {"person": "@mira", "reason": "is rude"}),
    ("report", "spam everywhere", {"reason": "spam everywhere"}),
    ("lock", "", {}),
    ("lock", "1h a raid", {"duration": "1h", "reason": "a raid"}),
    ("lock", "a raid", {"reason": "a raid"}),
    ("unlock", "it is over", {"reason": "it is over"}),
    ("slowmode", "30s", {"pause": "30s"}),
    ("slow", "30 seconds 2h too fast", {"pause": "30 seconds", "duration": "2h", "reason": "too fast"}),
    ("slowmode", "0", {"pause": "0"}),
    ("slowmode", "off", {"pause": "off"}),
    ("case", "12", {"case": "12"}),
    ("case", "#12", {"case": "#12"}),
    ("case", "case 12", {"case": "12"}),
    ("cases", "", {}),
    ("cases", "@mira", {"person": "@mira"}),
    ("reason", "12 it was Tim", {"case": "12", "text": "it was Tim"}),
    ("reason", "case 12 it was Tim", {"case": "12", "text": "it was Tim"}),
    ("note", "12 once more", {"case": "12", "text": "once more"}),
    ("note", "#12 once more", {"case": "#12", "text": "once more"}),
    ("undo", "12", {"case": "12"}),
    ("undo", "12 it was Tim", {"case": "12", "reason": "it was Tim"}),
    ("dismiss", "report 12", {"case": "12"}),
    ("appeal", "12 I was asleep", {"case": "12", "text": "I was asleep"}),
    ("uphold", "12 I saw it", {"case": "12", "answer": "I saw it"}),
    ("overturn", "12", {"case": "12"}),
    ("report", "he sells things", {"reason": "he sells things"}),
    ("report", "", {}),
)
ANSWERING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("ban", "", {}),
    ("ban", "spam", {"reason": "spam"}),
    ("ban", "7d spam", {"duration": "7d", "reason": "spam"}),
    ("ban", "7 days", {"duration": "7 days"}),
    ("ban", "@tim 7d", {"person": "@tim", "duration": "7d"}),
    ("ban", "^ 7d", {"person": "^", "duration": "7d"}),
    ("ban", "123456789", {"person": "123456789"}),
    ("warn", "mira was rude", {"reason": "mira was rude"}),
    ("timeout", "10m calm down", {"duration": "10m", "reason": "calm down"}),
    ("purge", "5", {"count": "5"}),
    ("report", "spam", {"reason": "spam"}),
)


@pytest.mark.parametrize(("name", "rest", "arguments"), TYPED, ids=lambda value: str(value)[:40])
def test_what_is_typed_behind_a_command(name: str, rest: str, arguments: dict[str, Any]) -> None:
    assert read_command(REGISTRY, Command(name, rest))[1] == arguments


@pytest.mark.parametrize(("name", "rest", "arguments"), ANSWERING, ids=lambda value: str(value)[:40])
def test_what_is_typed_in_answer_to_a_message(name: str, rest: str, arguments: dict[str, Any]) -> None:
    assert read_command(REGISTRY, Command(name, rest), answering=True)[1] == arguments


def test_a_note_without_a_case_is_a_thought() -> None:
    for rest in ("buy milk", "the case is closed", "twelve"):
        assert read_command(REGISTRY, Command("note", rest))[0].name == "thought.add"
    for rest in ("12 again", "#12 again", "case 12 again", "case=12 again", 'case="12" again'):
        assert read_command(REGISTRY, Command("note", rest))[0].name == "note"


@given(
    st.sampled_from(ORDERS),
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                (
                    *(
                        "@mira",
                        "<@1>",
                        "<@",
                        "7d",
                        "7",
                        "days",
                        '"',
                        "“",
                        "”",
                        "=",
                        "case",
                        "#3",
                        "^",
                        "person=",
                        "reason=x",
                    ),
                    *("0", "off", "\u200b", "\n", "-1", "1e9", "'", "--duration=7d", "999999999999999999999999"),
                )
            ),
            max_size=8,
        ).map(" ".join),
    ),
    st.booleans(),
)
def test_nothing_that_is_typed_breaks_it(operation: Operation, rest: str, answering: bool) -> None:
    given = read_order(operation, rest, answering=answering)
    assert set(given) <= {parameter.name for parameter in operation.parameters}
    assert all(isinstance(value, str) for value in given.values())
    try:
        read_arguments(operation, given)
    except NexusError as refusal:
        assert refusal.code in ("bad_input", "missing"), refusal  # noqa: PT017 - others would be a fault of ours


_WORD = st.text(st.characters(codec="ascii", categories=["L"]), min_size=2, max_size=10).filter(
    lambda word: read_duration(word) is None and word.casefold() not in ("case", "report", "off", "none", "no")
)
_REASON = st.lists(_WORD, min_size=1, max_size=5).filter(
    lambda words: read_duration(" ".join(words[:2])) is None
).map(" ".join)  # fmt: skip
_WHOM = st.one_of(
    st.from_regex(r"@[a-z]{3,10}", fullmatch=True),
    st.from_regex(r"<@!?[0-9]{5,20}>", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{6,19}", fullmatch=True),
)
_LENGTH = st.one_of(
    st.builds(lambda n, u: f"{n}{u}", st.integers(1, 99), st.sampled_from("mhdw")),
    st.builds(lambda n, u: f"{n} {u}", st.integers(2, 99), st.sampled_from(["minutes", "hours", "days", "weeks"])),
)


@given(_WHOM, st.one_of(st.just(""), _LENGTH), st.one_of(st.just(""), _REASON), st.booleans())
def test_whom_how_long_and_why_come_apart_as_they_were_put_together(
    whom: str, length: str, reason: str, answering: bool
) -> None:
    typed = " ".join(part for part in (whom, length, reason) if part)
    wanted = {"person": whom} | ({"duration": length} if length else {}) | ({"reason": reason} if reason else {})
    assert read_order(REGISTRY.get("ban"), typed, answering=answering) == wanted


@given(st.integers(1, 500), st.one_of(st.just(""), _WHOM), st.one_of(st.just(""), _REASON))
def test_how_many_of_whom(count: int, whom: str, reason: str) -> None:
    typed = " ".join(part for part in (str(count), whom, reason) if part)
    found = read_order(REGISTRY.get("purge"), typed, answering=True)
    assert found == {"count": str(count)} | ({"person": whom} if whom else {}) | ({"reason": reason} if reason else {})


@pytest.mark.parametrize("word", ["0", "off", "none", "OFF", "0s"])
def test_slow_mode_off_is_no_pause(word: str) -> None:
    parameter = REGISTRY.get("slowmode").parameter("pause")
    assert parameter is not None
    assert parameter.field.read(word) == 0
    assert parameter.field.read(parameter.field.freeze(0)) == 0
    assert parameter.field.read("30 seconds") == 30 * SECOND
    assert parameter.field.read("10m") == 10 * MINUTE
    assert parameter.field.read("6h") == 6 * HOUR
    length = REGISTRY.get("ban").parameter("duration")
    assert length is not None
    with pytest.raises(BadInput):
        length.field.read(word)
