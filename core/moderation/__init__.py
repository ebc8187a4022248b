"""Moderation: what is done to people and places of a Nexus when something goes wrong, and how it is undone."""
