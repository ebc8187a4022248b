"""Dates that Telegram never reads as "for ever" unless that was meant."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.term import is_passing, passing, term

NOW = st.integers(1_600_000_000_000, 2_000_000_000_000)
DAY = 24 * 3600
SKEW = st.integers(-25, 3500)  # seconds by which Telegram's clock may be ahead of ours, and behind it


@given(NOW, st.integers(1, 4_000 * DAY * 1000), SKEW)
def test_a_date_is_one_that_telegram_keeps(now: int, lasts: int, behind: int) -> None:
    found = term(now + lasts, now)
    theirs = now / 1000 - behind
    assert not found.over
    assert 30 <= found.date - theirs <= 366 * DAY
    if found.until:
        assert found.said
        assert found.until == found.date * 1000
    else:
        assert not found.said
        assert 0 <= found.date * 1000 - (now + lasts) < 1000


@given(NOW, st.integers(0, 10**12))
def test_without_end_and_over(now: int, ago: int) -> None:
    assert term(0, now).date == 0
    assert not term(0, now).over
    assert term(max(1, now - ago), now).over


@given(NOW, st.integers(0, 300_000), st.integers(301_000, 10**12))
def test_the_ban_of_a_kick_is_told_from_a_real_one(now: int, later: int, lasts: int) -> None:
    date = passing(now)
    assert 240 <= date - now / 1000 <= 366 * DAY
    assert is_passing(date, now + later)
    assert not is_passing(0, now)
    assert not is_passing((now + lasts) // 1000 + 61, now)
