"""What people type becomes Slack's source text: escaped, links and mentions in angle brackets, and rich text blocks."""

import re

from tests.fakes.wire import Json

_MARKUP = re.compile(r"<(?:[@#!][^<>\s]+(?:\|[^<>]*)?|(?:https?|mailto):[^<>\s]+)>")
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")
_ADDRESS = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\w")
_PIECE = re.compile(r"<([^<>]+)>|([^<]+)")


def typed(text: str, bot_id: str) -> str:
    """The source text of typed words; `<@BOT>` stands for the bot under test, other markup goes through."""
    text = text.replace("<@BOT>", f"<@{bot_id}>")
    out: list[str] = []
    end = 0
    for found in _MARKUP.finditer(text):
        out += [_plain(text[end : found.start()]), found.group()]
        end = found.end()
    return "".join([*out, _plain(text[end:])])


def rich_text(source: str) -> list[Json]:
    """The rich_text block that Slack's client sends beside the text."""
    elements: list[Json] = []
    for markup, plain in _PIECE.findall(source):
        target, _, label = markup.partition("|")
        if plain:
            elements.append({"type": "text", "text": unescaped(plain)})
        elif target.startswith("@"):
            elements.append({"type": "user", "user_id": target[1:]})
        elif target.startswith("#"):
            elements.append({"type": "channel", "channel_id": target[1:]})
        elif target.startswith("!subteam^"):
            elements.append({"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")})
        elif target.startswith("!"):
            elements.append({"type": "broadcast", "range": target[1:]})
        else:
            elements.append({"type": "link", "url": target, **({"text": label} if label else {})})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "rt", "elements": [section]}] if elements else []


def unescaped(text: str) -> str:
    """The three entities back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _plain(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _LINK.sub(lambda found: f"<{found.group()}>", text)
    return _ADDRESS.sub(lambda found: f"<mailto:{found.group()}|{found.group()}>", text)
