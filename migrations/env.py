"""Alembic's environment: runs migrations with foreign keys off on SQLite, and checks them afterwards.

Batch mode with foreign keys on drops triggers and cascades deletes silently (tried); the pragma has no effect inside
a transaction, so it is set on the bare connection first.
"""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.tables import metadata
from migrations.names import include_name


def run() -> None:
    """Upgrade or downgrade the store whose URL the caller put into the configuration."""
    url = make_url(context.config.attributes["url"])
    sqlite = url.get_backend_name() == "sqlite"
    if not sqlite:
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
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
    engine.dispose()


run()
