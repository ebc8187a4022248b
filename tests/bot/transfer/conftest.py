"""Stores on both engines, full and empty."""

from tests.bot.transfer.stores import bare, full_file

__all__ = ["bare", "full_file"]
