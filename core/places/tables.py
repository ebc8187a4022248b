"""Places, and which role of a platform stands for which role of a Nexus.

A thread or topic has a row of its own only if it is bound apart from its chat. A row without an `external_id` is a
whole server or workspace: what is not bound by itself there is bound as it is.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from core.store.schema import Id, Json, Time, metadata

place = Table(
    "place",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("kind", Text, nullable=False),  # direct | group | channel | server
    Column("title", Text, nullable=False),
    Column("nexus_id", Id, ForeignKey("nexus.id")),
    Column("audience", Text, nullable=False),  # members | public | people: exactly those who are there
    Column("bound_by", Id),  # who decided about this very place, also that it belongs to nothing
    Column("created_at", Time, nullable=False),
    Column("readers", Integer),  # how many can read there, as the platform said last; NULL: it is not known who
    Column("readers_at", Time),
    Column("newcomers", Integer, nullable=False, server_default="0"),  # who can read there now, not yet told of
    Column("told_at", Time),  # when newcomers were told of last
    UniqueConstraint("platform", "workspace", "external_id", "thread"),
    CheckConstraint("audience IN ('members', 'public', 'people')", name="audience"),
    Index("ix_place_nexus_id", "nexus_id"),
)

place_reader = Table(
    "place_reader",
    metadata,
    # Whose accounts can read in a place, where the platform tells and they are not too many.
    Column("place_id", Id, ForeignKey("place.id"), nullable=False),
    Column("external_id", Text, nullable=False),  # the platform's id of the account, known to us or not
    Column("since", Time, nullable=False),
    PrimaryKeyConstraint("place_id", "external_id"),
)

role_map = Table(
    "role_map",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),  # the id of the chat itself where the platform has no workspaces
    Column("external_role", Text, nullable=False),  # the platform's id of the role, "*" for everybody there
    Column("title", Text, nullable=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("created_at", Time, nullable=False),
    UniqueConstraint("platform", "workspace", "external_role", "nexus_id"),
    Index("ix_role_map_nexus_id", "nexus_id"),
)

workspace = Table(
    "workspace",
    metadata,
    # A server, team or organisation of a platform as it was seen last: its name and the roles that it has.
    Column("platform", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("roles", Json, nullable=False),  # [[id, name], ...], highest first
    Column("seen_at", Time, nullable=False),
    PrimaryKeyConstraint("platform", "external_id"),
)
