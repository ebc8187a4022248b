"""Grants, what they award, their tranches, decisions, timeline and receipts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from core.store.schema import Id, Json, Time, metadata

grants = Table(
    "grants",  # GRANT alone is a word of SQL
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("proposer_id", Id, ForeignKey("person.id"), nullable=False),  # of an application: who would receive it
    Column("recipient_id", Id, ForeignKey("person.id"), nullable=False),
    Column("giver_id", Id, nullable=False),  # whose own money or mandate it is; 0: the fund's, by approvals
    Column("source", Text, nullable=False),  # fund | own | mandate
    Column("mandate_id", Id, ForeignKey("mandate.id")),
    Column("purpose", Text, nullable=False),
    Column("condition", Text, nullable=False),  # "" is the default: none
    Column("state", Text, nullable=False),  # core.grants.states
    Column("version", Integer, nullable=False),  # grows when amount, recipient or purpose change: approvals are void
    Column("needed", Integer, nullable=False),  # approvals; it can only rise
    Column("terms", Json, nullable=False),  # the policy when it was proposed: core.policies.terms.Terms
    Column("created_at", Time, nullable=False),
    Column("proposed_at", Time),
    Column("decided_at", Time),
    Column("accepted_at", Time),
    Column("ended_at", Time),
    Column("expires_at", Time),  # of what it waits for now: approvals, or the recipient's yes
    Column("warned_at", Time),  # when it was said that it will run out
    Column("place_id", Id, nullable=False),  # where it was proposed and lives; 0: nowhere but in direct talk
    Column("report_due", Time),  # NULL: no report is asked for
    Column("reported_at", Time),
    Column("reminded_at", Time),
    Column("every", Time, nullable=False),  # ms after which the next one is drafted; 0: once
    Column("next_at", Time),
    Column("origin_id", Id, ForeignKey("grants.id")),  # the recurring one that drafted it
    CheckConstraint("source IN ('fund', 'own', 'mandate')", name="source"),
    CheckConstraint("(source = 'fund') = (giver_id = 0)", name="giver"),
    CheckConstraint("(source = 'mandate') = (mandate_id IS NOT NULL)", name="mandate"),
    CheckConstraint(
        "state IN ('draft', 'proposed', 'approved', 'accepted', 'active', 'completed', 'rejected', 'withdrawn', "
        "'declined', 'expired', 'revoked')",
        name="state",
    ),
    Index("ix_grants_nexus_id_state", "nexus_id", "state"),
    Index("ix_grants_recipient_id", "recipient_id"),
    Index("ix_grants_proposer_id", "proposer_id"),
    Index("ix_grants_state_expires_at", "state", "expires_at"),
    Index("ix_grants_next_at", "next_at"),
)

grant_award = Table(
    "grant_award",
    metadata,
    Column("grant_id", Id, ForeignKey("grants.id"), nullable=False),
    Column("unit", Text, nullable=False),  # money, or MIN for time
    Column("amount", BigInteger, nullable=False),
    PrimaryKeyConstraint("grant_id", "unit"),
    CheckConstraint("amount > 0", name="amount"),
)

tranche = Table(
    "tranche",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("grant_id", Id, ForeignKey("grants.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # 1, 2, 3 …
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("due_at", Time),  # NULL: as soon as it is accepted
    Column("condition", Text, nullable=False),
    Column("state", Text, nullable=False),  # planned | due | released | paid | skipped | returned
    Column("hold_id", Id, ForeignKey("hold.id")),  # what reserves it now
    Column("journal_id", Id, ForeignKey("journal.id")),  # what paid it
    Column("released_by", Id),
    Column("released_at", Time),
    Column("paid_by", Id),
    Column("paid_at", Time),
    UniqueConstraint("grant_id", "seq"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('planned', 'due', 'released', 'paid', 'skipped', 'returned')", name="state"),
    Index("ix_tranche_state_due_at", "state", "due_at"),
)

approval = Table(
    "approval",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),  # grant | mandate
    Column("subject_id", Id, nullable=False),
    Column("version", Integer, nullable=False),  # of the subject: one of an older version counts no more
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("yes", Boolean, nullable=False),
    Column("at", Time, nullable=False),
    UniqueConstraint("subject", "subject_id", "version", "person_id"),
    Index("ix_approval_person_id", "person_id"),
)

grant_event = Table(
    "grant_event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("grant_id", Id, ForeignKey("grants.id"), nullable=False),
    Column("person_id", Id, nullable=False),  # who did it; 0: the Cofounder by itself
    Column("what", Text, nullable=False),  # core.grants.grants.HAPPENINGS
    Column("data", Json, nullable=False),  # numbers and closed words alone
    Column("words", Text, nullable=False),  # a question, an answer, a report, a reason
    Column("at", Time, nullable=False),
    Index("ix_grant_event_grant_id_id", "grant_id", "id"),
    Index("ix_grant_event_person_id", "person_id"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("number", Text, nullable=False),  # 2026-0001: by year, without a gap in each Nexus
    Column("grant_id", Id, ForeignKey("grants.id"), nullable=False),
    Column("tranche_id", Id, ForeignKey("tranche.id"), nullable=False),
    Column("journal_id", Id, ForeignKey("journal.id"), nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("at", Time, nullable=False),
    UniqueConstraint("nexus_id", "number"),
    Index("ix_receipt_person_id", "person_id"),
    Index("ix_receipt_grant_id", "grant_id"),
)

receipt_count = Table(
    "receipt_count",
    metadata,
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("nexus_id", "year"),
)
