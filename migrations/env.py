"""Alembic's environment: runs migrations with foreign keys off on SQLite, and checks them afterwards.

A caller that has a transaction of PostgreSQL open hands in its connection, and the migrations become part of it.

Batch mode with foreign keys on drops triggers and cascades deletes silently (tried); the pragma has no effect inside
a transaction, so it is set on the bare connection first.
"""

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.tables import metadata
from migrations.names import include_name


def run() -> None:
    """Upgrade or downgrade the store whose URL, or open connection, the caller put into the configuration."""
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        migrate(given, sqlite=False)
        return
    url = make_url(context.config.attributes["url"])
    sqlite = url.get_backend_name() == "sqlite"
    if not sqlite:
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
        migrate(connection, sqlite=sqlite)
    engine.dispose()


def migrate(connection: Connection, *, sqlite: bool) -> None:
    """Run the migrations in one transaction, and look for rows that point nowhere."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=sqlite,
        include_name=include_name,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7310221)")  # one migrator at a time
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left {len(broken)} rows that point nowhere: {broken[:3]}")


run()
