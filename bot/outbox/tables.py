"""The outbox table."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from core.store.schema import Id, Json, Time, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("inbox_id", Id, nullable=False),  # the turn it belongs to, or the negative id of a notice
    Column("position", Integer, nullable=False),
    Column("platform", Text, nullable=False),
    Column("place_key", Text, nullable=False),
    Column("address", Json, nullable=False),
    Column("reply", Json, nullable=True),  # NULL once sent
    Column("sent", Json, nullable=True),  # the platform's message ids
    Column("state", Text, nullable=False),  # open (text still grows) | waiting | sent | failed
    Column("attempts", Integer, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("created_at", Time, nullable=False),
    # {"place": id, "asker": id, "person": id or 0, "records": [ids], "card": [operation, arguments]}: bot.outbox.shown
    Column("shows", Json, nullable=True),
    UniqueConstraint("inbox_id", "position"),
    Index("ix_outbox_state_due_at", "state", "due_at"),
)
