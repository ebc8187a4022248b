"""Which rule may do what in a Nexus, and what rules found."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from core.store.schema import Id, Json, Time, metadata

guard = Table(
    "guard",
    metadata,
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("mode", Text, nullable=False),  # off | shadow | ask | act
    Column("set_by", Id),  # NULL: it fell back to ask by itself
    Column("set_at", Time, nullable=False),
    PrimaryKeyConstraint("nexus_id", "rule"),
    CheckConstraint("mode IN ('off', 'shadow', 'ask', 'act')", name="mode"),
)

guard_words = Table(
    "guard_words",
    metadata,
    # Words and patterns that a Nexus does not want to read, and those of its own links that are nobody's concern.
    Column("nexus_id", Id, ForeignKey("nexus.id"), primary_key=True, autoincrement=False),
    Column("words", Json, nullable=False),
    Column("set_by", Id, nullable=False),
    Column("set_at", Time, nullable=False),
)

guard_hit = Table(
    "guard_hit",
    metadata,
    # What a rule found: whom, and what was noticed in numbers and closed words. Never what was written.
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("mode", Text, nullable=False),  # what the rule was allowed then
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("case_id", Id, ForeignKey("mod_case.id")),  # the card or the decision that came of it
    Column("noticed", Json, nullable=False),  # [[signal, strength, detail], ...]
    Column("times", Integer, nullable=False),  # how often within ten minutes
    Column("state", Text, nullable=False),  # found | right | wrong: what moderators said of it
    Column("at", Time, nullable=False),
    CheckConstraint("mode IN ('shadow', 'ask', 'act')", name="mode"),
    CheckConstraint("state IN ('found', 'right', 'wrong')", name="state"),
    Index("ix_guard_hit_nexus_id_at", "nexus_id", "at"),
    Index("ix_guard_hit_person_id", "person_id"),
    Index("ix_guard_hit_case_id", "case_id"),
)
