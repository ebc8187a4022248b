"""The notice tables: queues read by the bot. One is for people in private, one for places where others read along."""

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
    Column("card", Json),  # [operation, arguments]: what it shows below the words, looked up when it is told
    Index("ix_notice_state_id", "state", "id"),
)

place_notice = Table(
    "place_notice",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("place_id", Id, ForeignKey("place.id"), nullable=False),
    Column("template", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("card", Json),  # as above; looked up for whoever reads in that place at that moment
    Column("buttons", Json, nullable=False),
    Column("at", Time, nullable=False),
    Column("state", Text, nullable=False),  # waiting | given | undeliverable
    Index("ix_place_notice_state_id", "state", "id"),
)
