"""The audit table. `seq` is the order of commit; readers of the stream remember the last one they saw."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from core.store.schema import Id, Json, Time, metadata

audit = Table(
    "audit",
    metadata,
    # INTEGER on SQLite makes it the rowid; both engines number it.
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Time, nullable=False),
    Column("operation", Text, nullable=False),
    Column("person_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("nexus_id", Id, nullable=False),
    Column("platform", Text, nullable=False),
    Column("place_id", Id, nullable=False),
    Column("origin", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("allowed_by", Text, nullable=False),
    Column("facts", Json, nullable=False),
    Index("ix_audit_nexus_id_seq", "nexus_id", "seq"),
    Index("ix_audit_person_id_seq", "person_id", "seq"),
    sqlite_autoincrement=True,
)

effect = Table(
    "effect",
    metadata,
    Column("key", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("result", Json, nullable=False),
    Column("at", Time, nullable=False),
    Index("ix_effect_at", "at"),
)
