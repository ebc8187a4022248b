"""Files of messages and where they are fetched."""

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tests.fakes.discord.model import Attachment

if TYPE_CHECKING:
    from tests.fakes.discord.world import World


class Cdn:
    """The store; addresses need no token, as the real ones."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._files: dict[str, Attachment] = {}

    def keep(
        self, channel_id: int, number: int, name: str, content: bytes, mime: str, description: str | None
    ) -> Attachment:
        """Store a file; its address is known at once."""
        path = f"/attachments/{channel_id}/{number}/{name}"
        url = f"{self._world.origin}{quote(path)}"
        made = self._files[path] = Attachment(number, name, content, url, mime, description)
        return made

    def get(self, path: str) -> Attachment | None:
        """The file at that path."""
        return self._files.get(unquote(path))
