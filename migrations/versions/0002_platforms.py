"""Roles of platforms that stand for roles of a Nexus, and workspaces that installed the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "role_map",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("external_role", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_role_map_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_map")),
        sa.UniqueConstraint(
            "platform",
            "workspace",
            "external_role",
            "nexus_id",
            name=op.f("uq_role_map_platform_workspace_external_role_nexus_id"),
        ),
    )
    op.create_index("ix_role_map_nexus_id", "role_map", ["nexus_id"], unique=False)
    op.create_table(
        "installation",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("installed_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "workspace", name=op.f("pk_installation")),
    )
    op.create_table(
        "workspace",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "external_id", name=op.f("pk_workspace")),
    )
    op.add_column("job", sa.Column("meant_at", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _copy_membership("'active', 'suspended', 'left'", kept="NULL")
        return
    op.add_column("membership", sa.Column("map_id", sa.BigInteger(), nullable=True))
    op.drop_constraint(op.f("ck_membership_state"), "membership", type_="check")
    op.create_check_constraint(op.f("ck_membership_state"), "membership", "state IN ('active', 'suspended', 'left')")


def _copy_membership(states: str, *, kept: str = "") -> None:
    """SQLite changes no check, so the table is written anew: with a column `map_id` if `kept` says what is in it.

    Written out, as Alembic's own copy has the constraints in another order each time.
    """
    columns = "person_id, nexus_id, role, state, granted_by, granted_at"
    op.create_table(
        "membership_copy",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.BigInteger(), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        *([sa.Column("map_id", sa.BigInteger(), nullable=True)] if kept else []),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_membership_state")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_membership_nexus_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("person_id", "nexus_id", "role", name=op.f("pk_membership")),
    )
    into, out = (f"{columns}, map_id", f"{columns}, {kept}") if kept else (columns, columns)
    op.execute(f"INSERT INTO membership_copy ({into}) SELECT {out} FROM membership")
    op.drop_table("membership")
    op.rename_table("membership_copy", "membership")
    op.create_index("ix_membership_nexus_id_role", "membership", ["nexus_id", "role"], unique=False)


def downgrade() -> None:
    # What a mapped role gave is not given by a person: the version before knows no way to take it back.
    op.execute("DELETE FROM membership WHERE map_id IS NOT NULL OR state = 'left'")
    if op.get_bind().dialect.name == "sqlite":
        _copy_membership("'active', 'suspended'")
    else:
        op.drop_column("membership", "map_id")
        op.drop_constraint(op.f("ck_membership_state"), "membership", type_="check")
        op.create_check_constraint(op.f("ck_membership_state"), "membership", "state IN ('active', 'suspended')")
    op.drop_column("job", "meant_at")
    op.drop_table("workspace")
    op.drop_table("installation")
    op.drop_index("ix_role_map_nexus_id", table_name="role_map")
    op.drop_table("role_map")
