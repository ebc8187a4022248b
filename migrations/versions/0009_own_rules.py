"""Rules of a Nexus's own; looks at what was written lately, before a rule does anything."""

import sqlalchemy as sa
from alembic import op

from core.store.schema import Json

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "guard_own",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("spec", Json(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_guard_own_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_own")),
        sa.UniqueConstraint("nexus_id", "name", name=op.f("uq_guard_own_nexus_id_name")),
    )
    op.create_table(
        "guard_look",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("asker_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("spec", Json(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_guard_look_asker_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_guard_look_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_look")),
    )
    op.create_index("ix_guard_look_asker_id", "guard_look", ["asker_id"], unique=False)
    op.create_index("ix_guard_look_due_at", "guard_look", ["due_at"], unique=False)
    op.execute("UPDATE schema_note SET oldest_reader = '0009'")  # an older program fails on what a rule of ours found


def downgrade() -> None:
    op.execute("DELETE FROM guard WHERE rule IN (SELECT name FROM guard_own)")  # an older program does not know them
    op.drop_table("guard_look")
    op.drop_table("guard_own")
    op.execute("UPDATE schema_note SET oldest_reader = '0008'")
