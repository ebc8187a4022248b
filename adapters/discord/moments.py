"""Moments as Discord writes them (ISO 8601) and as the contract does (milliseconds since the epoch)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(iso: str | None) -> int:
    """Discord's moment in milliseconds since the epoch; 0 for none."""
    return round(datetime.fromisoformat(iso).timestamp() * 1000) if iso else 0


def iso(moment: int) -> str:
    """A moment as Discord takes it."""
    return (_EPOCH + timedelta(milliseconds=moment)).isoformat(timespec="milliseconds")
