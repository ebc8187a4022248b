"""Who may read whose ban list, who follows which, and whom a follower met by it."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from core.store.schema import Id, Time, metadata

ban_share = Table(
    "ban_share",
    metadata,
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),  # whose bans they are
    Column("reader_id", Id, nullable=False),  # the Nexus that may follow them, 0 for any of this store
    Column("reasons", Boolean, nullable=False),  # whether it is told why
    Column("set_by", Id, nullable=False),
    Column("set_at", Time, nullable=False),
    PrimaryKeyConstraint("nexus_id", "reader_id"),
)

ban_follow = Table(
    "ban_follow",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),  # who follows
    Column("source_id", Id, ForeignKey("nexus.id"), nullable=False),  # whose list
    Column("mode", Text, nullable=False),  # shadow | ask | act
    Column("state", Text, nullable=False),  # active | ended
    Column("set_by", Id),  # NULL: it fell back to ask by itself
    Column("set_at", Time, nullable=False),
    UniqueConstraint("nexus_id", "source_id"),
    CheckConstraint("mode IN ('shadow', 'ask', 'act')", name="mode"),
    CheckConstraint("state IN ('active', 'ended')", name="state"),
    Index("ix_ban_follow_source_id", "source_id"),
)

ban_entry = Table(
    "ban_entry",
    metadata,
    # Somebody of a list whom the follower knows. Whom it does not know has no row.
    Column("follow_id", Id, ForeignKey("ban_follow.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    # counted (shadow) | asked | banned | dismissed (decided there) | known (banned there before) | over (off the list)
    Column("state", Text, nullable=False),
    Column("source_case", Id, ForeignKey("mod_case.id"), nullable=False),  # the newest ban that the list has of them
    Column("case_id", Id, ForeignKey("mod_case.id")),  # the card or the ban that came of it
    Column("at", Time, nullable=False),
    PrimaryKeyConstraint("follow_id", "person_id"),
    CheckConstraint("state IN ('counted', 'asked', 'banned', 'dismissed', 'known', 'over')", name="state"),
    Index("ix_ban_entry_person_id", "person_id"),
    Index("ix_ban_entry_case_id", "case_id"),
)
