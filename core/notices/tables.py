"""The notice table: a queue read by the bot."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from core.store.schema import Id, Json, Time, metadata

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("account_id", Id, nullable=False),  # a particular account, or 0 for the one last used
    Column("template", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("buttons", Json, nullable=False),  # [[label, token, style], …]
    Column("at", Time, nullable=False),
    Column("state", Text, nullable=False),  # waiting | given | undeliverable
    Index("ix_notice_state_id", "state", "id"),
)
