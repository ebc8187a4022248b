"""Refusals of the Web API: HTTP 200 with `"ok": false`, but for 429; clients recognise them by the word in `error`."""

from typing import Any

from tests.fakes.wire import Json


class SlackError(Exception):
    """A refused call: the word Slack uses, further fields of the answer, HTTP status and headers."""

    def __init__(self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **fields: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = headers or {}
        self.fields = fields

    def json(self) -> Json:
        """The body Slack sends."""
        return {"ok": False, "error": self.error, **self.fields}


def refused(error: str, messages: list[str]) -> SlackError:
    """An error with its explanations: `response_metadata.messages`, and `errors` where blocks are the matter."""
    fields: Json = {"response_metadata": {"messages": [f"[ERROR] {message}" for message in messages]}}
    if error == "invalid_blocks":
        fields["errors"] = messages
    return SlackError(error, **fields)


def invalid_arguments(*messages: str) -> SlackError:
    """`invalid_arguments` with what is wrong."""
    return refused("invalid_arguments", list(messages))


def missing_scope(needed: str, provided: str) -> SlackError:
    """The token has not the right; both as comma-separated scopes."""
    return SlackError("missing_scope", needed=needed, provided=provided)


def rate_limited(retry_after: int) -> SlackError:
    """429 with Retry-After in whole seconds."""
    return SlackError("ratelimited", status=429, headers={"Retry-After": str(retry_after)})
