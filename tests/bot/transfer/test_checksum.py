"""The canonical form: different rows differ, the same row is the same from both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, LargeBinary, Text
from sqlalchemy.types import Integer

from bot.transfer.checksum import Contents, Sum, Summing, canonical
from bot.transfer.shape import NUMBERED, TABLES
from bot.transfer.sides import PostgresSide, Side, SqliteSide
from core.store import Store, Unit
from tests.conftest import StoreFactory

BIG = st.integers(min_value=-(2**63), max_value=2**63 - 1)
CHARACTERS = st.characters(codec=None, exclude_characters="\0\ufffd")
VALUES = st.one_of(st.none(), BIG, st.text(CHARACTERS), st.binary(), st.sampled_from(["", b"", 0, "0", "N", "I0;"]))
ROWS: st.SearchStrategy[tuple[Any, ...]] = st.lists(VALUES, max_size=4).map(tuple)
TALK = next(t for t in TABLES if t.name == "talk_line")
DIGESTS = next(t for t in TABLES if t.name == "installation")


@given(ROWS, ROWS)
def test_two_rows_have_one_form_only_if_they_are_the_same(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    assert (canonical(one) == canonical(other)) == (one == other)


@given(st.lists(ROWS, max_size=3), st.lists(ROWS, max_size=3))
def test_rows_do_not_run_into_each_other(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> None:
    """Of rows that are equally long, as those of a table are."""
    longest = max(len(row) for row in [*one, *other, (None,)])
    padded = [[tuple(row) + (None,) * (longest - len(row)) for row in rows] for rows in (one, other)]
    forms = [b"".join(canonical(row) for row in rows) for rows in padded]
    assert (forms[0] == forms[1]) == (padded[0] == padded[1])


def test_the_form_is_the_one_that_is_written_down() -> None:
    """Checksums of old back-ups are compared with new ones: it may not change silently."""
    assert canonical([None, "", b"", 0, True, -5, "é\ud800", b"\0"]) == b"NS0:B0:I0;I1;I-5;S5:\xc3\xa9\xed\xa0\x80B1:\0"
    assert canonical(["a\0b"]) == canonical(["a\ufffdb"])
    with pytest.raises(TypeError, match="float"):
        canonical([1.5])  # type: ignore[list-item]


def test_every_type_of_the_schema_has_a_form() -> None:
    types = {type(column.type) for table in TABLES for column in table.columns}
    assert all(issubclass(t, (Text, Integer, LargeBinary, Boolean)) for t in types)


def test_the_tables_that_number_their_rows_are_known() -> None:
    assert NUMBERED.items() >= {"audit": "seq", "inbox": "id"}.items()


def test_the_checksum_of_a_store_counts_names_rows_and_digests() -> None:
    known = Contents({"a": Sum(1, "x"), "b": Sum(2, "y")})
    assert known.checksum == Contents({"b": Sum(2, "y"), "a": Sum(1, "x")}).checksum
    others = [{"a": Sum(1, "x")}, {"a": Sum(1, "x"), "c": Sum(2, "y")}, {"a": Sum(2, "x"), "b": Sum(2, "y")}]
    others.append({"a": Sum(1, "z"), "b": Sum(2, "y")})
    assert known.checksum not in {Contents(other).checksum for other in others}
    assert known.rows == 3


@pytest.fixture
def both(new_store: StoreFactory) -> tuple[Store, Store]:
    """A store on each engine."""
    return new_store("sqlite"), new_store("postgres")


STORED = st.text(st.characters(codec="utf-8"), max_size=20)  # no store takes half of a surrogate pair


@given(st.lists(st.tuples(BIG, STORED, STORED), max_size=8, unique_by=lambda row: row[0]), st.binary(max_size=20))
def test_both_engines_give_the_same_sum(
    both: tuple[Store, Store], lines: list[tuple[int, str, str]], data: bytes
) -> None:
    """Whatever the text, and whatever order the database would put it into by itself."""
    talk = [(number, key, number, 0, "user", words, number, None) for number, key, words in lines]
    keys = {key.replace("\0", "\ufffd") for _, key, _ in lines}
    found = [("slack", key, "", data or None, 0, None) for key in sorted(keys)]
    sums = []
    for store in both:

        def unit(side: Side) -> list[Sum]:
            side.write(TALK, talk)
            side.write(DIGESTS, found)
            return [Summing(table).all(side.rows(table)) for table in (TALK, DIGESTS)]

        sums.append(_undone(store, unit))
    assert sums[0] == sums[1]
    assert [one.rows for one in sums[0]] == [len(talk), len(found)]


class _Undo(Exception):
    """Takes everything back."""


def _undone(store: Store, work: Callable[[Side], list[Sum]]) -> list[Sum]:
    """What `work(side)` gives, with nothing left of what it did."""
    kept: list[list[Sum]] = []

    def unit(unit: Unit) -> None:
        kept.append(work((PostgresSide if unit.postgres else SqliteSide)(unit.connection)))
        raise _Undo

    with pytest.raises(_Undo):
        store.write(unit).result()
    return kept[0]
