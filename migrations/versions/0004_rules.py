"""Rules and what they come to, consent, links between Nexuses, readers of places, retention, and what forgetting needs.

What held before stays so: the members of a Nexus see what is posted in it. That is a rule of the top Nexus now.
"""

import sqlite3

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ALL = 0x7FF7FF7FF7FF7FF  # every audience, every action, as of this version
MEMBERS = 0x002002002002  # members may see, quote, aggregate and derive
FOUR_ACTIONS = 0b1111
_TRIGGERS = {
    "insert": ("INSERT", ("NEW",)),
    "update": ("UPDATE", ("OLD", "NEW")),
    "delete": ("DELETE", ("OLD",)),
}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    _rules()
    _privacy()
    op.add_column("nexus", sa.Column("epoch", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_nexus_epoch", "nexus", ["epoch"], unique=False)
    op.add_column("person", sa.Column("epoch", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("forgotten_at", sa.BigInteger(), nullable=True))
    for table in ("outbox", "talk_line", "talk_summary"):
        op.add_column(table, sa.Column("shows", sa.Text(), nullable=True))
    op.create_table(
        "provider_consent",
        sa.Column("nexus_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_provider_consent_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", name=op.f("pk_provider_consent")),
    )
    op.create_table(
        "provider_refusal",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_provider_refusal_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_provider_refusal")),
    )
    op.drop_index("ix_record_author_id_kind_id", "record")
    op.drop_index("ix_record_nexus_id_kind_id", "record")
    if sqlite:
        _copy_record(new=True)
        _copy_place("'members', 'public', 'people'", kept="NULL, NULL, 0, NULL")
    else:
        op.drop_constraint(op.f("ck_record_kind"), "record", type_="check")
        op.add_column("record", sa.Column("ceiling", sa.BigInteger(), server_default=str(ALL), nullable=False))
        op.drop_constraint(op.f("ck_place_audience"), "place", type_="check")
        op.create_check_constraint(op.f("ck_place_audience"), "place", "audience IN ('members', 'public', 'people')")
        op.add_column("place", sa.Column("readers", sa.Integer(), nullable=True))
        op.add_column("place", sa.Column("readers_at", sa.BigInteger(), nullable=True))
        op.add_column("place", sa.Column("newcomers", sa.Integer(), server_default="0", nullable=False))
        op.add_column("place", sa.Column("told_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_record_author_id_kind_state_id", "record", ["author_id", "kind", "state", "id"], unique=False)
    op.create_index(
        "ix_record_nexus_id_kind_state_id",
        "record",
        ["nexus_id", "kind", "state", "id", "author_id", "ceiling"],
        unique=False,
    )
    op.create_index("ix_record_kind_state_id", "record", ["kind", "state", "id"], unique=False)
    op.create_table(
        "place_reader",
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_place_reader_place_id")),
        sa.PrimaryKeyConstraint("place_id", "external_id", name=op.f("pk_place_reader")),
    )
    if sqlite:
        _index_by_place()
    _triggers(sqlite=sqlite)
    _first_rule(sqlite=sqlite)
    op.execute("UPDATE schema_note SET oldest_reader = '0004'")  # an older program would not ask the rules


def _rules() -> None:
    op.create_table(
        "rule",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("actions", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("effect IN ('permit', 'deny')", name=op.f("ck_rule_effect")),
        sa.CheckConstraint("scope IN ('self', 'subtree')", name=op.f("ck_rule_scope")),
        sa.CheckConstraint("effect = 'deny' OR NOT locked", name=op.f("ck_rule_locked")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_rule_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
    )
    op.create_index("ix_rule_nexus_id", "rule", ["nexus_id"], unique=False)
    op.create_table(
        "rule_mask",
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("word", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_rule_mask_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", "kind", name=op.f("pk_rule_mask")),
    )
    op.create_index("ix_rule_mask_epoch", "rule_mask", ["epoch"], unique=False)
    op.create_table(
        "rule_epoch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rule_epoch_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_epoch")),
    )
    op.create_table(
        "consent",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("word", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", "record_id", name=op.f("pk_consent")),
    )
    op.create_table(
        "nexus_link",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'active', 'ended')", name=op.f("ck_nexus_link_state")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_nexus_link_nexus_id")),
        sa.ForeignKeyConstraint(["other_id"], ["nexus.id"], name=op.f("fk_nexus_link_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nexus_link")),
        sa.UniqueConstraint("nexus_id", "other_id", name=op.f("uq_nexus_link_nexus_id_other_id")),
    )
    op.create_index("ix_nexus_link_other_id", "nexus_link", ["other_id"], unique=False)
    op.create_index("ix_nexus_link_epoch", "nexus_link", ["epoch"], unique=False)


def _privacy() -> None:
    op.create_table(
        "retention",
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_retention_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", "kind", name=op.f("pk_retention")),
    )
    op.create_table(
        "renewal",
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_renewal")),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.create_table(
        "kept_ban",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_kept_ban_nexus_id")),
        sa.PrimaryKeyConstraint("digest", "nexus_id", name=op.f("pk_kept_ban")),
    )
    op.create_table(
        "backup",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_backup")),
    )
    op.create_index("ix_backup_expires_at", "backup", ["expires_at"], unique=False)
    op.create_table(
        "told_count",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_told_count_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_count")),
    )
    op.create_index("ix_told_count_nexus_id_kind_at", "told_count", ["nexus_id", "kind", "at"], unique=False)


def _index_by_place() -> None:
    """The index knows where a record is and whose it is: a search walks through nothing that cannot be shown."""
    op.execute("ALTER TABLE record_text RENAME TO record_text_before")
    _make_index("body, place")
    op.execute(
        "INSERT INTO record_text (rowid, body, place) "
        "SELECT t.rowid, t.body, 'n' || r.nexus_id || ' a' || r.author_id "
        "FROM record_text_before t JOIN record r ON r.id = t.rowid"
    )
    op.execute("DROP TABLE record_text_before")


def _make_index(columns: str) -> None:
    op.execute(
        f"CREATE VIRTUAL TABLE record_text USING fts5({columns}, tokenize='porter unicode61 remove_diacritics 2')"
    )
    if sqlite3.sqlite_version_info >= (3, 42):
        op.execute("INSERT INTO record_text (record_text, rank) VALUES ('secure-delete', 1)")


def _triggers(*, sqlite: bool) -> None:
    """Whatever changes a membership, also by hand in SQL, makes pictures of that person's reach old."""
    if sqlite:
        for name, (event, rows) in _TRIGGERS.items():
            bumps = " ".join(f"UPDATE person SET epoch = epoch + 1 WHERE id = {row}.person_id;" for row in rows)
            op.execute(f"CREATE TRIGGER membership_{name} AFTER {event} ON membership BEGIN {bumps} END")
        return
    op.execute(
        "CREATE FUNCTION membership_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP <> 'INSERT' THEN UPDATE person SET epoch = epoch + 1 WHERE id = OLD.person_id; END IF; "
        "IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.person_id <> OLD.person_id) THEN "
        "UPDATE person SET epoch = epoch + 1 WHERE id = NEW.person_id; END IF; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER membership_changed AFTER INSERT OR UPDATE OR DELETE ON membership "
        "FOR EACH ROW EXECUTE FUNCTION membership_changed()"
    )


def _first_rule(*, sqlite: bool) -> None:
    no = "0" if sqlite else "false"
    op.execute("INSERT INTO rule_epoch (id, epoch) SELECT 1, 1 FROM nexus WHERE parent_id IS NULL")
    op.execute("UPDATE nexus SET epoch = 1")
    op.execute(
        "INSERT INTO rule (id, nexus_id, kind, audience, actions, effect, scope, locked, not_after, made_by, made_at) "
        f"SELECT 1, id, '*', 'member', {FOUR_ACTIONS}, 'permit', 'subtree', {no}, NULL, 0, created_at "
        "FROM nexus WHERE parent_id IS NULL"
    )
    op.execute(
        f"INSERT INTO rule_mask (nexus_id, kind, word, until, epoch) SELECT id, '*', {MEMBERS}, NULL, 1 FROM nexus"
    )


def _copy_record(*, new: bool) -> None:
    """SQLite changes no check, so the table is written anew."""
    op.create_table(
        "record_copy",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        *(
            [sa.Column("ceiling", sa.BigInteger(), server_default=str(ALL), nullable=False)]
            if new
            else [sa.CheckConstraint("kind IN ('thought', 'need', 'offer')", name=op.f("ck_record_kind"))]
        ),
        sa.CheckConstraint("state IN ('open', 'closed', 'removed')", name=op.f("ck_record_state")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_record_author_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_record_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("handle", name=op.f("uq_record_handle")),
    )
    columns = "id, handle, kind, nexus_id, author_id, body, state, outcome, version, created_at, closed_at"
    op.execute(f"INSERT INTO record_copy ({columns}) SELECT {columns} FROM record")
    op.drop_table("record")
    op.rename_table("record_copy", "record")


def _copy_place(audiences: str, *, kept: str = "") -> None:
    op.create_table(
        "place_copy",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("bound_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        *(
            [
                sa.Column("readers", sa.Integer(), nullable=True),
                sa.Column("readers_at", sa.BigInteger(), nullable=True),
                sa.Column("newcomers", sa.Integer(), server_default="0", nullable=False),
                sa.Column("told_at", sa.BigInteger(), nullable=True),
            ]
            if kept
            else []
        ),
        sa.CheckConstraint(f"audience IN ({audiences})", name=op.f("ck_place_audience")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_place_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint(
            "platform",
            "workspace",
            "external_id",
            "thread",
            name=op.f("uq_place_platform_workspace_external_id_thread"),
        ),
    )
    columns = "id, platform, workspace, external_id, thread, kind, title, nexus_id, audience, bound_by, created_at"
    added = f"{columns}, readers, readers_at, newcomers, told_at"
    into, out = (added, f"{columns}, {kept}") if kept else (columns, columns)
    op.execute(f"INSERT INTO place_copy ({into}) SELECT {out} FROM place")
    op.drop_table("place")
    op.rename_table("place_copy", "place")
    op.create_index("ix_place_nexus_id", "place", ["nexus_id"], unique=False)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        for name in _TRIGGERS:
            op.execute(f"DROP TRIGGER membership_{name}")
    else:
        op.execute("DROP TRIGGER membership_changed ON membership")
        op.execute("DROP FUNCTION membership_changed()")
    # The version before knows three kinds, and shows them to every member: what is more private than that goes.
    gone = f"kind NOT IN ('thought', 'need', 'offer') OR ceiling <> {ALL}"
    if not sqlite:
        op.execute(f"DELETE FROM record_text WHERE id IN (SELECT id FROM record WHERE {gone})")
    op.execute(f"DELETE FROM record WHERE {gone}")
    if sqlite:
        op.execute("ALTER TABLE record_text RENAME TO record_text_after")
        _make_index("body")
        op.execute(
            "INSERT INTO record_text (rowid, body) "
            "SELECT rowid, body FROM record_text_after WHERE rowid IN (SELECT id FROM record)"
        )
        op.execute("DROP TABLE record_text_after")
    op.execute("UPDATE place SET audience = 'public' WHERE audience = 'people'")
    op.drop_table("place_reader")
    op.drop_index("ix_record_kind_state_id", "record")
    op.drop_index("ix_record_nexus_id_kind_state_id", "record")
    op.drop_index("ix_record_author_id_kind_state_id", "record")
    if sqlite:
        _copy_record(new=False)
        op.drop_index("ix_place_nexus_id", "place")
        _copy_place("'members', 'public'")
    else:
        op.drop_column("record", "ceiling")
        op.create_check_constraint(op.f("ck_record_kind"), "record", "kind IN ('thought', 'need', 'offer')")
        op.drop_column("place", "told_at")
        op.drop_column("place", "newcomers")
        op.drop_column("place", "readers_at")
        op.drop_column("place", "readers")
        op.drop_constraint(op.f("ck_place_audience"), "place", type_="check")
        op.create_check_constraint(op.f("ck_place_audience"), "place", "audience IN ('members', 'public')")
    op.create_index("ix_record_author_id_kind_id", "record", ["author_id", "kind", "id"], unique=False)
    op.create_index("ix_record_nexus_id_kind_id", "record", ["nexus_id", "kind", "id"], unique=False)
    op.drop_table("provider_refusal")
    op.drop_table("provider_consent")
    for table in ("talk_summary", "talk_line", "outbox"):
        op.drop_column(table, "shows")
    op.drop_column("person", "forgotten_at")
    op.drop_column("person", "epoch")
    op.drop_index("ix_nexus_epoch", "nexus")
    op.drop_column("nexus", "epoch")
    for table in ("told_count", "backup", "kept_ban", "secret", "renewal", "retention"):
        op.drop_table(table)
    for table in ("nexus_link", "consent", "rule_epoch", "rule_mask", "rule"):
        op.drop_table(table)
    op.execute("UPDATE schema_note SET oldest_reader = '0003'")
