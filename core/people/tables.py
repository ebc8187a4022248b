"""People, their accounts, which account was whose in the past, and requests to link two accounts."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint

from core.store.schema import Id, Time, metadata

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),  # name as it is compared: casefolded, without accents
    Column("language", Text, nullable=False),
    Column("here_id", Id, nullable=False),  # the Nexus that direct talk is about; 0: the root
    Column("merged_into", Id, ForeignKey("person.id")),
    Column("created_at", Time, nullable=False),
    # Grows with every change of the person's memberships, by triggers: whatever changes them, a picture gets old.
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("forgotten_at", Time),  # since then it is a number without a name, and nobody speaks as it
    Index("ix_person_folded", "folded"),
    Index("ix_person_merged_into", "merged_into"),
)

account = Table(
    "account",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column(
        "direct_place", Text, nullable=False
    ),  # where the platform reaches this person in private, "" if nowhere yet, "-" if it refused
    Column("created_at", Time, nullable=False),
    Column("seen_at", Time, nullable=False),
    UniqueConstraint("platform", "workspace", "external_id"),
    Index("ix_account_person_id", "person_id"),
)

account_history = Table(
    "account_history",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("account_id", Id, ForeignKey("account.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),  # whose it was until then
    Column("why", Text, nullable=False),  # merged | unlinked
    Column("at", Time, nullable=False),
    Index("ix_account_history_account_id", "account_id"),
)

link = Table(
    "link",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("account_id", Id, ForeignKey("account.id"), nullable=False),  # who made the code
    Column("other_id", Id, ForeignKey("account.id")),  # who typed it
    Column("state", Text, nullable=False),  # open | asked | done | refused
    Column("expires_at", Time, nullable=False),
)
