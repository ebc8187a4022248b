"""Migrations: they say the same as the models, go up and down on stores with data, and cost a current store nothing."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.pool import NullPool

from bot.tables import metadata
from core.clock import ManualClock
from core.store import open_store
from core.store.migrate import HEAD, SchemaMismatch, downgrade, migrate_postgres, upgrade
from migrations.names import include_name
from tests.world import World

BOOKS = ("ledger_unit", "ledger_account", "journal", "posting", "hold")


def connect(url: str) -> Connection:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, poolclass=NullPool).connect()


@pytest.fixture
def url(engine: str, new_url: Callable[[str], str], clock: ManualClock) -> str:
    """A store in which something happened, closed."""
    made = new_url(engine)
    store = open_store(made, clock)
    world = World(store, clock)
    world.nexus("Parser", owner="Ana")
    code = world.do("Ana", "invite.create", uses=3, approval=True).code
    world.do("Ben", "invite.accept", code=code)
    world.do("Ana", "invite.approve", person=f"={world.id_of('Ben')}")
    world.do("Ben", "need.post", text="a designer for the logo")
    world.do("Ben", "thought.add", text="they seem kind", at={"key": "k1"})
    world.place("Lobby")
    store.close()
    return made


def schema(connection: Connection) -> dict[str, Any]:
    """Everything that the database says about its shape."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))
        return {f"{row.type} {row.name}": " ".join((row.sql or "").split()) for row in rows}
    inspector = inspect(connection)
    own = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE 'procrastinate%'")
    triggers = connection.execute(own).scalars().all()
    return {"triggers": sorted(triggers)} | {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(inspector.get_foreign_keys(table), key=repr),
            sorted(inspector.get_indexes(table), key=repr),
            sorted(inspector.get_unique_constraints(table), key=repr),
            sorted(inspector.get_check_constraints(table), key=repr),
        )
        for table in sorted(inspector.get_table_names())
    }


def test_models_and_migrations_do_not_drift(url: str) -> None:
    with connect(url) as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": include_name, "compare_type": True, "target_metadata": metadata}
        )
        assert compare_metadata(context, metadata) == []


def test_constraints_and_indexes_are_those_of_the_models(url: str) -> None:
    """Autogenerate does not compare checks, and nothing compares triggers: so they are asked for by name."""
    with connect(url) as connection:
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            wanted = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
            assert {c["name"] for c in inspector.get_check_constraints(table.name)} == wanted
            assert {i["name"] for i in inspector.get_indexes(table.name)} >= {i.name for i in table.indexes}
        made = set(schema(connection))
        if connection.dialect.name == "sqlite":
            books = {f"trigger {table}_no_{what}" for table in BOOKS for what in ("update", "delete", "replace")}
            assert {name for name in made if name.startswith("trigger")} == books | {
                f"trigger membership_{event}" for event in ("insert", "update", "delete")
            }
            assert "table record_text" in made
        else:
            guards = [f"{table}_no_{what}" for table in BOOKS for what in ("update", "delete")]
            assert sorted(schema(connection)["triggers"]) == sorted(["membership_changed", *guards])
            assert "record_text" in made


def test_up_and_down_and_up_again_with_data(url: str) -> None:
    with connect(url) as connection:
        before = schema(connection)
    downgrade(url, "base")
    with connect(url) as connection:
        left = set(inspect(connection).get_table_names())
    assert left == {"alembic_version"}
    upgrade(url)
    with connect(url) as connection:
        assert schema(connection) == before


def test_a_store_that_went_down_and_up_works(url: str, clock: ManualClock) -> None:
    downgrade(url, "base")
    upgrade(url)
    store = open_store(url, clock)
    try:
        world = World(store, clock)
        world.nexus("Parser", owner="Ana")
        world.do("Ana", "offer.post", text="logo design")
        assert len(world.do("Ana", "record.search", query="logo").items) == 1
    finally:
        store.close()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path("migrations").resolve()))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_current_store_opens_without_alembic(url: str) -> None:
    program = (
        "import sys; from core.store import open_store; open_store(sys.argv[1]).close();"
        "print([m for m in sys.modules if m.startswith(('alembic', 'mako', 'psycopg'))])"
    )
    run = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_older_store_is_copied_before_it_is_changed(url: str, clock: ManualClock) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.commit()
    connection.close()
    with pytest.raises(SchemaMismatch, match="another version"):  # there is no 0000, but the copy comes first
        open_store(url, clock)
    copies = list(path.parent.glob(f"{path.name}.before-*"))
    assert len(copies) == 1
    copy = sqlite3.connect(copies[0])
    assert copy.execute("SELECT body FROM record WHERE kind = 'need'").fetchall() == [("a designer for the logo",)]
    copy.close()
    assert copies[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("engine", ["postgres"])
def test_postgresql_is_changed_only_when_asked(url: str, clock: ManualClock) -> None:
    downgrade(url, "base")
    with pytest.raises(SchemaMismatch, match="nexus migrate") as refusal:
        open_store(url, clock)
    assert refusal.value.data == {"current": "none", "head": HEAD}
    open_store(url, clock, migrate=True).close()
    migrate_postgres(url, allowed=False)
