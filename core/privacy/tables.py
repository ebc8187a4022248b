"""How long a kind is kept, the key of this store's hashes, and what forgetting leaves of a ban."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from core.store.schema import Id, Time, metadata

retention = Table(
    "retention",
    metadata,
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("set_by", Id, nullable=False),
    Column("set_at", Time, nullable=False),
    PrimaryKeyConstraint("nexus_id", "kind"),
)

renewal = Table(
    "renewal",
    metadata,
    # Open things that were kept longer by their authors, or of which they were told that they end.
    Column("record_id", Id, primary_key=True, autoincrement=False),
    Column("since", Time, nullable=False),  # counts as the day of posting
    Column("warned_at", Time),  # when the author was told; NULL: not since then
)

secret = Table(
    "secret",
    metadata,
    # Random keys of this store, made when first needed.
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

kept_ban = Table(
    "kept_ban",
    metadata,
    # An account whose person was forgotten while suspended: who it was cannot be read from it, only recognised.
    Column("digest", LargeBinary, nullable=False),  # keyed hash of platform, workspace and external id
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("at", Time, nullable=False),
    PrimaryKeyConstraint("digest", "nexus_id"),
)

backup = Table(
    "backup",
    metadata,
    # Copies of the store that this program has made, so that whoever is forgotten hears how long they last.
    Column("name", Text, primary_key=True),  # the file's name, without its folder
    Column("made_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Index("ix_backup_expires_at", "expires_at"),
)
