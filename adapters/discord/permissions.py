"""What the bot needs in a server, and what of it is missing, in the words of Discord's own settings."""

from __future__ import annotations

from adapters.discord.library import discord

# Each with its reason; the invite link asks for exactly these.
NEEDED = discord.Permissions(
    view_channel=True,  # to hear people at all
    send_messages=True,  # to answer them
    send_messages_in_threads=True,  # to answer in the thread in which it was asked
    embed_links=True,  # cards are embeds
    attach_files=True,  # pictures and files in answers
    read_message_history=True,  # to answer a message, and to fetch what was said while it was away
)
# Names as the English server settings show them.
_TITLES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}


def missing(has: discord.Permissions, *, thread: bool | None = None) -> list[str]:
    """Titles of what is needed and not there. In a thread "Send Messages" does not count, elsewhere its sister."""
    if has.administrator:
        return []
    needless = {True: "send_messages", False: "send_messages_in_threads", None: ""}[thread]
    return [title for name, title in _TITLES.items() if name != needless and not getattr(has, name)]
