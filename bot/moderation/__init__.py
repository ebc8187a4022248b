"""Moderation between core and the platforms: what was decided is carried out, and what came of it is said."""
