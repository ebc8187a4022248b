"""The record table. The words of open records lie in `record_text`: FTS5 on SQLite, a GIN index on PostgreSQL."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from core.store.schema import Id, Time, metadata

record = Table(
    "record",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("author_id", Id, ForeignKey("person.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),  # open | closed | removed
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("closed_at", Time),
    CheckConstraint("kind IN ('thought', 'need', 'offer')", name="kind"),
    CheckConstraint("state IN ('open', 'closed', 'removed')", name="state"),
    Index("ix_record_author_id_kind_id", "author_id", "kind", "id"),
    Index("ix_record_nexus_id_kind_id", "nexus_id", "kind", "id"),
)
