"""What Slack's published types leave out, described by hand from https://docs.slack.dev/reference/methods.

Only what the bot uses. `ts-slack.schema.json` goes first: what it describes is not looked up here.
"""

from __future__ import annotations

from benchmarks.conformance.schema import Schema

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "integer"}


def _arguments(*required: str, **optional: Schema) -> Schema:
    """The schema of arguments: the required ones are strings unless named again with a schema."""
    return {
        "type": "object",
        "properties": {**dict.fromkeys(required, _TEXT), **optional},
        "required": list(required),
    }


def _list_of(schema: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": schema, **limits}


_MARKDOWN: Schema = {"type": "string", "maxLength": 12_000}
_THREAD = ("channel_id", "thread_ts")
_BLOCKS = _list_of({"$ref": "#/definitions/AnyBlock"}, maxItems=50)

MORE: dict[str, Schema] = {
    "api.test": _arguments(),
    "auth.test": _arguments(),
    "apps.connections.open": _arguments(),
    "oauth.v2.access": _arguments(
        code=_TEXT,
        redirect_uri=_TEXT,
        client_id=_TEXT,
        client_secret=_TEXT,
        grant_type={"enum": ["authorization_code", "refresh_token"]},
        refresh_token=_TEXT,
    ),
    "assistant.threads.setStatus": _arguments(
        *_THREAD,
        "status",
        loading_messages=_list_of(_TEXT, maxItems=10),
        icon_emoji=_TEXT,
        icon_url=_TEXT,
        username=_TEXT,
    ),
    "assistant.threads.setTitle": _arguments(*_THREAD, "title"),
    "assistant.threads.setSuggestedPrompts": _arguments(
        "channel_id",
        "prompts",
        thread_ts=_TEXT,
        title=_TEXT,
        prompts=_list_of(_arguments("title", "message"), minItems=1, maxItems=4),
    ),
    "chat.startStream": _arguments(
        "channel",
        thread_ts=_TEXT,  # optional in channels only
        markdown_text=_MARKDOWN,
        recipient_team_id=_TEXT,
        recipient_user_id=_TEXT,
        task_display_mode={"enum": ["timeline", "plan"]},
        icon_emoji=_TEXT,
        icon_url=_TEXT,
        username=_TEXT,
    ),
    "chat.appendStream": _arguments("channel", "ts", "markdown_text", markdown_text=_MARKDOWN),
    "chat.stopStream": _arguments("channel", "ts", markdown_text=_MARKDOWN, blocks=_BLOCKS),
    "files.delete": _arguments("file"),
    "files.info": _arguments("file", count=_NUMBER, page=_NUMBER, limit=_NUMBER, cursor=_TEXT),
    "users.conversations": _arguments(
        types=_TEXT, user=_TEXT, exclude_archived=_FLAG, limit=_NUMBER, cursor=_TEXT, team_id=_TEXT
    ),
    "usergroups.list": _arguments(include_count=_FLAG, include_disabled=_FLAG, include_users=_FLAG, team_id=_TEXT),
    # What is posted to the URL that comes with an interaction or a command:
    # https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    "response_url": _arguments(
        text=_TEXT,
        blocks=_BLOCKS,
        attachments={"type": "array"},
        thread_ts=_TEXT,
        response_type={"enum": ["ephemeral", "in_channel"]},
        replace_original=_FLAG,
        delete_original=_FLAG,
        mrkdwn=_FLAG,
        unfurl_links=_FLAG,
        unfurl_media=_FLAG,
    ),
}
# Requests to addresses that Slack itself hands out, or pages for a browser: they have no arguments of ours.
UNCHECKED = frozenset({"upload", "download", "authorize"})
