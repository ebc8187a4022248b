"""Policies by Nexus and unit, and mandates to give without asking each time."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from core.store.schema import Id, Json, Time, metadata

policy = Table(
    "policy",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("unit", Text, nullable=False),  # code of a unit; "*": all, in what is not said of one; "$": which dollar
    Column("terms", Json, nullable=False),  # core.policies.terms.Said as JSON; of "$" {"means": "USD"}
    Column("made_by", Id, nullable=False),
    Column("made_at", Time, nullable=False),
    Column("ended_at", Time),  # since when another one holds in its place; history is kept
    Index("ix_policy_nexus_id_unit", "nexus_id", "unit"),
)

mandate = Table(
    "mandate",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False, unique=True),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),  # who may give
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),  # at most so much
    Column("every", Time, nullable=False),  # in each span of so many ms, looked at from now backwards
    Column("state", Text, nullable=False),  # proposed | active | ended | rejected
    Column("version", Integer, nullable=False),
    Column("proposed_by", Id, nullable=False),
    Column("needed", Integer, nullable=False),  # approvals, by the policy at proposal
    Column("terms", Json, nullable=False),  # that policy
    Column("made_at", Time, nullable=False),
    Column("ends_at", Time),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('proposed', 'active', 'ended', 'rejected')", name="state"),
    Index("ix_mandate_nexus_id_state", "nexus_id", "state"),
    Index("ix_mandate_person_id", "person_id"),
)
