"""Rules that look after places; cases, their evidence, what is done for them on platforms, and appeals."""

import sqlalchemy as sa
from alembic import op

from core.store.schema import Json

revision = "0007"
down_revision = "0006"

TABLES = (
    "guard",
    "guard_words",
    "mod_case",
    "mod_count",
    "mod_note",
    "mod_evidence",
    "mod_act",
    "mod_seen",
    "mod_appeal",
    "guard_hit",
)


def upgrade() -> None:
    op.create_table(
        "guard",
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mode IN ('off', 'shadow', 'ask', 'act')", name=op.f("ck_guard_mode")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_guard_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", "rule", name=op.f("pk_guard")),
    )
    op.create_table(
        "guard_words",
        sa.Column("nexus_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", Json(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_guard_words_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", name=op.f("pk_guard_words")),
    )
    op.create_table(
        "mod_case",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('warn', 'timeout', 'kick', 'ban', 'unban', 'purge', 'lock', 'unlock', 'slow', 'report', 'raid')",
            name=op.f("ck_mod_case_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'standing', 'lifted', 'undone', 'closed')", name=op.f("ck_mod_case_state")
        ),
        sa.CheckConstraint("points >= 0", name=op.f("ck_mod_case_points")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mod_case_account_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_mod_case_nexus_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["mod_case.id"], name=op.f("fk_mod_case_parent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mod_case_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_mod_case_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mod_case")),
        sa.UniqueConstraint("nexus_id", "number", name=op.f("uq_mod_case_nexus_id_number")),
    )
    op.create_index("ix_mod_case_parent_id", "mod_case", ["parent_id"], unique=False)
    op.create_index("ix_mod_case_person_id", "mod_case", ["person_id"], unique=False)
    op.create_index("ix_mod_case_place_id_state", "mod_case", ["place_id", "state"], unique=False)
    op.create_index("ix_mod_case_state_until", "mod_case", ["state", "until"], unique=False)
    op.create_table(
        "mod_count",
        sa.Column("nexus_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_mod_count_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", name=op.f("pk_mod_count")),
    )
    op.create_table(
        "mod_note",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('note', 'reason', 'report')", name=op.f("ck_mod_note_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["mod_case.id"], name=op.f("fk_mod_note_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mod_note")),
    )
    op.create_index("ix_mod_note_case_id", "mod_note", ["case_id"], unique=False)
    op.create_table(
        "mod_evidence",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["mod_case.id"], name=op.f("fk_mod_evidence_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mod_evidence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mod_evidence")),
    )
    op.create_index("ix_mod_evidence_case_id", "mod_evidence", ["case_id"], unique=False)
    op.create_index("ix_mod_evidence_expires_at", "mod_evidence", ["expires_at"], unique=False)
    op.create_table(
        "mod_act",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("power", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("messages", Json(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", Json(), nullable=True),
        sa.Column("reverses", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("left_over", Json(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'partly', 'refused', 'failed', 'dropped')", name=op.f("ck_mod_act_state")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mod_act_account_id")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_mod_act_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["mod_case.id"], name=op.f("fk_mod_act_case_id")),
        sa.ForeignKeyConstraint(["reverses"], ["mod_act.id"], name=op.f("fk_mod_act_reverses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mod_act")),
    )
    op.create_index("ix_mod_act_case_id", "mod_act", ["case_id"], unique=False)
    op.create_index("ix_mod_act_state_due_at", "mod_act", ["state", "due_at"], unique=False)
    op.create_index("ix_mod_act_turn", "mod_act", ["turn"], unique=False)
    op.create_table(
        "mod_seen",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "place", "message_id", name=op.f("pk_mod_seen")),
    )
    op.create_index("ix_mod_seen_at", "mod_seen", ["at"], unique=False)
    op.create_table(
        "mod_appeal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'upheld', 'overturned')", name=op.f("ck_mod_appeal_state")),
        sa.ForeignKeyConstraint(["case_id"], ["mod_case.id"], name=op.f("fk_mod_appeal_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mod_appeal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mod_appeal")),
        sa.UniqueConstraint("case_id", name=op.f("uq_mod_appeal_case_id")),
    )
    op.create_table(
        "guard_hit",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("noticed", Json(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mode IN ('shadow', 'ask', 'act')", name=op.f("ck_guard_hit_mode")),
        sa.CheckConstraint("state IN ('found', 'right', 'wrong')", name=op.f("ck_guard_hit_state")),
        sa.ForeignKeyConstraint(["case_id"], ["mod_case.id"], name=op.f("fk_guard_hit_case_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_guard_hit_nexus_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guard_hit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_hit")),
    )
    op.create_index("ix_guard_hit_case_id", "guard_hit", ["case_id"], unique=False)
    op.create_index("ix_guard_hit_nexus_id_at", "guard_hit", ["nexus_id", "at"], unique=False)
    op.create_index("ix_guard_hit_person_id", "guard_hit", ["person_id"], unique=False)
    op.execute("UPDATE schema_note SET oldest_reader = '0007'")  # an older program would forget people incompletely


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("UPDATE schema_note SET oldest_reader = '0006'")
