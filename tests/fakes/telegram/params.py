"""Parameters of a call: read from any of the four encodings Telegram takes, then typed, or refused in its words."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.fakes.telegram.errors import bad_request
from tests.fakes.wire import Json

# Parameters whose value is a string: never to be read as JSON ("5" is a fine message).
_STRINGS = frozenset(
    "text caption parse_mode url secret_token callback_query_id action language_code file_id ip_address name "
    "description short_description title custom_title inline_message_id message_effect_id business_connection_id "
    "document photo".split()
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file inside a multipart call."""

    name: str
    mime: str
    content: bytes

    def json(self) -> Json:
        """What is recorded of it."""
        return {"file_name": self.name, "mime_type": self.mime, "size": len(self.content)}


Params = dict[str, Any]


async def read_params(request: web.BaseRequest) -> Params:
    """The call's parameters as decoded JSON values, uploads as `Upload`. Raises ApiError 400 for broken JSON."""
    params = {name: _decoded(name, value) for name, value in request.query.items()}
    kind = request.content_type
    if kind == "multipart/form-data":
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name:
                content = bytes(await part.read())
                if part.filename is None:
                    params[part.name] = _decoded(part.name, content.decode())
                else:
                    mime = part.headers.get("Content-Type", "application/octet-stream")
                    params[part.name] = Upload(part.filename, mime, content)
        return params
    body = await request.content.read()
    if not body:
        return params
    if kind == "application/json":
        try:
            decoded = json.loads(body)
        except ValueError:
            raise bad_request("can't parse request JSON object") from None
        return params | decoded if isinstance(decoded, dict) else params
    for name, value in parse_qsl(body.decode(), keep_blank_values=True):
        params[name] = _decoded(name, value)
    return params


def _decoded(name: str, value: str) -> Any:
    if name in _STRINGS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def integer(params: Params, name: str, default: int = 0) -> int:
    """An integer, as a JSON number or as a string of digits; anything else is the default, as on the real server."""
    value = params.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


def string(params: Params, name: str) -> str:
    """A string, empty when absent."""
    value = params.get(name)
    return "" if value is None else str(value)


def flag(params: Params, name: str) -> bool:
    """A boolean: true, "True", 1 and "yes" are true."""
    return str(params.get(name, "")).lower() in ("true", "yes", "1")


def mapping(params: Params, name: str, what: str) -> Json | None:
    """A JSON object or None. Raises ApiError 400 "object expected as …"."""
    value = params.get(name)
    if value in (None, ""):
        return None
    if not isinstance(value, dict):
        raise bad_request(f"object expected as {what}")
    return value


def upload(params: Params, name: str) -> Upload | str | None:
    """A file parameter: the upload itself (attach://… resolved), or a file_id or address, or None."""
    value = params.get(name)
    if isinstance(value, str) and value.startswith("attach://"):
        value = params.get(value.removeprefix("attach://"))
    return value if isinstance(value, (Upload, str)) else None
