"""Arguments of a call: read from query, form, multipart or JSON as the SDK sends them, then typed or refused."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.fakes.slack.errors import SlackError, invalid_arguments
from tests.fakes.wire import Json

# Arguments that hold structures: JSON texts in forms, and allowed to be so inside JSON bodies too.
_STRUCTURED = frozenset("blocks attachments view metadata chunks files prompts loading_messages".split())


@dataclass(frozen=True, slots=True)
class Upload:
    """A file inside a multipart call, or the body of an upload."""

    name: str
    content: bytes

    def json(self) -> Json:
        """What is recorded of it."""
        return {"file_name": self.name, "size": len(self.content)}


Params = dict[str, Any]


async def read_params(request: web.BaseRequest) -> Params:
    """The call's arguments. Raises SlackError `invalid_json`, `json_not_object`, `invalid_form_data`."""
    params: Params = dict(request.query)
    kind = request.content_type
    if kind == "multipart/form-data":
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name:
                content = bytes(await part.read())
                params[part.name] = content.decode() if part.filename is None else Upload(part.filename, content)
    elif body := await request.content.read():
        if kind == "application/json":
            params |= _json_object(body)
        else:
            params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {name: _structured(name, value) for name, value in params.items() if value is not None}


def _json_object(body: bytes) -> Params:
    try:
        decoded = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(decoded, dict):
        raise SlackError("json_not_object")
    return decoded


def _structured(name: str, value: Any) -> Any:
    if name not in _STRUCTURED or not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from None


def text(params: Params, name: str) -> str:
    """A string, empty when absent. Raises SlackError for another type."""
    value = params.get(name)
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    if not isinstance(value, str):
        raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
    return value


def required(params: Params, name: str) -> str:
    """A string that must be there. Raises SlackError."""
    value = text(params, name)
    if not value:
        raise invalid_arguments(f"missing required field: {name}")
    return value


def whole(params: Params, name: str, default: int) -> int:
    """A whole number, also as digits. Raises SlackError."""
    value = params.get(name)
    if value in (None, ""):
        return default
    try:
        return int(str(value))
    except ValueError:
        raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None


def flag(params: Params, name: str, default: bool = False) -> bool:
    """A boolean: true, "true" and 1 are."""
    value = params.get(name)
    return default if value in (None, "") else str(value).lower() in ("1", "true")


def listed(params: Params, name: str) -> list[str]:
    """Words of a comma-separated string or a list."""
    value = params.get(name)
    if isinstance(value, list):
        return [str(one) for one in value]
    return [one.strip() for one in text(params, name).split(",") if one.strip()]
