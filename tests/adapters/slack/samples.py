"""What several tests send."""

import base64

from adapters.contract import File, Sent
from tests.fakes.slack import Channel, Message

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PICTURE = File("tree.png", "image/png", content=base64.b64encode(PNG).decode())
NOTES = File("notes.txt", "text/plain", content=base64.b64encode(b"hello").decode())
LONG = "\n\n".join(f"Paragraph {number}. " + "word " * 300 for number in range(6))


def message(channel: Channel, sent: Sent, index: int = 0) -> Message:
    """The message behind an id."""
    found = channel.find(sent.message_ids[index])
    assert found is not None
    return found
