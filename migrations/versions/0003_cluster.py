"""What several processes share: leases, asks, the note who may read the schema, and Procrastinate's own tables."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_DROP = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
DO $$
DECLARE one regprocedure;
BEGIN
  FOR one IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = current_schema() AND p.proname LIKE 'procrastinate\\_%' LOOP
    EXECUTE 'DROP FUNCTION ' || one;
  END LOOP;
END $$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
"""


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("info", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "ask",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
    )
    op.create_index("ix_ask_state_id", "ask", ["state", "id"], unique=False)
    note = op.create_table(
        "schema_note",
        sa.Column("oldest_reader", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("oldest_reader", name=op.f("pk_schema_note")),
    )
    op.bulk_insert(note, [{"oldest_reader": revision}])
    if op.get_bind().dialect.name == "postgresql":
        from procrastinate.schema import SchemaManager

        _run(SchemaManager.get_schema())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(_DROP)
    op.drop_table("schema_note")
    op.drop_index("ix_ask_state_id", table_name="ask")
    op.drop_table("ask")
    op.drop_table("lease")


def _run(statements: str) -> None:
    """Several statements in the migration's transaction, through the driver: they hold percent signs and colons."""
    driver = op.get_bind().connection.dbapi_connection
    with driver.cursor() as cursor:
        cursor.execute(statements)
