"""Ban lists: who may read whose, who follows which, and whom a follower met by it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "ban_share",
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_ban_share_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", "reader_id", name=op.f("pk_ban_share")),
    )
    op.create_table(
        "ban_follow",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mode IN ('shadow', 'ask', 'act')", name=op.f("ck_ban_follow_mode")),
        sa.CheckConstraint("state IN ('active', 'ended')", name=op.f("ck_ban_follow_state")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_ban_follow_nexus_id")),
        sa.ForeignKeyConstraint(["source_id"], ["nexus.id"], name=op.f("fk_ban_follow_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban_follow")),
        sa.UniqueConstraint("nexus_id", "source_id", name=op.f("uq_ban_follow_nexus_id_source_id")),
    )
    op.create_index("ix_ban_follow_source_id", "ban_follow", ["source_id"], unique=False)
    op.create_table(
        "ban_entry",
        sa.Column("follow_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source_case", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('counted', 'asked', 'banned', 'dismissed', 'known', 'over')", name=op.f("ck_ban_entry_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["mod_case.id"], name=op.f("fk_ban_entry_case_id")),
        sa.ForeignKeyConstraint(["follow_id"], ["ban_follow.id"], name=op.f("fk_ban_entry_follow_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ban_entry_person_id")),
        sa.ForeignKeyConstraint(["source_case"], ["mod_case.id"], name=op.f("fk_ban_entry_source_case")),
        sa.PrimaryKeyConstraint("follow_id", "person_id", name=op.f("pk_ban_entry")),
    )
    op.create_index("ix_ban_entry_case_id", "ban_entry", ["case_id"], unique=False)
    op.create_index("ix_ban_entry_person_id", "ban_entry", ["person_id"], unique=False)
    op.execute("UPDATE schema_note SET oldest_reader = '0008'")  # an older program would forget people incompletely


def downgrade() -> None:
    for table in ("ban_entry", "ban_follow", "ban_share"):
        op.drop_table(table)
    op.execute("UPDATE schema_note SET oldest_reader = '0007'")
