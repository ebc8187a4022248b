"""The place table. A thread or topic has a row of its own only if it is bound apart from its chat."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from core.store.schema import Id, Time, metadata

place = Table(
    "place",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("kind", Text, nullable=False),  # direct | group | channel
    Column("title", Text, nullable=False),
    Column("nexus_id", Id, ForeignKey("nexus.id")),
    Column("audience", Text, nullable=False),  # members | public
    Column("bound_by", Id),
    Column("created_at", Time, nullable=False),
    UniqueConstraint("platform", "workspace", "external_id", "thread"),
    CheckConstraint("audience IN ('members', 'public')", name="audience"),
    Index("ix_place_nexus_id", "nexus_id"),
)
