"""How long, as people type it; and who decides it. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.privacy.retention import FOR_EVER, Kept, decide
from core.privacy.retention_operations import AS_ABOVE, Days, read_days, show_days
from core.rules.kinds import WRITTEN


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("90 days", 90),
        ("90", 90),
        ("for 90 days", 90),
        ("3 months", 90),
        ("two weeks", 14),
        ("a year", 365),
        ("for ever", FOR_EVER),
        ("Forever", FOR_EVER),
        ("until closed", FOR_EVER),
        ("as above", AS_ABOVE),
    ],
)
def test_days_as_people_type_them(typed: str, days: int) -> None:
    field = Days("how long")
    assert field.read(typed) == days
    assert field.read(field.freeze(days)) == days
    assert field.read(show_days(days)) == days


@pytest.mark.parametrize("typed", ["13 days", "3 hours", "11 years", "-1", "some time", "²", "9" * 30])
def test_days_that_cannot_be(typed: str) -> None:
    with pytest.raises(BadInput):
        Days("how long").read(typed)


@given(st.text(max_size=20))
def test_anything_is_days_or_nothing(typed: str) -> None:
    days = read_days(typed)
    assert days is None or days >= AS_ABOVE


SETTINGS = st.dictionaries(
    st.tuples(st.integers(1, 4), st.sampled_from((*WRITTEN, "*"))), st.integers(0, 90), max_size=8
)


@given(SETTINGS)
def test_the_nearest_decides_and_a_kind_counts_before_everything(settings: dict[tuple[int, str], int]) -> None:
    chain = [4, 3, 2, 1]  # each below the next
    tree = [(chain[i], chain[j], j - i) for i in range(4) for j in range(i, 4)]
    found = decide(settings, list(reversed(tree)))
    for i, where in enumerate(chain):
        for kind in WRITTEN:
            wanted = next(
                (
                    Kept(kind, settings.get((above, kind), settings.get((above, "*"), 0)), above)
                    for above in chain[i:]
                    if (above, kind) in settings or (above, "*") in settings
                ),
                None,
            )
            assert found.get((where, kind)) == wanted
