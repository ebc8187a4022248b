"""The Discord adapter: its pure halves, and the whole of it against a fake Discord with the real discord.py."""
