"""One row per person, thing and window."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Text

from core.store.schema import Id, Time, metadata

quota_use = Table(
    "quota_use",
    metadata,
    Column("person_id", Id, nullable=False),
    Column("what", Text, nullable=False),
    Column("window", Time, nullable=False),
    Column("used", Integer, nullable=False),
    PrimaryKeyConstraint("person_id", "what", "window"),
)
