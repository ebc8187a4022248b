"""Invitations, who used them, and requests that wait for a steward."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from core.store.schema import Id, Time, metadata

invite = Table(
    "invite",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("approval", Boolean, nullable=False),
    Column("state", Text, nullable=False),  # open | revoked
    Column("made_by", Id, ForeignKey("person.id"), nullable=False),
    Column("created_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    CheckConstraint("uses_left >= 0", name="uses_left"),
    CheckConstraint("state IN ('open', 'revoked')", name="state"),
    Index("ix_invite_nexus_id_state", "nexus_id", "state"),
)

invite_request = Table(
    "invite_request",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("invite_id", Id, ForeignKey("invite.id"), nullable=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("state", Text, nullable=False),  # waiting | approved | rejected | joined
    Column("at", Time, nullable=False),
    Column("decided_by", Id),
    Unique("invite_id", "person_id"),
    Index("ix_invite_request_nexus_id_state", "nexus_id", "state"),
    Index("ix_invite_request_person_id", "person_id"),
)
