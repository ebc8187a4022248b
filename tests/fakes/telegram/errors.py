"""Errors of the Bot API, in the words of the real server: clients recognise them by these texts."""

from tests.fakes.wire import Json


class ApiError(Exception):
    """A refused call: HTTP status, the description clients match on, and `parameters` (retry_after in seconds)."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def json(self) -> Json:
        """The body Telegram sends."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(problem: str, parameters: Json | None = None) -> ApiError:
    """400 "Bad Request: …"."""
    return ApiError(400, f"Bad Request: {problem}", parameters)


def forbidden(problem: str) -> ApiError:
    """403 "Forbidden: …"."""
    return ApiError(403, f"Forbidden: {problem}")


def conflict(problem: str) -> ApiError:
    """409 "Conflict: …"."""
    return ApiError(409, f"Conflict: {problem}")
