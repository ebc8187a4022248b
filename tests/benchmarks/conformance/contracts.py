"""Small contracts in the forms that the platforms publish theirs in."""

from __future__ import annotations

from typing import Any

from benchmarks.conformance.requests import Sent, sent


def request(platform: str, path: str, body: Any = None, *, verb: str = "POST", **more: Any) -> Sent:
    """A recorded request."""
    return sent({"platform": platform, "verb": verb, "path": path, "body": body, **more})


def _field(name: str, *types: str, required: bool = False, says: str = "") -> dict[str, Any]:
    return {"name": name, "types": list(types), "required": required, "description": says}


def _kind(name: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "fields": list(fields)}


TELEGRAM: dict[str, Any] = {
    "methods": {
        "getMe": {"name": "getMe"},
        "sendMessage": _kind(
            "sendMessage",
            _field("chat_id", "Integer", "String", required=True),
            _field("text", "String", required=True, says="Text, 1-4096 characters after entities parsing"),
            _field("reply_markup", "Keyboard"),
        ),
        "sendDocument": _kind("sendDocument", _field("document", "InputFile", "String", required=True)),
        "sendMediaGroup": _kind("sendMediaGroup", _field("media", "Array of Media", required=True)),
    },
    "types": {
        "InputFile": {"name": "InputFile"},
        "Keyboard": _kind("Keyboard", _field("rows", "Array of Array of Button", required=True)),
        "Button": _kind(
            "Button",
            _field("text", "String", required=True),
            _field("callback_data", "String", says="Data to be sent back, 1-64 bytes"),
        ),
        "Media": {"name": "Media", "subtypes": ["Photo", "Video"]},
        "Photo": _kind(
            "Photo",
            _field("type", "String", required=True, says="Type of the result, must be photo"),
            _field("media", "String", required=True),
        ),
        "Video": _kind(
            "Video",
            _field("type", "String", required=True, says="Type of the result, must be video"),
            _field("media", "String", required=True),
            _field("width", "Integer"),
        ),
    },
}

_SNOWFLAKE = {"type": "string", "pattern": "^[0-9]+$"}
DISCORD: dict[str, Any] = {
    "paths": {
        "/users/@me": {"get": {}},
        "/users/{user_id}": {
            "parameters": [{"name": "user_id", "in": "path", "schema": {"$ref": "#/components/schemas/Snowflake"}}],
            "get": {},
        },
        "/channels/{channel_id}/messages": {
            "parameters": [{"name": "channel_id", "in": "path", "schema": {"$ref": "#/components/schemas/Snowflake"}}],
            "get": {"parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}]},
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Message"}},
                        "multipart/form-data": {"schema": {"$ref": "#/components/schemas/Message"}},
                    },
                }
            },
        },
        "/channels/{channel_id}/typing": {"parameters": [], "post": {}},
    },
    "components": {
        "schemas": {
            "Snowflake": _SNOWFLAKE,
            "Message": {
                "allOf": [
                    {"type": "object", "properties": {"content": {"type": ["string", "null"], "maxLength": 10}}},
                    {
                        "type": "object",
                        "properties": {
                            "components": {
                                "type": "array",
                                "items": {
                                    "oneOf": [
                                        {"$ref": "#/components/schemas/Row"},
                                        {"$ref": "#/components/schemas/Button"},
                                    ]
                                },
                            },
                            "metadata": {"type": "object"},
                        },
                    },
                ]
            },
            "Row": {
                "type": "object",
                "properties": {
                    "type": {"type": "integer", "enum": [1]},
                    "components": {"type": "array", "items": {"$ref": "#/components/schemas/Button"}},
                },
                "required": ["type", "components"],
            },
            "Button": {
                "type": "object",
                "properties": {"type": {"type": "integer", "enum": [2]}, "label": {"type": "string", "nullable": True}},
                "required": ["type", "label"],
            },
        }
    },
}
GATEWAY: dict[str, Any] = {
    "definitions": {
        "GatewaySendPayload": {"anyOf": [{"$ref": "#/definitions/Heartbeat"}, {"$ref": "#/definitions/Resume"}]},
        "Heartbeat": {
            "type": "object",
            "properties": {"op": {"const": 1}, "d": {"type": ["number", "null"]}},
            "required": ["op", "d"],
        },
        "Resume": {
            "type": "object",
            "properties": {
                "op": {"const": 6},
                "d": {"type": "object", "properties": {"seq": {"type": "number"}}, "required": ["seq"]},
            },
            "required": ["op", "d"],
        },
    }
}

SLACK: dict[str, Any] = {
    "definitions": {
        "AnyBlock": {"anyOf": [{"$ref": "#/definitions/KnownBlock"}, {"$ref": "#/definitions/Block"}]},
        "Block": {"type": "object", "properties": {"type": {"type": "string"}}, "required": ["type"]},
        "Text": {"type": "object", "properties": {"type": {"const": "mrkdwn"}, "text": {"type": "string"}}},
        "KnownBlock": {"anyOf": [{"$ref": "#/definitions/Section"}, {"$ref": "#/definitions/Divider"}]},
        "Section": {
            "type": "object",
            "properties": {
                "type": {"const": "section"},
                "text": {
                    "$ref": "#/definitions/Text",
                    "description": "What it says. Minimum length is 1 and maximum length is 30 characters.",
                },
                "block_id": {"type": "string", "description": "A name. Maximum length for this field is 9 characters."},
            },
            "required": ["type", "text"],
        },
        "Divider": {"type": "object", "properties": {"type": {"const": "divider"}}, "required": ["type"]},
        "ChatPostMessageArguments": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"channel": {"type": "string"}, "text": {"type": "string"}},
                    "required": ["channel", "text"],
                },
                {
                    "type": "object",
                    "properties": {
                        "channel": {"type": "string"},
                        "text": {"type": "string"},
                        "blocks": {
                            "type": "array",
                            "items": {"$ref": "#/definitions/AnyBlock"},
                            "description": "An array of blocks. Max of 3 blocks.",
                        },
                        "unfurl_links": {"type": "boolean"},
                    },
                    "required": ["channel", "blocks"],
                },
            ]
        },
        "ConversationsListArguments": {
            "type": "object",
            "properties": {"limit": {"type": "number"}, "cursor": {"type": "string"}, "all": {"type": "boolean"}},
        },
    }
}

OPENAI: dict[str, Any] = {
    "paths": {
        "/chat/completions": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Chat"}}},
                }
            }
        }
    },
    "components": {
        "schemas": {
            "Chat": {
                "type": "object",
                "properties": {"model": {"type": "string"}, "tools": {"type": "array", "items": {"type": "object"}}},
                "required": ["model"],
            }
        }
    },
}
