"""The body of a call: JSON, or multipart with payload_json and files[n]."""

import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord.errors import refusal
from tests.fakes.discord.rest.registry import Upload

_FILE = re.compile(r"files?\[(\d+)\]")


async def read_body(request: web.BaseRequest) -> tuple[Any, list[Upload]]:
    """The decoded JSON (None without a body) and the files. Raises ApiError 50109 for broken JSON."""
    if request.content_type == "multipart/form-data":
        return await _multipart(request)
    raw = await request.content.read()
    if not raw:
        return None, []
    return _decoded(raw), []


async def _multipart(request: web.BaseRequest) -> tuple[Any, list[Upload]]:
    body: Any = {}
    files: list[Upload] = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read())
        match = _FILE.fullmatch(part.name)
        if part.name == "payload_json":
            body = _decoded(content)
        elif match is not None and part.filename is not None:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files.append(Upload(int(match[1]), part.filename, mime, content))
    return body, files


def _decoded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise refusal(50109) from None
