"""Payouts that are on their way with a provider, and where a provider pays somebody."""

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

payout = Table(
    "payout",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("tranche_id", Id, ForeignKey("tranche.id"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),  # by which the provider knows a repeat
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("destination", Text, nullable=False),  # the provider's own name for the recipient's account
    Column("state", Text, nullable=False),  # waiting | sent | paid | failed
    Column("external", Text, nullable=False),  # the provider's own name for it, "" until it answered
    Column("why", Text, nullable=False),  # of a failed one, in the provider's closed words
    Column("fee", BigInteger, nullable=False),
    Column("actor_id", Id, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", Time, nullable=False),
    Column("sent_at", Time),  # when it was first handed to the provider: from then on it may have gone through
    Column("next_at", Time, nullable=False),  # when it is tried, or looked after, next
    Column("ended_at", Time),
    CheckConstraint("state IN ('waiting', 'sent', 'paid', 'failed')", name="state"),
    Index("ix_payout_tranche_id", "tranche_id"),
    Index("ix_payout_state_next_at", "state", "next_at"),
)

payout_account = Table(
    "payout_account",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("set_at", Time, nullable=False),
    PrimaryKeyConstraint("person_id", "provider"),
)
