"""The books: accounts, journals, postings, holds that nothing changes; funds, policies, mandates; place notices."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = (
    "ledger_unit",
    "ledger_account",
    "journal",
    "posting",
    "hold",
    "journal_words",
    "budget",
    "pledge",
    "statement_line",
    "policy",
    "mandate",
    "place_notice",
)


def upgrade() -> None:
    _ledger()
    _funds()
    _policies()
    op.create_index("ix_person_merged_into", "person", ["merged_into"], unique=False)
    op.add_column("notice", sa.Column("card", sa.Text(), nullable=True))
    _triggers(sqlite=op.get_bind().dialect.name == "sqlite")
    op.execute("UPDATE schema_note SET oldest_reader = '0005'")  # an older program would forget people incompletely


def _ledger() -> None:
    op.create_table(
        "ledger_unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.CheckConstraint("scale BETWEEN 0 AND 8", name=op.f("ck_ledger_unit_scale")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ledger_unit")),
    )
    op.create_table(
        "ledger_account",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=True),
        sa.Column("posted", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("floor IS NULL OR posted - held >= floor", name=op.f("ck_ledger_account_floor")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_ledger_account_held")),
        sa.CheckConstraint("abs(posted) <= 4000000000000000000", name=op.f("ck_ledger_account_range")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_ledger_account_nexus_id")),
        sa.ForeignKeyConstraint(["unit"], ["ledger_unit.code"], name=op.f("fk_ledger_account_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("id", "unit", name=op.f("uq_ledger_account_id_unit")),
        sa.UniqueConstraint(
            "nexus_id", "person_id", "kind", "unit", name=op.f("uq_ledger_account_nexus_id_person_id_kind_unit")
        ),
    )
    op.create_index("ix_ledger_account_person_id", "ledger_account", ["person_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.BigInteger(), nullable=False),
        sa.Column("reverses", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_journal_nexus_id")),
        sa.ForeignKeyConstraint(["reverses"], ["journal.id"], name=op.f("fk_journal_reverses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_journal_key")),
        sa.UniqueConstraint("reverses", name=op.f("uq_journal_reverses")),
    )
    op.create_index("ix_journal_cause_cause_id", "journal", ["cause", "cause_id"], unique=False)
    op.create_index("ix_journal_nexus_id_id", "journal", ["nexus_id", "id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount")),
        sa.ForeignKeyConstraint(
            ["account_id", "unit"],
            ["ledger_account.id", "ledger_account.unit"],
            name=op.f("fk_posting_account_id_unit"),
        ),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_posting_journal_id")),
        sa.PrimaryKeyConstraint("journal_id", "leg", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_account_id_change", "posting", ["account_id", "change", "amount"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.BigInteger(), nullable=False),
        sa.Column("rest_of", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("open_change", sa.BigInteger(), nullable=False),
        sa.Column("end_change", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("journal_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (end_change IS NULL)", name=op.f("ck_hold_end_change")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_hold_ended")),
        sa.CheckConstraint("(state = 'posted') = (journal_id IS NOT NULL)", name=op.f("ck_hold_posted")),
        sa.CheckConstraint("state IN ('open', 'posted', 'released', 'expired')", name=op.f("ck_hold_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hold_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_account.id"], name=op.f("fk_hold_account_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_hold_journal_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_hold_nexus_id")),
        sa.ForeignKeyConstraint(["rest_of"], ["hold.id"], name=op.f("fk_hold_rest_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("journal_id", name=op.f("uq_hold_journal_id")),
        sa.UniqueConstraint("key", name=op.f("uq_hold_key")),
        sa.UniqueConstraint("rest_of", name=op.f("uq_hold_rest_of")),
    )
    op.create_index("ix_hold_account_id_end_change", "hold", ["account_id", "end_change", "amount"], unique=False)
    op.create_index("ix_hold_account_id_open_change", "hold", ["account_id", "open_change", "amount"], unique=False)
    op.create_index("ix_hold_cause_cause_id", "hold", ["cause", "cause_id"], unique=False)
    op.create_index("ix_hold_state_expires_at", "hold", ["state", "expires_at"], unique=False)
    op.create_table(
        "journal_words",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_journal_words_journal_id")),
        sa.PrimaryKeyConstraint("journal_id", name=op.f("pk_journal_words")),
    )


def _funds() -> None:
    op.create_table(
        "budget",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_budget_amount")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_budget_period")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_budget_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
    )
    op.create_index("ix_budget_nexus_id_unit", "budget", ["nexus_id", "unit"], unique=False)
    op.create_table(
        "pledge",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'kept', 'withdrawn')", name=op.f("ck_pledge_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pledge_amount")),
        sa.CheckConstraint("received BETWEEN 0 AND amount", name=op.f("ck_pledge_received")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_pledge_nexus_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pledge_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("handle", name=op.f("uq_pledge_handle")),
    )
    op.create_index("ix_pledge_nexus_id_state", "pledge", ["nexus_id", "state"], unique=False)
    op.create_index("ix_pledge_person_id", "pledge", ["person_id"], unique=False)
    op.create_table(
        "statement_line",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(state = 'matched') = (journal_id IS NOT NULL)", name=op.f("ck_statement_line_matched")),
        sa.CheckConstraint("state IN ('open', 'matched', 'ignored')", name=op.f("ck_statement_line_state")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_statement_line_amount")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_statement_line_journal_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_statement_line_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint("journal_id", name=op.f("uq_statement_line_journal_id")),
        sa.UniqueConstraint("nexus_id", "digest", name=op.f("uq_statement_line_nexus_id_digest")),
    )
    op.create_index("ix_statement_line_nexus_id_state", "statement_line", ["nexus_id", "state"], unique=False)


def _policies() -> None:
    op.create_table(
        "policy",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_policy_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    op.create_index("ix_policy_nexus_id_unit", "policy", ["nexus_id", "unit"], unique=False)
    op.create_table(
        "mandate",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'active', 'ended', 'rejected')", name=op.f("ck_mandate_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_mandate_amount")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_mandate_nexus_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("handle", name=op.f("uq_mandate_handle")),
    )
    op.create_index("ix_mandate_nexus_id_state", "mandate", ["nexus_id", "state"], unique=False)
    op.create_index("ix_mandate_person_id", "mandate", ["person_id"], unique=False)
    op.create_table(
        "place_notice",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_place_notice_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_notice")),
    )
    op.create_index("ix_place_notice_state_id", "place_notice", ["state", "id"], unique=False)


# What may never change, by table; of the others some columns may.
_FROZEN = ("ledger_unit", "journal", "posting")
_ACCOUNT = ("id", "nexus_id", "person_id", "kind", "unit", "floor", "opened_at")
_HOLD = (
    "id",
    "key",
    "body",
    "account_id",
    "amount",
    "nexus_id",
    "actor_id",
    "cause",
    "cause_id",
    "rest_of",
    "at",
    "expires_at",
    "open_change",
)
# What is unique in each: a REPLACE by any of them would take the row away that has it.
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ledger_unit": (("code",),),
    "ledger_account": (("id",), ("nexus_id", "person_id", "kind", "unit")),
    "journal": (("id",), ("key",), ("reverses",)),
    "posting": (("journal_id", "leg"),),
    "hold": (("id",), ("key",), ("rest_of",), ("journal_id",)),
}
_NEVER = "what is in the books is never changed: reverse it"


def _triggers(*, sqlite: bool) -> None:
    """The books refuse changes also from outside the program; only an account's sums and the end of a hold move."""
    moved = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _HOLD)
    rules = dict.fromkeys(_FROZEN, "") | {
        "ledger_account": " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _ACCOUNT),
        "hold": f"OLD.state <> 'open' OR NEW.state = 'open' OR {moved}",
    }
    for table, when in rules.items():
        if sqlite:
            # UPDATE OR REPLACE deletes as well: of what changes in a hold, the journal is unique.
            taken = " OR EXISTS (SELECT 1 FROM hold WHERE journal_id = NEW.journal_id AND id <> NEW.id)"
            more = taken if table == "hold" else ""
            _refuse_on_sqlite(table, when.replace("IS DISTINCT FROM", "IS NOT") + more)
        else:
            _refuse_on_postgres(table, when)


def _refuse_on_sqlite(table: str, when: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
    condition = f"WHEN {when} " if when else ""
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {condition}{refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    # INSERT OR REPLACE deletes without asking the trigger above.
    same = (" AND ".join(f"{column} = NEW.{column}" for column in unique) for unique in _KEYS[table])
    exists = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {exists} {refuse}")


def _refuse_on_postgres(table: str, when: str) -> None:
    if table == "ledger_unit":  # the first of them
        op.execute(
            "CREATE FUNCTION books_never_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{_NEVER}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    condition = f"WHEN ({when}) " if when else ""
    call = "EXECUTE FUNCTION books_never_change()"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {condition}{call}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in reversed(TABLES):
        op.drop_table(table)  # its triggers and indexes go with it
    if not sqlite:
        op.execute("DROP FUNCTION books_never_change()")
    op.drop_column("notice", "card")
    op.drop_index("ix_person_merged_into", "person")
    op.execute("UPDATE schema_note SET oldest_reader = '0004'")
