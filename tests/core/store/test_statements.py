"""Every prepared statement compiles for both engines, so that none is found broken in its one rare use."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from sqlalchemy import BindParameter, ClauseElement, Dialect, Executable, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.dml import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite.dml import Insert as SqliteInsert
from sqlalchemy.sql.compiler import COLLECT_CARTESIAN_PRODUCTS, WARN_LINTING
from sqlalchemy.sql.visitors import iterate

import bot
import core


def modules() -> list[ModuleType]:
    for package in (core, bot):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    return [m for name, m in sorted(sys.modules.items()) if name.split(".")[0] in ("core", "bot")]


def statements(value: object, depth: int = 0) -> Iterator[Executable]:
    """The statements in a module constant, also inside tables of them."""
    if isinstance(value, Executable):
        yield value
    elif isinstance(value, dict) and depth < 3:
        for one in value.values():
            yield from statements(one, depth + 1)
    elif isinstance(value, list | tuple) and depth < 3:
        for one in value:
            yield from statements(one, depth + 1)


FOUND = [
    pytest.param(statement, id=f"{module.__name__}.{name}-{index}")
    for module in modules()
    for name, value in vars(module).items()
    if name.startswith("_") and not name.startswith("__")
    for index, statement in enumerate(statements(value))
]


DIALECTS: list[tuple[Dialect, type]] = [
    (sqlite.dialect(), PostgresInsert),
    (postgresql.dialect(), SqliteInsert),  # type: ignore[no-untyped-call]
]


def test_there_are_many() -> None:
    assert len(FOUND) > 100


@pytest.mark.parametrize("statement", FOUND)
def test_it_compiles_without_a_clash_of_names_or_a_missing_join(statement: ClauseElement) -> None:
    # An update takes what its caller hands over for columns to be set, wherever they share a name.
    keys = (
        [e.key for e in iterate(statement) if isinstance(e, BindParameter)] if isinstance(statement, Update) else None
    )
    for dialect, other in DIALECTS:
        if not isinstance(statement, other):
            assert str(
                statement.compile(dialect=dialect, column_keys=keys, linting=WARN_LINTING | COLLECT_CARTESIAN_PRODUCTS)
            )
