"""The inbox table."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from core.store.schema import Id, Json, Time, metadata

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("place_key", Text, nullable=False),
    Column("payload", Json, nullable=True),  # the event; NULL once the turn is over
    Column("state", Text, nullable=False),  # waiting | done | failed
    Column("attempts", Integer, nullable=False),
    Column("person_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("place_id", Id, nullable=False),
    Column("received_at", Time, nullable=False),
    Column("done_at", Time),
    UniqueConstraint("platform", "workspace", "event_id"),
    Index("ix_inbox_state_id", "state", "id"),
    sqlite_autoincrement=True,
)
