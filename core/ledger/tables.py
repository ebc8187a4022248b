"""Units, accounts, journals, postings, holds, and the words that go with a journal.

Triggers (in the migration) refuse every change and deletion of a journal, a posting and a unit; of an account all but
its sums; of a hold all but its one end. Words stand apart, so that they can be erased without touching the books.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from core.store.schema import Id, Time, metadata

ledger_unit = Table(
    "ledger_unit",
    metadata,
    Column("code", Text, primary_key=True),
    Column("scale", Integer, nullable=False),  # decimals: what a number in a posting means
    CheckConstraint("scale BETWEEN 0 AND 8", name="scale"),
)

ledger_account = Table(
    "ledger_account",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("person_id", Id, nullable=False),  # whose; 0: the Nexus's own
    Column("kind", Text, nullable=False),  # core.ledger.accounts.Kind
    Column("unit", Text, ForeignKey("ledger_unit.code"), nullable=False),
    Column("floor", BigInteger),  # posted - held never falls below; NULL: it may
    Column("posted", BigInteger, nullable=False),  # the sum of its postings
    Column("held", BigInteger, nullable=False),  # the sum of its open holds
    Column("changes", BigInteger, nullable=False),  # how often the two have changed: each change has its number
    Column("opened_at", Time, nullable=False),
    UniqueConstraint("nexus_id", "person_id", "kind", "unit"),
    UniqueConstraint("id", "unit"),  # what a posting refers to: no posting mixes units
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("floor IS NULL OR posted - held >= floor", name="floor"),
    CheckConstraint("abs(posted) <= 4000000000000000000", name="range"),  # beyond it SQLite would count in floats
    Index("ix_ledger_account_person_id", "person_id"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),  # what it is done for: the same key is posted once
    Column("body", Text, nullable=False),  # hash of all that it says, its postings included
    Column("kind", Text, nullable=False),  # core.ledger.journals.KINDS
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("actor_id", Id, nullable=False),  # the person who did it; 0: the Cofounder by itself
    Column("cause", Text, nullable=False),  # what it belongs to: deposit, tranche, hours, transfer, statement …
    Column("cause_id", Id, nullable=False),  # the row id of that; 0: the journal is its own cause
    Column("reverses", Id, ForeignKey("journal.id"), unique=True),
    Column("day", Time, nullable=False),  # when it happened outside, as somebody said
    Column("at", Time, nullable=False),  # when it was written here
    Index("ix_journal_nexus_id_id", "nexus_id", "id"),
    Index("ix_journal_cause_cause_id", "cause", "cause_id"),
)

posting = Table(
    "posting",
    metadata,
    Column("journal_id", Id, ForeignKey("journal.id"), nullable=False),
    Column("leg", Integer, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),  # which change of its account it is part of: the order of a replay
    PrimaryKeyConstraint("journal_id", "leg"),
    ForeignKeyConstraint(["account_id", "unit"], ["ledger_account.id", "ledger_account.unit"]),
    CheckConstraint("amount <> 0", name="amount"),
    Index("ix_posting_account_id_change", "account_id", "change", "amount"),
)

hold = Table(
    "hold",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("account_id", Id, ForeignKey("ledger_account.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # open | posted | released | expired
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("actor_id", Id, nullable=False),
    Column("cause", Text, nullable=False),
    Column("cause_id", Id, nullable=False),
    Column("rest_of", Id, ForeignKey("hold.id"), unique=True),  # what was left of that one when a part was posted
    Column("at", Time, nullable=False),
    Column("expires_at", Time),
    Column("open_change", BigInteger, nullable=False),  # the change of its account that made it, and that ended it
    Column("end_change", BigInteger),
    Column("ended_at", Time),
    Column("ended_by", Id),
    Column("journal_id", Id, ForeignKey("journal.id"), unique=True),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('open', 'posted', 'released', 'expired')", name="state"),
    CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
    CheckConstraint("(state = 'open') = (end_change IS NULL)", name="end_change"),
    CheckConstraint("(state = 'posted') = (journal_id IS NOT NULL)", name="posted"),
    Index("ix_hold_account_id_open_change", "account_id", "open_change", "amount"),
    Index("ix_hold_account_id_end_change", "account_id", "end_change", "amount"),
    Index("ix_hold_cause_cause_id", "cause", "cause_id"),
    Index("ix_hold_state_expires_at", "state", "expires_at"),
)

journal_words = Table(
    "journal_words",
    metadata,
    Column("journal_id", Id, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    Column("memo", Text, nullable=False),  # what it was for; of a reversal, why
    Column("method", Text, nullable=False),  # how it was paid or received: "bank transfer"
    Column("reference", Text, nullable=False),  # what finds it outside again
)
