"""Fixtures: stores on both engines, full and empty. Taken over by the `conftest` of the folders that use them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.clock import ManualClock
from tests.bot.transfer.full import lively_store
from tests.postgres import PostgresServer

_number = itertools.count()


@pytest.fixture
def full_file(new_url: Callable[[str], str], clock: ManualClock) -> Path:
    """A SQLite store in which every table holds something, closed."""
    url = new_url("sqlite")
    lively_store(url, clock)
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def bare(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database without any schema."""
    name = f"bare_{next(_number)}"
    postgres.execute(f"CREATE DATABASE {name}")
    yield postgres.url(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
