"""The files of a reply, read before they are sent."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from adapters.contract import DeliveryError, File, Gone


async def load(file: File) -> bytes:
    """A file's content. Raises `Gone` if it cannot be read, `DeliveryError` if its content is not base64."""
    try:
        if file.path:
            return await asyncio.to_thread(Path(file.path).read_bytes)
        return base64.b64decode(file.content, validate=True)
    except OSError as error:
        raise Gone(f"a file to be sent cannot be read ({type(error).__name__})") from None
    except ValueError:
        raise DeliveryError("a file to be sent is not valid base64") from None
