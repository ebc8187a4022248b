"""Identifiers, handles, codes."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core import ids
from core.clock import DAY, ManualClock

NOW = ManualClock().now()


def test_ids_of_one_moment_are_different_and_sort_as_they_were_made() -> None:
    made = [ids.new_id(NOW) for _ in range(10_000)]
    assert len(set(made)) == len(made)
    wraps = sum(later < earlier for earlier, later in pairwise(made))
    assert wraps <= 1  # the low bits start anywhere and may come round once
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: ids.new_id(NOW), range(10_000)))
    assert len(set(made)) == len(made)


@given(st.integers(0, 30 * 365 * DAY), st.integers(1, DAY))
def test_ids_sort_by_time_and_fit_63_bits(since: int, later: int) -> None:
    first, second = ids.new_id(ids.EPOCH + since), ids.new_id(ids.EPOCH + since + later)
    assert 0 < first < second < 2**63


def test_an_id_needs_no_time_given() -> None:
    assert ids.new_id() > 0
    assert ids.new_id(0) >= 0


def test_handles_are_never_words() -> None:
    for _ in range(2000):
        handle = ids.new_handle()
        assert re.fullmatch(r"[0-9a-z]{5}", handle)
        assert re.search(r"\d", handle)
        assert re.search(r"[a-z]", handle)


def test_codes_have_sixty_bits_and_read_as_they_are_typed() -> None:
    codes = {ids.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    for code in codes:
        assert re.fullmatch(r"([0-9A-Z]{4}-){2}[0-9A-Z]{4}", code)
        assert not set(code) & set("ILOU")
        plain = code.replace("-", "")
        for typed in (code, code.lower(), plain, f" {code} ", code.replace("-", " "), code.replace("-", "–")):
            assert ids.read_code(typed) == plain


def test_characters_that_are_misread_do_not_matter() -> None:
    assert ids.read_code("oO-iI-lL") == "001111"


@given(st.text())
def test_reading_a_code_is_idempotent_and_total(text: str) -> None:
    once = ids.read_code(text)
    assert ids.read_code(once) == once
    assert len(ids.digest(once)) == 16


def test_tokens_fit_every_platform() -> None:
    token = ids.new_token()
    assert re.fullmatch(r"[\w-]{22}", token)
    assert len(f"x:{token}".encode()) <= 64  # Telegram's callback data
