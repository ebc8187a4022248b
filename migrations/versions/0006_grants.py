"""Grants through their whole life, hours, meetings, payouts and receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = (
    "grants",
    "grant_award",
    "tranche",
    "approval",
    "grant_event",
    "receipt",
    "receipt_count",
    "meeting",
    "hours_entry",
    "payout",
    "payout_account",
    "digest_wish",
)


def upgrade() -> None:
    _grants()
    _around_them()
    _hours()
    _payouts()
    _digests()
    op.execute("UPDATE schema_note SET oldest_reader = '0006'")  # an older program would forget people incompletely


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("proposer_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient_id", sa.BigInteger(), nullable=False),
        sa.Column("giver_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mandate_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("report_due", sa.BigInteger(), nullable=True),
        sa.Column("reported_at", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("origin_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(source = 'fund') = (giver_id = 0)", name=op.f("ck_grants_giver")),
        sa.CheckConstraint("(source = 'mandate') = (mandate_id IS NOT NULL)", name=op.f("ck_grants_mandate")),
        sa.CheckConstraint("source IN ('fund', 'own', 'mandate')", name=op.f("ck_grants_source")),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'approved', 'accepted', 'active', 'completed', 'rejected', 'withdrawn', "
            "'declined', 'expired', 'revoked')",
            name=op.f("ck_grants_state"),
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_grants_mandate_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_grants_nexus_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["grants.id"], name=op.f("fk_grants_origin_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_grants_proposer_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name=op.f("fk_grants_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("handle", name=op.f("uq_grants_handle")),
    )
    op.create_index("ix_grants_next_at", "grants", ["next_at"], unique=False)
    op.create_index("ix_grants_nexus_id_state", "grants", ["nexus_id", "state"], unique=False)
    op.create_index("ix_grants_proposer_id", "grants", ["proposer_id"], unique=False)
    op.create_index("ix_grants_recipient_id", "grants", ["recipient_id"], unique=False)
    op.create_index("ix_grants_state_expires_at", "grants", ["state", "expires_at"], unique=False)
    op.create_table(
        "grant_award",
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_grant_award_amount")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_grant_award_grant_id")),
        sa.PrimaryKeyConstraint("grant_id", "unit", name=op.f("pk_grant_award")),
    )
    op.create_table(
        "tranche",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("journal_id", sa.BigInteger(), nullable=True),
        sa.Column("released_by", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("paid_by", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'due', 'released', 'paid', 'skipped', 'returned')", name=op.f("ck_tranche_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_tranche_amount")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_tranche_grant_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_tranche_hold_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_tranche_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche")),
        sa.UniqueConstraint("grant_id", "seq", name=op.f("uq_tranche_grant_id_seq")),
    )
    op.create_index("ix_tranche_state_due_at", "tranche", ["state", "due_at"], unique=False)


def _around_them() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_approval_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint(
            "subject",
            "subject_id",
            "version",
            "person_id",
            name=op.f("uq_approval_subject_subject_id_version_person_id"),
        ),
    )
    op.create_index("ix_approval_person_id", "approval", ["person_id"], unique=False)
    op.create_table(
        "grant_event",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_grant_event_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_event")),
    )
    op.create_index("ix_grant_event_grant_id_id", "grant_event", ["grant_id", "id"], unique=False)
    op.create_index("ix_grant_event_person_id", "grant_event", ["person_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("tranche_id", sa.BigInteger(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_receipt_grant_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_receipt_journal_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_receipt_nexus_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_receipt_person_id")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_receipt_tranche_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("journal_id", name=op.f("uq_receipt_journal_id")),
        sa.UniqueConstraint("nexus_id", "number", name=op.f("uq_receipt_nexus_id_number")),
    )
    op.create_index("ix_receipt_grant_id", "receipt", ["grant_id"], unique=False)
    op.create_index("ix_receipt_person_id", "receipt", ["person_id"], unique=False)
    op.create_table(
        "receipt_count",
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_receipt_count_nexus_id")),
        sa.PrimaryKeyConstraint("nexus_id", "year", name=op.f("pk_receipt_count")),
    )


def _hours() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("host_id", sa.BigInteger(), nullable=False),
        sa.Column("guest_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("guest_id IS NOT NULL OR state IN ('open', 'cancelled')", name=op.f("ck_meeting_guest")),
        sa.CheckConstraint("state IN ('open', 'booked', 'kept', 'missed', 'cancelled')", name=op.f("ck_meeting_state")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_meeting_minutes")),
        sa.ForeignKeyConstraint(["guest_id"], ["person.id"], name=op.f("fk_meeting_guest_id")),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk_meeting_host_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_meeting_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("handle", name=op.f("uq_meeting_handle")),
    )
    op.create_index("ix_meeting_guest_id", "meeting", ["guest_id"], unique=False)
    op.create_index("ix_meeting_host_id", "meeting", ["host_id"], unique=False)
    op.create_index("ix_meeting_nexus_id_state_starts_at", "meeting", ["nexus_id", "state", "starts_at"], unique=False)
    op.create_index("ix_meeting_state_starts_at", "meeting", ["state", "starts_at"], unique=False)
    op.create_table(
        "hours_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("giver_id", sa.BigInteger(), nullable=False),
        sa.Column("helped_id", sa.BigInteger(), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.Column("meeting_id", sa.BigInteger(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dispute", sa.Text(), nullable=False),
        sa.Column("logged_by", sa.BigInteger(), nullable=False),
        sa.Column("logged_at", sa.BigInteger(), nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("journal_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'confirmed') = (journal_id IS NOT NULL)", name=op.f("ck_hours_entry_confirmed")),
        sa.CheckConstraint(
            "state IN ('logged', 'confirmed', 'disputed', 'withdrawn')", name=op.f("ck_hours_entry_state")
        ),
        sa.CheckConstraint("giver_id <> helped_id", name=op.f("ck_hours_entry_two_people")),
        sa.CheckConstraint("logged_by IN (giver_id, helped_id)", name=op.f("ck_hours_entry_logged_by")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_hours_entry_minutes")),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name=op.f("fk_hours_entry_giver_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_hours_entry_grant_id")),
        sa.ForeignKeyConstraint(["helped_id"], ["person.id"], name=op.f("fk_hours_entry_helped_id")),
        sa.ForeignKeyConstraint(["logged_by"], ["person.id"], name=op.f("fk_hours_entry_logged_by")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_hours_entry_journal_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_hours_entry_meeting_id")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_hours_entry_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entry")),
        sa.UniqueConstraint("handle", name=op.f("uq_hours_entry_handle")),
        sa.UniqueConstraint("journal_id", name=op.f("uq_hours_entry_journal_id")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_hours_entry_meeting_id")),
    )
    op.create_index("ix_hours_entry_giver_id", "hours_entry", ["giver_id"], unique=False)
    op.create_index("ix_hours_entry_grant_id", "hours_entry", ["grant_id"], unique=False)
    op.create_index("ix_hours_entry_helped_id", "hours_entry", ["helped_id"], unique=False)
    op.create_index("ix_hours_entry_nexus_id_state", "hours_entry", ["nexus_id", "state"], unique=False)
    op.create_index("ix_hours_entry_state_logged_at", "hours_entry", ["state", "logged_at"], unique=False)


def _payouts() -> None:
    op.create_table(
        "payout",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tranche_id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'paid', 'failed')", name=op.f("ck_payout_state")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_payout_tranche_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("key", name=op.f("uq_payout_key")),
    )
    op.create_index("ix_payout_state_next_at", "payout", ["state", "next_at"], unique=False)
    op.create_index("ix_payout_tranche_id", "payout", ["tranche_id"], unique=False)
    op.create_table(
        "payout_account",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payout_account_person_id")),
        sa.PrimaryKeyConstraint("person_id", "provider", name=op.f("pk_payout_account")),
    )


def _digests() -> None:
    op.create_table(
        "digest_wish",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nexus_id", sa.BigInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("told_until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(place_id = 0) <> (person_id = 0)", name=op.f("ck_digest_wish_where")),
        sa.ForeignKeyConstraint(["nexus_id"], ["nexus.id"], name=op.f("fk_digest_wish_nexus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_wish")),
        sa.UniqueConstraint(
            "nexus_id", "place_id", "person_id", name=op.f("uq_digest_wish_nexus_id_place_id_person_id")
        ),
    )
    op.create_index("ix_digest_wish_person_id", "digest_wish", ["person_id"], unique=False)
    op.create_index("ix_digest_wish_told_until", "digest_wish", ["told_until"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("UPDATE schema_note SET oldest_reader = '0005'")
