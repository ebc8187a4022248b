"""The tables of talk."""

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, Table, Text

from core.store.schema import Id, Json, Time, metadata

question = Table(
    "question",
    metadata,
    Column("talk_key", Text, primary_key=True),
    Column("pending", Json, nullable=False),  # bot.cofounder.brain.Pending
    Column("asked_at", Time, nullable=False),
)

talk_line = Table(
    "talk_line",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("talk_key", Text, nullable=False),
    Column("person_id", Id, nullable=False),
    Column("inbox_id", Id, nullable=False),
    Column("role", Text, nullable=False),  # user | assistant | aside (a remark that is made once)
    Column("text", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("shows", Json, nullable=True),  # {"records": [ids], "heard": who heard it, "nexuses": [ids]}: bot.talk.heard
    Index("ix_talk_line_talk_key_id", "talk_key", "id"),
    Index("ix_talk_line_person_id", "person_id"),
)

talk_summary = Table(
    "talk_summary",
    metadata,
    Column("talk_key", Text, primary_key=True),
    Column("person_id", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("upto", Id, nullable=False),  # the last line that it covers
    Column("at", Time, nullable=False),
    Column("shows", Json, nullable=True),  # as of a line
    Index("ix_talk_summary_person_id", "person_id"),
)

model_use = Table(
    "model_use",
    metadata,
    Column("day", Time, nullable=False),
    Column("person_id", Id, nullable=False),
    Column("nexus_id", Id, nullable=False),
    Column("requests", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("cached_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
    PrimaryKeyConstraint("day", "person_id", "nexus_id"),
    Index("ix_model_use_day_nexus_id", "day", "nexus_id"),
)
