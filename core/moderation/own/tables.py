"""The rules that Nexuses made for themselves."""

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint

from core.store.schema import Id, Json, Time, metadata

guard_own = Table(
    "guard_own",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("spec", Json, nullable=False),  # what it looks for and does; see core.moderation.own.kept
    Column("set_by", Id, nullable=False),
    Column("set_at", Time, nullable=False),  # since when it is as it is: what was found before counts for another rule
    UniqueConstraint("nexus_id", "name"),
)
