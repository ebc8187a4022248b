"""The table of numbers that were told."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from core.store.schema import Id, Json, Time, metadata

told_count = Table(
    "told_count",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("question", Text, nullable=False),  # the words asked about and the span, in canonical form
    Column("people", Json, nullable=False),  # ids of those counted
    Column("number", Integer, nullable=False),  # what was told; 0: too few to say
    Column("at", Time, nullable=False),
    Index("ix_told_count_nexus_id_kind_at", "nexus_id", "kind", "at"),
)
