"""Moderation in the bot."""
