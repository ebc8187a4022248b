"""Numbers of people, as they stand in a sentence. Pure."""

from __future__ import annotations

from core.errors import N_


def people(count: int) -> str:
    """ "nobody", "one person", "7 people"."""
    return _said(count, N_("nobody"), N_("one person"), N_("{count} people"))


def people_are(count: int) -> str:
    """ "nobody is", "one person is", "7 people are"."""
    return _said(count, N_("nobody is"), N_("one person is"), N_("{count} people are"))


def of_them_are(count: int) -> str:
    """ "nobody of them is", "one of them is", "2 of them are"."""
    return _said(count, N_("nobody of them is"), N_("one of them is"), N_("{count} of them are"))


def _said(count: int, none: str, one: str, several: str) -> str:
    return several.format(count=count) if count > 1 else (one if count else none)
