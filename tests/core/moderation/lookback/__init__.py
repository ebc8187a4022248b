"""Whom rules would have met."""
