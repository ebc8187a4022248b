"""What Nexuses and people have said about the model's provider."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text

from core.store.schema import Id, Time, metadata

provider_consent = Table(
    "provider_consent",
    metadata,
    # Whether a Nexus, and what is below it, lets its talk go to the model's provider.
    Column("nexus_id", Id, ForeignKey("nexus.id"), primary_key=True, autoincrement=False),
    Column("allowed", Boolean, nullable=False),
    Column("host", Text, nullable=False),  # the provider that was allowed; another one has to be allowed anew
    Column("set_by", Id, nullable=False),
    Column("set_at", Time, nullable=False),
)

provider_refusal = Table(
    "provider_refusal",
    metadata,
    # People whose words are not for the model's provider, wherever they are written.
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("set_at", Time, nullable=False),
)
