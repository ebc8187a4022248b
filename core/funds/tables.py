"""Budgets, pledges of backers, lines of external statements, and who hears each month what was given."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from core.store.schema import Id, Time, metadata

budget = Table(
    "budget",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("from_at", Time, nullable=False),
    Column("until_at", Time, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("made_at", Time, nullable=False),
    Column("ended_at", Time),  # since when another one holds in its place
    CheckConstraint("amount >= 0", name="amount"),
    CheckConstraint("until_at > from_at", name="period"),
    Index("ix_budget_nexus_id_unit", "nexus_id", "unit"),
)

pledge = Table(
    "pledge",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),  # of it, as deposits that say so
    Column("words", Text, nullable=False),
    Column("due_at", Time),
    Column("state", Text, nullable=False),  # open | kept | withdrawn
    Column("made_at", Time, nullable=False),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("received BETWEEN 0 AND amount", name="received"),
    CheckConstraint("state IN ('open', 'kept', 'withdrawn')", name="state"),
    Index("ix_pledge_nexus_id_state", "nexus_id", "state"),
    Index("ix_pledge_person_id", "person_id"),
)

statement_line = Table(
    "statement_line",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),  # positive: came in
    Column("day", Time, nullable=False),
    Column("words", Text, nullable=False),  # reference and counterpart as the statement has them
    Column("digest", LargeBinary, nullable=False),  # of the whole line and its number among equal ones: imported once
    Column("state", Text, nullable=False),  # open | matched | ignored
    Column("journal_id", Id, ForeignKey("journal.id"), unique=True),
    Column("why", Text, nullable=False),  # of an ignored one
    Column("imported_by", Id, nullable=False),
    Column("at", Time, nullable=False),
    Unique("nexus_id", "digest"),
    CheckConstraint("amount <> 0", name="amount"),
    CheckConstraint("state IN ('open', 'matched', 'ignored')", name="state"),
    CheckConstraint("(state = 'matched') = (journal_id IS NOT NULL)", name="matched"),
    Index("ix_statement_line_nexus_id_state", "nexus_id", "state"),
)

digest_wish = Table(
    "digest_wish",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("place_id", Id, nullable=False),  # where it is told; 0: in private
    Column("person_id", Id, nullable=False),  # to whom it is told in private; 0: in a place
    Column("made_by", Id, nullable=False),
    Column("made_at", Time, nullable=False),
    Column("told_until", Time, nullable=False),  # the end of the last month that was looked at
    Unique("nexus_id", "place_id", "person_id"),
    CheckConstraint("(place_id = 0) <> (person_id = 0)", name="where"),
    Index("ix_digest_wish_told_until", "told_until"),
    Index("ix_digest_wish_person_id", "person_id"),
)
