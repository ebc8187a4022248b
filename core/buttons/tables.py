"""The button table. Buttons of one card share a `card_id`; using one uses up all."""

from dataclasses import dataclass

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from core.store.schema import Id, Time, metadata

button = Table(
    "button",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("card_id", Id, nullable=False),
    Column("person_id", Id, nullable=False),  # 0: anyone who may do the operation
    Column("nexus_id", Id, nullable=False),
    Column("operation", Text, nullable=False),  # "" dismisses the card
    Column("arguments", Text, nullable=False),  # sealed with the token
    Column("origin", Text, nullable=False),  # button: a press confirms it; talk: it may still ask
    Column("state", Text, nullable=False),  # open | used | closed
    Column("expires_at", Time, nullable=False),
    Index("ix_button_card_id", "card_id"),
    Index("ix_button_expires_at", "expires_at"),
)


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """A button as it goes onto a card: `style` is primary, plain or danger; `token` is told nowhere else."""

    label: str
    token: str
    style: str = "plain"
