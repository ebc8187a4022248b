"""Rules, what they come to, consent, links between Nexuses, and the number that changes with any of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from core.store.schema import Id, Time, metadata

rule = Table(
    "rule",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("kind", Text, nullable=False),  # a kind, or * for all
    Column("audience", Text, nullable=False),  # core.rules.words.AUDIENCES
    Column("actions", Integer, nullable=False),  # core.rules.words.pack_actions
    Column("effect", Text, nullable=False),  # permit | deny
    Column("scope", Text, nullable=False),  # self | subtree
    Column("locked", Boolean, nullable=False),  # of a deny: no Nexus below can lift it
    Column("not_after", Time),  # in force before this moment only; NULL: without end
    Column("made_by", Id, nullable=False),  # 0: it came with the Nexus
    Column("made_at", Time, nullable=False),
    CheckConstraint("effect IN ('permit', 'deny')", name="effect"),
    CheckConstraint("scope IN ('self', 'subtree')", name="scope"),
    CheckConstraint("effect = 'deny' OR NOT locked", name="locked"),
    Index("ix_rule_nexus_id", "nexus_id"),
)

rule_mask = Table(
    "rule_mask",
    metadata,
    # What the rules of a Nexus and of all above come to: one row for "*", one for each kind that one of them names.
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("word", BigInteger, nullable=False),  # core.rules.words
    Column("until", Time),  # a rule on the chain ends then, so that this has to be worked out anew
    Column("epoch", BigInteger, nullable=False),  # the rule_epoch at which this row changed
    PrimaryKeyConstraint("nexus_id", "kind"),
    Index("ix_rule_mask_epoch", "epoch"),
)

# One row. It grows with every change of rules, links and the tree, so that a process knows when its picture is old.
rule_epoch = Table(
    "rule_epoch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

consent = Table(
    "consent",
    metadata,
    # The author's own ceiling: on one record, on a kind (record_id 0), or on everything (kind *).
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Id, nullable=False),
    Column("word", BigInteger, nullable=False),
    Column("set_at", Time, nullable=False),
    PrimaryKeyConstraint("person_id", "kind", "record_id"),
)

nexus_link = Table(
    "nexus_link",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),  # who proposed it
    Column("other_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("state", Text, nullable=False),  # proposed | active | ended
    Column("proposed_by", Id, nullable=False),
    Column("decided_by", Id),
    Column("at", Time, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    UniqueConstraint("nexus_id", "other_id"),
    CheckConstraint("state IN ('proposed', 'active', 'ended')", name="state"),
    Index("ix_nexus_link_other_id", "other_id"),
    Index("ix_nexus_link_epoch", "epoch"),
)
