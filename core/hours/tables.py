"""Entries of hours, and meetings that can be booked."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from core.store.schema import Id, Time, metadata

hours_entry = Table(
    "hours_entry",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("giver_id", Id, ForeignKey("person.id"), nullable=False),
    Column("helped_id", Id, ForeignKey("person.id"), nullable=False),
    Column("grant_id", Id, ForeignKey("grants.id")),
    Column("meeting_id", Id, ForeignKey("meeting.id"), unique=True),
    Column("minutes", Integer, nullable=False),
    Column("words", Text, nullable=False),  # what it was about
    Column("day", Time, nullable=False),
    Column("state", Text, nullable=False),  # logged | confirmed | disputed | withdrawn
    Column("version", Integer, nullable=False),
    Column("dispute", Text, nullable=False),  # what the helped person says against it
    Column("logged_by", Id, ForeignKey("person.id"), nullable=False),  # whose word it is: the other one confirms
    Column("logged_at", Time, nullable=False),
    Column("reminded_at", Time),  # when the other was asked once more
    Column("decided_by", Id),
    Column("decided_at", Time),
    Column("journal_id", Id, ForeignKey("journal.id"), unique=True),
    CheckConstraint("minutes > 0", name="minutes"),
    CheckConstraint("state IN ('logged', 'confirmed', 'disputed', 'withdrawn')", name="state"),
    CheckConstraint("(state = 'confirmed') = (journal_id IS NOT NULL)", name="confirmed"),
    CheckConstraint("giver_id <> helped_id", name="two_people"),
    CheckConstraint("logged_by IN (giver_id, helped_id)", name="logged_by"),
    Index("ix_hours_entry_nexus_id_state", "nexus_id", "state"),
    Index("ix_hours_entry_giver_id", "giver_id"),
    Index("ix_hours_entry_helped_id", "helped_id"),
    Index("ix_hours_entry_grant_id", "grant_id"),
    Index("ix_hours_entry_state_logged_at", "state", "logged_at"),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("host_id", Id, ForeignKey("person.id"), nullable=False),
    Column("guest_id", Id, ForeignKey("person.id")),
    Column("starts_at", Time, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("words", Text, nullable=False),  # what one can come with
    Column("state", Text, nullable=False),  # open | booked | kept | missed | cancelled
    Column("version", Integer, nullable=False),
    Column("reminded_at", Time),  # when both were told that it is near
    Column("asked_at", Time),  # when both were asked whether it took place
    Column("made_at", Time, nullable=False),
    CheckConstraint("minutes > 0", name="minutes"),
    CheckConstraint("state IN ('open', 'booked', 'kept', 'missed', 'cancelled')", name="state"),
    CheckConstraint("guest_id IS NOT NULL OR state IN ('open', 'cancelled')", name="guest"),
    Index("ix_meeting_nexus_id_state_starts_at", "nexus_id", "state", "starts_at"),
    Index("ix_meeting_state_starts_at", "state", "starts_at"),
    Index("ix_meeting_host_id", "host_id"),
    Index("ix_meeting_guest_id", "guest_id"),
)
