"""The installation table."""

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, Table, Text

from core.store.schema import Time, metadata

installation = Table(
    "installation",
    metadata,
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sealed", LargeBinary),  # encrypted; NULL once the workspace took the bot away
    Column("installed_at", Time, nullable=False),
    Column("removed_at", Time),
    PrimaryKeyConstraint("platform", "workspace"),
)
