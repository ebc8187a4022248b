"""Moderation as people meet it: orders in a shared place, what becomes of them there, and what everybody is told."""
