"""Nexuses, the closure of their tree, and memberships."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from core.store.schema import Id, Time, metadata

nexus = Table(
    "nexus",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("parent_id", Id, ForeignKey("nexus.id")),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("door", Text, nullable=False),  # open | members | private: who may come in by themselves
    Column("state", Text, nullable=False),  # active | archived
    Column("version", Integer, nullable=False),
    Column("created_at", Time, nullable=False),
    Column(
        "epoch", BigInteger, nullable=False, server_default="0"
    ),  # the rule_epoch at which its place in the tree, or its state, changed
    CheckConstraint("door IN ('open', 'members', 'private')", name="door"),
    CheckConstraint("state IN ('active', 'archived')", name="state"),
    Index("ix_nexus_folded", "folded"),
    Index("ix_nexus_parent_id", "parent_id"),
    Index("ix_nexus_epoch", "epoch"),
)

nexus_tree = Table(
    "nexus_tree",
    metadata,
    Column("ancestor_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("descendant_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("depth", Integer, nullable=False),
    PrimaryKeyConstraint("descendant_id", "ancestor_id"),
    Index("ix_nexus_tree_ancestor_id_descendant_id", "ancestor_id", "descendant_id"),
)

membership = Table(
    "membership",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("role", Text, nullable=False),
    # active | suspended | left: out by their own word or a steward's, so that no role of a platform lets them in again
    Column("state", Text, nullable=False),
    Column("granted_by", Id, nullable=False),  # the person who gave it; with `map_id` the account that it came through
    Column("granted_at", Time, nullable=False),
    Column("map_id", Id),  # the role_map row it comes from; NULL: given by a person
    PrimaryKeyConstraint("person_id", "nexus_id", "role"),
    CheckConstraint("state IN ('active', 'suspended', 'left')", name="state"),
    Index("ix_membership_nexus_id_role", "nexus_id", "role"),
)

founding = Table(
    "founding",
    metadata,
    # One row: the hash of the code that claims the store, until somebody has.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("claimed_by", Id),
    Column("claimed_at", Time),
    CheckConstraint("id = 1", name="one"),
)
