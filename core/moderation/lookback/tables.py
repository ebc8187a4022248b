"""Looks at what was written lately that somebody waits for."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from core.store.schema import Id, Json, Time, metadata

guard_look = Table(
    "guard_look",
    metadata,
    # Deleted once who asked is told. Nothing of what was written or whom a rule would have met is in it.
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("asker_id", Id, ForeignKey("person.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("rule", Text, nullable=False),  # "all", a rule's name, or what a rule would be called
    Column("spec", Json),  # a rule that is not kept yet; see core.moderation.own.kept
    Column("since", Time, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("tries", Integer, nullable=False),
    Index("ix_guard_look_due_at", "due_at"),
    Index("ix_guard_look_asker_id", "asker_id"),
)
