"""The tables that processes share: who sends for a bot, what a worker asks of that one, and who may read the schema."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from core.store.schema import Id, Json, Time, metadata

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),  # platform:digest of the token
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),  # grows with each change of hands
    Column("expires_at", Time, nullable=False),  # by the database's clock
    Column("info", Json, nullable=True),  # what others need to know of a started adapter, such as its links
)

ask = Table(
    "ask",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("platform", Text, nullable=False),
    Column("kind", Text, nullable=False),  # place | edit | typing | press | fetch
    Column("outbox_id", Id, nullable=True),  # of place and edit: the open row
    Column("payload", Json, nullable=True),  # NULL once answered
    Column("state", Text, nullable=False),  # waiting | done
    Column("answer", Json, nullable=True),
    Column("expires_at", Time, nullable=False),
    Index("ix_ask_state_id", "state", "id"),
)

# One row: the oldest version of the schema whose programs can still work with this database.
schema_note = Table("schema_note", metadata, Column("oldest_reader", Text, primary_key=True))
