"""Moderation in the bot: commands as moderators type them, and carrying out what was decided."""
