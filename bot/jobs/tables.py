"""The job table. `name` is unique: the same job is never planned twice."""

from sqlalchemy import Column, Index, Integer, Table, Text

from core.store.schema import Id, Json, Time, metadata

job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("every", Time, nullable=False),  # ms between runs; 0: once
    Column("attempts", Integer, nullable=False),
    Column("meant_at", Time),  # the time that this run is for; `due_at` is later after a failure. NULL: the same
    Index("ix_job_due_at", "due_at"),
)
