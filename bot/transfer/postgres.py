"""PostgreSQL as one transaction: read as one snapshot, or held, brought to the present schema, and replaced."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
from psycopg import errors
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from bot.transfer.shape import STAYS, TABLES
from bot.transfer.sides import PostgresSide
from core.errors import N_, BadInput, NexusError
from core.store.lock import InUse
from core.store.migrate import HEAD, SchemaMismatch, upgrade_within
from core.store.open import MEMORY_HINT, NoStore

PATIENCE = "5s"  # how long to wait for a table that somebody else has in hand
_OURS = [*(table.name for table in TABLES), *STAYS, "record_text", "alembic_version"]
_KEPT = ("alembic_version", "schema_note", "lease", "backup")  # also in a store that is emptied
_PRESENT = text(
    "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = current_schema() "
    "AND (tablename = ANY(:ours) OR tablename LIKE 'procrastinate\\_%') ORDER BY 1"
)
# Reading the other side may take long, and that is no reason to cut us off.
_PATIENT = (
    f"SET LOCAL lock_timeout = '{PATIENCE}'; SET LOCAL statement_timeout = 0; "
    "SET LOCAL idle_in_transaction_session_timeout = 0"
)
# Others of our own role, or of another role that may write here. Monitors and administrators are let alone.
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid "
    "WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.leader_pid IS NULL "
    "AND (r.rolname = current_user OR NOT r.rolsuper AND has_table_privilege(r.oid, 'inbox', 'INSERT'))"
)
_REVISION = text("SELECT version_num FROM alembic_version")


class Refused(NexusError):
    """PostgreSQL does not let us do what has to be done there."""

    code = "store_refused"


def address(url: str) -> URL:
    """The URL for SQLAlchemy. Raises `BadInput`, which never shows it."""
    try:
        return make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise BadInput(MEMORY_HINT) from None


def shown(url: str) -> str:
    """A database as people are told of it: without user and password."""
    parts = address(url)
    host = parts.host or parts.query.get("host") or "this machine"
    return f"PostgreSQL (database {parts.database or 'of the user'}, {host})"


@contextlib.contextmanager
def snapshot(url: str) -> Iterator[PostgresSide]:
    """The store as it is at one moment, while others go on. Raises `SchemaMismatch` if it has another version."""
    with _connected(url, isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        present = _present(connection)
        connection.rollback()
        # A snapshot begins with the first query. The locks come before it, so that no table is emptied in between.
        connection.exec_driver_sql(_PATIENT)
        if present:
            connection.exec_driver_sql(f"LOCK TABLE {', '.join(present)} IN ACCESS SHARE MODE")
        current = _revision(connection, present)
        if current != HEAD:
            raise SchemaMismatch(
                N_(
                    "The database is at version {current}, this program is for {head}. If this program is the newer "
                    "one, run nexus migrate first; else use the one that the database is for."
                ),
                current=current or "none",
                head=HEAD,
            )
        yield PostgresSide(connection)


@contextlib.contextmanager
def held(url: str, *, replacing: bool) -> Iterator[PostgresSide]:
    """The store held against everybody else, in one transaction that is committed at the end of the block.

    Its schema is brought to the present one in that transaction too; with `replacing` false only where there is none
    yet, else `SchemaMismatch` is raised. Raises `InUse` while others are connected to a store that holds anything.
    """
    with _connected(url) as connection:
        connection.exec_driver_sql(_PATIENT)
        present = _present(connection)
        if "inbox" in present:
            _refuse_while_used(connection)
        if present:
            connection.exec_driver_sql(f"LOCK TABLE {', '.join(present)} IN ACCESS EXCLUSIVE MODE")
        if "inbox" in present:
            _refuse_while_used(connection)  # who came before the lock
        current = _revision(connection, present)
        if current is not None and current != HEAD and not replacing:
            raise SchemaMismatch(
                N_(
                    "That database holds a Nexus of version {current}, and this program needs {head}. Nothing was "
                    "changed. To put this store in its place, add --replace: what is there is kept in a back-up first."
                ),
                current=current,
                head=HEAD,
            )
        if current != HEAD:
            upgrade_within(connection)
        yield PostgresSide(connection)
        connection.commit()


def empty(side: PostgresSide) -> None:
    """Take everything out. What processes asked of each other about it goes too, and the jobs that point at it.

    Leases stay: a process that has lost its connection may still hold one for some seconds.
    """
    going = [name for name in _present(side.connection) if name not in _KEPT]
    side.connection.exec_driver_sql(f"TRUNCATE {', '.join(going)} RESTART IDENTITY")


def finish(side: PostgresSide, mark: str = "") -> None:
    """Write down where the content comes from (nothing: nowhere), and let the planner know the tables."""
    literal = side.connection.scalar(text("SELECT quote_nullable(:mark)"), {"mark": mark or None})
    side.connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS {literal}")
    side.connection.exec_driver_sql(f"ANALYZE {', '.join(_present(side.connection))}")


def mark_of(side: PostgresSide) -> str:
    """What `finish` wrote down."""
    return side.connection.scalar(text("SELECT obj_description('alembic_version'::regclass, 'pg_class')")) or ""


def _present(connection: Connection) -> list[str]:
    return list(connection.scalars(_PRESENT, {"ours": _OURS}))


def _revision(connection: Connection, present: list[str]) -> str | None:
    return connection.scalar(_REVISION) if "alembic_version" in present else None


def _refuse_while_used(connection: Connection) -> None:
    count = connection.scalar(_OTHERS) or 0
    if count:
        raise InUse(
            N_(
                "The Nexus in that database is in use ({pid} connections). Stop its processes first, so that nothing "
                "is said to it meanwhile. Nothing was changed."
            ),
            pid=count,
        )


@contextlib.contextmanager
def _connected(url: str, **execution: object) -> Iterator[Connection]:
    engine = create_engine(address(url), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect().execution_options(**execution) as connection:
            yield connection
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.Error):
            raise  # the other side's
        raise _said(error.orig) from None
    except psycopg.Error as error:
        raise _said(error) from None
    finally:
        engine.dispose()


def _said(error: psycopg.Error) -> NexusError:
    """An error of the driver in a sentence. Its own words may quote what people wrote, or the address."""
    state = error.sqlstate
    if isinstance(error, errors.LockNotAvailable):
        return InUse(N_("Somebody else has the tables of that database in hand. Please try again in a while."), pid="?")
    if isinstance(error, psycopg.OperationalError) and (state is None or state[:2] in ("08", "28", "3D", "57")):
        return NoStore(
            N_("The PostgreSQL server of this store cannot be reached, or does not let us in ({why})."),
            why=state or "no answer",
        )
    if isinstance(error, psycopg.ProgrammingError) and state is None:
        return BadInput(MEMORY_HINT)
    return Refused(N_("PostgreSQL refuses that ({why}). Nothing was changed."), why=state or type(error).__name__)
