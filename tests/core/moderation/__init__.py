"""Moderation: what is noticed, and what it comes to."""
