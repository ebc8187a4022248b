"""The record table. The words of open records lie in `record_text`: FTS5 on SQLite, a GIN index on PostgreSQL."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from core.rules.words import ALL
from core.store.schema import Id, Time, metadata

record = Table(
    "record",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # core.rules.kinds
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("author_id", Id, ForeignKey("person.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),  # open | closed | removed
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("closed_at", Time),
    Column(
        "ceiling", BigInteger, nullable=False, server_default=str(ALL)
    ),  # what the author consents to: core.rules.words
    CheckConstraint("state IN ('open', 'closed', 'removed')", name="state"),
    # One for each way in which lists are read, newest first: by author, by Nexus, and straight through. That by Nexus
    # has all that a decision needs, as most rows of most lists come out of it.
    Index("ix_record_author_id_kind_state_id", "author_id", "kind", "state", "id"),
    Index("ix_record_nexus_id_kind_state_id", "nexus_id", "kind", "state", "id", "author_id", "ceiling"),
    Index("ix_record_kind_state_id", "kind", "state", "id"),
)
