"""The fake Discord, seen through the real discord.py."""
