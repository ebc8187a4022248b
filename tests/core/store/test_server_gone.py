"""A database server that goes away: named so that a turn is tried again instead of being apologised for."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from core.store import Store, Unit
from core.store.store import StoreDown

_ME = text("SELECT pg_backend_pid()")
_SLEEP = text("SELECT pg_sleep(60)")


def _end(store: Store, pid: int) -> None:
    with psycopg.connect(store.url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (pid,))


@pytest.mark.parametrize("engine", ["postgres"])
@pytest.mark.parametrize("how", ["read", "write"])
def test_a_unit_whose_server_goes_away_says_so(store: Store, how: str) -> None:
    def unit(unit: Unit) -> None:
        _end(store, unit.value(_ME))
        unit.execute(_SLEEP)

    with pytest.raises(StoreDown):
        getattr(store, how)(unit).result()
    assert store.write(lambda unit: 1).result() == 1  # the next one has a line of its own


@pytest.mark.parametrize("engine", ["postgres"])
def test_what_is_wrong_with_a_statement_is_no_outage(store: Store) -> None:
    with pytest.raises(Exception, match="nowhere") as raised:
        store.write(lambda unit: unit.execute(text("SELECT * FROM nowhere"))).result()
    assert not isinstance(raised.value, StoreDown)
