"""Workspaces that installed the bot by themselves, each with its token: encrypted at rest, the key can be rotated."""
